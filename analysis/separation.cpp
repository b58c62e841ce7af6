#include "analysis/separation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/conversions.hpp"

namespace qantar::analysis {
namespace {

/// How many trials of the account and of the others share one value.
struct Step {
  double own = 0, others = 0;
};
/// The steps of one half of the trials in the order of values.
using Ladder = std::vector<Step>;

Step total_of(const Ladder& ladder) {
  Step sum;
  for (const Step& s : ladder) {
    sum.own += s.own;
    sum.others += s.others;
  }
  return sum;
}

/// Probability that the account ranks above the others; ties count half.
double auc_of(const Ladder& ladder) {
  const Step all = total_of(ladder);
  double below = 0, pairs = 0;
  for (const Step& s : ladder) {
    pairs += s.own * (below + 0.5 * s.others);
    below += s.others;
  }
  return pairs / (all.own * all.others);
}

/// Trials whose value lies below the threshold in front of step `cut`.
Step below_of(const Ladder& ladder, std::size_t cut) { return total_of({ladder.begin(), ladder.begin() + cut}); }

/// A rule "the account is above (or below) the threshold in front of step `cut`".
struct Rule {
  std::size_t cut = 0;
  bool above = true;
  double accuracy = 0;
};

/// Of neighbouring thresholds that are equally good, because no trial of this half lies between them, the middle one,
/// or rather the one towards "never".
Rule best_rule(const Ladder& ladder, bool never_first) {
  const Step all = total_of(ladder);
  std::vector<double> named;  // share named rightly by "above", for each cut
  Step below;
  for (std::size_t cut = 0; cut <= ladder.size(); ++cut) {
    named.push_back(0.5 * (1.0 - below.own / all.own + below.others / all.others));
    if (cut == ladder.size()) break;
    below.own += ladder[cut].own;
    below.others += ladder[cut].others;
  }
  const auto [least, most] = std::ranges::minmax_element(named);
  const bool above = *most >= 1.0 - *least;
  const auto first = above ? most : least;
  auto last = first;
  while (last + 1 != named.end() && *(last + 1) == *first) ++last;
  const auto cut = (first - named.begin()) + (last - first + (never_first ? 0 : 1)) / 2;
  return {static_cast<std::size_t>(cut), above, above ? *first : 1.0 - *first};
}

/// The two halves of the trials on the same ladder. "Never" is the first step or the last.
struct Halves {
  std::array<Ladder, 2> half;
};

/// One trial in the order of values.
struct Seen {
  double value;
  std::int32_t account;
  std::size_t half;
};

Halves ladders(const std::vector<Seen>& seen, std::size_t account, bool never_first) {
  Halves out;
  std::array<Step, 2> never;
  const auto count = [&](Step& step, const Seen& s) {
    (static_cast<std::size_t>(s.account) == account ? step.own : step.others) += 1.0;
  };
  const double* before = nullptr;
  for (const Seen& s : seen) {
    if (std::isnan(s.value)) {
      count(never[s.half], s);
      continue;
    }
    if (!before || *before != s.value)
      for (Ladder& ladder : out.half) ladder.emplace_back();
    before = &s.value;
    count(out.half[s.half].back(), s);
  }
  for (std::size_t h = 0; h < 2; ++h)
    out.half[h].insert(never_first ? out.half[h].begin() : out.half[h].end(), never[h]);
  return out;
}

/// Newcombe (1998): the interval of a mean of two independent shares from their own intervals.
Estimate mean_of(const Estimate& a, const Estimate& b) {
  const auto half = [](double x, double y) { return 0.5 * std::sqrt(x * x + y * y); };
  const double mean = 0.5 * (a.value + b.value);
  return {mean, mean - half(a.value - a.low, b.value - b.low), mean + half(a.high - a.value, b.high - b.value)};
}

Separation separation_of(const std::vector<Seen>& seen, std::size_t account) {
  Separation out;
  out.account = account;
  const std::array<Halves, 2> orders{ladders(seen, account, false), ladders(seen, account, true)};
  for (const Ladder& ladder : orders[0].half)
    if (const Step all = total_of(ladder); all.own == 0 || all.others == 0) return out;
  double auc = 0;
  Step named, all;
  for (std::size_t learn = 0; learn < 2; ++learn) {
    const std::size_t judge = 1 - learn;
    const auto learnt = [&](const Halves& o) -> const Ladder& { return o.half[learn]; };
    const double last = auc_of(learnt(orders[0])), first = auc_of(learnt(orders[1]));
    const bool never_first = std::fabs(first - 0.5) > std::fabs(last - 0.5);
    const double judged = auc_of(orders[never_first].half[judge]);
    auc += 0.5 * ((never_first ? first : last) >= 0.5 ? judged : 1.0 - judged);

    const Rule rules[] = {best_rule(learnt(orders[0]), false), best_rule(learnt(orders[1]), true)};
    const bool other = rules[1].accuracy > rules[0].accuracy;
    const Ladder& ladder = orders[other].half[judge];
    const Rule& rule = rules[other];
    const Step sum = total_of(ladder), below = below_of(ladder, rule.cut);
    named.own += rule.above ? sum.own - below.own : below.own;
    named.others += rule.above ? below.others : sum.others - below.others;
    all.own += sum.own;
    all.others += sum.others;
  }
  const auto share = [](double hits, double n) {
    return wilson(static_cast<std::int64_t>(hits), static_cast<std::int64_t>(n));
  };
  out.auc = auc;
  out.accuracy = mean_of(share(named.own, all.own), share(named.others, all.others));
  return out;
}

}  // namespace

const Separation& Telling::best() const { return *std::ranges::max_element(accounts, {}, &Separation::auc); }

std::vector<Separation> separation(const std::vector<double>& values, const std::vector<std::int32_t>& account,
                                   std::size_t accounts) {
  std::vector<std::size_t> number(accounts, 0);
  std::vector<Seen> seen;
  for (std::size_t t = 0; t < values.size(); ++t) seen.push_back({values[t], account[t], number[account[t]]++ % 2});
  // Every "never" goes to the end; a comparison with NaN is no order.
  std::ranges::sort(seen, [](const Seen& a, const Seen& b) {
    return std::isnan(a.value) || std::isnan(b.value) ? std::isnan(a.value) < std::isnan(b.value) : a.value < b.value;
  });
  std::vector<Separation> out;
  for (std::size_t a = 0; a < accounts; ++a) out.push_back(separation_of(seen, a));
  return out;
}

std::vector<Telling> tellings(const sim::ResultLayout& layout, const std::vector<std::int32_t>& account,
                              std::size_t accounts,
                              const std::function<std::vector<double>(const sim::Variable&)>& values) {
  std::vector<Telling> out;
  const auto add = [&](const std::string& name, std::size_t column, const std::vector<double>& sample) {
    const auto same = [&](double x) { return x == sample[0] || (std::isnan(x) && std::isnan(sample[0])); };
    if (std::ranges::all_of(sample, same)) return;  // tells nothing
    out.push_back({name, column, separation(sample, account, accounts)});
  };
  for (const auto& [v, first, size] : layout.placed(layout.outcomes)) {
    if (v.latent || accounts < 2 || account.empty()) continue;
    const auto numbers = values(v);
    std::vector<double> sample(account.size());
    for (std::size_t i = 0; i < size; ++i) {
      const std::string name =
          v.axes.empty() ? v.name : fmt::format("{}[{}]", v.name, fmt::join(layout.labels(v, i), ", "));
      for (std::size_t t = 0; t < sample.size(); ++t) sample[t] = numbers[t * size + i];
      if (v.kind != sim::ValueKind::code) {
        add(name, first + i, sample);
        continue;
      }
      for (std::size_t m = 0; m < v.meanings.size(); ++m) {
        auto is = sample;
        for (double& x : is) x = x == sim::real(m) ? 1.0 : 0.0;
        add(name + " = " + v.meanings[m], first + i, is);
      }
    }
  }
  std::ranges::stable_sort(out, [](const Telling& a, const Telling& b) { return a.best().auc > b.best().auc; });
  return out;
}

}  // namespace qantar::analysis
