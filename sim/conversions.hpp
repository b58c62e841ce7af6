// Conversions that lose nothing, by name.
#pragma once
#include <concepts>
#include <type_traits>

namespace qantar::sim {

/// A count as a real number; exact up to 2^53.
constexpr double real(std::integral auto count) { return static_cast<double>(count); }

/// The number of an enumerator, as in C++23.
template <class E>
requires std::is_enum_v<E>
constexpr auto to_underlying(E e) { return static_cast<std::underlying_type_t<E>>(e); }

}  // namespace qantar::sim
