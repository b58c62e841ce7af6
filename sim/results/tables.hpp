// The parts of a result that grow with the trials. Each gathers rows and writes them in batches.
#pragma once
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sim/results/digest.hpp"
#include "sim/results/quantile_bands.hpp"
#include "sim/results/schema.hpp"
#include "sim/results/seal.hpp"

namespace qantar::sim {

inline constexpr std::size_t rows_per_batch = 256;

/// The root: one row per trial, and the running content digest.
class TrialTable {
 public:
  /// Rows as they are stored.
  struct Rows {
    std::vector<std::int64_t> trials;
    std::vector<std::vector<double>> numbers;  ///< per column
  };
  TrialTable(hid_t file, std::vector<Column> columns, std::size_t expected_rows);
  void append(const TrialResult& record);
  void append(const Rows& rows);
  /// Rows of another file with the same columns. Throws h5::Error.
  Rows read(hid_t file, hsize_t first, hsize_t n) const;
  /// Whether rows [first, first + n) of another file with the same columns can be taken as they are stored.
  bool fits(hid_t file, hsize_t first, hsize_t n);
  /// Takes such rows, which are the blocks from number `block` on, of these digests.
  void append_stored(hid_t file, hsize_t first, hsize_t n, std::int64_t block,
                     std::span<const RowDigest::Block> digests);
  void flush();
  const RowDigest& digest();  ///< of all rows
  /// Digests of the chunks that came as they are stored, before any other row; they are given away.
  ChunkSums chunk_sums() { return std::move(chunk_sums_); }

 private:
  std::vector<Column> columns_;
  std::vector<std::size_t> by_name_;
  std::vector<std::vector<double>> batch_;  ///< per column
  std::vector<h5::Table> tables_;
  h5::Table trial_;
  std::vector<std::int64_t> trials_;
  RowDigest digest_;
  ChunkSums chunk_sums_;
};

/// The group `series`: every number of every step of the kept trials.
class SeriesTable {
 public:
  SeriesTable(hid_t file, const ResultLayout& layout, const Clock& clock, std::size_t expected_rows);
  void append(const TrialResult& record);
  void flush();

 private:
  static constexpr std::size_t batch_bytes = 16u << 20;
  std::vector<std::size_t> sizes_;
  std::size_t steps_, width_;
  std::vector<std::int64_t> trials_;
  std::vector<float> batch_;
  std::vector<h5::Table> tables_;
  std::unique_ptr<h5::Table> kept_;
};

/// The group `summary`: bands of every series over all trials that did not fail.
class SummaryTable {
 public:
  SummaryTable(const ResultLayout& layout, const Clock& clock, const std::vector<HypothesisLabel>& hypotheses);
  void append(const TrialResult& record);
  void write(hid_t file);

 private:
  static constexpr std::size_t batch_numbers = 2u << 20;
  void flush();

  ResultLayout layout_;
  Clock clock_;
  std::vector<std::string> hypotheses_;
  std::size_t steps_, width_;
  std::vector<std::int64_t> counted_;
  QuantileBands bands_;
  std::size_t batch_hypothesis_ = 0;
  std::vector<float> batch_;  ///< series of trials of this hypothesis, one after the other
};

/// The group `events`: the event log of the kept trials as parallel columns.
class EventTable {
 public:
  EventTable(hid_t file, const ResultLayout& layout, const Clock& clock);
  void append(const TrialResult& record);
  void flush();

 private:
  std::map<std::string, std::pair<h5::Table, std::vector<double>>> columns_;
  std::vector<std::string> refs_;
  std::size_t events_ = 0, causes_ = 0;
};

/// The group `failures`: stage and message of the trials that did not end well.
class FailureTable {
 public:
  explicit FailureTable(hid_t file);
  void append(const TrialResult& record);
  void flush();

 private:
  h5::Table row_, trial_, stage_, message_;
  std::vector<std::int64_t> rows_, trials_;
  std::vector<std::string> stages_, messages_;
  std::int64_t count_ = 0;
};

}  // namespace qantar::sim
