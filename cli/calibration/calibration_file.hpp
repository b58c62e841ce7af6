// What `qantar calibrate` writes: an HDF5 file with the posterior of each account, the trials that it rests on, and
// everything that is needed to run these again.
#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "agents/case.hpp"
#include "analysis/calibration/calibration.hpp"
#include "sim/results/opened.hpp"
#include "sim/results/result_file.hpp"

namespace qantar::cli {

/// Draws from the posterior of an account. Empty where no parameters reach the record.
struct PosteriorDraws {
  std::vector<std::string> parameters;  ///< the account's priors that are not fixed
  std::vector<std::string> active;      ///< of these, those that any row depends on
  std::size_t chains = 0, draws = 0;    ///< draws: of each chain
  std::vector<double> value, quantile;  ///< [parameter][chain][draw]: in its unit, and as a quantile of its prior
};

struct CalibratedAccount {
  analysis::CalibrationTrials trials;
  PosteriorDraws posterior;
};

struct CalibrationFile {
  sim::RunDescription run;
  analysis::CalibrationSettings settings;
  std::vector<CalibratedAccount> accounts;  ///< in the order of the run's hypotheses
  nlohmann::json summary;                   ///< what `--json` prints
  std::string digest;                       ///< as the file says; empty before it is written
};

/// What a calibration found, as it is stored.
PosteriorDraws draws_of(const analysis::CalibrationResult& found, const sim::Priors& priors);

/// SHA-256 of all that was found and of every number that it rests on.
std::string digest_of(const CalibrationFile& all);

bool is_calibration(const sim::FinishedFile& file);
/// Writes the file under a temporary name and renames it; returns its content digest. Throws sim::OutputError.
std::string write_calibration(const std::filesystem::path& target, const CalibrationFile& all, bool replace);
/// Throws sim::ResultError for a file that is damaged.
CalibrationFile read_calibration(const sim::FinishedFile& file);

/// What is there of an account that is not finished. `identity` names everything that its numbers depend on; what does
/// not carry it is not taken, and false returned.
void save_calibration(const std::filesystem::path& file, const std::string& identity,
                      const analysis::CalibrationTrials& trials);
bool load_calibration(const std::filesystem::path& file, const std::string& identity,
                      analysis::CalibrationTrials& trials);

/// The posteriors of a calibration file as files of a case (`posterior/ACCOUNT.csv`): a case with them draws what the
/// record has moved from there, and all else from its priors. Throws UsageError for a file of another kind, and for one
/// with an account that has no posterior.
agents::CaseFiles posterior_files(const std::string& path);

}  // namespace qantar::cli
