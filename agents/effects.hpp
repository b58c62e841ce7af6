// What an action can bring about. An effect knows who caused it and for which event, never which action it was.
#pragma once
#include <span>

#include "agents/action.hpp"
#include "agents/signals.hpp"
#include "agents/world.hpp"

namespace qantar::agents {

/// Who acts, and the event that says so.
struct Cause {
  FactionId who;
  EventNumber event = no_event;
};

struct EffectRow {
  const char* name;
  About about;       ///< whom or what its entry names
  bool scoped;       ///< whether it takes a scope
  const char* unit;  ///< of its amount; empty without one
  double low, high;  ///< range of the amount
  const char* text;
  void (*apply)(World&, const StepDraws&, const Effect&, const Cause&);
};

/// All effects, in the order in which they are documented.
std::span<const EffectRow> effect_rows();

}  // namespace qantar::agents
