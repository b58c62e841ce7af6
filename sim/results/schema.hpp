// Names and shapes of a result: which variables stand at the root, how they are stored, and how a layout is
// found again in a file.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "sim/results/hdf5.hpp"
#include "sim/results/result_file.hpp"
#include "sim/trial_result.hpp"

namespace qantar::sim {

/// Where the numbers of a root variable come from.
enum class Source { hypothesis, point, replicate, status, outcome, occurred, parameter };

/// A root variable. In memory its numbers are float64; HDF5 converts them to the stored type.
struct Column {
  Variable variable;  ///< under its name in the file
  Source source = Source::outcome;
  std::size_t offset = 0;  ///< first number in the outcomes or parameters of a TrialResult
  std::size_t size = 1;    ///< numbers per trial
};

/// All root variables in the order of the file. Throws std::logic_error when the layout cannot become a file:
/// names that are not identifiers or appear twice, unknown axes, units that other readers would turn into
/// time spans.
std::vector<Column> root_columns(const ResultLayout& layout, const Clock& clock,
                                 const std::vector<HypothesisLabel>& hypotheses);

/// Row `record` of a column, appended to `out`; a failed trial without numbers yields undefined ones.
void take_numbers(const Column& column, const TrialResult& record, std::vector<double>& out);

/// How the file stores a kind of value. The fill pointer stays valid for ever.
h5::Storage storage_of(const Column& column);
/// Float32 with NaN as fill value, of `series` and `summary`.
h5::Storage short_float();

/// Writes units (of a time with its calendar), long_name, kind, fill value, flags and meanings. A flag or code that may
/// be undefined is -1 then.
void describe(hid_t dataset, const Variable& variable, bool may_be_undefined = true);
/// Reads what describe() wrote, and the axes after the first `leading`.
Variable described(hid_t dataset, const std::string& name, std::size_t leading);

/// A numeric dimension scale with units and long_name.
void write_scale(hid_t group, const std::string& name, const std::vector<double>& values, const std::string& units,
                 const std::string& long_name, hid_t type = H5T_IEEE_F64LE);
/// A dimension scale 0, 1, ... n-1.
void write_index(hid_t group, const std::string& name, std::size_t n, const std::string& long_name);
/// Text labels as a dimension scale.
void write_labels(hid_t group, const std::string& name, const std::vector<std::string>& labels,
                  const std::string& long_name);

void write_layout(hid_t file, const ResultLayout& layout);
ResultLayout read_layout(hid_t file);
void write_clock(hid_t group, const Clock& clock);
Clock read_clock(hid_t group);
/// End of each step: when the numbers of a series hold.
std::vector<double> step_times(const Clock& clock);

}  // namespace qantar::sim
