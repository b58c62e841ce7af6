#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "agents/screening.cpp"
#include "agents/screening.hpp"

#include <algorithm>

#include <hwy/foreach_target.h>  // compiles this file once for each instruction set
#include <hwy/highway.h>

#include "agents/ids.hpp"
#include "agents/random_draws.hpp"
#include "sim/philox_vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace qantar::agents::HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR

Movers may_move(const Screen& screen, const StepDraws& draw, std::uint32_t group, const Status* status,
                std::uint32_t* words) {
  return may_move_one_by_one(screen, draw, group, status, words);
}

#else

namespace hn = hwy::HWY_NAMESPACE;

Movers may_move(const Screen& screen, const StepDraws& draw, std::uint32_t group, const Status* HWY_RESTRICT status,
                std::uint32_t* HWY_RESTRICT words) {
  const hn::CappedTag<std::uint32_t, circle_size> d;
  const hn::Rebind<std::uint8_t, decltype(d)> bytes;
  const hn::CappedTag<std::uint8_t, circle_size> circle;
  const auto* states = reinterpret_cast<const std::uint8_t*>(status);
  const std::size_t lanes = hn::Lanes(d);

  alignas(64) std::uint32_t limits[group_size];
  auto any = hn::Zero(d);
  Movers movers;
  for (std::size_t begin = 0; begin < group_size; begin += circle_size) {
    std::size_t out = 0;
    for (std::size_t i = 0; i < circle_size; i += hn::Lanes(circle)) {
      const auto s = hn::LoadU(circle, states + begin + i);
      out += hn::CountTrue(circle, hn::Or(hn::Eq(s, hn::Set(circle, to_underlying(Status::peaceful))),
                                          hn::Eq(s, hn::Set(circle, to_underlying(Status::violent)))));
    }
    movers.out[begin / circle_size] = static_cast<std::uint32_t>(out);
    const auto unaware = hn::Set(d, screen.unaware[out]);
    for (std::size_t i = begin; i < begin + circle_size; i += lanes) {
      const auto s = hn::PromoteTo(d, hn::LoadU(bytes, states + i));
      const auto where = [&](Status which, auto yes, auto no) {
        return hn::IfThenElse(hn::Eq(s, hn::Set(d, to_underlying(which))), yes, no);
      };
      const auto limit = where(Status::unaware, unaware,
                               where(Status::ready, hn::Set(d, screen.ready),
                                     where(Status::peaceful, hn::Set(d, screen.peaceful),
                                           where(Status::violent, hn::Set(d, screen.violent), hn::Zero(d)))));
      hn::Store(limit, d, limits + i);
      any = hn::Or(any, limit);
    }
  }
  if (hn::AllTrue(d, hn::Eq(any, hn::Zero(d)))) return {};

  sim::HWY_NAMESPACE::draw_group(draw.all().key(), address(Mechanism::citizens), group, draw.step(), words);
  const auto bits_of = [&](auto mask) {
    std::uint8_t bits[8] = {};
    hn::StoreMaskBits(d, mask, bits);
    return std::uint64_t{bits[0]} | std::uint64_t{bits[1]} << 8;
  };
  for (std::size_t begin = 0; begin < group_size; begin += circle_size) {
    std::size_t joining = 0;
    std::uint64_t unaware = 0;
    for (std::size_t i = begin; i < begin + circle_size; i += lanes) {
      const auto s = hn::PromoteTo(d, hn::LoadU(bytes, states + i));
      const auto below = hn::Lt(hn::ShiftRight<8>(hn::LoadU(d, words + i)), hn::Load(d, limits + i));
      joining += hn::CountTrue(d, hn::And(below, hn::Eq(s, hn::Set(d, to_underlying(Status::ready)))));
      unaware |= bits_of(hn::Eq(s, hn::Set(d, to_underlying(Status::unaware)))) << i;
      movers.bits |= bits_of(below) << i;
    }
    if (joining == 0 || unaware == 0) continue;
    const auto limit =
        hn::Set(d, screen.unaware[std::min<std::size_t>(movers.out[begin / circle_size] + joining, circle_size)]);
    for (std::size_t i = begin; i < begin + circle_size; i += lanes)
      movers.bits |= bits_of(hn::Lt(hn::ShiftRight<8>(hn::LoadU(d, words + i)), limit)) << i & unaware;
  }
  return movers;
}

#endif

const char* vector_instructions() { return hwy::TargetName(HWY_TARGET); }

}  // namespace qantar::agents::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <cmath>

namespace qantar::agents {

HWY_EXPORT(may_move);
HWY_EXPORT(vector_instructions);

const char* vector_instructions() { return HWY_DYNAMIC_DISPATCH(vector_instructions)(); }

std::uint32_t bound(float rates) {
  return rates >= 1.0f ? 1U << 24 : static_cast<std::uint32_t>(std::ceil(std::max(rates, 0.0f) * 0x1p24f));
}

Movers may_move(const Screen& screen, const StepDraws& draw, std::uint32_t group, const Status* status,
                std::uint32_t* words) {
#ifdef QANTAR_RECORD_DRAWS
  return may_move_one_by_one(screen, draw, group, status, words);
#else
  return HWY_DYNAMIC_DISPATCH(may_move)(screen, draw, group, status, words);
#endif
}

Movers may_move_one_by_one(const Screen& screen, const StepDraws& draw, std::uint32_t group, const Status* status,
                           std::uint32_t* words) {
  std::array<std::uint32_t, group_size> limits{};
  std::uint32_t any = 0;
  Movers movers;
  for (std::uint32_t begin = 0; begin < group_size; begin += circle_size) {
    std::uint32_t& out = movers.out[begin / circle_size];
    for (std::uint32_t i = begin; i < begin + circle_size; ++i)
      out += status[i] == Status::peaceful || status[i] == Status::violent;
    for (std::uint32_t i = begin; i < begin + circle_size; ++i) {
      limits[i] = status[i] == Status::unaware    ? screen.unaware[out]
                  : status[i] == Status::ready    ? screen.ready
                  : status[i] == Status::peaceful ? screen.peaceful
                  : status[i] == Status::violent  ? screen.violent
                                                  : 0;
      any |= limits[i];
    }
  }
  if (any == 0) return {};
  draw.all().group(address(Mechanism::citizens), group, draw.step(), words);
  for (std::uint32_t begin = 0; begin < group_size; begin += circle_size) {
    std::uint32_t most = movers.out[begin / circle_size];
    for (std::uint32_t i = begin; i < begin + circle_size; ++i)
      most += status[i] == Status::ready && words[i] >> 8 < screen.ready;
    for (std::uint32_t i = begin; i < begin + circle_size; ++i) {
      const auto limit = status[i] == Status::unaware ? screen.unaware[std::min(most, circle_size)] : limits[i];
      if (words[i] >> 8 < limit) movers.bits |= std::uint64_t{1} << i;
    }
  }
  return movers;
}

}  // namespace qantar::agents
#endif
