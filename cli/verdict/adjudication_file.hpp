// What `qantar adjudicate` writes: an HDF5 file with the verdict, the trials that it rests on, and everything that is
// needed to run these again.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "analysis/inference/adjudication.hpp"
#include "analysis/inference/case_adjudication.hpp"
#include "cli/case_input.hpp"
#include "sim/results/opened.hpp"
#include "sim/results/result_file.hpp"

namespace qantar::cli {

/// The columns of TrialResult::outcomes that a record and its claims are compared with, and what is asked of them with
/// their columns renumbered to these: an adjudication keeps no others.
struct ComparedColumns {
  std::vector<std::size_t> columns;  ///< ascending
  analysis::CaseQuestions asked;
};
/// Throws UsageError when the case has no record.
ComparedColumns compared_columns(const std::string& shown, const CheckedCase& checked);

/// The hypotheses of a case as inference sees them, with these outcomes only. They refer to the case.
std::vector<analysis::Account> accounts_of(const agents::Case& model, const std::vector<std::size_t>& columns);

struct AdjudicationFile {
  sim::RunDescription run;
  analysis::AdjudicationSettings settings;
  std::vector<analysis::AccountTrials> accounts;  ///< in the order of the run's hypotheses
  nlohmann::json summary;                         ///< what `--json` prints
  std::string digest;                             ///< as the file says; empty before it is written
};

/// SHA-256 of all that was found and of every number that it rests on.
std::string digest_of(const AdjudicationFile& all);

bool is_adjudication(const sim::FinishedFile& file);

/// Writes the file under a temporary name and renames it; returns its content digest. Throws sim::OutputError.
std::string write_adjudication(const std::filesystem::path& target, const AdjudicationFile& all, bool replace);
/// Throws sim::ResultError for a file that is missing, damaged or of another kind.
AdjudicationFile read_adjudication(const sim::FinishedFile& file);

/// What is there of an account of an adjudication that is not finished. `identity` names everything that its numbers
/// depend on; what does not carry it is not taken.
void save_account(const std::filesystem::path& file, const std::string& identity,
                  const analysis::AccountTrials& account);
/// False when there is nothing to take.
bool load_account(const std::filesystem::path& file, const std::string& identity, analysis::AccountTrials& account);

}  // namespace qantar::cli
