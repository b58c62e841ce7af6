// Actions as data: what factions can do, when they think of it, what it costs them and what it brings about. Signals
// (signals.hpp) and effects (effects.hpp) are vocabularies of the model; which of them an action has, is the case's.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agents/ids.hpp"
#include "agents/vocabulary.hpp"
#include "sim/calendar.hpp"
#include "sim/config/values.hpp"
#include "sim/trial_result.hpp"

namespace qantar::agents {

using sim::never;

/// What a faction has at its disposal.
enum class Resource { money, coercion, information, external };
inline constexpr int resource_count = 4;

/// A soft condition: met with logistic((signal - at) / width), or one minus that below `below`.
struct Condition {
  int signal = 0;  ///< a row of signal_rows()
  /// What it is about, whichever the signal asks for.
  PlaceId place;
  SiteId site;
  OrganisationId organisation;
  OfficeId office;
  ActionId action;
  sim::Number at{never}, below{never};  ///< one of them is given
  double width = 0;                     ///< in the unit of the signal
  bool upper_side() const { return at.is_given(); }
};

/// What sets an organised group in motion without an order: an hourly rate, as far as all conditions are met.
struct Cue {
  std::vector<Condition> when;
  sim::Number rate;  ///< 1/h
};

/// Something that an action causes.
struct Effect {
  int kind = 0;  ///< a row of effect_rows()
  /// Whom or what it is about, whichever the kind asks for.
  PlaceId place;
  SiteId site;
  OrganisationId organisation;
  OfficeId office;
  FactionId faction;
  GroupId group;
  std::optional<Scope> scope;  ///< the whole country without one
  sim::Number amount{never};   ///< where the kind has one
};

/// What an action costs who takes it.
struct Costs {
  sim::Number money, coercion, information, external;  ///< of the faction's own; coercion must be there, and stays
  sim::Number legitimacy;                              ///< of the government's, everywhere
};

/// Something that a faction can do, once.
struct ActionEntry {
  std::string id, name, source;     ///< the name is a sentence that tells it
  std::vector<FactionId> by;        ///< who can
  OfficeId office;                  ///< must be held and reachable for it
  bool secret = false;              ///< not seen from outside
  std::vector<ActionId> needs;      ///< taken before
  std::vector<ActionId> not_after;  ///< none of them taken before
  Costs cost;
  Table<FactionId, sim::Number> shift;  ///< what is believed to come of it: log-odds of each to prevail
  sim::Number delay;                    ///< mean hours until its effects come, 0 for at once
  sim::Hours latest = sim::never;       ///< taken then at the latest, whatever is thought of it; for what-ifs
  std::vector<Effect> effects;
  bool takes_control = false;  ///< one of its effects does
  std::uint32_t luck = 0;      ///< addresses its draws; from its id
};

/// Why and when a faction thinks of an action.
struct Motive {
  std::string id, source;
  ActionId action;
  std::vector<Condition> when;
  sim::Number barrier;     ///< log-odds against it when all conditions are met and nothing is gained or lost
  sim::Number intent;      ///< worth of the action for its own sake
  SwitchId enabled_by;     ///< it counts in trials with this switch on; in all without one
  std::uint32_t luck = 0;  ///< addresses its draws; from its id
};

/// An action on which factions can agree, and what it is worth to each beside its chance to prevail: posts, money,
/// safety; in the unit of stakes.
struct Offer {
  ActionId action;
  Table<FactionId, sim::Number> worth;
};

/// Factions that settle among themselves which of several actions is taken, if any.
struct Bargain {
  std::string id, name, source;
  std::vector<FactionId> parties;  ///< who has a voice
  std::vector<Offer> offers;
  std::vector<Condition> when;
  sim::Number rate;         ///< meetings while all conditions are met, 1/h
  sim::Number exponent{1};  ///< how surely the stronger of two coalitions wins: odds are the ratio to this power
  SwitchId enabled_by;      ///< they meet in trials with this switch on; in all without one
  std::uint32_t luck = 0;   ///< addresses its draws; from its id
};

/// What the case calls an end, or a course that no crisis takes: all conditions hold, for so many hours. Hard ones: a
/// signal at its threshold or beyond. One that is about a side is about that of the president. A degenerate course is
/// judged at the end of the clock.
struct Ending {
  std::string id, name, source;
  EndingKind kind = EndingKind::degenerate;
  std::vector<Condition> when;
  double hours = 0;  ///< for which all must hold
};

/// A motive of one of the factions that can act on it.
struct Choice {
  FactionId faction;
  MotiveId motive;
  std::size_t first_condition = 0;  ///< position of its first condition among those of all choices
};

}  // namespace qantar::agents
