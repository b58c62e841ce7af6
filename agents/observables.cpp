#include "agents/observables.hpp"

#include <algorithm>
#include <map>

#include "agents/endings.hpp"
#include "sim/conversions.hpp"

namespace qantar::agents {
namespace {

using sim::ValueKind;
using Fill = std::function<void(const World&, std::span<double>)>;
using Out = std::span<double>;

Observable row(const std::string& name, ValueKind kind, const std::string& unit, std::vector<std::string> axes,
               const std::string& text, Fill fill) {
  return {{{name, kind == ValueKind::time ? "" : unit, text, kind, std::move(axes), {}, false}, std::move(fill)}, {}};
}

template <class F>
Observable scalar(const std::string& name, ValueKind kind, const std::string& unit, const std::string& text, F f) {
  return row(name, kind, unit, {}, text, [f](const World& w, Out out) { out[0] = f(w); });
}
template <class F>
Observable per_place(const std::string& name, ValueKind kind, const std::string& unit, const std::string& text, F f) {
  return row(name, kind, unit, {"place"}, text, [f](const World& w, Out out) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = f(w, w.places[i]);
  });
}
template <class F>
Observable per_site(const std::string& name, ValueKind kind, const std::string& unit, const std::string& text, F f) {
  return row(name, kind, unit, {"site"}, text, [f](const World& w, Out out) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = f(w.sites[i]);
  });
}
template <class F>
Observable per_office(const std::string& name, const std::string& text, F f) {
  return row(name, ValueKind::time, "", {"office"}, text, [f](const World& w, Out out) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = f(w.offices[i]);
  });
}
// Known only inside the model: no document can be compared with it.
Observable latent(Observable o) {
  o.variable.latent = true;
  return o;
}
// A code whose meanings are the entries of a table of the case.
Observable coded_by(const std::string& table, Observable o) {
  o.meanings_of = table;
  return o;
}
Observable at_snapshot(const std::string& name, const std::string& unit, const std::string& text,
                       double SnapshotFigures::*figure) {
  return row(name, unit == "1" ? ValueKind::real : ValueKind::count, unit, {"snapshot"}, text,
             [figure](const World& w, Out out) {
               for (std::size_t i = 0; i < out.size(); ++i) out[i] = w.tally.snapshots[i].*figure;
             });
}
Observable listed(const std::string& name, const std::string& axis, const std::string& unit, const std::string& text,
                  Table<OrganisationId, double> Tally::*member) {
  return row(name, ValueKind::count, unit, {axis}, text,
             [member](const World& w, Out out) { std::ranges::copy(w.tally.*member, out.begin()); });
}

template <class P>
double count_sites(const World& w, P predicate) {
  double n = 0;
  for (const SiteId s : w.sites.ids()) n += predicate(w.about(s), w.sites[s]);
  return n;
}

double share_same_hours(const World& w, double hours) {
  std::vector<double> first;
  for (const auto& place : w.places)
    if (happened(place.attacked)) first.push_back(place.attacked);
  if (first.empty()) return never;
  double best = 0;
  for (double begin : first) {
    double n = 0;
    for (double t : first) n += t >= begin && t < begin + hours;
    best = std::max(best, n);
  }
  return best / sim::real(first.size());
}

double interval_hours(Hours from, Hours to, Hours end) {
  if (!happened(from)) return 0.0;
  return (happened(to) ? to : end) - from;
}

}  // namespace

