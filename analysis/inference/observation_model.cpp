#include "analysis/inference/observation_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/conversions.hpp"
#include "sim/draws.hpp"
#include "sim/numerics.hpp"
#include "sim/quick_normal.hpp"

namespace qantar::analysis {
namespace {

constexpr std::array<double, 3> error_rates{0.02, 0.05, 0.10};  // A, B, C
constexpr double greatest_rate = 0.45;
constexpr double least_spread_of_hours = 0.5, least_spread_of_log = 0.05, least_spread_of_share = 0.02;
constexpr double shared_variance = 0.5;

// Gauss-Hermite quadrature of a standard normal number.
constexpr std::size_t nodes = 5;
constexpr std::array<double, nodes> factors{-2.8569700138728056, -1.3556261799742659, 0.0, 1.3556261799742659,
                                            2.8569700138728056};
constexpr std::array<double, nodes> masses{0.011257411327720689, 0.22207592200561264, 0.53333333333333333,
                                           0.22207592200561264, 0.011257411327720689};

// Addresses of the draws of a record.
enum DrawOfError : std::uint32_t { family_factor = 1, gross_error, kernel };

bool enters(const Event& e, RowChoice choice) {
  if (e.use != Use::scored || e.input_driven || !(e.weight > 0)) return false;
  if (e.grade == Grade::D || e.grade == Grade::E) return false;
  if (choice == RowChoice::key && !e.key) return false;
  return choice == RowChoice::all || e.held_out == (choice == RowChoice::held_out);
}

/// Density of the sum of a uniform error on [-w, w] and a normal one.
double kernel_density(double gap, double w, double deviation) {
  const double d = std::fabs(gap);
  if (w < 1e-3 * deviation)
    return sim::exp(-0.5 * (d / deviation) * (d / deviation)) / (deviation * std::sqrt(2.0 * std::numbers::pi));
  if (d > w + 9.0 * deviation) return 0.0;
  if (d < w - 9.0 * deviation) return 0.5 / w;
  return (sim::quick_normal_cdf((w - d) / deviation) - sim::quick_normal_cdf((-w - d) / deviation)) / (2.0 * w);
}

double logistic_density(double x, double middle, double range) {
  const double e = sim::exp(-std::fabs((x - middle) / range));
  return e / (range * (1.0 + e) * (1.0 + e));
}

/// Probability of an error of this rate when the family's factor is known; the mean over factors is the rate.
double rate_given(double rate, double factor) {
  return sim::normal_cdf((sim::normal_quantile(rate) - std::sqrt(shared_variance) * factor) /
                         std::sqrt(1.0 - shared_variance));
}

}  // namespace

ObservationModel::Row ObservationModel::row_of(const Event& e, const sim::Clock& clock, double width) const {
  Row row;
  row.question = e;
  const double rate = std::min(greatest_rate, width * error_rates[sim::to_underlying(e.grade)]);
  if (e.families.size() == 1)
    for (const double factor : factors) row.rates.push_back(rate_given(rate, factor));
  else
    row.rates.push_back(rate);
  row.by = measure_row(e.measure).compared_by;
  if (row.by == ComparedBy::hour) {
    row.half_width = width * 0.5 * (e.latest - e.earliest);
    row.spread = width * std::max(least_spread_of_hours, 0.5 * e.tolerance);
    row.middle = 0.5 * (clock.start() + clock.end());
    row.range = (clock.end() - clock.start()) / 6.0;
  } else if (row.by == ComparedBy::number) {
    const bool share = e.scale == Scale::share;
    const double low = on_scale(e.low, e.scale), high = on_scale(e.high, e.scale);
    const double beyond = 0.5 * ((low - on_scale(e.least(), e.scale)) + (on_scale(e.most(), e.scale) - high));
    row.half_width = width * 0.5 * (high - low);
    row.spread = width * std::max(share ? least_spread_of_share : least_spread_of_log, 0.5 * beyond);
    row.middle = share ? 0.5 : 5.0;
    row.range = share ? 0.25 : 2.5;
    if (e.low < 0) {  // numbers of either sign
      row.middle = 0;
      row.range *= 2;
    }
  }
  const double extent = row.half_width + row.spread + row.range;
  if (row.by != ComparedBy::answer && !(std::isfinite(extent) && row.half_width >= 0 && row.range > 0))
    throw std::invalid_argument(
        fmt::format("event {}: a time or a number needs an interval with both ends, and a clock that runs", e.id));
  return row;
}

ObservationModel::ObservationModel(const Evidence& evidence, const sim::Clock& clock, RowChoice choice, double width) {
  if (!(width > 0) || !std::isfinite(width))
    throw std::invalid_argument(fmt::format("an error width of {}: give a factor above 0", width));
  // In an order of their own: neither draws nor sums may know where a row or a family stands in a file.
  std::vector<std::size_t> order(evidence.events.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) -> const std::string& { return evidence.events[i].id; });
  for (const Event& e : evidence.events)
    if (enters(e, choice) && e.families.size() == 1) families_.push_back(e.families[0]);
  std::ranges::sort(families_);
  families_.erase(std::unique(families_.begin(), families_.end()), families_.end());
  for (const std::size_t i : order) {
    const Event& e = evidence.events[i];
    if (!enters(e, choice)) continue;
    Row row = row_of(e, clock, width);
    row.event = i;
    if (e.families.size() == 1) row.family = std::ranges::lower_bound(families_, e.families[0]) - families_.begin();
    documented_.push_back(row.by == ComparedBy::answer ? 1.0
                          : row.by == ComparedBy::hour ? e.middle()
                                                       : 0.5 * (on_scale(e.low, e.scale) + on_scale(e.high, e.scale)));
    rows_.push_back(std::move(row));
  }
  if (rows_.empty())
    throw std::invalid_argument(
        "no row of the record can be compared: mark events as scored, with grade A, B or C and a weight above 0");
}

