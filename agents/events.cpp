// Part 7: what happened becomes public or is reported; thresholds are crossed; the day's figures are kept.
#include <algorithm>

#include "agents/step.hpp"

namespace qantar::agents {
namespace {

void watch_place(World& w, std::size_t c) {
  PlaceState& place = w.places[c];
  const auto& head = w.scenario->head;
  const double crowd = w.crowd(c);
  const int at = static_cast<int>(c);
  if (crowd >= head.protest_size) {
    w.tally.in_protest_today[c] = true;
    if (!place.in_protest) {
      place.in_protest = true;
      if (!happened(place.protest_began)) {
        place.protest_began = w.now;
        place.event_protest =
            w.note(EventKind::protest_begins, at, -1, -1, crowd,
                   {w.origin >= 0 ? w.places[static_cast<std::size_t>(w.origin)].event_protest : no_event});
        if (w.origin < 0) {
          w.origin = at;
          w.protest_began = w.now;
        }
      }
    }
  }
  place.peak = std::max(place.peak, crowd);
  if (crowd >= head.mass_size && !happened(place.mass_crowd)) {
    place.mass_crowd = w.now;
    place.event_protest = w.note(EventKind::mass_crowd, at, -1, -1, crowd, {place.event_protest});
  }
  if (place.in_protest && crowd < std::max(0.4 * head.protest_size, 0.02 * place.peak)) {
    place.in_protest = false;
    place.calm_again = w.now;
    w.note(EventKind::protest_ends, at, -1, -1, crowd, {place.event_protest, w.event_of(Action::live_fire)});
  }
  if (place.persons_violent >= 100 && !happened(place.turned_violent)) {
    place.turned_violent = w.now;
    place.event_violence = w.note(EventKind::crowd_turns_violent, at, -1, -1, place.persons_violent,
                                  {place.event_force, place.event_protest});
    if (!happened(w.violence_began)) w.violence_began = w.now;
    if (!happened(place.clash)) place.clash = w.now;
  }
  // "Police left" is judged on the units that were not overrun: a third of their strength has withdrawn.
  double left = 0, standing = 0;
  for (const std::size_t u : place.units) {
    if (!w.units[u].present || w.agency(u) == AgencyKind::army) continue;
    const Conduct conduct = w.units[u].conduct;
    if (conduct == Conduct::withdrawn) left += w.units[u].strength;
    if (conduct == Conduct::obeying || conduct == Conduct::stalling) standing += w.units[u].strength;
  }
  const double judged = left + standing;
  place.abandoned_by_police = judged > 0 && left > judged / 3.0;
  if (place.abandoned_by_police && !happened(place.police_left)) place.police_left = w.now;
}

void report_changes(World& w, const Draws& draw) {
  for (std::size_t s = 0; s < w.sites.size(); ++s) {
    SiteState& state = w.sites[s];
    const Site& site = w.scenario->sites[s];
    if (state.held || !site.state || state.known_lost) continue;
    if (std::ranges::any_of(w.reports, [&](const Report& r) { return r.site == static_cast<int>(s) && !r.regained; }))
      continue;
    // The loss goes up through the agency whose unit guards the site; its head may sit on it, then broadcasts bring it
    // later. What no agency guards as its own is public at once.
    int organisation = -1;
    for (const std::size_t u : w.places[static_cast<std::size_t>(site.place)].units)
      if (organisation < 0 && w.units[u].site == static_cast<int>(s)) organisation = w.scenario->units[u].organisation;
    const int head = organisation >= 0 ? w.head_of[static_cast<std::size_t>(organisation)] : -1;
    const bool loyal = head < 0 || w.offices[static_cast<std::size_t>(head)].stance == Stance::president;
    const double withheld = loyal ? w.p.bias : 0.6;
    const auto n = static_cast<std::uint32_t>(s);
    const auto step = static_cast<std::uint32_t>(w.step);
    const bool silent = head >= 0 && draw.happens(withheld, address(Mechanism::reports), n, step, 1);
    double delay = draw.delay(w.p.report_delay, address(Mechanism::reports), n, step, 0);
    std::int32_t event = state.event_fall;
    if (silent) {
      delay = 2.0 + 2.0 * delay;
      w.tally.false_reports += 1;
      event = w.note(EventKind::loss_withheld, site.place, static_cast<int>(s), w.actor_office(head), 0,
                     {state.event_fall});
      if (const int security = w.scenario->faction(FactionKind::security); !loyal && w.can(security, Action::misreport))
        w.act(Action::misreport, security, site.place, {event});
    }
    w.reports.push_back({static_cast<int>(s), false, w.now + delay, event});
  }
}

void watch_country(World& w) {
  double crowd = 0, violent = 0;
  bool all_held = true;
  double regions = 0;
  for (std::size_t c = 0; c < w.places.size(); ++c) {
    crowd += w.crowd(c);
    violent = std::max(violent, w.places[c].persons_violent);
    if (!w.tally.in_protest_today[c]) continue;
    bool first = true;  // of its region
    for (std::size_t b = 0; b < c && first; ++b)
      first = !(w.tally.in_protest_today[b] && w.about(b).region == w.about(c).region);
    regions += first;
  }
  for (std::size_t s = 0; s < w.sites.size(); ++s)
    all_held = all_held && (w.sites[s].held || !w.scenario->sites[s].state);
  Tally& t = w.tally;
  t.peak = std::max(t.peak, crowd);
  t.day_peak = std::max(t.day_peak, crowd);
  t.peak_regions = std::max(t.peak_regions, regions);

  const bool quiet = all_held && violent < 100;
  if (!quiet) w.quiet_since = never;
  if (quiet && !happened(w.quiet_since)) w.quiet_since = w.now;
  if (happened(w.violence_began) && !happened(w.restored) && quiet && w.now - w.quiet_since >= 6.0) {
    w.restored = w.now;
    w.note(EventKind::order_restored, -1, -1, -1, 0,
           {w.event_of(Action::live_fire), w.event_of(Action::mobilise_army)});
  }

  for (std::size_t k = 0; k < t.snapshots.size(); ++k) {
    const Hours at = w.scenario->snapshots[k].at;
    if (!(at >= w.now && at < w.now + w.dt) && !(w.step + 1 == w.scenario->clock.steps() && at >= w.now)) continue;
    const auto places = static_cast<double>(std::ranges::count(t.in_protest_today, true));
    t.snapshots[k] = {t.day_peak, regions, places, t.detained, t.deaths, t.security_deaths, w.network};
    // The next snapshot's "today" begins here.
    t.day_peak = crowd;
    for (std::size_t c = 0; c < w.places.size(); ++c) t.in_protest_today[c] = w.places[c].in_protest;
  }
}

}  // namespace

void publish_events(World& w, const Draws& draw) {
  for (std::size_t c = 0; c < w.places.size(); ++c) watch_place(w, c);
  report_changes(w, draw);
  spread_rumours(w, draw);
  watch_country(w);
  inquire(w, draw);
}

}  // namespace qantar::agents
