#include "agents/signals.hpp"

#include <algorithm>
#include <limits>

#include "agents/rules/choice.hpp"
#include "agents/sides.hpp"
#include "sim/conversions.hpp"

namespace qantar::agents {
namespace {

// Hours since a time; long before any threshold when it has not come.
double hours_since(const World& w, Hours time) {
  return happened(time) ? w.now - time : -std::numeric_limits<double>::infinity();
}

bool focal(const World& w, PlaceId c) { return w.about(c).significance >= 1.0; }

Sensed regions_in_protest(const World& w, FactionId, const Condition&) {
  return {w.tally.peak_regions, w.origin.exists() ? w.places[w.origin].event_protest : no_event};
}

Sensed crowd(const World& w, FactionId, const Condition& of) {
  return {w.crowd(of.place), w.places[of.place].event_protest};
}

// The largest of a figure of focal places, with the event behind it.
template <class Figure>
Sensed largest_of_focal(const World& w, EventNumber PlaceState::*event, Figure figure) {
  Sensed best;
  for (const PlaceId c : w.places.ids())
    if (const double x = focal(w, c) ? figure(c) : 0.0; x > best.value) best = {x, w.places[c].*event};
  return best;
}

Sensed focal_crowd(const World& w, FactionId, const Condition&) {
  return largest_of_focal(w, &PlaceState::event_protest, [&](PlaceId c) { return w.crowd(c); });
}

Sensed focal_force(const World& w, FactionId, const Condition&) {
  return largest_of_focal(w, &PlaceState::event_violence, [&](PlaceId c) { return w.places[c].force; });
}

Sensed crowd_of_origin(const World& w, FactionId, const Condition&) {
  Sensed sum;
  if (!w.origin.exists()) return sum;
  sum.event = w.places[w.origin].event_protest;
  for (const PlaceId c : w.places.ids())
    if (w.about(c).region == w.about(w.origin).region) sum.value += w.crowd(c);
  return sum;
}

Sensed violence(const World& w, FactionId, const Condition&) {
  Sensed most;
  for (const auto& place : w.places)
    if (place.persons_violent > most.value) most = {place.persons_violent, place.event_violence};
  return most;
}

Sensed thin_police(const World& w, FactionId, const Condition&) {
  Sensed thinnest{1.0, no_event};
  for (const PlaceId c : w.places.ids()) {
    const PlaceState& place = w.places[c];
    if (!focal(w, c) || place.police_at_start <= 0) continue;
    if (const double share = place.police / place.police_at_start; share < thinnest.value)
      thinnest = {share, place.event_left};
  }
  return thinnest;
}

Sensed losses_reported(const World& w, FactionId, const Condition&) {
  Sensed sum{w.reported_loss, no_event};
  for (const auto& site : w.sites)
    if (site.known_lost) sum.event = std::max(sum.event, site.event_fall);
  return sum;
}

Sensed lost(const World& w, FactionId, const Condition& of) {
  const SiteState& site = w.sites[of.site];
  return {site.known_lost ? 1.0 : 0.0, site.event_fall};
}

// Sites that units of an organisation guarded before the crisis, and how many of them are as asked.
template <class As>
Sensed count_sites_of(const World& w, OrganisationId organisation, As as) {
  Sensed n;
  const auto& units = w.scenario->units;
  for (auto unit = units.begin(); unit != units.end(); ++unit) {
    const auto same = [&](const Unit& u) { return u.site == unit->site && u.organisation == organisation; };
    if (unit->organisation != organisation || !unit->site.exists() || std::any_of(units.begin(), unit, same)) continue;
    const SiteState& site = w.sites[unit->site];
    if (!as(site)) continue;
    n.value += 1;
    n.event = std::max({n.event, site.event_attack, site.event_fall});
  }
  return n;
}

Sensed sites_lost_of(const World& w, FactionId, const Condition& of) {
  return count_sites_of(w, of.organisation, [](const SiteState& s) { return s.known_lost; });
}

Sensed sites_attacked_of(const World& w, FactionId, const Condition& of) {
  return count_sites_of(w, of.organisation, [](const SiteState& s) { return happened(s.attacked); });
}

Sensed units_out_of(const World& w, FactionId, const Condition& of) {
  Sensed n;
  for (const UnitId u : w.units.ids()) {
    if (w.about(u).organisation != of.organisation || !w.units[u].present) continue;
    if (w.units[u].conduct == Conduct::obeying || w.units[u].conduct == Conduct::stalling) continue;
    n.value += 1;
    n.event = std::max(n.event, w.units[u].event_conduct);
  }
  return n;
}

template <class As>
Sensed any_focal_seat(const World& w, EventNumber SiteState::*event, As as) {
  for (const SiteId s : w.sites.ids())
    if (w.about(s).seat && focal(w, w.about(s).place) && as(w.sites[s])) return {1.0, w.sites[s].*event};
  return {};
}

Sensed seat_stormed(const World& w, FactionId, const Condition&) {
  return any_focal_seat(w, &SiteState::event_attack, [](const SiteState& s) { return happened(s.failed_storm); });
}

Sensed seat_retaken(const World& w, FactionId, const Condition&) {
  return any_focal_seat(w, &SiteState::event_fall, [](const SiteState& s) { return happened(s.retaken); });
}

Sensed own_belief(const World& w, FactionId who, const Condition&) {
  return {sim::logistic(believed_to_prevail(w, who)), no_event};
}

Sensed visible_support(const World& w, FactionId, const Condition&) { return {w.support, no_event}; }

Sensed dismissed(const World& w, FactionId, const Condition& of) {
  return {w.dismissed(of.office) ? 1.0 : 0.0, w.offices[of.office].event_dismissed};
}

Sensed captured(const World& w, FactionId, const Condition& of) {
  return {w.offices[of.office].captured ? 1.0 : 0.0, w.offices[of.office].event_captured};
}

Sensed opposes(const World& w, FactionId, const Condition& of) {
  const OfficeState& office = w.offices[of.office];
  return {office.stance == Stance::challenger ? 1.0
          : office.stance == Stance::waiting  ? 1.0 / 2.0
                                              : 0.0,
          office.event_stance};
}

Sensed hours_after(const World& w, FactionId, const Condition& of) {
  return {hours_since(w, w.action_time[of.action]), w.action_event[of.action]};
}

Sensed hours_of_order(const World& w, FactionId, const Condition&) { return {hours_since(w, w.restored), no_event}; }

Sensed hours_of_crisis(const World& w, FactionId, const Condition&) {
  return {w.now - w.scenario->clock.start(), no_event};
}

Sensed hours_of_violence(const World& w, FactionId, const Condition&) {
  return {hours_since(w, w.violence_began), no_event};
}

Sensed hours_of_quiet(const World& w, FactionId, const Condition&) { return {hours_since(w, w.quiet_since), no_event}; }

Sensed peak_crowd(const World& w, FactionId, const Condition&) { return {w.tally.peak, no_event}; }

Sensed seats_lost(const World& w, FactionId, const Condition&) {
  Sensed share;
  double all = 0;
  for (const SiteId s : w.sites.ids()) {
    if (!w.about(s).seat) continue;
    all += 1;
    share.value += happened(w.sites[s].fell);
    share.event = std::max(share.event, w.sites[s].event_fall);
  }
  if (all > 0) share.value /= all;
  return share;
}

Sensed hour_of_day(const World& w, FactionId, const Condition&) { return {w.hour(), no_event}; }

Sensed held_back(const World& w, FactionId, const Condition&) {
  return {w.held_back() ? 1.0 : 0.0, w.decided.held_back.event};
}

Sensed network(const World& w, FactionId, const Condition&) { return {w.network, no_event}; }

Sensed intervention(const World& w, FactionId, const Condition&) {
  return {w.intervention_present, w.decided.landing.event};
}

Sensed own_site(const World& w, FactionId who, const Condition& of) {
  const SiteState& site = w.sites[of.site];
  return {holds(w, of.site, who) ? 1.0 : 0.0, std::max(site.event_fall, site.event_attack)};
}

Sensed own_given_up(const World& w, FactionId who, const Condition&) { return {given_up(w, who), no_event}; }

template <bool own>
Sensed rallied(const World& w, FactionId who, const Condition& of) {
  Sensed sum;
  for (const Rally& r : w.rallies)
    if (r.place == of.place && (r.side == who) == own) sum = {sum.value + r.persons, r.event};
  return sum;
}

template <Resource r>
Sensed own(const World& w, FactionId who, const Condition&) {
  return {w.resource(who, r), no_event};
}

constexpr SignalRow signal_table[] = {
    {"regions_in_protest", "region", About::nothing, true, false,
     "largest number of regions with a protest on one day so far", regions_in_protest},
    {"crowd", "person", About::place, true, false, "people on the street of a place", crowd},
    {"focal_crowd", "person", About::nothing, true, false, "largest crowd in a place of significance 1", focal_crowd},
    {"focal_force", "1", About::nothing, true, false,
     "largest mark of recent force on the crowd of a place of significance 1", focal_force},
    {"crowd_of_origin", "person", About::nothing, true, false,
     "people on the street of the region where the protest began", crowd_of_origin},
    {"violence", "person", About::nothing, true, false, "largest number of violent people in one place", violence},
    {"police_share", "1", About::nothing, true, false,
     "smallest share of its police, as before the crisis, that a place of significance 1 has left", thin_police},
    {"losses_reported", "1", About::nothing, true, false, "weight of the lost sites that the centre knows of",
     losses_reported},
    {"lost", "1", About::site, true, false, "1 while the centre knows that the site is lost", lost},
    {"sites_lost", "site", About::organisation, true, false,
     "sites guarded by the organisation that the centre knows to be lost", sites_lost_of},
    {"sites_attacked", "site", About::organisation, true, false,
     "sites guarded by the organisation that were ever attacked", sites_attacked_of},
    {"units_out", "unit", About::organisation, true, false,
     "units of the organisation that have left their post or were overrun", units_out_of},
    {"seat_stormed", "1", About::nothing, true, false,
     "1 once an assault on the seat of a place of significance 1 was repelled", seat_stormed},
    {"seat_retaken", "1", About::nothing, true, false, "1 once the seat of a place of significance 1 was recovered",
     seat_retaken},
    {"own_belief", "1", About::nothing, true, true, "believed probability that the own side prevails", own_belief},
    {"visible_support", "1", About::nothing, true, false,
     "power-weighted visible support of the president among office-holders", visible_support},
    {"dismissed", "1", About::office, false, false, "1 once the holder was dismissed", dismissed},
    {"captured", "1", About::office, false, false, "1 while the office is captured", captured},
    {"opposes", "1", About::office, true, false, "1 while its holder visibly opposes the president, 1/2 while he waits",
     opposes},
    {"hours_after", "h", About::action, false, false, "hours since an action was taken", hours_after},
    {"hours_of_order", "h", About::nothing, false, false, "hours since order was restored", hours_of_order},
    {"hours_of_crisis", "h", About::nothing, false, false, "hours since the clock began", hours_of_crisis},
    {"hour_of_day", "h", About::nothing, false, false, "hour of the day on the case's clock", hour_of_day},
    {"hours_of_violence", "h", About::nothing, false, false, "hours since violence first began", hours_of_violence},
    {"hours_of_quiet", "h", About::nothing, false, false,
     "hours since no place riots, nobody dies between sides, and all sites of the state are held", hours_of_quiet},
    {"peak_crowd", "person", About::nothing, true, false, "largest crowd in the country so far", peak_crowd},
    {"seats_lost", "1", About::nothing, true, false, "share of the seats that were ever lost", seats_lost},
    {"held_back", "1", About::nothing, false, false, "1 while forces in places of significance 1 are told to hold back",
     held_back},
    {"network", "1", About::nothing, true, false, "level of the network", network},
    {"intervention", "person", About::nothing, true, false, "strength of the intervention in the country",
     intervention},
    {"holds", "1", About::site, true, true, "1 while the own side holds the site", own_site},
    {"given_up", "1", About::nothing, true, true,
     "share of the units that turned to the own side and were sent, that have given up or were beaten", own_given_up},
    {"rally", "person", About::place, true, true, "people who are out in a place for the own side", rallied<true>},
    {"counter_rally", "person", About::place, true, true, "people who are out in a place for another side",
     rallied<false>},
    {"own_money", "1", About::nothing, false, true, "own money", own<Resource::money>},
    {"own_coercion", "1", About::nothing, false, true, "share of the forces that obeys and leans to the own side",
     own<Resource::coercion>},
    {"own_external", "1", About::nothing, false, true, "own support from abroad", own<Resource::external>},
};

}  // namespace

std::span<const SignalRow> signal_rows() { return signal_table; }

const char* key_of(About about) {
  switch (about) {
    case About::nothing:
      return "";
    case About::place:
      return "place";
    case About::site:
      return "site";
    case About::organisation:
      return "organisation";
    case About::office:
      return "office";
    case About::faction:
      return "faction";
    case About::group:
      return "group";
    case About::action:
      return "action";
  }
  return "";
}

double met_by(const World& w, const Condition& c, double known, double information, double noise) {
  const double share = condition_met(known, w.value(c.upper_side() ? c.at : c.below), c.width, information, noise);
  return c.upper_side() ? share : 1.0 - share;
}

Sensed all_met(const World& w, const std::vector<Condition>& when) {
  Sensed out{1.0, no_event};
  for (const Condition& c : when) {
    const Sensed sensed = signal_rows()[c.signal].sense(w, {}, c);
    out.value *= met_by(w, c, sensed.value, 1.0, 0.0);
    out.event = std::max(out.event, sensed.event);
  }
  return out;
}

double believed_to_prevail(const World& w, FactionId who) {
  double own = 0, offices = 0, all = 0;
  for (const OfficeId i : w.offices.ids()) {
    all += w.offices[i].expectation;
    if (w.about(i).tie != who) continue;
    own += w.offices[i].expectation;
    offices += 1;
  }
  const double mean = offices > 0          ? own / offices
                      : !w.offices.empty() ? all / sim::real(w.offices.size())
                                           : w.p.belief_prior;
  return w.about(who).against.value_or(false) ? -mean : mean;
}

}  // namespace qantar::agents
