#include "tests/known_answers/verdict_problems.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <stdexcept>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <fmt/format.h>

#include "analysis/inference/observation_model.hpp"
#include "tests/known_answers/toys.hpp"
#include "tests/support/toy_models.hpp"

namespace qantar::test {
namespace {

using analysis::Account;
using analysis::Event;
using analysis::Grade;
using analysis::Measure;
using analysis::ObservationModel;
using sim::Distribution;
using sim::Draws;
using sim::Family;

using Numbers = std::vector<double>;

/// By Pascal's triangle; n below 64.
double choose(int n, int k) {
  static const auto triangle = [] {
    std::array<std::array<double, 64>, 64> c{};
    for (std::size_t i = 0; i < c.size(); ++i)
      for (std::size_t j = 0; j <= i; ++j) c[i][j] = j == 0 || j == i ? 1.0 : c[i - 1][j - 1] + c[i - 1][j];
    return c;
  }();
  return triangle[static_cast<std::size_t>(n)][static_cast<std::size_t>(k)];
}

double binomial(int n, int k, double p) {
  return k < 0 || k > n ? 0.0 : choose(n, k) * std::pow(p, k) * std::pow(1 - p, n - k);
}

/// Gauss and Legendre's rule with 20 points on each of `panels` equal parts.
void integrate(double low, double high, int panels, const std::function<void(double x, double weight)>& at) {
  using Rule = boost::math::quadrature::gauss<double, 20>;
  const double half = 0.5 * (high - low) / panels;
  for (int p = 0; p < panels; ++p) {
    const double middle = low + (2 * p + 1) * half;
    for (std::size_t i = 0; i < Rule::abscissa().size(); ++i)
      for (const double sign : {-1.0, 1.0}) at(middle + sign * half * Rule::abscissa()[i], half * Rule::weights()[i]);
  }
}

// Questions

Event question(const std::string& id, std::size_t column) {
  Event e;
  e.id = id;
  e.column = column;
  e.weight = 1;
  e.families = {"one of " + id, "other of " + id};
  return e;
}

Event answer(const std::string& id, std::size_t column, Grade grade = Grade::A) {
  Event e = question(id, column);
  e.measure = Measure::occurs;
  e.kind = sim::ValueKind::flag;
  e.grade = grade;
  return e;
}

Event number(const std::string& id, std::size_t column, analysis::Scale scale) {
  Event e = question(id, column);
  e.measure = Measure::number;
  e.kind = sim::ValueKind::real;
  e.scale = scale;
  e.low = 0;
  e.high = 1;
  return e;
}

/// What is documented when the row turns out to be y on its scale; false when that cannot be written down.
bool write_down(Event& e, double y, double half_width) {
  if (e.measure != Measure::number) {
    e.measure = y == 1.0 ? Measure::occurs : Measure::absent;
    return true;
  }
  if (!(y - half_width > 0)) return false;
  const bool share = e.scale == analysis::Scale::share;
  e.low = share ? y - half_width : std::exp(y - half_width) - 1;
  e.high = share ? y + half_width : std::exp(y + half_width) - 1;
  return true;
}

// Laws

/// Normal numbers, of which the trapezoidal rule makes the more of the smoother what is averaged: `step` is below the
/// least width of an error.
OutcomeLaw normal_law(std::size_t column, double mean, double sd, double step, int fineness,
                      const std::function<double(double)>& outcome) {
  OutcomeLaw out{{column}, {}, {}};
  const double h = step / fineness;
  for (double x = mean - 9 * sd; x < mean + 9 * sd; x += h)
    out.add({outcome(x)}, h * std::exp(log_normal(x, mean, sd)));
  return out;
}

double as_it_is(double x) { return x; }
double of_logarithm(double x) { return std::exp(x) - 1; }

VerdictProblem problem(const std::string& name, std::vector<Event> questions, double half_width) {
  VerdictProblem out;
  out.name = name;
  out.questions.events = std::move(questions);
  out.half_width = half_width;
  out.clock = toy_clock(240);
  return out;
}

/// A crowd around one typical size or another.
VerdictProblem gaussian_means(int fineness) {
  auto out = problem("Gaussian, other mean", {number("crowd", 0, analysis::Scale::magnitude)}, 0.3);
  for (const auto& [name, mean] : {std::pair("small", 5.0), std::pair("large", 6.6)}) {
    out.accounts.push_back(toy(name, {normal(mean, 0.4)}, [](const Numbers& p, const Draws& draws) {
      return Numbers{of_logarithm(p[0] + 0.3 * draws.normal(1, 0, 0))};
    }));
    out.laws.push_back({normal_law(0, mean, 0.5, 0.03, fineness, of_logarithm)});
  }
  return out;
}

/// Two shares with a mean in common, which is drawn around one place or another.
VerdictProblem gaussian_means_twice(int fineness) {
  constexpr double of_mean = 0.04, of_share = 0.06;
  auto out = problem("Gaussian, other mean, two rows",
                     {number("first", 0, analysis::Scale::share), number("second", 1, analysis::Scale::share)}, 0.05);
  for (const auto& [name, middle] : {std::pair("lower", 0.40), std::pair("upper", 0.60)}) {
    out.accounts.push_back(toy(name, {normal(middle, of_mean)}, [](const Numbers& p, const Draws& draws) {
      return Numbers{p[0] + of_share * draws.normal(1, 0, 0), p[0] + of_share * draws.normal(1, 1, 0)};
    }));
    OutcomeLaw law{{0, 1}, {}, {}};
    const double sd = std::hypot(of_mean, of_share), h = 0.013 / fineness;
    const double correlation = of_mean * of_mean / (sd * sd), left = sd * std::sqrt(1 - correlation * correlation);
    for (double x = middle - 7 * sd; x < middle + 7 * sd; x += h)
      for (double y = middle - 7 * sd; y < middle + 7 * sd; y += h)
        law.add({x, y},
                h * h * std::exp(log_normal(x, middle, sd) + log_normal(y, middle + correlation * (x - middle), left)));
    out.laws.push_back({law});
  }
  return out;
}

/// Two shares, near their mean or all over the place.
VerdictProblem gaussian_deviations(int fineness) {
  auto out = problem("Gaussian, other deviation, two rows",
                     {number("first", 0, analysis::Scale::share), number("second", 1, analysis::Scale::share)}, 0.03);
  for (const auto& [name, sd] : {std::pair("steady", 0.01), std::pair("wild", 0.1)}) {
    out.accounts.push_back(
        toy(name, {Distribution(Family::fixed, {0.5})}, [sd = sd](const Numbers& p, const Draws& draws) {
          return Numbers{p[0] + sd * draws.normal(1, 0, 0), p[0] + sd * draws.normal(1, 1, 0)};
        }));
    out.laws.push_back({});
    for (const std::size_t column : {0, 1})
      out.laws.back().push_back(normal_law(column, 0.5, sd, std::min(0.012, 0.5 * sd), fineness, as_it_is));
  }
  return out;
}

/// A count out of 30 whose probability is drawn around a quarter or three fifths.
VerdictProblem beta_binomial(const std::string& low, const std::string& high) {
  constexpr int n = 30;
  auto out = problem(fmt::format("beta-binomial, {} and {}", low, high),
                     {number("count", 0, analysis::Scale::magnitude)}, 0.2);
  for (const auto& [name, a, b] : {std::tuple(low, 4.0, 12.0), std::tuple(high, 9.0, 6.0)}) {
    out.accounts.push_back(toy(name, {Distribution(Family::beta, {a, b})}, [](const Numbers& p, const Draws& draws) {
      double count = 0;
      for (std::uint32_t i = 0; i < n; ++i) count += draws.happens(p[0], 1, i, 0);
      return Numbers{count};
    }));
    OutcomeLaw law{{0}, {}, {}};
    for (int k = 0; k <= n; ++k)
      law.add({static_cast<double>(k)}, choose(n, k) * boost::math::beta(a + k, b + n - k) / boost::math::beta(a, b));
    out.laws.push_back({law});
  }
  return out;
}

// Molecules change from A to B and, in some accounts, back; the rival's rate grows with the number of B. Trials run one
// change after the other (Gillespie 1977); probabilities are summed over the number of changes by uniformisation
// (Jensen 1953).
constexpr int molecules = 20, first_of_b = 2;
constexpr double first_look = 0.5, second_look = 2.0;

struct Reaction {
  double back = 0;
  bool catalytic = false;
  double there(double k, int b) const { return k * (molecules - b) * (catalytic ? b / 6.0 : 1.0); }

