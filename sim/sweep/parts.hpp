// The parts of a sweep: sealed result files, each with a range of trials that follow one another. Their names are the
// ledger of what is done, so nothing else has to be kept, or could be wrong.
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/results/result_file.hpp"

namespace qantar::sim {

struct Part {
  std::filesystem::path path;
  TrialRange trials;
};

/// What lies in a folder of parts.
struct Ledger {
  std::vector<Part> parts;                       ///< by first trial, the longer ones first
  std::vector<std::filesystem::path> foreign;    ///< of another experiment, or with a name that no part has
  std::vector<std::filesystem::path> temporary;  ///< being written, or left by a worker that was killed
};

/// "3f2a90c1d2e4-0000000000-0000000199.h5": the experiment, the first and the last trial.
std::string part_name(const std::string& experiment, const TrialRange& trials);

/// Reads the names in a folder. Throws ResultError when it cannot be read.
Ledger read_ledger(const std::filesystem::path& folder, const std::string& experiment);

/// Part of a part.
struct Piece {
  Part part;
  TrialRange trials;  ///< of the part, to be taken
};

/// Pieces in the order of their trials that cover as much of a range as the parts do, with as few parts as possible.
std::vector<Piece> cover(const std::vector<Part>& parts, const TrialRange& range);
/// What the parts do not cover of a range.
std::vector<TrialRange> missing(const std::vector<Part>& parts, const TrialRange& range);
/// Range i of n that share the trials evenly, 0 <= i < n; in whole blocks (see digest.hpp) when there are many.
TrialRange share(std::int64_t trials, std::int64_t i, std::int64_t n);

/// What a part says of itself.
struct PartNotes {
  std::array<std::int64_t, 2> by_status{};  ///< trials by TrialStatus
  std::string host, started, ended;         ///< UTC
  std::vector<std::string> failures;        ///< the first few: "trial 12, step 3: ..."
};

/// Throws ResultError when the part is damaged.
PartNotes read_notes(const Part& part);

/// Opens a part and checks that it is whole, what its name says, and that its digests are those of its rows, for they
/// go into what is made of it. Throws ResultError that names it.
ResultReader open_part(const Part& part, const std::string& experiment);

}  // namespace qantar::sim
