// How long reinforcements are under way.
#pragma once
#include <cmath>

namespace qantar::agents {

/// Kilometres between two points given in degrees, on a sphere of 6,371 km laid flat at their mean latitude. Within two
/// percent of the great circle up to 2,500 km at middle latitudes.
inline double distance_km(double latitude_a, double longitude_a, double latitude_b, double longitude_b) {
  constexpr double degree = 3.14159265358979323846 / 180.0;
  const double x = (latitude_a + latitude_b) / 2.0 * degree, x2 = x * x;
  // cos(x) for |x| <= pi/2, to 1e-10: from arithmetic alone, so that its bits are the same everywhere.
  double cosine = 1.0;
  for (int n = 14; n >= 2; n -= 2) cosine = 1.0 - x2 / (n * (n - 1.0)) * cosine;
  const double north = latitude_b - latitude_a, east = (longitude_b - longitude_a) * cosine;
  return 6371.0 * degree * std::sqrt(north * north + east * east);
}

/// Hours from an order to move until a unit stands ready elsewhere.
inline double travel_hours(double kilometres, double muster_hours, double km_per_hour) {
  return muster_hours + kilometres / km_per_hour;
}

}  // namespace qantar::agents
