// Draws::group for many counters side by side. Included once for each instruction set (hwy/foreach_target.h), hence no
// ordinary guard.
#if defined(QANTAR_SIM_PHILOX_VECTOR) == defined(HWY_TARGET_TOGGLE)
#ifdef QANTAR_SIM_PHILOX_VECTOR
#undef QANTAR_SIM_PHILOX_VECTOR
#else
#define QANTAR_SIM_PHILOX_VECTOR
#endif

#include <array>
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#if HWY_TARGET != HWY_SCALAR
HWY_BEFORE_NAMESPACE();
namespace qantar::sim::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// The words of Draws::group(mechanism, group, step, out) under this key, bit for bit.
HWY_INLINE void draw_group(const std::array<std::uint32_t, 2>& key, std::uint32_t mechanism, std::uint32_t group,
                           std::uint32_t step, std::uint32_t* HWY_RESTRICT out) {
  // A word of the counter in the lower half of each lane: the product of two lower halves is one instruction. What is
  // left in the upper halves is never looked at.
  const hn::CappedTag<std::uint64_t, 16> wide;
  const hn::Rebind<std::uint32_t, decltype(wide)> narrow;
  const hn::Repartition<std::uint32_t, decltype(wide)> halves;
  const auto times = [&](auto a, auto b) { return hn::MulEven(hn::BitCast(halves, a), hn::BitCast(halves, b)); };
  const auto first = hn::Set(wide, 0xd2511f53U), third = hn::Set(wide, 0xcd9e8d57U);
  const std::size_t lanes = hn::Lanes(wide);
  for (std::size_t block = 0; block < 16; block += lanes) {
    auto c0 = hn::Iota(wide, std::uint64_t{group} * 16 + block);
    auto c1 = hn::Set(wide, step), c2 = hn::Set(wide, mechanism), c3 = hn::Zero(wide);
    std::uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; ++round) {
      const auto p0 = times(c0, first), p1 = times(c2, third);
      c0 = hn::Xor(hn::Xor(hn::ShiftRight<32>(p1), c1), hn::Set(wide, k0));
      c1 = p1;
      c2 = hn::Xor(hn::Xor(hn::ShiftRight<32>(p0), c3), hn::Set(wide, k1));
      c3 = p0;
      k0 += 0x9e3779b9U;
      k1 += 0xbb67ae85U;
    }
    hn::StoreU(hn::TruncateTo(narrow, c0), narrow, out + block);
    hn::StoreU(hn::TruncateTo(narrow, c1), narrow, out + 16 + block);
    hn::StoreU(hn::TruncateTo(narrow, c2), narrow, out + 32 + block);
    hn::StoreU(hn::TruncateTo(narrow, c3), narrow, out + 48 + block);
  }
}

}  // namespace qantar::sim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
#endif
