// Which parameters of an account fit the record, whatever the luck of one trial? What a trial gives on average is
// emulated at every place of the prior, places where the record would be a wonder are left out wave by wave, and what
// is left is weighed by a synthetic likelihood.
//
// Everything is a pure function of account, record law and settings. Only trials are kept when a calibration is
// interrupted; all else is computed from them again.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "analysis/calibration/region.hpp"
#include "analysis/calibration/synthetic_likelihood.hpp"
#include "analysis/inference/account.hpp"
#include "analysis/inference/evidence_estimate.hpp"
#include "analysis/inference/record_law.hpp"

namespace qantar::analysis {

struct CalibrationSettings {
  std::uint64_t seed = 1;
  std::int64_t trials = 2000;  ///< of each wave
  std::size_t draws = 1000;    ///< of each chain
  int threads = 0;             ///< 0: all
};

inline constexpr std::size_t most_waves = 4, chains_of_calibration = 4;

/// What was run for an account, wave by wave; the last one may be unfinished.
struct CalibrationTrials {
  std::string name, luck;
  std::vector<Trials> waves;
  std::int64_t done() const;
};

struct WaveFinding {
  std::int64_t trials = 0, failed = 0, learnt_from = 0;
  std::size_t exempt = 0;  ///< rows that may lie beyond three standard deviations, as in the model's own records
  double volume = 1;       ///< share of the prior that is left after it; where none is left, more than there is
  /// Share of the numbers of this wave's records that lie beyond three standard deviations of what the wave before it
  /// foresaw: how far its emulators can be trusted. NaN for the first.
  double surprises = 0;
};

/// Of a row of the record, under the last wave.
struct RowFinding {
  std::string name;
  double least = 0;   ///< implausibility at the best place that was looked at; above 3: out of reach
  double before = 0;  ///< mean under the prior of its implausibility, each at most 10
};

/// Two rows that can each be reached, but not together.
struct Contradiction {
  std::string one, other;
  double least = 0;  ///< the greater implausibility of both, at the best place
};

/// Of a parameter, on the scale of quantiles of its prior: 0.5 is the prior's median, 0.05 to 0.95 its central 90 %.
struct ParameterFinding {
  std::string name;
  double low = 0.05, median = 0.5, high = 0.95;  ///< 5, 50 and 95 % of the posterior
  double narrowing = 0;                          ///< 1 - posterior / prior standard deviation; below 0 when it is wider
  double r_hat = 1;                              ///< split R-hat of the chains
  double effective = 0;                          ///< how many independent draws the chains are worth for its mean
};

struct CalibrationResult {
  std::vector<WaveFinding> waves;
  bool none = false;   ///< no parameters reach the record
  double nearest = 0;  ///< least implausibility of a place under the last wave
  /// How many times as far from the record the posterior is as from the model's own records; 1 when one of a hundred of
  /// these is as far. Above 1 all deviations are that much wider in the likelihood.
  double discrepancy = 1;
  std::vector<RowFinding> rows;               ///< those least in reach first
  std::vector<Contradiction> contradictions;  ///< the worst first, at most 20
  std::vector<ParameterFinding> parameters;   ///< as the account's priors that are not fixed; empty when none is left
  std::vector<std::size_t> active;            ///< of these, those that any row depends on; the others are as the prior
  std::vector<double> quantile;               ///< draws [parameter][chain][draw], quantiles of the priors
  std::size_t draws = 0;                      ///< of each chain
};

class Calibrator {
 public:
  /// Goes on from what was run before. Throws std::invalid_argument for an account without a prior that is not fixed,
  /// fewer than 100 trials a wave, and trials of another account or settings.
  Calibrator(const Account& account, const RecordLaw& law, const CalibrationSettings& settings,
             CalibrationTrials so_far = {});

  /// Runs the next batch of trials; false when there is none. Throws what run_trials throws, and
  /// std::invalid_argument when more than a tenth of a wave's trials failed.
  bool advance();
  const CalibrationTrials& trials() const { return trials_; }
  const Region& region() const { return region_; }  ///< what is left after the waves that are done
  /// Of the last wave; refers to this calibrator.
  SyntheticLikelihood likelihood() const;
  /// Parameters that any row depends on, by their number among those that are not fixed.
  std::vector<std::size_t> active() const;
  /// What it all comes to. Call it when advance() has returned false.
  CalibrationResult result() const;

 private:
  void learn();
  std::vector<double> record_of(std::size_t wave, std::size_t trial) const;

  const Account& account_;
  const RecordLaw& law_;
  CalibrationSettings settings_;
  std::uint64_t seed_;
  CalibrationTrials trials_;
  std::unique_ptr<RowScales> scales_;
  std::deque<Wave> waves_;
  std::vector<WaveFinding> findings_;
  Region region_;
  std::vector<double> learnt_u_, learnt_records_;  ///< what the last wave was learnt from
  std::vector<double> before_;                     ///< see RowFinding
  bool finished_ = false;
};

/// Runs a trial that did not fail once more: whether its outcomes are the same to the bit.
bool same_again(const Account& account, const CalibrationTrials& run, std::size_t wave, std::size_t trial,
                std::uint64_t seed);

/// The whole calibration of an account.
CalibrationResult calibrate(const Account& account, const RecordLaw& law, const CalibrationSettings& settings);

}  // namespace qantar::analysis
