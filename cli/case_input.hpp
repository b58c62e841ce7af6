// A case folder with everything in it checked, before any command uses it.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "agents/case.hpp"
#include "analysis/evidence.hpp"
#include "sim/results/result_file.hpp"
#include "sim/trial_result.hpp"

namespace qantar::cli {

/// A case, what it reports, and the files that only the analysis reads.
struct CheckedCase {
  agents::Case model;
  sim::ResultLayout layout;  ///< the same under every hypothesis
  std::optional<analysis::Evidence> evidence;
  std::optional<std::vector<analysis::Claim>> claims;
};

/// Builds a case from its texts; `shown` heads file names in messages. Every problem of every file goes to
/// `diagnostics`; the result is only meaningful when there is none.
CheckedCase check_case(const std::string& shown, agents::CaseFiles files, const std::vector<std::string>& overrides,
                       sim::Diagnostics& diagnostics);

/// Reads and checks a case folder, with the posterior of a calibration file in place of what it calibrated (`prior`;
/// none when empty). Throws InputError with all problems.
CheckedCase read_case(const std::string& folder, const std::vector<std::string>& overrides,
                      const std::string& prior = {});

/// What a result says of the case that it was made from, and how; `line` is the command as typed.
sim::RunDescription description_of(const CheckedCase& checked, const std::vector<std::string>& overrides,
                                   const std::string& line);

/// Keeps the hypotheses and structural alternatives of these names, in the order of the case; every hypothesis for
/// "all" alone; for "alternatives" alone all of these and the hypotheses that they change. Throws UsageError for an
/// unknown name, and as check_posteriors does.
void keep_hypotheses(agents::Case& model, const std::vector<std::string>& wanted);
/// Throws UsageError when some hypotheses of a case have a posterior and one has none: they would not be alike.
void check_posteriors(const agents::Case& model);
/// Throws UsageError for the first of the names wanted by --hypothesis that `owner` ("the case") does not have.
void check_hypotheses(const std::vector<std::string>& wanted, const std::vector<std::string>& names,
                      const std::string& owner);

}  // namespace qantar::cli
