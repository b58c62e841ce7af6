// Positions with a type, and what is looked up by them: a place cannot be taken for a site, and no index needs a cast.
#pragma once
#include <array>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/conversions.hpp"

namespace qantar::agents {

using sim::to_underlying;

/// Position in a table of the case, or none.
template <class Tag>
class Id {
 public:
  constexpr Id() = default;  ///< none
  template <std::integral I>
  explicit constexpr Id(I position) : position_(static_cast<std::int32_t>(position)) {}

  constexpr bool exists() const { return position_ >= 0; }
  /// Only of one that exists.
  constexpr std::size_t index() const { return position_; }
  /// As records write it: -1 for none.
  constexpr std::int32_t number() const { return position_; }
  // The check sees a 0 in the standard library.
  friend constexpr auto operator<=>(Id, Id) = default;  // NOLINT(modernize-use-nullptr)

 private:
  std::int32_t position_ = -1;
};

using PlaceId = Id<struct PlaceTag>;
using SiteId = Id<struct SiteTag>;
using OrganisationId = Id<struct OrganisationTag>;
using FactionId = Id<struct FactionTag>;
using OfficeId = Id<struct OfficeTag>;
using UnitId = Id<struct UnitTag>;
using GroupId = Id<struct GroupTag>;
using ActionId = Id<struct ActionTag>;
using MotiveId = Id<struct MotiveTag>;
using SwitchId = Id<struct SwitchTag>;
using EndingId = Id<struct EndingTag>;
using BargainId = Id<struct BargainTag>;
/// On the axis `actor` of a result: factions, organisations, offices, units and groups, one after the other.
using ActorId = Id<struct ActorTag>;

/// The ids from 0 to below a size, for range-based loops.
template <class I>
class IdRange {
 public:
  class Iterator {
   public:
    explicit constexpr Iterator(std::size_t at) : at_(at) {}
    constexpr I operator*() const { return I(at_); }
    constexpr Iterator& operator++() {
      ++at_;
      return *this;
    }
    friend constexpr bool operator==(Iterator, Iterator) = default;

   private:
    std::size_t at_;
  };
  explicit constexpr IdRange(std::size_t size) : size_(size) {}
  constexpr Iterator begin() const { return Iterator(0); }
  constexpr Iterator end() const { return Iterator(size_); }

 private:
  std::size_t size_;
};

/// A vector that its ids index.
template <class I, class T>
class Table : public std::vector<T> {
 public:
  using Row = typename std::vector<T>::reference;
  using ConstRow = typename std::vector<T>::const_reference;
  using std::vector<T>::vector;
  using std::vector<T>::operator[];
  Row operator[](I id) { return (*this)[id.index()]; }
  ConstRow operator[](I id) const { return (*this)[id.index()]; }
  IdRange<I> ids() const { return IdRange<I>(this->size()); }
};

/// An array that the values of an enum index.
template <class E, class T, std::size_t N>
struct EnumArray : std::array<T, N> {
  using std::array<T, N>::operator[];
  constexpr T& operator[](E e) { return (*this)[to_underlying(e)]; }
  constexpr const T& operator[](E e) const { return (*this)[to_underlying(e)]; }
};

}  // namespace qantar::agents
