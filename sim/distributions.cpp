#include "sim/distributions.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace qantar::sim {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
/// Of the log: the middle 95 % of such a lognormal span 17 orders of magnitude.
constexpr double greatest_log_sd = 10;
constexpr double least_shape = 0.01, greatest_shape = 10000;

struct FamilyEntry {
  Family family;
  std::string_view name;
  std::vector<std::string> arguments;
};

const std::vector<FamilyEntry>& entries() {
  static const std::vector<FamilyEntry> all{
      {Family::fixed, "fixed", {"value"}},
      {Family::uniform, "uniform", {"low", "high"}},
      {Family::log_uniform, "log_uniform", {"low", "high"}},
      {Family::normal, "normal", {"mean", "sd"}},
      {Family::lognormal, "lognormal", {"median", "sd of the log"}},
      {Family::half_normal, "half_normal", {"sd"}},
      {Family::beta, "beta", {"a", "b"}},
      {Family::gamma, "gamma", {"mean", "shape"}},
  };
  return all;
}

const FamilyEntry& entry(Family family) { return *std::ranges::find(entries(), family, &FamilyEntry::family); }

// In place of fmt::join, for which g++ 12 at -O3 reports an overflow inside the library.
template <class Items>
std::string joined(const Items& items) {
  std::string text;
  for (const auto& item : items) text += fmt::format("{}{}", text.empty() ? "" : ", ", item);
  return text;
}

// The point that divides [low, high] as p divides the whole, with the digits of the nearer end.
double divide(double low, double high, const Tails& p) {
  return p.below <= p.above ? low + (high - low) * p.below : high - (high - low) * p.above;
}

Tails share_of(double low, double high, double x) {
  if (x <= low) return {0, 1};
  if (x >= high) return {1, 0};
  return {(x - low) / (high - low), (high - x) / (high - low)};
}

}  // namespace

Distribution::Distribution(Family family, std::vector<double> arguments)
    : family_(family), arguments_(std::move(arguments)) {
  if (const std::string wrong = problem(family_, arguments_); !wrong.empty()) throw std::invalid_argument(wrong);
}

std::string Distribution::problem(Family family, const std::vector<double>& arguments) {
  const FamilyEntry& e = entry(family);
  if (arguments.size() != e.arguments.size())
    return fmt::format("{} takes {} number{} ({}) but has {}", e.name, e.arguments.size(),
                       e.arguments.size() == 1 ? "" : "s", joined(e.arguments), arguments.size());
  for (std::size_t i = 0; i < arguments.size(); ++i)
    if (!(std::fabs(arguments[i]) < infinity))
      return fmt::format("{} of {} is {}: write a finite number", e.arguments[i], e.name, arguments[i]);
  const auto positive = [&](std::size_t i, std::string_view remedy) {
    return arguments[i] > 0 ? std::string{}
                            : fmt::format("{} of {} is {}: it must be above 0{}", e.arguments[i], e.name, arguments[i],
                                          arguments[i] == 0 ? remedy : "");
  };
  const auto shape = [&](std::size_t i, std::string_view remedy) {
    return arguments[i] >= least_shape && arguments[i] <= greatest_shape
               ? std::string{}
               : fmt::format("{} of {} is {}: it must lie between {} and {}{}", e.arguments[i], e.name, arguments[i],
                             least_shape, greatest_shape, arguments[i] > greatest_shape ? remedy : "");
  };
  const auto first = [](const std::string& one, const std::string& other) { return one.empty() ? other : one; };
  constexpr std::string_view plain = "; for a value without spread write a plain number",
                             tight = "; for so little spread write a normal or a plain number";
  switch (family) {
    case Family::fixed:
      return "";
    case Family::log_uniform:
      if (!(arguments[0] > 0)) return positive(0, "; for a range that reaches 0 write uniform");
      [[fallthrough]];
    case Family::uniform:
      if (!(arguments[0] < arguments[1]))
        return fmt::format("low of {} is {} and high is {}: low must be below high{}", e.name, arguments[0],
                           arguments[1], arguments[0] == arguments[1] ? plain : "; exchange them");
      if (!(arguments[1] - arguments[0] < infinity))
        return fmt::format("{} from {} to {} is too wide: bring the ends closer together", e.name, arguments[0],
                           arguments[1]);
      return "";
    case Family::normal:
      return positive(1, plain);
    case Family::lognormal:
      if (arguments[1] > greatest_log_sd)
        return fmt::format("{} of {} is {}: it must be at most {}; 0.1 is a spread of about 10 %", e.arguments[1],
                           e.name, arguments[1], greatest_log_sd);
      return first(positive(0, ""), positive(1, plain));
    case Family::half_normal:
      return positive(0, plain);
    case Family::beta:
      return first(shape(0, tight), shape(1, tight));
    case Family::gamma:
      return first(positive(0, plain), shape(1, tight));
  }
  return "";
}

