// One trial as a story: what happened when, and what it came from.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/trial_result.hpp"

namespace qantar::analysis {

/// A code that an event carries, to be shown as a word: {name} in a sentence.
struct EventCode {
  std::string name;                 ///< of the placeholder, without braces
  std::vector<std::string> labels;  ///< word for each code
  int ref = -1;                     ///< position in LoggedEvent::refs that holds it; -1: LoggedEvent::value does
};

/// How events are put into words. Actors are whatever the layout's axes name: offices, organisations, units.
struct Wording {
  /// One per ResultLayout::event_kinds, with {value}, {r} for each name r in ResultLayout::event_refs, and {c} for each
  /// of `codes`. A reference whose position a code of the same sentence uses is no reference.
  std::vector<std::string> sentences;
  std::vector<EventCode> codes;
  /// Display name of a label (an id of the case); labels that are not listed stand for themselves.
  std::map<std::string, std::string> names;
  /// Sentence for several events of one kind, with the same codes, in the same step; {count} is their number. By name
  /// of the kind; kinds that are not listed are never merged.
  std::map<std::string, std::string> merged;
  /// Kinds that a short telling leaves out.
  std::set<std::string> quiet;
};

/// The trial in time order, grouped by day: number, hour, sentence, and the numbers of the events that it came from
/// behind an arrow. Numbers count from 0 as in the result file. The short telling merges and leaves out as the wording
/// says, and ends with a line on what was left out; `all` tells every event. A trial without events gives "".
std::string narrate(const sim::TrialResult& trial, const sim::ResultLayout& layout, const sim::Clock& clock,
                    const Wording& wording, bool all = false);

/// Walks from an event back to the roots as an indented tree, each event once. `event` is a number, or the name of a
/// kind, or kind:label with a label of something that the event refers to; the first such event is taken. Throws
/// sim::InputError, with the nearest names of this trial, when there is none.
std::string why(const sim::TrialResult& trial, const sim::ResultLayout& layout, const sim::Clock& clock,
                const Wording& wording, const std::string& event);

}  // namespace qantar::analysis
