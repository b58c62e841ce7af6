// Of the trials of a run: outcomes, the record, courses over time, places on the map, and single trials.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "agents/observables.hpp"
#include "analysis/scoring/wilson.hpp"
#include "cli/compared.hpp"
#include "cli/options.hpp"
#include "cli/replay.hpp"
#include "cli/report_data.hpp"
#include "cli/summary.hpp"
#include "cli/wording.hpp"

namespace qantar::cli {
namespace {

using Json = nlohmann::json;
using sim::ValueKind;

constexpr std::size_t most_points = 90;     ///< of a course over time
constexpr std::size_t kept_looked_at = 20;  ///< of each account
constexpr std::size_t failures_named = 5;
constexpr std::array shares_of_fan{0.05, 0.25, 0.5, 0.75, 0.95};

const char* const kind_names[] = {"number", "time", "count", "flag", "code"};

/// The case that a result was made from, as far as this program can read it.
struct CaseOfResult {
  std::unique_ptr<const Replay> replay;
  const agents::Scenario* scenario = nullptr;  ///< null in a case of a classic model
};

CaseOfResult case_of(const std::string& path, const sim::ResultReader& result, std::vector<LeftOut>& left_out) {
  CaseOfResult out;
  if (result.run().hypotheses.empty()) return out;
  try {
    out.replay = std::make_unique<const Replay>(path, result);
    out.scenario = out.replay->hypothesis(0).scenario.get();
  } catch (const sim::ResultError& error) {
    left_out.push_back({path + ": names, the map and the story of a trial", error.what()});
  }
  return out;
}

Json names_of(const agents::Scenario& s) {
  Json names = Json::object();
  const auto add = [&](const auto& entries) {
    for (const auto& entry : entries) names[entry.id] = entry.name;
  };
  add(s.places);
  add(s.sites);
  add(s.factions);
  add(s.organisations);
  add(s.offices);
  return names;
}

// ---- Outcomes -------------------------------------------------------------------------------------------------------

/// [share, low, high, q05, q25, q50, q75, q95]; what does not apply is null.
Json summary_of(ValueKind kind, std::vector<double> values) {
  const auto trials = std::ssize(values);
  std::erase_if(values, [](double x) { return std::isnan(x); });
  Json out = Json::array();
  if (kind == ValueKind::flag || kind == ValueKind::time) {
    // A flag without a value says nothing; a time without one says that it did not happen.
    const auto e = kind == ValueKind::time ? analysis::wilson(std::ssize(values), trials)
                                           : analysis::wilson(std::ranges::count(values, 1.0), std::ssize(values));
    for (const double x : {e.value, e.low, e.high}) out.push_back(std::isnan(e.value) ? Json() : short_number(x));
  } else {
    out = {nullptr, nullptr, nullptr};
  }
  std::ranges::sort(values);
  for (const double p : shares_of_fan)
    out.push_back(kind == ValueKind::flag || values.empty() ? Json() : short_number(quantile(values, p)));
  return out;
}

/// Every outcome that is a number of a trial, or one for each place, site, ...: by label, then account.
Json outcomes_of(const sim::ResultReader& result) {
  const auto hypothesis = result.hypothesis(), status = result.status();
  const std::size_t accounts = result.run().hypotheses.size();
  Json out = Json::array();
  for (const auto& v : result.layout().outcomes) {
    if (v.kind == ValueKind::code || v.axes.size() > 1) continue;
    if (!v.axes.empty() && result.layout().axis(v.axes[0]).labels.empty()) continue;
    const auto numbers = result.variable(v.name);
    const std::size_t size = result.layout().size(v);
    Json by_label = Json::array();
    for (std::size_t i = 0; i < size; ++i) {
      std::vector<std::vector<double>> values(accounts);
      for (std::size_t t = 0; t < status.size(); ++t)
        if (status[t] == static_cast<int>(sim::TrialStatus::ok))
          values[static_cast<std::size_t>(hypothesis[t])].push_back(numbers[t * size + i]);
      Json by_account = Json::array();
      for (auto& some : values) by_account.push_back(summary_of(v.kind, std::move(some)));
      by_label.push_back(std::move(by_account));
    }
    out.push_back({{"name", v.name},
                   {"text", v.long_name},
                   {"kind", kind_names[static_cast<std::size_t>(v.kind)]},
                   {"unit", v.kind == ValueKind::time ? "" : v.units},
                   {"axis", v.axes.empty() ? Json() : Json(v.axes[0])},
                   {"latent", v.latent},
                   {"values", std::move(by_label)}});
  }
  return out;
}

// ---- The record -----------------------------------------------------------------------------------------------------

Json estimate(const analysis::Estimate& e) {
  return {short_number(e.value), short_number(e.low), short_number(e.high)};
}

Json record_of(const sim::ResultReader& result, const std::string& path, std::vector<LeftOut>& left_out) {
  std::optional<Compared> compared;
  try {
    compared.emplace(result, evidence_of(result, path));
  } catch (const UsageError&) {
    left_out.push_back(
        {path + ": the comparison with documented events", "a file evidence.toml in the folder of the case"});
    return {};
  }
  const auto& [evidence, courses, comparison, tellings, on_record] = *compared;
  Json out{{"predictors", Json::array()},
           {"events", Json::array()},
           {"totals", Json::array()},
           {"sequence", {{"elements", Json::array()}, {"shares", Json::array()}}},
           {"tellings", Json::array()}};
  for (const auto& p : comparison.predictors)
    out["predictors"].push_back({{"name", p.name}, {"title", p.title}, {"baseline", p.baseline}, {"trials", p.trials}});
  std::map<std::size_t, std::size_t> place;
  for (const auto& row : comparison.rows) {
    const auto& e = evidence.events[row.event];
    if (!place.contains(row.event)) {
      place[row.event] = out["events"].size();
      out["events"].push_back({{"id", e.id},
                               {"title", e.title},
                               {"measure", analysis::measure_names()[static_cast<std::size_t>(e.measure)]},
                               {"kind", kind_names[static_cast<std::size_t>(e.kind)]},
                               {"grade", std::string(1, static_cast<char>('A' + static_cast<int>(e.grade)))},
                               {"held_out", e.held_out},
                               {"in_seed", e.in_seed},
                               {"input_driven", e.input_driven},
                               {"key", e.key},
                               {"documented", documented(e, row, result.clock())},
                               {"low", short_number(row.low, 6)},
                               {"high", short_number(row.high, 6)},
                               {"predicted", Json::array()}});
    }
    Json predicted{short_number(row.happened)};
    for (const double q : row.quantiles) predicted.push_back(short_number(q));
    predicted.insert(predicted.end(), {short_number(row.hit.value), short_number(row.hit.low),
                                       short_number(row.hit.high), short_number(row.score)});
    out["events"][place[row.event]]["predicted"].push_back(std::move(predicted));  // in the order of the predictors
  }
  for (const auto& t : comparison.totals)
    out["totals"].push_back({{"group", analysis::group_names()[static_cast<std::size_t>(t.group)]},
                             {"predictor", t.predictor},
                             {"rows", t.rows},
                             {"hit", estimate(t.hit)},
                             {"score", estimate(t.score)}});
  for (const auto& e : evidence.sequence) out["sequence"]["elements"].push_back(e.text);
  for (const auto& s : comparison.sequence) {
    Json shares = Json::array();
    for (const auto& e : s.elements) shares.push_back(estimate(e));
    out["sequence"]["shares"].push_back(
        {{"predictor", s.predictor}, {"elements", shares}, {"all", estimate(s.all)}, {"count", estimate(s.count)}});
  }
  for (std::size_t i = 0; i < std::min<std::size_t>(tellings.size(), 12); ++i)
    out["tellings"].push_back({{"outcome", tellings[i].outcome},
                               {"account", tellings[i].best().account},
                               {"auc", short_number(tellings[i].best().auc, 3)},
                               {"accuracy", estimate(tellings[i].best().accuracy)},
                               {"on_record", on_record.contains(tellings[i].column)}});
  out["courses"] = json_of(courses);
  return out;
}

// ---- Courses over time ----------------------------------------------------------------------------------------------

/// The steps that a course shows: every n-th, and the last.
std::vector<std::size_t> shown_steps(const sim::Clock& clock) {
  const auto steps = static_cast<std::size_t>(clock.steps());
  const std::size_t stride = std::max<std::size_t>(1, (steps + most_points - 1) / most_points);
  std::vector<std::size_t> out;
  for (std::size_t s = stride - 1; s < steps; s += stride) out.push_back(s);
  if (steps > 0 && (out.empty() || out.back() != steps - 1)) out.push_back(steps - 1);
  return out;
}

Json hours_of(const std::vector<std::size_t>& steps, const sim::Clock& clock) {
  Json out = Json::array();
  for (const std::size_t s : steps) out.push_back(short_number(clock.end_of(static_cast<int>(s)), 8));
  return out;
}

/// Fans of every series: by account, cell, quantile, then time.
Json fans_of(const sim::ResultReader& result, const std::vector<std::size_t>& steps) {
  const auto all_steps = static_cast<std::size_t>(result.clock().steps());
  Json out = Json::array();
  for (const auto& v : result.layout().series) {
    const std::size_t cells = result.layout().size(v), quantiles = shares_of_fan.size();
    const auto fan = result.fan(v.name);
    Json by_account = Json::array();
    for (std::size_t h = 0; h < result.run().hypotheses.size(); ++h) {
      Json by_cell = Json::array();
      for (std::size_t c = 0; c < cells; ++c) {
        Json by_quantile = Json::array();
        for (std::size_t q = 0; q < quantiles; ++q) {
          Json course = Json::array();
          for (const std::size_t s : steps)
            course.push_back(short_number(fan.at(((h * all_steps + s) * quantiles + q) * cells + c), 3));
          by_quantile.push_back(std::move(course));
        }
        by_cell.push_back(std::move(by_quantile));
      }
      by_account.push_back(std::move(by_cell));
    }
    Json labels = Json::array();
    for (const auto& axis : v.axes) labels.push_back(result.layout().axis(axis).labels);
    out.push_back({{"name", v.name},
                   {"text", v.long_name},
                   {"unit", v.units},
                   {"axes", v.axes},
                   {"labels", std::move(labels)},
                   {"fans", std::move(by_account)}});
  }
  return out;
}

// ---- The map --------------------------------------------------------------------------------------------------------

/// Where a series stands in a row of TrialRecord::series, and how many numbers it has.
std::optional<std::pair<std::size_t, std::size_t>> series_at(const sim::RecordLayout& layout, const std::string& name) {
  std::size_t at = 0;
  for (const auto& v : layout.series) {
    if (v.name == name) return std::pair{at, layout.size(v)};
    at += layout.size(v);
  }
  return {};
}

/// By place, then step.
Json by_place(const std::vector<double>& by_step, std::size_t places, int digits) {
  Json out = Json::array();
  for (std::size_t p = 0; p < places; ++p) {
    Json course = Json::array();
    for (std::size_t at = p; at < by_step.size(); at += places) course.push_back(short_number(by_step[at], digits));
    out.push_back(std::move(course));
  }
  return out;
}

const char* const mapped[] = {"peaceful", "violent", "police_present"};

/// Medians of every place and hour, and the mean number of state sites lost, under one account.
Json map_of_account(const sim::ResultReader& result, const agents::Scenario& s, std::size_t h) {
  const auto steps = static_cast<std::size_t>(result.clock().steps());
  const std::size_t places = s.places.size();
  Json out = Json::object();
  for (const char* name : mapped) {
    const auto fan = result.fan(name);
    std::vector<double> medians;
    for (std::size_t t = 0; t < steps; ++t)
      for (std::size_t p = 0; p < places; ++p)
        medians.push_back(fan.at(((h * steps + t) * shares_of_fan.size() + 2) * places + p));
    out[name] = by_place(medians, places, 3);
  }
  std::vector<double> network;
  const auto fan = result.fan("network_level");
  for (std::size_t t = 0; t < steps; ++t) network.push_back(fan.at((h * steps + t) * shares_of_fan.size() + 2));
  out["network_level"] = short_numbers(network, 3);

  const auto fell = result.variable("site_fell"), retaken = result.variable("site_retaken");
  const auto hypothesis = result.hypothesis(), status = result.status();
  // A loss counts from the first step that ends after it, until the recovery; summed up below.
  std::vector<double> lost(steps * places, 0.0);
  const auto change = [&](double time, double by, std::size_t place) {
    const double step = std::ceil((time - result.clock().start()) / result.clock().step_hours()) - 1;
    const auto t = static_cast<std::size_t>(std::max(0.0, step));
    if (t < steps) lost[t * places + place] += by;
  };
  double trials = 0;
  for (std::size_t i = 0; i < status.size(); ++i) {
    if (static_cast<std::size_t>(hypothesis[i]) != h || status[i] != static_cast<int>(sim::TrialStatus::ok)) continue;
    ++trials;
    for (std::size_t k = 0; k < s.sites.size(); ++k) {
      const double from = fell[i * s.sites.size() + k], to = retaken[i * s.sites.size() + k];
      if (!s.sites[k].state || std::isnan(from)) continue;
      change(from, 1, static_cast<std::size_t>(s.sites[k].place));
      if (to >= from) change(to, -1, static_cast<std::size_t>(s.sites[k].place));
    }
  }
  for (std::size_t i = places; i < lost.size(); ++i) lost[i] += lost[i - places];
  for (double& x : lost) x = trials > 0 ? std::round(100 * x / trials) / 100 : 0.0;
  out["lost"] = by_place(lost, places, 3);
  return out;
}

/// Places without coordinates all lie at 0, 0.
bool on_a_map(const agents::Scenario& s) {
  return std::ranges::any_of(s.places, [&](const agents::Place& p) {
    return p.latitude != s.places.front().latitude || p.longitude != s.places.front().longitude;
  });
}

Json places_of(const agents::Scenario& s) {
  Json out = Json::array();
  for (std::size_t p = 0; p < s.places.size(); ++p) {
    const auto sites = std::ranges::count_if(
        s.sites, [&](const agents::Site& site) { return site.state && site.place == static_cast<int>(p); });
    out.push_back({{"name", s.places[p].name},
                   {"latitude", s.places[p].latitude},
                   {"longitude", s.places[p].longitude},
                   {"population", s.places[p].population},
                   {"sites", sites}});
  }
  return out;
}

// ---- Single trials --------------------------------------------------------------------------------------------------

int kind_of(const sim::RecordLayout& layout, const std::string& name) {
  const auto at = std::ranges::find(layout.event_kinds, name);
  return at == layout.event_kinds.end() ? -1 : static_cast<int>(at - layout.event_kinds.begin());
}

std::vector<sim::TrialRecord> kept_records(const sim::ResultReader& result) {
  std::map<std::int32_t, std::size_t> looked_at;
  const auto hypothesis = result.hypothesis();
  const auto numbers = result.trial_numbers();
  std::vector<sim::TrialRecord> out;
  for (const std::int64_t trial : result.kept_trials()) {
    const auto row = static_cast<std::size_t>(std::ranges::lower_bound(numbers, trial) - numbers.begin());
    if (looked_at[hypothesis.at(row)]++ >= kept_looked_at) continue;
    auto record = result.record(trial);
    if (record.status == sim::TrialStatus::ok) out.push_back(std::move(record));
  }
  return out;
}

/// The kept trial of an account that is nearest to its other kept ones, in the crowds of all places and hours.
std::optional<std::int64_t> typical(const std::vector<sim::TrialRecord>& kept, std::int32_t account,
                                    const sim::RecordLayout& layout) {
  const auto peaceful = series_at(layout, "peaceful"), violent = series_at(layout, "violent");
  if (!peaceful || !violent) return {};
  const std::size_t width = layout.width(layout.series);
  std::vector<std::pair<std::int64_t, std::vector<double>>> crowds;
  for (const auto& record : kept) {
    if (record.hypothesis != account) continue;
    auto& crowd = crowds.emplace_back(record.trial, std::vector<double>{}).second;
    for (std::size_t at = 0; at + width <= record.series.size(); at += width)
      for (std::size_t p = 0; p < peaceful->second; ++p)
        crowd.push_back(std::log1p(record.series[at + peaceful->first + p] + record.series[at + violent->first + p]));
  }
  std::optional<std::int64_t> best;
  double nearest = 0;
  for (const auto& [trial, a] : crowds) {
    double sum = 0;
    for (const auto& other : crowds)
      for (std::size_t i = 0; i < std::min(a.size(), other.second.size()); ++i)
        sum += std::fabs(a[i] - other.second[i]);
    if (!best || sum < nearest) {
      best = trial;
      nearest = sum;
    }
  }
  return best;
}

constexpr const char* stance_events[] = {"stance_supports", "stance_waits", "stance_opposes"};

/// [time, stance] of each change of each office, from support at the start; stance 0 supports, 1 waits, 2 opposes.
std::vector<std::vector<std::pair<double, int>>> stances_of(const sim::TrialRecord& record,
                                                            const sim::RecordLayout& layout,
                                                            const agents::Scenario& s) {
  std::map<std::string, std::size_t> office;
  for (std::size_t i = 0; i < s.offices.size(); ++i) office[s.offices[i].id] = i;
  const auto actor = std::ranges::find(layout.event_refs, "actor") - layout.event_refs.begin();
  std::vector<std::vector<std::pair<double, int>>> out(s.offices.size(), {{s.clock.start(), 0}});
  for (const auto& e : record.events)
    for (int stance = 0; stance < 3; ++stance) {
      if (e.kind != kind_of(layout, stance_events[stance]) || actor >= std::ssize(layout.event_refs)) continue;
      const int who = e.refs[actor];
      if (who < 0) continue;
      const auto found = office.find(layout.axis("actor").labels.at(static_cast<std::size_t>(who)));
      if (found != office.end()) out[found->second].emplace_back(e.time, stance);
    }
  return out;
}

/// State sites lost in each place at the end of each step.
std::vector<double> lost_of(const sim::TrialRecord& record, const sim::RecordLayout& layout,
                            const agents::Scenario& s) {
  const auto steps = static_cast<std::size_t>(s.clock.steps());
  const std::size_t places = s.places.size();
  const int falls = kind_of(layout, "site_falls"), retaken = kind_of(layout, "site_retaken");
  const auto site = static_cast<std::size_t>(std::ranges::find(layout.event_refs, "site") - layout.event_refs.begin());
  std::vector<double> out(steps * places, 0.0);
  for (const auto& e : record.events) {
    if ((e.kind != falls && e.kind != retaken) || site > 2 || e.refs[site] < 0) continue;
    const auto& about = s.sites.at(static_cast<std::size_t>(e.refs[site]));
    if (!about.state) continue;
    for (std::size_t t = 0; t < steps; ++t)
      if (s.clock.end_of(static_cast<int>(t)) >= e.time)
        out[t * places + static_cast<std::size_t>(about.place)] += e.kind == falls ? 1 : -1;
  }
  return out;
}

Json trial_of(const sim::TrialRecord& record, const sim::RecordLayout& layout, const agents::Scenario& s,
              bool is_typical) {
  const std::size_t width = layout.width(layout.series), places = s.places.size();
  Json out{{"trial", record.trial},
           {"account", record.hypothesis},
           {"replicate", record.key.replicate},
           {"typical", is_typical}};
  for (const char* name : mapped) {
    std::vector<double> numbers;
    if (const auto at = series_at(layout, name))
      for (std::size_t row = 0; row + width <= record.series.size(); row += width)
        for (std::size_t p = 0; p < places; ++p) numbers.push_back(record.series[row + at->first + p]);
    out[name] = by_place(numbers, places, 3);
  }
  std::vector<double> network;
  if (const auto at = series_at(layout, "network_level"))
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

Json trials_of(const CaseOfResult& of, const sim::ResultReader& result, const std::vector<sim::TrialRecord>& kept,
               const std::vector<std::int64_t>& told, const std::string& path, std::vector<LeftOut>& left_out) {
  std::vector<std::pair<std::int64_t, bool>> wanted;
  for (const std::int64_t trial : told) wanted.emplace_back(trial, false);
  for (std::int32_t h = 0; h < std::ssize(result.run().hypotheses); ++h)
    if (const auto trial = typical(kept, h, result.layout()); trial && std::ranges::find(told, *trial) == told.end())
      wanted.emplace_back(*trial, true);
  Json out = Json::array();
  for (const auto& [trial, is_typical] : wanted) try {
      const sim::TrialRecord record = of.replay->trial(trial);
      const agents::Scenario& s = *of.replay->hypothesis(record.hypothesis).scenario;
      if (record.status == sim::TrialStatus::ok && !record.series.empty())
        out.push_back(trial_of(record, agents::record_layout(s), s, is_typical));
    } catch (const sim::ResultError& error) {
      if (!is_typical) throw;  // asked for
      left_out.push_back({fmt::format("{}: the story of trial {}", path, trial), error.what()});
    }
  return out;
}

/// Mean number of offices of each organisation in each stance over time, over the kept trials of each account.
Json stances_by_organisation(const std::vector<sim::TrialRecord>& kept, const sim::ResultReader& result,
                             const agents::Scenario& s, const std::vector<std::size_t>& steps) {
  const std::size_t organisations = s.organisations.size() + 1;  // the last: offices of none
  Json shares = Json::array(), counted = Json::array();
  for (std::int32_t h = 0; h < std::ssize(result.run().hypotheses); ++h) {
    std::vector<double> sum(organisations * 3 * steps.size(), 0.0);
    double trials = 0;
    for (const auto& record : kept) {
      if (record.hypothesis != h) continue;
      ++trials;
      const auto stances = stances_of(record, result.layout(), s);
      for (std::size_t o = 0; o < stances.size(); ++o) {
        const int of = s.offices[o].organisation;
        const std::size_t organisation = of < 0 ? organisations - 1 : static_cast<std::size_t>(of);
        for (std::size_t t = 0; t < steps.size(); ++t) {
          const double now = result.clock().end_of(static_cast<int>(steps[t]));
          int stance = 0;
          for (const auto& [since, what] : stances[o])
            if (since <= now) stance = what;
          ++sum[(organisation * 3 + static_cast<std::size_t>(stance)) * steps.size() + t];
        }
      }
    }
    Json by_organisation = Json::array();
    for (std::size_t i = 0; i < organisations; ++i) {
      Json by_stance = Json::array();
      for (std::size_t k = 0; k < 3; ++k) {
        Json course = Json::array();
        for (std::size_t t = 0; t < steps.size(); ++t)
          course.push_back(trials > 0 ? short_number(sum[(i * 3 + k) * steps.size() + t] / trials, 3) : Json());
        by_stance.push_back(std::move(course));
      }
      by_organisation.push_back(std::move(by_stance));
    }
    shares.push_back(std::move(by_organisation));
    counted.push_back(trials);
  }
  Json names = Json::array(), offices = Json::array();
  for (const auto& o : s.organisations) names.push_back(o.name);
  names.push_back("no organisation");
  for (const auto& o : s.offices)
    offices.push_back(
        {{"name", o.name},
         {"organisation", o.organisation < 0 ? organisations - 1 : static_cast<std::size_t>(o.organisation)}});
  return {{"organisations", names}, {"offices", offices}, {"numbers", shares}, {"trials", counted}};
}

}  // namespace

Json part_of_run(const std::string& path, const sim::ResultReader& result, const std::vector<std::int64_t>& told,
                 std::vector<LeftOut>& left_out) {
  const auto hypothesis = result.hypothesis(), status = result.status();
  Json part{{"kind", "run"},
            {"file", path},
            {"digest", result.content_digest()},
            {"clock", json_of(result.clock())},
            {"run", json_of(result.run())},
            {"made", result.provenance()}};
  part["made"].erase("configuration");
  Json accounts = Json::array();
  for (std::size_t h = 0; h < result.run().hypotheses.size(); ++h) {
    std::array<std::int64_t, 3> by_status{};
    for (std::size_t i = 0; i < status.size(); ++i)
      if (static_cast<std::size_t>(hypothesis[i]) == h) ++by_status.at(static_cast<std::size_t>(status[i]));
    accounts.push_back({{"name", result.run().hypotheses[h].name},
                        {"title", result.run().hypotheses[h].title},
                        {"trials", by_status[0] + by_status[1] + by_status[2]},
                        {"failed", by_status[1]},
                        {"truncated", by_status[2]}});
  }
  Json failures = Json::array();
  const auto numbers = result.trial_numbers();
  for (std::size_t i = 0; i < status.size() && failures.size() < failures_named; ++i)
    if (status[i] != static_cast<int>(sim::TrialStatus::ok)) {
      const auto record = result.record(numbers[i]);
      failures.push_back({{"trial", record.trial}, {"stage", record.stage}, {"message", record.message}});
    }
  part["accounts"] = accounts;
  part["failures"] = failures;
  Json labels = Json::object();
  for (const auto& axis : result.layout().axes) labels[axis.name] = axis.labels;
  labels.erase("actor");
  part["labels"] = labels;
  if (result.trials() == 0) {
    left_out.push_back({path + ": everything but its making", "it has no trials"});
    return part;
  }

  const CaseOfResult of = case_of(path, result, left_out);
  part["classic"] = of.replay && !of.scenario;
  if (of.scenario) part["names"] = names_of(*of.scenario);
  part["outcomes"] = outcomes_of(result);
  part["record"] = of.replay && !of.scenario ? Json() : record_of(result, path, left_out);
  if (result.layout().series.empty()) {
    left_out.push_back({path + ": courses over time", "a sweep keeps none; qantar run CASE -o FILE.h5 does"});
    return part;
  }
  const auto steps = shown_steps(result.clock());
  part["hours"] = hours_of(steps, result.clock());
  part["fans"] = fans_of(result, steps);
  if (!of.scenario) {
    if (!told.empty()) throw UsageError("--trial: " + path + " is of a model that keeps no log of events");
    return part;
  }
  const agents::Scenario& s = *of.scenario;
  const auto kept = kept_records(result);
  if (on_a_map(s)) {
    Json by_account = Json::array();
    for (std::size_t h = 0; h < result.run().hypotheses.size(); ++h) by_account.push_back(map_of_account(result, s, h));
    part["map"] = {{"places", places_of(s)}, {"by_account", by_account}};
  } else {
    left_out.push_back({path + ": the map", "latitude and longitude of the places in case.toml"});
  }
  part["trials"] = trials_of(of, result, kept, told, path, left_out);
  if (kept.empty())
    left_out.push_back({path + ": who stood where, and a typical trial", "qantar run with --keep-series above 0"});
  else
    part["stances"] = stances_by_organisation(kept, result, s, steps);
  return part;
}

}  // namespace qantar::cli
