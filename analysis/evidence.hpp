// The record: documented events that runs are compared with, and claims that are not evidence.
#pragma once
#include <algorithm>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "analysis/scoring/crps.hpp"
#include "sim/calendar.hpp"
#include "sim/config/diagnostics.hpp"
#include "sim/trial_result.hpp"

namespace qantar::analysis {

/// What is compared.
enum class Measure {
  time,    ///< a time lies in [earliest, latest], give or take `tolerance`
  occurs,  ///< it happens (inside the window, give or take `tolerance`, if there is one), or a flag is set
  absent,  ///< it does not happen (inside the window, if there is one), or a flag is not set
  number,  ///< a number lies in [low / factor - margin, high * factor + margin]; below 0 a factor does the reverse
  order,   ///< `then` comes `low` to `high` hours after `observable`, give or take `tolerance`; both happen
  is,      ///< a code has the meaning `at`
  rises    ///< the number `then` is larger than the number `observable`
};

/// A question to one trial, answered with yes or no by `holds`.
struct Question {
  Measure measure = Measure::time;
  std::string observable, at, then, then_at;
  sim::Hours earliest = sim::never, latest = sim::never;  ///< hours of the clock; never: no bound
  double low = 0, high = std::numeric_limits<double>::infinity();
  double tolerance = 0;  ///< hours
  double factor = 1, margin = 0;
  // Found in the layout.
  std::size_t column = 0, then_column = 0;  ///< positions in TrialResult::outcomes
  sim::ValueKind kind = sim::ValueKind::time;
  int code = -1;                   ///< value that `is` asks for
  Scale scale = Scale::magnitude;  ///< for the score of a number

  /// The interval of a number with its tolerance, which does not take a count below 0.
  double least() const {
    const double bound = (low < 0 ? low * factor : low / factor) - margin;
    return kind == sim::ValueKind::count ? std::max(0.0, bound) : bound;
  }
  double most() const { return (high < 0 ? high / factor : high * factor) + margin; }
  /// Middle of [earliest, latest]; never when a bound is missing.
  sim::Hours middle() const { return 0.5 * (earliest + latest); }
  /// Whether `then` is asked for as well.
  bool compares_two() const;
  /// Whether it is so in a trial with these values of `observable` and, where it is asked for, of `then`.
  bool holds(double value, double then_value = sim::never) const;
};

enum class Use { scored, context, statement, not_scored };
enum class Grade { A, B, C, D, E };

/// A documented event.
struct Event : Question {
  std::string id, of, title, date, place, reason;
  std::vector<std::string> families, sources;
  Use use = Use::scored;
  Grade grade = Grade::A;
  bool in_seed = false, held_out = false, input_driven = false;
  bool key = false;  ///< one of the few that an account must be able to produce; the evidence is computed from these
  double weight = 0;
  sim::Hours day = sim::never;  ///< beginning of `date` in the clock's time zone; a total may be dated after the end

  const std::string& root() const { return of.empty() ? id : of; }  ///< the event that this row is a measure of
};

/// One element of the key sequence, or one stylised fact: so when the question and all that are `also` asked are
/// answered with yes in the same trial.
struct Element : Question {
  std::string id, text;
  std::vector<Question> also;

  /// `outcomes` as in TrialResult.
  bool is_so(std::span<const double> outcomes) const;
};

/// What the synthetic predictors need to know of a case; see `baselines`.
struct BaselineHints {
  int concession = -1, violence = -1;   ///< events; -1: the baseline is left out
  std::vector<std::string> everywhere;  ///< observables that happen wherever they can at the hour of `violence`
};

struct Evidence {
  std::vector<Event> events;
  std::vector<Element> sequence;
  std::vector<Element> stylised_facts;  ///< patterns that a model of the case must show without being told
  BaselineHints hints;
};

enum class ClaimKind { fact, official_claim, judgement, allegation, rumour, inference };
const std::vector<std::string>& claim_kind_names();

/// A statement that is not evidence. Never scored; `share_of` says in how many trials it would be so.
struct Claim : Question {
  std::string id, text, speaker, note;
  ClaimKind kind = ClaimKind::judgement;
};

const std::vector<std::string>& measure_names();

/// Reads evidence.toml. `shown` is the file's name in messages. All problems go to `diagnostics`; the result is only
/// meaningful when there are none.
Evidence read_evidence(const std::string& text, const std::string& shown, const sim::ResultLayout& layout,
                       const sim::Clock& clock, sim::Diagnostics& diagnostics);

/// Reads claims.toml in the same way.
std::vector<Claim> read_claims(const std::string& text, const std::string& shown, const sim::ResultLayout& layout,
                               const sim::Clock& clock, sim::Diagnostics& diagnostics);

/// JSON Schemas of the two files.
nlohmann::json evidence_schema();
nlohmann::json claims_schema();

}  // namespace qantar::analysis
