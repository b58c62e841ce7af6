// The words of the model: kinds of actors, things and acts.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace qantar::agents {

/// Which places an effect reaches: the region where the protest began, places that saw force or violence, places of
/// less significance without a death, focal cities, all.
enum class Scope { origin, trouble, quiet, focal, provinces, country };

/// What a citizen is doing. `absent` fills the end of a place's block and never changes.
enum class Status : std::uint8_t { unaware, ready, peaceful, violent, tired, detained, hurt, dead, absent };
inline constexpr int status_count = 9;

/// What the model must know of a faction: who is in power, who is the ageing patron beside him, who comes from abroad.
enum class Role { none, incumbent, patron, intervention };
/// What an entry of [[endings]] tells of: that the president is out, that order is back, that a trial took a course
/// which no crisis of the kind takes.
enum class EndingKind { loses_power, order_restored, degenerate };
/// Order in which citizens of one circle move within a step.
enum class Activation { synchronous, sequential };
/// Who moves first within a step.
enum class FirstMover { citizens, forces };

/// What local command tells the police line to do.
enum class Posture { hold, clear, fire };
/// How a unit answers. `broken`: overrun in a contact, which is never counted as leaving.
enum class Conduct { obeying, stalling, withdrawn, joined, broken };
enum class Stance { president, waiting, challenger };
/// What an order says.
enum class Content { hold, fire, withdraw, move, seize, clear, cease };
inline constexpr int content_count = static_cast<int>(Content::cease) + 1;

enum class EventKind {
  protest_begins,
  mass_crowd,
  protest_ends,
  force_used,
  crowd_turns_violent,
  line_broken,
  storm_repelled,
  site_falls,
  site_left,
  site_retaken,
  unit_withdraws,
  unit_overrun,
  unit_joins,
  unit_returns,
  order_issued,
  order_received,
  order_blocked,
  order_replaced,
  loss_withheld,
  group_mobilises,
  group_disperses,
  preparation_noticed,
  office_dismissed,
  office_arrested,
  arrest_published,
  stance_supports,
  stance_waits,
  stance_opposes,
  order_restored,
  president_ousted,
  unit_departs,
  unit_arrives,
  office_rumoured,
  office_denied,
  dismissal_published,
  group_attributed,
  unit_turns,
  unit_gives_up,
  site_seized,
  site_struck,
  rally_begins,
  action  // + ActionId
};

/// A value of an enum as files write it and as it is said.
template <class E>
struct SaidRow {
  E value;
  const char *name, *text;
};

/// A kind of event: how results name it and how a story tells it.
struct EventRow {
  EventKind value;
  const char* name;
  const char* text;         ///< with {place}, {site}, {actor}, {value}, {content} and {sponsor} to fill in
  const char* merged = "";  ///< for several at once, with {count}; empty when each is told by itself
  bool quiet = false;       ///< left out of a short story
};

std::span<const EventRow> event_rows();  ///< without the actions
std::span<const SaidRow<Content>> content_rows();

using Names = std::vector<std::string>;
const Names& role_names();
const Names& ending_kind_names();
const Names& scope_names();
const Names& activation_names();
const Names& first_mover_names();
const Names& event_kind_names();  ///< without the actions

}  // namespace qantar::agents
