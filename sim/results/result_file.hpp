// The result file: HDF5 that is also valid netCDF-4. One row per trial at the root; see sim/README.md for the
// layout.
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "sim/calendar.hpp"
#include "sim/trial_result.hpp"

namespace qantar::sim {

inline constexpr int result_schema_version = 1;

/// Shares of trials at or below the quantiles of a band.
inline constexpr std::array band_quantiles{0.05, 0.25, 0.5, 0.75, 0.95};

/// A result file that is missing, damaged, incomplete or of a newer schema. The command line exits with 5.
struct ResultError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// An output that cannot be written (exists, folder missing, disk full ...). The command line exits with 3.
struct OutputError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// One rival account, as a coordinate of the file.
struct HypothesisLabel {
  std::string name, title;
};

/// Trials first, first + 1, ..., last - 1.
struct TrialRange {
  std::int64_t first = 0, last = 0;
  bool operator==(const TrialRange&) const = default;
};

/// The part of a sweep that rows of a merged result were copied from.
struct PartOrigin {
  TrialRange trials;
  std::string host, started;  ///< machine and time (UTC) as the part says
  std::string sha256;         ///< the seal of the part
};

/// What a result says about the sweep that it belongs to; everything is empty in a result of `qantar run`.
struct SweepDescription {
  std::string experiment;           ///< SHA-256 of what the sweep's numbers depend on
  std::string design;               ///< the design file as read
  std::string table;                ///< the table of a listed design as read; empty without one
  std::int64_t trials = 0;          ///< planned, in the whole sweep
  std::vector<TrialRange> missing;  ///< in a partial merge: planned trials that have no row
  std::vector<PartOrigin> origins;  ///< in a merge, by trial
};

/// What a result says about the run that made it. All texts end up as attributes of the group `provenance`.
struct RunDescription {
  std::string case_name, case_title;
  std::vector<HypothesisLabel> hypotheses;
  std::int64_t trials_per_hypothesis = 0;
  std::uint64_t seed = 0;
  std::string configuration;    ///< full resolved text; its SHA-256 is stored beside it
  std::string evidence_sha256;  ///< of evidence.toml as read; empty without one
  std::string command_line;
  /// Every input file, name relative to the case and text, so that a trial can be replayed from the result
  /// alone.
  std::vector<std::pair<std::string, std::string>> input_files;
  std::vector<std::string> overrides;  ///< the --set arguments
  int threads = 1;
  std::int64_t keep_series = 0;  ///< series and events are kept for this many first trials of each hypothesis
  SweepDescription sweep;
};

class ResultReader;

/// Writes trials in index order under a temporary name beside the target and renames at the end. No other process
/// uses the same temporary name, on whatever machine.
class ResultWriter {
 public:
  /// Throws OutputError when the target exists and `replace` is false, or its folder cannot be written. The temporary
  /// is made with the first trial, so that no trial waits for it.
  ResultWriter(const std::filesystem::path& target, ResultLayout layout, const Clock& clock, RunDescription run,
               bool replace);
  ~ResultWriter();  ///< removes the temporary unless finish() succeeded
  ResultWriter(const ResultWriter&) = delete;
  ResultWriter& operator=(const ResultWriter&) = delete;

  /// Takes the next trial; trials must come as 0, 1, 2, ..., in a sweep in any growing order. Memory stays bounded:
  /// rows leave in batches.
  void append(const TrialResult& record);
  /// Takes rows [first, last) of a part of the same sweep, in batches. Throws ResultError when they do not fit.
  void append(const ResultReader& part, std::int64_t first, std::int64_t last);
  std::int64_t failed() const;  ///< of the trials so far
  /// Writes bands, counts, digests; closes, syncs and renames. Returns the content digest.
  std::string finish();
  /// finish() under another name in the same folder. Without `replace`, a file that another process has made there
  /// meanwhile stays, and false is returned.
  bool finish_as(const std::filesystem::path& target, bool replace);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct FinishedFile;

/// Reads a finished file. Every function throws ResultError with the name of what is missing or damaged.
/// Opening checks the seal over all bytes, so no number comes from a file in which one was changed; it costs
/// one reading of the file.
class ResultReader {
 public:
  explicit ResultReader(const std::filesystem::path& path);
  explicit ResultReader(FinishedFile file);  ///< of opened.hpp, for whoever has to know its kind first
  ~ResultReader();
  ResultReader(ResultReader&&) noexcept;

  std::int64_t trials() const;  ///< rows of the file
  /// The trial of each row: 0, 1, 2, ... but for a part of a sweep.
  std::vector<std::int64_t> trial_numbers() const;
  const ResultLayout& layout() const;
  const Clock& clock() const;
  const RunDescription& run() const;
  std::string content_digest() const;
  /// A root variable over all trials, row-major (trial, axes...), NaN where undefined but -1 in a code. For
  /// `<time>_occurred` too.
  std::vector<double> variable(const std::string& name) const;
  /// Rows [first, first + n) of such a variable.
  std::vector<double> variable(const std::string& name, std::int64_t first, std::int64_t n) const;
  bool has(const std::string& name) const;
  std::vector<std::int32_t> hypothesis() const;
  std::vector<std::int32_t> status() const;
  /// Outcomes and parameters of one trial in ResultLayout order, its key, hypothesis and status, and its
  /// events and series when they were kept. Throws ResultError when the file has no such trial.
  TrialResult record(std::int64_t trial) const;
  /// Quantile bands of a series over all trials that did not fail, row-major (hypothesis, step, quantile, axes...), the
  /// quantiles being `band_quantiles`.
  std::vector<double> quantile_bands(const std::string& series) const;
  /// Indices of the trials whose series and events were kept.
  std::vector<std::int64_t> kept_trials() const;
  /// Free text attributes of the group `provenance`, by name.
  std::map<std::string, std::string> provenance() const;

 private:
  friend class ResultWriter;
  std::int64_t handle() const;  ///< HDF5 identifier of the open file
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// What is wrong with a file: each entry names the damaged part. Empty means that the file is what it claims
/// to be. Never throws for damage: a file that does not even open yields one entry that says so. Throws
/// std::system_error when the system does not let it look.
std::vector<std::string> find_damage(const std::filesystem::path& path);

/// SHA-256 of a text as 64 hexadecimal digits.
std::string sha256(const std::string& text);

}  // namespace qantar::sim
