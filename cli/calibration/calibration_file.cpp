#include "cli/calibration/calibration_file.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "analysis/inference/storage.hpp"
#include "cli/options.hpp"
#include "cli/verdict/own_file.hpp"
#include "sim/results/provenance.hpp"

namespace qantar::cli {
namespace {

namespace fs = std::filesystem;
namespace h5 = sim::h5;

constexpr const char* kind_of_file = "calibration";
constexpr std::size_t rows_of_a_prior = 500;  // of posterior/ACCOUNT.csv

std::string wave_name(std::size_t wave) { return fmt::format("wave_{}", wave + 1); }

void write_trials(hid_t group, const analysis::CalibrationTrials& trials) {
  h5::put(group, "account", trials.name);
  h5::put(group, "luck", trials.luck);
  h5::put_int(group, "waves", std::ssize(trials.waves));
  for (std::size_t w = 0; w < trials.waves.size(); ++w) analysis::write_trials(group, wave_name(w), trials.waves[w]);
}

analysis::CalibrationTrials read_trials(hid_t group) {
  analysis::CalibrationTrials trials{h5::text(group, "account"), h5::text(group, "luck"), {}};
  const auto waves = static_cast<std::size_t>(h5::integer(group, "waves"));
  for (std::size_t w = 0; w < waves; ++w) trials.waves.push_back(analysis::read_trials(group, wave_name(w)));
  return trials;
}

h5::Handle write_index(hid_t group, const std::string& name, std::size_t size) {
  std::vector<int> numbers(size);
  std::iota(numbers.begin(), numbers.end(), 0);
  h5::Handle scale = h5::create_dataset(group, name, {H5T_STD_I32LE}, {size});
  h5::write(scale, H5T_NATIVE_INT, numbers.data());
  h5::make_scale(scale);
  return scale;
}

/// With dimensions that netCDF readers know: parameter, chain, draw.
void write_posterior(hid_t group, const PosteriorDraws& draws) {
  if (draws.parameters.empty()) return;
  h5::write_texts(group, "parameter", draws.parameters);
  const h5::Handle parameter = h5::open_dataset(group, "parameter");
  h5::make_scale(parameter);
  const h5::Handle chain = write_index(group, "chain", draws.chains), draw = write_index(group, "draw", draws.draws);
  for (const auto& [name, values, text] :
       {std::tuple{"posterior", &draws.value, "draws from the posterior, each in the unit of its parameter"},
        std::tuple{"quantile", &draws.quantile, "the same draws as quantiles of the priors"}}) {
    const h5::Handle data =
        h5::create_dataset(group, name, {H5T_IEEE_F64LE}, {draws.parameters.size(), draws.chains, draws.draws});
    h5::write(data, H5T_NATIVE_DOUBLE, values->data());
    h5::put(data, "long_name", text);
    unsigned axis = 0;
    for (const hid_t scale : {hid_t{parameter}, hid_t{chain}, hid_t{draw}}) h5::attach_scale(data, scale, axis++);
  }
  h5::put(group, "active", draws.active);
}

PosteriorDraws read_posterior(hid_t group) {
  PosteriorDraws draws;
  if (!h5::exists(group, "posterior")) return draws;
  draws.parameters = h5::read_texts(group, "parameter");
  const auto shape = h5::dims(h5::open_dataset(group, "posterior"));
  if (shape.size() != 3 || shape[0] != draws.parameters.size() ||
      h5::dims(h5::open_dataset(group, "quantile")) != shape)
    throw h5::Error("the posterior has not one row for each parameter");
  draws.chains = shape[1];
  draws.draws = shape[2];
  draws.value = h5::read_all<double>(group, "posterior", H5T_NATIVE_DOUBLE);
  draws.quantile = h5::read_all<double>(group, "quantile", H5T_NATIVE_DOUBLE);
  draws.active = h5::texts(group, "active");
  for (const auto& name : draws.active)
    if (std::ranges::find(draws.parameters, name) == draws.parameters.end())
      throw h5::Error("the posterior has no parameter " + name);
  return draws;
}

}  // namespace

PosteriorDraws draws_of(const analysis::CalibrationResult& found, const sim::Priors& priors) {
  PosteriorDraws out;
  if (found.none) return out;
  out.chains = analysis::chains_of_calibration;
  out.draws = found.draws;
  out.quantile = found.quantile;
  const std::size_t each = out.chains * out.draws;
  for (const auto& prior : priors.all()) {
    if (prior.distribution.is_fixed()) continue;
    for (std::size_t n = 0; n < each; ++n)
      out.value.push_back(prior.distribution.quantile(out.quantile[out.parameters.size() * each + n]));
    out.parameters.push_back(prior.name);
  }
  for (const std::size_t j : found.active) out.active.push_back(out.parameters[j]);
  return out;
}

std::string digest_of(const CalibrationFile& all) {
  sim::Sha256 sum;
  sum.add_text(all.summary.dump());
  for (const auto& [trials, posterior] : all.accounts) {
    sum.add_text(trials.name);
    sum.add_text(trials.luck);
    for (const auto& wave : trials.waves) analysis::digest_trials(sum, wave);
    for (const auto* names : {&posterior.parameters, &posterior.active})
      for (const auto& name : *names) sum.add_text(name);
    for (const auto* values : {&posterior.value, &posterior.quantile})
      sum.add(values->data(), values->size() * sizeof(double));
  }
  return sum.hex();
}

bool is_calibration(const sim::FinishedFile& file) { return file.kind == kind_of_file; }

std::string write_calibration(const fs::path& target, const CalibrationFile& all, bool replace) {
  std::string digest = digest_of(all);
  write_sealed_file(target, replace, [&](hid_t file) {
    write_head(file, kind_of_file, {all.run, all.summary, digest});
    const h5::Handle accounts = h5::create_group(file, "accounts");
    for (const auto& [trials, posterior] : all.accounts) {
      const h5::Handle group = h5::create_group(accounts, trials.name);
      write_trials(group, trials);
      write_posterior(group, posterior);
    }
  });
  return digest;
}

CalibrationFile read_calibration(const sim::FinishedFile& opened) {
  CalibrationFile all;
  const FileHead head = read_head(opened, [&](hid_t file, const FileHead& of) {
    const h5::Handle accounts = h5::open_group(file, "accounts");
    for (const auto& hypothesis : of.run.hypotheses) {
      const h5::Handle group = h5::open_group(accounts, hypothesis.name);
      all.accounts.push_back({read_trials(group), read_posterior(group)});
    }
  });
  all.run = head.run;
  all.summary = head.summary;
  all.digest = head.digest;
  all.settings.seed = all.run.seed;
  all.settings.trials = all.run.trials_per_hypothesis;
  return all;
}

void save_calibration(const fs::path& file, const std::string& identity, const analysis::CalibrationTrials& trials) {
  write_work_file(file, [&](hid_t root) {
    h5::put(root, "identity", identity);
    write_trials(root, trials);
  });
}

bool load_calibration(const fs::path& path, const std::string& identity, analysis::CalibrationTrials& trials) {
  if (!fs::exists(path)) return false;
  try {
    const h5::Handle file = h5::open_file(path);
    if (h5::text(file, "identity") != identity) return false;
    trials = read_trials(file);
    return true;
  } catch (const h5::Error&) {
    return false;  // made anew
  }
}

agents::CaseFiles posterior_files(const std::string& path) {
  const sim::FinishedFile file = sim::open_finished(path);
  if (!is_calibration(file))
    throw UsageError(
        fmt::format("--prior {}: is no result of qantar calibrate; make one with: qantar calibrate CASE "
                    "-o FILE",
                    path));
  agents::CaseFiles files;
  for (const auto& [trials, posterior] : read_calibration(file).accounts) {
    if (posterior.parameters.empty())
      throw UsageError(
          fmt::format("--prior {}: no parameters of {} reach the record, so it has no posterior; leave it "
                      "out of the calibration with --hypothesis",
                      path, trials.name));
    // Where the record has moved nothing, the file is empty.
    std::string text = posterior.active.empty() ? "" : fmt::format("{}\n", fmt::join(posterior.active, ","));
    const std::size_t each = posterior.chains * posterior.draws, rows = std::min(rows_of_a_prior, each);
    for (std::size_t row = 0; row < rows && !posterior.active.empty(); ++row) {
      std::vector<std::string> cells;
      for (const auto& name : posterior.active) {
        const std::size_t parameter = std::ranges::find(posterior.parameters, name) - posterior.parameters.begin();
        cells.push_back(fmt::format("{:.9g}", posterior.value[parameter * each + row * each / rows]));
      }
      text += fmt::format("{}\n", fmt::join(cells, ","));
    }
    files.emplace_back(agents::posterior_file(trials.name), std::move(text));
  }
  return files;
}

}  // namespace qantar::cli
