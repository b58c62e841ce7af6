// What the record of every shipped case must have.
#pragma once
#include <algorithm>

#include <gtest/gtest.h>

#include "analysis/evidence.hpp"
#include "tests/support/crisis_case.hpp"

namespace qantar::test {

/// Every account says who holds it, every row meets an outcome, and there are so many scored rows and claims.
inline void expect_whole(const agents::Case& shipped, const sim::ResultLayout& layout, std::ptrdiff_t scored,
                         std::size_t claimed) {
  for (const auto& h : shipped.scenarios()) EXPECT_FALSE(h->held_by.empty()) << h->hypothesis;
  sim::Diagnostics diagnostics;
  const auto& clock = shipped.scenarios()[0]->clock;
  const auto evidence =
      analysis::read_evidence(*shipped.file("evidence.toml"), "evidence.toml", layout, clock, diagnostics);
  const auto claims = analysis::read_claims(*shipped.file("claims.toml"), "claims.toml", layout, clock, diagnostics);
  EXPECT_EQ(diagnostics.text(), "");
  EXPECT_EQ(std::ranges::count(evidence.events, analysis::Use::scored, &analysis::Event::use), scored);
  EXPECT_EQ(claims.size(), claimed);
}

}  // namespace qantar::test
