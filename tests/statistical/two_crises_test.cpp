// Two crises side by side: one core of parameters, two cases. In Belarus no seat of the administration was lost and few
// people died before crowds many times as large as those of Kazakhstan, and the account of a peaceful crowd has to show
// it.
#include <algorithm>
#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/support/crisis_case.hpp"
#include "tests/support/instrumented.hpp"

namespace qantar::agents::two_crises_test {
namespace {

constexpr std::uint32_t trials = test::instrumented ? 2 : 40;

// One number of each of the first trials of an account.
struct Sample {
  Sample(const std::string& of, const std::string& account)
      : scenario(test::hypothesis(test::shipped(of), account)), layout(result_layout(*scenario)) {
    for (std::uint32_t k = 0; k < trials; ++k) records.push_back(test::run(scenario, k).outcomes);
  }
  std::vector<double> outcome(const std::string& name) const {
    std::size_t at = 0;
    for (const auto& v : layout.outcomes) {
      if (v.name == name && v.axes.empty()) {
        std::vector<double> out;
        for (const auto& record : records) out.push_back(record[at]);
        return out;
      }
      at += layout.size(v);
    }
    throw std::runtime_error("no outcome " + name);
  }
  int trials_with_a_lost_administration() const {
    const auto lost = outcome("seats_fallen");
    return static_cast<int>(std::ranges::count_if(lost, [](double n) { return n > 0; }));
  }
  double median(const std::string& name) const {
    auto values = outcome(name);
    std::ranges::nth_element(values, values.begin() + trials / 2);
    return values[trials / 2];
  }
  test::ScenarioPtr scenario;
  sim::ResultLayout layout;
  std::vector<std::vector<double>> records;
};

// Measured on 200 trials: an administration is lost in 0.18 of them in Belarus under peaceful_discipline, in 1.00 under
// loyal_forces, in 0.99 of January 2022. The margin of half of the trials lies about five standard deviations from
// these, so another seed would fail it less than once in a million; a model in which storms no longer depend on how the
// crowd behaves fails it always.
TEST(TwoCrises, APeacefulCrowdLosesFewerAdministrationsThanJanuary2022) {
  const Sample peaceful("belarus_2020", "peaceful_discipline");
  const Sample loyal("belarus_2020", "loyal_forces");
  const Sample january("january_2022", "spontaneous_uprising");
  if (test::instrumented) return;
  const int margin = trials / 2;
  EXPECT_GE(january.trials_with_a_lost_administration() - peaceful.trials_with_a_lost_administration(), margin);
  EXPECT_GE(loyal.trials_with_a_lost_administration() - peaceful.trials_with_a_lost_administration(), margin)
      << "cohesion alone now holds the administrations: say so in configs/belarus_2020/README.md";
  // More people, fewer dead. Measured medians: 367,000 against 54,000 at the peak, 0 against 141 deaths.
  EXPECT_GT(peaceful.median("peak_participants"), 2 * january.median("peak_participants"));
  EXPECT_LT(10 * peaceful.median("deaths"), january.median("deaths"));
}

}  // namespace
}  // namespace qantar::agents::two_crises_test
