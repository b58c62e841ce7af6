// The rule of the citizens as one would write it down: everybody is asked, one after the other. The shipped code, which
// passes over those who cannot move, many at a time, must do the same to the bit, and is compared with it in speed.
#pragma once
#include <array>

#include "agents/citizens.hpp"
#include "agents/random_draws.hpp"

namespace qantar::test {

inline void plain_citizens_choose(agents::Citizens& all, agents::PlaceState& place, const agents::CrowdTerms& terms,
                                  agents::Activation activation, const agents::StepDraws& draw) {
  using namespace agents;
  const auto is_out = [](Status s) { return s == Status::peaceful || s == Status::violent; };
  std::array<std::uint32_t, group_size> words;
  std::int64_t joined = 0, turned = 0;
  for (std::uint32_t group = place.first; group < place.last; group += group_size) {
    draw.all().group(address(Mechanism::citizens), group / group_size, draw.step(), words.data());
    for (std::uint32_t begin = group; begin < group + group_size; begin += circle_size) {
      std::array<Status, circle_size> before;
      for (std::uint32_t i = 0; i < circle_size; ++i) before[i] = all.status[begin + i];
      for (std::uint32_t i = 0; i < circle_size; ++i) {
        std::uint32_t out = 0;
        for (std::uint32_t k = 0; k < circle_size; ++k)
          out += is_out(activation == Activation::sequential ? all.status[begin + k] : before[k]);
        const std::uint32_t agent = begin + i;
        const Status after = next_status(before[i], static_cast<float>(words[agent - group] >> 8) * 0x1p-24f,
                                         all.hardship[agent], all.risk_aversion[agent], all.threshold[agent],
                                         static_cast<float>(out) * (1.0f / circle_size), terms);
        all.status[agent] = after;
        --place.count[static_cast<std::size_t>(before[i])];
        ++place.count[static_cast<std::size_t>(after)];
        joined += before[i] == Status::ready && after == Status::peaceful;
        turned += before[i] == Status::peaceful && after == Status::violent;
      }
    }
  }
  place.newly_out = static_cast<double>(joined);
  place.newly_violent = static_cast<double>(turned);
}

}  // namespace qantar::test
