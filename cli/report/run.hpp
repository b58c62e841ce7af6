// The parts that the page of a run is made of; see run.cpp.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "agents/scenario.hpp"
#include "cli/replay.hpp"
#include "cli/report/data.hpp"
#include "sim/results/result_file.hpp"

namespace qantar::cli {

/// Series of places that the map shows.
inline constexpr const char* mapped[] = {"peaceful", "violent", "police_present"};

/// The case that a result was made from, as far as this program can read it.
struct CaseOfResult {
  std::unique_ptr<const Replay> replay;
  const agents::Scenario* scenario = nullptr;  ///< null in a case of a classic model
};

// ---- What changes over time, of all trials: courses.cpp ------------------------------------------------------

/// The steps that a course shows: every n-th, and the last.
std::vector<std::size_t> shown_steps(const sim::Clock& clock);
nlohmann::json hours_of(const std::vector<std::size_t>& steps, const sim::Clock& clock);
/// Quantile bands of every series: by account, cell, quantile, then time.
nlohmann::json bands_of(const sim::ResultReader& result, const std::vector<std::size_t>& steps);
/// By place, then step.
nlohmann::json by_place(const std::vector<double>& by_step, std::size_t places, int digits);
/// Places, and of each account medians by hour and the mean number of state sites lost. Null when places have no
/// coordinates.
nlohmann::json map_of(const sim::ResultReader& result, const agents::Scenario& s);

// ---- Single trials: trials.cpp -------------------------------------------------------------------------------

/// Trials whose series and events the file keeps, some of each account.
std::vector<sim::TrialResult> kept_records(const sim::ResultReader& result);
/// The trials of `told` and a typical one of each account, with their stories. Throws sim::ResultError for one of
/// `told` that cannot be told.
nlohmann::json trials_of(const CaseOfResult& of, const sim::ResultReader& result,
                         const std::vector<sim::TrialResult>& kept, const std::vector<std::int64_t>& told,
                         const std::string& path, std::vector<LeftOut>& left_out);
/// Mean number of offices of each organisation in each stance over time, over the kept trials of each account.
nlohmann::json stances_by_organisation(const std::vector<sim::TrialResult>& kept, const sim::ResultReader& result,
                                       const agents::Scenario& s, const std::vector<std::size_t>& steps);

}  // namespace qantar::cli