double ObservationModel::value(const Row& row, std::span<const double> outcomes) const {
  const Event& q = row.question;
  if (q.column >= outcomes.size() || (q.compares_two() && q.then_column >= outcomes.size()))
    throw std::invalid_argument(
        fmt::format("event {} asks for outcome {}, but a trial has only {}", q.id, q.column, outcomes.size()));
  const double x = outcomes[q.column];
  if (row.by == ComparedBy::answer)
    return q.holds(x, q.compares_two() ? outcomes[q.then_column] : sim::never) ? 1.0 : 0.0;
  return row.by == ComparedBy::hour ? x : on_scale(x, q.scale);
}

std::vector<double> ObservationModel::exact(std::span<const double> outcomes) const {
  std::vector<double> out;
  for (const Row& row : rows_) out.push_back(value(row, outcomes));
  return out;
}

std::pair<double, double> ObservationModel::normal_error(const Row& row, std::size_t node) {
  if (row.family < 0) return {0.0, row.spread};
  return {std::sqrt(shared_variance) * factors[node] * row.spread, std::sqrt(1.0 - shared_variance) * row.spread};
}

std::vector<double> ObservationModel::sample(std::span<const double> outcomes, const sim::Draws& draws,
                                             const bool gross_errors) const {
  std::vector<std::size_t> node_of;
  for (std::uint32_t f = 0; f < families_.size(); ++f) {
    double u = draws.uniform(family_factor, f, 0);
    std::size_t node = 0;
    while (node + 1 < nodes && u >= masses[node]) u -= masses[node++];
    node_of.push_back(node);
  }
  std::vector<double> out;
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    const Row& row = rows_[i];
    const double x = value(row, outcomes);
    const std::size_t node = row.family < 0 ? 0 : node_of[row.family];
    const sim::Block words = draws.block(gross_error, i, 0);
    const bool wrong = gross_errors && sim::open_unit(words[0]) < row.rates[node];
    if (row.by == ComparedBy::answer) {
      out.push_back(wrong ? 1.0 - x : x);
    } else if (wrong) {
      const double anywhere = row.middle + row.range * sim::logit(sim::open_unit(words[1]));
      out.push_back(sim::open_unit(words[2]) < 0.5 ? sim::never : anywhere);
    } else {
      const sim::Block error = draws.block(kernel, i, 0);
      const double uniform = 2.0 * sim::open_unit(error[0]) - 1.0;
      const auto [shift, deviation] = normal_error(row, node);
      out.push_back(x + row.half_width * uniform + shift + deviation * sim::normal_quantile(sim::open_unit(error[1])));
    }
  }
  return out;
}

double ObservationModel::log_density(const Row& row, double record, double x, std::size_t node) const {
  const double rate = row.rates[node];
  if (row.by == ComparedBy::answer) return sim::log(record == x ? 1.0 - rate : rate);
  const bool documented = record == record, happened = x == x;
  double right = 0;
  if (documented && happened) {
    const auto [shift, deviation] = normal_error(row, node);
    right = kernel_density(record - x - shift, row.half_width, deviation);
  } else if (!documented && !happened) {
    right = 1;
  }
  const double grossly_wrong = documented ? logistic_density(record, row.middle, row.range) : 1.0;
  return sim::log((1.0 - rate) * right + 0.5 * rate * grossly_wrong);
}

