#include "agents/decisions.hpp"

#include <algorithm>
#include <utility>

#include "agents/effects.hpp"
#include "agents/legitimacy.hpp"
#include "agents/random_draws.hpp"
#include "agents/rules/choice.hpp"
#include "agents/signals.hpp"
#include "agents/standing.hpp"
#include "sim/conversions.hpp"

namespace qantar::agents {
namespace {

constexpr std::pair<Resource, sim::Number Costs::*> costs[] = {{Resource::money, &Costs::money},
                                                               {Resource::coercion, &Costs::coercion},
                                                               {Resource::information, &Costs::information},
                                                               {Resource::external, &Costs::external}};

double price_of(const World& w, FactionId who, const ActionEntry& action) {
  double sum = 0;
  for (const auto& [resource, amount] : costs) sum += price(w.value(action.cost.*amount), w.resource(who, resource));
  return sum;
}

// Mean age of what a faction knows, h.
double lag_of(const World& w, FactionId who) {
  return w.value(w.scenario->decisions.delay) * (1.0 - w.resource(who, Resource::information));
}

// What a faction makes of a signal: known late, the later the less it knows.
double as_known(World& w, FactionId who, std::size_t condition, double truth) {
  const double lag = lag_of(w, who);
  if (lag <= 0) return truth;
  double& known = w.seen[condition];
  return known = known != known ? truth : known + (truth - known) * sim::hazard(1.0 / lag, w.dt);
}

// How far all conditions of a motive are met.
double situation(World& w, const Choice& choice) {
  const Motive& motive = w.about(choice.motive);
  const double noise = w.value(w.scenario->decisions.noise);
  double met = 1;
  for (std::size_t i = 0; i < motive.when.size(); ++i) {
    const Condition& c = motive.when[i];
    const SignalRow& signal = signal_rows()[c.signal];
    const double truth = signal.sense(w, choice.faction, c).value;
    const double known = signal.reported ? as_known(w, choice.faction, choice.first_condition + i, truth) : truth;
    const double information = signal.reported ? w.resource(choice.faction, Resource::information) : 1.0;
    met *= met_by(w, c, known, information, noise);
  }
  return met;
}

// Log-weight of acting on a motive now, beside 0 for waiting.
double weigh(World& w, const Choice& choice, double log_odds) {
  const Motive& motive = w.about(choice.motive);
  if (happened(w.action_time[motive.action]) || !w.on(motive.enabled_by)) return impossible;
  const bool possible = can_take(w, choice.faction, motive.action);
  if (!possible && lag_of(w, choice.faction) <= 0) return impossible;
  const double met = situation(w, choice);  // what is known late goes on while nothing can be done
  if (met <= 0 || !possible) return impossible;
  const ActionEntry& action = w.about(motive.action);
  const Faction& faction = w.about(choice.faction);
  const DecisionRule& rule = w.scenario->decisions;
  const double worth = gain(w.value_or_0(faction.stake), log_odds, w.value(action.shift[choice.faction])) +
                       w.value(motive.intent) - w.value(rule.resource_price) * price_of(w, choice.faction, action);
  return sim::log(met) - w.value(motive.barrier) + w.value(rule.precision) * worth;
}

void pay(World& w, FactionId who, const ActionEntry& action) {
  for (const auto& [resource, amount] : costs) {
    double& has = w.resource(who, resource);
    const double paid = std::min(has, w.value(action.cost.*amount));  // a what-if may bring what cannot be paid
    has -= paid;
    if (resource == Resource::money) w.tally.money_spent += paid;
  }
  if (const double cost = w.value(action.cost.legitimacy); cost > 0)
    for (auto& place : w.places) move_legitimacy(place, -cost);
}

void take_effect(World& w, const StepDraws& draw, ActionId id, FactionId who) {
  for (const Effect& effect : w.about(id).effects)
    effect_rows()[effect.kind].apply(w, draw, effect, {who, w.action_event[id]});
}

void act_on(World& w, const StepDraws& draw, const Choice& choice) {
  const Motive& motive = w.about(choice.motive);
  std::vector<EventNumber> causes;
  for (const ActionId before : w.about(motive.action).needs) causes.push_back(w.action_event[before]);
  for (const Condition& c : motive.when) causes.push_back(signal_rows()[c.signal].sense(w, choice.faction, c).event);
  take_action(w, draw, choice.faction, motive.action, causes);
}

void deliver_effects(World& w, const StepDraws& draw) {
  if (w.pending.empty()) return;
  const auto due = std::stable_partition(w.pending.begin(), w.pending.end(),
                                         [&](const PendingAction& p) { return p.due >= w.now + w.dt; });
  const std::vector<PendingAction> now(due, w.pending.end());
  w.pending.erase(due, w.pending.end());
  for (const PendingAction& p : now) take_effect(w, draw, p.action, p.by);
}

struct Decided {
  double after;  // hours into the step
  const Choice* choice;
};

// Which motives each faction acts on in this step. Decisions come at a rate; each falls on a motive by its share.
std::vector<Decided> decide(World& w, const StepDraws& draw) {
  std::vector<Decided> out;
  std::vector<double>& weights = w.weights;
  const auto& choices = w.scenario->choices;
  const double rate = w.value(w.scenario->decisions.rate);
  for (std::size_t first = 0, last = 0; first < choices.size(); first = last) {
    const FactionId who = choices[first].faction;
    const double log_odds = believed_to_prevail(w, who);
    weights.clear();
    for (; last < choices.size() && choices[last].faction == who; ++last)
      weights.push_back(weigh(w, choices[last], log_odds));
    choose_or_wait(weights);
    for (std::size_t i = first; i < last; ++i) {
      const double share = weights[i - first];
      if (share <= 0) continue;
      const double u = draw.uniform(purpose::acts, w.about(choices[i].motive).luck, who);
      if (const double after = -sim::log(u) / (rate * share); after < w.dt) out.push_back({after, &choices[i]});
    }
  }
  if (out.size() > 1) std::ranges::stable_sort(out, {}, &Decided::after);
  return out;
}

// A what-if may set the hour of an action, whatever is thought of it.
void act_when_set(World& w, const StepDraws& draw) {
  for (const ActionId a : w.scenario->actions.ids()) {
    const ActionEntry& action = w.about(a);
    if (happened(action.latest) && w.now >= action.latest && !happened(w.action_time[a]) && !action.by.empty())
      take_action(w, draw, action.by.front(), a, {});
  }
}

// What was decided goes on by itself, as long as who decided it is in power.
void carry_out(World& w, const StepDraws& draw) {
  const auto goes_on = [&](const InForce& decision) { return decision.holds() && w.in_power(decision.by); };
  if (goes_on(w.decided.emergency_in_trouble)) spread_emergency(w, draw);
  if (goes_on(w.decided.replacement)) replace_one_by_one(w, draw);
  if (goes_on(w.decided.fire)) send_fire_orders(w, draw, w.decided.fire.by);
  if (!goes_on(w.decided.reinforcement)) return;
  PlaceId focal;
  for (const PlaceId c : w.places.ids())
    if (w.about(c).significance >= 1.0 && (!focal.exists() || w.crowd(c) > w.crowd(focal))) focal = c;
  if (focal.exists()) send_reinforcements(w, draw, w.decided.reinforcement.by, focal);
}

}  // namespace

bool can_afford(const World& w, FactionId faction, ActionId id) {
  return price_of(w, faction, w.about(id)) < -impossible;
}

bool can_take(const World& w, FactionId faction, ActionId id) {
  const ActionEntry& action = w.about(id);
  if (happened(w.action_time[id])) return false;
  if (!w.in_power(faction)) return false;
  if (action.office.exists() && (w.dismissed(action.office) || w.offices[action.office].captured)) return false;
  const auto taken = [&](ActionId a) { return happened(w.action_time[a]); };
  return std::ranges::all_of(action.needs, taken) && std::ranges::none_of(action.not_after, taken) &&
         can_afford(w, faction, id);
}

void take_action(World& w, const StepDraws& draw, FactionId who, ActionId id, const std::vector<EventNumber>& causes) {
  const ActionEntry& action = w.about(id);
  pay(w, who, action);
  w.action_time[id] = w.now;
  w.action_event[id] = w.note_action(id, who, causes);
  const double mean = w.value(action.delay);
  if (mean <= 0) return take_effect(w, draw, id, who);
  w.pending.push_back({id, who, w.now + draw.once().delay(mean, purpose::effects_come, action.luck)});
}

void factions_choose(World& w, const StepDraws& draw) {
  deliver_effects(w, draw);
  for (const Decided& d : decide(w, draw))
    if (can_take(w, d.choice->faction, w.about(d.choice->motive).action)) act_on(w, draw, *d.choice);
  act_when_set(w, draw);
  carry_out(w, draw);
}

}  // namespace qantar::agents
