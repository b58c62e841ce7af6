// Evidence against closed forms. Tolerances are four standard errors (false alarm below 1e-4 each, had the seed been
// free).
#include "analysis/inference/evidence_estimate.hpp"

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/binomial.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/inference/account_trials.hpp"
#include "analysis/inference/model_account.hpp"
#include "analysis/inference/observation_model.hpp"
#include "tests/known_answers/toys.hpp"
#include "tests/support/toy_models.hpp"

namespace evidence_estimate_test {
namespace {

using namespace qantar::analysis;
using namespace qantar::test;
using qantar::sim::Distribution;
using qantar::sim::Draws;
using qantar::sim::Family;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr double impossible = -std::numeric_limits<double>::infinity();

void expect_log_evidence(const EvidenceEstimate& e, double exact) {
  EXPECT_THAT(e.refusals, IsEmpty());
  EXPECT_NEAR(e.log_evidence, exact, 4 * e.standard_error + 1e-9);
  EXPECT_LT(e.standard_error, 0.05);
}

TEST(Evidence, OfAGaussianErrorLaw) {
  const auto account = toy("gaussian", {normal(0, 1)}, [](const std::vector<double>& theta, const Draws& draws) {
    return std::vector{theta[0] + draws.normal(1, 0, 0)};
  });
  for (const auto& [s, exact] : {std::pair(0.5, -1.546626), std::pair(1.0, -1.634911)}) {
    const LogLikelihood e = [s = s](std::span<const double> y) { return log_normal(1, y[0], s); };
    const auto trials = defensive_trials(account, e, 20000);
    const auto z = evidence_estimate(trials, e);
    expect_log_evidence(z, exact);
    // Both answers are known well enough to be told apart, and to see a proposal that is not divided by.
    EXPECT_LT(4 * z.standard_error, 0.5 * (1.634911 - 1.546626));
    auto forgotten = trials;
    std::ranges::fill(forgotten.log_proposal, -1.4);
    EXPECT_GT(std::fabs(evidence_estimate(forgotten, e).log_evidence - exact), 4 * z.standard_error);
  }
}

// Prior width drives Bayes factors: xbar = 0.2 of n = 100 unit normals, theta = 0 against theta ~ N(0, tau^2).
TEST(Evidence, BayesFactorsFallWithTheWidthOfAPrior) {
  const LogLikelihood e = [](std::span<const double> theta) { return log_normal(0.2, theta[0], 0.1); };
  const auto null = evidence_estimate(defensive_trials(bare("null", {Distribution(Family::fixed, {0})}), e, 1000), e);
  EXPECT_NEAR(null.log_evidence, log_normal(0.2, 0, 0.1), 1e-9);
  for (const auto& [tau, b01] : {std::pair(1.0, 1.387), {10.0, 13.54}, {100.0, 135.3}, {1000.0, 1353.0}}) {
    const auto wide = defensive_trials(bare("wide", {normal(0, tau)}), e, 20000);
    const auto z = evidence_estimate(wide, e);
    EXPECT_THAT(z.refusals, IsEmpty());
    EXPECT_NEAR(null.log_evidence - z.log_evidence, std::log(b01), 4 * z.standard_error + 5e-4) << tau;
    EXPECT_LT(z.standard_error, 0.03);
    // The same trials with a prior of half and twice the width.
    for (const double scale : {0.5, 2.0})
      expect_log_evidence(evidence_estimate(wide, e, scale),
                          log_normal(0.2, 0, std::sqrt(0.01 + scale * scale * tau * tau)));
  }
}

// Poisson(lambda), lambda ~ Exp(1), against geometric(p), p ~ U(0, 1): S!/((n+1)^(S+1) prod y!) and n! S!/(n+S+1)!.
TEST(Evidence, PoissonAgainstGeometric) {
  struct Case {
    std::vector<int> y;
    double bayes_factor, probability;
  };
  const std::vector<Case> cases{{{0, 1, 0, 2, 1, 0, 1, 3, 0, 2}, 2.056, 0.672789},
                                {std::vector<int>(10, 1), 49.347, 0.980138},
                                {{0, 0, 0, 0, 0, 0, 0, 0, 0, 10}, 1.36e-5, 1.36e-5}};
  const auto poisson = bare("poisson", {Distribution(Family::gamma, {1, 1})});
  const auto geometric = bare("geometric", {Distribution(Family::uniform, {0, 1})});
  for (const auto& c : cases) {
    double sum = 0, logs = 0;
    for (const int y : c.y) {
      sum += y;
      logs += std::lgamma(y + 1.0);
    }
    const double n = 10;
    const LogLikelihood of_poisson = [&](std::span<const double> p) { return sum * std::log(p[0]) - n * p[0] - logs; };
    const LogLikelihood of_geometric = [&](std::span<const double> p) {
      return n * std::log(p[0]) + sum * std::log(1 - p[0]);
    };
    const auto a = evidence_estimate(defensive_trials(poisson, of_poisson, 20000), of_poisson);
    const auto b = evidence_estimate(defensive_trials(geometric, of_geometric, 20000), of_geometric);
    expect_log_evidence(a, std::lgamma(sum + 1) - (sum + 1) * std::log(n + 1) - logs);
    expect_log_evidence(b, std::lgamma(n + 1) + std::lgamma(sum + 1) - std::lgamma(n + sum + 2));
    const double error = std::hypot(a.standard_error, b.standard_error);
    EXPECT_NEAR(a.log_evidence - b.log_evidence, std::log(c.bayes_factor), 4 * error + 5e-4);
    const EvidenceEstimate both[] = {a, b};
    const auto p = posterior_probabilities(both);
    EXPECT_NEAR(p[0].value, c.probability, 4 * error * c.probability * (1 - c.probability) + 1e-6);
    EXPECT_LE(p[0].low, p[0].value);
    EXPECT_GE(p[0].high, p[0].value);
    EXPECT_NEAR(p[0].low, 1 - p[1].high, 1e-12);
    EXPECT_NEAR(p[0].standard_error, error * c.probability * (1 - c.probability), 1e-3);
  }
}

// A count out of 12 at a probability that is known, and at one that is Beta(2, 3). Trials are compared with the record
// by equality alone, so this is the whole way of a model that can only be run.
TEST(Evidence, BetaBinomialAgainstABinomial) {
  const auto count = [](const std::vector<double>& p, const Draws& draws) {
    double k = 0;
    for (std::uint32_t i = 0; i < 12; ++i) k += draws.happens(p[0], 1, i, 0);
    return std::vector{k};
  };
  const double k = 9, a = 2, b = 3;
  const LogLikelihood e = [=](std::span<const double> y) { return y[0] == k ? 0.0 : impossible; };
  const auto free = toy("free", {Distribution(Family::beta, {a, b})}, count);
  const auto fixed = toy("fixed", {Distribution(Family::fixed, {0.5})}, count);
  const double choose = std::log(boost::math::binomial_coefficient<double>(12, 9));
  expect_log_evidence(evidence_estimate(defensive_trials(free, e, 60000), e),
                      choose + std::log(boost::math::beta(a + k, b + 12 - k) / boost::math::beta(a, b)));
  expect_log_evidence(evidence_estimate(defensive_trials(fixed, e, 60000), e), choose + 12 * std::log(0.5));
}

// Households of three with one first case (Reed and Frost's chain binomial): each case infects each of the others with
// probability 1 - q. q^2 escape with no further case, 2 q^2 (1 - q) with one. The rival infects at once and never
// again.
TEST(Evidence, FinalSizeOfHouseholds) {
  constexpr std::uint32_t households = 8;
  const auto sizes = [](bool chain) {
    return [chain](const std::vector<double>& p, const Draws& draws) {
      std::vector<double> counts(3, 0.0);
      for (std::uint32_t h = 0; h < households; ++h) {
        const bool first = draws.happens(1 - p[0], 1, h, 0), second = draws.happens(1 - p[0], 1, h, 1);
        std::size_t cases = std::size_t{first} + std::size_t{second};
        if (chain && cases == 1) cases += draws.happens(1 - p[0], 1, h, 2);
        ++counts[cases];
      }
      return counts;
    };
  };
  const std::vector<double> seen{3, 1, 4};
  const auto exact = [&](bool chain) {
    // Simpson's rule over q ~ U(0, 1) of the multinomial probability of what was seen.
    const int n = 2000;
    double sum = 0;
    for (int i = 0; i <= n; ++i) {
      const double q = static_cast<double>(i) / n, none = q * q, one = 2 * q * (1 - q) * (chain ? q : 1.0);
      const double p = 280 * std::pow(none, seen[0]) * std::pow(one, seen[1]) * std::pow(1 - none - one, seen[2]);
      sum += p * (i == 0 || i == n ? 1 : i % 2 == 1 ? 4 : 2) / (3.0 * n);
    }
    return std::log(sum);
  };
  const LogLikelihood e = [&](std::span<const double> y) { return std::ranges::equal(y, seen) ? 0.0 : impossible; };
  for (const bool chain : {true, false}) {
    const auto account = toy(chain ? "chain" : "at once", {Distribution(Family::uniform, {0, 1})}, sizes(chain));
    expect_log_evidence(evidence_estimate(defensive_trials(account, e, 150000), e), exact(chain));
  }
  EXPECT_GT(exact(true) - exact(false), 1);
}

// Ten molecules change from A to B, each at a rate that is not known, and back at a known one; the rival's rate also
// grows with the number of B. Seen: how many are B at two times. Trials run one change after the other (Gillespie
// 1977); the exact probability of what was seen is summed over the number of changes by uniformisation (Jensen 1953).
TEST(Evidence, ReactionsThatRunBothWays) {
  constexpr int molecules = 10;
  constexpr double back = 0.5;
  struct Seen {
    double time;
    int count;
  };
  constexpr int begin = 1;
  const std::vector<Seen> seen{{1.0, 2}, {2.0, 6}};
  const auto rate_there = [](bool catalytic, double k, int b) {
    return k * (molecules - b) * (catalytic ? b / 5.0 : 1.0);
  };
  const auto run = [&](bool catalytic) {
    return [=](const std::vector<double>& k, const Draws& draws) {
      std::vector<double> counts;
      int b = begin;
      double now = 0;
      for (std::uint32_t i = 0; counts.size() < seen.size(); ++i) {
        const double there = rate_there(catalytic, k[0], b), all = there + back * b;
        now += all > 0 ? -std::log(draws.uniform(1, 0, i)) / all : INFINITY;
        while (counts.size() < seen.size() && seen[counts.size()].time < now) counts.push_back(b);
        b += draws.uniform(1, 1, i) * all < there ? 1 : -1;
      }
      return counts;
    };
  };
  const auto transition = [&](bool catalytic, double k, int from, int to, double time) {
    double fastest = 0;
    for (int b = 0; b <= molecules; ++b) fastest = std::max(fastest, rate_there(catalytic, k, b) + back * b);
    std::vector<double> p(molecules + 1, 0.0);
    p[static_cast<std::size_t>(from)] = 1;
    double sum = 0, poisson = std::exp(-fastest * time), left = 1;
    for (int n = 0; left > 1e-12; ++n) {
      sum += poisson * p[static_cast<std::size_t>(to)];
      left -= poisson;
      poisson *= fastest * time / (n + 1);
      std::vector<double> next(p.size(), 0.0);
      for (int b = 0; b <= molecules; ++b) {
        const double there = rate_there(catalytic, k, b) / fastest, home = back * b / fastest;
        const double here = p[static_cast<std::size_t>(b)];
        next[static_cast<std::size_t>(b)] += here * (1 - there - home);
        if (b < molecules) next[static_cast<std::size_t>(b + 1)] += here * there;
        if (b > 0) next[static_cast<std::size_t>(b - 1)] += here * home;
      }
      p = std::move(next);
    }
    return sum;
  };
  const Distribution prior(Family::uniform, {0, 3});
  const auto exact = [&](bool catalytic) {
    const int n = 300;  // Simpson's rule
    double sum = 0;
    for (int i = 0; i <= n; ++i) {
      const double k = 3.0 * i / n;
      const double p = transition(catalytic, k, begin, seen[0].count, seen[0].time) *
                       transition(catalytic, k, seen[0].count, seen[1].count, seen[1].time - seen[0].time);
      sum += p * (i == 0 || i == n ? 1 : i % 2 == 1 ? 4 : 2) / (3.0 * n);
    }
    return std::log(sum);
  };
  const LogLikelihood e = [&](std::span<const double> counts) {
    return counts[0] == seen[0].count && counts[1] == seen[1].count ? 0.0 : impossible;
  };
  for (const bool catalytic : {false, true}) {
    const auto account = toy(catalytic ? "catalytic" : "plain", {prior}, run(catalytic));
    expect_log_evidence(evidence_estimate(defensive_trials(account, e, 150000), e), exact(catalytic));
  }
  EXPECT_GT(exact(true) - exact(false), 0.5);  // the record can tell them apart
  // The law of one molecule is known: the probability of being B goes to k / (k + back) at the rate k + back.
  const double k = 0.7, share = k / (k + back), left = std::exp(-(k + back) * 1.3);
  EXPECT_NEAR(transition(false, k, molecules, molecules, 1.3), std::pow(share + (1 - share) * left, molecules), 1e-11);
}

TEST(Evidence, IsTheSameForAnySplitAndThreads) {
  const auto account = bare("account", {normal(0, 1), normal(1, 2)});
  const LogLikelihood e = [](std::span<const double> p) { return log_normal(1, p[0] + p[1], 0.5); };
  const Proposal prior(2);
  const auto whole =
      run_trials(account, prior, {.seed = 1, .stage = own_stages, .first = 0, .last = 1000, .threads = 1});
  Trials parts;
  for (std::int64_t first = 0; first < 1000; first += 77)
    append(parts, run_trials(account, prior,
                             {.seed = 1,
                              .stage = own_stages,
                              .first = first,
                              .last = std::min<std::int64_t>(1000, first + 77),
                              .threads = 3}));
  EXPECT_EQ(whole.outcomes, parts.outcomes);
  EXPECT_EQ(whole.log_proposal, parts.log_proposal);
  EXPECT_EQ(log_weights(whole, e), log_weights(parts, e));
}

// The defensive proposal's density integrates to 1 and is what its draws follow: the mean of prior / proposal over
// draws is 1, and so is that of a function of known mean.
TEST(Evidence, ProposalsAreWhatTheirDensitySays) {
  Population two;
  two.dimension = 2;
  two.z = {-1, 0.5, 1.5, -0.3, 1, 1};
  two.weight = {1, 2, 1};
  const auto account = bare("account", {normal(0, 1), normal(0, 1)});
  for (const auto& q : {Proposal::defensive(two), Proposal::perturbation(two, 0.1), Proposal(2, 1.5)}) {
    const auto trials =
        run_trials(account, q, {.seed = 9, .stage = own_stages, .first = 0, .last = 40000, .threads = 0});
    const auto one = evidence_estimate(trials, [](auto) { return 0.0; });
    EXPECT_NEAR(one.log_evidence, 0, 4 * one.standard_error);
    EXPECT_LT(one.standard_error, 0.02);
    const auto shifted =
        evidence_estimate(trials, [](auto p) { return log_normal(1, p[0], 0.5) + log_normal(0, p[1], 1); });
    EXPECT_NEAR(shifted.log_evidence, log_normal(1, 0, std::sqrt(1.25)) + log_normal(0, 0, std::sqrt(2)),
                4 * shifted.standard_error);
  }
}

// Two priors of 150 matter. Kernels around points would be worth nothing here: all their weights are luck.
TEST(Evidence, APopulationThatSaysNothingLeavesThePriorAlone) {
  const auto of = [](std::size_t dimension, std::size_t points, double shift) {
    Population p;
    p.dimension = dimension;
    for (std::uint32_t i = 0; i < points; ++i) {
      for (std::uint32_t k = 0; k < dimension; ++k)
        p.z.push_back(Draws({5, 0, i}).normal(1, k, 0) + (k == 7 ? shift : 0.0));
      p.weight.push_back(1);
    }
    return Proposal::defensive(p);
  };
  EXPECT_TRUE(of(50, 400, 0).is_prior()) << "luck";
  EXPECT_FALSE(of(50, 400, 1).is_prior()) << "one parameter has moved";
  EXPECT_TRUE(of(50, 99, 1).is_prior()) << "too few points to tell";
  EXPECT_FALSE(of(10, 99, 0).is_prior()) << "of few dimensions all take part";
}

// Where the prior is the proposal, an account whose trials seldom fit gets more of them, within bounds.
TEST(Evidence, TrialsAreWhereTheyAreNeeded) {
  Evidence record;
  auto& e = record.events.emplace_back();
  e.id = "happens";
  e.measure = Measure::occurs;
  e.kind = qantar::sim::ValueKind::flag;
  e.weight = 1;
  e.families = {"one", "other"};
  const ObservationModel law(record, toy_clock(24));
  const auto trials = [&](double often) {
    const auto account = toy("account", std::vector(40, normal(0, 1)), [often](const auto&, const Draws& draws) {
      return std::vector{draws.happens(often, 1, 0, 0) ? 1.0 : 0.0};
    });
    return run_account(account, law, {.seed = 4, .particles = 50, .trials = 1500, .records = 1000, .threads = 0})
        .evidence.size();
  };
  EXPECT_EQ(trials(1), 750U);      // each is worth one: half as many as asked for, at least
  EXPECT_EQ(trials(0.02), 3000U);  // at most twice as many
  // The weight is 0.98 in a fifth of the trials and 0.02 in the others, so one is worth 0.212^2 / 0.1924.
  EXPECT_NEAR(static_cast<double>(trials(0.2)), 300 / (0.212 * 0.212 / 0.1924), 320);
}

TEST(Evidence, ManyPriorsOfWhichFewMatter) {
  const auto account = bare("many", std::vector(150, normal(0, 1)));
  const LogLikelihood e = [](std::span<const double> p) {
    return log_normal(1.5, p[3], 0.3) + log_normal(0.4, p[7] + p[3], 0.5);
  };
  const auto trials = defensive_trials(account, e, 20000, 5, 2000);
  const auto z = evidence_estimate(trials, e);
  // (p3, p7 + p3) plus noise is normal with covariance (1.09, 1; 1, 2.25).
  const double determinant = 1.09 * 2.25 - 1;
  const double square = (2.25 * 1.5 * 1.5 - 2 * 1.5 * 0.4 + 1.09 * 0.4 * 0.4) / determinant;
  expect_log_evidence(z, -0.5 * square - std::log(2 * M_PI) - 0.5 * std::log(determinant));
  EXPECT_GT(z.effective_size, 6000);
  const auto prior =
      run_trials(account, Proposal(150), {.seed = 5, .stage = own_stages, .first = 0, .last = 20000, .threads = 0});
  EXPECT_LT(evidence_estimate(prior, e).effective_size, 0.3 * z.effective_size);
  // Far more than what it takes for a density to be that of the draws.
  expect_log_evidence(evidence_estimate(trials, [](auto) { return 0.0; }), 0);
}

TEST(Evidence, WhatIsRefusedHasNoInterval) {
  EvidenceEstimate sure, few;
  sure.log_evidence = -3;
  few.log_evidence = -13;
  sure.standard_error = few.standard_error = 0.01;
  EXPECT_NEAR(posterior_probabilities(std::vector{sure, few})[0].low, 0.99995, 1e-5);
  few.refusals = {"the weights of 1000 trials are worth 4 equal ones"};
  for (const Probability& p : posterior_probabilities(std::vector{sure, few})) {
    EXPECT_TRUE(std::isnan(p.low));
    EXPECT_TRUE(std::isnan(p.high));
    EXPECT_TRUE(std::isnan(p.standard_error));
  }
}

TEST(Evidence, RefusesWithReasons) {
  const auto poor = evidence_estimate(std::vector<double>{0, -1, -2, -700}, 0);
  EXPECT_THAT(poor.refusals, ::testing::Contains(HasSubstr("at least 200")));
  EXPECT_THAT(poor.refusals, ::testing::Contains(HasSubstr("one trial of 4 has 67 %")));
  const auto none = evidence_estimate(std::vector<double>(10, impossible), 0);
  EXPECT_THAT(none.refusals, ::testing::Contains(HasSubstr("none of 10 trials")));
  const auto fails = toy("fails", {normal(0, 1)}, [](const auto& p, const auto&) -> std::vector<double> {
    if (p[0] > 0) throw std::runtime_error("no world above 0");
    return {p[0]};
  });
  const auto trials =
      run_trials(fails, Proposal(1), {.seed = 1, .stage = own_stages, .first = 0, .last = 1000, .threads = 0});
  const auto half = evidence_estimate(trials, [](auto) { return 0.0; });
  EXPECT_NEAR(half.log_evidence, std::log(0.5), 4 * half.standard_error);
  EXPECT_THAT(half.refusals, ::testing::Contains(HasSubstr("trials failed")));
  EXPECT_THAT(half.refusals, ::testing::Contains(HasSubstr("no world above 0")));
  EXPECT_THROW(log_weights(trials, [](auto) { return std::nan(""); }), std::invalid_argument);
  const EvidenceEstimate nothing[] = {none, none}, one_left[] = {none, half};
  EXPECT_TRUE(std::isnan(posterior_probabilities(nothing)[0].value));
  EXPECT_EQ(posterior_probabilities(one_left)[1].value, 1);
  EXPECT_TRUE(std::isnan(posterior_probabilities(one_left)[0].high)) << "what is refused has no interval";
}

template <class F>
std::string complaint(F f) {
  try {
    f();
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "";
}

TEST(Evidence, AWeightThatIsNoNumberIsRefused) {
  for (const double bad : {double(NAN), double(INFINITY)}) {
    std::vector<double> logs(1000, -3.0);
    logs[17] = bad;
    EXPECT_THAT(complaint([&] { evidence_estimate(logs, 0); }), HasSubstr("the log weight of trial 17 is"));
  }
}

template <class Weights>
concept KnowsFailures = requires(const Weights& w) {
  evidence_estimate(w);
};

TEST(Evidence, FailuresCannotBeForgotten) {
  static_assert(!KnowsFailures<std::vector<double>>);
  std::vector<double> logs(1000, -3.0);
  std::fill_n(logs.begin(), 11, impossible);
  EXPECT_THAT(evidence_estimate(logs, 0).refusals, IsEmpty());
  EXPECT_THAT(evidence_estimate(logs, 11).refusals, ::testing::ElementsAre(HasSubstr("11 of 1000 trials failed")));
  EXPECT_THAT(complaint([&] { evidence_estimate(logs, 12); }), HasSubstr("only 11 of 1000 log weights are -infinity"));
}

// Generations of a population must not lend their luck to trials that somebody runs beside it.
TEST(Evidence, TrialsOfYourOwnShareNoDrawWithThoseOfTheMethod) {
  const auto account =
      toy("luck", {normal(0, 1)}, [](const auto&, const Draws& draws) { return std::vector{draws.uniform(1, 0, 0)}; });
  const Proposal prior(1);
  for (const std::uint32_t stage : {0U, own_stages - 1, adjudication_stages, adjudication_stages + 9})
    EXPECT_THAT(complaint([&] {
                  run_trials(account, prior, {.seed = 1, .stage = stage, .first = 0, .last = 1, .threads = 1});
                }),
                HasSubstr("take one from 1000 to 1048575"));
  std::vector<double> seen;
  const auto own = run_trials(account, prior, {.seed = 1, .first = 0, .last = 50, .threads = 1});
  const AbcTarget all{{}, [&](std::span<const double> x) { return seen.push_back(x[0]), 0.0; }, {2, 1}};
  abc_smc(account, all, {.particles = 50, .seed = 1, .threads = 1});
  ASSERT_EQ(seen.size(), 100U);
  for (const double x : own.outcomes) EXPECT_EQ(std::ranges::count(seen, x), 0);
}

TEST(Evidence, AModelThatIgnoresAPriorIsNamed) {
  class Deaf : public BiasedWalk {
   public:
    using World = BiasedWalk::World;
    explicit Deaf(std::string asks) : BiasedWalk(0.5), asks_(std::move(asks)) {}
    World make_world(const Draws& draws) const {
      const Draws copy = draws;
      for (const std::string name : {"up", "down"})
        if (asks_.find(name) != std::string::npos) copy.assigned(name);
      return BiasedWalk::make_world(draws);
    }

   private:
    std::string asks_;
  };
  qantar::sim::Priors two;
  two.add("up", Distribution(Family::uniform, {0, 1}));
  two.add("down", Distribution(Family::uniform, {0, 1}));
  const TrialRange range{.seed = 1, .first = 0, .last = 10, .threads = 2};
  EXPECT_EQ(run_trials(make_account("hears", Deaf("up down"), two), Proposal(2), range).failures(), 0U);
  const auto deaf = make_account("deaf", Deaf("up"), two);
  EXPECT_THAT(complaint([&] { run_trials(deaf, Proposal(2), range); }),
              ::testing::AllOf(HasSubstr("account deaf: prior down"), HasSubstr("Draws::assigned(\"down\")")));
  EXPECT_THAT(complaint([&] {
                abc_smc(deaf, {[](auto) { return 0.0; }, {}, {}}, {.particles = 10});
              }),
              HasSubstr("prior down"));
}

}  // namespace
}  // namespace evidence_estimate_test
