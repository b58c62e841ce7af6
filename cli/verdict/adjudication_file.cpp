#include "cli/verdict/adjudication_file.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "analysis/compare.hpp"
#include "analysis/inference/storage.hpp"
#include "cli/options.hpp"
#include "cli/verdict/own_file.hpp"
#include "sim/results/opened.hpp"
#include "sim/results/provenance.hpp"
#include "sim/results/replacement.hpp"

namespace qantar::cli {
namespace {

namespace fs = std::filesystem;
namespace h5 = sim::h5;

constexpr const char* kind_of_file = "adjudication";

/// An account is what its model reads, whatever its file is called.
std::string identity_of(const agents::AnyModel& model) {
  sim::Sha256 sum;
  sum.add_text(model.resolved_text());
  return sum.hex();
}

std::size_t renumbered(const std::vector<std::size_t>& columns, std::size_t column) {
  return std::ranges::lower_bound(columns, column) - columns.begin();
}

void renumber(analysis::Question& q, const std::vector<std::size_t>& columns) {
  q.column = renumbered(columns, q.column);
  if (q.compares_two()) q.then_column = renumbered(columns, q.then_column);
}

/// A record weighs nothing twice: rows that a posterior was drawn from have had their say.
void keep_held_out(const std::string& shown, analysis::Evidence& evidence) {
  for (auto& event : evidence.events) {
    if (event.use == analysis::Use::scored && !event.held_out) event.use = analysis::Use::context;
    event.held_out = event.key = false;
  }
  if (std::ranges::none_of(evidence.events, [](const auto& e) { return e.use == analysis::Use::scored; }))
    throw UsageError(shown +
                     ": holds no row of its record out, so after a calibration there is none left to weigh; mark "
                     "some with held_out = true and calibrate again");
}

}  // namespace

ComparedColumns compared_columns(const std::string& shown, const CheckedCase& checked) {
  if (!checked.evidence)
    throw UsageError(shown + ": the case has no evidence.toml, so there is no record that accounts could be judged by");
  ComparedColumns out;
  auto& [evidence, claims, switch_names, first_switch] = out.asked;
  evidence = *checked.evidence;
  if (checked.claims) claims = *checked.claims;
  if (checked.model.has_posteriors()) keep_held_out(shown, evidence);
  const auto needed = analysis::needed_columns(evidence, claims);
  std::set<std::size_t> columns(needed.begin(), needed.end());
  const auto switches = checked.layout.find(checked.layout.outcomes, "switched_on");  // classic models have none
  if (switches) {
    switch_names = checked.layout.axis("switch").labels;
    for (std::size_t i = 0; i < switches->size; ++i) columns.insert(switches->first + i);
  }
  out.columns.assign(columns.begin(), columns.end());
  if (switches) first_switch = renumbered(out.columns, switches->first);
  for (auto& event : evidence.events)
    if (event.use == analysis::Use::scored) renumber(event, out.columns);
  for (auto& claim : claims) renumber(claim, out.columns);
  // These have no part in an adjudication.
  evidence.sequence.clear();
  evidence.stylised_facts.clear();
  return out;
}

std::vector<analysis::Account> accounts_of(const agents::Case& model, const std::vector<std::size_t>& columns) {
  std::vector<analysis::Account> accounts;
  for (const auto& hypothesis : model.hypotheses)
    accounts.push_back(
        {hypothesis.name, hypothesis.model->priors(),
         [run = hypothesis.model, columns](const sim::TrialKey& key, std::span<const sim::AssignedPrior> assigned) {
           const auto record = run->run(key, {.assigned = assigned, .series = false, .all_asked = true});
           if (record.status == sim::TrialStatus::failed)
             throw std::runtime_error(record.stage + ": " + record.message);
           std::vector<double> out;
           out.reserve(columns.size());
           for (const std::size_t column : columns) out.push_back(record.outcomes[column]);
           return out;
         },
         identity_of(*hypothesis.model)});
  return accounts;
}

std::string digest_of(const AdjudicationFile& all) {
  sim::Sha256 sum;
  sum.add_text(all.summary.dump());
  for (const auto& account : all.accounts) analysis::digest_account(sum, account);
  return sum.hex();
}

bool is_adjudication(const sim::FinishedFile& file) { return file.kind == kind_of_file; }

std::string write_adjudication(const fs::path& target, const AdjudicationFile& all, bool replace) {
  std::string digest = digest_of(all);
  write_sealed_file(target, replace, [&](hid_t file) {
    write_head(file, kind_of_file, {all.run, all.summary, digest});
    h5::put_int(file, "particles", all.settings.particles);
    h5::put_int(file, "records", all.settings.records);
    const h5::Handle accounts = h5::create_group(file, "accounts");
    for (const auto& account : all.accounts) analysis::write_account(h5::create_group(accounts, account.name), account);
  });
  return digest;
}

AdjudicationFile read_adjudication(const sim::FinishedFile& opened) {
  AdjudicationFile all;
  const FileHead head = read_head(opened, [&](hid_t file, const FileHead& of) {
    all.settings = {.seed = of.run.seed,
                    .particles = static_cast<std::size_t>(h5::integer(file, "particles")),
                    .trials = of.run.trials_per_hypothesis,
                    .records = h5::integer(file, "records"),
                    .threads = 0};
    const h5::Handle accounts = h5::open_group(file, "accounts");
    for (const auto& hypothesis : of.run.hypotheses)
      all.accounts.push_back(analysis::read_account(h5::open_group(accounts, hypothesis.name)));
  });
  all.run = head.run;
  all.summary = head.summary;
  all.digest = head.digest;
  return all;
}

void save_account(const fs::path& file, const std::string& identity, const analysis::AccountTrials& account) {
  write_work_file(file, [&](hid_t root) {
    h5::put(root, "identity", identity);
    analysis::write_account(root, account);
  });
}

bool load_account(const fs::path& path, const std::string& identity, analysis::AccountTrials& account) {
  if (!fs::exists(path)) return false;
  try {
    const h5::Handle file = h5::open_file(path);
    if (h5::text(file, "identity") != identity) return false;
    auto found = analysis::read_account(file);
    if (found.name != account.name) return false;
    account = std::move(found);
    return true;
  } catch (const h5::Error&) {
    return false;  // made anew
  }
}

}  // namespace qantar::cli
