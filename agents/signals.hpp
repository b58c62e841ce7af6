// What a faction can know of the crisis, for the conditions of its motives: what is reported to it, not the truth.
#pragma once
#include <span>

#include "agents/action.hpp"
#include "agents/world.hpp"

namespace qantar::agents {

/// A value and the event that stands behind it, which becomes a cause of what is decided on it.
struct Sensed {
  double value = 0;
  EventNumber event = no_event;
};

/// What a signal or an effect is about, as a key of its entry names it.
enum class About { nothing, place, site, organisation, office, faction, group, action };

/// The key by which an entry names it; empty for nothing.
const char* key_of(About about);

struct SignalRow {
  const char *name, *unit;
  About about;
  bool reported;  ///< known late and dimly by who has little information; the others are known at once
  bool own;       ///< tells of the faction that decides; a group that waits for a cue has nothing of the kind
  const char* text;
  Sensed (*sense)(const World&, FactionId who, const Condition& of);
};

/// All signals, in the order in which they are documented.
std::span<const SignalRow> signal_rows();

/// How far a condition is met, 0..1, by what is known of its signal; `information` and `noise` as in rules/choice.hpp.
double met_by(const World& w, const Condition& condition, double known, double information, double noise);

/// Believed log-odds that a faction's side prevails: the mean expectation of the offices that it has filled, or of all
/// when there are none. Offices expect of the president; whoever stands against him believes the contrary.
double believed_to_prevail(const World& w, FactionId who);

/// How far all conditions are met, 0..1, as nobody in particular sees it, and the last event that they tell of.
Sensed all_met(const World& w, const std::vector<Condition>& when);

}  // namespace qantar::agents
