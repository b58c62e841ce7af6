#include "agents/world.hpp"

#include <algorithm>
#include <cmath>

#include "agents/priors.hpp"
#include "agents/rules/contest.hpp"

namespace qantar::agents {
namespace {

void draw_parameters(World& w, const Draws& draws) {
  const Scenario& s = *w.scenario;
  w.drawn = drawn_values(s.priors, draws);
  for (std::size_t i = 0; i < parameter_rows().size(); ++i) w.p.*parameter_rows()[i].member = w.value(s.parameters[i]);
  for (std::size_t i = 0; i < switch_count; ++i)
    w.switched_on[i] = named_uniform("switched_on." + switch_names()[i], draws) < w.value(s.switches[i]);
}

void settle_citizens(World& w, const Draws& draws) {
  const Scenario& s = *w.scenario;
  std::uint32_t next = 0;
  for (std::size_t c = 0; c < s.places.size(); ++c) {
    PlaceState& place = w.places[c];
    const auto agents = static_cast<std::uint32_t>(
        std::max(1.0, std::floor(s.places[c].population * s.head.mobilisable_share / s.head.persons_per_agent + 0.5)));
    place.first = next;
    place.last = next = next + (agents + group_size - 1) / group_size * group_size;
    place.pool = agents * s.head.persons_per_agent;
    place.count[static_cast<std::size_t>(Status::unaware)] = agents;
    place.count[static_cast<std::size_t>(Status::absent)] = place.last - place.first - agents;
  }
  Citizens& all = w.citizens;
  all.status.assign(next, Status::unaware);
  all.hardship.resize(next);
  all.risk_aversion.resize(next);
  all.threshold.resize(next);
  const auto& p = w.p;
  for (std::size_t c = 0; c < s.places.size(); ++c) {
    const PlaceState& place = w.places[c];
    const double mean = std::max(0.0, p.hardship + w.value(s.places[c].hardship_offset) +
                                          p.hardship_place_sd * draws.normal(address(Mechanism::citizen_traits),
                                                                             static_cast<std::uint32_t>(c), 0, 1));
    const auto agents =
        static_cast<std::uint32_t>(place.last - place.first - place.count[static_cast<std::size_t>(Status::absent)]);
    // Traits are addressed by the position within the place, so another place's size does not change them.
    for (std::uint32_t i = 0; i < place.last - place.first; ++i) {
      const sim::Block b = draws.block(address(Mechanism::citizen_traits), i, static_cast<std::uint32_t>(c), 2);
      const auto spread = [&](std::size_t k) { return 2.0 * sim::open_unit(b[k]) - 1.0; };
      const std::size_t agent = place.first + i;
      all.hardship[agent] = static_cast<float>(mean * (1.0 + p.hardship_spread * spread(0)));
      all.risk_aversion[agent] = static_cast<float>(p.risk_aversion * (1.0 + p.risk_spread * spread(1)));
      all.threshold[agent] = static_cast<float>(p.threshold + p.threshold_spread * spread(2));
      if (i >= agents) all.status[agent] = Status::absent;
    }
  }
}

void settle_elite(World& w, const Draws& draws) {
  const Scenario& s = *w.scenario;
  const auto factions = static_cast<Eigen::Index>(s.factions.size());
  const auto organisations = static_cast<Eigen::Index>(s.organisations.size());
  w.loyalty = Eigen::MatrixXd::Zero(factions, organisations);
  for (Eigen::Index o = 0; o < organisations; ++o) {
    for (Eigen::Index f = 0; f < factions; ++f)
      w.loyalty(f, o) = w.value(s.organisations[static_cast<std::size_t>(o)].loyalty[static_cast<std::size_t>(f)]);
    if (const double sum = w.loyalty.col(o).sum(); sum > 1.0) w.loyalty.col(o) /= sum;
  }
  w.loyalty_at_start = w.loyalty;
  w.resources = Eigen::MatrixXd::Zero(factions, 4);
  for (Eigen::Index f = 0; f < factions; ++f) {
    const auto& faction = s.factions[static_cast<std::size_t>(f)];
    // Coercion is what obeys it, counted in every step.
    w.resources.row(f) << w.value(faction.money), 0.0, w.value(faction.information), w.value(faction.external);
  }
  const int president = s.faction(FactionKind::presidential);
  const auto offices = static_cast<Eigen::Index>(s.offices.size());
  w.offices.resize(s.offices.size());
  w.shown = w.shown_by_others = Eigen::VectorXd::Zero(offices);
  w.offices_in.assign(s.organisations.size(), 0.0);
  w.head_of.assign(s.organisations.size(), -1);
  w.influence = Eigen::MatrixXd::Zero(offices, offices);
  for (Eigen::Index i = 0; i < offices; ++i) {
    const auto n = static_cast<std::uint32_t>(i);
    const Office& office = s.offices[static_cast<std::size_t>(i)];
    OfficeState& state = w.offices[static_cast<std::size_t>(i)];
    const double agency = president >= 0 ? w.loyalty(president, office.organisation) : 0.5;
    state.affinity = w.value(office.affinity) + (agency - 0.5) +
                     w.p.office_affinity_sd * draws.normal(address(Mechanism::office_traits), n, 0);
    state.affinity_start = state.affinity;
    state.expectation = w.p.belief_prior + w.p.belief_coordination;
    const auto organisation = static_cast<std::size_t>(office.organisation);
    w.offices_in[organisation] += 1;
    if (office.kind == OfficeKind::agency_head && w.head_of[organisation] < 0)
      w.head_of[organisation] = static_cast<int>(i);
    // One listens most to one's own organisation and to the powerful.
    for (Eigen::Index j = 0; j < offices; ++j) {
      const Office& other = s.offices[static_cast<std::size_t>(j)];
      if (i != j) w.influence(i, j) = other.power * (other.organisation == office.organisation ? 3.0 : 1.0);
    }
    if (const double sum = w.influence.row(i).sum(); sum > 0) w.influence.row(i) /= sum;
  }
}

void settle_forces(World& w, const Draws& draws) {
  const Scenario& s = *w.scenario;
  for (std::size_t u = 0; u < s.units.size(); ++u) {
    UnitState& unit = w.units[u];
    unit.place = s.units[u].place;
    w.places[static_cast<std::size_t>(unit.place)].units.push_back(u);
    unit.site = s.units[u].site;
    unit.strength = w.value(s.units[u].strength);
    unit.base_morale = unit.morale = w.value(s.organisations[static_cast<std::size_t>(s.units[u].organisation)].morale);
    unit.present = !s.units[u].reserve;
    if (unit.present) w.places[static_cast<std::size_t>(s.units[u].place)].police_at_start += unit.strength;
  }
  for (std::size_t i = 0; i < s.sites.size(); ++i) {
    w.places[static_cast<std::size_t>(s.sites[i].place)].sites.push_back(i);
    w.sites[i].lines = s.sites[i].lines;
    w.sites[i].arms = s.sites[i].arms;
  }
  const int clan = s.faction(FactionKind::clan);
  // Null process: every month somebody from a banned or criminal group is arrested, whatever is being prepared.
  w.tally.arrests_before = draws.poisson(w.p.unrelated_arrests, address(Mechanism::inquiry), 0, 0, 4);
  for (std::size_t g = 0; g < s.groups.size(); ++g) {
    const Group& group = s.groups[g];
    GroupState& state = w.groups[g];
    const double size = w.value(group.size);
    const bool enabled =
        group.enabled_by == without_switch || w.switched_on[static_cast<std::size_t>(group.enabled_by)];
    state.exists =
        enabled && size > 0 &&
        draws.happens(w.value(group.presence), address(Mechanism::groups), static_cast<std::uint32_t>(g), 0, 8);
    if (!state.exists) continue;
    state.size = size;
    // A clan cannot field more than it can pay.
    if (group.sponsor == Sponsor::clan && clan >= 0) state.size *= std::min(1.0, w.resources(clan, 0));
    state.armed_share = w.value(group.armed_share);
    state.skill = w.value(group.skill);
    state.unnoticed_probability = 1.0;
    const double months = w.value(group.preparation_months);
    if (months > 0) {
      state.unnoticed_probability = unnoticed(w.p.detection_rate, state.size, months, w.value(group.protection));
      if (!draws.happens(state.unnoticed_probability, address(Mechanism::groups), static_cast<std::uint32_t>(g), 0,
                         9)) {
        state.noticed = true;
        w.tally.arrests_before += std::floor(0.05 * state.size + 1.0);  // assumed: one in twenty is arrested
        state.size *= 0.2;                                              // assumed: four of five are stopped
      }
    }
  }
}

}  // namespace

World make_world(const Scenario& scenario, const Draws& draws) {
  World w(scenario);
  w.acted.fill(never);
  w.act_event.fill(no_event);
  w.now = scenario.clock.start();
  w.dt = scenario.clock.step_hours();
  w.places.resize(scenario.places.size());
  w.sites.resize(scenario.sites.size());
  w.units.resize(scenario.units.size());
  w.groups.resize(scenario.groups.size());
  draw_parameters(w, draws);
  w.chair_is_open = w.can(scenario.faction(FactionKind::presidential), Action::take_council_chair);
  for (std::size_t c = 0; c < scenario.places.size(); ++c) {
    PlaceState& place = w.places[c];
    place.legitimacy_base = place.legitimacy = sim::logit(w.p.legitimacy);
    place.shock_exposure = w.value(scenario.places[c].shock_exposure);
    place.force_readiness = w.value(scenario.places[c].force_readiness);
    place.network = w.value(scenario.places[c].network);
  }
  settle_citizens(w, draws);
  settle_elite(w, draws);
  settle_forces(w, draws);
  w.average_beliefs();
  w.tally.group_peak_by_sponsor.assign(sponsor_count, 0.0);
  w.tally.withdrawal_orders.assign(scenario.organisations.size(), 0.0);
  w.tally.left_before_contact.assign(scenario.organisations.size(), 0.0);
  w.tally.overrun.assign(scenario.organisations.size(), 0.0);
  w.tally.in_protest_today.assign(scenario.places.size(), false);
  w.tally.snapshots.assign(scenario.snapshots.size(), {});
  for (auto& s : w.tally.snapshots) s.fill(never);
  for (std::size_t g = 0; g < w.groups.size(); ++g)
    if (w.groups[g].noticed) w.note(EventKind::preparation_noticed, -1, -1, w.actor_group(g), w.groups[g].size, {});
  return w;
}

bool World::dark() const {
  const double h = hour();
  return h < scenario->inputs.sunrise || h >= scenario->inputs.sunset;
}

AgencyKind World::agency(std::size_t unit) const {
  return scenario->organisations[static_cast<std::size_t>(scenario->units[unit].organisation)].kind;
}

bool World::can(int faction, Action action) const {
  if (faction < 0) return false;
  const auto& actions = scenario->factions[static_cast<std::size_t>(faction)].actions;
  return std::ranges::find(actions, action) != actions.end();
}

void World::station(std::size_t unit, int place) {
  auto& before = places[static_cast<std::size_t>(units[unit].place)].units;
  auto& after = places[static_cast<std::size_t>(place)].units;
  std::erase(before, unit);
  after.insert(std::ranges::lower_bound(after, unit), unit);
  units[unit].place = place;
}

void World::average_beliefs() {
  belief.assign(scenario->organisations.size(), 0.0);
  for (std::size_t i = 0; i < offices.size(); ++i)
    belief[static_cast<std::size_t>(scenario->offices[i].organisation)] += offices[i].believes();
  for (std::size_t o = 0; o < belief.size(); ++o)
    belief[o] = offices_in[o] > 0 ? belief[o] / offices_in[o] : sim::logistic(p.belief_prior);
}

int World::actor_office(int office) const {
  return office < 0 ? -1 : static_cast<int>(scenario->factions.size() + scenario->organisations.size()) + office;
}
int World::actor_unit(std::size_t unit) const {
  return static_cast<int>(scenario->factions.size() + scenario->organisations.size() + scenario->offices.size() + unit);
}
int World::actor_group(std::size_t group) const { return actor_unit(scenario->units.size()) + static_cast<int>(group); }

std::int32_t World::note(EventKind kind, int place, int site, int actor, double amount,
                         std::initializer_list<std::int32_t> causes) {
  sim::LoggedEvent event;
  event.time = now;
  event.kind = static_cast<std::int32_t>(kind);
  event.refs[0] = place;
  event.refs[1] = site;
  event.refs[2] = actor;
  event.value = amount;
  for (const std::int32_t cause : causes)
    if (cause != no_event && std::ranges::find(event.causes, cause) == event.causes.end())
      event.causes.push_back(cause);
  log.push_back(std::move(event));
  return static_cast<std::int32_t>(log.size()) - 1;
}

bool World::act(Action action, int actor, int place, std::initializer_list<std::int32_t> causes) {
  const auto i = static_cast<std::size_t>(action);
  if (happened(acted[i])) return false;
  acted[i] = now;
  act_event[i] = note(static_cast<EventKind>(static_cast<int>(EventKind::action) + static_cast<int>(action)), place, -1,
                      actor, reported_loss, causes);
  return true;
}

void World::mark_expectations(double amount) {
  for (auto& office : offices) office.mark += amount * p.signal_scale;
}

}  // namespace qantar::agents
