#include "sim/draws.hpp"

#include <stdexcept>

#include "sim/generator_check.hpp"

namespace qantar::sim {

std::uint32_t Draws::poisson(double mean, std::uint32_t mechanism, std::uint32_t agent, std::uint32_t step,
                             std::uint32_t slot) const {
  constexpr double piece = 16.0;
  std::uint32_t total = 0;
  // Pieces are numbered above the slots, so that they never meet another draw of the same agent.
  for (std::uint32_t part = 0; mean > 0; ++part, mean -= piece) {
    const double m = mean < piece ? mean : piece;
    const double u = uniform(mechanism, agent, step, slot + 256 * part);
    double term = exp(-m), sum = term;
    std::uint32_t k = 0;
    while (u > sum && k < 200) {
      ++k;
      term *= m / k;
      sum += term;
    }
    total += k;
  }
  return total;
}

const char* check_generator() {
  constexpr std::uint32_t ones = 0xffffffffU;
  const bool good =
      philox({0, 0, 0, 0}, 0, 0) == Block{0x6627e8d5U, 0xe169c58dU, 0xbc57ac4cU, 0x9b00dbd8U} &&
      philox({ones, ones, ones, ones}, ones, ones) == Block{0x408f276dU, 0x41c83b0eU, 0xa20bc7c6U, 0x6d5451fdU} &&
      philox({0x243f6a88U, 0x85a308d3U, 0x13198a2eU, 0x03707344U}, 0xa4093822U, 0x299f31d0U) ==
          Block{0xd16cfe09U, 0x94fdccebU, 0x5001e420U, 0x24126ea1U};
  if (!good)
    throw std::runtime_error(
        "the random number generator does not reproduce its published test vectors: this build cannot be trusted. "
        "Rebuild with another compiler or without extra optimisation flags");
  return "philox4x32-10: 3 published known-answer vectors reproduced";
}

}  // namespace qantar::sim