const std::vector<Observable>& outcomes() {
  using K = ValueKind;
  static const std::vector<Observable> rows{
      // the street
      scalar("protest_began", K::time, "", "first protest anywhere", [](const World& w) { return w.protest_began; }),
      coded_by("places", scalar("protest_origin", K::code, "1", "place of the first protest", [](const World& w) { return w.origin.number(); })),
      scalar("violence_began", K::time, "", "first time that a place riots (`riot_size`)", [](const World& w) { return w.violence_began; }),
      scalar("first_clash", K::time, "", "first use of force on a crowd", [](const World& w) { return w.first_clash; }),
      scalar("order_restored", K::time, "", "order is back, as the case declares it", [](const World& w) { return w.restored; }),
      scalar("peak_participants", K::count, "person", "largest number of people on the street at once", [](const World& w) { return w.tally.peak; }),
      scalar("peak_regions", K::count, "region", "largest number of regions with a protest on one day", [](const World& w) { return w.tally.peak_regions; }),
      per_place("place_protest_began", K::time, "", "first protest in the place", [](const World&, const PlaceState& p) { return p.protest_began; }),
      per_place("place_mass_crowd", K::time, "", "first mass protest in the place", [](const World&, const PlaceState& p) { return p.mass_crowd; }),
      per_place("place_clash", K::time, "", "first force or violence in the place", [](const World&, const PlaceState& p) { return p.clash; }),
      per_place("place_turned_violent", K::time, "", "first time that the place riots (`riot_size`)", [](const World&, const PlaceState& p) { return p.turned_violent; }),
      per_place("place_line_broken", K::time, "", "first line of defence at the seat broken", [](const World&, const PlaceState& p) { return p.line_broken; }),
      per_place("place_police_left", K::time, "", "police have left: many of those not overrun have withdrawn (`police_left_share`)", [](const World&, const PlaceState& p) { return p.police_left; }),
      per_place("place_live_fire", K::time, "", "local command first opens fire", [](const World&, const PlaceState& p) { return p.live_fire; }),
      per_place("place_emergency", K::time, "", "state of emergency declared", [](const World&, const PlaceState& p) { return p.emergency_at; }),
      per_place("place_calm_again", K::time, "", "last time that the protest ended", [](const World&, const PlaceState& p) { return p.in_protest ? never : p.calm_again; }),
      per_place("place_peak_participants", K::count, "person", "largest number of people on the street", [](const World&, const PlaceState& p) { return p.peak; }),
      per_place("place_rally_began", K::time, "", "people first come out in the place for a side", [](const World&, const PlaceState& p) { return p.rally_began; }),
      per_place("place_rally_peak", K::count, "person", "most people in the place who came out for one side", [](const World&, const PlaceState& p) { return std::floor(p.rally_peak); }),
      per_place("place_deaths", K::count, "person", "deaths", [](const World&, const PlaceState& p) { return p.deaths; }),
      per_place("deaths_share", K::real, "1", "share of all deaths", [](const World& w, const PlaceState& p) { return w.tally.deaths > 0 ? p.deaths / w.tally.deaths : never; }),
      // sites
      per_site("site_attacked", K::time, "", "first assault", [](const SiteState& s) { return s.attacked; }),
      per_site("site_fell", K::time, "", "first loss", [](const SiteState& s) { return s.fell; }),
      per_site("site_retaken", K::time, "", "first recovery", [](const SiteState& s) { return s.retaken; }),
      per_site("site_left", K::time, "", "its guard left without being overrun", [](const SiteState& s) { return s.left; }),
      per_site("site_assaults_repelled", K::count, "assault", "assaults that were repelled; one lasts until the attackers are away for `regroup_hours`", [](const SiteState& s) { return sim::real(s.repelled); }),
      per_site("site_hours_withstood", K::real, "h", "hours of assault that it withstood", [](const SiteState& s) { return s.hours_attacked; }),
      per_site("site_first_repelled", K::time, "", "first assault that was repelled", [](const SiteState& s) { return s.failed_storm; }),
      per_site("site_crowd_at_fall", K::count, "person", "people on the street of its place when it fell", [](const SiteState& s) { return happened(s.fell) ? s.crowd_at_fall : never; }),
      per_site("site_attackers_at_fall", K::count, "person", "people who attacked it when it fell", [](const SiteState& s) { return happened(s.fell) ? s.attackers_at_fall : never; }),
      scalar("sites_fallen", K::count, "site", "state sites lost at least once", [](const World& w) { return count_sites(w, [](const Site& a, const SiteState& s) { return a.state && happened(s.fell); }); }),
      scalar("state_sites_attacked", K::count, "site", "state sites attacked at least once", [](const World& w) { return count_sites(w, [](const Site& a, const SiteState& s) { return a.state && happened(s.attacked); }); }),
      scalar("seats_fallen", K::count, "site", "seats of the executive lost at least once", [](const World& w) { return count_sites(w, [](const Site& a, const SiteState& s) { return a.seat && happened(s.fell); }); }),
      scalar("seats_attacked", K::count, "site", "seats of the executive attacked at least once", [](const World& w) { return count_sites(w, [](const Site& a, const SiteState& s) { return a.seat && happened(s.attacked); }); }),
      scalar("sites_left", K::count, "site", "state sites with weapons given up without being overrun", [](const World& w) { return count_sites(w, [](const Site& a, const SiteState& s) { return a.state && a.arms > 0 && happened(s.left); }); }),
      scalar("businesses_looted", K::count, "business", "businesses looted", [](const World& w) { return w.tally.looted; }),
      scalar("looting_share_of_sites", K::real, "1", "looted businesses as a share of all sites and businesses attacked", [](const World& w) {
        const double state = count_sites(w, [](const Site& a, const SiteState& s) { return a.state && happened(s.attacked); });
        return w.tally.looted + state > 0 ? w.tally.looted / (w.tally.looted + state) : never;
      }),
      scalar("loot_after_police_left", K::flag, "1", "looting in a place that the police had left", [](const World& w) { return w.tally.loot_after_police_left ? 1.0 : 0.0; }),
      scalar("attack_synchrony", K::real, "1", "share of attacked places first attacked within the same six hours", [](const World& w) { return share_same_hours(w, 6.0); }),
      // harm, arms, detentions
      scalar("deaths", K::count, "person", "deaths in all", [](const World& w) { return w.tally.deaths; }),
      scalar("turned_deaths", K::count, "person", "deaths among units that had turned", [](const World& w) { return w.tally.turned_deaths; }),
      scalar("turned_given_up", K::count, "person", "persons of units that had turned and gave up or were beaten", [](const World& w) { return std::floor(w.tally.turned_given_up); }),
      scalar("security_deaths", K::count, "person", "deaths among the forces", [](const World& w) { return w.tally.security_deaths; }),
      scalar("injured", K::count, "person", "injured in all", [](const World& w) { return std::floor(w.tally.injured); }),
      scalar("security_injured", K::count, "person", "injured among the forces", [](const World& w) { return std::floor(w.tally.security_injured); }),
      scalar("detained", K::count, "person", "detained in all", [](const World& w) { return w.tally.detained; }),
      scalar("foreign_share_of_detained", K::real, "1", "share of foreigners among the detained", [](const World& w) { return w.tally.detained > 0 ? w.tally.detained_foreign / w.tally.detained : never; }),
      scalar("arrests_before_crisis", K::count, "person", "arrests of members of banned or criminal groups in the months before", [](const World& w) { return w.tally.arrests_before; }),
      scalar("arms_lost", K::count, "weapon", "weapons taken", [](const World& w) { return w.tally.arms_lost; }),
      scalar("arms_lost_shops", K::count, "weapon", "weapons taken from shops", [](const World& w) { return w.tally.arms_shops; }),
      scalar("arms_lost_service", K::count, "weapon", "weapons taken from the forces", [](const World& w) { return w.tally.arms_service; }),
      scalar("armed_share_at_first_loss", K::real, "1", "armed share of the violent crowd before the first weapons were taken", [](const World& w) { return w.tally.armed_share_at_first_loss; }),
      // decisions
      row("action_time", K::time, "", {"action"}, "first time of each public action", [](const World& w, Out out) {
        std::size_t i = 0;
        for (const ActionId a : w.scenario->actions.ids())
          if (!w.about(a).secret) out[i++] = w.action_time[a];
      }),
      scalar("network_down_h", K::real, "h", "hours of full network shutdown", [](const World& w) { return w.tally.network_down_hours; }),
      scalar("reinforcements", K::count, "person", "strength sent to other places", [](const World& w) { return sim::rounded(w.tally.reinforced); }),
      scalar("curfew_enforced_share", K::real, "1", "mean presence of police during curfew, relative to before the crisis", [](const World& w) { return w.tally.curfew_hours > 0 ? w.tally.curfew_enforced / w.tally.curfew_hours : never; }),
      scalar("chair_before_losses", K::flag, "1", "council chair taken before any reported loss of weight", [](const World& w) { return w.tally.loss_before_chair < 0.5 ? 1.0 : 0.0; }),
      scalar("intervention_strength", K::count, "person", "largest strength of the intervention", [](const World& w) { return sim::rounded(w.tally.intervention_peak); }),
      scalar("intervention_stay_h", K::real, "h", "from first landing to last departure, or to the end of the clock", [](const World& w) {
        const Hours gone = w.decided.leaving.holds() ? w.decided.leaving.since + w.scenario->intervention.exit_hours : never;
        return interval_hours(w.decided.landing.since, gone < w.scenario->clock.end() ? gone : never, w.scenario->clock.end());
      }),
      // the elite
      per_office("office_dismissed", "holder dismissed", [](const OfficeState& o) { return o.dismissed; }),
      per_office("office_dismissal_published", "dismissal made public", [](const OfficeState& o) { return o.published; }),
      per_office("office_rumoured", "first rumour that the holder has gone", [](const OfficeState& o) { return o.rumoured; }),
      per_office("office_denied", "first denial of such a rumour", [](const OfficeState& o) { return o.denied; }),
      row("office_doubtful_h", K::real, "h", {"office"}, "hours in which it is open outside who holds the office", [](const World& w, Out out) {
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = w.offices[i].doubtful_hours;
      }),
      per_office("office_arrested", "holder, present or former, detained", [](const OfficeState& o) { return o.arrested; }),
      per_office("office_arrest_published", "detention made public", [](const OfficeState& o) { return o.arrest_published; }),
      scalar("personnel_changes", K::count, "office", "holders dismissed", [](const World& w) { return w.tally.personnel_changes; }),
      scalar("president_prevails", K::flag, "1", "the president is in power at the end and order is restored", [](const World& w) { return !happened(w.ousted) && (happened(w.restored) || !happened(w.violence_began)) ? 1.0 : 0.0; }),
      scalar("office_holder_ousted", K::flag, "1", "the president loses power", [](const World& w) { return happened(w.ousted) ? 1.0 : 0.0; }),
      scalar("president_ousted", K::time, "", "the president's loss of power", [](const World& w) { return w.ousted; }),
      scalar("support_least", K::real, "1", "lowest power-weighted visible support of the president among office-holders", [](const World& w) { return w.tally.support_least; }),
      scalar("share_challengers_peak", K::real, "1", "largest share of office-holders visibly against the president", [](const World& w) { return w.tally.challengers_peak; }),
      scalar("share_waiting_peak", K::real, "1", "largest share of office-holders who visibly wait", [](const World& w) { return w.tally.waiting_peak; }),
      // what the record does not show
      scalar("group_members_peak", K::count, "person", "largest strength of organised groups in action", [](const World& w) { return sim::rounded(w.tally.group_peak); }),
      row("groups_attributed", K::count, "person", {"sponsor"}, "members of organised groups by the sponsor that the inquiry names, right or wrong", [](const World& w, Out out) {
        std::ranges::fill(out, 0.0);
        for (const auto& g : w.groups)
          if (happened(g.attributed)) out[g.attributed_to.number() + 1] += sim::rounded(g.size);
      }),
      latent(row("money_at_end", K::real, "1", {"faction"}, "money of a faction at the end", [](const World& w, Out out) {
        for (const FactionId f : w.scenario->factions.ids()) out[f.index()] = w.resource(f, Resource::money);
      })),
      latent(row("group_members", K::count, "person", {"sponsor"}, "largest strength of organised groups in action, by true sponsor", [](const World& w, Out out) {
        std::ranges::transform(w.tally.group_peak_by_sponsor, out.begin(), [](double x) { return sim::rounded(x); });
      })),
      latent(scalar("foreign_share_of_groups", K::real, "1", "share of foreign-sponsored members at the groups' peak", [](const World& w) { return w.tally.group_peak > 0 ? w.tally.foreign_share : never; })),
      latent(scalar("prepared_before_crisis", K::flag, "1", "some group was prepared before the crisis", [](const World& w) {
        for (const GroupId g : w.groups.ids())
          if (w.groups[g].exists && w.value(w.about(g).preparation_months) > 0) return 1.0;
        return 0.0;
      })),
      latent(scalar("preparation_noticed", K::flag, "1", "a preparation was noticed before the crisis", [](const World& w) { return std::ranges::any_of(w.groups, &GroupState::noticed) ? 1.0 : 0.0; })),
      latent(scalar("preparation_unnoticed_probability", K::real, "1", "probability that all preparation stays unnoticed, exp(-h n T (1 - q))", [](const World& w) {
        double p = 1;
        for (const auto& g : w.groups) p *= g.unnoticed_probability;
        return p;
      })),
      listed("withdrawal_orders", "organisation", "order", "orders to leave posts issued inside the organisation, from any cause", &Tally::withdrawal_orders),
      listed("units_left_before_contact", "organisation", "unit", "units that withdrew without having been attacked", &Tally::left_before_contact),
      listed("units_overrun", "organisation", "unit", "times that a unit was overrun", &Tally::overrun),
      scalar("false_reports", K::count, "report", "losses that were withheld from the centre", [](const World& w) { return w.tally.false_reports; }),
      // day by day
      at_snapshot("participants_at", "person", "largest number on the street since the snapshot before", &SnapshotFigures::participants),
      at_snapshot("regions_at", "region", "regions with a protest since the snapshot before", &SnapshotFigures::regions),
      at_snapshot("places_at", "place", "places with a protest since the snapshot before", &SnapshotFigures::places),
      at_snapshot("detained_at", "person", "detained so far", &SnapshotFigures::detained),
      at_snapshot("deaths_at", "person", "deaths so far", &SnapshotFigures::deaths),
      at_snapshot("security_deaths_at", "person", "deaths among the forces so far", &SnapshotFigures::security_deaths),
      at_snapshot("network_at", "1", "level of the network", &SnapshotFigures::network),
      // degenerate courses, counted so that they can be reported
      row("degenerate", K::flag, "1", {"course"}, "the trial took a course that the case calls degenerate", [](const World& w, Out out) {
        std::size_t i = 0;
        for (const EndingId e : w.scenario->endings.ids())
          if (w.about(e).kind == EndingKind::degenerate) out[i++] = holds_now(w, e) ? 1.0 : 0.0;
      }),
      latent(row("switched_on", K::flag, "1", {"switch"}, "whether the switch was on", [](const World& w, Out out) {
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = w.switched_on[i] ? 1.0 : 0.0;
      }))};
  return rows;
}

