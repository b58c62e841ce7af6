#include "agents/legitimacy.hpp"

#include <algorithm>

namespace qantar::agents {

void move_legitimacy(PlaceState& place, double change) {
  place.legitimacy = std::clamp(place.legitimacy + change, 0.0, 1.0);
}

void update_legitimacy(World& w) {
  const auto& p = w.p;
  for (const PlaceId c : w.places.ids()) {
    PlaceState& place = w.places[c];
    const double crowd = w.crowd(c);
    const double peaceful_share = crowd > 0 ? place.persons_peaceful / crowd : 0.0;
    double change = p.legitimacy_return * w.dt * (p.legitimacy - place.legitimacy);
    if (place.in_protest) change -= p.force_backlash * w.dt * place.force * peaceful_share;
    change -= p.death_backlash * place.street_deaths_now / place.pool;
    // Concessions count less where they come after the protest has turned political (a crowd beyond a mass protest).
    const double weight = place.peak > w.scenario->head.mass_size ? p.late_concession : 1.0;
    change += p.concession_effect * w.dt * (place.shock_relief + w.decided.appeasement) * weight;
    change += p.looting_aversion * place.looted_now;
    move_legitimacy(place, change);
    place.street_deaths_now = place.looted_now = 0;
  }
}

}  // namespace qantar::agents
