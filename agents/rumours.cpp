// Part 7, continued: who is believed to hold an office. The truth is known inside; outside there are rumours, denials
// and, in the end, a decree. Rumours arise around every office of an agency in turmoil, whether true or not, so that a
// rumour is never proof.
#include <algorithm>

#include "agents/rules/rumour.hpp"
#include "agents/step.hpp"

namespace qantar::agents {
namespace {

// An office is talked about once the head of its organisation has gone, or its patron has lost the chair.
std::int32_t turmoil_around(const World& w, std::size_t office) {
  const Office& about = w.scenario->offices[office];
  const int head = w.head_of[static_cast<std::size_t>(about.organisation)];
  if (head >= 0 && head != static_cast<int>(office) && happened(w.offices[static_cast<std::size_t>(head)].published))
    return w.offices[static_cast<std::size_t>(head)].event_dismissed;
  const int clan = w.scenario->faction(FactionKind::clan);
  if (clan >= 0 && about.tie == clan && w.has_acted(Action::take_council_chair))
    return w.event_of(Action::take_council_chair);
  return no_event;
}

}  // namespace

void spread_rumours(World& w, const Draws& draw) {
  const auto& p = w.p;
  const auto step = static_cast<std::uint32_t>(w.step);
  for (std::size_t i = 0; i < w.offices.size(); ++i) {
    OfficeState& office = w.offices[i];
    if (happened(office.published)) continue;
    const auto n = static_cast<std::uint32_t>(i);
    const int place = w.scenario->offices[i].place, actor = w.actor_office(static_cast<int>(i));
    const bool gone = happened(office.dismissed);
    // Who stands at the top cannot leave unseen; for others the decree follows when it is ready.
    const OfficeKind kind = w.scenario->offices[i].kind;
    if (gone && (kind == OfficeKind::agency_head || kind == OfficeKind::head_of_government ||
                 kind == OfficeKind::council_chair))
      office.decree_due = office.dismissed;
    if (gone && !happened(office.decree_due))
      office.decree_due = office.dismissed + draw.delay(p.decree_delay, address(Mechanism::rumours), n, 0, 0);
    if (gone && w.now >= office.decree_due) {
      office.published = w.now;
      office.believed_vacant = -quiet_belief;
      w.note(EventKind::dismissal_published, place, -1, actor, 0, {office.event_dismissed});
      continue;
    }
    office.believed_vacant = fading_belief(office.believed_vacant, p.rumour_fade, w.dt);
    if (!w.scenario->offices[i].removable) continue;
    const std::int32_t cause = turmoil_around(w, i);
    if (cause == no_event && !gone) continue;
    // What is true leaks three times as fast as what is only imagined.
    const double rumour = p.rumour_rate * w.scenario->offices[i].power * (gone ? 3.0 : 1.0);
    if (draw.happens(sim::hazard(rumour, w.dt), address(Mechanism::rumours), n, step, 1)) {
      office.believed_vacant = std::min(-quiet_belief, office.believed_vacant + p.rumour_weight);
      office.event_rumour = w.note(EventKind::office_rumoured, place, -1, actor, sim::logistic(office.believed_vacant),
                                   {cause, office.event_rumour});
      if (!happened(office.rumoured)) office.rumoured = w.now;
    }
    // Agencies deny what is widely believed, mostly when it is false.
    if (office.believed_vacant > -2.0 &&
        draw.happens(sim::hazard(p.denial_rate * (gone ? 0.3 : 1.0), w.dt), address(Mechanism::rumours), n, step, 2)) {
      office.believed_vacant -= p.rumour_weight;
      office.event_rumour = w.note(EventKind::office_denied, place, -1, actor, sim::logistic(office.believed_vacant),
                                   {office.event_rumour});
      if (!happened(office.denied)) office.denied = w.now;
    }
    if (doubt(office.believed_vacant) > 0.36) office.doubtful_hours += w.dt;  // between one in ten and nine in ten
  }
}

double doubt_about_command(const World& w, std::size_t unit) {
  double most = 0;
  for (int office = w.scenario->units[unit].commander; office >= 0;
       office = w.scenario->offices[static_cast<std::size_t>(office)].superior)
    most = std::max(most, doubt(w.offices[static_cast<std::size_t>(office)].believed_vacant));
  return most;
}

}  // namespace qantar::agents
