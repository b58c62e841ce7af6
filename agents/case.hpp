// A case from its texts: case.toml, hypotheses/*.toml, whatifs/*.toml and the files that only the analysis reads.
#pragma once
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "agents/models.hpp"
#include "sim/config/diagnostics.hpp"

namespace qantar::agents {

/// All files of a case as text, by their name relative to the folder ("hypotheses/null.toml").
using CaseFiles = std::vector<std::pair<std::string, std::string>>;

/// A ready-made what-if: one decision or circumstance that is otherwise, under every hypothesis.
struct WhatIf {
  std::string name, title, description;  ///< name: of its file
};

/// What a what-if changes: ready-made ones of the case by name, then keys as KEY=VALUE, each laid over the one before.
struct Changes {
  std::vector<std::string> names, assignments;
};

/// A case under each of its hypotheses, in the order of their names.
struct Case {
  std::string name;  ///< of the folder
  CaseFiles files;
  std::vector<Hypothesis> hypotheses;
  std::vector<WhatIf> whatifs;

  const std::string* file(const std::string& relative) const;
  bool has_posteriors() const;  ///< whether accounts draw from a posterior
  /// The resolved text of every hypothesis one after the other: what the configuration's digest is taken of.
  std::string resolved() const;
  /// The same in the same order, as what the crisis model reads; empty in a case of another model.
  std::vector<std::shared_ptr<const Scenario>> scenarios() const;
};

/// The file of a case with draws from the posterior of an account, a line of priors and a draw in each further line
/// (agents/posterior_model.hpp). It is no part of a case folder: `--prior` lays it in. A structural alternative has the
/// posterior of the account that it changes.
std::string posterior_file(const std::string& account);

/// Builds the case with `overrides` (KEY=VALUE) laid over every hypothesis, and then `changes`. `shown` heads file
/// names in messages. All problems of all files go to `diagnostics`, those of what-ifs that are not asked for as well.
Case build_case(const std::string& shown, CaseFiles files, const std::vector<std::string>& overrides,
                sim::Diagnostics& diagnostics, const Changes& changes = {});

/// JSON Schemas of the files that are laid over case.toml.
nlohmann::json hypothesis_schema();
nlohmann::json alternative_schema();
nlohmann::json whatif_schema();

}  // namespace qantar::agents
