#include "agents/legitimacy.hpp"

#include <algorithm>

namespace qantar::agents {

void update_legitimacy(World& w) {
  const auto& p = w.p;
  double street_deaths = 0;
  for (const auto& place : w.places) street_deaths += place.street_deaths_now;
  for (const PlaceId c : w.places.ids()) {
    PlaceState& place = w.places[c];
    const double level = sim::logistic(place.legitimacy);
    // A change of L by x is a change of its log-odds by x / (L (1 - L)); the floor keeps the ends from being sticky.
    const double per_unit = 1.0 / std::max(0.05, level * (1.0 - level));
    const double crowd = w.crowd(c);
    const double peaceful_share = crowd > 0 ? place.persons_peaceful / crowd : 0.0;
    double change = p.legitimacy_return * w.dt * (sim::logistic(place.legitimacy_base) - level);
    if (crowd > 2.0 * w.scenario->head.protest_size) change -= p.force_backlash * w.dt * place.force * peaceful_share;
    change -= p.death_backlash * place.street_deaths_now / (10.0 + place.pool / 100.0);
    change -= 0.05 * p.death_backlash * w.network * place.network * std::min(w.dt, street_deaths / 20.0);
    // Concessions count less where they come after the protest has turned political (a crowd beyond a mass protest).
    const double late = place.peak > w.scenario->head.mass_size ? 0.3 : 1.0;
    change += p.concession_effect * w.dt * place.shock_relief * late;
    change += w.decided.appeasement * p.concession_effect * w.dt * late;
    change += p.looting_aversion * place.looted_now / 10.0;
    place.legitimacy = std::clamp(place.legitimacy + change * per_unit, -6.0, 6.0);
    place.street_deaths_now = place.looted_now = 0;
  }
}

}  // namespace qantar::agents
