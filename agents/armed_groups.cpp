// Part 4: organised groups under the accounts that assume them: mobilise, grow, melt away.
#include <algorithm>
#include <array>

#include "agents/step.hpp"

namespace qantar::agents {
namespace {

// The largest crowd in a focal city: what sets sponsors in motion.
std::pair<double, std::int32_t> focal_crowd(const World& w) {
  std::pair<double, std::int32_t> best{0.0, no_event};
  for (std::size_t c = 0; c < w.places.size(); ++c)
    if (w.about(c).significance >= 1.0 && w.crowd(c) > best.first) best = {w.crowd(c), w.places[c].event_protest};
  return best;
}

// Gangs and cells that act for themselves wait for violence, and come out where the police are thin.
double on_opportunity(const World& w) {
  if (!happened(w.violence_began)) return 0.0;
  bool thin = false;
  for (std::size_t c = 0; c < w.places.size(); ++c)
    thin = thin || (w.about(c).significance >= 1.0 && w.places[c].police < 0.4 * w.places[c].police_at_start);
  return thin ? 0.25 : 0.03;
}

// Hourly rate at which a dormant group's sponsor sets it in motion now.
double mobilisation_rate(const World& w, const Group& group, double crowd) {
  const bool triggered = crowd > w.p.group_trigger;
  if (group.enabled_by == without_switch) return on_opportunity(w);
  switch (static_cast<Switch>(group.enabled_by)) {
    case Switch::clan_funding:
      return triggered ? 0.12 : 0.0;
    case Switch::prepared_groups:
      // With directives in force the group follows them by the planned lead; otherwise it waits for the turnout.
      if (w.on(Switch::withdrawal_directives) && group.sponsor == Sponsor::intelligence)
        return w.has_acted(Action::direct_withdrawal) &&
                       w.now >= w.time_of(Action::direct_withdrawal) + w.p.directive_lead
                   ? 5.0
                   : 0.0;
      return triggered ? 0.10 : 0.0;
    case Switch::organised_crime:
      return on_opportunity(w);
    case Switch::foreign_training:
      return triggered && w.tally.peak_regions >= 8 ? 0.08 : 0.0;
    default:
      return 0.0;
  }
}

int sponsoring_faction(const World& w, Sponsor sponsor) {
  switch (sponsor) {
    case Sponsor::clan:
      return w.scenario->faction(FactionKind::clan);
    case Sponsor::intelligence:
      return w.scenario->faction(FactionKind::security);
    case Sponsor::crime:
      return w.scenario->faction(FactionKind::crime);
    default:
      return -1;
  }
}

}  // namespace

void armed_groups_choose(World& w, const Draws& draw) {
  const auto [crowd, crowd_event] = focal_crowd(w);
  for (auto& place : w.places) place.armed_groups = 0;
  double active = 0, foreign = 0;
  std::array<double, sponsor_count> by_sponsor{};
  for (std::size_t g = 0; g < w.groups.size(); ++g) {
    GroupState& state = w.groups[g];
    if (!state.exists) continue;
    const Group& group = w.scenario->groups[g];
    const auto n = static_cast<std::uint32_t>(g);
    const auto step = static_cast<std::uint32_t>(w.step);
    if (state.dormant) {
      const int faction = sponsoring_faction(w, group.sponsor);
      const bool paid = group.enabled_by == static_cast<int>(Switch::clan_funding);
      const Action cue = paid ? Action::fund_groups : Action::mobilise_groups;
      if (faction >= 0 && !w.can(faction, cue)) continue;
      const double rate = mobilisation_rate(w, group, crowd);
      if (!draw.happens(sim::hazard(rate, w.dt), address(Mechanism::groups), n, step, 0)) continue;
      state.dormant = false;
      state.mobilised = w.now;
      const std::int32_t directive = w.event_of(Action::direct_withdrawal);
      if (faction >= 0) w.act(cue, faction, -1, {crowd_event, directive});
      if (paid && faction >= 0) {
        const double outlay = 0.5 * w.resources(faction, 0);  // assumed: half of the purse goes into it
        w.resources(faction, 0) -= outlay;
        w.tally.money_spent += outlay;
      }
      // Members become wanted as others do who turn violent.
      for (std::size_t c = 0; c < group.places.size(); ++c) {
        const double wanted = 0.5 * state.size * w.value(group.places[c]);
        w.places[c].wanted += wanted;
        if (group.sponsor == Sponsor::foreign) w.places[c].wanted_foreign += wanted;
      }
      int main_place = -1;
      double most = 0;
      for (std::size_t c = 0; c < group.places.size(); ++c)
        if (const double share = w.value(group.places[c]); share > most) {
          most = share;
          main_place = static_cast<int>(c);
        }
      state.event = w.note(EventKind::group_mobilises, main_place, -1, w.actor_group(g), state.size,
                           {crowd_event, directive, w.event_of(cue)});
    }
    if (state.dispersed) continue;
    const double age = w.now - state.mobilised;
    const double growth = w.value(group.growth_hours);
    double strength = state.size * (growth > 0 ? std::min(1.0, (age + w.dt) / growth) : 1.0) - state.lost;
    // Groups melt away after a day and a half, and at once when their sponsor is out.
    const int faction = sponsoring_faction(w, group.sponsor);
    const int head = faction >= 0 ? w.scenario->factions[static_cast<std::size_t>(faction)].head : -1;
    const bool sponsor_out = head >= 0 && happened(w.offices[static_cast<std::size_t>(head)].dismissed);
    const bool live = w.has_acted(Action::live_fire);
    const double decay =
        (age > 36.0 || sponsor_out ? w.p.group_decay * (sponsor_out ? 3.0 : 1.0) : 0.0) + (live ? 0.03 : 0.0);
    state.lost += std::max(0.0, strength) * sim::hazard(decay, w.dt);
    strength = std::max(0.0, strength - std::max(0.0, strength) * sim::hazard(decay, w.dt));
    state.active = strength;
    if (age > 12.0 && strength < 0.1 * state.size) {
      state.dispersed = true;
      state.active = 0;
      w.note(EventKind::group_disperses, -1, -1, w.actor_group(g), 0,
             {state.event, w.event_of(Action::live_fire),
              head >= 0 ? w.offices[static_cast<std::size_t>(head)].event_dismissed : no_event});
      continue;
    }
    for (std::size_t c = 0; c < group.places.size(); ++c)
      w.places[c].armed_groups += strength * w.value(group.places[c]) * state.armed_share;
    active += strength;
    by_sponsor[static_cast<std::size_t>(group.sponsor)] += strength;
    if (group.sponsor == Sponsor::foreign) foreign += strength;
  }
  Tally& t = w.tally;
  for (std::size_t i = 0; i < by_sponsor.size(); ++i)
    t.group_peak_by_sponsor[i] = std::max(t.group_peak_by_sponsor[i], by_sponsor[i]);
  if (active > t.group_peak) {
    t.group_peak = active;
    t.foreign_share = foreign / active;
  }
}

}  // namespace qantar::agents