  std::vector<double> after(double k, const std::vector<double>& begin, double time) const {
    double fastest = 0;
    for (int b = 0; b <= molecules; ++b) fastest = std::max(fastest, there(k, b) + back * b);
    std::vector<double> p = begin, out(p.size(), 0.0);
    double poisson = std::exp(-fastest * time), left = 1;
    for (int n = 0; left > 1e-14; ++n) {
      for (std::size_t b = 0; b < p.size(); ++b) out[b] += poisson * p[b];
      left = n > fastest * time && poisson < 1e-18 ? 0 : left - poisson;
      poisson *= fastest * time / (n + 1);
      std::vector<double> next(p.size(), 0.0);
      for (int b = 0; b <= molecules; ++b) {
        const double up = there(k, b) / fastest, down = back * b / fastest, here = p[static_cast<std::size_t>(b)];
        next[static_cast<std::size_t>(b)] += here * (1 - up - down);
        if (b < molecules) next[static_cast<std::size_t>(b + 1)] += here * up;
        if (b > 0) next[static_cast<std::size_t>(b - 1)] += here * down;
      }
      p = std::move(next);
    }
    return out;
  }
};

std::vector<double> only(int b) {
  std::vector<double> out(molecules + 1, 0.0);
  out[static_cast<std::size_t>(b)] = 1;
  return out;
}

VerdictProblem reactions(const std::string& title, const std::string& one, const Reaction& first,
                         const std::string& other, const Reaction& second, int fineness) {
  constexpr double slowest = 0.2, fastest = 2.0;
  auto out = problem(
      title, {number("early", 0, analysis::Scale::magnitude), number("late", 1, analysis::Scale::magnitude)}, 0.2);
  for (const auto& [name, reaction] : {std::pair(one, first), std::pair(other, second)}) {
    out.accounts.push_back(toy(name, {Distribution(Family::uniform, {slowest, fastest})},
                               [r = reaction](const Numbers& k, const Draws& draws) {
                                 Numbers seen;
                                 int b = first_of_b;
                                 double now = 0;
                                 for (std::uint32_t i = 0; seen.size() < 2; ++i) {
                                   const double there = r.there(k[0], b), all = there + r.back * b;
                                   now += all > 0 ? -std::log(draws.uniform(1, 0, i)) / all : INFINITY;
                                   for (const double look : {first_look, second_look})
                                     if (now > look && seen.size() < (look == first_look ? 1U : 2U)) seen.push_back(b);
                                   b += draws.uniform(1, 1, i) * all < there ? 1 : -1;
                                 }
                                 return seen;
                               }));
    std::vector<double> joint((molecules + 1) * (molecules + 1), 0.0);
    integrate(slowest, fastest, fineness, [&, r = reaction](double k, double weight) {
      const auto early = r.after(k, only(first_of_b), first_look);
      for (int b = 0; b <= molecules; ++b) {
        const auto late = r.after(k, only(b), second_look - first_look);
        for (int c = 0; c <= molecules; ++c)
          joint[static_cast<std::size_t>(b * (molecules + 1) + c)] +=
              weight / (fastest - slowest) * early[static_cast<std::size_t>(b)] * late[static_cast<std::size_t>(c)];
      }
    });
    OutcomeLaw law{{0, 1}, {}, {}};
    for (int b = 0; b <= molecules; ++b)
      for (int c = 0; c <= molecules; ++c)
        law.add({static_cast<double>(b), static_cast<double>(c)},
                joint[static_cast<std::size_t>(b * (molecules + 1) + c)]);
    out.laws.push_back({law});
  }
  return out;
}

/// Influenza in households of four with one first case: it goes on from case to case (the chain binomial of Reed and
/// Frost), or the first case infects at once and nobody else does. Documented by one office: how many households had no
/// further case, and one.
VerdictProblem influenza(int fineness) {
  constexpr int households = 16, others = 3;
  constexpr double a = 8, b = 8;
  std::vector<Event> rows;
  for (std::size_t i = 0; i < 2; ++i) {
    rows.push_back(number(fmt::format("{} further cases", i), i, analysis::Scale::magnitude));
    rows.back().families = {"office"};
    rows.back().grade = Grade::B;
  }
  auto out = problem("influenza in households", rows, 0.2);
  for (const bool chain : {true, false}) {
    out.accounts.push_back(toy(chain ? "chain" : "at_once", {Distribution(Family::beta, {a, b})},
                               [chain](const Numbers& p, const Draws& draws) {
                                 Numbers counts(others + 1, 0.0);
                                 for (std::uint32_t h = 0; h < households; ++h) {
                                   int well = others, cases = 1;
                                   for (std::uint32_t round = 0; cases > 0; ++round) {
                                     int next = 0;
                                     const double e = std::pow(p[0], cases);
                                     for (int i = 0; i < well; ++i)
                                       next += !draws.happens(e, 1, h, round, static_cast<std::uint32_t>(i));
                                     well -= next;
                                     cases = chain ? next : 0;
                                   }
                                   ++counts[static_cast<std::size_t>(others - well)];
                                 }
                                 return counts;
                               }));
    // Probability of each number of further cases in one household.
    const auto sizes = [chain](double q) {
      Numbers share(others + 1, 0.0);
      const std::function<void(int, int, double)> spread = [&](int well, int cases, double p) {
        if (cases == 0) {
          share[static_cast<std::size_t>(others - well)] += p;
          return;
        }
        for (int next = 0; next <= well; ++next)
          spread(well - next, chain ? next : 0, p * binomial(well, next, 1 - std::pow(q, cases)));
      };
      spread(others, 1, 1.0);
      return share;
    };
    OutcomeLaw law{{0, 1}, {}, {}};
    for (int i = 0; i <= households; ++i)
      for (int j = 0; i + j <= households; ++j) law.add({static_cast<double>(i), static_cast<double>(j)}, 0);
    integrate(0, 1, 4 * fineness, [&](double q, double weight) {
      const auto p = sizes(q);
      const double density = weight * std::pow(q, a - 1) * std::pow(1 - q, b - 1) / boost::math::beta(a, b);
      for (std::size_t n = 0; n < law.mass.size(); ++n) {
        const int i = static_cast<int>(law.points[2 * n]), j = static_cast<int>(law.points[2 * n + 1]);
        law.mass[n] += density * choose(households, i) * choose(households - i, j) * std::pow(p[0], i) *
                       std::pow(p[1], j) * std::pow(p[2] + p[3], households - i - j);
      }
    });
    out.laws.push_back({law});
  }
  return out;
}

/// Independent answers, with these probabilities of yes in each account.
VerdictProblem answers(const std::string& name, const std::vector<std::pair<std::string, Numbers>>& accounts) {
  std::vector<Event> rows;
  for (std::size_t i = 0; i < accounts[0].second.size(); ++i)
    rows.push_back(answer(fmt::format("answer {}", i + 1), i, static_cast<Grade>(i % 2)));
  auto out = problem(name, rows, 0);
  for (const auto& [account, often] : accounts) {
    out.accounts.push_back(
        toy(account, {Distribution(Family::fixed, {0})}, [p = often](const Numbers&, const Draws& draws) {
          Numbers flags;
          for (std::uint32_t i = 0; i < p.size(); ++i) flags.push_back(draws.happens(p[i], 1, i, 0) ? 1 : 0);
          return flags;
        }));
    std::vector<OutcomeLaw> laws;
    for (std::size_t i = 0; i < often.size(); ++i) laws.push_back({{i}, {0, 1}, {1 - often[i], often[i]}});
    out.laws.push_back(laws);
  }
  return out;
}

// Normal or Laplace: the median absolute deviation from the median, of 41 numbers.
constexpr int half_of_sample = 20;

struct Symmetric {
  bool laplace = false;
  double scale = 1;
  double below(double x) const {
    if (laplace) return x < 0 ? 0.5 * std::exp(x / scale) : 1 - 0.5 * std::exp(-x / scale);
    return boost::math::cdf(boost::math::normal(0, scale), x);
  }
  double density(double x) const {
    return laplace ? 0.5 / scale * std::exp(-std::fabs(x) / scale) : std::exp(log_normal(x, 0, scale));
  }
  double quantile(double u) const {
    if (laplace) return u < 0.5 ? scale * std::log(2 * u) : -scale * std::log(2 - 2 * u);
    return scale * sim::normal_quantile(u);
  }
};

/// Of the 2 m numbers beside the median x, m lie on each side, and the m-th smallest distance is the deviation.
OutcomeLaw law_of_deviation(const Symmetric& f, int fineness) {
  constexpr int m = half_of_sample;
  constexpr double furthest = 2;
  OutcomeLaw out{{0}, {}, {}};
  const auto given = [&](double x, double d) {
    const double under = f.below(x), over = f.below(-x);
    const double p = (under - f.below(x - d)) / under, q = (over - f.below(-x - d)) / over;
    double rest_below = 0, rest_above = 0;
    for (int j = 0; j < m; ++j) {
      rest_below += binomial(m - 1, j, p) * binomial(m, m - 1 - j, q);
      rest_above += binomial(m - 1, j, q) * binomial(m, m - 1 - j, p);
    }
    return m * (f.density(x - d) / under * rest_below + f.density(x + d) / over * rest_above);
  };
  const auto median = [&](double x) {
    return (2 * m + 1) * choose(2 * m, m) * std::pow(f.below(x), m) * std::pow(f.below(-x), m) * f.density(x);
  };
  integrate(0, 2.2 * f.scale, 20 * fineness, [&](double d, double weight) {
    double sum = 0;
    Numbers ends{-furthest, -d, 0, d, furthest};
    std::ranges::sort(ends);
    for (std::size_t i = 0; i + 1 < ends.size(); ++i)
      if (ends[i + 1] > ends[i] && ends[i] < furthest)
        integrate(ends[i], ends[i + 1], 2 * fineness, [&](double x, double w) { sum += w * median(x) * given(x, d); });
    out.add({d}, weight * sum);
  });
  return out;
}

VerdictProblem normal_against_laplace(bool with_mean, int fineness) {
  std::vector<Event> rows{number("mad", 0, analysis::Scale::share)};
  if (with_mean) rows.push_back(number("mean", 1, analysis::Scale::magnitude));
  auto out = problem(with_mean ? "normal or Laplace, MAD and mean" : "normal or Laplace, MAD", rows, 0.04);
  for (const auto& [name, f] :
       {std::pair("normal", Symmetric{false, 1.0}), std::pair("laplace", Symmetric{true, 0.5})}) {
    // The mean is that of another sample, and of one law in both accounts.
    out.accounts.push_back(toy(name, {normal(6, 0.8)}, [f = f](const Numbers& p, const Draws& draws) {
      Numbers x;
      for (std::uint32_t i = 0; i < 2 * half_of_sample + 1; ++i) x.push_back(f.quantile(draws.uniform(1, i, 0)));
      const auto middle = x.begin() + half_of_sample;
      std::ranges::nth_element(x, middle);
      const double median = *middle;
      for (double& y : x) y = std::fabs(y - median);
      std::ranges::nth_element(x, middle);
      return Numbers{*middle, p[0] + 0.2 * draws.normal(2, 0, 0)};
    }));
    out.laws.push_back({law_of_deviation(f, fineness)});
    if (with_mean) out.laws.back().push_back(normal_law(1, 6, std::hypot(0.8, 0.2), 0.05, fineness, as_it_is));
  }
  return out;
}

}  // namespace

analysis::Evidence VerdictProblem::record(std::size_t truth, std::uint64_t seed) const {
  for (std::uint32_t attempt = 0; attempt < 100; ++attempt) {
    const Draws draws({seed, 1, attempt});
    const Account& account = accounts.at(truth);
    std::vector<double> z;
    for (std::uint32_t i = 0; i < account.dimension(); ++i) z.push_back(draws.normal(60000, i, 0));
    const auto outcomes = account.outcomes({seed, 2, attempt}, account.assigned(z));
    // The errors of a number do not depend on its size, so that an interval of any place serves.
    analysis::Evidence template_of = questions;
    for (auto& e : template_of.events)
      if (e.measure == Measure::number) write_down(e, 1 + half_width, half_width);
    const auto values = ObservationModel(template_of, clock).sample(outcomes, Draws({seed, 3, attempt}));
    analysis::Evidence out = questions;
    bool written = true;
    for (std::size_t i = 0; i < values.size(); ++i) written &= write_down(out.events[i], values[i], half_width);
    if (written) return out;
  }
  throw std::logic_error(name + ": no record can be written down");
}

std::vector<double> VerdictProblem::log_evidence(const analysis::Evidence& record) const {
  std::vector<double> out;
  for (const auto& parts : laws) {
    double sum = 0;
    for (const OutcomeLaw& part : parts) {
      analysis::Evidence rows;
      std::size_t width = 0;
      for (const auto& e : record.events)
        if (std::ranges::find(part.columns, e.column) != part.columns.end()) {
          rows.events.push_back(e);
          width = std::max(width, e.column + 1);
        }
      const ObservationModel law(rows, clock);
      std::vector<double> outcomes(width, sim::never);
      double mean = 0;
      for (std::size_t i = 0; i < part.mass.size(); ++i) {
        for (std::size_t c = 0; c < part.columns.size(); ++c)
          outcomes[part.columns[c]] = part.points[i * part.columns.size() + c];
        mean += part.mass[i] * std::exp(law.log_density(law.documented(), outcomes));
      }
      sum += std::log(mean);
    }
    out.push_back(sum);
  }
  return out;
}

std::vector<double> VerdictProblem::exact(const analysis::Evidence& record) const {
  return analysis::normalised(log_evidence(record));
}

std::vector<VerdictProblem> verdict_problems(int fineness) {
  return {gaussian_means(fineness),
          gaussian_means_twice(fineness),
          gaussian_deviations(fineness),
          beta_binomial("a rare", "b frequent"),
          beta_binomial("b rare", "a frequent"),
          reactions("reactions, one way or both", "one_way", {}, "both_ways", {.back = 1.0}, fineness),
          reactions("reactions, plain or catalytic", "plain", {.back = 0.3}, "catalytic",
                    {.back = 0.3, .catalytic = true}, fineness),
          influenza(fineness),
          answers("one answer", {{"often", {0.97}}, {"seldom", {0.03}}}),
          answers("three answers", {{"yes", {0.8, 0.7, 0.9}}, {"no", {0.2, 0.3, 0.1}}}),
          answers("three answers, three accounts",
                  {{"first", {0.97, 0.04, 0.1}}, {"second", {0.03, 0.95, 0.1}}, {"third", {0.1, 0.1, 0.96}}}),
          normal_against_laplace(false, fineness),
          normal_against_laplace(true, fineness)};
}

std::vector<VerdictProblem> identical_accounts() {
  std::vector<VerdictProblem> out;
  for (const std::vector<std::string>& names :
       {std::vector<std::string>{"one", "its twin"}, std::vector<std::string>{"one", "another", "a third"}}) {
    auto& p = out.emplace_back(gaussian_means(1));
    p.name = fmt::format("{} of one law", names.size());
    for (std::size_t k = 0; k < names.size(); ++k) {
      p.accounts.resize(k);
      p.laws.resize(k);
      p.accounts.push_back(gaussian_means(1).accounts[0]);
      p.accounts.back().name = names[k];
      p.laws.push_back(gaussian_means(1).laws[0]);
    }
  }
  return out;
}

std::vector<VerdictProblem> problems_of_three() {
  auto numbers = problem("three accounts, three numbers and an answer",
                         {number("first", 0, analysis::Scale::share), number("second", 1, analysis::Scale::share),
                          number("third", 2, analysis::Scale::share), answer("answer", 3, Grade::B)},
                         0.02);
  for (const auto& [name, middle, often] :
       {std::tuple("lower", 0.35, 0.2), std::tuple("between", 0.5, 0.5), std::tuple("upper", 0.65, 0.8)}) {
    numbers.accounts.push_back(toy(name, {normal(middle, 0.03)}, [often = often](const Numbers& p, const Draws& draws) {
      Numbers x;
      for (std::uint32_t i = 0; i < 3; ++i) x.push_back(p[0] + 0.1 * draws.normal(1, i, 0));
      x.push_back(draws.happens(often, 1, 3, 0) ? 1 : 0);
      return x;
    }));
    numbers.laws.push_back({});
  }
  return {answers("three accounts, four answers",
                  {{"first", {0.9, 0.2, 0.1, 0.6}}, {"second", {0.2, 0.9, 0.1, 0.6}}, {"third", {0.2, 0.1, 0.9, 0.5}}}),
          numbers};
}

}  // namespace qantar::test
