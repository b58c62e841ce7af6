#include "analysis/narrative.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "sim/config/diagnostics.hpp"
#include "sim/conversions.hpp"

namespace qantar::analysis {
namespace {

constexpr std::size_t most_causes_shown = 6;

/// 12,345 for amounts; one or two digits behind the point for small ones.
std::string amount(double value) {
  if (!(value == value)) return "unknown";
  const double size = std::fabs(value);
  if (size < 10 && size != std::floor(size)) return fmt::format("{:.{}f}", value, size < 1 ? 2 : 1);
  std::string digits = fmt::format("{:.0f}", value);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > (value < 0 ? 1 : 0); at -= 3)
    digits.insert(digits.begin() + at, ',');
  return digits;
}

std::string braced(const std::string& name) { return fmt::format("{{{}}}", name); }

/// Replaces each {name} by what `word` says; a name that it does not know stays as it is.
std::string fill(const std::string& sentence, const std::function<std::string(const std::string&)>& word) {
  std::string out;
  for (std::size_t i = 0; i < sentence.size();) {
    const std::size_t open = sentence.find('{', i), close = sentence.find('}', open);
    if (open == std::string::npos || close == std::string::npos) return out + sentence.substr(i);
    const std::string name = sentence.substr(open + 1, close - open - 1), found = word(name);
    out += sentence.substr(i, open - i) + (found.empty() ? braced(name) : found);
    i = close + 1;
  }
  return out;
}

class Teller {
 public:
  Teller(const sim::TrialResult& trial, const sim::ResultLayout& layout, const sim::Clock& clock,
         const Wording& wording)
      : events_(trial.events), layout_(layout), clock_(clock), wording_(wording) {
    width_ = std::to_string(events_.size()).size();
  }

  const std::string& kind(const sim::LoggedEvent& e) const { return layout_.event_kinds.at(e.kind); }
  const std::string& template_of(const sim::LoggedEvent& e) const { return wording_.sentences.at(e.kind); }

  /// The label that position `r` of an event refers to, or "".
  std::string label(const sim::LoggedEvent& e, std::size_t r) const {
    for (const auto& c : wording_.codes)
      if (c.ref == static_cast<int>(r) && template_of(e).find(braced(c.name)) != std::string::npos) return "";
    const auto axis = std::ranges::find(layout_.axes, layout_.event_refs[r], &sim::Axis::name);
    const std::size_t index = e.refs[r];
    return e.refs[r] < 0 || axis == layout_.axes.end() || index >= axis->labels.size() ? "" : axis->labels[index];
  }

  std::string sentence(const sim::LoggedEvent& e, const std::string& text, std::size_t count = 1) const {
    return fill(text, [&](const std::string& name) -> std::string {
      if (name == "count") return std::to_string(count);
      for (const auto& c : wording_.codes)
        if (c.name == name) return code_label(e, c);
      for (std::size_t r = 0; r < layout_.event_refs.size(); ++r)
        if (layout_.event_refs[r] == name) return display(label(e, r));
      return name == "value" ? amount(e.value) : "";
    });
  }
  std::string sentence(const sim::LoggedEvent& e) const { return sentence(e, template_of(e)); }

  std::string story(bool all) const {
    std::string out, day;
    std::size_t left_out = 0;
    for (std::size_t i = 0; i < events_.size();) {
      // Events of one step stand next to each other, since the log is in time order.
      std::size_t end = i;
      while (end < events_.size() && events_[end].time == events_[i].time) ++end;
      const std::string when = clock_.text(events_[i].time);
      const std::size_t space = when.rfind(' ');
      std::string lines;
      for (std::size_t k = i; k < end; ++k) {
        if (!all && wording_.quiet.contains(kind(events_[k]))) {
          ++left_out;
          continue;
        }
        const auto group = all ? std::vector<std::size_t>{k} : merged_with(k, i, end);
        if (group.front() == k) lines += line(when.substr(space + 1), group);
      }
      if (!lines.empty() && when.substr(0, space) != day) {
        day = when.substr(0, space);
        out += (out.empty() ? "" : "\n") + day + "\n";
      }
      out += lines;
      i = end;
    }
    if (left_out > 0) out += fmt::format("\nEvents left out: {} (--all tells them)\n", left_out);
    return out;
  }

  std::size_t find(const std::string& wanted) const {
    if (!wanted.empty() && wanted.find_first_not_of("0123456789") == std::string::npos) {
      if (wanted.size() > 9 || std::stoul(wanted) >= events_.size())
        throw sim::InputError(events_.empty() ? "this trial has no events"
                                              : fmt::format("there is no event {}; this trial has events 0 to {}",
                                                            wanted, events_.size() - 1));
      return std::stoul(wanted);
    }
    std::set<std::string> known;
    for (std::size_t i = 0; i < events_.size(); ++i)
      for (const auto& name : names_of(events_[i])) {
        if (name == wanted) return i;
        known.insert(name);
      }
    std::string text = fmt::format("\"{}\" does not happen in this trial", wanted);
    const std::vector<std::string> all(known.begin(), known.end());
    const std::string hint = sim::nearest_hint(wanted, all);
    text += hint;
    // A kind that exists here helps with the label, otherwise the kinds do.
    const std::string prefix = wanted.substr(0, wanted.find(':'));
    std::vector<std::string> near;
    for (const auto& name : all)
      if (known.contains(prefix) ? name.starts_with(prefix + ":") : name.find(':') == std::string::npos)
        near.push_back(name);
    if (!near.empty()) text += (hint.empty() ? "; present here: " : " Present here: ") + sim::joined(near);
    throw sim::InputError(text);
  }

