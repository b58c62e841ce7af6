// Part 8: what office-holders expect, what they show, and where organisations lean.
#include <algorithm>

#include "agents/rules/beliefs.hpp"
#include "agents/step.hpp"

namespace qantar::agents {
namespace {

double patronage_of(const World& w, int faction) { return faction < 0 ? 0.0 : w.resources(faction, 0); }

void update_expectations(World& w, const Draws& draw) {
  const auto& p = w.p;
  for (std::size_t i = 0; i < w.offices.size(); ++i) w.shown(static_cast<Eigen::Index>(i)) = shown(w.offices[i].stance);
  w.shown_by_others.noalias() = w.influence * w.shown;
  const int clan = w.scenario->faction(FactionKind::clan);
  // What patrons pay their clients is gone.
  const double paid = sim::hazard(p.patronage_outlay, w.dt);
  for (Eigen::Index f = 0; f < w.resources.rows(); ++f) {
    w.tally.money_spent += paid * w.resources(f, 0);
    w.resources(f, 0) -= paid * w.resources(f, 0);
  }
  const bool patron_fades = happened(w.time_of(Action::take_council_chair));
  const double forgotten = sim::hazard(p.belief_memory, w.dt), approached = sim::hazard(p.belief_rate, w.dt);
  for (std::size_t i = 0; i < w.offices.size(); ++i) {
    OfficeState& office = w.offices[i];
    const Office& about = w.scenario->offices[i];
    const auto n = static_cast<std::uint32_t>(i);
    office.mark *= 1.0 - forgotten;
    // The succession clock: the patron's age and the loss of his posts move expectations to the president.
    const double elapsed = w.now - w.scenario->clock.start();
    const double drift = clan < 0 ? 0.0 : p.succession * elapsed * (patron_fades ? 2.0 : 1.0);
    const double target = expectation_target(p.belief_prior + drift, office.mark, p.belief_coordination,
                                             w.shown_by_others(static_cast<Eigen::Index>(i)));
    const double noise = p.belief_noise * std::sqrt(w.dt) *
                         draw.normal(address(Mechanism::beliefs), n, static_cast<std::uint32_t>(w.step));
    office.expectation += approached * (target - office.expectation) + noise;
    office.expectation = std::clamp(office.expectation, -12.0, 12.0);
    // Patronage: a faction that pays binds its clients, away from the president if it is the clan.
    // A purse that runs dry lets them drift back to where they stood.
    if (about.tie >= 0) {
      const double purse = patronage_of(w, about.tie);
      office.affinity += 0.1 * p.patronage * w.dt *
                         ((about.tie == clan ? -1.0 : 1.0) * purse +
                          std::max(0.0, 1.0 - purse) * (office.affinity_start - office.affinity));
    }
    office.affinity = std::clamp(office.affinity, -4.0, 4.0);
  }
}

// Power-weighted mean of what office-holders show: 1 when all support the president, 1/2 when all wait.
double visible_support(const World& w) {
  double sum = 0, power = 0;
  for (std::size_t i = 0; i < w.offices.size(); ++i) {
    sum += w.scenario->offices[i].power * shown(w.offices[i].stance);
    power += w.scenario->offices[i].power;
  }
  return power > 0 ? sum / power : 1.0;
}

void update_stances(World& w, const Draws& draw) {
  double challengers = 0, waiting = 0;
  // Open challenge is the less dangerous, the fewer still stand by the president.
  const double risk = w.p.challenge_risk * visible_support(w);
  const double reconsiders = sim::hazard(w.p.office_rate, w.dt);
  for (std::size_t i = 0; i < w.offices.size(); ++i) {
    OfficeState& office = w.offices[i];
    const auto n = static_cast<std::uint32_t>(i);
    const auto step = static_cast<std::uint32_t>(w.step);
    if (draw.happens(reconsiders, address(Mechanism::stances), n, step, 0)) {
      const auto chance = stance_choice(office.affinity, office.believes(), w.p.waiting_bonus, risk);
      const double x = draw.uniform(address(Mechanism::stances), n, step, 1);
      const Stance next = x < chance[0]               ? Stance::president
                          : x < chance[0] + chance[1] ? Stance::waiting
                                                      : Stance::challenger;
      if (next != office.stance) {
        office.stance = next;
        const EventKind shows = next == Stance::president ? EventKind::stance_supports
                                : next == Stance::waiting ? EventKind::stance_waits
                                                          : EventKind::stance_opposes;
        std::int32_t last_loss = no_event;
        for (const auto& site : w.sites) last_loss = std::max(last_loss, site.event_fall);
        office.event_stance = w.note(shows, w.scenario->offices[i].place, -1, w.actor_office(static_cast<int>(i)),
                                     office.believes(), {last_loss, w.event_of(Action::take_council_chair)});
      }
    }
    challengers += office.stance == Stance::challenger;
    waiting += office.stance == Stance::waiting;
  }
  const double n = std::max<double>(1.0, static_cast<double>(w.offices.size()));
  w.tally.challengers_peak = std::max(w.tally.challengers_peak, challengers / n);
  w.tally.waiting_peak = std::max(w.tally.waiting_peak, waiting / n);
  const double support = visible_support(w);
  w.tally.support_least = std::min(w.tally.support_least, support);
  // The president is out when his visible support stays too low for six hours, or the capital's seat is lost for
  // twelve.
  const bool against = support < w.p.ouster_support;
  if (!against) w.ouster_since = never;
  if (against && !happened(w.ouster_since)) w.ouster_since = w.now;
  bool capital_lost = false;
  for (std::size_t s = 0; s < w.sites.size(); ++s) {
    const Site& site = w.scenario->sites[s];
    capital_lost = capital_lost ||
                   (site.kind == SiteKind::administration && w.about(static_cast<std::size_t>(site.place)).capital &&
                    !w.sites[s].held && w.now - w.sites[s].fell >= 12.0);
  }
  if (!happened(w.ousted) && ((against && w.now - w.ouster_since >= 6.0) || capital_lost)) {
    w.ousted = w.now;
    w.note(EventKind::president_ousted, -1, -1, w.scenario->faction(FactionKind::presidential), support, {});
  }
}

// An organisation leans to the president as far as its offices show it, from where it stood before the crisis.
void update_loyalty(World& w) {
  const int president = w.scenario->faction(FactionKind::presidential);
  if (president < 0) return;
  for (Eigen::Index o = 0; o < w.loyalty.cols(); ++o) {
    double sum = 0, n = 0;
    for (std::size_t i = 0; i < w.offices.size(); ++i)
      if (w.scenario->offices[i].organisation == static_cast<int>(o)) {
        sum += shown(w.offices[i].stance);
        n += 1;
      }
    if (n == 0) continue;
    const double start = w.loyalty_at_start(president, o), total = w.loyalty_at_start.col(o).sum();
    const double target = std::min(total, start * (0.25 + 0.75 * sum / n));
    double& now = w.loyalty(president, o);
    now += sim::hazard(0.1, w.dt) * (target - now);
    // What the president loses goes to the others in proportion to what they had.
    const double rest_start = total - start, rest = total - now;
    for (Eigen::Index f = 0; f < w.loyalty.rows(); ++f)
      if (f != president && rest_start > 1e-9) w.loyalty(f, o) = w.loyalty_at_start(f, o) * rest / rest_start;
  }
}

// Coercion and information are what a faction really has at its disposal now.
void update_resources(World& w) {
  double all = 0;
  for (const auto& unit : w.units)
    if (unit.present) all += unit.strength;
  if (all > 0) {
    auto own = w.resources.col(1);
    own.setZero();
    for (std::size_t u = 0; u < w.units.size(); ++u)
      if (w.units[u].present && w.units[u].conduct == Conduct::obeying)
        own += w.units[u].strength * w.loyalty.col(w.scenario->units[u].organisation);
    own /= all;
  }
  const int president = w.scenario->faction(FactionKind::presidential);
  for (Eigen::Index f = 0; f < w.resources.rows(); ++f) {
    if (static_cast<int>(f) == president)
      w.resources(f, 2) = w.actual_loss > 0 ? std::min(1.0, w.reported_loss / w.actual_loss) : 1.0;
  }
  const int allies = w.scenario->faction(FactionKind::intervention);
  const double strength = w.value(w.scenario->intervention.strength);
  const double external = strength > 0 ? w.intervention_present / strength : 0.0;
  if (president >= 0) w.resources(president, 3) = external;
  if (allies >= 0) w.resources(allies, 1) = external;
}

}  // namespace

void officeholders_update(World& w, const Draws& draw) {
  update_expectations(w, draw);
  w.average_beliefs();
  update_stances(w, draw);
  update_loyalty(w);
  update_resources(w);
}

}  // namespace qantar::agents
