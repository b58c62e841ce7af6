#include "agents/inquiry.hpp"

#include <algorithm>

#include "agents/random_draws.hpp"
#include "sim/conversions.hpp"

namespace qantar::agents {

void inquire(World& w, const StepDraws& draw) {
  if (!happened(w.restored)) return;
  for (const GroupId g : w.groups.ids()) {
    GroupState& group = w.groups[g];
    if (!happened(group.mobilised) || happened(group.attributed)) continue;
    if (!draw.happens(sim::hazard(w.p.inquiry_rate, w.dt), purpose::attributed, g)) continue;
    group.attributed = w.now;
    group.attributed_to = w.about(g).sponsor;
    if (draw.once().happens(w.p.misattribution, purpose::misattributed, g)) {
      // Another one, each with the same chance.
      std::vector<FactionId> others;
      for (const Group& other : w.scenario->groups)
        if (other.sponsor != group.attributed_to) others.push_back(other.sponsor);
      std::ranges::sort(others);
      others.erase(std::unique(others.begin(), others.end()), others.end());
      if (!others.empty())
        group.attributed_to =
            others[static_cast<std::size_t>(draw.once().uniform(purpose::other_sponsor, g) * sim::real(others.size()))];
    }
    w.note(EventKind::group_attributed, {}, {}, w.actor(g), group.attributed_to.number() + 1, {group.event});
  }
}

}  // namespace qantar::agents
