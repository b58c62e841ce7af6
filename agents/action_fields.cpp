#include "agents/action_fields.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "agents/effects.hpp"
#include "agents/prior_draws.hpp"
#include "agents/signals.hpp"

namespace qantar::agents {
namespace {

using sim::Diagnostics;
using sim::Fields;
using sim::ReadContext;

template <class Row>
Names names_of(std::span<const Row> rows) {
  Names out;
  for (const Row& row : rows) out.push_back(row.name);
  return out;
}

// An entry must name what its word is about, and nothing else.
void check_about(const toml::table& table, const std::string& path, ReadContext& context, const std::string& word,
                 About about) {
  for (const About kind :
       {About::place, About::site, About::organisation, About::office, About::faction, About::group, About::action}) {
    const char* key = key_of(kind);
    const toml::node* node = table.get(key);
    if (kind == about && !node)
      context.diagnostics.add(sim::place_of(table), path, fmt::format("{} needs {} = \"...\"", word, key));
    if (kind != about && node)
      context.diagnostics.add(sim::place_of(*node), path + "." + key, fmt::format("{} is not about a {}", word, key));
  }
}

void check_condition(const toml::table& table, const std::string& path, ReadContext& context, Condition& c) {
  const SignalRow& row = signal_rows()[c.signal];
  check_about(table, path, context, row.name, row.about);
  if (c.at.is_given() == c.below.is_given())
    context.diagnostics.add(sim::place_of(table), path,
                            "needs a threshold: at = ... (met above it) or below = ..., one of the two");
}

// A condition that nobody in particular looks at: of a cue, of a bargain.
void check_common_condition(const toml::table& table, const std::string& path, ReadContext& context, Condition& c) {
  check_condition(table, path, context, c);
  if (const SignalRow& signal = signal_rows()[c.signal]; signal.own)
    context.diagnostics.add(
        sim::place_of(table), path,
        fmt::format("{} tells of a faction that decides, and nobody in particular looks here", signal.name));
}

void check_effect(const toml::table& table, const std::string& path, ReadContext& context, Effect& e) {
  const EffectRow& row = effect_rows()[e.kind];
  check_about(table, path, context, row.name, row.about);
  const toml::node* amount = table.get("amount");
  if (*row.unit && !amount)
    context.diagnostics.add(sim::place_of(table), path,
                            fmt::format("{} needs amount = ..., from {} to {}", row.name, row.low, row.high));
  if (!*row.unit && amount)
    context.diagnostics.add(sim::place_of(*amount), path + ".amount", fmt::format("{} has no amount", row.name));
  if (*row.unit && amount && (e.amount.value < row.low || e.amount.value > row.high))
    context.diagnostics.add(sim::place_of(*amount), path + ".amount",
                            fmt::format("is {}; expected {} to {}", e.amount.value, row.low, row.high));
  if (const toml::node* scope = table.get("where"); scope && !row.scoped)
    context.diagnostics.add(sim::place_of(*scope), path + ".where", fmt::format("{} reaches no places", row.name));
}

// What is looked at, and the threshold; a soft condition has a width besides.
Fields<Condition> threshold_fields() {
  return Fields<Condition>{}
      .choice("signal", &Condition::signal, names_of(signal_rows()), "what is looked at (`qantar vocabulary`)", true)
      .reference("place", &Condition::place, "places", "of signals about a place")
      .reference("site", &Condition::site, "sites", "of signals about a site")
      .reference("organisation", &Condition::organisation, "organisations", "of signals about an organisation")
      .reference("office", &Condition::office, "offices", "of signals about an office")
      .reference("action", &Condition::action, "actions", "of signals about an action")
      .number("at", &Condition::at, {-1e6, 1e9, ""}, "threshold from which on it is met, in the unit of the signal")
      .number("below", &Condition::below, {-1e6, 1e9, ""}, "threshold below which it is met");
}

const Fields<Condition>& condition_fields() {
  static const auto fields = threshold_fields().fixed(
      "width", &Condition::width, {1e-6, 1e9, ""},
      "how blurred the threshold is: from a quarter met to three quarters takes 2.2 of it", true);
  return fields;
}

const Fields<Condition>& hard_condition_fields() {
  static const auto fields = threshold_fields();
  return fields;
}

const Fields<Effect>& effect_fields() {
  static const auto fields =
      Fields<Effect>{}
          .choice("effect", &Effect::kind, names_of(effect_rows()), "what is brought about (`qantar vocabulary`)", true)
          .reference("place", &Effect::place, "places", "of effects on a place")
          .reference("site", &Effect::site, "sites", "of effects on a site")
          .reference("organisation", &Effect::organisation, "organisations", "of effects on an organisation")
          .reference("office", &Effect::office, "offices", "of effects on an office")
          .reference("faction", &Effect::faction, "factions", "of effects on a faction")
          .reference("group", &Effect::group, "groups", "of effects on an organised group")
          .choice("where", &Effect::scope, scope_names(), "which places it reaches")
          .number("amount", &Effect::amount, {-1e6, 1e7, ""}, "how much");
  return fields;
}

const Fields<Costs>& cost_fields() {
  static const sim::Range share{0, 1, "1"};
  static const auto fields =
      Fields<Costs>{}
          .number("money", &Costs::money, share, "money that is spent")
          .number("coercion", &Costs::coercion, share, "share of the forces that must obey; they are not used up")
          .number("information", &Costs::information, share, "sources that are given away")
          .number("external", &Costs::external, share, "support from abroad that is used up")
          .number("legitimacy", &Costs::legitimacy, share, "legitimacy of the government that is lost everywhere");
  return fields;
}

}  // namespace

const Fields<ActionEntry>& action_fields() {
  static const auto fields =
      Fields<ActionEntry>{}
          .id(&ActionEntry::id, "name of the action in files and results: lower case, digits and _")
          .text("name", &ActionEntry::name, "a sentence that tells of it", true)
          .text("source", &ActionEntry::source, "where it is documented")
          .references("by", &ActionEntry::by, "factions", "who can take it; [] for nobody", true)
          .reference("office", &ActionEntry::office, "offices",
                     "must be held and free for it; without one anybody of the faction acts")
          .flag("secret", &ActionEntry::secret, "whether it is not seen from outside")
          .references("needs", &ActionEntry::needs, "actions", "must have been taken before")
          .references("not_after", &ActionEntry::not_after, "actions", "none of them may have been taken before")
          .part("cost", &ActionEntry::cost, cost_fields(), "what it costs the faction")
          .shares("shift", &ActionEntry::shift, "factions", {-10, 10, "1"},
                  "what each faction believes it to add to its log-odds of prevailing")
          .number("delay", &ActionEntry::delay, {0, 2000, "h"}, "mean hours until its effects come")
          .time("latest", &ActionEntry::latest, "it is taken then at the latest; for what-ifs")
          .entries("effects", &ActionEntry::effects, effect_fields(), "what it brings about", check_effect);
  return fields;
}

const Fields<Motive>& motive_fields() {
  static const auto fields =
      Fields<Motive>{}
          .id(&Motive::id, "name of the motive: lower case, digits and _")
          .text("source", &Motive::source, "where the numbers come from")
          .reference("action", &Motive::action, "actions", "action that it leads to", true)
          .entries("when", &Motive::when, condition_fields(), "soft conditions; all count", check_condition)
          .number("barrier", &Motive::barrier, {-20, 20, "1"},
                  "log-odds against acting when all conditions are met and nothing is gained or lost", true)
          .number("intent", &Motive::intent, {-20, 20, "1"}, "worth of the action for its own sake")
          .reference("enabled_by", &Motive::enabled_by, "switches",
                     "switch under which it counts; without one, always");
  return fields;
}

const Fields<Cue>& cue_fields() {
  static const auto fields =
      Fields<Cue>{}
          .entries("when", &Cue::when, condition_fields(), "soft conditions; all count", check_common_condition)
          .number("rate", &Cue::rate, {0, 60, "1/h"}, "how often it goes into action while all are met", true);
  return fields;
}

const Fields<DecisionRule>& decision_fields() {
  static const auto fields =
      Fields<DecisionRule>{}
          .number("rate", &DecisionRule::rate, {0, 60, "1/h"}, "decisions of a faction in an hour, waiting included",
                  true)
          .number("precision", &DecisionRule::precision, {0, 1000, "1"},
                  "weight of what is gained and paid in a choice; 0 is habit and chance", true)
          .number("resource_price", &DecisionRule::resource_price, {0, 100, "1"}, "weight of what an action costs",
                  true)
          .number("delay", &DecisionRule::delay, {0, 500, "h"},
                  "mean age of what a faction knows that has no information", true)
          .number("noise", &DecisionRule::noise, {0, 10, "1"},
                  "blur of the thresholds of a faction that has no information, as a share of each", true);
  return fields;
}

const Fields<Bargain>& bargain_fields() {
  static const auto offer_fields =
      Fields<Offer>{}
          .reference("action", &Offer::action, "actions", "action that is taken when they agree on it", true)
          .shares("worth", &Offer::worth, "factions", {-1000, 1000, "1"},
                  "what it is worth to each beside its chance to prevail: posts, money, safety; as stakes are");
  static const auto fields =
      Fields<Bargain>{}
          .id(&Bargain::id, "name of the bargain: lower case, digits and _")
          .text("name", &Bargain::name, "what is settled", true)
          .text("source", &Bargain::source, "where the numbers come from")
          .references("parties", &Bargain::parties, "factions",
                      "who has a voice, by the power of the offices tied to each that are free", true)
          .entries("offers", &Bargain::offers, offer_fields, "actions on which they can agree")
          .entries("when", &Bargain::when, condition_fields(), "soft conditions; all count", check_common_condition)
          .number("rate", &Bargain::rate, {0, 60, "1/h"}, "how often they meet while all are met", true)
          .number("exponent", &Bargain::exponent, {0, 20, "1"},
                  "how surely the stronger of two coalitions wins: odds are the ratio of their strengths to this power")
          .reference("enabled_by", &Bargain::enabled_by, "switches",
                     "switch under which they meet; without one, always");
  return fields;
}

const Fields<Ending>& ending_fields() {
  static const auto fields =
      Fields<Ending>{}
          .id(&Ending::id, "name of the ending: lower case, digits and _")
          .text("name", &Ending::name, "what it means", true)
          .text("source", &Ending::source, "where the numbers come from")
          .choice("kind", &Ending::kind, ending_kind_names(),
                  "what it tells of; a degenerate course is judged at the end of the clock", true)
          .entries("when", &Ending::when, hard_condition_fields(), "conditions; all must hold", check_condition)
          .fixed("hours", &Ending::hours, {0, 1000, "h"}, "for how long they must hold without a break");
  return fields;
}

void settle_actions(Scenario& s) {
  for (auto& action : s.actions) {
    action.shift.resize(s.factions.size());
    action.luck = static_cast<std::uint32_t>(name_address(action.id));
    for (const Effect& effect : action.effects) {
      if (effect.group.exists()) s.groups[effect.group].called = true;
      const std::string_view does = effect_rows()[effect.kind].name;
      action.takes_control = action.takes_control || does == "take_control";
    }
  }
  for (auto& bargain : s.bargains) {
    bargain.luck = static_cast<std::uint32_t>(name_address(bargain.id));
    for (Offer& offer : bargain.offers) offer.worth.resize(s.factions.size());
  }
  for (auto& motive : s.motives) motive.luck = static_cast<std::uint32_t>(name_address(motive.id));
  std::size_t condition = 0;
  for (const FactionId f : s.factions.ids())
    for (const MotiveId m : s.motives.ids()) {
      const auto& by = s.actions[s.motives[m].action].by;
      if (std::ranges::find(by, f) == by.end()) continue;
      s.choices.push_back({f, m, condition});
      condition += s.motives[m].when.size();
    }
}

namespace {

// Whether an action comes after itself by what it needs.
bool needs_itself(const Scenario& s, ActionId start) {
  std::vector<bool> seen(s.actions.size(), false);
  std::vector<ActionId> open = s.actions[start].needs;
  while (!open.empty()) {
    const ActionId a = open.back();
    open.pop_back();
    if (a == start) return true;
    if (seen[a.index()]) continue;
    seen[a.index()] = true;
    open.insert(open.end(), s.actions[a].needs.begin(), s.actions[a].needs.end());
  }
  return false;
}

// Nobody in the country leans to it: no organisation, and no office is its head or tied to it.
bool without_members(const Scenario& s, FactionId f) {
  const auto leans = [&](const Organisation& o) { return o.loyalty[f].value > 0; };
  const auto tied = [&](const Office& o) { return o.tie == f; };
  return !s.factions[f].head.exists() && std::ranges::none_of(s.organisations, leans) &&
         std::ranges::none_of(s.offices, tied);
}

}  // namespace

void check_actions(const Scenario& s, const toml::table& tree, const std::string& shown, Diagnostics& diagnostics) {
  const auto problem = [&](const std::string& section, const std::string& id, const std::string& key,
                           const std::string& message) {
    diagnostics.add(place_in(tree, shown, section, id, key), section + "." + id + (key.empty() ? "" : "." + key),
                    message);
  };
  for (const ActionId a : s.actions.ids()) {
    const ActionEntry& action = s.actions[a];
    if (action.effects.empty())
      problem("actions", action.id, "effects", "has no effect; `qantar vocabulary` lists all");
    const auto leads = [&](const auto& entry) { return entry.action == a; };
    const auto offers = [&](const Bargain& b) { return std::ranges::any_of(b.offers, leads); };
    if (std::ranges::none_of(s.motives, leads) && std::ranges::none_of(s.bargains, offers) &&
        !sim::happened(action.latest))
      problem(
          "actions", action.id, "",
          "is never taken: no entry of [[motives]], and no offer of [[bargains]], has action = \"" + action.id + "\"");
    if (needs_itself(s, a))
      problem("actions", action.id, "needs", "comes after itself by what it needs, so it is never taken");
    for (const ActionId b : action.needs)
      if (std::ranges::find(action.not_after, b) != action.not_after.end())
        problem("actions", action.id, "not_after", "both needs " + s.actions[b].id + " and must not come after it");
    for (const FactionId f : action.by) {
      const Faction& faction = s.factions[f];
      if (faction.role != Role::intervention && without_members(s, f))
        problem("actions", action.id, "by",
                fmt::format("{} has no members: neither a head, nor an office tied to it, nor an organisation that "
                            "leans to it",
                            faction.id));
      const auto afford = [&](const char* resource, const sim::Number& cost, const sim::Number& has, bool comes_in) {
        if (cost.value > 0 && has.value <= 0 && has.prior < 0 && !comes_in)
          problem("actions", action.id, "cost", fmt::format("costs {}, and {} has none", resource, faction.id));
      };
      afford("money", action.cost.money, faction.money, faction.income.value > 0);
      afford("information", action.cost.information, faction.information, false);
      afford("external support", action.cost.external, faction.external, faction.role == Role::incumbent);
    }
  }
  const auto has_effect = [&](std::string_view name, const ActionEntry& action) {
    return std::ranges::any_of(action.effects, [&](const Effect& e) { return effect_rows()[e.kind].name == name; });
  };
  for (const ActionEntry& action : s.actions) {
    if (!has_effect("seize", action)) continue;
    for (const FactionId f : action.by) {
      const bool followed = std::ranges::any_of(s.units, [&](const Unit& u) { return u.side == f; });
      const bool turns = std::ranges::any_of(s.actions, [&](const ActionEntry& other) {
        return has_effect("turn", other) && std::ranges::find(other.by, f) != other.by.end();
      });
      if (!followed && !turns)
        problem("actions", action.id, "by",
                fmt::format("{} has nobody to send: no unit has side = \"{}\", and no action of it makes one turn",
                            s.factions[f].id, s.factions[f].id));
    }
  }
  for (const Group& group : s.groups)
    if (!group.called && group.cues.empty())
      problem("groups", group.id, "",
              "never goes into action: it has no cues, and no action has { effect = \"mobilise\", group = \"" +
                  group.id + "\" }");
  for (const Bargain& bargain : s.bargains) {
    if (bargain.parties.size() < 2)
      problem("bargains", bargain.id, "parties", "has fewer than two parties, so there is nobody to agree with");
    if (bargain.offers.empty()) problem("bargains", bargain.id, "", "has no offers, so there is nothing to agree on");
    for (const FactionId f : bargain.parties) {
      if (std::ranges::none_of(s.offices, [&](const Office& o) { return o.tie == f; }))
        problem("bargains", bargain.id, "parties",
                fmt::format("{} has no voice: no office has tie = \"{}\"", s.factions[f].id, s.factions[f].id));
      if (std::ranges::count(bargain.parties, f) > 1)
        problem("bargains", bargain.id, "parties", s.factions[f].id + " is named twice");
    }
    for (const Offer& offer : bargain.offers) {
      if (s.actions[offer.action].by.empty())
        problem("bargains", bargain.id, "offers",
                s.actions[offer.action].id + " cannot be agreed on: nobody can take it (by = [])");
      for (const FactionId f : s.factions.ids())
        if (const bool party = std::ranges::find(bargain.parties, f) != bargain.parties.end();
            !party && offer.worth[f].value != 0)
          problem("bargains", bargain.id, "offers",
                  fmt::format("{} is worth something to {}, which has no voice: name it in parties",
                              s.actions[offer.action].id, s.factions[f].id));
    }
  }
  const auto comes = [](const Ending& e) { return e.kind == EndingKind::order_restored; };
  const auto waits_for_order = [](const Condition& c) {
    return std::string_view(signal_rows()[c.signal].name) == "hours_of_order";
  };
  for (const Motive& motive : s.motives)
    if (std::ranges::none_of(s.endings, comes) && std::ranges::any_of(motive.when, waits_for_order))
      problem("motives", motive.id, "when",
              "waits for order, which never comes back: no entry of [[endings]] has kind = \"order_restored\"");
  const auto tell_apart = [&](const std::string& section, const auto& entries) {
    std::map<std::uint32_t, std::string> lucks;
    for (const auto& entry : entries)
      if (const auto [other, fresh] = lucks.emplace(entry.luck, entry.id); !fresh)
        problem(section, entry.id, "id", "would share its luck with " + other->second + ": choose another id");
  };
  tell_apart("actions", s.actions);
  tell_apart("motives", s.motives);
  tell_apart("bargains", s.bargains);
}

}  // namespace qantar::agents
