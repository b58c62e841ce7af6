// A likelihood of your own: arrests on seven days, each with a Poisson observation model. Were they steady, or did they
// grow from day to day? The evidence of both accounts and a verdict.
#include <cmath>
#include <cstdio>

#include <qantar/analysis/inference/adjudication.hpp>
#include <qantar/sim/draws.hpp>

using namespace qantar;
using namespace qantar::analysis;

namespace {

/// What would be documented if a trial, seven expected numbers, were what happened?
class Arrests : public RecordLaw {
 public:
  std::size_t size() const override { return documented_.size(); }
  const std::string& name(std::size_t row) const override { return names_[row]; }
  const std::vector<double>& documented() const override { return documented_; }
  double log_density(std::span<const double> record, std::span<const double> expected) const override {
    double sum = 0;
    for (std::size_t i = 0; i < record.size(); ++i)
      sum += record[i] * std::log(expected[i]) - expected[i] - std::lgamma(record[i] + 1);
    return sum;
  }
  // The same law once more, so that the verdict can try itself on records of known truth.
  std::vector<double> sample(std::span<const double> expected, const sim::Draws& draws) const override {
    std::vector<double> record;
    for (std::uint32_t i = 0; i < size(); ++i) record.push_back(draws.poisson(expected[i], 1, i, 0));
    return record;
  }

 private:
  std::vector<std::string> names_{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  std::vector<double> documented_{4, 6, 9, 11, 18, 24, 37};
};

std::vector<double> steady(std::span<const double> values, const sim::Draws&) { return std::vector(7, values[0]); }

std::vector<double> growing(std::span<const double> values, const sim::Draws&) {
  std::vector<double> days;
  for (int day = 0; day < 7; ++day) days.push_back(values[0] * std::pow(values[1], day));
  return days;
}

}  // namespace

int main() {
  sim::Priors constant, growth;
  constant.add("rate", {sim::Family::gamma, {10, 2}});  // a day; mean and shape
  growth.add("rate", {sim::Family::gamma, {10, 2}});    // on the first day
  growth.add("factor", {sim::Family::log_uniform, {1, 2}});
  const std::vector accounts{make_account("steady", constant, steady), make_account("growing", growth, growing)};
  const auto result = adjudicate(accounts, Arrests(), {.trials = 10000});
  std::puts("account  probability                    log evidence      worth");
  for (std::size_t k = 0; k < accounts.size(); ++k) {
    const auto& p = result.probability[k];
    const auto& e = result.findings.evidence[k];
    std::printf("%-8s %.2e [%.2e, %.2e] %8.3f +- %.3f %7.0f\n", accounts[k].name.c_str(), p.value, p.low, p.high,
                e.log_evidence, e.standard_error, e.effective_size);
  }
  const Verdict& verdict = result.verdict;
  std::printf("verdict: %s\n", verdict.ruling == Ruling::ranked         ? accounts[*verdict.top].name.c_str()
                               : verdict.ruling == Ruling::undetermined ? "undetermined"
                                                                        : "none of the accounts");
  for (const auto& reason : verdict.reasons) std::printf("  %s\n", reason.c_str());
}
