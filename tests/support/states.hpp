// The crisis with chosen switches, and what of a world the rest of it can see: for tests that ask where two worlds
// part.
#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "agents/world.hpp"
#include "tests/support/crisis_case.hpp"

namespace qantar::test {

using namespace agents;

// The switches of the invented crisis; those of January 2022 have the same names.
inline const std::vector<std::string>& switches() {
  static const auto names = crisis()->ids.names("switches");
  return names;
}

inline SwitchId switch_of(const Scenario& s, const std::string& name) { return SwitchId(s.ids.find("switches", name)); }

// The invented crisis with exactly these switches on.
inline ScenarioPtr with_switches(const std::vector<std::string>& on, const std::vector<std::string>& more = {}) {
  std::vector<std::string> overrides;
  for (const auto& name : switches())
    overrides.push_back(name + (std::ranges::find(on, name) != on.end() ? "=1" : "=0"));
  overrides.insert(overrides.end(), more.begin(), more.end());
  return crisis(overrides);
}

// What is asked of a world by the rest of it, by owner. Money is left out: it is what a clan pays its groups with.
struct State {
  std::vector<Status> citizens;
  std::vector<std::vector<double>> places, sites, units, offices;
  std::vector<double> country;
};

// Actions that only a switch brings about.
inline const std::vector<std::string> of_switches{"fund_groups", "call_irregulars", "crime_comes_out",
                                                  "direct_withdrawal", "hold_guards_back"};

inline State state_of(const World& w, bool with_actions_of_switches) {
  State s;
  s.citizens = w.citizens.status;
  for (const auto& p : w.places) {
    s.places.push_back({p.legitimacy,    p.mood,         p.force,         p.police,        p.left_share,
                        p.captured_arms, p.armed_groups, p.wanted,        p.deaths,        p.injured,
                        p.looted,        p.to_harm,      p.to_kill,       p.to_detain,     p.shock_relief,
                        p.peak,          p.newly_out,    p.newly_violent, p.protest_began, p.calm_again,
                        p.police_left,   p.clash,        p.line_broken,   p.rally_began,   p.rally_peak});
    s.places.back().push_back(static_cast<double>(p.posture));
    s.places.back().push_back(p.emergency);
  }
  for (const auto& x : w.sites)
    s.sites.push_back({x.held ? 1.0 : 0.0, x.lines, x.arms, x.attackers, x.pressure, x.hold_chance, x.last_attack,
                       x.fell, x.retaken, x.left, x.known_lost ? 1.0 : 0.0, static_cast<double>(x.repelled),
                       static_cast<double>(x.holder.number())});
  for (const auto& u : w.units)
    s.units.push_back({u.strength, u.morale, static_cast<double>(u.conduct), u.has_order ? 1.0 : 0.0,
                       static_cast<double>(u.order), u.present ? 1.0 : 0.0, u.since, u.arrives, u.order_received,
                       static_cast<double>(u.side.number())});
  for (const auto& o : w.offices)
    s.offices.push_back({o.expectation, o.mark, o.affinity, static_cast<double>(o.stance), o.dismissed, o.arrested,
                         o.arrest_published});
  s.country = {w.network, w.news,         w.reported_loss,  w.intervention_present, w.restored,
               w.ousted,  w.tally.deaths, w.tally.detained, w.tally.injured};
  for (const ActionId a : w.scenario->actions.ids())
    if (with_actions_of_switches || std::ranges::find(of_switches, w.about(a).id) == of_switches.end())
      s.country.push_back(w.action_time[a]);
  for (const auto& order : w.orders)
    if (with_actions_of_switches || order.sent_as != Content::withdraw)
      s.country.insert(s.country.end(), {static_cast<double>(order.unit.number()), order.due, order.received,
                                         order.blocked ? 1.0 : 0.0, order.replaced ? 1.0 : 0.0});
  for (const auto& rally : w.rallies) s.country.insert(s.country.end(), {rally.called, rally.persons});
  for (const auto& report : w.reports)
    s.country.insert(s.country.end(), {static_cast<double>(report.site.number()), report.due});
  return s;
}

// Which of two lists of owners differ.
inline std::vector<std::size_t> differing(const std::vector<std::vector<double>>& a,
                                          const std::vector<std::vector<double>>& b) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!same_numbers(a[i], b[i])) out.push_back(i);
  return out;
}

inline bool same(const State& a, const State& b) {
  return a.citizens == b.citizens && differing(a.places, b.places).empty() && differing(a.sites, b.sites).empty() &&
         differing(a.units, b.units).empty() && differing(a.offices, b.offices).empty() &&
         same_numbers(a.country, b.country);
}

}  // namespace qantar::test
