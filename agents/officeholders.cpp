#include "agents/officeholders.hpp"

#include <algorithm>

#include "agents/random_draws.hpp"
#include "agents/rules/beliefs.hpp"
#include "agents/rules/conduct.hpp"
#include "sim/conversions.hpp"

namespace qantar::agents {
namespace {

void update_expectations(World& w, const StepDraws& draw) {
  const auto& p = w.p;
  for (const OfficeId i : w.offices.ids()) w.shown(i.number()) = shown(w.offices[i].stance);
  w.shown_by_others.noalias() = w.influence * w.shown;
  const FactionId patron = w.scenario->faction(Role::patron);
  // What patrons pay their clients is gone.
  const double paid = sim::hazard(p.patronage_outlay, w.dt);
  for (const FactionId f : w.scenario->factions.ids()) {
    double& purse = w.resource(f, Resource::money);
    w.tally.money_spent += paid * purse;
    purse -= paid * purse;
  }
  const bool patron_fades = w.decided.turn.holds();
  const double forgotten = sim::hazard(p.belief_memory, w.dt), approached = sim::hazard(p.belief_rate, w.dt);
  for (const OfficeId i : w.offices.ids()) {
    OfficeState& office = w.offices[i];
    const Office& about = w.about(i);
    office.mark *= 1.0 - forgotten;
    // The succession clock: the patron's age and the loss of his posts move expectations to the president.
    const double elapsed = w.now - w.scenario->clock.start();
    const double drift = !patron.exists() ? 0.0 : p.succession * elapsed * (patron_fades ? 2.0 : 1.0);
    const double target =
        expectation_target(p.belief_prior + drift, office.mark, p.belief_coordination, w.shown_by_others(i.number()));
    const double noise = p.belief_noise * std::sqrt(w.dt) * draw.normal(purpose::expectation_noise, i);
    office.expectation += approached * (target - office.expectation) + noise;
    // Patronage: a faction that pays binds its clients, away from the president if it stands against him.
    // A purse that runs dry lets them drift back to where they stood.
    if (about.tie.exists()) {
      const double purse = w.resource(about.tie, Resource::money);
      office.affinity += p.patronage * w.dt *
                         ((about.tie == patron || w.about(about.tie).against.value_or(false) ? -1.0 : 1.0) * purse +
                          std::max(0.0, 1.0 - purse) * (office.affinity_start - office.affinity));
    }
  }
}

// Power-weighted mean of what office-holders show: 1 when all support the president, 1/2 when all wait.
double visible_support(const World& w) {
  double sum = 0, power = 0;
  for (const OfficeId i : w.offices.ids()) {
    sum += w.about(i).power * shown(w.offices[i].stance);
    power += w.about(i).power;
  }
  return power > 0 ? sum / power : 1.0;
}

void update_stances(World& w, const StepDraws& draw) {
  double challengers = 0, waiting = 0;
  // Open challenge is the less dangerous, the fewer still stand by the president.
  const double risk = w.p.challenge_risk * visible_support(w);
  const double reconsiders = sim::hazard(w.p.office_rate, w.dt);
  for (const OfficeId i : w.offices.ids()) {
    OfficeState& office = w.offices[i];
    if (draw.happens(reconsiders, purpose::holder_reconsiders, i)) {
      const auto chance = stance_choice(office.affinity, office.believes(), w.p.waiting_bonus, risk);
      const double x = draw.uniform(purpose::stance, i);
      const Stance next = x < chance[0]               ? Stance::president
                          : x < chance[0] + chance[1] ? Stance::waiting
                                                      : Stance::challenger;
      if (next != office.stance) {
        office.stance = next;
        const EventKind shows = next == Stance::president ? EventKind::stance_supports
                                : next == Stance::waiting ? EventKind::stance_waits
                                                          : EventKind::stance_opposes;
        EventNumber last_loss = no_event;
        for (const auto& site : w.sites) last_loss = std::max(last_loss, site.event_fall);
        office.event_stance =
            w.note(shows, w.about(i).place, {}, w.actor(i), office.believes(), {last_loss, w.decided.turn.event});
      }
    }
    challengers += office.stance == Stance::challenger;
    waiting += office.stance == Stance::waiting;
  }
  const double n = std::max<double>(1.0, sim::real(w.offices.size()));
  w.tally.challengers_peak = std::max(w.tally.challengers_peak, challengers / n);
  w.tally.waiting_peak = std::max(w.tally.waiting_peak, waiting / n);
  w.support = visible_support(w);
  w.tally.support_least = std::min(w.tally.support_least, w.support);
}

// An organisation leans to the president as far as its offices show it, from where it stood before the crisis.
void update_loyalty(World& w) {
  const FactionId president = w.scenario->faction(Role::incumbent);
  if (!president.exists()) return;
  for (const OrganisationId o : w.belief.ids()) {
    double sum = 0, n = 0;
    for (const OfficeId i : w.offices.ids())
      if (w.about(i).organisation == o) {
        sum += shown(w.offices[i].stance);
        n += 1;
      }
    if (n == 0) continue;
    const auto before = w.loyalty_at_start.col(o.number());
    const double start = before(president.number()), total = before.sum();
    const double target = std::min(total, start * (w.p.loyalty_floor + (1.0 - w.p.loyalty_floor) * sum / n));
    auto leaning = w.loyalty.col(o.number());
    double& now = leaning(president.number());
    now += sim::hazard(w.p.loyalty_rate, w.dt) * (target - now);
    // What the president loses goes to the others in proportion to what they had.
    const double rest_start = total - start, rest = total - now;
    for (const FactionId f : w.scenario->factions.ids())
      if (f != president && rest_start > 0) leaning(f.number()) = before(f.number()) * rest / rest_start;
  }
}

// Coercion is what obeys; other resources are what is left of them and what comes in.
void update_resources(World& w) {
  double all = 0;
  for (const auto& unit : w.units)
    if (unit.present || unit.side.exists()) all += unit.strength;
  if (all > 0) {
    auto own = w.resources.col(to_underlying(Resource::coercion));
    own.setZero();
    for (const UnitId u : w.units.ids())
      if (w.units[u].present && w.units[u].conduct == Conduct::obeying)
        own += w.units[u].strength * w.loyalty.col(w.about(u).organisation.number());
      else if (w.units[u].side.exists())
        own(w.units[u].side.number()) += w.units[u].strength * effort(w.units[u].conduct, w.p.stalling_effort);
    own /= all;
  }
  const FactionId president = w.scenario->faction(Role::incumbent);
  for (const FactionId f : w.scenario->factions.ids())
    if (const double income = w.value_or_0(w.about(f).income); income > 0)
      w.resource(f, Resource::money) = std::min(1.0, w.resource(f, Resource::money) + income * w.dt);
  const FactionId allies = w.scenario->faction(Role::intervention);
  const double strength = w.value(w.scenario->intervention.strength);
  const double external = strength > 0 ? w.intervention_present / strength : 0.0;
  if (president.exists())
    w.resource(president, Resource::external) = std::max(external, w.resource(president, Resource::external));
  if (allies.exists()) w.resource(allies, Resource::coercion) = external;
}

}  // namespace

void officeholders_update(World& w, const StepDraws& draw) {
  update_expectations(w, draw);
  w.average_beliefs();
  update_stances(w, draw);
  update_loyalty(w);
  update_resources(w);
}

}  // namespace qantar::agents
