// What an adjudication found, as one JSON object and as text.
#pragma once
#include <string>

#include <nlohmann/json.hpp>

#include "cli/verdict/adjudication_file.hpp"

namespace qantar::cli {

/// Judges the accounts from the trials that were run; `compared` is of the case. Accounts that leave a switch open are
/// no rivals: they answer which switches were on. Runs a few trials once more, for observables that are not compared.
nlohmann::json adjudication_summary(const CheckedCase& checked, const ComparedColumns& compared,
                                    const analysis::AdjudicationSettings& settings,
                                    const std::vector<analysis::AccountTrials>& accounts);

/// For people.
std::string text_of_adjudication(const nlohmann::json& summary);

}  // namespace qantar::cli
