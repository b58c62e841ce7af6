#include "sim/quick_normal.hpp"

#include <array>
#include <cmath>
#include <numbers>
#include <span>

#include "sim/numerics.hpp"

namespace qantar::sim {
namespace {

double ratio(double x, std::span<const double> above, std::span<const double> below) {  // highest power last
  double a = 0, b = 0;
  for (std::size_t i = above.size(); i-- > 0;) a = a * x + above[i];
  for (std::size_t i = below.size(); i-- > 0;) b = b * x + below[i];
  return a / b;
}

}  // namespace

double quick_normal_cdf(double x) {
  static constexpr std::array middle{3.20937758913846947e3, 3.77485237685302021e2, 1.13864154151050156e2,
                                     3.16112374387056560e0, 1.85777706184603153e-1};
  static constexpr std::array under_middle{2.84423683343917062e3, 1.28261652607737228e3, 2.44024637934444173e2,
                                           2.36012909523441209e1, 1.0};
  static constexpr std::array tail{1.23033935479799725e3, 2.05107837782607147e3,  1.71204761263407058e3,
                                   8.81952221241769090e2, 2.98635138197400131e2,  6.61191906371416295e1,
                                   8.88314979438837594e0, 5.64188496988670089e-1, 2.15311535474403846e-8};
  static constexpr std::array under_tail{1.23033935480374942e3, 3.43936767414372164e3, 4.36261909014324716e3,
                                         3.29079923573345963e3, 1.62138957456669019e3, 5.37181101862009858e2,
                                         1.17693950891312499e2, 1.57449261107098347e1, 1.0};
  static constexpr std::array far{6.58749161529837803e-4, 1.60837851487422766e-2, 1.25781726111229246e-1,
                                  3.60344899949804439e-1, 3.05326634961232344e-1, 1.63153871373020978e-2};
  static constexpr std::array under_far{2.33520497626869185e-3, 6.05183413124413191e-2, 5.27905102951428412e-1,
                                        1.87295284992346047e0,  2.56852019228982242e0,  1.0};
  const double t = std::fabs(x) * std::numbers::sqrt2 * 0.5, s = t * t;
  if (t <= 0.46875) return 0.5 + std::copysign(0.5 * t * ratio(s, middle, under_middle), x);
  double beyond = exp(-s);
  if (t <= 4.0)
    beyond *= ratio(t, tail, under_tail);
  else
    beyond *= (std::numbers::inv_sqrtpi - ratio(1.0 / s, far, under_far) / s) / t;
  return x < 0 ? 0.5 * beyond : 1.0 - 0.5 * beyond;
}

}  // namespace qantar::sim
