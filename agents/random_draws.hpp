// What random numbers decide. Every draw of the crisis model belongs to a purpose, and all purposes stand here. No two
// may share an address.
#pragma once
#include <cstdint>
#include <type_traits>

#include "agents/ids.hpp"
#include "sim/draws.hpp"

namespace qantar::agents {

/// Source of chance. The number is part of every draw's address: never change or reuse one.
enum class Mechanism : std::uint32_t {
  parameters = 1,      // priors and switches, once per trial
  citizen_traits = 2,  // fixed hardship, risk aversion, threshold
  citizens = 3,        // one number per agent and step
  place_noise = 4,     // mood of a place from hour to hour
  orders = 5,          // delay and fate of an order at an office
  reports = 6,         // what the centre hears of a loss, and when
  posture = 7,         // local command decides to clear
  units = 8,
  columns = 9,  // which site a column of the crowd turns to
  contests = 10,
  casualties = 11,
  detentions = 12,
  arms = 13,
  retaking = 14,
  groups = 15,
  beliefs = 16,
  stances = 17,
  presidency = 18,
  // 19 to 21 were used by earlier versions
  office_traits = 22,
  casualty_picks = 23,
  personnel = 24,
  looting = 25,
  rumours = 26,  // who is believed to hold an office
  inquiry = 27,  // what investigators find afterwards
  actions = 28,  // of factions
  directives = 29,
  action_delays = 30,
  calls = 31,  // to the streets
  sides = 32,  // units that follow another faction, and those who stand up to them
  bargains = 33,
};
constexpr std::uint32_t address(Mechanism m) { return to_underlying(m); }

/// What a random number decides, as a part of its address: never change one.
struct Purpose {
  Mechanism mechanism;
  std::uint32_t slot = 0;   ///< tells draws of one agent in one step apart
  std::uint32_t first = 0;  ///< where its agents begin, in mechanisms that decide about several kinds of them
};

namespace purpose {

// once in a trial
inline constexpr Purpose prior{Mechanism::parameters};  // by a name
inline constexpr Purpose hardship_of_place{Mechanism::citizen_traits, 1}, traits{Mechanism::citizen_traits, 2},
    affinity{Mechanism::office_traits}, arrests_before{Mechanism::inquiry, 4}, group_exists{Mechanism::groups, 8},
    preparation_unnoticed{Mechanism::groups, 9}, army_arrives{Mechanism::presidency, 0, 2000},
    emergency_lifted_first{Mechanism::presidency, 0, 4000}, decree_delay{Mechanism::rumours, 0},
    misattributed{Mechanism::inquiry, 1}, other_sponsor{Mechanism::inquiry, 2};

// messages; the slots of an order are those of its content and of the level where it is
inline constexpr Purpose order_relayed{Mechanism::orders, 0}, order_delay{Mechanism::orders, 1},
    loss_reported{Mechanism::reports, 0}, loss_withheld{Mechanism::reports, 1};

// citizens
inline constexpr Purpose mood{Mechanism::place_noise};

// armed groups
inline constexpr Purpose group_mobilises{Mechanism::groups, 0};

// units and local commands
inline constexpr Purpose clears{Mechanism::posture, 0}, opens_fire{Mechanism::posture, 1},
    ceases_fire{Mechanism::posture, 2}, unit_reconsiders{Mechanism::units, 0}, unit_returns{Mechanism::units, 1},
    gives_up_post{Mechanism::units, 2}, conduct{Mechanism::units, 3};

// contacts
inline constexpr Purpose target_of_column{Mechanism::columns, 0}, target_of_group{Mechanism::columns, 16},
    line_breaks{Mechanism::contests, 0}, retreat_is_orderly{Mechanism::contests, 1, 100000},
    arms_taken{Mechanism::arms}, crowd_killed_at_site{Mechanism::casualties, 0},
    guards_killed{Mechanism::casualties, 1}, killed_on_street{Mechanism::casualties, 0, 100000},
    killed_in_retaking{Mechanism::casualties, 0, 200000}, businesses_looted{Mechanism::looting, 0},
    arms_shop_looted{Mechanism::looting, 1}, sites_retaken{Mechanism::retaking, 0},
    violent_driven_off{Mechanism::retaking, 1}, peaceful_driven_off{Mechanism::retaking, 2},
    detained{Mechanism::detentions, 0}, who_is_detained{Mechanism::detentions, 1},
    foreigners_detained{Mechanism::inquiry, 3}, who_is_killed{Mechanism::casualty_picks, 0},
    who_is_hurt{Mechanism::casualty_picks, 1};

// sides
inline constexpr Purpose unit_turns{Mechanism::sides, 0}, turned_killed{Mechanism::sides, 1, 100000},
    rally_killed{Mechanism::sides, 2, 100000}, killed_by_strike{Mechanism::sides, 3, 100000},
    killed_by_turned{Mechanism::sides, 4, 100000}, site_seized{Mechanism::sides, 5, 100000},
    site_given_back{Mechanism::sides, 6, 100000};

// publication
inline constexpr Purpose rumoured{Mechanism::rumours, 1}, denied{Mechanism::rumours, 2},
    attributed{Mechanism::inquiry, 0};

// office-holders
inline constexpr Purpose expectation_noise{Mechanism::beliefs}, holder_reconsiders{Mechanism::stances, 0},
    stance{Mechanism::stances, 1};

// factions that decide; who draws is the motive, and which the faction
inline constexpr Purpose acts{Mechanism::actions}, told_to_leave{Mechanism::directives},
    effects_come{Mechanism::action_delays}, called_out{Mechanism::calls}, parties_meet{Mechanism::bargains, 0},
    agreed{Mechanism::bargains, 1};

// what was decided and goes on
inline constexpr Purpose emergency_spreads{Mechanism::presidency, 0, 1000}, official_dismissed{Mechanism::personnel, 0},
    subordinate_comes_round{Mechanism::personnel, 1}, arrest_published{Mechanism::personnel, 3};

}  // namespace purpose

/// Whom or what a draw is about: an actor, a place, an action, or a position among others.
struct Subject {
  std::uint32_t position = 0;
  constexpr Subject() = default;
  template <std::integral I>
  constexpr Subject(I i) : position(static_cast<std::uint32_t>(i)) {}
  template <class Tag>
  constexpr Subject(Id<Tag> id) : Subject(id.index()) {}
  template <class E>
  requires std::is_enum_v<E>
  constexpr Subject(E e) : Subject(to_underlying(e)) {}
};

/// Where the step stands in other addresses: which directive it is that a unit may not hear of.
enum class Directive : std::uint32_t { leave_posts, save_people };

/// The random draws of one step.
class StepDraws {
 public:
  StepDraws(const sim::Draws& draws, Subject step) : draws_(&draws), step_(step.position) {}

