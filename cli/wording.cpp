#include "cli/wording.hpp"

#include "agents/vocabulary.hpp"

namespace qantar::cli {

analysis::Wording wording_of(const agents::Scenario& s) {
  analysis::Wording wording;
  wording.sentences = agents::event_sentences();
  wording.codes = {
      {"content", {"hold the post", "open fire", "leave the post", "move to another place"}, -1},
      {"sponsor", {"nobody", "the clan", "the intelligence service", "organised crime", "foreigners"}, -1}};
  wording.merged = {{"protest_ends", "The protest is over in {count} places"},
                    {"storm_repelled", "{count} assaults are repelled"},
                    {"line_broken", "Crowds break {count} lines of defence"},
                    {"unit_withdraws", "{count} units leave their posts"},
                    {"unit_overrun", "{count} units are overrun"},
                    {"unit_returns", "{count} units return to duty"},
                    {"unit_departs", "{count} units leave for other places"},
                    {"unit_arrives", "{count} units arrive as reinforcement"},
                    {"office_rumoured", "Of {count} offices it is said that the holder has gone"},
                    {"office_denied", "Of {count} offices it is denied that the holder has gone"},
                    {"dismissal_published", "{count} dismissals are made public"},
                    {"order_issued", "{count} orders are issued: {content}"},
                    {"order_received", "{count} units receive the order: {content}"},
                    {"order_blocked", "{count} offices do not pass on the order: {content}"},
                    {"order_replaced", "{count} offices pass on another order than they were given: {content}"},
                    {"loss_withheld", "{count} losses are not reported upwards"},
                    {"stance_supports", "{count} office-holders now visibly support the president"},
                    {"stance_waits", "{count} office-holders now visibly wait"},
                    {"stance_opposes", "{count} office-holders now visibly oppose the president"}};
  wording.quiet = {"order_received", "stance_supports", "stance_waits", "stance_opposes", "storm_repelled"};
  const auto name_all = [&](const auto& entries) {
    for (const auto& entry : entries) wording.names.emplace(entry.id, entry.name);
  };
  name_all(s.places);
  name_all(s.sites);
  name_all(s.factions);
  name_all(s.organisations);
  name_all(s.offices);
  name_all(s.units);
  name_all(s.groups);
  return wording;
}

}  // namespace qantar::cli
