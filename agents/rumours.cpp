#include "agents/rumours.hpp"

#include <algorithm>

#include "agents/random_draws.hpp"
#include "agents/rules/rumour.hpp"

namespace qantar::agents {
namespace {

// An office is talked about once the head of its organisation has gone, or its patron has lost the chair.
EventNumber turmoil_around(const World& w, OfficeId office) {
  const Office& about = w.about(office);
  const OfficeId head = w.about(about.organisation).head;
  if (head.exists() && head != office && happened(w.offices[head].published)) return w.offices[head].event_dismissed;
  const FactionId patron = w.scenario->faction(Role::patron);
  if (patron.exists() && about.tie == patron && w.decided.turn.holds()) return w.decided.turn.event;
  return no_event;
}

// Who heads an organisation or has nobody above him.
bool at_the_top(const World& w, OfficeId office) {
  const Office& about = w.about(office);
  return !about.superior.exists() || w.about(about.organisation).head == office;
}

}  // namespace

void spread_rumours(World& w, const StepDraws& draw) {
  const auto& p = w.p;
  for (const OfficeId i : w.offices.ids()) {
    OfficeState& office = w.offices[i];
    if (happened(office.published)) continue;
    const PlaceId place = w.about(i).place;
    const ActorId actor = w.actor(i);
    const bool gone = happened(office.dismissed);
    // Who stands at the top cannot leave unseen; for others the decree follows when it is ready.
    if (gone && at_the_top(w, i)) office.decree_due = office.dismissed;
    if (gone && !happened(office.decree_due))
      office.decree_due = office.dismissed + draw.once().delay(p.decree_delay, purpose::decree_delay, i);
    if (gone && w.now >= office.decree_due) {
      office.published = w.now;
      office.believed_vacant = -p.quiet_belief;
      w.note(EventKind::dismissal_published, place, {}, actor, 0, {office.event_dismissed});
      continue;
    }
    office.believed_vacant = fading_belief(office.believed_vacant, p.quiet_belief, p.rumour_fade, w.dt);
    if (!w.about(i).removable) continue;
    const EventNumber cause = turmoil_around(w, i);
    if (cause == no_event && !gone) continue;
    // What is true leaks faster than what is only imagined.
    const double rumour = p.rumour_rate * w.about(i).power * (gone ? p.true_rumours : 1.0);
    if (draw.happens(sim::hazard(rumour, w.dt), purpose::rumoured, i)) {
      office.believed_vacant = std::min(-p.quiet_belief, office.believed_vacant + p.rumour_weight);
      office.event_rumour = w.note(EventKind::office_rumoured, place, {}, actor, sim::logistic(office.believed_vacant),
                                   {cause, office.event_rumour});
      if (!happened(office.rumoured)) office.rumoured = w.now;
    }
    // Agencies deny what is widely believed, mostly when it is false.
    if (sim::logistic(office.believed_vacant) > p.doubtful_from &&
        draw.happens(sim::hazard(p.denial_rate * (gone ? p.denial_when_true : 1.0), w.dt), purpose::denied, i)) {
      office.believed_vacant -= p.rumour_weight;
      office.event_rumour = w.note(EventKind::office_denied, place, {}, actor, sim::logistic(office.believed_vacant),
                                   {office.event_rumour});
      if (!happened(office.denied)) office.denied = w.now;
    }
    if (doubt(office.believed_vacant) > openness(p.doubtful_from)) office.doubtful_hours += w.dt;
  }
}

double doubt_about_command(const World& w, UnitId unit) {
  double most = 0;
  for (OfficeId office = w.about(unit).commander; office.exists(); office = w.about(office).superior)
    most = std::max(most, doubt(w.offices[office].believed_vacant));
  return most;
}

}  // namespace qantar::agents
