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
      const auto all = static_cast<int>(sponsor_names().size());
      const int shift = 1 + static_cast<int>(draw.once().uniform(purpose::other_sponsor, g) * (all - 1));
      group.attributed_to = static_cast<Sponsor>((to_underlying(group.attributed_to) + shift) % all);
    }
    w.note(EventKind::group_attributed, {}, {}, w.actor(g), to_underlying(group.attributed_to), {group.event});
  }
}

}  // namespace qantar::agents