const std::vector<Observable>& series() {
  using K = ValueKind;
  static const std::vector<Observable> rows{
      per_place("peaceful", K::count, "person", "peaceful participants",
                [](const World&, const PlaceState& p) { return p.persons_peaceful; }),
      per_place("violent", K::count, "person", "violent participants",
                [](const World&, const PlaceState& p) { return p.persons_violent; }),
      per_place("legitimacy", K::real, "1", "legitimacy of the government",
                [](const World&, const PlaceState& p) { return p.legitimacy; }),
      per_place("police_present", K::real, "person", "police and other forces on duty and present",
                [](const World&, const PlaceState& p) { return p.police; }),
      scalar("network_level", K::real, "1", "level of the network", [](const World& w) { return w.network; }),
      scalar("dead_so_far", K::count, "person", "deaths so far", [](const World& w) { return w.tally.deaths; }),
      scalar("detained_so_far", K::count, "person", "detained so far", [](const World& w) { return w.tally.detained; }),
      scalar("intervention_present", K::real, "person", "strength of the intervention in the country",
             [](const World& w) { return w.intervention_present; }),
      scalar("belief_president", K::real, "1", "mean belief of office-holders that the president prevails",
             [](const World& w) {
               double sum = 0;
               for (const auto& o : w.offices) sum += o.believes();
               return w.offices.empty() ? never : sum / sim::real(w.offices.size());
             }),
      row("resources", K::real, "1", {"faction", "resource"}, "what a faction has at its disposal",
          [](const World& w, Out out) {
            std::size_t i = 0;
            for (Eigen::Index f = 0; f < w.resources.rows(); ++f)
              for (Eigen::Index r = 0; r < resource_count; ++r) out[i++] = w.resources(f, r);
          }),
      row("loyalty", K::real, "1", {"faction", "organisation"}, "how far an organisation leans to a faction",
          [](const World& w, Out out) {
            std::size_t i = 0;
            for (Eigen::Index f = 0; f < w.loyalty.rows(); ++f)
              for (Eigen::Index o = 0; o < w.loyalty.cols(); ++o) out[i++] = w.loyalty(f, o);
          })};
  return rows;
}

