#include "sim/sweep/parts.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <tuple>

#include <fmt/format.h>

#include "sim/results/digest.hpp"
#include "sim/results/hdf5.hpp"
#include "sim/results/opened.hpp"
#include "sim/results/seal.hpp"

namespace qantar::sim {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t digest_digits = 12;

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size() || value < 0) return {};
  return value;
}

/// The trials that a name stands for, when it is exactly the name of such a part.
std::optional<TrialRange> trials_of(const std::string& name, const std::string& experiment) {
  const auto dash = name.find('-'), second = name.find('-', dash + 1), dot = name.rfind(".h5");
  if (dash == std::string::npos || second == std::string::npos || dot == std::string::npos || second > dot) return {};
  const std::string_view text = name;
  const auto first = number(text.substr(dash + 1, second - dash - 1)),
             last = number(text.substr(second + 1, dot - second - 1));
  if (!first || !last || *last < *first) return {};
  const TrialRange trials{*first, *last + 1};
  if (name != part_name(experiment, trials)) return {};
  return trials;
}

/// Whether the digests that a file states, of its blocks and of all, are those of its rows.
bool rows_match(const fs::path& part) {
  try {
    const h5::Handle file = h5::open_file(part);
    const RowDigest found = recompute_rows(file);
    return found.blocks() == read_blocks(file) && found.hex() == h5::text(file, "content_digest");
  } catch (const h5::Error&) {
    return false;
  } catch (const std::logic_error&) {  // digests that are no digests, or too few
    return false;
  }
}

}  // namespace

std::string part_name(const std::string& experiment, const TrialRange& trials) {
  return fmt::format("{}-{:010}-{:010}.h5", experiment.substr(0, digest_digits), trials.first, trials.last - 1);
}

Ledger read_ledger(const fs::path& folder, const std::string& experiment) {
  Ledger ledger;
  try {
    for (const auto& entry : fs::directory_iterator(folder)) {
      const std::string name = entry.path().filename().string();
      if (const auto trials = trials_of(name, experiment))
        ledger.parts.push_back({entry.path(), *trials});
      else if (name.find(".h5.tmp.") != std::string::npos)
        ledger.temporary.push_back(entry.path());
      else
        ledger.foreign.push_back(entry.path());
    }
  } catch (const fs::filesystem_error& e) {
    throw ResultError(
        fmt::format("{}: the parts of the sweep cannot be listed: {}", folder.string(), e.code().message()));
  }
  std::ranges::sort(ledger.parts, {}, [](const Part& p) { return std::tuple(p.trials.first, -p.trials.last); });
  std::ranges::sort(ledger.foreign);
  std::ranges::sort(ledger.temporary);
  return ledger;
}

std::vector<Piece> cover(const std::vector<Part>& parts, const TrialRange& range) {
  std::vector<Piece> pieces;
  const Part* farthest = nullptr;  // of the parts that begin by `at`
  auto next = parts.begin();
  for (std::int64_t at = range.first; at < range.last;) {
    for (; next != parts.end() && next->trials.first <= at; ++next)
      if (!farthest || next->trials.last > farthest->trials.last) farthest = &*next;
    if (farthest && farthest->trials.last > at) {
      const std::int64_t last = std::min(farthest->trials.last, range.last);
      pieces.push_back({*farthest, {at, last}});
      at = last;
    } else if (next != parts.end()) {
      at = next->trials.first;
    } else {
      break;
    }
  }
  return pieces;
}

std::vector<TrialRange> missing(const std::vector<Part>& parts, const TrialRange& range) {
  std::vector<TrialRange> gaps;
  std::int64_t at = range.first;
  for (const auto& piece : cover(parts, range)) {
    if (piece.trials.first > at) gaps.push_back({at, piece.trials.first});
    at = piece.trials.last;
  }
  if (at < range.last) gaps.push_back({at, range.last});
  return gaps;
}

TrialRange share(std::int64_t trials, std::int64_t i, std::int64_t n) {
  // Of whole blocks when there are enough of them to be fair: such shares are merged as they are stored.
  constexpr std::int64_t enough = 8;
  const std::int64_t unit = trials / block_trials >= enough * n ? block_trials : 1;
  const std::int64_t units = (trials + unit - 1) / unit, whole = units / n, rest = units % n;
  const auto first = [&](std::int64_t k) { return std::min(trials, (k * whole + std::min(k, rest)) * unit); };
  return {first(i), first(i + 1)};
}

PartNotes read_notes(const Part& part) {
  PartNotes notes;
  try {
    const FinishedFile opened = open_finished(part.path);
    const hid_t file = opened.handle;
    const h5::Handle provenance = h5::open_group(file, "provenance");
    notes.by_status = {h5::integer(provenance, "trials_ok"), h5::integer(provenance, "trials_failed")};
    notes.host = h5::text(provenance, "host");
    notes.started = h5::text(provenance, "started");
    notes.ended = h5::text(provenance, "ended");
    if (notes.by_status[0] == part.trials.last - part.trials.first) return notes;
    const auto trials = h5::read_all<std::int64_t>(file, "failures/trial", H5T_NATIVE_INT64);
    const auto stages = h5::read_texts(file, "failures/stage"), messages = h5::read_texts(file, "failures/message");
    for (std::size_t i = 0; i < std::min<std::size_t>(trials.size(), 3); ++i)
      notes.failures.push_back(fmt::format("trial {}, {}: {}", trials[i], stages.at(i), messages.at(i)));
  } catch (const std::system_error&) {
    throw;  // nothing is known of the part
  } catch (const std::exception& e) {
    throw ResultError(
        fmt::format("{}: {}. The part is damaged: delete it, and run its shard again", part.path.string(), e.what()));
  }
  return notes;
}

ResultReader open_part(const Part& part, const std::string& experiment) {
  const auto refuse = [&](const std::string& why) {
    throw ResultError(fmt::format("{}: {}. Delete it, and run what is missing then", part.path.string(), why));
  };
  std::optional<ResultReader> reader;
  try {
    reader.emplace(part.path);
  } catch (const ResultError& e) {
    throw ResultError(fmt::format("{}. Delete it, and run what is missing then", e.what()));
  }
  if (const auto& said = reader->run().sweep.experiment; said != experiment)
    refuse(fmt::format("it belongs to experiment {} and not to {}", said, experiment));
  const auto trials = reader->trial_numbers();
  const auto n = part.trials.last - part.trials.first;
  if (std::ssize(trials) != n || trials.front() != part.trials.first || trials.back() != part.trials.last - 1)
    refuse(fmt::format("it holds {} trials from {} and not those of its name", trials.size(),
                       trials.empty() ? 0 : trials.front()));
  if (!rows_match(part.path)) refuse("its rows do not match its digests: they were changed after they were made");
  return *std::move(reader);
}

}  // namespace qantar::sim
