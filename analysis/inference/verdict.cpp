#include "analysis/inference/verdict.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "analysis/inference/order_free.hpp"
#include "sim/numerics.hpp"

namespace qantar::analysis {
namespace {

constexpr double least_share = 0.7, fewest_records = 20, least_surprise = 0.01;
constexpr double out_by_evidence = 0.01, out_by_classifier = 0.05;
constexpr double bare_mention = 1.0986122886681098;  // log 3

void check(const Findings& d) {
  const std::size_t n = d.accounts.size();
  const auto fits = [&](std::size_t size, const std::string& what) {
    if (size != n) throw std::invalid_argument(fmt::format("{} of {} accounts where there are {}", what, size, n));
  };
  if (n < 2) throw std::invalid_argument("a verdict needs at least 2 accounts");
  fits(d.evidence.size(), "evidence");
  fits(d.surprise.size(), "surprise");
  fits(d.classifier.size(), "a classifier check");
  fits(d.local.accounts, "a local confusion matrix");
  fits(d.overall.accounts, "a confusion matrix");
  for (const auto& row : d.key_rows) fits(row.mid_p.size(), "mid-p of " + row.name);
  for (const auto& v : d.variations) {
    fits(v.log_evidence.size(), "evidence " + v.name);
    fits(v.standard_error.size(), "errors " + v.name);
    fits(v.log_at_most.size(), "bounds " + v.name);
  }
}

/// On which side of a cut an interval lies.
enum class Side { above, below, both };

Side side(double low, double high, double cut) {
  return low >= cut ? Side::above : high < cut ? Side::below : Side::both;
}
Side side(const Estimate& share) { return side(share.low, share.high, least_share); }

std::string percent(const Estimate& share) {
  return share.value == share.value
             ? fmt::format("{:.0f} % [{:.0f}, {:.0f}]", 100 * share.value, 100 * share.low, 100 * share.high)
             : "none";
}

/// Adds why a share is not known to be large enough, if so.
void demand(std::vector<std::string>& reasons, const Estimate& share, const std::string& what) {
  const Side at = side(share);
  if (at == Side::above) return;
  reasons.push_back(fmt::format("{}: {}; {:.0f} % are needed{}", what, percent(share), 100 * least_share,
                                at == Side::both ? ", and more trials would tell" : ""));
}

/// How near two accounts' records can be told apart where it matters.
Estimate told_apart(const Findings& d, std::size_t a, std::size_t b) {
  return (d.local.pair_records(a, b) >= fewest_records ? d.local : d.overall).told_apart(a, b);
}

std::vector<std::vector<std::size_t>> indistinguishable_sets(const Findings& d) {
  const std::size_t n = d.accounts.size();
  std::vector<std::vector<std::size_t>> out;
  std::vector<char> taken(n, 0);
  for (std::size_t first = 0; first < n; ++first) {
    if (taken[first]) continue;
    std::vector<std::size_t> set{first};
    taken[first] = 1;
    for (std::size_t i = 0; i < set.size(); ++i)
      for (std::size_t k = 0; k < n; ++k)
        if (!taken[k] && side(told_apart(d, set[i], k)) == Side::below) {
          taken[k] = 1;
          set.push_back(k);
        }
    std::ranges::sort(set);
    out.push_back(std::move(set));
  }
  return out;
}

std::string names(const std::vector<std::string>& all) {
  std::string text;
  for (std::size_t i = 0; i < all.size() && i < 3; ++i) text += (i > 0 ? ", " : "") + all[i];
  return all.size() > 3 ? fmt::format("{} and {} more", text, all.size() - 3) : text;
}

std::string named(const Findings& d, const std::vector<std::size_t>& accounts) {
  std::vector<std::string> all;
  for (const std::size_t k : accounts) all.push_back(d.accounts[k]);
  std::ranges::sort(all);
  return fmt::format("{}", fmt::join(all, all.size() == 2 ? " and " : ", "));
}

/// Accounts that share the greatest value; empty when it is -infinity or NaN.
std::vector<std::size_t> greatest(const std::vector<double>& values) {
  double top = -std::numeric_limits<double>::infinity();
  for (const double x : values) top = std::max(top, x);
  std::vector<std::size_t> out;
  for (std::size_t k = 0; k < values.size(); ++k)
    if (values[k] == top && !std::isinf(top)) out.push_back(k);
  return out;
}

/// Share of evidence; 1 where that is not known, so that nobody is out.
double probability(const std::vector<double>& log_evidence, std::size_t account) {
  if (std::ranges::any_of(log_evidence, [](double x) { return std::isnan(x); })) return 1.0;
  return shares_of_accounts(log_evidence)[account];
}

/// The row that lies farthest out in what an account predicts: "crowd (mid-p 0.9999)".
std::string farthest_row(const Findings& d, std::size_t account) {
  const auto tail = [&](const KeyRow& row) {
    const double p = row.mid_p[account];
    return p == p ? std::min(p, 1.0 - p) : -1.0;
  };
  const auto worst = std::ranges::min_element(
      d.key_rows, {}, [&](const KeyRow& row) { return std::pair(tail(row), std::string_view(row.name)); });
  return worst == d.key_rows.end()
             ? ""
             : fmt::format(", farthest off: {} (mid-p {:.4f})", worst->name, worst->mid_p[account]);
}

bool could_not_have_left_it(const Findings& d, std::size_t account) { return d.surprise[account].p < least_surprise; }

std::string surprised(const Findings& d, std::size_t account) {
  return fmt::format("{} hardly ever leaves a record as improbable under it as this one: {:.2g} of {} simulated{}",
                     d.accounts[account], d.surprise[account].p, d.surprise[account].records, farthest_row(d, account));
}

/// What changes of priors, errors and rows make of the lead of one account over others, which have the same evidence.
void add_variations(const Findings& d, std::size_t top, const std::vector<std::size_t>& rivals, Verdict& out) {
  std::vector<std::string> unknown, reversed, against, rests_on;
  for (const auto& v : d.variations) {
    double lead = std::numeric_limits<double>::infinity(), error = 0;
    for (const std::size_t k : rivals)
      if (const double left = v.log_evidence[top] - v.log_evidence[k]; std::isnan(left) || left < lead) {
        lead = left;
        error = normal_975 * std::hypot(v.standard_error[top], v.standard_error[k]);
        if (std::isnan(left)) break;
      }
    // A rival of which too few trials count is behind when all that it may have is.
    const double own_error = normal_975 * v.standard_error[top];
    if (std::isnan(lead) &&
        std::ranges::all_of(rivals, [&](std::size_t k) { return v.log_evidence[top] - own_error > v.log_at_most[k]; }))
      continue;
    const std::string text = fmt::format("{} (log Bayes factor {:.2f} +- {:.2f})", v.name, lead, error);
    if (std::isnan(lead))
      unknown.push_back(v.name);
    else if (v.left_out && lead + error < -bare_mention)
      against.push_back(text);
    else if (!v.left_out && lead + error < 0)
      reversed.push_back(text);
    else if (v.left_out && lead - error < bare_mention)
      rests_on.push_back(text);
  }
  const std::string& first = d.accounts[top];
  const std::string second = named(d, rivals);
  std::ranges::sort(unknown);
  if (!unknown.empty())
    out.reasons.push_back(fmt::format("whether {} stays ahead of {} cannot be judged {}: too few trials count then",
                                      first, second, fmt::join(unknown, ", ")));
  if (!reversed.empty())
    out.reasons.push_back(fmt::format("{} does not stay ahead of {} {}", first, second, fmt::join(reversed, ", ")));
  if (!against.empty())
    out.reasons.push_back(
        fmt::format("the rest of the record favours {} over {} {}", second, first, fmt::join(against, ", ")));
  if (!rests_on.empty())
    out.notes.push_back(fmt::format("the lead of {} over {} rests on what is left out here: {}", first, second,
                                    fmt::join(rests_on, ", ")));
}

/// What the classifier check makes of the first account.
void add_classifier_check(const Findings& d, std::size_t top, Verdict& out) {
  const auto favoured = greatest(d.classifier);
  const LocalCalibration& near = d.classifier_near;
  if (!near.calibrated()) {
    out.notes.push_back(fmt::format(
        "the classifier check has no say, since it is not calibrated near this record: to the {} simulated records "
        "nearest to it, it gives {} {:.0f} % on average, and {:.0f} % are (standard error {:.0f})",
        near.records, d.accounts.at(near.account), 100 * near.predicted, 100 * near.observed,
        100 * near.standard_error));
    return;
  }
  const std::string& first = d.accounts[top];
  if (favoured.size() > 1)
    out.reasons.push_back(fmt::format("the classifier check is tied between {}", named(d, favoured)));
  else if (favoured.empty() || favoured[0] != top)
    out.reasons.push_back(fmt::format("evidence favours {}, the classifier check {}", first, named(d, favoured)));
  demand(out.reasons, d.local.found(top),
         fmt::format("of records near this one that were simulated under {}, the classifier check finds", first));
  demand(out.reasons, d.local.rightly_chosen(top),
         fmt::format("of records near this one that the classifier check judges to be of {}, those that are", first));
  for (const auto& set : out.indistinguishable)
    if (set.size() > 1 && std::ranges::find(set, top) != set.end())
      out.reasons.push_back(fmt::format("what is compared ({}) does not tell these accounts apart near the record: {}",
                                        names(d.observables), named(d, set)));
  std::vector<std::size_t> open;
  for (std::size_t k = 0; k < d.accounts.size(); ++k)
    if (k != top && side(told_apart(d, top, k)) == Side::both) open.push_back(k);
  if (!open.empty())
    out.reasons.push_back(fmt::format(
        "whether {} can be told near the record from {} is not known: more trials would tell", first, named(d, open)));
}

}  // namespace

Verdict verdict(const Findings& d) {
  check(d);
  const std::size_t n = d.accounts.size();
  Verdict out;
  out.indistinguishable = indistinguishable_sets(d);
  std::vector<double> log_evidence;
  for (const auto& e : d.evidence) log_evidence.push_back(e.log_evidence);
  const auto first = greatest(log_evidence);
  const auto probabilities = posterior_probabilities(d.evidence);
  // Whether the first account is known to be first, although others may be refused.
  const bool leads = !first.empty() && !std::isnan(probabilities[first[0]].low);
  const bool stands = std::ranges::all_of(d.evidence, [](const auto& e) { return e.refusals.empty(); });
  for (std::size_t k = 0; k < n; ++k)
    if (const auto& refusals = d.evidence[k].refusals; !refusals.empty() && !leads)
      out.reasons.push_back(
          fmt::format("the evidence of {} cannot be relied on: {}", d.accounts[k], fmt::join(refusals, "; ")));
    else if (!refusals.empty())
      out.notes.push_back(fmt::format(
          "{} has fewer trials that count than an estimate needs, but is at most {:.2g} times "
          "as probable as {}",
          d.accounts[k], sim::exp(d.evidence[k].log_at_most - log_evidence[first[0]]), d.accounts[first[0]]));

  if (first.empty()) {
    out.reasons.emplace_back("no trial of any account could have left the record");
    return out;
  }

  for (std::size_t k = 0; k < n && stands; ++k)
    if (probabilities[k].high < out_by_evidence && d.classifier[k] < out_by_classifier &&
        std::ranges::all_of(d.variations,
                            [&](const Variation& v) { return probability(v.log_evidence, k) < out_by_evidence; }))
      out.ruled_out.push_back(k);

  std::vector<std::string> misses;
  for (std::size_t k = 0; k < n; ++k)
    if (could_not_have_left_it(d, k)) misses.push_back(surprised(d, k));
  if (stands && misses.size() == n) {
    out.ruling = Ruling::none_of_the_accounts;
    out.reasons = misses;
    if (first.size() == 1) out.top = first[0];
    return out;
  }
  if (first.size() > 1) {
    out.reasons.push_back(fmt::format("{} have exactly the same evidence", named(d, first)));
    out.reasons.insert(out.reasons.end(), d.faults.begin(), d.faults.end());
    return out;
  }
  const std::size_t top = first[0];
  out.top = top;
  if (could_not_have_left_it(d, top)) out.reasons.push_back(surprised(d, top));

  if (leads) {
    const Probability& p = probabilities[top];
    if (const Side at = side(p.low, p.high, least_probability); at != Side::above)
      out.reasons.push_back(fmt::format("the probability of {} is {:.2f} [{:.2f}, {:.2f}]; a ranking needs {:.2f}{}",
                                        d.accounts[top], p.value, p.low, p.high, least_probability,
                                        at == Side::both ? ", and more trials would tell" : ""));
  }
  log_evidence[top] = -std::numeric_limits<double>::infinity();
  if (const auto rivals = greatest(log_evidence); !rivals.empty()) add_variations(d, top, rivals, out);
  add_classifier_check(d, top, out);
  out.reasons.insert(out.reasons.end(), d.faults.begin(), d.faults.end());
  if (out.reasons.empty()) out.ruling = Ruling::ranked;
  return out;
}

}  // namespace qantar::analysis
