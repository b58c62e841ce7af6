#include "cli/summary.hpp"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/text/table.hpp"

namespace qantar::cli {
namespace {

constexpr std::size_t q05 = 0, median = 2, q95 = 4;  ///< of sim::band_quantiles

std::string cell(const analysis::OutcomeSummary& s, sim::ValueKind kind, const sim::Clock& clock) {
  const auto& q = s.quantiles;
  if (!analysis::is_share(kind)) {
    const int digits = kind == sim::ValueKind::count || q[q95] >= 100 ? 0 : q[q95] >= 10 ? 1 : 2;
    return s.has_quantiles() ? with_interval(q[median], q[q05], q[q95], digits) : "-";
  }
  if (std::isnan(s.share.value)) return "-";
  return with_interval(s.share.value, s.share.low, s.share.high, 2) +
         (s.has_quantiles() ? ", " + clock.text(q[median]) : "");
}

}  // namespace

ResultSummary summarise(const sim::ResultReader& result) {
  ResultSummary out{result.run().hypotheses, analysis::trial_counts(result), {}, {}};
  const auto rows = analysis::good_rows(result);
  for (const auto& v : result.layout().outcomes) {
    if (!v.axes.empty() || v.kind == sim::ValueKind::code) continue;
    out.outcomes.push_back(v);
    out.values.push_back(analysis::summarise(result, v, rows).front());
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
      const auto& [share, q] = summary.values[v][h];
      auto& entry = outcomes[summary.outcomes[v].name] = nlohmann::json::object();
      if (analysis::is_share(summary.outcomes[v].kind))
        entry.update({{"share", share.value}, {"low", share.low}, {"high", share.high}});
      if (summary.values[v][h].has_quantiles()) entry.update({{"median", q[median]}, {"q05", q[q05]}, {"q95", q[q95]}});
    }
    all.push_back({{"name", summary.hypotheses[h].name},
                   {"title", summary.hypotheses[h].title},
                   {"trials", summary.counts[h].trials},
                   {"failed", summary.counts[h].failed},
                   {"outcomes", outcomes}});
  }
  return all;
}

}  // namespace qantar::cli
