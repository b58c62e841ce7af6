#include "agents/bargains.hpp"

#include <algorithm>

#include "agents/classic/condorcet.hpp"
#include "agents/decisions.hpp"
#include "agents/random_draws.hpp"
#include "agents/rules/choice.hpp"
#include "agents/signals.hpp"

namespace qantar::agents {
namespace {

// The first of those who can take an action now.
FactionId taker(const World& w, ActionId action) {
  const auto& by = w.about(action).by;
  const auto able = std::ranges::find_if(by, [&](FactionId f) { return can_take(w, f, action); });
  return able == by.end() ? FactionId() : *able;
}

double voice_of(const World& w, FactionId party) {
  double power = 0;
  for (const OfficeId i : w.offices.ids())
    if (w.about(i).tie == party && !w.dismissed(i) && !w.offices[i].captured) power += w.about(i).power;
  return power;
}

}  // namespace

Election elect(const World& w, BargainId id) {
  const Bargain& bargain = w.about(id);
  std::vector<const Offer*> open;
  for (const Offer& offer : bargain.offers)
    if (taker(w, offer.action).exists()) open.push_back(&offer);
  const auto parties = static_cast<Eigen::Index>(bargain.parties.size());
  const auto options = static_cast<Eigen::Index>(open.size()) + 1;
  Election out;
  for (const Offer* offer : open) out.offers.push_back(offer->action);
  out.worth = Eigen::MatrixXd::Zero(parties, options);
  out.voice = Eigen::VectorXd(parties);
  for (Eigen::Index p = 0; p < parties; ++p) {
    const FactionId party = bargain.parties[p];
    out.voice(p) = voice_of(w, party);
    const double stake = w.value_or_0(w.about(party).stake), log_odds = believed_to_prevail(w, party);
    for (std::size_t a = 0; a < open.size(); ++a)
      out.worth(p, static_cast<Eigen::Index>(a)) =
          gain(stake, log_odds, w.value(w.about(open[a]->action).shift[party])) + w.value(open[a]->worth[party]);
  }
  const Eigen::MatrixXd strength = classic::vote_strengths(out.worth, out.voice, classic::VoteRule::proportional);
  out.probability = classic::uniform_challenges(classic::victory_chances(strength, w.value(bargain.exponent)));
  return out;
}

void factions_bargain(World& w, const StepDraws& draw) {
  for (const BargainId b : w.scenario->bargains.ids()) {
    const Bargain& bargain = w.about(b);
    if (!w.on(bargain.enabled_by)) continue;
    const Sensed met = all_met(w, bargain.when);
    if (!draw.happens(sim::hazard(w.value(bargain.rate) * met.value, w.dt), purpose::parties_meet, bargain.luck))
      continue;
    const Election election = elect(w, b);
    double rest = draw.uniform(purpose::agreed, bargain.luck);
    for (std::size_t i = 0; i < election.offers.size(); ++i) {
      if ((rest -= election.probability(static_cast<Eigen::Index>(i))) >= 0) continue;
      take_action(w, draw, taker(w, election.offers[i]), election.offers[i], {met.event});
      break;
    }
  }
}

}  // namespace qantar::agents
