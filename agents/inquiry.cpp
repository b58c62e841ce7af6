// Part 7, continued: what an inquiry finds once order is back. It is made by those who won, and it errs: who stood
// behind a group is told wrongly at a declared rate, so that a finding is never the truth of a trial.
#include <algorithm>

#include "agents/step.hpp"

namespace qantar::agents {

void inquire(World& w, const Draws& draw) {
  if (!happened(w.restored)) return;
  const auto step = static_cast<std::uint32_t>(w.step);
  for (std::size_t g = 0; g < w.groups.size(); ++g) {
    GroupState& group = w.groups[g];
    const auto n = static_cast<std::uint32_t>(g);
    if (!happened(group.mobilised) || happened(group.attributed)) continue;
    if (!draw.happens(sim::hazard(w.p.inquiry_rate, w.dt), address(Mechanism::inquiry), n, step, 0)) continue;
    group.attributed = w.now;
    group.attributed_to = w.scenario->groups[g].sponsor;
    if (draw.happens(w.p.misattribution, address(Mechanism::inquiry), n, 0, 1)) {
      // Another one, each with the same chance.
      const auto all = static_cast<int>(sponsor_names().size());
      const int shift = 1 + static_cast<int>(draw.uniform(address(Mechanism::inquiry), n, 0, 2) * (all - 1));
      group.attributed_to = static_cast<Sponsor>((static_cast<int>(group.attributed_to) + shift) % all);
    }
    w.note(EventKind::group_attributed, -1, -1, w.actor_group(g), static_cast<double>(group.attributed_to),
           {group.event});
  }
}

}  // namespace qantar::agents
