#include "agents/vocabulary.hpp"

#include <iterator>

#include "agents/ids.hpp"

namespace qantar::agents {
namespace {

/// Whether the rows of a table stand in the order of their enum, all of it.
template <class Row, std::size_t N, class E>
consteval bool complete(const Row (&rows)[N], E last) {
  for (std::size_t i = 0; i < N; ++i)
    if (rows[i].value != static_cast<E>(i)) return false;
  return N == to_underlying(last) + 1;
}

template <class E>
struct NameRow {
  E value;
  const char* name;
};

template <class Row, std::size_t N>
Names names_of(const Row (&rows)[N]) {
  Names out;
  for (const Row& row : rows) out.push_back(row.name);
  return out;
}

constexpr NameRow<Role> role_table[] = {{Role::none, "none"},
                                        {Role::incumbent, "incumbent"},
                                        {Role::patron, "patron"},
                                        {Role::intervention, "intervention"}};
static_assert(complete(role_table, Role::intervention));

constexpr NameRow<EndingKind> ending_kind_table[] = {{EndingKind::loses_power, "loses_power"},
                                                     {EndingKind::order_restored, "order_restored"},
                                                     {EndingKind::degenerate, "degenerate"}};
static_assert(complete(ending_kind_table, EndingKind::degenerate));

constexpr NameRow<Scope> scope_table[] = {{Scope::origin, "origin"},       {Scope::trouble, "trouble"},
                                          {Scope::quiet, "quiet"},         {Scope::focal, "focal"},
                                          {Scope::provinces, "provinces"}, {Scope::country, "country"}};
static_assert(complete(scope_table, Scope::country));

constexpr NameRow<Activation> activation_table[] = {{Activation::synchronous, "synchronous"},
                                                    {Activation::sequential, "sequential"}};
static_assert(complete(activation_table, Activation::sequential));

constexpr NameRow<FirstMover> first_mover_table[] = {{FirstMover::citizens, "citizens"},
                                                     {FirstMover::forces, "forces"}};
static_assert(complete(first_mover_table, FirstMover::forces));

constexpr SaidRow<Content> content_table[] = {
    {Content::hold, "hold", "hold the post"},          {Content::fire, "fire", "open fire"},
    {Content::withdraw, "withdraw", "leave the post"}, {Content::move, "move", "move to another place"},
    {Content::seize, "seize", "take a site"},          {Content::clear, "clear", "clear the streets"},
    {Content::cease, "cease", "use no force"}};
static_assert(complete(content_table, Content::cease));

constexpr EventRow event_table[] = {
    {EventKind::protest_begins, "protest_begins", "{place}: protest begins; about {value} people are on the street"},
    {EventKind::mass_crowd, "mass_crowd",
     "{place}: the crowd reaches the size of a mass protest; about {value} people"},
    {EventKind::protest_ends, "protest_ends", "{place}: the protest is over", "The protest is over in {count} places"},
    {EventKind::force_used, "force_used", "{place}: local command uses force on a crowd of about {value}"},
    {EventKind::crowd_turns_violent, "crowd_turns_violent",
     "{place}: part of the crowd turns violent; about {value} people"},
    {EventKind::line_broken, "line_broken", "{site}: the crowd breaks a line of defence; about {value} attackers",
     "Crowds break {count} lines of defence"},
    {EventKind::storm_repelled, "storm_repelled", "{site}: an assault by about {value} people is repelled",
     "{count} assaults are repelled", true},
    {EventKind::site_falls, "site_falls", "{site} falls to about {value} attackers"},
    {EventKind::site_left, "site_left", "{site}: the guard leaves before it is overrun"},
    {EventKind::site_retaken, "site_retaken", "{site} is back in the hands of the state"},
    {EventKind::unit_withdraws, "unit_withdraws", "{actor} leaves its post in {place}; about {value} persons",
     "{count} units leave their posts"},
    {EventKind::unit_overrun, "unit_overrun", "{actor} is overrun in {place}; about {value} persons",
     "{count} units are overrun"},
    {EventKind::unit_joins, "unit_joins", "{actor} goes over to the crowd in {place}; about {value} persons"},
    {EventKind::unit_returns, "unit_returns", "{actor} returns to duty in {place}; about {value} persons",
     "{count} units return to duty"},
    {EventKind::order_issued, "order_issued", "{actor} issues an order: {content}",
     "{count} orders are issued: {content}"},
    {EventKind::order_received, "order_received", "{actor} receives the order: {content}",
     "{count} units receive the order: {content}", true},
    {EventKind::order_blocked, "order_blocked", "{actor} does not pass on the order: {content}",
     "{count} offices do not pass on the order: {content}"},
    {EventKind::order_replaced, "order_replaced", "{actor} passes on another order than it was given: {content}",
     "{count} offices pass on another order than they were given: {content}"},
    {EventKind::loss_withheld, "loss_withheld", "{actor} does not report the loss of {site} upwards",
     "{count} losses are not reported upwards"},
    {EventKind::group_mobilises, "group_mobilises", "{actor} goes into action in {place}; about {value} persons"},
    {EventKind::group_disperses, "group_disperses", "{actor} disperses"},
    {EventKind::preparation_noticed, "preparation_noticed", "The preparation of {actor} is noticed before the crisis"},
    {EventKind::office_dismissed, "office_dismissed",
     "{actor}: the holder is dismissed, on reported losses of {value}"},
    {EventKind::office_arrested, "office_arrested", "{actor}: the holder, present or former, is detained"},
    {EventKind::arrest_published, "arrest_published", "{actor}: the detention is made public"},
    {EventKind::stance_supports, "stance_supports",
     "{actor} now visibly supports the president; believes with probability {value} that he prevails",
     "{count} office-holders now visibly support the president", true},
    {EventKind::stance_waits, "stance_waits",
     "{actor} now visibly waits; believes with probability {value} that the president prevails",
     "{count} office-holders now visibly wait", true},
    {EventKind::stance_opposes, "stance_opposes",
     "{actor} now visibly opposes the president; believes with probability {value} that he prevails",
     "{count} office-holders now visibly oppose the president", true},
    {EventKind::order_restored, "order_restored",
     "Order is restored: every state site is held and the streets are quiet"},
    {EventKind::president_ousted, "president_ousted", "The president loses power; visible support {value}"},
    {EventKind::unit_departs, "unit_departs", "{actor} leaves for {place}; about {value} persons",
     "{count} units leave for other places"},
    {EventKind::unit_arrives, "unit_arrives", "{actor} arrives in {place}; about {value} persons",
     "{count} units arrive as reinforcement"},
    {EventKind::office_rumoured, "office_rumoured",
     "{actor}: it is said that the holder has gone; believed with probability {value}",
     "Of {count} offices it is said that the holder has gone"},
    {EventKind::office_denied, "office_denied",
     "{actor}: it is denied that the holder has gone; believed with probability {value}",
     "Of {count} offices it is denied that the holder has gone"},
    {EventKind::dismissal_published, "dismissal_published", "{actor}: the dismissal is made public",
     "{count} dismissals are made public"},
    {EventKind::group_attributed, "group_attributed", "The inquiry names who stood behind {actor}: {sponsor}"},
    {EventKind::unit_turns, "unit_turns", "{actor} turns against the president in {place}; about {value} persons",
     "{count} units turn against the president"},
    {EventKind::unit_gives_up, "unit_gives_up", "{actor} gives up at {site}; about {value} persons",
     "{count} units that had turned give up"},
    {EventKind::site_seized, "site_seized", "{actor} takes {site} with about {value} persons"},
    {EventKind::site_struck, "site_struck", "{site} is fired on from afar; {value} people are killed"},
    {EventKind::rally_begins, "rally_begins", "{place}: people come out for {actor}; about {value} so far"},
};
static_assert(std::size(event_table) == to_underlying(EventKind::action) &&
              complete(event_table, static_cast<EventKind>(std::size(event_table) - 1)));

}  // namespace

const Names& role_names() {
  static const Names names = names_of(role_table);
  return names;
}
const Names& activation_names() {
  static const Names names = names_of(activation_table);
  return names;
}
const Names& ending_kind_names() {
  static const Names names = names_of(ending_kind_table);
  return names;
}
const Names& scope_names() {
  static const Names names = names_of(scope_table);
  return names;
}
const Names& first_mover_names() {
  static const Names names = names_of(first_mover_table);
  return names;
}
const Names& event_kind_names() {
  static const Names names = names_of(event_table);
  return names;
}

std::span<const EventRow> event_rows() { return event_table; }
std::span<const SaidRow<Content>> content_rows() { return content_table; }

}  // namespace qantar::agents