  const sim::Draws& all() const { return *draws_; }
  std::uint32_t step() const { return step_; }
  /// Draws that another number than this step addresses: that of the step in which something was sent, of an hour.
  StepDraws at(Subject step) const { return {*draws_, step}; }
  /// Draws that are made once in a trial, whatever the step.
  StepDraws once() const { return at(0); }

  // As of sim::Draws. `who` it is about; `which` of several draws for the same purpose.
  double uniform(Purpose p, Subject who = {}, Subject which = {}) const {
    return draws_->uniform(address(p.mechanism), agent(p, who), step_, p.slot + which.position);
  }
  bool happens(double probability, Purpose p, Subject who = {}, Subject which = {}) const {
    return uniform(p, who, which) < probability;
  }
  double normal(Purpose p, Subject who = {}) const {
    return draws_->normal(address(p.mechanism), agent(p, who), step_, p.slot);
  }
  double delay(double mean, Purpose p, Subject who = {}, Subject which = {}) const {
    return draws_->delay(mean, address(p.mechanism), agent(p, who), step_, p.slot + which.position);
  }
  std::uint32_t poisson(double mean, Purpose p, Subject who = {}) const {
    return draws_->poisson(mean, address(p.mechanism), agent(p, who), step_, p.slot);
  }
  sim::Block block(Purpose p, Subject who) const {
    return draws_->block(address(p.mechanism), agent(p, who), step_, p.slot);
  }

 private:
  static std::uint32_t agent(Purpose p, Subject who) { return p.first + who.position; }

  const sim::Draws* draws_;
  std::uint32_t step_;
};

}  // namespace qantar::agents
