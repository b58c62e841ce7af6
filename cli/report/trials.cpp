#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "agents/observables.hpp"
#include "analysis/state_means.hpp"
#include "analysis/typical_trial.hpp"
#include "cli/report/run.hpp"
#include "cli/text/wording.hpp"

namespace qantar::cli {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kept_looked_at = 20;  ///< of each account

int kind_of(const sim::ResultLayout& layout, const std::string& name) {
  const auto at = std::ranges::find(layout.event_kinds, name);
  return at == layout.event_kinds.end() ? -1 : static_cast<int>(at - layout.event_kinds.begin());
}

const std::string crowds[] = {"peaceful", "violent"};  ///< what makes a trial typical
constexpr const char* stance_events[] = {"stance_supports", "stance_waits", "stance_opposes"};

/// [time, stance] of each change of each office, from support at the start; stance 0 supports, 1 waits, 2 opposes.
std::vector<analysis::StateChanges> stances_of(const sim::TrialResult& record, const sim::ResultLayout& layout,
                                               const agents::Scenario& s) {
  std::map<std::string, std::size_t> office;
  for (std::size_t i = 0; i < s.offices.size(); ++i) office[s.offices[i].id] = i;
  const auto actor = std::ranges::find(layout.event_refs, "actor") - layout.event_refs.begin();
  std::vector<analysis::StateChanges> out(s.offices.size(), {{s.clock.start(), 0}});
  for (const auto& e : record.events)
    for (int stance = 0; stance < 3; ++stance) {
      if (e.kind != kind_of(layout, stance_events[stance]) || actor >= std::ssize(layout.event_refs)) continue;
      const int who = e.refs[actor];
      if (who < 0) continue;
      const auto found = office.find(layout.axis("actor").labels.at(who));
      if (found != office.end()) out[found->second].emplace_back(e.time, stance);
    }
  return out;
}

/// State sites lost in each place at the end of each step.
std::vector<double> lost_of(const sim::TrialResult& record, const sim::ResultLayout& layout,
                            const agents::Scenario& s) {
  const std::size_t steps = s.clock.steps();
  const std::size_t places = s.places.size();
  const int falls = kind_of(layout, "site_falls"), seized = kind_of(layout, "site_seized"),
            retaken = kind_of(layout, "site_retaken");
  const std::size_t site = std::ranges::find(layout.event_refs, "site") - layout.event_refs.begin();
  std::vector<double> out(steps * places, 0.0);
  for (const auto& e : record.events) {
    const bool lost = e.kind == falls || e.kind == seized;
    if ((!lost && e.kind != retaken) || site > 2 || e.refs[site] < 0) continue;
    const auto& about = s.sites.at(e.refs[site]);
    if (!about.state) continue;
    for (std::size_t t = 0; t < steps; ++t)
      if (s.clock.end_of(static_cast<int>(t)) >= e.time) out[t * places + about.place.index()] += lost ? 1 : -1;
  }
  return out;
}

Json trial_of(const sim::TrialResult& record, const sim::ResultLayout& layout, const agents::Scenario& s,
              bool is_typical) {
  const std::size_t width = layout.width(layout.series), places = s.places.size();
  Json out{{"trial", record.trial},
           {"account", record.hypothesis},
           {"replicate", record.key.replicate},
           {"typical", is_typical}};
  for (const char* name : mapped) {
    std::vector<double> numbers;
    if (const auto at = layout.find(layout.series, name))
      for (std::size_t row = 0; row + width <= record.series.size(); row += width)
        for (std::size_t p = 0; p < places; ++p) numbers.push_back(record.series[row + at->first + p]);
    out[name] = by_place(numbers, places, 3);
  }
  std::vector<double> network;
  if (const auto at = layout.find(layout.series, "network_level"))
    for (std::size_t row = 0; row + width <= record.series.size(); row += width)
      network.push_back(record.series[row + at->first]);
  out["network_level"] = short_numbers(network, 3);
  out["lost"] = by_place(lost_of(record, layout, s), places, 3);
  out["stances"] = Json::array();
  for (const auto& changes : stances_of(record, layout, s)) {
    Json of_office = Json::array();
    for (const auto& [time, stance] : changes) of_office.push_back({short_number(time, 6), stance});
    out["stances"].push_back(std::move(of_office));
  }
  out["story"] = analysis::narrate(record, layout, s.clock, wording_of(s));
  return out;
}

}  // namespace

