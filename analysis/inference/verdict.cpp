#include "analysis/inference/verdict.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

namespace qantar::analysis {
namespace {

constexpr double least_mid_p = 0.01, greatest_mid_p = 0.99;
constexpr double least_confusion = 0.7, fewest_records = 20;
constexpr double out_by_evidence = 0.01, out_by_second_opinion = 0.05;

void check(const Findings& d) {
  const std::size_t n = d.accounts.size();
  const auto fits = [&](std::size_t size, const std::string& what) {
    if (size != n) throw std::invalid_argument(fmt::format("{} of {} accounts where there are {}", what, size, n));
  };
  if (n < 2) throw std::invalid_argument("a verdict needs at least 2 accounts");
  fits(d.evidence.size(), "evidence");
  fits(d.second_opinion.size(), "a second opinion");
  fits(d.local.accounts, "a local confusion matrix");
  fits(d.overall.accounts, "a confusion matrix");
  for (const auto& row : d.key_rows) fits(row.mid_p.size(), "mid-p of " + row.name);
  for (const auto& v : d.variations) fits(v.log_evidence.size(), "evidence " + v.name);
}

bool missed(double mid_p) { return !(mid_p >= least_mid_p && mid_p <= greatest_mid_p); }

/// The key row that an account misses furthest; null when it misses none.
const KeyRow* worst_row(const Findings& d, std::size_t account) {
  const auto tail = [&](const KeyRow& row) {
    const double p = row.mid_p[account];
    return p == p ? std::min(p, 1.0 - p) : -1.0;
  };
  const KeyRow* worst = nullptr;
  for (const KeyRow& row : d.key_rows)
    if (missed(row.mid_p[account]) && (!worst || tail(row) < tail(*worst))) worst = &row;
  return worst;
}

bool told_apart(const Findings& d, std::size_t a, std::size_t b) {
  const Confusion& c = d.local.pair_records(a, b) >= fewest_records ? d.local : d.overall;
  return c.pair_accuracy(a, b) >= least_confusion;
}

std::vector<std::vector<std::size_t>> lumps_of(const Findings& d) {
  const std::size_t n = d.accounts.size();
  std::vector<std::vector<std::size_t>> out;
  std::vector<char> taken(n, 0);
  for (std::size_t first = 0; first < n; ++first) {
    if (taken[first]) continue;
    std::vector<std::size_t> lump{first};
    taken[first] = 1;
    for (std::size_t i = 0; i < lump.size(); ++i)
      for (std::size_t k = 0; k < n; ++k)
        if (!taken[k] && !told_apart(d, lump[i], k)) {
          taken[k] = 1;
          lump.push_back(k);
        }
    std::ranges::sort(lump);
    out.push_back(std::move(lump));
  }
  return out;
}

std::string names(const std::vector<std::string>& all) {
  std::string text;
  for (std::size_t i = 0; i < all.size() && i < 3; ++i) text += (i > 0 ? ", " : "") + all[i];
  return all.size() > 3 ? fmt::format("{} and {} more", text, all.size() - 3) : text;
}

/// Share of evidence, log evidence being relative to the greatest; 1 where that is not known, so that nobody is out.
double probability(const std::vector<double>& log_evidence, std::size_t account) {
  if (std::ranges::any_of(log_evidence, [](double x) { return std::isnan(x); })) return 1.0;
  return normalised(log_evidence)[account];
}

}  // namespace

Verdict verdict(const Findings& d) {
  check(d);
  const std::size_t n = d.accounts.size();
  Verdict out;
  out.lumps = lumps_of(d);
  bool stands = true;
  for (std::size_t k = 0; k < n; ++k)
    if (const auto& refusals = d.evidence[k].refusals; !refusals.empty()) {
      stands = false;
      out.reasons.push_back(
          fmt::format("the evidence of {} cannot be relied on: {}", d.accounts[k], fmt::join(refusals, "; ")));
    }

  std::vector<std::size_t> order;
  for (std::size_t k = 0; k < n; ++k)
    if (d.evidence[k].log_evidence > -std::numeric_limits<double>::infinity()) order.push_back(k);
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t k) { return d.evidence[k].log_evidence; });
  if (order.empty()) {
    out.reasons.push_back("no trial of any account could have left the record");
    return out;
  }
  const std::size_t top = order[0];
  out.top = top;

  const auto probabilities = posterior_probabilities(d.evidence);
  for (std::size_t k = 0; k < n && stands; ++k)
    if (probabilities[k].high < out_by_evidence && d.second_opinion[k] < out_by_second_opinion &&
        std::ranges::all_of(d.variations,
                            [&](const Variation& v) { return probability(v.log_evidence, k) < out_by_evidence; }))
      out.ruled_out.push_back(k);

  std::vector<std::string> misses;
  for (std::size_t k = 0; k < n; ++k)
    if (const KeyRow* row = worst_row(d, k))
      misses.push_back(fmt::format("{} does not reproduce {}: predictive mid-p {:.4f}, outside {} to {}", d.accounts[k],
                                   row->name, row->mid_p[k], least_mid_p, greatest_mid_p));
  if (stands && misses.size() == n) {
    out.ruling = Ruling::none_of_the_accounts;
    out.reasons = misses;
    return out;
  }
  if (const KeyRow* row = worst_row(d, top))
    out.reasons.push_back(
        fmt::format("{}, which has most evidence, does not reproduce {}: predictive mid-p {:.4f}, "
                    "outside {} to {}",
                    d.accounts[top], row->name, row->mid_p[top], least_mid_p, greatest_mid_p));

  if (order.size() > 1) {
    const std::size_t second = order[1];
    const auto &a = d.evidence[top], &b = d.evidence[second];
    const double lead = a.log_evidence - b.log_evidence;
    const double error = std::hypot(a.standard_error, b.standard_error);
    if (!(lead > normal_975 * error))
      out.reasons.push_back(
          fmt::format("{} and {} are tied within the error of simulation: log Bayes factor {:.2f}, "
                      "standard error {:.2f}",
                      d.accounts[top], d.accounts[second], lead, error));
    std::vector<std::string> unknown, reversed;
    for (const auto& v : d.variations)
      if (const double left = v.log_evidence[top] - v.log_evidence[second]; std::isnan(left))
        unknown.push_back(v.name);
      else if (!(left > 0))
        reversed.push_back(fmt::format("{} (log Bayes factor {:.2f})", v.name, left));
    if (!unknown.empty())
      out.reasons.push_back(fmt::format("whether {} stays ahead of {} cannot be judged {}: too few trials count then",
                                        d.accounts[top], d.accounts[second], fmt::join(unknown, ", ")));
    if (!reversed.empty())
      out.reasons.push_back(fmt::format("{} does not stay ahead of {} {}", d.accounts[top], d.accounts[second],
                                        fmt::join(reversed, ", ")));
  }

  const auto other = static_cast<std::size_t>(std::ranges::max_element(d.second_opinion) - d.second_opinion.begin());
  if (other != top)
    out.reasons.push_back(fmt::format("the methods disagree: evidence favours {}, the second opinion {}",
                                      d.accounts[top], d.accounts[other]));
  else if (std::ranges::count(d.second_opinion, d.second_opinion[other]) > 1)
    out.reasons.push_back("the second opinion is tied");

  const double found = d.local.share(top, top), right = d.local.precision(top);
  if (!(found >= least_confusion))
    out.reasons.push_back(
        fmt::format("of records near this one that were simulated under {}, the method finds {:.0f} "
                    "%; {:.0f} % are needed",
                    d.accounts[top], found == found ? 100 * found : 0.0, 100 * least_confusion));
  if (!(right >= least_confusion))
    out.reasons.push_back(
        fmt::format("of records near this one that are judged to be of {}, {:.0f} % are; {:.0f} % "
                    "are needed",
                    d.accounts[top], right == right ? 100 * right : 0.0, 100 * least_confusion));
  for (const auto& lump : out.lumps)
    if (lump.size() > 1 && std::ranges::find(lump, top) != lump.end()) {
      std::vector<std::string> members;
      for (const std::size_t k : lump) members.push_back(d.accounts[k]);
      out.reasons.push_back(fmt::format("what is compared ({}) does not tell these accounts apart near the record: {}",
                                        names(d.observables), fmt::join(members, ", ")));
    }
  out.reasons.insert(out.reasons.end(), d.faults.begin(), d.faults.end());
  if (out.reasons.empty()) out.ruling = Ruling::ranked;
  return out;
}

}  // namespace qantar::analysis
