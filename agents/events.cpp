#include "agents/events.hpp"

#include <algorithm>

#include "agents/inquiry.hpp"
#include "agents/random_draws.hpp"
#include "agents/rumours.hpp"
#include "sim/conversions.hpp"

namespace qantar::agents {
namespace {

void watch_place(World& w, PlaceId c) {
  PlaceState& place = w.places[c];
  const auto& head = w.scenario->head;
  const double crowd = w.crowd(c);
  if (crowd >= head.protest_size) {
    w.tally.in_protest_today[c] = true;
    if (!place.in_protest) {
      place.in_protest = true;
      if (!happened(place.protest_began)) {
        place.protest_began = w.now;
        place.event_protest = w.note(EventKind::protest_begins, c, {}, {}, crowd,
                                     {w.origin.exists() ? w.places[w.origin].event_protest : no_event});
        if (!w.origin.exists()) {
          w.origin = c;
          w.protest_began = w.now;
        }
      }
    }
  }
  place.peak = std::max(place.peak, crowd);
  if (crowd >= head.mass_size && !happened(place.mass_crowd)) {
    place.mass_crowd = w.now;
    place.event_protest = w.note(EventKind::mass_crowd, c, {}, {}, crowd, {place.event_protest});
  }
  if (place.in_protest && crowd < std::max(head.protest_size / 2.0, w.p.protest_remnant * place.peak)) {
    place.in_protest = false;
    place.calm_again = w.now;
    w.note(EventKind::protest_ends, c, {}, {}, crowd, {place.event_protest, w.decided.fire.event});
  }
  if (w.riots(c) && !happened(place.turned_violent)) {
    place.turned_violent = w.now;
    place.event_violence = w.note(EventKind::crowd_turns_violent, c, {}, {}, place.persons_violent,
                                  {place.event_force, place.event_protest});
    if (!happened(w.violence_began)) w.violence_began = w.now;
    if (!happened(place.clash)) place.clash = w.now;
  }
  // "Police left" is judged on the units that were not overrun.
  double left = 0, standing = 0;
  for (const UnitId u : place.units) {
    if (!w.units[u].present) continue;
    const Conduct conduct = w.units[u].conduct;
    if (conduct == Conduct::withdrawn) left += w.units[u].strength;
    if (conduct == Conduct::obeying || conduct == Conduct::stalling) standing += w.units[u].strength;
  }
  const double judged = left + standing;
  place.abandoned_by_police = judged > 0 && left > w.p.police_left_share * judged;
  if (place.abandoned_by_police && !happened(place.police_left)) place.police_left = w.now;
}

void report_changes(World& w, const StepDraws& draw) {
  for (const SiteId s : w.sites.ids()) {
    SiteState& state = w.sites[s];
    const Site& site = w.about(s);
    if (state.held || !site.state || state.known_lost) continue;
    if (std::ranges::any_of(w.reports, [&](const Report& r) { return r.site == s && !r.regained; })) continue;
    // The loss goes up through the agency whose unit guards the site; its head may sit on it, then broadcasts bring it
    // later. What no agency guards as its own is public at once.
    OrganisationId organisation;
    for (const UnitId u : w.places[site.place].units)
      if (!organisation.exists() && w.units[u].site == s && !w.units[u].side.exists())
        organisation = w.about(u).organisation;
    const OfficeId head = organisation.exists() ? w.about(organisation).head : OfficeId();
    const bool loyal = !head.exists() || w.offices[head].stance == Stance::president;
    const double withheld = loyal ? w.p.bias : w.p.bias_disloyal;
    const bool silent = head.exists() && draw.happens(withheld, purpose::loss_withheld, s);
    double delay = draw.delay(w.p.report_delay, purpose::loss_reported, s);
    EventNumber event = state.event_fall;
    if (silent) {
      delay *= w.p.withheld_delay;
      w.tally.false_reports += 1;
      event = w.note(EventKind::loss_withheld, site.place, s, w.actor(head), 0, {state.event_fall});
    }
    w.reports.push_back({s, false, w.now + delay, event});
  }
}

void watch_country(World& w) {
  double crowd = 0;
  bool quiet = true;
  double regions = 0;
  for (const PlaceId c : w.places.ids()) {
    crowd += w.crowd(c);
    quiet = quiet && !w.riots(c);
    if (!w.tally.in_protest_today[c]) continue;
    bool first_of_region = true;
    for (const PlaceId b : w.places.ids())
      if (b < c && w.tally.in_protest_today[b] && w.about(b).region == w.about(c).region) first_of_region = false;
    regions += first_of_region;
  }
  for (const SiteId s : w.sites.ids()) quiet = quiet && (w.sites[s].held || !w.about(s).state);
  Tally& t = w.tally;
  t.peak = std::max(t.peak, crowd);
  t.day_peak = std::max(t.day_peak, crowd);
  t.peak_regions = std::max(t.peak_regions, regions);

  if (!quiet) w.quiet_since = never;
  if (quiet && !happened(w.quiet_since)) w.quiet_since = w.now;

  for (std::size_t k = 0; k < t.snapshots.size(); ++k) {
    const Hours at = w.scenario->snapshots[k].at;
    if (!(at >= w.now && at < w.now + w.dt) && !(w.step + 1 == w.scenario->clock.steps() && at >= w.now)) continue;
    const auto places = sim::real(std::ranges::count(t.in_protest_today, true));
    t.snapshots[k] = {t.day_peak, regions, places, t.detained, t.deaths, t.security_deaths, w.network};
    // The next snapshot's "today" begins here.
    t.day_peak = crowd;
    for (const PlaceId c : w.places.ids()) t.in_protest_today[c] = w.places[c].in_protest;
  }
}

}  // namespace

void publish_events(World& w, const StepDraws& draw) {
  for (const PlaceId c : w.places.ids()) watch_place(w, c);
  report_changes(w, draw);
  spread_rumours(w, draw);
  watch_country(w);
  inquire(w, draw);
}

}  // namespace qantar::agents
