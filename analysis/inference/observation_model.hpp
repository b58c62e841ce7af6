// What would the record say if a trial were what happened? Each scored row of the record gets a law e(y|z) of what is
// documented (y) given what happened (z), so that comparing a trial with the record is a probability and no distance
// with a tolerance to tune (Wilkinson 2013).
//
// Yes or no (occurs, absent, order, is, rises): the answer is documented wrongly with the error rate of the row's
// grade. A partial order of events is its pairs, each a row of measure `order`.
//
// Times and numbers: the middle of the documented interval is what is documented; it lies around the true value by a
// uniform error as wide as the interval plus a normal one. Times are in hours, numbers as log(1 + x) and below 0 as
// -log(1 - x), shares plain. The normal deviation is half of what the record allows beyond the interval (tolerance;
// factor and margin), at least half an hour, 0.05 of the logarithm or 0.02 of a share. "Never" (for a number:
// undefined) is an outcome of its own. With the error rate of the grade the entry is a gross error: never, or anywhere,
// half each. A gross error has a logistic law over the whole clock or all magnitudes (of both signs where less than 0
// is documented), so no single row can make a trial impossible.
//
// Error rates: A 0.02, B 0.05, C 0.10. They are judgements, made before any run was compared, and are multiplied, as
// all widths are, by `width` to see what depends on them. Grade D (sources disagree) and E (allegation) never enter,
// nor do statements, context, rows that the case hands over, and rows of weight 0.
//
// Rows that rest on a single family of sources do not err independently of each other. Half of the variance of their
// errors is shared within the family (one-factor model of Vasicek 1987): a common normal factor b moves all its times
// and numbers to one side and makes gross errors and wrong answers more or less likely together. It has five values,
// those of Gauss-Hermite quadrature, and is summed over. A row confirmed by several families errs on its own: that is
// what makes it worth more.
//
// A row's weight is a power on its likelihood: rows that stand for parts of one statement share its weight. Powers
// below 1 only make the answer more cautious than the law of the errors alone would.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "analysis/evidence.hpp"
#include "analysis/inference/record_law.hpp"
#include "analysis/measures.hpp"
#include "sim/calendar.hpp"
#include "sim/trial_key.hpp"

namespace qantar::analysis {

/// Which rows are compared.
enum class RowChoice { key, fitted, held_out, all };

/// Some of the rows of an observation model, by position, and what they have in common.
struct RowSet {
  std::string name;
  std::vector<std::size_t> rows;
};

/// The law of a whole record, whose rows are in the order of their ids, wherever they stand in the file. A record is
/// one number per row: 1 or 0 for an answer; hours; a number on its scale (`on_scale`); NaN for never.
class ObservationModel final : public RecordLaw {
 public:
  /// `width` multiplies all error widths and rates (rates stay below 0.45). Throws std::invalid_argument when no row is
  /// left, and for a width that is not above 0.
  ObservationModel(const Evidence& evidence, const sim::Clock& clock, RowChoice choice = RowChoice::fitted,
                   double width = 1);

  std::size_t size() const override { return rows_.size(); }
  std::size_t event(std::size_t row) const { return rows_[row].event; }  ///< index into Evidence::events
  const std::string& name(std::size_t row) const override { return rows_[row].question.id; }

  const std::vector<double>& documented() const override { return documented_; }
  double weight(std::size_t row) const override { return rows_[row].question.weight; }
  /// What the record would say without any error.
  std::vector<double> exact(std::span<const double> outcomes) const;
  /// What the record might say, errors included; weights play no part.
  std::vector<double> sample(std::span<const double> outcomes, const sim::Draws& draws) const override {
    return sample(outcomes, draws, true);
  }
  /// What it might say if it is taken at its word, up to the width of its intervals.
  std::vector<double> sample_without_gross_errors(std::span<const double> outcomes,
                                                  const sim::Draws& draws) const override {
    return sample(outcomes, draws, false);
  }

  /// Natural log of e(record|outcomes), rows to the power of their weights.
  double log_density(std::span<const double> record, std::span<const double> outcomes) const override;
  /// The same without the rows of each set, and with all rows as the last entry.
  std::vector<double> log_density_without(std::span<const RowSet> sets, std::span<const double> record,
                                          std::span<const double> outcomes) const;

  double greatest_log_density() const override { return greatest_log_density_without({}).back(); }
  /// The same without the rows of each set, and with all rows as the last entry.
  std::vector<double> greatest_log_density_without(std::span<const RowSet> sets) const;

  std::vector<RowSet> by_event() const;  ///< rows that are measures of one event; named by its id
  std::vector<RowSet> by_place() const;  ///< rows of one place; named by it
  RowSet in_seed() const;                ///< rows whose fact the accounts were drawn from

 private:
  struct Row {
    Event question;
    std::size_t event = 0;
    ComparedBy by = ComparedBy::answer;
    std::vector<double> rates;          ///< of gross errors or wrong answers, for each value of the family's factor
    double half_width = 0, spread = 1;  ///< of the uniform and the normal error, on the row's scale
    double middle = 0, range = 1;       ///< of the logistic law of gross errors
    std::ptrdiff_t family = -1;         ///< into families_; -1: errs on its own, with a single rate
  };

  Row row_of(const Event& event, const sim::Clock& clock, double width) const;
  std::vector<double> sample(std::span<const double> outcomes, const sim::Draws& draws, bool gross_errors) const;
  /// Shift by the family's factor, and standard deviation of what is left.
  static std::pair<double, double> normal_error(const Row& row, std::size_t node);
  double value(const Row& row, std::span<const double> outcomes) const;
  double log_density(const Row& row, double record, double value, std::size_t node) const;
  double total(const std::vector<double>& logs, const std::vector<char>& left_out) const;
  std::vector<double> totals_without(std::span<const RowSet> sets, const std::vector<double>& logs) const;
  std::vector<double> row_logs(std::span<const double> record, std::span<const double> outcomes) const;

  std::vector<Row> rows_;
  std::vector<std::string> families_;
  std::vector<double> documented_;
};

}  // namespace qantar::analysis
