#include "agents/classic/thresholds.hpp"

#include <cmath>
#include <limits>
#include <utility>

#include "sim/conversions.hpp"
#include "sim/draws.hpp"
#include "sim/numerics.hpp"

namespace qantar::agents::classic {
namespace {

using World = ThresholdsWorld;
using Parameters = ThresholdsParameters;

/// What a draw is for.
enum Luck : std::uint32_t { citizen_threshold = 2 };

double share_acting(const World& w) { return sim::real(w.acting) / sim::real(w.acts.size()); }

const std::vector<Reported<World>>& outcomes() {
  using K = sim::ValueKind;
  static const std::vector<Reported<World>> rows{
      reported<World>("acting", "citizen", K::count, "citizens who act in the end",
                      [](const World& w) { return sim::real(w.acting); }),
      reported<World>("acting_share", "1", K::real, "share of the crowd that acts in the end", share_acting),
      reported<World>("rounds", "tick", K::count, "rounds in which somebody joined",
                      [](const World& w) -> double { return w.rounds; }),
      reported<World>("settled", "1", K::flag, "whether the crowd came to rest within the clock",
                      [](const World& w) -> double { return w.settled; })};
  return rows;
}

const std::vector<Reported<World>>& series() {
  static const std::vector<Reported<World>> rows{
      reported<World>("acting_share_now", "1", sim::ValueKind::real, "share of the crowd that acts", share_acting)};
  return rows;
}

}  // namespace

const sim::Fields<Parameters>& Thresholds::fields() {
  using P = Parameters;
  const double inf = std::numeric_limits<double>::infinity();
  static const auto all =
      sim::Fields<P>{}
          .fixed("citizens", &P::citizens, {1, 1e7, "citizen"}, "size of the crowd; a list brings its own")
          .choice("distribution", &P::distribution, {"uniform", "normal", "listed"},
                  "of thresholds, in citizens who act already: 0, 1, 2, ... up to the size of the crowd; normal; or as "
                  "listed",
                  true)
          .number("mean", &P::mean, {-1000, 1000, "%"}, "of normal thresholds, in percent of the crowd")
          .number("deviation", &P::deviation, {0, 1000, "%"},
                  "standard deviation of normal thresholds, in percent of the crowd")
          .numbers("listed", &P::listed, {0, inf, "citizen"}, "every citizen's threshold")
          .flag("sampled", &P::sampled,
                "whether the crowd is drawn citizen by citizen from a larger city with this distribution; otherwise it "
                "has the distribution exactly, one citizen for each equal share of it");
  return all;
}

void Thresholds::check(const Parameters& p, const toml::table& keys, sim::Diagnostics& diagnostics) {
  const auto need = [&](bool good, const std::string& key, const std::string& message) {
    if (good) return;
    const toml::node* node = keys.get(key);
    diagnostics.add(sim::place_of(node ? *node : keys), "parameters." + key, message);
  };
  const bool list = p.distribution == ThresholdSource::listed;
  need(p.citizens == std::floor(p.citizens), "citizens", "expected a whole number");
  need(!list || !p.listed.empty(), "listed",
       "is missing or empty; expected thresholds such as [0, 2, 2, 3], because distribution = \"listed\"");
  need(list || p.listed.empty(), "listed", "is not used; set distribution = \"listed\" or leave the list out");
  need(!list || !p.sampled, "sampled", "a listed crowd is not drawn; leave it out or choose another distribution");
}

Thresholds::Thresholds(Case<Parameters> c) : ClassicModel(std::move(c), outcomes(), series()) {}

ThresholdsWorld Thresholds::make_world(const sim::Draws& draws) const {
  World w;
  w.p = drawn_parameters(case_, fields(), draws);
  if (w.p.distribution == ThresholdSource::listed) {
    w.threshold = w.p.listed;
  } else {
    const auto n = static_cast<std::uint32_t>(w.p.citizens);
    w.threshold.reserve(n);
    for (std::uint32_t i = 0; i < n; ++i) {
      const double u = w.p.sampled ? draws.uniform(citizen_threshold, i, 0) : (i + 0.5) / n;
      w.threshold.push_back(w.p.distribution == ThresholdSource::uniform
                                ? std::floor(n * u)
                                : n * (w.p.mean.value + w.p.deviation.value * sim::normal_quantile(u)) / 100.0);
    }
  }
  w.acts.assign(w.threshold.size(), 0);
  return w;
}

void Thresholds::step(World& w, const sim::Draws&, int) const {
  if (w.settled) return;
  const auto seen = sim::real(w.acting);
  std::int64_t joined = 0;
  for (std::size_t i = 0; i < w.acts.size(); ++i)
    if (!w.acts[i] && seen >= w.threshold[i]) {
      w.acts[i] = 1;
      ++joined;
    }
  w.acting += joined;
  w.rounds += joined > 0;
  w.settled = joined == 0;
}

void Thresholds::record_series(const World& w, std::span<float> row) const {
  report(w, series(), layout_.series, layout_, row);
}
void Thresholds::record_outcomes(const World& w, std::span<double> out) const {
  report(w, outcomes(), layout_.outcomes, layout_, out);
}

static_assert(sim::Model<Thresholds>);

}  // namespace qantar::agents::classic
