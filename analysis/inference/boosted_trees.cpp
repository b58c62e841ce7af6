#include "analysis/inference/boosted_trees.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <xgboost/c_api.h>

#include "sim/conversions.hpp"
#include "sim/numerics.hpp"

namespace qantar::analysis {
namespace {

// XGBoost runs on one thread: sums of many depend on how they share the rows out.
constexpr int one_thread = 1;

void tried(int status) {
  if (status != 0) throw std::runtime_error(fmt::format("XGBoost failed: {}", XGBGetLastError()));
}

/// Rows of numbers as XGBoost holds them.
std::shared_ptr<void> table(const std::vector<float>& values, std::size_t rows) {
  DMatrixHandle handle = nullptr;
  tried(XGDMatrixCreateFromMat_omp(values.data(), rows, rows == 0 ? 0 : values.size() / rows,
                                   std::numeric_limits<float>::quiet_NaN(), &handle, one_thread));
  return {handle, [](void* h) { XGDMatrixFree(h); }};
}

void append(std::span<const double> record, const RecordOrder& order, std::vector<float>& out) {
  constexpr double most = std::numeric_limits<float>::max();
  if (record.size() != order.columns.size())
    throw std::invalid_argument(
        fmt::format("a record of {} numbers for a classifier of {} columns", record.size(), order.columns.size()));
  for (const std::size_t c : order.columns) {
    const double x = record[c];
    out.push_back(x == x ? static_cast<float>(std::clamp(x, -most, most)) : std::numeric_limits<float>::quiet_NaN());
  }
}

}  // namespace

BoostedTrees::BoostedTrees(const SimulatedDatasets& records, std::span<const char> keep,
                           const std::vector<std::vector<double>>& start)
    : order_(records) {
  if (keep.size() != records.size() || start.size() != records.size())
    throw std::invalid_argument(
        fmt::format("{} marks and {} starts for {} records", keep.size(), start.size(), records.size()));
  std::vector<std::size_t> place(records.accounts);  // of an account among the sorted ones
  for (std::size_t k = 0; k < records.accounts; ++k) place[order_.accounts[k]] = k;
  std::vector<float> values[2], truth[2], margin[2];  // left out, training
  for (const std::size_t i : order_.rows) {
    const std::size_t part = keep[i] ? 1 : 0;
    append(records.row(i), order_, values[part]);
    truth[part].push_back(static_cast<float>(place[records.account[i]]));
    for (const std::size_t k : order_.accounts) margin[part].push_back(static_cast<float>(start[i].at(k)));
  }
  if (truth[0].empty() || truth[1].empty())
    throw std::invalid_argument("boosted trees need records to learn from and records left out to stop by");

  const auto left_out = table(values[0], truth[0].size()), training = table(values[1], truth[1].size());
  tried(XGDMatrixSetFloatInfo(training.get(), "label", truth[1].data(), truth[1].size()));
  tried(XGDMatrixSetFloatInfo(training.get(), "base_margin", margin[1].data(), margin[1].size()));
  tried(XGDMatrixSetFloatInfo(left_out.get(), "base_margin", margin[0].data(), margin[0].size()));
  const DMatrixHandle cached[] = {training.get(), left_out.get()};
  BoosterHandle handle = nullptr;
  tried(XGBoosterCreate(cached, 2, &handle));
  booster_ = {handle, [](void* h) { XGBoosterFree(h); }};
  const std::string accounts = fmt::format("{}", records.accounts);
  const std::pair<const char*, const char*> settings[] = {{"objective", "multi:softprob"},
                                                          {"num_class", accounts.c_str()},
                                                          {"tree_method", "hist"},
                                                          {"max_bin", "64"},
                                                          {"max_depth", "3"},
                                                          {"eta", "0.2"},
                                                          {"subsample", "0.5"},
                                                          {"colsample_bytree", "0.3"},
                                                          {"seed", "1"},
                                                          {"seed_per_iteration", "1"},
                                                          {"nthread", "1"},
                                                          {"verbosity", "0"}};
  for (const auto& [name, value] : settings) tried(XGBoosterSetParam(handle, name, value));

  double best = std::numeric_limits<double>::infinity();
  std::size_t best_at = 0;
  for (std::size_t round = 1; round <= most && round <= best_at + patience; ++round) {
    tried(XGBoosterUpdateOneIter(handle, static_cast<int>(round) - 1, training.get()));
    if (round % stride != 0) continue;
    bst_ulong size = 0;
    const float* probability = nullptr;
    tried(XGBoosterPredict(handle, left_out.get(), 0, 0, 0, &size, &probability));
    double loss = 0;
    for (std::size_t i = 0; i < truth[0].size(); ++i)
      loss -= sim::log(probability[i * records.accounts + static_cast<std::size_t>(truth[0][i])]);
    loss_.push_back(loss);
    if (loss < best) {
      best = loss;
      best_at = round;
    }
  }
}

std::vector<double> BoostedTrees::scores(std::span<const double> record, std::size_t rounds) const {
  std::vector<float> values;
  append(record, order_, values);
  const auto row = table(values, 1);
  const std::string settings = fmt::format(
      R"({{"type": 1, "training": false, "iteration_begin": 0, "iteration_end": {}, "strict_shape": true}})", rounds);
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* margin = nullptr;
  tried(XGBoosterPredictFromDMatrix(booster_.get(), row.get(), settings.c_str(), &shape, &dimensions, &margin));
  std::vector<double> out(order_.accounts.size());
  for (std::size_t k = 0; k < out.size(); ++k) out[order_.accounts[k]] = margin[k];
  return out;
}

}  // namespace qantar::analysis
