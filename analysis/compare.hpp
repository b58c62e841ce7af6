// Trials against documented events: what was predicted, how often it came true, and how good that is next to predictors
// that know nothing of politics.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "analysis/evidence.hpp"
#include "analysis/statistics/wilson.hpp"
#include "sim/results/result_file.hpp"
#include "sim/trial_result.hpp"

namespace qantar::analysis {

/// Something that predicts: a hypothesis with its trials, or a baseline, most with a single one.
struct Predictor {
  std::string name, title;
  bool baseline = false;
  std::int64_t trials = 0;  ///< that are compared
  std::int64_t failed = 0;  ///< left out, because they failed or were cut short
  /// Outcomes by their position in TrialResult::outcomes, one value per trial. Only the needed ones are filled.
  std::map<std::size_t, std::vector<double>> columns;
};

/// The positions of all outcomes that scored events, sequence, stylised facts and claims ask for, ascending.
std::vector<std::size_t> needed_columns(const Evidence& evidence, const std::vector<Claim>& claims = {});

/// One predictor per hypothesis of a result file, in its order.
std::vector<Predictor> predictors(const sim::ResultReader& result, const std::vector<std::size_t>& columns);

/// A predictor from outcomes in memory: rows[trial] as in TrialResult::outcomes.
Predictor predictor(const std::string& name, const std::vector<std::vector<double>>& rows,
                    const std::vector<std::size_t>& columns);

/// Calls f with the outcomes of each trial, by position; those without a column are never.
void each_trial(const Predictor& predictor, const std::function<void(std::span<const double>)>& f);

/// Synthetic predictors of one certain course each. They are made from the record, so they measure how much of a score
/// is had for free; none says what would follow from its own course (that order returns when all is quiet, say).
///   nothing_happens          the earliest event with a `time` in the record happens when documented, and nothing else:
///                            times never, numbers 0, flags not set
///   ends_at_the_concession   the documented course up to the event `baselines.concession`: times documented by then at
///                            the middle of their interval, later ones never; numbers of days that were over by then at
///                            the middle of theirs; along an axis `snapshot` the last such number stays; others 0
///   everything_burns         the documented course up to the event `baselines.violence`; at its hour all observables
///   in
///                            `baselines.everywhere` happen wherever they have not; other times never; numbers at ten
///                            times the documented high, shares at 1, flags set
/// A baseline whose event the record does not name is left out.
std::vector<Predictor> baselines(const Evidence& evidence, const sim::ResultLayout& layout);

/// Climatology: the trials of all hypotheses as one baseline, what is expected without a view on which of them is
/// right. It says what an account adds to the model and priors that all of them share. A pool of the other accounts
/// alone would be another ruler for each, and accounts that are scored by different rulers do not compare.
Predictor climatology(const std::vector<Predictor>& hypotheses);

/// One scored event under one predictor.
struct Row {
  std::size_t event = 0, predictor = 0;  ///< indices into Evidence::events and Comparison::predictors
  double happened = 0;                   ///< share of trials in which there is a value at all
  /// `sim::band_quantiles` of the value, given that there is one; NaN without one. Times in hours of the clock;
  /// for an order the hours from `observable` to `then`.
  std::array<double, sim::band_quantiles.size()> quantiles{};
  double low = 0, high = 0;  ///< documented, with tolerance; NaN where there is no interval
  Estimate hit;              ///< share of trials that agree with the record, Wilson 95 %
  /// 0 is best, 1 about as bad as can be. time: `time_score` of the middle of the documented interval over the clock;
  /// number: `number_score`; the others: `fair_brier` of what is documented.
  double score = 0;
  /// `ignorance` of whether a trial agrees with the record. It compares at equal numbers of draws only, so each
  /// predictor counts as having as many as the hypothesis with the fewest trials.
  double ignorance = 0;
  /// Of the value on the scale of the score, at the middle of the documented interval (numbers: anywhere inside): the
  /// interval score of the central 90 %, and whether it lies within the central 50 and 90 %. NaN but for times and
  /// numbers.
  double interval_score = 0, inside_50 = 0, inside_90 = 0;
};

/// Which events a total is over. Those that the case hands over are only in `input_driven`; `confirmed` are those of
/// grade A and B, which do not rest on an official statement alone.
enum class Group { scored, in_seed, out_of_seed, held_out, not_held_out, confirmed, input_driven };
const std::vector<std::string>& group_names();

/// Weighted means over the events of a group. The 95 % intervals are over events: percentiles of bootstrap samples of
/// whole events, an event being all rows that measure it (`of`); every predictor meets the same samples. They say how
/// far the mean depends on which events happen to be in the record, not how well trials determine it. NaN with fewer
/// than two events.
struct Total {
  Group group = Group::scored;
  std::size_t predictor = 0;
  std::size_t rows = 0;
  double weight = 0;
  Estimate hit, score, ignorance, interval_score, inside_50, inside_90;
  /// `fair_energy_score` of all rows at once, each on the scale of its score times the square root of its share of the
  /// weight: in [0, 1] up to chance, and the score of the row where there is only one. From at most 1000 trials, evenly
  /// spread over those that there are. The interval says how well these determine it.
  Estimate energy;
};

/// Two predictors in one group, paired by event.
struct Difference {
  Group group = Group::scored;
  std::size_t a = 0, b = 0;  ///< `a` is no baseline
  Estimate score;            ///< mean score of `a` minus that of `b`; below 0: `a` is better; interval as of Total
  Estimate skill;            ///< 1 - mean score of `a` / mean score of `b`: 1 is perfect, below 0 `b` is better
};

/// The key sequence under one predictor.
struct SequenceResult {
  std::size_t predictor = 0;
  std::vector<Estimate> elements;  ///< share of trials, in the order of Evidence::sequence
  Estimate all;                    ///< share of trials with every element
  Estimate count;                  ///< mean number of elements, with a normal 95 % interval
};

struct Comparison {
  std::vector<Predictor> predictors;
  std::vector<Row> rows;                 ///< by event, then predictor; non-scored events have none
  std::vector<Total> totals;             ///< by group, then predictor; groups without rows have none
  std::vector<Difference> differences;   ///< by group; of every hypothesis to all later predictors
  std::vector<SequenceResult> sequence;  ///< empty when the record has none
};

/// Compares predictors (hypotheses first, then baselines, in the order given) with the record.
Comparison compare(const Evidence& evidence, std::vector<Predictor> predictors, const sim::Clock& clock);

/// The share of trials in which a question, such as a claim, is answered with yes; Wilson 95 %.
Estimate share_of(const Question& question, const Predictor& predictor);

}  // namespace qantar::analysis