std::string_view Distribution::name(Family family) { return entry(family).name; }

bool Distribution::parse(std::string_view name, Family& family) {
  const auto found = std::ranges::find(entries(), name, &FamilyEntry::name);
  if (found == entries().end()) return false;
  family = found->family;
  return true;
}

const std::vector<Family>& Distribution::families() {
  static const std::vector<Family> random = [] {
    std::vector<Family> all;
    for (const auto& e : entries())
      if (e.family != Family::fixed) all.push_back(e.family);
    return all;
  }();
  return random;
}

std::vector<std::string> Distribution::argument_names(Family family) { return entry(family).arguments; }

bool Distribution::truncate(double low, double high) {
  low = std::max(low, low_);
  high = std::min(high, high_);
  if (!(low <= high)) return false;
  if (is_fixed()) {
    if (arguments_[0] < low || arguments_[0] > high) return false;
  } else {
    const Tails at_low = tails(low), at_high = tails(high);
    if (!(at_low.below < at_high.below) && !(at_low.above > at_high.above)) return false;
    at_low_ = at_low;
    at_high_ = at_high;
  }
  low_ = low;
  high_ = high;
  return true;
}

double Distribution::quantile(double u) const {
  if (!(u > 0 && u < 1)) throw std::invalid_argument(fmt::format("quantile at {}: give a share between 0 and 1", u));
  return std::clamp(untruncated({divide(at_low_.below, at_high_.below, {u, 1 - u}),
                                 divide(at_low_.above, at_high_.above, {u, 1 - u})}),
                    low_, high_);
}

std::string Distribution::text() const { return fmt::format("{}({})", name(family_), joined(arguments_)); }

Tails Distribution::tails(double x) const {
  const auto& a = arguments_;
  switch (family_) {
    case Family::fixed:
      return x < a[0] ? Tails{0, 1} : Tails{1, 0};
    case Family::uniform:
      return share_of(a[0], a[1], x);
    case Family::log_uniform:
      return x > 0 ? share_of(log(a[0]), log(a[1]), log(x)) : Tails{0, 1};
    case Family::normal:
      return normal_tails((x - a[0]) / a[1]);
    case Family::lognormal:
      return x > 0 ? normal_tails(log(x / a[0]) / a[1]) : Tails{0, 1};
    case Family::half_normal: {
      if (!(x > 0)) return {0, 1};
      const double z = x / a[0];
      return GammaTails(0.5)(0.5 * z * z);
    }
    case Family::beta:
      return BetaTails(a[0], a[1])(x);
    case Family::gamma:
      return GammaTails(a[1])(x / a[0] * a[1]);
  }
  return {};
}

double Distribution::untruncated(const Tails& p) const {
  const auto& a = arguments_;
  switch (family_) {
    case Family::fixed:
      return a[0];
    case Family::uniform:
      return divide(a[0], a[1], p);
    case Family::log_uniform:
      return std::clamp(exp(divide(log(a[0]), log(a[1]), p)), a[0], a[1]);
    case Family::normal:
      return a[0] + a[1] * normal_quantile(p);
    case Family::lognormal:
      return a[0] * exp(a[1] * normal_quantile(p));
    case Family::half_normal:
      return a[0] * half_normal_quantile(p);
    case Family::beta:
      return BetaTails(a[0], a[1]).quantile(p);
    case Family::gamma:
      return a[0] * (GammaTails(a[1]).quantile(p) / a[1]);
  }
  return 0;
}

}  // namespace qantar::sim
