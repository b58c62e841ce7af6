#include "cli/summary.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/statistics/quantile.hpp"
#include "analysis/statistics/wilson.hpp"
#include "cli/text/table.hpp"
#include "sim/conversions.hpp"

namespace qantar::cli {
namespace {

/// `values` are those of one hypothesis, NaN where undefined.
OutcomeSummary summarise(sim::ValueKind kind, std::vector<double> values) {
  OutcomeSummary out;
  const auto trials = values.size();
  std::erase_if(values, [](double x) { return std::isnan(x); });
  out.is_share = kind == sim::ValueKind::flag || kind == sim::ValueKind::time;
  if (out.is_share) {
    // A flag without a value says nothing; a time without one says that it did not happen.
    const auto yes =
        kind == sim::ValueKind::time ? values.size() : static_cast<std::size_t>(std::ranges::count(values, 1.0));
    const auto of = kind == sim::ValueKind::time ? trials : values.size();
    const auto estimate = analysis::wilson(yes, static_cast<std::int64_t>(of));
    out.share = estimate.value;
    out.low = estimate.low;
    out.high = estimate.high;
  }
  if (kind == sim::ValueKind::flag || values.empty()) return out;
  std::ranges::sort(values);
  out.has_median = true;
  out.median = analysis::quantile(values, 0.5);
  out.least = analysis::quantile(values, 0.05);
  out.most = analysis::quantile(values, 0.95);
  return out;
}

std::string cell(const OutcomeSummary& s, sim::ValueKind kind, const sim::Clock& clock) {
  if (!s.is_share) {
    const int digits = kind == sim::ValueKind::count || s.most >= 100 ? 0 : s.most >= 10 ? 1 : 2;
    return s.has_median ? with_interval(s.median, s.least, s.most, digits) : "-";
  }
  if (std::isnan(s.share)) return "-";
  return with_interval(s.share, s.low, s.high, 2) + (s.has_median ? ", " + clock.text(s.median) : "");
}

}  // namespace

ResultSummary summarise(const sim::ResultReader& result) {
  ResultSummary out;
  out.hypotheses = result.run().hypotheses;
  const auto hypothesis = result.hypothesis(), status = result.status();
  out.trials.resize(out.hypotheses.size());
  out.failed.resize(out.hypotheses.size());
  for (std::size_t i = 0; i < hypothesis.size(); ++i) {
    const std::size_t h = hypothesis[i];
    ++out.trials[h];
    out.failed[h] += status[i] == sim::to_underlying(sim::TrialStatus::failed);
  }
  for (const auto& v : result.layout().outcomes) {
    using K = sim::ValueKind;
    if (!v.axes.empty() || v.kind == K::code) continue;
    const auto numbers = result.variable(v.name);
    std::vector<std::vector<double>> by_hypothesis(out.hypotheses.size());
    for (std::size_t i = 0; i < numbers.size(); ++i)
      if (status[i] != sim::to_underlying(sim::TrialStatus::failed)) by_hypothesis[hypothesis[i]].push_back(numbers[i]);
    out.outcomes.push_back(v);
    auto& row = out.values.emplace_back();
    for (auto& values : by_hypothesis) row.push_back(summarise(v.kind, std::move(values)));
  }
  return out;
}

std::string text_of(const ResultSummary& summary, const sim::Clock& clock) {
  std::vector<std::string> rows, columns;
  for (const auto& v : summary.outcomes) rows.push_back(v.name);
  for (const auto& h : summary.hypotheses) columns.push_back(h.name);
  return "Shares of trials with 95 % intervals, and when; numbers: median and the range of 90 % of trials.\n" +
         side_by_side(rows, columns, [&](std::size_t v, std::size_t h) {
           return cell(summary.values[v][h], summary.outcomes[v].kind, clock);
         });
}

nlohmann::json json_of(const ResultSummary& summary) {
  auto all = nlohmann::json::array();
  for (std::size_t h = 0; h < summary.hypotheses.size(); ++h) {
    auto outcomes = nlohmann::json::object();
    for (std::size_t v = 0; v < summary.outcomes.size(); ++v) {
      const OutcomeSummary& s = summary.values[v][h];
      auto& entry = outcomes[summary.outcomes[v].name] = nlohmann::json::object();
      if (s.is_share) entry.update({{"share", s.share}, {"low", s.low}, {"high", s.high}});
      if (s.has_median) entry.update({{"median", s.median}, {"q05", s.least}, {"q95", s.most}});
    }
    all.push_back({{"name", summary.hypotheses[h].name},
                   {"title", summary.hypotheses[h].title},
                   {"trials", summary.trials[h]},
                   {"failed", summary.failed[h]},
                   {"outcomes", outcomes}});
  }
  return all;
}

}  // namespace qantar::cli