namespace {

std::vector<std::string> degenerate_courses(const Scenario& s) {
  std::vector<std::string> out;
  for (const Ending& ending : s.endings)
    if (ending.kind == EndingKind::degenerate) out.push_back(ending.id);
  return out;
}

std::vector<std::string> public_actions(const Scenario& s) {
  std::vector<std::string> out;
  for (const ActionEntry& action : s.actions)
    if (!action.secret) out.push_back(action.id);
  return out;
}

}  // namespace

sim::ResultLayout result_layout(const Scenario& s) {
  const auto ids = [&](const std::string& kind) { return s.ids.names(kind); };
  std::vector<std::string> actors = ids("factions");
  for (const char* kind : {"organisations", "offices", "units", "groups"}) {
    const auto& more = ids(kind);
    actors.insert(actors.end(), more.begin(), more.end());
  }
  sim::ResultLayout layout;
  const auto axis = [&](const std::string& name, std::vector<std::string> labels, const std::string& text) {
    if (!labels.empty()) layout.axes.push_back({name, std::move(labels), {}, "", text});
  };
  axis("place", ids("places"), "place");
  axis("site", ids("sites"), "site");
  axis("office", ids("offices"), "office");
  axis("organisation", ids("organisations"), "organisation");
  axis("faction", ids("factions"), "faction");
  axis("resource", {"money", "coercion", "information", "external"}, "resource of a faction");
  std::vector<std::string> sponsors{"none"};
  for (const auto& faction : s.factions) sponsors.push_back(faction.id);
  axis("sponsor", std::move(sponsors), "faction that stands behind organised groups");
  axis("action", public_actions(s), "public action of a faction");
  axis("switch", ids("switches"), "switch of a rival account");
  axis("course", degenerate_courses(s), "degenerate course of a trial");
  axis("snapshot", ids("snapshots"), "time at which the state is taken");
  axis("actor", std::move(actors), "faction, organisation, office, unit or group");
  const auto known = [&](const sim::Variable& v) {
    return std::ranges::all_of(v.axes, [&](const std::string& a) {
      return std::ranges::find(layout.axes, a, &sim::Axis::name) != layout.axes.end();
    });
  };
  for (const auto& o : outcomes()) {
    if (!known(o.variable)) continue;
    layout.outcomes.push_back(o.variable);
    if (!o.meanings_of.empty()) layout.outcomes.back().meanings = ids(o.meanings_of);
  }
  for (const auto& o : series())
    if (known(o.variable)) layout.series.push_back(o.variable);
  for (const auto& row : parameter_rows())
    layout.parameters.push_back({row.name, row.unit, row.text, ValueKind::real, {}, {}, false});
  layout.event_kinds = event_kind_names();
  const auto& actions = ids("actions");
  layout.event_kinds.insert(layout.event_kinds.end(), actions.begin(), actions.end());
  layout.event_refs = {"place", "site", "actor"};
  return layout;
}

}  // namespace qantar::agents
