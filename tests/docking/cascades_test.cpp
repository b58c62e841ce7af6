// Watts (2002): global cascades on a random network happen inside a window of mean degrees, and reach about the largest
// connected part.
#include "agents/classic/cascades.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "sim/trial.hpp"
#include "tests/support/statistics.hpp"

namespace qantar::agents::classic {
namespace {

constexpr double false_alarm = 1e-4;
constexpr std::int64_t trials = 200;

Case<CascadesParameters> at_degree(double z) {
  Case<CascadesParameters> c;
  c.clock = tick_clock(300);
  c.parameters.mean_degree = {z};
  return c;
}

struct Measured {
  double frequency = 0, size = 0, component = 0;  ///< of global cascades; means
};

template <class M>
Measured measure(double z) {
  const M model(at_degree(z));
  Measured m;
  double global = 0;
  for (std::uint32_t k = 0; k < trials; ++k) {
    const auto record = sim::run_trial(model, {.seed = 2002, .point = 0, .replicate = k});
    EXPECT_EQ(record.status, sim::TrialStatus::ok) << record.message;
    EXPECT_EQ(record.outcomes[6], 1.0) << "the cascade did not come to rest";
    global += record.outcomes[1];
    m.size += record.outcomes[1] * record.outcomes[0];
    m.component += record.outcomes[2] / trials;
  }
  m.frequency = global / trials;
  m.size /= std::max(1.0, global);
  return m;
}

/// Wrong start: the one who sees most others starts.
struct StartsWithTheBest : Cascades {
  using Cascades::Cascades;
  World make_world(const sim::Draws& draws) const {
    World w = Cascades::make_world(draws);
    w.acts[w.start] = 0;
    for (std::uint32_t i = 0; i < w.network.size(); ++i)
      if (w.network.degree(i) > w.network.degree(w.start)) w.start = i;
    w.acts[w.start] = 1;
    w.joined = {w.start};
    return w;
  }
};

/// Wrong rule: one acting neighbour is enough for everybody.
struct SimpleContagion : Cascades {
  using Cascades::Cascades;
  World make_world(const sim::Draws& draws) const {
    World w = Cascades::make_world(draws);
    w.p.threshold = {1e-9};
    return w;
  }
};

// sum over k <= 1/phi of k (k - 1) p_k > z, p_k Poisson. Zero at the edges of the window.
double branching_excess(double z, double phi) {
  double p = std::exp(-z), sum = 0;
  for (int k = 1; k <= static_cast<int>(1 / phi); ++k) {
    p *= z / k;
    sum += k * (k - 1) * p;
  }
  return sum - z;
}

double edge_of_window(double low, double high, double phi) {
  const bool rises = branching_excess(high, phi) > 0;
  for (int i = 0; i < 100; ++i) {
    const double z = 0.5 * (low + high);
    ((branching_excess(z, phi) > 0) == rises ? high : low) = z;
  }
  return low;
}

// S = 1 - exp(-z S).
double giant_component(double z) {
  double s = 1;
  for (int i = 0; i < 10'000; ++i) s = 1 - std::exp(-z * s);
  return s;
}

TEST(Watts, WindowFollowsFromTheCascadeCondition) {
  EXPECT_NEAR(edge_of_window(0.5, 3, 0.18), 1.021, 1e-3);
  EXPECT_NEAR(edge_of_window(3, 9, 0.18), 5.765, 1e-3);
  EXPECT_GT(std::fabs(edge_of_window(3, 9, 0.22) - 5.765), 0.5);  // five neighbours instead of four make the difference
  EXPECT_NEAR(giant_component(3), 0.9405, 1e-4);
}

// Ties of one citizen are Binomial(n - 1, z / (n - 1)), so nearly Poisson; chi-square over 20 networks of 5000 with
// false alarm 1e-4. Degrees of one network depend on each other only through the number of ties.
TEST(Watts, NetworkHasPoissonDegrees) {
  const auto p_value = [](double z, double made_for) {
    std::vector<double> observed(16, 0), expected(16, 0);
    for (std::uint32_t r = 0; r < 20; ++r) {
      const Network net = random_network(5000, made_for, sim::Draws({.seed = 7, .point = 0, .replicate = r}));
      for (std::uint32_t i = 0; i < net.size(); ++i) observed[std::min<std::uint32_t>(net.degree(i), 15)] += 1;
    }
    double p = std::exp(-z), left = 1;
    for (std::size_t k = 0; k < 15; ++k) {
      expected[k] = 1e5 * p;
      left -= p;
      p *= z / static_cast<double>(k + 1);
    }
    expected[15] = 1e5 * left;
    return test::chi_square(observed, expected).p_value;
  };
  EXPECT_GT(p_value(3, 3), false_alarm);
  EXPECT_LT(p_value(3, 3.1), false_alarm);
}

TEST(Watts, NetworkIsSimpleAndSymmetric) {
  for (const double z : {0.0, 0.5, 3.0, 49.0}) {
    const Network net = random_network(50, z, sim::Draws({.seed = 3, .point = 0, .replicate = 0}));
    std::vector<std::vector<int>> tie(50, std::vector<int>(50, 0));
    for (std::uint32_t i = 0; i < 50; ++i)
      for (std::uint32_t k = net.first[i]; k < net.first[i + 1]; ++k) ++tie[i][net.neighbour[k]];
    for (std::size_t i = 0; i < 50; ++i)
      for (std::size_t j = 0; j < 50; ++j) {
        ASSERT_EQ(tie[i][j], tie[j][i]);
        ASSERT_LE(tie[i][j], i == j ? 0 : 1);
        if (z == 49.0) {
          ASSERT_EQ(tie[i][j], i == j ? 0 : 1);  // everybody sees everybody
        }
      }
  }
}

// 200 networks of 1e4: with a true frequency of .4 fewer than .3 come up once in 600 blind seeds; outside the window no
// finite share is expected at all.
TEST(Watts, GlobalCascadesHappenInsideTheWindowOnly) {
  for (const double z : {1.5, 3.0, 5.0}) {
    const auto m = measure<Cascades>(z);
    EXPECT_GT(m.frequency, 0.3) << z;
    RecordProperty("frequency_at_" + std::to_string(z), std::to_string(m.frequency));
    RecordProperty("size_at_" + std::to_string(z), std::to_string(m.size));
    RecordProperty("component_at_" + std::to_string(z), std::to_string(m.component));
    if (z == 3.0) {
      EXPECT_NEAR(m.size, 0.94, 0.03);
      EXPECT_NEAR(m.component, giant_component(3), 0.005);
    }
  }
  for (const double z : {0.8, 7.0}) {
    const auto m = measure<Cascades>(z);
    EXPECT_LT(m.frequency, 0.05) << z;
    RecordProperty("frequency_at_" + std::to_string(z), std::to_string(m.frequency));
  }
}

TEST(Watts, WindowCheckRejectsWrongRules) {
  EXPECT_GT(measure<SimpleContagion>(7).frequency, 0.9);  // no upper edge
  EXPECT_GT(measure<StartsWithTheBest>(3).frequency, 0.9);
}

}  // namespace
}  // namespace qantar::agents::classic
