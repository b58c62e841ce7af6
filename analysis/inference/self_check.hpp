// Does the method of the evidence find truths that are known? Records are simulated from prior trials of each account,
// and each is judged as the documented one is: by the same trials, proposals and weights.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analysis/inference/account_trials.hpp"
#include "analysis/inference/model_check.hpp"

namespace qantar::analysis {

/// Simulation-based calibration of an account's parameters (Talts et al. 2018) and of how well a trial fits the record
/// (Modrak et al. 2023): ranks of the true values among the weighted trials of the evidence. The trials are the same
/// for all records, so their luck moves all ranks together: chi-squares are divided by 1 + records / effective size.
struct ParameterCalibration {
  std::size_t quantities = 0, records = 0;  ///< 0 quantities: fewer than 100 records, which say nothing
  double effective_size = 0;                ///< mean over records
  double smallest_p = 1;                    ///< of all quantities, times their number, at most 1
  double coverage_50 = 0, coverage_90 = 0;  ///< of central intervals, mean over quantities
  bool passes = true;                       ///< smallest_p times the number of accounts is 0.001 or more
};

/// Whether the documented record is one that an account could have left (Box 1980): the share of records simulated
/// under it, itself among them, whose evidence under it is no greater. Uniform at the least when the account is the
/// truth, so one below 0.01 is a false alarm in at most 1 % of cases.
struct Surprise {
  double p = 1;
  std::size_t records = 0;  ///< simulated ones; with fewer than 100 p is never below 0.01
};

struct SelfCheck {
  std::vector<Judged> judged;                    ///< up to `records` of each account; without distance
  Confusion overall;                             ///< of `judged`
  ModelCalibration calibration;                  ///< of `judged`
  std::vector<ParameterCalibration> parameters;  ///< one per account
  std::vector<Surprise> surprise;                ///< one per account
  std::vector<std::string> faults;  ///< what speaks against the method, for people; nominally false in 1 of 1000 cases
};

/// How many records of each account are simulated at most: judged by all accounts, and by their own alone.
struct CheckedRecords {
  std::size_t judged = 100, surprise = 400;
};

/// Simulates records of each account by the law, from its first prior trials that did not fail.
SelfCheck self_check(std::span<const AccountTrials> accounts, const RecordLaw& law, std::uint64_t seed,
                     const CheckedRecords& records, int threads);

}  // namespace qantar::analysis
