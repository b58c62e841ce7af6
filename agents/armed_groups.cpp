#include "agents/armed_groups.hpp"

#include <algorithm>
#include <array>

#include "agents/random_draws.hpp"
#include "agents/rules/choice.hpp"
#include "agents/signals.hpp"

namespace qantar::agents {
namespace {

// The largest crowd in a focal city: what sets sponsors in motion.
std::pair<double, EventNumber> focal_crowd(const World& w) {
  std::pair<double, EventNumber> best{0.0, no_event};
  for (const PlaceId c : w.places.ids())
    if (w.about(c).significance >= 1.0 && w.crowd(c) > best.first) best = {w.crowd(c), w.places[c].event_protest};
  return best;
}

// Gangs and cells that act for themselves wait for violence, and come out where the police are thin.
double on_opportunity(const World& w) {
  if (!happened(w.violence_began)) return 0.0;
  bool thin = false;
  for (const PlaceId c : w.places.ids())
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
        return w.decided.directive.holds() && w.now >= w.decided.directive.since + w.p.directive_lead ? 5.0 : 0.0;
      return triggered ? 0.10 : 0.0;
    case Switch::organised_crime:
      return on_opportunity(w);
    case Switch::foreign_training:
      return triggered && w.tally.peak_regions >= 8 ? 0.08 : 0.0;
    default:
      return 0.0;
  }
}

// Hourly rate at which its cues set a group in motion now, and the last event that they tell of.
std::pair<double, EventNumber> cued(const World& w, const Group& group) {
  std::pair<double, EventNumber> out{0.0, no_event};
  for (const Cue& cue : group.cues) {
    double met = 1;
    EventNumber event = no_event;
    for (const Condition& c : cue.when) {
      const Sensed sensed = signal_rows()[c.signal].sense(w, {}, c);
      const double share = condition_met(sensed.value, w.value(c.upper_side() ? c.at : c.below), c.width, 1.0, 0.0);
      met *= c.upper_side() ? share : 1.0 - share;
      event = std::max(event, sensed.event);
    }
    out.first += w.value(cue.rate) * met;
    if (met > 0.5) out.second = std::max(out.second, event);
  }
  return out;
}

}  // namespace

FactionId sponsoring_faction(const Scenario& s, Sponsor sponsor) {
  switch (sponsor) {
    case Sponsor::clan:
      return s.faction(FactionKind::clan);
    case Sponsor::intelligence:
      return s.faction(FactionKind::security);
    case Sponsor::crime:
      return s.faction(FactionKind::crime);
    default:
      return {};
  }
}

void mobilise_group(World& w, GroupId g, std::initializer_list<EventNumber> causes) {
  GroupState& state = w.groups[g];
  if (!state.exists || !state.dormant) return;
  const Group& group = w.about(g);
  state.dormant = false;
  state.mobilised = w.now;
  // Members become wanted as others do who turn violent.
  for (const PlaceId c : w.places.ids()) {
    const double wanted = 0.5 * state.size * w.value(group.places[c]);
    w.places[c].wanted += wanted;
    if (group.sponsor == Sponsor::foreign) w.places[c].wanted_foreign += wanted;
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
  if (draw.happens(sim::hazard(rate, w.dt), purpose::group_mobilises, g)) mobilise_group(w, g, {cause});
}

void follow_script(World& w, const StepDraws& draw, GroupId g, double crowd, EventNumber crowd_event) {
  const Group& group = w.about(g);
  const FactionId faction = sponsoring_faction(*w.scenario, group.sponsor);
  const bool paid = group.enabled_by == to_underlying(Switch::clan_funding);
  const Action cue = paid ? Action::fund_groups : Action::mobilise_groups;
  if (faction.exists() && !w.can(faction, cue)) return;
  if (!draw.happens(sim::hazard(mobilisation_rate(w, group, crowd), w.dt), purpose::group_mobilises, g)) return;
  const EventNumber directive = w.decided.directive.event;
  if (faction.exists()) w.act(cue, faction, {}, {crowd_event, directive});
  if (paid && faction.exists()) {
    const double outlay = 0.5 * w.resource(faction, Resource::money);  // assumed: half of the purse goes into it
    w.resource(faction, Resource::money) -= outlay;
    w.tally.money_spent += outlay;
  }
  mobilise_group(w, g, {crowd_event, directive, w.event_of(cue)});
}

}  // namespace

void armed_groups_choose(World& w, const StepDraws& draw) {
  const auto [crowd, crowd_event] = focal_crowd(w);
  for (auto& place : w.places) place.armed_groups = 0;
  double active = 0, foreign = 0;
  EnumArray<Sponsor, double, sponsor_count> by_sponsor{};
  for (const GroupId g : w.groups.ids()) {
    GroupState& state = w.groups[g];
    if (!state.exists) continue;
    const Group& group = w.about(g);
    if (state.dormant) {
      if (group.called || !group.cues.empty())
        wait_for_cue(w, draw, g);
      else
        follow_script(w, draw, g, crowd, crowd_event);
      if (state.dormant) continue;
    }
    if (state.dispersed) continue;
    const double age = w.now - state.mobilised;
    const double growth = w.value(group.growth_hours);
    double strength = state.size * (growth > 0 ? std::min(1.0, (age + w.dt) / growth) : 1.0) - state.lost;
    // Groups melt away after a day and a half, and at once when their sponsor is out.
    const FactionId faction = sponsoring_faction(*w.scenario, group.sponsor);
    const OfficeId head = faction.exists() ? w.about(faction).head : OfficeId();
    const bool sponsor_out = w.dismissed(head);
    const bool live = w.decided.fire.holds();
    const double decay =
        (age > 36.0 || sponsor_out ? w.p.group_decay * (sponsor_out ? 3.0 : 1.0) : 0.0) + (live ? 0.03 : 0.0);
    state.lost += std::max(0.0, strength) * sim::hazard(decay, w.dt);
    strength = std::max(0.0, strength - std::max(0.0, strength) * sim::hazard(decay, w.dt));
    state.active = strength;
    if (age > 12.0 && strength < 0.1 * state.size) {
      state.dispersed = true;
      state.active = 0;
      w.note(EventKind::group_disperses, {}, {}, w.actor(g), 0,
             {state.event, w.decided.fire.event, head.exists() ? w.offices[head].event_dismissed : no_event});
      continue;
    }
    for (const PlaceId c : w.places.ids())
      w.places[c].armed_groups += strength * w.value(group.places[c]) * state.armed_share;
    active += strength;
    by_sponsor[group.sponsor] += strength;
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
