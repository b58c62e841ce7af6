// Continuous ranked probability score of an ensemble, and two relatives for what a record can say. Lower is better.
//
//   CRPS(F, y) = integral of (F(z) - 1{y <= z})^2 dz = E|X - y| - 1/2 E|X - X'|      (Gneiting and Raftery 2007)
//
// The relatives pass members and observation through a chaining function v first, which weights the integral by v'
// (threshold-weighted CRPS; Gneiting and Ranjan 2011, Allen, Ginsbourger and Ziegel 2023). Proper for any v that is
// fixed before the observation is made.
#pragma once
#include <vector>

namespace qantar::analysis {

/// CRPS of the empirical distribution of the members, in the unit of the observation. NaN without members.
double crps(std::vector<double> members, double observed);

/// CRPS of the law that the members were drawn from, estimated without bias: the pairs i = j are left out of E|X - X'|
/// (Ferro 2014). May fall below zero by chance. A single member is scored as the certain forecast that it is.
double fair_crps(std::vector<double> members, double observed);

/// A time on [start, end], as a share of it: 0 at the start or before, 1 at the end, later or never (NaN).
double chained_time(double t, double start, double end);

/// Fair CRPS of a time after `chained_time`, that is, integrated over [start, end] only and divided by its length;
/// hours, NaN for "never". "Never" is mass beyond the horizon, so the score is proper although nothing is known of what
/// would have happened later. 0 for a certain hit, 1 for "never" against an observation at `start`. "Never" and "at the
/// very end" cannot be told apart: the score of a late observation says little.
double time_score(const std::vector<double>& times, double observed, double start, double end);

/// On which scale numbers are compared.
enum class Scale {
  magnitude,  ///< sign(x) log(1 + |x|): for counts and amounts; below 0 it mirrors what is above
  share       ///< plain: for numbers of the order of 1
};

/// A number on a scale. Increasing on the whole line, so no two numbers fall together.
double on_scale(double x, Scale scale);

/// The signed distance of a number from [low, high] on the scale (magnitudes: in decades), cut at -1 and 1: 0 inside,
/// and being a decade (or 1) away counts as much as being further away. An undefined number (NaN) counts as fully away,
/// below.
double chained_number(double x, double low, double high, Scale scale);

/// Fair CRPS of a number that is only known to lie in [low, high], after `chained_number`; in [0, 1] up to chance.
/// Proper for an interval fixed beforehand. Here the record chose the interval after the fact, so the score ranks
/// predictors by their mass outside of it but cannot reward precision inside.
double number_score(const std::vector<double>& numbers, double low, double high, Scale scale);

}  // namespace qantar::analysis