  std::string tree(std::size_t root, const std::string& wanted) const {
    std::string out;
    std::set<std::size_t> told;
    const std::function<void(std::size_t, std::size_t)> tell = [&](std::size_t i, std::size_t depth) {
      const std::string head = std::string(2 * depth, ' ') + (depth == 0 ? "" : "← ");
      if (!told.insert(i).second) {
        out += head + number(i) + " (told above)\n";
        return;
      }
      const auto& e = events_.at(i);
      out += fmt::format("{}{} {}  {}\n", head, number(i), clock_.text(e.time), sentence(e));
      for (const std::int32_t cause : e.causes) tell(cause, depth + 1);
    };
    tell(root, 0);
    if (const auto others = same_name(root, wanted); !others.empty())
      out += fmt::format("\nIt is the first of {} such events; the next: {}\n", others.size() + 1, shortened(others));
    return out;
  }

 private:
  std::string display(const std::string& label) const {
    if (label.empty()) return "someone";
    const auto found = wording_.names.find(label);
    return found == wording_.names.end() ? label : found->second;
  }
  std::string code_label(const sim::LoggedEvent& e, const EventCode& c) const {
    const double code = c.ref < 0 ? e.value : sim::real(e.refs[c.ref]);
    const bool known = code >= 0 && code < sim::real(c.labels.size());
    return known ? c.labels[static_cast<std::size_t>(code)] : "unknown";
  }
  std::string number(std::size_t i) const { return fmt::format("[{}]", i); }

  /// The events of the same step in [from, to) that are told in one line with event k; only k when there are none.
  std::vector<std::size_t> merged_with(std::size_t k, std::size_t from, std::size_t to) const {
    const auto& e = events_[k];
    const auto found = wording_.merged.find(kind(e));
    if (found == wording_.merged.end()) return {k};
    // Events merge when the common sentence, without their number, reads the same.
    const std::string text = sentence(e, found->second);
    std::vector<std::size_t> group;
    for (std::size_t i = from; i < to; ++i)
      if (events_[i].kind == e.kind && sentence(events_[i], found->second) == text) group.push_back(i);
    return group;
  }

  std::string line(const std::string& hour, const std::vector<std::size_t>& group) const {
    const auto& first = events_[group.front()];
    const std::string text =
        group.size() == 1 ? sentence(first) : sentence(first, wording_.merged.at(kind(first)), group.size());
    std::set<std::size_t> causes;
    for (const std::size_t i : group)
      for (const std::int32_t cause : events_[i].causes) causes.insert(cause);
    for (const std::size_t i : group) causes.erase(i);
    std::string head = number(group.front());
    if (group.size() > 1) head = fmt::format("[{}+]", group.front());
    std::string out = fmt::format("  {}  {:>{}} {}", hour, head, width_ + 3, text);
    if (!causes.empty()) out += " ← " + shortened({causes.begin(), causes.end()});
    return out + "\n";
  }

  static std::string shortened(const std::vector<std::size_t>& numbers) {
    std::string out;
    for (std::size_t i = 0; i < numbers.size() && i < most_causes_shown; ++i)
      out += (out.empty() ? "" : ", ") + std::to_string(numbers[i]);
    return numbers.size() > most_causes_shown ? out + ", ..." : out;
  }

  /// How an event can be asked for, besides its number.
  std::vector<std::string> names_of(const sim::LoggedEvent& e) const {
    std::vector<std::string> names{kind(e)};
    for (std::size_t r = 0; r < layout_.event_refs.size(); ++r)
      if (const std::string l = label(e, r); !l.empty()) names.push_back(kind(e) + ":" + l);
    return names;
  }

  std::vector<std::size_t> same_name(std::size_t root, const std::string& wanted) const {
    std::vector<std::size_t> others;
    for (std::size_t i = root + 1; i < events_.size(); ++i) {
      const auto names = names_of(events_[i]);
      if (std::ranges::find(names, wanted) != names.end()) others.push_back(i);
    }
    return others;
  }

  const std::vector<sim::LoggedEvent>& events_;
  const sim::ResultLayout& layout_;
  const sim::Clock& clock_;
  const Wording& wording_;
  std::size_t width_ = 1;
};

}  // namespace

std::string narrate(const sim::TrialResult& trial, const sim::ResultLayout& layout, const sim::Clock& clock,
                    const Wording& wording, bool all) {
  return Teller(trial, layout, clock, wording).story(all);
}

std::string why(const sim::TrialResult& trial, const sim::ResultLayout& layout, const sim::Clock& clock,
                const Wording& wording, const std::string& event) {
  const Teller teller(trial, layout, clock, wording);
  return teller.tree(teller.find(event), event);
}

}  // namespace qantar::analysis
