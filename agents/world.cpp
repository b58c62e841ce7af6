#include "agents/world.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "agents/prior_draws.hpp"
#include "agents/random_draws.hpp"
#include "agents/rules/contest.hpp"
#include "agents/rules/participation.hpp"

namespace qantar::agents {
namespace {

void draw_parameters(World& w, const Draws& draws) {
  const Scenario& s = *w.scenario;
  w.drawn = drawn_values(s.priors, draws);
  for (std::size_t i = 0; i < parameter_rows().size(); ++i) w.p.*parameter_rows()[i].member = w.value(s.parameters[i]);
  for (const SwitchId i : s.switches.ids())
    w.switched_on.push_back(named_uniform("switched_on." + s.ids.names("switches")[i.index()], draws) <
                            w.value(s.switches[i]));
}

void settle_citizens(World& w, const StepDraws& draw) {
  const Scenario& s = *w.scenario;
  std::uint32_t next = 0;
  for (const PlaceId c : s.places.ids()) {
    PlaceState& place = w.places[c];
    const auto agents = static_cast<std::uint32_t>(
        std::max(1.0, sim::rounded(s.places[c].population * s.head.mobilisable_share / s.head.persons_per_agent)));
    place.first = next;
    place.last = next = next + (agents + group_size - 1) / group_size * group_size;
    place.pool = agents * s.head.persons_per_agent;
    place.count[Status::unaware] = agents;
    place.count[Status::absent] = place.last - place.first - agents;
  }
  Citizens& all = w.citizens;
  all.status.assign(next, Status::unaware);
  all.hardship.resize(next);
  all.risk_aversion.resize(next);
  all.threshold.resize(next);
  const auto& p = w.p;
  for (const PlaceId c : s.places.ids()) {
    const PlaceState& place = w.places[c];
    const double mean = std::max(0.0, p.hardship + w.value(s.places[c].hardship_offset) +
                                          p.hardship_place_sd * draw.normal(purpose::hardship_of_place, c));
    // Traits are addressed by the position within the place, so another place's size does not change them.
    for (std::uint32_t i = 0; i < place.last - place.first; ++i) {
      const sim::Block b = draw.at(c).block(purpose::traits, i);
      const auto spread = [&](std::size_t k) { return 2.0 * sim::open_unit(b[k]) - 1.0; };
      const std::size_t agent = place.first + i;
      all.hardship[agent] = single(mean * (1.0 + p.hardship_spread * spread(0)));
      all.risk_aversion[agent] = single(p.risk_aversion * (1.0 + p.risk_spread * spread(1)));
      all.threshold[agent] = single(p.threshold + p.threshold_spread * spread(2));
      if (i >= place.count[Status::unaware]) all.status[agent] = Status::absent;
    }
  }
}

void settle_elite(World& w, const StepDraws& draw) {
  const Scenario& s = *w.scenario;
  const auto size = [](const auto& table) -> Eigen::Index { return table.size(); };
  w.loyalty = Eigen::MatrixXd::Zero(size(s.factions), size(s.organisations));
  for (const OrganisationId o : s.organisations.ids()) {
    for (const FactionId f : s.factions.ids())
      w.loyalty(f.number(), o.number()) = w.value(s.organisations[o].loyalty[f]);
    if (const double sum = w.loyalty.col(o.number()).sum(); sum > 1.0) w.loyalty.col(o.number()) /= sum;
  }
  w.loyalty_at_start = w.loyalty;
  w.resources = Eigen::MatrixXd::Zero(size(s.factions), resource_count);
  for (const FactionId f : s.factions.ids()) {
    // Coercion is what obeys it, counted in every step.
    w.resource(f, Resource::money) = w.value(s.factions[f].money);
    w.resource(f, Resource::information) = w.value(s.factions[f].information);
    w.resource(f, Resource::external) = w.value(s.factions[f].external);
  }
  const FactionId president = s.faction(Role::incumbent);
  w.offices.resize(s.offices.size());
  w.shown = w.shown_by_others = Eigen::VectorXd::Zero(size(s.offices));
  w.offices_in.assign(s.organisations.size(), 0.0);
  w.decided.restraint.assign(s.organisations.size(), 0.0);
  w.influence = Eigen::MatrixXd::Zero(size(s.offices), size(s.offices));
  for (const OfficeId i : s.offices.ids()) {
    const Office& office = s.offices[i];
    OfficeState& state = w.offices[i];
    const double agency = president.exists() ? w.loyalty_of(office.organisation, president) : 1.0 / 2.0;
    state.affinity = w.value(office.affinity) + w.p.loyalty_weight * (2.0 * agency - 1.0) +
                     w.p.office_affinity_sd * draw.normal(purpose::affinity, i);
    state.affinity_start = state.affinity;
    state.believed_vacant = w.p.quiet_belief;
    state.expectation = w.p.belief_prior + w.p.belief_coordination;
    w.offices_in[office.organisation] += 1;
    // One listens most to one's own organisation and to the powerful.
    for (const OfficeId j : s.offices.ids()) {
      const Office& other = s.offices[j];
      if (i != j)
        w.influence(i.number(), j.number()) =
            other.power * (other.organisation == office.organisation ? w.p.own_organisation : 1.0);
    }
    if (const double sum = w.influence.row(i.number()).sum(); sum > 0) w.influence.row(i.number()) /= sum;
  }
}

void settle_forces(World& w, const StepDraws& draw) {
  const Scenario& s = *w.scenario;
  for (const UnitId u : s.units.ids()) {
    UnitState& unit = w.units[u];
    unit.place = s.units[u].place;
    w.places[unit.place].units.push_back(u);
    unit.site = s.units[u].site;
    unit.strength = w.value(s.units[u].strength);
    unit.base_morale = unit.morale = w.value(s.organisations[s.units[u].organisation].morale);
    unit.present = !s.units[u].reserve;
    if (s.turned(s.units[u])) {
      unit.side = s.units[u].side;
      unit.present = false;
      w.anybody_turned = true;
    }
    if (unit.present) w.places[s.units[u].place].police_at_start += unit.strength;
  }
  for (const SiteId i : s.sites.ids()) {
    w.places[s.sites[i].place].sites.push_back(i);
    w.sites[i].lines = s.sites[i].lines;
    w.sites[i].arms = s.sites[i].arms;
    w.sites[i].open_shops = std::max(1.0, s.sites[i].businesses);
  }
  // Null process: every month somebody from a banned or criminal group is arrested, whatever is being prepared.
  w.tally.arrests_before = draw.poisson(w.p.unrelated_arrests, purpose::arrests_before);
  for (const GroupId g : s.groups.ids()) {
    const Group& group = s.groups[g];
    GroupState& state = w.groups[g];
    const double size = w.value(group.size);
    state.exists =
        w.on(group.enabled_by) && size > 0 && draw.happens(w.value(group.presence), purpose::group_exists, g);
    if (!state.exists) continue;
    state.size = size;
    state.armed_share = w.value(group.armed_share);
    state.skill = w.value(group.skill);
    state.unnoticed_probability = 1.0;
    const double months = w.value(group.preparation_months);
    if (months > 0) {
      state.unnoticed_probability = unnoticed(w.p.detection_rate, state.size, months, w.value(group.protection));
      if (!draw.happens(state.unnoticed_probability, purpose::preparation_unnoticed, g)) {
        state.noticed = true;
        w.tally.arrests_before += std::ceil(w.p.noticed_arrested * state.size);
        state.size *= w.p.noticed_left;
      }
    }
  }
}

}  // namespace

World make_world(const Scenario& scenario, const Draws& draws) {
  World w(scenario);
  w.now = scenario.clock.start();
  w.dt = scenario.clock.step_hours();
  w.places.resize(scenario.places.size());
  w.sites.resize(scenario.sites.size());
  w.units.resize(scenario.units.size());
  w.groups.resize(scenario.groups.size());
  w.action_time.assign(scenario.actions.size(), never);
  w.action_event.assign(scenario.actions.size(), no_event);
  w.ending_since.assign(scenario.endings.size(), never);
  std::size_t conditions = 0;
  for (const Choice& choice : scenario.choices) conditions += scenario.motives[choice.motive].when.size();
  w.weights.reserve(scenario.choices.size());
  w.seen.assign(conditions, std::numeric_limits<double>::quiet_NaN());
  draw_parameters(w, draws);
  w.chair_is_open = std::ranges::any_of(scenario.actions, [](const ActionEntry& a) { return a.takes_control; });
  for (std::size_t c = 0; c < scenario.places.size(); ++c) {
    PlaceState& place = w.places[c];
    place.legitimacy = w.p.legitimacy;
    place.shock_exposure = w.value(scenario.places[c].shock_exposure);
    place.force_readiness = w.value(scenario.places[c].force_readiness);
    place.network = w.value(scenario.places[c].network);
  }
  const StepDraws once(draws, 0);
  settle_citizens(w, once);
  settle_elite(w, once);
  settle_forces(w, once);
  w.average_beliefs();
  w.tally.withdrawal_orders.assign(scenario.organisations.size(), 0.0);
  w.tally.left_before_contact.assign(scenario.organisations.size(), 0.0);
  w.tally.group_peak_by_sponsor.assign(scenario.factions.size() + 1, 0.0);
  w.tally.overrun.assign(scenario.organisations.size(), 0.0);
  w.tally.in_protest_today.assign(scenario.places.size(), false);
  w.tally.snapshots.assign(scenario.snapshots.size(), {});
  for (const GroupId g : w.groups.ids())
    if (w.groups[g].noticed) w.note(EventKind::preparation_noticed, {}, {}, w.actor(g), w.groups[g].size, {});
  return w;
}

bool World::dark() const {
  const double h = hour();
  const Inputs& of = scenario->inputs;
  return of.sunrise != of.sunset && (h < of.sunrise || h >= of.sunset);
}

void World::station(UnitId unit, PlaceId place) {
  auto& before = places[units[unit].place].units;
  auto& after = places[place].units;
  std::erase(before, unit);
  after.insert(std::ranges::lower_bound(after, unit), unit);
  units[unit].place = place;
}

void World::average_beliefs() {
  belief.assign(scenario->organisations.size(), 0.0);
  for (std::size_t i = 0; i < offices.size(); ++i) belief[scenario->offices[i].organisation] += offices[i].believes();
  for (std::size_t o = 0; o < belief.size(); ++o)
    belief[o] = offices_in[o] > 0 ? belief[o] / offices_in[o] : sim::logistic(p.belief_prior);
}

ActorId World::actor(FactionId faction) const { return ActorId(faction.number()); }
ActorId World::actor(OfficeId office) const {
  return office.exists() ? ActorId(scenario->factions.size() + scenario->organisations.size() + office.index())
                         : ActorId();
}
ActorId World::actor(UnitId unit) const {
  return ActorId(scenario->factions.size() + scenario->organisations.size() + scenario->offices.size() + unit.index());
}
ActorId World::actor(GroupId group) const { return ActorId(actor(UnitId(units.size())).index() + group.index()); }

EventNumber World::note(EventKind kind, PlaceId place, SiteId site, ActorId actor, double amount,
                        std::initializer_list<EventNumber> causes) {
  sim::LoggedEvent event;
  event.time = now;
  event.kind = to_underlying(kind);
  event.refs[0] = place.number();
  event.refs[1] = site.number();
  event.refs[2] = actor.number();
  event.value = amount;
  for (const EventNumber cause : causes)
    if (cause != no_event && std::ranges::find(event.causes, cause) == event.causes.end())
      event.causes.push_back(cause);
  log.push_back(std::move(event));
  return static_cast<EventNumber>(log.size()) - 1;
}

EventNumber World::note_action(ActionId action, FactionId faction, const std::vector<EventNumber>& causes) {
  const auto kind = static_cast<EventKind>(to_underlying(EventKind::action) + action.number());
  const EventNumber event = note(kind, {}, {}, actor(faction), reported_loss, {});
  auto& listed = log.back().causes;
  for (const EventNumber cause : causes)
    if (cause != no_event && std::ranges::find(listed, cause) == listed.end()) listed.push_back(cause);
  return event;
}

void World::mark_expectations(double amount) {
  for (auto& office : offices) office.mark += amount * p.signal_scale;
}

}  // namespace qantar::agents