// Of row i at node n: logs[i * nodes + n], weighted; rows that err on their own fill only the first.
std::vector<double> ObservationModel::row_logs(std::span<const double> record, std::span<const double> outcomes) const {
  if (record.size() != rows_.size())
    throw std::invalid_argument(
        fmt::format("a record of {} numbers where the observation model has {} rows", record.size(), rows_.size()));
  std::vector<double> logs(rows_.size() * nodes, 0.0);
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const Row& row = rows_[i];
    const double x = value(row, outcomes), weight = row.question.weight;
    for (std::size_t n = 0; n < row.rates.size(); ++n) logs[i * nodes + n] = weight * log_density(row, record[i], x, n);
  }
  return logs;
}

// Of everything but the rows that are marked.
double ObservationModel::total(const std::vector<double>& logs, const std::vector<char>& left_out) const {
  double sum = 0;
  std::vector<double> family(families_.size() * nodes, 0.0);
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (left_out[i]) continue;
    if (rows_[i].family < 0)
      sum += logs[i * nodes];
    else
      for (std::size_t n = 0; n < nodes; ++n)
        family[static_cast<std::size_t>(rows_[i].family) * nodes + n] += logs[i * nodes + n];
  }
  for (std::size_t f = 0; f < families_.size(); ++f) {
    const auto logs_of = std::span(family).subspan(f * nodes, nodes);
    const double top = *std::ranges::max_element(logs_of);
    double mass = 0;
    for (std::size_t n = 0; n < nodes; ++n) mass += masses[n] * sim::exp(logs_of[n] - top);
    sum += top + sim::log(mass);
  }
  return sum;
}

double ObservationModel::log_density(std::span<const double> record, std::span<const double> outcomes) const {
  return total(row_logs(record, outcomes), std::vector<char>(rows_.size(), 0));
}

std::vector<double> ObservationModel::totals_without(std::span<const RowSet> sets,
                                                     const std::vector<double>& logs) const {
  std::vector<double> out;
  for (const RowSet& set : sets) {
    std::vector<char> left_out(rows_.size(), 0);
    for (const std::size_t row : set.rows) left_out.at(row) = 1;
    out.push_back(total(logs, left_out));
  }
  out.push_back(total(logs, std::vector<char>(rows_.size(), 0)));
  return out;
}

std::vector<double> ObservationModel::log_density_without(std::span<const RowSet> sets, std::span<const double> record,
                                                          std::span<const double> outcomes) const {
  return totals_without(sets, row_logs(record, outcomes));
}

// Of each row at each value of its family's factor: right, and in the middle of its error.
std::vector<double> ObservationModel::greatest_log_density_without(std::span<const RowSet> sets) const {
  std::vector<double> logs(rows_.size() * nodes, 0.0);
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const Row& row = rows_[i];
    for (std::size_t n = 0; n < row.rates.size(); ++n) {
      const double rate = row.rates[n];
      double greatest = std::max(1.0 - rate, rate);  // of an answer
      if (row.by != ComparedBy::answer)
        greatest = (1.0 - rate) * kernel_density(0.0, row.half_width, normal_error(row, n).second) +
                   0.5 * rate * logistic_density(documented_[i], row.middle, row.range);
      logs[i * nodes + n] = row.question.weight * sim::log(greatest);
    }
  }
  return totals_without(sets, logs);
}

namespace {

template <class Rows, class Key>
std::vector<RowSet> grouped(const Rows& rows, Key key) {
  std::vector<RowSet> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string& name = key(rows[i]);
    if (name.empty()) continue;
    auto found = std::ranges::find(out, name, &RowSet::name);
    if (found == out.end()) found = out.insert(out.end(), {name, {}});
    found->rows.push_back(i);
  }
  return out;
}

}  // namespace

std::vector<RowSet> ObservationModel::by_event() const {
  return grouped(rows_, [](const Row& r) -> const std::string& { return r.question.root(); });
}

std::vector<RowSet> ObservationModel::by_place() const {
  return grouped(rows_, [](const Row& r) -> const std::string& { return r.question.place; });
}

RowSet ObservationModel::in_seed() const {
  RowSet out{"in_seed", {}};
  for (std::size_t i = 0; i < rows_.size(); ++i)
    if (rows_[i].question.in_seed) out.rows.push_back(i);
  return out;
}

}  // namespace qantar::analysis
