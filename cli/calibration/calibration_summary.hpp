// A calibration for people and as JSON.
#pragma once
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "analysis/calibration/calibration.hpp"
#include "sim/config/values.hpp"

namespace qantar::cli {

/// Of one account.
struct FoundAccount {
  std::string name;
  analysis::CalibrationResult found;
  sim::Priors priors;
};

nlohmann::json json_of(const std::vector<FoundAccount>& accounts);
std::string text_of(const std::vector<FoundAccount>& accounts);

}  // namespace qantar::cli
