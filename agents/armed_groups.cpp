#include "agents/armed_groups.hpp"

#include <algorithm>

#include "agents/random_draws.hpp"
#include "agents/signals.hpp"

namespace qantar::agents {
namespace {

// Hourly rate at which its cues set a group in motion now, and the last event that they tell of.
std::pair<double, EventNumber> cued(const World& w, const Group& group) {
  std::pair<double, EventNumber> out{0.0, no_event};
  for (const Cue& cue : group.cues) {
    const Sensed met = all_met(w, cue.when);
    out.first += w.value(cue.rate) * met.value;
    if (2.0 * met.value > 1.0) out.second = std::max(out.second, met.event);
  }
  return out;
}

}  // namespace

void mobilise_group(World& w, GroupId g, std::initializer_list<EventNumber> causes) {
  GroupState& state = w.groups[g];
  if (!state.exists || !state.dormant) return;
  const Group& group = w.about(g);
  state.dormant = false;
  state.mobilised = w.now;
  // Members become wanted as others do who turn violent.
  for (const PlaceId c : w.places.ids()) {
    const double wanted = w.p.wanted_violent * state.size * w.value(group.places[c]);
    w.places[c].wanted += wanted;
    if (group.foreign) w.places[c].wanted_foreign += wanted;
  }
  PlaceId main_place;
  double most = 0;
  for (const PlaceId c : w.places.ids())
    if (const double share = w.value(group.places[c]); share > most) {
      most = share;
      main_place = c;
    }
  state.event = w.note(EventKind::group_mobilises, main_place, {}, w.actor(g), state.size, causes);
}

namespace {

void wait_for_cue(World& w, const StepDraws& draw, GroupId g) {
  const auto [rate, cause] = cued(w, w.about(g));
  if (rate > 0 && draw.happens(sim::hazard(rate, w.dt), purpose::group_mobilises, g)) mobilise_group(w, g, {cause});
}

}  // namespace

void armed_groups_choose(World& w, const StepDraws& draw) {
  for (auto& place : w.places) place.armed_groups = 0;
  double active = 0, foreign = 0;
  for (const GroupId g : w.groups.ids()) {
    GroupState& state = w.groups[g];
    if (!state.exists) continue;
    const Group& group = w.about(g);
    if (state.dormant) {
      wait_for_cue(w, draw, g);
      if (state.dormant) continue;
    }
    if (state.dispersed) continue;
    const double age = w.now - state.mobilised;
    const double growth = w.value(group.growth_hours);
    double strength = state.size * (growth > 0 ? std::min(1.0, (age + w.dt) / growth) : 1.0) - state.lost;
    // Groups melt away after a while, and at once when their sponsor is out.
    const OfficeId head = group.sponsor.exists() ? w.about(group.sponsor).head : OfficeId();
    const bool sponsor_out = w.dismissed(head);
    const bool live = w.decided.fire.holds();
    const double decay = (sponsor_out               ? w.p.group_decay * w.p.orphan_decay
                          : age > w.p.group_stamina ? w.p.group_decay
                                                    : 0.0) +
                         (live ? w.p.group_fire_loss : 0.0);
    state.lost += std::max(0.0, strength) * sim::hazard(decay, w.dt);
    strength = std::max(0.0, strength - std::max(0.0, strength) * sim::hazard(decay, w.dt));
    state.active = strength;
    if (age > growth && strength < w.p.group_remnant * state.size) {
      state.dispersed = true;
      state.active = 0;
      w.note(EventKind::group_disperses, {}, {}, w.actor(g), 0,
             {state.event, w.decided.fire.event, head.exists() ? w.offices[head].event_dismissed : no_event});
      continue;
    }
    for (const PlaceId c : w.places.ids())
      w.places[c].armed_groups += strength * w.value(group.places[c]) * state.armed_share;
    active += strength;
    if (group.foreign) foreign += strength;
  }
  Tally& t = w.tally;
  for (std::size_t i = 0; i < t.group_peak_by_sponsor.size(); ++i) {
    double members = 0;
    for (const GroupId g : w.groups.ids()) {
      const FactionId sponsor = w.about(g).sponsor;
      if ((sponsor.exists() ? sponsor.index() + 1 : 0) == i) members += w.groups[g].active;
    }
    t.group_peak_by_sponsor[i] = std::max(t.group_peak_by_sponsor[i], members);
  }
  if (active > t.group_peak) {
    t.group_peak = active;
    t.foreign_share = foreign / active;
  }
}

}  // namespace qantar::agents
