#include "agents/idle.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "agents/decisions.hpp"
#include "agents/signals.hpp"
#include "agents/step.hpp"
#include "sim/draws.hpp"

namespace qantar::agents {
namespace {

// Something that can stand in the way, in words, and whether it does now.
struct Hindrance {
  std::string what;
  std::function<bool(const World&)> stands;
  std::uint64_t steps = 0;
};

std::string text_of(const Scenario& s, const Condition& c) {
  const SignalRow& signal = signal_rows()[c.signal];
  std::string about;
  const auto named = [&](const char* kind, auto id) {
    if (id.exists()) about += " " + s.ids.names(kind)[id.index()];
  };
  named("places", c.place);
  named("sites", c.site);
  named("organisations", c.organisation);
  named("offices", c.office);
  named("actions", c.action);
  return fmt::format("{}{} {} {:g}", signal.name, about, c.upper_side() ? "at" : "below",
                     (c.upper_side() ? c.at : c.below).value);
}

void conditions(const Scenario& s, const std::vector<Condition>& when, FactionId who, std::vector<Hindrance>& out) {
  for (const Condition& c : when)
    out.push_back({text_of(s, c), [&c, who](const World& w) {
                     return met_by(w, c, signal_rows()[c.signal].sense(w, who, c).value, 1.0, 0.0) * 2.0 < 1.0;
                   }});
}

void needs_switch(const Scenario& s, SwitchId needed, std::vector<Hindrance>& out) {
  if (needed.exists())
    out.push_back(
        {"switch " + s.ids.names("switches")[needed.index()], [needed](const World& w) { return !w.on(needed); }});
}

std::vector<Hindrance> hindrances(const Scenario& s, ActionId a) {
  const ActionEntry& action = s.actions[a];
  std::vector<Hindrance> out;
  if (action.by.empty()) return {{"nobody can take it: by = []", [](const World&) { return true; }}};
  const FactionId who = action.by.front();
  for (const ActionId before : action.needs)
    out.push_back(
        {"needs " + s.actions[before].id, [before](const World& w) { return !sim::happened(w.action_time[before]); }});
  for (const ActionId other : action.not_after)
    out.push_back(
        {"not after " + s.actions[other].id, [other](const World& w) { return sim::happened(w.action_time[other]); }});
  if (const OfficeId office = action.office; office.exists())
    out.push_back({"office " + s.offices[office].id + " in hand",
                   [office](const World& w) { return w.dismissed(office) || w.offices[office].captured; }});
  for (const Motive& motive : s.motives) {
    if (motive.action != a) continue;
    needs_switch(s, motive.enabled_by, out);
    conditions(s, motive.when, who, out);
  }
  for (const Bargain& bargain : s.bargains) {
    if (std::ranges::find(bargain.offers, a, &Offer::action) == bargain.offers.end()) continue;
    needs_switch(s, bargain.enabled_by, out);
    conditions(s, bargain.when, {}, out);
  }
  out.push_back({"its price", [a, who](const World& w) { return !can_afford(w, who, a); }});
  return out;
}

std::vector<Hindrance> hindrances(const Scenario& s, GroupId g) {
  const Group& group = s.groups[g];
  std::vector<Hindrance> out;
  needs_switch(s, group.enabled_by, out);
  out.push_back({"presence: it is not there", [g](const World& w) { return !w.groups[g].exists; }});
  for (const ActionId a : s.actions.ids())
    for (const Effect& effect : s.actions[a].effects)
      if (effect.group == g)
        out.push_back({"action " + s.actions[a].id, [a](const World& w) { return !sim::happened(w.action_time[a]); }});
  for (const Cue& cue : group.cues) conditions(s, cue.when, {}, out);
  return out;
}

// Those of a table that never acted, each with what can stand in its way.
template <class I, class Entries>
void list_idle(const Scenario& s, const Table<I, bool>& acted, const Entries& entries, std::vector<Never>& out,
               std::vector<std::vector<Hindrance>>& all) {
  for (const I i : acted.ids()) {
    if (acted[i]) continue;
    out.push_back({entries[i].id, ""});
    all.push_back(hindrances(s, i));
  }
}

}  // namespace

Idle::Idle(std::shared_ptr<const Scenario> scenario) : scenario_(std::move(scenario)) {
  taken_.assign(scenario_->actions.size(), false);
  mobilised_.assign(scenario_->groups.size(), false);
}

void Idle::add(const sim::TrialResult& trial) {
  constexpr std::size_t most_kept = 5;
  const auto& s = *scenario_;
  const std::size_t before = s.factions.size() + s.organisations.size() + s.offices.size() + s.units.size();
  const int first_action = to_underlying(EventKind::action);
  for (const auto& event : trial.events) {
    if (event.kind >= first_action) taken_[ActionId(event.kind - first_action)] = true;
    if (event.kind == to_underlying(EventKind::group_mobilises))
      mobilised_[GroupId(static_cast<std::size_t>(event.refs[2]) - before)] = true;
  }
  if (kept_.size() < most_kept) kept_.push_back(trial.key);
}

IdleOnes Idle::found() const {
  IdleOnes out;
  std::vector<std::vector<Hindrance>> all;
  list_idle(*scenario_, taken_, scenario_->actions, out.actions, all);
  list_idle(*scenario_, mobilised_, scenario_->groups, out.groups, all);
  if (all.empty()) return out;
  for (const auto& key : kept_) {
    const sim::Draws draws(key);
    World w = make_world(*scenario_, draws);
    for (int number = 0; number < scenario_->clock.steps(); ++number) {
      step(w, draws, number);
      for (auto& of_one : all)
        for (auto& hindrance : of_one) hindrance.steps += hindrance.stands(w);
    }
  }
  auto next = all.begin();
  for (auto* list : {&out.actions, &out.groups})
    for (Never& one : *list) {
      const auto most = std::ranges::max_element(*next, {}, &Hindrance::steps);
      one.hindrance = most != next->end() && most->steps > 0 ? most->what : "luck: nothing stood in the way";
      ++next;
    }
  return out;
}

}  // namespace qantar::agents
