// Two trials of the real case as text that can be read: any change of the model's course shows here first.
// Renew after a wanted change with: QANTAR_RENEW_GOLDEN=1 ctest --preset release -R golden
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/crisis_case.hpp"

namespace qantar::agents {
namespace {

using test::ScenarioPtr;

constexpr std::size_t events_shown = 150;

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

std::string name_of(const std::vector<std::string>& names, std::int32_t index) {
  return index < 0 ? "somebody" : names.at(static_cast<std::size_t>(index));
}

std::string sentence(const sim::LoggedEvent& event, const Scenario& s, const sim::ResultLayout& layout) {
  const auto kind = static_cast<std::size_t>(event.kind), kinds = event_rows().size();
  std::string text = kind < kinds ? event_rows()[kind].text : s.actions[ActionId(kind - kinds)].name;
  text = replaced(text, "{place}", name_of(s.ids.names("places"), event.refs[0]));
  text = replaced(text, "{site}", name_of(s.ids.names("sites"), event.refs[1]));
  text = replaced(text, "{actor}", name_of(layout.axis("actor").labels, event.refs[2]));
  if (text.find("{content}") != std::string::npos)
    text = replaced(text, "{content}", content_rows()[static_cast<std::size_t>(event.value)].name);
  return replaced(text, "{value}", fmt::format("{:.4g}", event.value));
}

std::string trace(const ScenarioPtr& scenario, std::uint32_t replicate) {
  const CrisisModel model(scenario);
  const auto& layout = model.layout();
  const auto record = test::run(scenario, replicate);
  std::string out =
      fmt::format("{}, trial {}\n\n{:14} {:>8} {:>8} {:>7} {:>8} {:>8} {:>6} {:>8}\n", scenario->hypothesis, replicate,
                  "at 23:00", "peaceful", "violent", "police", "network", "detained", "dead", "belief");
  const std::size_t width = layout.width(layout.series), places = scenario->places.size();
  const auto column = [&](const std::string& name) {
    std::size_t at = 0;
    for (const auto& v : layout.series) {
      if (v.name == name) return at;
      at += layout.size(v);
    }
    throw std::runtime_error("no series " + name);
  };
  for (int step = 0; step < model.clock().steps(); ++step) {
    if (model.clock().hour_of_day(model.clock().begin_of(step)) != 23.0) continue;
    const float* row = record.series.data() + static_cast<std::size_t>(step) * width;
    const auto sum = [&](const std::string& name) {
      double total = 0;
      for (std::size_t c = 0; c < places; ++c) total += static_cast<double>(row[column(name) + c]);
      return total;
    };
    out += fmt::format("{:14} {:8.0f} {:8.0f} {:7.0f} {:8.2f} {:8.0f} {:6.0f} {:8.4f}\n",
                       model.clock().text(model.clock().begin_of(step)), sum("peaceful"), sum("violent"),
                       sum("police_present"), row[column("network_level")], row[column("detained_so_far")],
                       row[column("dead_so_far")], row[column("belief_president")]);
  }
  out += fmt::format("\nthe first of {} events, without stances, each with the numbers of its causes\n",
                     record.events.size());
  std::size_t shown = 0;
  for (std::size_t i = 0; i < record.events.size() && shown < events_shown; ++i) {
    const auto& event = record.events[i];
    const auto kind = static_cast<EventKind>(event.kind);
    if (kind == EventKind::stance_supports || kind == EventKind::stance_waits) continue;
    ++shown;
    out += fmt::format("{:4} {}  {}", i, model.clock().text(event.time), sentence(event, *scenario, layout));
    for (std::size_t k = 0; k < event.causes.size(); ++k)
      out += fmt::format("{}{}", k == 0 ? " <- " : ", ", event.causes[k]);
    out += "\n";
  }
  return out;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

void compare(const std::string& account, std::uint32_t replicate) {
  const std::string name = "tests/golden/" + account + ".txt";
  const std::string now = trace(test::hypothesis(test::january(), account), replicate);
  if (const char* renew = std::getenv("QANTAR_RENEW_GOLDEN"); renew && std::string(renew) == "1") {
    std::ofstream(std::string(QANTAR_SOURCE_DIR) + "/" + name, std::ios::binary) << now;
    return;
  }
  const auto expected = lines_of(test::text_of(name)), seen = lines_of(now);
  for (std::size_t i = 0; i < std::max(expected.size(), seen.size()); ++i) {
    const std::string before = i < expected.size() ? expected[i] : "(the end)";
    const std::string after = i < seen.size() ? seen[i] : "(the end)";
    if (before == after) continue;
    FAIL() << name << ":" << i + 1 << " is the first difference\n  was: " << before << "\n  now: " << after
           << "\nIf the change is wanted, renew with: QANTAR_RENEW_GOLDEN=1 ctest --preset release -R golden";
  }
}

TEST(Trace, OfTheUprisingWithoutAnySwitch) { compare("spontaneous_uprising", 0); }
TEST(Trace, OfTheConspiracy) { compare("clan_security_conspiracy", 1); }

}  // namespace
}  // namespace qantar::agents
