#include "agents/effects.hpp"

#include <algorithm>

#include "agents/armed_groups.hpp"
#include "agents/citizens.hpp"
#include "agents/endings.hpp"
#include "agents/intervention.hpp"
#include "agents/messages.hpp"
#include "agents/officeholders.hpp"
#include "agents/random_draws.hpp"
#include "agents/sides.hpp"
#include "agents/standing.hpp"
#include "sim/conversions.hpp"

namespace qantar::agents {
namespace {

Scope scope_of(const Effect& e) { return e.scope.value_or(Scope::country); }

// Whether a place lies within the scope of an effect.
bool within(const World& w, const Effect& e, PlaceId c) {
  const PlaceState& place = w.places[c];
  switch (scope_of(e)) {
    case Scope::origin:
      return w.origin.exists() && w.about(c).region == w.about(w.origin).region;
    case Scope::trouble:
      return place.posture != Posture::hold || w.riots(c);
    case Scope::quiet:
      return place.deaths == 0 && w.about(c).significance < 1.0;
    case Scope::focal:
      return w.about(c).significance >= 1.0;
    case Scope::provinces:
      return !w.about(c).capital;
    case Scope::country:
      return true;
  }
  return true;
}

template <class Do>
void in_places(World& w, const Effect& e, Do&& act) {
  for (const PlaceId c : w.places.ids())
    if (within(w, e, c)) act(c);
}

InForce now(const World& w, const Cause& cause) { return {w.now, cause.event, cause.who}; }

void mark(World& w, const StepDraws&, const Effect& e, const Cause&) { w.mark_expectations(w.value(e.amount)); }

void relieve(World& w, const StepDraws&, const Effect& e, const Cause&) {
  in_places(w, e, [&](PlaceId c) { w.places[c].shock_relief = std::max(w.places[c].shock_relief, w.value(e.amount)); });
}

void appease(World& w, const StepDraws&, const Effect& e, const Cause&) { w.decided.appeasement += w.value(e.amount); }

void declare(World& w, const StepDraws&, const Effect& e, const Cause& cause) {
  if (scope_of(e) == Scope::country) w.decided.emergency_everywhere = now(w, cause);
  if (scope_of(e) == Scope::trouble) w.decided.emergency_in_trouble = now(w, cause);
  in_places(w, e, [&](PlaceId c) { declare_emergency(w, c); });
}

void lift(World& w, const StepDraws& draw, const Effect& e, const Cause&) {
  w.decided.emergency_in_trouble = {};
  in_places(w, e, [&](PlaceId c) {
    if (draw.happens(w.value(e.amount), purpose::emergency_lifted_first, c)) w.places[c].emergency = false;
  });
}

void set_network(World& w, const StepDraws&, const Effect& e, const Cause&) { w.decided.network = w.value(e.amount); }

// The head of the faction tells units of an organisation to do something.
void order_units(World& w, const StepDraws& draw, const Effect& e, const Cause& cause, Content content) {
  for (const UnitId u : w.units.ids())
    if (w.about(u).organisation == e.organisation && within(w, e, w.units[u].place) &&
        draw.happens(w.value(e.amount), purpose::told_to_leave, u))
      issue_order(w, draw, cause.who, u, {content}, cause.event);
}

void order_fire(World& w, const StepDraws& draw, const Effect&, const Cause& cause) {
  if (w.about(cause.who).role == Role::incumbent) {
    w.decided.fire = now(w, cause);
    return;
  }
  for (const UnitId u : w.units.ids())
    if (w.units[u].side == cause.who) issue_order(w, draw, cause.who, u, {Content::fire}, cause.event);
}

void order_to_leave(World& w, const StepDraws& draw, const Effect& e, const Cause& cause) {
  w.decided.directive = now(w, cause);
  order_units(w, draw, e, cause, Content::withdraw);
}

void order_to_clear(World& w, const StepDraws& draw, const Effect& e, const Cause& cause) {
  order_units(w, draw, e, cause, Content::clear);
}

void order_to_cease(World& w, const StepDraws& draw, const Effect& e, const Cause& cause) {
  order_units(w, draw, e, cause, Content::cease);
}

void order_to_hold(World& w, const StepDraws& draw, const Effect& e, const Cause& cause) {
  order_units(w, draw, e, cause, Content::hold);
}

void reinforce(World& w, const StepDraws&, const Effect&, const Cause& cause) {
  w.decided.reinforcement = now(w, cause);
}

void call_reserves(World& w, const StepDraws& draw, const Effect&, const Cause& cause) {
  w.decided.reserves = now(w, cause);
  call_up(w, draw);
}

void dismiss_holder(World& w, const StepDraws&, const Effect& e, const Cause& cause) {
  dismiss(w, e.office, cause.event);
}

void come_round(World& w, const StepDraws& draw, const Effect& e, const Cause&) {
  for (const OfficeId i : w.offices.ids())
    if (w.about(i).organisation == e.organisation && !w.dismissed(i) &&
        draw.happens(w.value(e.amount), purpose::subordinate_comes_round, i))
      w.offices[i].affinity = std::max(w.offices[i].affinity, w.p.successor_affinity);
}

void replace(World& w, const StepDraws&, const Effect& e, const Cause& cause) {
  w.decided.replacement = now(w, cause);
  w.decided.replaced_tie = e.faction;
}

void detain_holder(World& w, const StepDraws&, const Effect& e, const Cause& cause) {
  OfficeState& office = w.offices[e.office];
  if (happened(office.arrested)) return;
  office.arrested = w.now;
  w.note(EventKind::office_arrested, w.about(e.office).place, {}, w.actor(e.office), 0,
         {cause.event, office.event_dismissed});
}

void capture(World& w, const StepDraws&, const Effect& e, const Cause& cause) {
  OfficeState& office = w.offices[e.office];
  if (office.captured) return;
  office.captured = true;
  office.event_captured = cause.event;
}

void free_office(World& w, const StepDraws&, const Effect& e, const Cause&) { w.offices[e.office].captured = false; }

void take_control(World& w, const StepDraws&, const Effect&, const Cause& cause) {
  w.decided.turn = now(w, cause);
  w.tally.loss_before_chair = w.reported_loss;
}

void claim(World& w, const StepDraws&, const Effect& e, const Cause& cause) {
  const double claimed = w.value(e.amount) * w.resource(e.faction, Resource::money);
  w.resource(e.faction, Resource::money) -= claimed;
  w.resource(cause.who, Resource::money) += claimed;
}

void pay_faction(World& w, const StepDraws&, const Effect& e, const Cause& cause) {
  const double paid = w.value(e.amount) * w.resource(cause.who, Resource::money);
  w.resource(cause.who, Resource::money) -= paid;
  w.resource(e.faction, Resource::money) = std::min(1.0, w.resource(e.faction, Resource::money) + paid);
}

void sway(World& w, const StepDraws&, const Effect& e, const Cause&) {
  for (const OfficeId i : w.offices.ids())
    if (w.about(i).tie == e.faction) w.offices[i].affinity += w.value(e.amount);
}

void mobilise(World& w, const StepDraws&, const Effect& e, const Cause& cause) {
  mobilise_group(w, e.group, {cause.event});
}

void call_out(World& w, const StepDraws& draw, const Effect& e, const Cause&) {
  const auto agents = static_cast<std::int64_t>(w.value(e.amount) / w.scenario->head.persons_per_agent);
  move_citizens(w, draw, e.place, {Status::ready, Status::unaware}, Status::peaceful, agents, purpose::called_out);
}

void request(World& w, const StepDraws&, const Effect&, const Cause& cause) { w.decided.request = now(w, cause); }

void land(World& w, const StepDraws&, const Effect& e, const Cause& cause) {
  w.decided.landing = now(w, cause);
  w.mark_expectations(w.value(e.amount));
  hearten(w, w.scenario->intervention.place);
}

void leave(World& w, const StepDraws&, const Effect&, const Cause& cause) { w.decided.leaving = now(w, cause); }

void depart(World& w, const StepDraws&, const Effect&, const Cause&) { w.decided.gone = true; }

void hold_back(World& w, const StepDraws&, const Effect& e, const Cause& cause) {
  w.decided.held_back = now(w, cause);
  w.decided.restraint[e.organisation] = w.value(e.amount);
}

void turn_units(World& w, const StepDraws& draw, const Effect& e, const Cause& cause) {
  const double log_odds = w.value(e.amount) + believed_to_prevail(w, cause.who);
  for (const UnitId u : w.units.ids())
    if (w.about(u).organisation == e.organisation && draw.happens(sim::logistic(log_odds), purpose::unit_turns, u))
      turn(w, u, cause.who, cause.event);
}

void seize_site(World& w, const StepDraws& draw, const Effect& e, const Cause& cause) {
  for (const UnitId u : w.units.ids())
    if (w.units[u].side == cause.who && can_go_for(w, u, e.site))
      issue_order(w, draw, cause.who, u, {.content = Content::seize, .site = e.site}, cause.event);
}

void strike_site(World& w, const StepDraws& draw, const Effect& e, const Cause& cause) {
  strike(w, draw, e.site, w.value(e.amount), cause.event);
}

void call_rally(World& w, const StepDraws&, const Effect& e, const Cause& cause) {
  rally(w, e.place, cause.who, w.value(e.amount), cause.event);
}

void step_down(World& w, const StepDraws&, const Effect&, const Cause& cause) { lose_power(w, cause.event); }

constexpr EffectRow effect_table[] = {
    {"mark", About::nothing, false, "1", -5, 5,
     "moves what all office-holders expect, in log-odds that the president prevails", mark},
    {"sway", About::faction, false, "1", -5, 5, "moves the affinity to the president of the offices tied to a faction",
     sway},
    {"relieve", About::nothing, true, "1", 0, 1, "takes back this share of the shock", relieve},
    {"appease", About::nothing, false, "1", 0, 1,
     "gains legitimacy by the hour, as this share of a full concession does", appease},
    {"declare_emergency", About::nothing, true, "", 0, 0, "puts places under a state of emergency", declare},
    {"end_emergency", About::nothing, true, "1", 0, 1, "ends it in a place with this chance", lift},
    {"network", About::nothing, false, "1", 0, 1, "holds the network to this level", set_network},
    {"order_fire", About::nothing, false, "", 0, 0,
     "the head of the faction orders units to open fire: the president those where violence goes on, until order is "
     "restored; a challenger those that follow him, on people who come out against them",
     order_fire},
    {"order_to_leave", About::organisation, true, "1", 0, 1,
     "orders to leave their posts go to this share of the units of an organisation; those that follow the faction "
     "against the president give up",
     order_to_leave},
    {"order_to_clear", About::organisation, true, "1", 0, 1,
     "orders to clear the streets go to this share of the units of an organisation; those that follow the faction "
     "against "
     "the president clear instead of firing",
     order_to_clear},
    {"order_to_hold", About::organisation, true, "1", 0, 1,
     "orders to hold their posts, instead of any before, go to this share of the units of an organisation",
     order_to_hold},
    {"order_to_cease", About::organisation, true, "1", 0, 1,
     "orders to use no force, instead of any before, go to this share of the units of an organisation", order_to_cease},
    {"reinforce", About::nothing, false, "", 0, 0,
     "mobile units of quiet places are sent to the largest focal crowd, until order is restored", reinforce},
    {"call_reserves", About::nothing, false, "", 0, 0, "units in reserve are called up", call_reserves},
    {"dismiss", About::office, false, "", 0, 0, "dismisses the holder of an office", dismiss_holder},
    {"come_round", About::organisation, false, "1", 0, 1,
     "with this chance each office of an organisation comes round to the president", come_round},
    {"replace", About::faction, false, "", 0, 0,
     "from now on offices tied to a faction, and those that oppose, change hands one by one", replace},
    {"detain", About::office, false, "", 0, 0, "detains the holder, or the former one, of an office", detain_holder},
    {"capture", About::office, false, "", 0, 0, "an office is in the hands of its opponents and can do nothing",
     capture},
    {"free", About::office, false, "", 0, 0, "a captured office is free again", free_office},
    {"take_control", About::nothing, false, "", 0, 0, "the president alone commands from now on", take_control},
    {"claim", About::faction, false, "1", 0, 1, "takes this share of the money of another faction", claim},
    {"pay", About::faction, false, "1", 0, 1, "gives this share of the own money to another faction", pay_faction},
    {"mobilise", About::group, false, "", 0, 0, "an organised group goes into action", mobilise},
    {"call_out", About::place, false, "person", 0, 1e7, "so many people take to the streets of a place, peacefully",
     call_out},
    {"request", About::nothing, false, "", 0, 0, "asks for an intervention from abroad", request},
    {"land", About::nothing, false, "1", -5, 5, "the intervention lands; the amount moves what office-holders expect",
     land},
    {"leave", About::nothing, false, "", 0, 0, "the intervention begins to leave", leave},
    {"depart", About::nothing, false, "", 0, 0, "what is left of the intervention is gone", depart},
    {"hold_back", About::organisation, false, "1", 0, 5,
     "units of an organisation in places of significance 1 are told to hold back until the president alone commands; "
     "the amount is what that adds to the ambiguity of their orders",
     hold_back},
    {"turn", About::organisation, false, "1", -20, 20,
     "each unit of an organisation follows the faction from now on, or comes back to the one in power: log-odds of "
     "the amount and of its belief that it prevails",
     turn_units},
    {"seize", About::site, false, "", 0, 0,
     "units that follow the faction are ordered to take a site, or to block it if it is a road or a bridge: those "
     "whose "
     "task it is, or that are in its place and free",
     seize_site},
    {"strike", About::site, false, "person", 0, 1e5,
     "a site is fired on from afar and nothing taken; about so many are killed, its guards first", strike_site},
    {"rally", About::place, false, "person", 0, 1e7,
     "people come out in a place for the faction, so many when all hear of it, against units of other sides",
     call_rally},
    {"step_down", About::nothing, false, "", 0, 0, "the president gives up power", step_down},
};

}  // namespace

std::span<const EffectRow> effect_rows() { return effect_table; }

}  // namespace qantar::agents
