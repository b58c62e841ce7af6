#include "agents/messages.hpp"

#include <algorithm>

#include "agents/random_draws.hpp"
#include "agents/rules/travel.hpp"
#include "agents/sides.hpp"

namespace qantar::agents {
namespace {

// The luck of an order belongs to its addressee, its content and the step in which it was sent, so that other orders,
// such as those of a switch, do not change it. Levels count down to 0 at the unit.
constexpr std::size_t slots_of_content = 64, slots_of_level = 2;
std::size_t order_slot(const Order& order, std::size_t level) {
  return slots_of_content * to_underlying(order.sent_as) + slots_of_level * level;
}
double order_uniform(const StepDraws& draw, const Order& order, std::size_t level) {
  return draw.at(order.sent_in).uniform(purpose::order_relayed, order.unit, order_slot(order, level));
}
double order_delay(const World& w, const StepDraws& draw, const Order& order, std::size_t level) {
  return draw.at(order.sent_in).delay(w.p.order_delay, purpose::order_delay, order.unit, order_slot(order, level));
}

// What an office-holder does with an order, by the stance he has taken. Chances are parameters.
enum class Relay { passes, lets_lie, replaces };

Relay relay(const World& w, const Order& order, OfficeId office, double u) {
  if (w.offices[office].captured) return Relay::lets_lie;
  const Stance stance = w.offices[office].stance;
  const auto& p = w.p;
  if (w.about(order.by).role != Role::incumbent)  // not the president's: those who support him may let it lie
    return stance == Stance::president && u < p.waiting_blocks ? Relay::lets_lie : Relay::passes;
  if (stance == Stance::waiting) return u < p.waiting_blocks ? Relay::lets_lie : Relay::passes;
  if (stance == Stance::challenger) {
    if (u < p.challenger_replaces) return Relay::replaces;
    return u < p.challenger_replaces + (1.0 - p.challenger_replaces) * p.challenger_blocks ? Relay::lets_lie
                                                                                           : Relay::passes;
  }
  return Relay::passes;
}

// A unit that is told to move elsewhere goes when it is in hand and nothing happens around it.
void depart(World& w, UnitId u, const Order& order) {
  UnitState& unit = w.units[u];
  const PlaceId from = unit.place, to = order.destination;
  if (unit.conduct != Conduct::obeying || !w.calm(from)) return;
  const Place &a = w.about(from), &b = w.about(to);
  unit.event_order = w.note(EventKind::unit_departs, order.destination, {}, w.actor(u), unit.strength, {order.event});
  unit.present = false;
  w.station(u, order.destination);
  unit.site = {};
  unit.arrives = w.now + travel_hours(distance_km(a.latitude, a.longitude, b.latitude, b.longitude), w.p.muster_delay,
                                      w.p.travel_speed);
  w.tally.reinforced += unit.strength;
}

void receive(World& w, Order& order) {
  const UnitId u = order.unit;
  UnitState& unit = w.units[u];
  order.done = true;
  order.received = w.now;
  // A unit that has turned answers its own side alone.
  if (unit.side.exists() ? unit.side != order.by : !unit.present) return;
  if (order.content == Content::move) return depart(w, u, order);
  if (order.content == Content::seize) return set_out(w, u, order.site, order.event);
  if (unit.side.exists() && order.content == Content::withdraw) return stand_down(w, u, order.event);
  unit.order = order.content;
  unit.has_order = true;
  unit.called_back = unit.called_back || order.content != Content::withdraw;
  unit.order_received = w.now;
  unit.event_order =
      w.note(EventKind::order_received, w.units[u].place, {}, w.actor(u), as_amount(order.content), {order.event});
}

void advance(World& w, const StepDraws& draw, std::size_t index) {
  Order& order = w.orders[index];
  auto level = order.chain.size();
  while (!order.done && order.due < w.now + w.dt) {
    if (order.chain.empty()) return receive(w, order);
    const OfficeId office = order.chain.back();
    order.chain.pop_back();
    const Relay how = relay(w, order, office, order_uniform(draw, order, level));
    const ActorId actor = w.actor(office);
    const PlaceId place = w.units[order.unit].place;
    const EventNumber stance = w.offices[office].event_stance;
    if (how == Relay::lets_lie) {
      order.done = order.blocked = true;
      w.note(EventKind::order_blocked, place, {}, actor, as_amount(order.content), {order.event, stance});
      return;
    }
    if (how == Relay::replaces) {
      order.replaced = true;
      order.content =
          order.content == Content::withdraw || order.content == Content::move ? Content::hold : Content::withdraw;
      order.event =
          w.note(EventKind::order_replaced, place, {}, actor, as_amount(order.content), {order.event, stance});
      if (order.content == Content::withdraw) w.tally.withdrawal_orders[w.about(order.unit).organisation] += 1;
    }
    order.due += order_delay(w, draw, order, level);
    --level;
  }
}

}  // namespace

EventNumber issue_order(World& w, const StepDraws& draw, FactionId issuer, UnitId unit, const Instruction& told,
                        EventNumber cause) {
  const Unit& about = w.about(unit);
  const OfficeId head = w.about(issuer).head;
  const Content content = told.content;
  // A unit that has the same order already, or has it under way, is not told again.
  if (w.units[unit].has_order && w.units[unit].order == content) return no_event;
  for (const Order& o : w.orders)
    if (!o.done && o.unit == unit && o.content == content) return no_event;
  Order order;
  order.by = issuer;
  order.unit = unit;
  order.content = content;
  order.destination = told.destination;
  order.site = told.site;
  order.sent_as = content;
  order.sent = w.now;
  order.sent_in = w.step;
  for (OfficeId office = about.commander; office.exists() && office != head; office = w.about(office).superior)
    order.chain.push_back(office);
  order.event = w.note(EventKind::order_issued, w.units[unit].place, {}, w.actor(head), as_amount(content), {cause});
  if (content == Content::withdraw) w.tally.withdrawal_orders[about.organisation] += 1;
  order.due = w.now + order_delay(w, draw, order, order.chain.size() + 1);
  w.orders.push_back(std::move(order));
  return w.orders.back().event;
}

void deliver_orders_and_news(World& w, const StepDraws& draw) {
  for (std::size_t i = 0; i < w.orders.size(); ++i)
    if (!w.orders[i].done) advance(w, draw, i);

  std::erase_if(w.reports, [&](const Report& report) {
    if (report.due > w.now) return false;
    w.sites[report.site].known_lost = !report.regained;
    return true;
  });
  w.reported_loss = w.actual_loss = 0;
  for (const SiteId s : w.sites.ids()) {
    const Site& site = w.about(s);
    if (!site.state) continue;
    if (w.sites[s].known_lost) w.reported_loss += site.significance;
    if (!w.sites[s].held) w.actual_loss += site.significance;
  }

  w.network = w.decided.network;
  if (w.network <= w.p.network_shut) w.tally.network_down_hours += w.dt;

  // News of turnout elsewhere. The region where it began and the focal cities weigh most; it ages and needs a network.
  double turnout = 0, weights = 0;
  for (const PlaceId c : w.places.ids()) {
    const PlaceState& place = w.places[c];
    const bool first = w.origin.exists() && w.about(c).region == w.about(w.origin).region;
    const double weight = 1.0 + w.p.news_significance * w.about(c).significance + (first ? w.p.news_origin : 0.0);
    weights += weight;
    turnout += weight * std::min(1.0, w.crowd(c) / place.pool);
  }
  w.news += (turnout / weights - w.news) * sim::hazard(1.0 / w.p.news_delay, w.dt);
}

}  // namespace qantar::agents
