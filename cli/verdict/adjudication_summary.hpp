// What an adjudication found, for people and for programs.
#pragma once
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "analysis/inference/case_adjudication.hpp"
#include "cli/verdict/adjudication_file.hpp"

namespace qantar::cli {

/// A case that was judged, with the words that its report needs.
struct JudgedCase {
  std::string name;
  std::vector<std::string> accounts, titles;  ///< of those that were judged
  analysis::AdjudicationSettings settings;
  analysis::CaseQuestions asked;
  analysis::CaseAdjudication found;
};

/// Judges the accounts from the trials that were run; `compared` is of the case. Accounts that leave a switch open are
/// no rivals: they answer which switches were on. Runs a few trials once more, for observables that are not compared.
/// Throws UsageError for fewer than two rivals.
JudgedCase judge_case(const CheckedCase& checked, const ComparedColumns& compared,
                      const analysis::AdjudicationSettings& settings,
                      const std::vector<analysis::AccountTrials>& accounts);

/// Names of accounts by their place.
std::vector<std::string> names_of(const JudgedCase& judged, const std::vector<std::size_t>& places);
/// Of a row of the record.
const std::string& title_of_row(const JudgedCase& judged, const std::string& id);

/// What `--json` prints and the file keeps.
nlohmann::json json_of(const JudgedCase& judged);
/// For people.
std::string text_of(const JudgedCase& judged);

}  // namespace qantar::cli
