#include "analysis/inference/claim_shares.hpp"

#include "analysis/inference/inclusion.hpp"
#include "analysis/inference/order_free.hpp"

namespace qantar::analysis {
namespace {

std::vector<char> answers(const Question& q, const Trials& trials) {
  std::vector<char> out;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const auto outcomes = trials.outcomes_of(i);
    out.push_back(!trials.failed[i] &&
                  q.holds(outcomes[q.column], q.compares_two() ? outcomes[q.then_column] : sim::never));
  }
  return out;
}

}  // namespace

std::vector<ClaimShare> claim_shares(std::span<const Claim> claims, std::span<const AccountTrials> accounts,
                                     std::span<const std::vector<double>> weights,
                                     std::span<const double> probability) {
  std::vector<ClaimShare> out;
  for (const auto& claim : claims) {
    std::vector<double> values, lows, highs;
    auto& shares = out.emplace_back().by_account;
    for (std::size_t k = 0; k < accounts.size(); ++k) {
      const auto& share = shares.emplace_back(inclusion_probability(answers(claim, accounts[k].evidence), weights[k]));
      values.push_back(probability[k] * share.value);
      lows.push_back(probability[k] * share.low);
      highs.push_back(probability[k] * share.high);
    }
    out.back().averaged = {order_free_sum(values), order_free_sum(lows), order_free_sum(highs)};
  }
  return out;
}

}  // namespace qantar::analysis
