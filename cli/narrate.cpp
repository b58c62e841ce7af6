#include <filesystem>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "agents/observables.hpp"
#include "analysis/narrative.hpp"
#include "cli/case_input.hpp"
#include "cli/commands.hpp"
#include "cli/replay.hpp"
#include "cli/text/wording.hpp"
#include "sim/generator_check.hpp"

namespace qantar::cli {
namespace {

struct Told {
  bool all = false, json = false;
  std::optional<std::string> why;  ///< an event; without one the whole story
};

/// What the crisis model read for a hypothesis. Throws UsageError for a case of another model.
const agents::Scenario& story_of(const agents::Hypothesis& hypothesis, const std::string& path) {
  if (!hypothesis.scenario)
    throw UsageError(path +
                     ": the model of this case keeps no log of events, so there is no story to tell; its series are in "
                     "the result of `qantar run`");
  return *hypothesis.scenario;
}

/// A label of the thing that an event refers to; null for none.
nlohmann::json label_of(const sim::ResultLayout& layout, std::size_t ref, std::int32_t index) {
  if (index < 0) return nullptr;
  return layout.axis(layout.event_refs[ref]).labels.at(index);
}

nlohmann::json events_json(const sim::TrialResult& record, const sim::ResultLayout& layout, const sim::Clock& clock) {
  auto out = nlohmann::json::array();
  for (const auto& event : record.events) {
    nlohmann::json one{{"number", out.size()},         {"time", event.time},
                       {"at", clock.text(event.time)}, {"kind", layout.event_kinds.at(event.kind)},
                       {"value", event.value},         {"causes", event.causes}};
    for (std::size_t r = 0; r < layout.event_refs.size(); ++r)
      one[layout.event_refs[r]] = label_of(layout, r, event.refs[r]);
    out.push_back(std::move(one));
  }
  return out;
}

int tell(const agents::Scenario& s, const sim::TrialResult& record, const Told& told, const Call& call) {
  if (record.status == sim::TrialStatus::failed) {
    call.err << fmt::format("qantar narrate: trial {} failed in {}: {}; there is nothing to tell\n", record.trial,
                            record.stage, record.message);
    return trials_failed;
  }
  const sim::ResultLayout layout = agents::result_layout(s);
  const analysis::Wording wording = wording_of(s);
  std::string text;
  try {
    text = told.why ? analysis::why(record, layout, s.clock, wording, *told.why)
                    : analysis::narrate(record, layout, s.clock, wording, told.all);
  } catch (const sim::InputError& error) {
    throw UsageError(std::string("--why: ") + error.what());
  }
  if (told.json) {
    call.out << nlohmann::json{{"case", s.head.title},
                               {"hypothesis", s.hypothesis},
                               {"title", s.hypothesis_title},
                               {"trial", record.trial},
                               {"seed", record.key.seed},
                               {"replicate", record.key.replicate},
                               {"time_unit", s.clock.cf_units()},
                               {"text", text},
                               {"events", events_json(record, layout, s.clock)}}
                    .dump(2)
             << "\n";
    return success;
  }
  call.out << fmt::format(
      "{}\n{} ({})\nTrial {}: seed {}, replicate {}. One run of many: what these assumptions can lead to, not what "
      "happened.\n\n",
      s.head.title, s.hypothesis_title, s.hypothesis, record.trial, record.key.seed, record.key.replicate);
  call.out << text;
  return success;
}

int tell_from_result(const std::string& path, const po::variables_map& given, const Told& told, const Call& call) {
  for (const char* option : {"seed", "hypothesis", "set"})
    if (given.count(option))
      throw UsageError(fmt::format("--{} goes with a case; the result {} holds its own. Leave it out", option, path));
  const sim::ResultReader result(path);
  if (result.trials() == 0) throw UsageError(path + " has no trials");
  const std::uint64_t last = result.trial_numbers().back();
  const std::int64_t trial = number_of(given, "trial", 0, last);
  const Replay replay(path, result);
  story_of(replay.hypothesis(0), path);
  const sim::TrialResult record = replay.trial(trial);
  return tell(story_of(replay.hypothesis(record.hypothesis), path), record, told, call);
}

int tell_from_case(const std::string& folder, const po::variables_map& given, const Told& told, const Call& call) {
  if (!given.count("seed")) throw UsageError("a trial of a case needs the seed of its run: --seed S");
  const std::uint64_t seed = number_of(given, "seed", 0, UINT64_MAX);
  const auto replicate = static_cast<std::uint32_t>(number_of(given, "trial", 0, UINT32_MAX));
  CheckedCase checked = read_case(folder, list_of(given, "set"));
  keep_hypotheses(checked.model, {given.count("hypothesis") ? text_of(given, "hypothesis") : "all"});
  if (checked.model.hypotheses.size() > 1) {
    std::vector<std::string> names;
    for (const auto& h : checked.model.hypotheses) names.push_back(h.name);
    throw UsageError("say under which hypothesis: --hypothesis NAME, one of " + sim::joined(names));
  }
  sim::check_generator();
  const agents::Hypothesis& hypothesis = checked.model.hypotheses.front();
  const agents::Scenario& scenario = story_of(hypothesis, folder);
  sim::TrialResult record = hypothesis.model->run({seed, 0, replicate});
  record.trial = replicate;
  return tell(scenario, record, told, call);
}

}  // namespace

int narrate(const Call& call) {
  Form form{
      "qantar narrate FILE --trial K [--why EVENT] [--all] [--json]\n"
      "       qantar narrate CASE --seed S --trial K [--hypothesis NAME] [--set KEY=VALUE]... [--why EVENT] [--all]",
      "Runs one trial again, exactly as it went, and tells it in time order: who decided what, on what they\n"
      "believed, and what it caused. --why goes back from one event to what brought it about.",
      "qantar narrate january.h5 --trial 12 --why site_falls:almaty_akimat",
      {"FILE"}};
  form.options.add_options()                                                                                 //
      ("trial", text_value("K"), "trial of the result, from 0; of a case: repetition under the hypothesis")  //
      ("why", text_value("EVENT"), "an event's number, its kind, or kind:place, kind:site or kind:actor")    //
      ("all", "every event, without leaving any out or merging alike ones")                                  //
      ("seed", text_value("S"), "with a case: master seed of the run")                                       //
      ("hypothesis", text_value("NAME"), "with a case: the account to assume")                               //
      ("set", text_list("KEY=VALUE"), "with a case: another value for a key; repeatable")                    //
      ("json", "one JSON object: the telling as text, and all events; times are hours as in time_unit");
  const auto given = parse(std::move(form), call);
  if (!given) return success;
  if (!given->count("trial")) throw UsageError("say which trial: --trial K");
  Told told;
  told.all = given->count("all") > 0;
  told.json = given->count("json") > 0;
  if (given->count("why")) told.why = text_of(*given, "why");
  const std::string path = list_of(*given, "FILE").front();
  return std::filesystem::is_directory(path) ? tell_from_case(path, *given, told, call)
                                             : tell_from_result(path, *given, told, call);
}

}  // namespace qantar::cli