std::vector<sim::TrialResult> kept_records(const sim::ResultReader& result) {
  std::map<std::int32_t, std::size_t> looked_at;
  const auto hypothesis = result.hypothesis();
  const auto numbers = result.trial_numbers();
  std::vector<sim::TrialResult> out;
  for (const std::int64_t trial : result.kept_trials()) {
    const std::size_t row = std::ranges::lower_bound(numbers, trial) - numbers.begin();
    if (looked_at[hypothesis.at(row)]++ >= kept_looked_at) continue;
    auto record = result.record(trial);
    if (record.status == sim::TrialStatus::ok) out.push_back(std::move(record));
  }
  return out;
}

Json trials_of(const CaseOfResult& of, const sim::ResultReader& result, const std::vector<sim::TrialResult>& kept,
               const std::vector<std::int64_t>& told, const std::string& path, std::vector<LeftOut>& left_out) {
  std::vector<std::pair<std::int64_t, bool>> wanted;
  for (const std::int64_t trial : told) wanted.emplace_back(trial, false);
  for (std::int32_t h = 0; h < std::ssize(result.run().hypotheses); ++h)
    if (const auto trial = analysis::typical_trial(kept, h, result.layout(), crowds);
        trial && std::ranges::find(told, *trial) == told.end())
      wanted.emplace_back(*trial, true);
  Json out = Json::array();
  for (const auto& [trial, is_typical] : wanted) try {
      const sim::TrialResult record = of.replay->trial(trial);
      const agents::Scenario& s = *of.replay->hypothesis(record.hypothesis).scenario;
      if (record.status == sim::TrialStatus::ok && !record.series.empty())
        out.push_back(trial_of(record, agents::result_layout(s), s, is_typical));
    } catch (const sim::ResultError& error) {
      if (!is_typical) throw;  // asked for
      left_out.push_back({fmt::format("{}: the story of trial {}", path, trial), error.what()});
    }
  return out;
}

Json stances_by_organisation(const std::vector<sim::TrialResult>& kept, const sim::ResultReader& result,
                             const agents::Scenario& s, const std::vector<std::size_t>& steps) {
  const std::size_t organisations = s.organisations.size() + 1;  // the last: offices of none
  std::vector<std::size_t> organisation;
  for (const auto& office : s.offices)
    organisation.push_back(office.organisation.exists() ? office.organisation.index() : organisations - 1);
  std::vector<sim::Hours> times;
  for (const std::size_t step : steps) times.push_back(result.clock().end_of(static_cast<int>(step)));
  Json shares = Json::array(), counted = Json::array();
  for (std::int32_t h = 0; h < std::ssize(result.run().hypotheses); ++h) {
    std::vector<std::vector<analysis::StateChanges>> stances;
    for (const auto& record : kept)
      if (record.hypothesis == h) stances.push_back(stances_of(record, result.layout(), s));
    const auto means = analysis::mean_in_state(stances, organisation, organisations, std::size(stance_events), times);
    Json by_organisation = Json::array();
    for (std::size_t i = 0; i < organisations; ++i) {
      Json by_stance = Json::array();
      for (std::size_t k = 0; k < std::size(stance_events); ++k)
        by_stance.push_back(short_numbers(
            std::span(means).subspan((i * std::size(stance_events) + k) * times.size(), times.size()), 3));
      by_organisation.push_back(std::move(by_stance));
    }
    shares.push_back(std::move(by_organisation));
    counted.push_back(stances.size());
  }
  Json names = Json::array(), offices = Json::array();
  for (const auto& o : s.organisations) names.push_back(o.name);
  names.push_back("no organisation");
  for (std::size_t o = 0; o < s.offices.size(); ++o)
    offices.push_back({{"name", s.offices[o].name}, {"organisation", organisation[o]}});
  return {{"organisations", names}, {"offices", offices}, {"numbers", shares}, {"trials", counted}};
}

}  // namespace qantar::cli
