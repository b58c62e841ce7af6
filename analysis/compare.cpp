#include "analysis/compare.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "analysis/measures.hpp"
#include "analysis/scoring/energy.hpp"
#include "analysis/scoring/interval_score.hpp"
#include "analysis/scoring/probability.hpp"
#include "analysis/statistics/bootstrap.hpp"
#include "analysis/statistics/quantile.hpp"
#include "sim/conversions.hpp"

namespace qantar::analysis {
namespace {

using sim::happened;
using sim::ValueKind;

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t most_members = 1000;  // of an energy score

bool is_scored(const Event& e) { return e.use == Use::scored; }

void add_columns(const Question& q, std::set<std::size_t>& columns) {
  columns.insert(q.column);
  if (q.compares_two()) columns.insert(q.then_column);
}

void add_columns(const Element& e, std::set<std::size_t>& columns) {
  add_columns(static_cast<const Question&>(e), columns);
  for (const auto& q : e.also) add_columns(q, columns);
}

/// What a question needs to know of all trials.
struct Answers {
  const std::vector<double>& value;
  const std::vector<double>* then;

  Answers(const Question& q, const Predictor& p)
      : value(p.columns.at(q.column)), then(q.compares_two() ? &p.columns.at(q.then_column) : nullptr) {}
  bool holds(const Question& q, std::size_t trial) const {
    return q.holds(value[trial], then ? (*then)[trial] : sim::never);
  }
  /// The number that is shown; NaN without one.
  double shown(const Question& q, std::size_t trial) const {
    if (then) return (*then)[trial] - value[trial];
    // "Happened" of a flag is that it is set, of a code that there is one.
    if (q.kind == ValueKind::flag) return value[trial] == 1.0 ? 1.0 : no_number;
    return q.kind == ValueKind::code && value[trial] < 0 ? no_number : value[trial];
  }
};

/// A row on the scale of its score, of which the fair CRPS is the score.
struct Chained {
  std::vector<double> members;
  double observed = 0;
};

Chained chained(const Event& e, const Predictor& p, const sim::Clock& clock) {
  const Answers answers(e, p);
  const ComparedBy by = measure_row(e.measure).compared_by;
  Chained out;
  out.members.reserve(answers.value.size());
  for (std::size_t t = 0; t < answers.value.size(); ++t) {
    const double x = answers.value[t];
    out.members.push_back(by == ComparedBy::hour     ? chained_time(x, clock.start(), clock.end())
                          : by == ComparedBy::number ? chained_number(x, e.least(), e.most(), e.scale)
                                                     : (answers.holds(e, t) ? 1.0 : 0.0));
  }
  out.observed = by == ComparedBy::hour     ? chained_time(e.middle(), clock.start(), clock.end())
                 : by == ComparedBy::number ? 0.0
                                            : 1.0;
  return out;
}

Row compare_row(const Event& e, const Predictor& p, const sim::Clock& clock, std::int64_t draws) {
  Row row;
  row.quantiles.fill(no_number);
  const ComparedBy by = measure_row(e.measure).compared_by;
  row.low = by == ComparedBy::number ? e.least() : e.earliest - e.tolerance;
  row.high = by == ComparedBy::number ? e.most() : e.latest + e.tolerance;
  const Answers answers(e, p);
  std::vector<double> shown;
  std::int64_t hits = 0;
  for (std::size_t t = 0; t < answers.value.size(); ++t) {
    hits += answers.holds(e, t);
    if (const double x = answers.shown(e, t); x == x) shown.push_back(x);
  }
  row.happened = p.trials > 0 ? sim::real(shown.size()) / sim::real(p.trials) : no_number;
  std::ranges::sort(shown);
  if (!shown.empty() && e.kind != ValueKind::flag && e.kind != ValueKind::code)
    for (std::size_t i = 0; i < row.quantiles.size(); ++i) row.quantiles[i] = quantile(shown, sim::band_quantiles[i]);
  row.hit = wilson(hits, p.trials);
  switch (by) {
    case ComparedBy::hour:
      row.score = time_score(answers.value, e.middle(), clock.start(), clock.end());
      break;
    case ComparedBy::number:
      row.score = number_score(answers.value, e.least(), e.most(), e.scale);
      break;
    case ComparedBy::answer:
      row.score = fair_brier(hits, p.trials, true);
  }
  row.ignorance = ignorance(row.hit.value, draws);
  row.interval_score = row.inside_50 = row.inside_90 = no_number;
  auto [members, observed] = chained(e, p, clock);
  if (by != ComparedBy::answer && !members.empty()) {
    std::ranges::sort(members);
    std::array<double, 5> q{};
    for (std::size_t i = 0; i < q.size(); ++i) q[i] = quantile(members, sim::band_quantiles[i]);
    row.interval_score = interval_score(q[0], q[4], observed);
    row.inside_50 = q[1] <= observed && observed <= q[3];
    row.inside_90 = q[0] <= observed && observed <= q[4];
  }
  return row;
}

bool belongs(const Event& e, Group group) {
  if (e.input_driven || group == Group::input_driven) return e.input_driven && group == Group::input_driven;
  switch (group) {
    case Group::in_seed:
      return e.in_seed;
    case Group::out_of_seed:
      return !e.in_seed;
    case Group::held_out:
      return e.held_out;
    case Group::not_held_out:
      return !e.held_out;
    case Group::confirmed:
      return e.grade == Grade::A || e.grade == Grade::B;
    default:
      return true;
  }
}

/// What is averaged over rows, and where the mean goes.
struct Averaged {
  Estimate Total::*total;
  double (*of)(const Row&);
};
constexpr std::array<Averaged, 6> averaged{{{&Total::hit, [](const Row& r) { return r.hit.value; }},
                                            {&Total::score, [](const Row& r) { return r.score; }},
                                            {&Total::ignorance, [](const Row& r) { return r.ignorance; }},
                                            {&Total::interval_score, [](const Row& r) { return r.interval_score; }},
                                            {&Total::inside_50, [](const Row& r) { return r.inside_50; }},
                                            {&Total::inside_90, [](const Row& r) { return r.inside_90; }}}};
constexpr std::size_t the_score = 1;

Estimate energy_of(const std::vector<const Event*>& rows, double weight, const Predictor& p, const sim::Clock& clock) {
  const auto trials = static_cast<std::size_t>(p.trials), m = std::min(trials, most_members), d = rows.size();
  std::vector<double> members(m * d), observed(d);
  for (std::size_t r = 0; r < d; ++r) {
    const Chained row = chained(*rows[r], p, clock);
    const double scale = std::sqrt(rows[r]->weight / weight);
    observed[r] = scale * row.observed;
    for (std::size_t i = 0; i < m; ++i) members[i * d + r] = scale * row.members[i * trials / m];
  }
  return fair_energy_score(members, observed);
}

/// Totals and differences of a group, all intervals from one bootstrap over its events.
void add_group(const Evidence& evidence, const sim::Clock& clock, Group group, Comparison& c) {
  const std::size_t predictors = c.predictors.size();
  std::vector<const Event*> events;
  double weight = 0;
  // Moments of a block: for each predictor and each thing that is averaged, the weight of the rows that have it, and
  // its weighted sum.
  const std::size_t moments = 2 * averaged.size() * predictors;
  const auto moment = [](std::size_t predictor, std::size_t what) { return 2 * (predictor * averaged.size() + what); };
  std::map<std::string, std::size_t> position;
  std::vector<double> blocks;
  for (const Row& row : c.rows) {
    const Event& e = evidence.events[row.event];
    if (!belongs(e, group)) continue;
    if (row.predictor == 0) {
      events.push_back(&e);
      weight += e.weight;
    }
    const std::size_t block = position.try_emplace(e.root(), position.size()).first->second;
    blocks.resize(moments * position.size());
    for (std::size_t what = 0; what < averaged.size(); ++what)
      if (const double x = averaged[what].of(row); x == x) {
        double* at = &blocks[block * moments + moment(row.predictor, what)];
        at[0] += e.weight;
        at[1] += e.weight * x;
      }
  }
  if (events.empty()) return;

  std::vector<Difference> differences;
  for (std::size_t a = 0; a < predictors && !c.predictors[a].baseline; ++a)
    for (std::size_t b = a + 1; b < predictors; ++b) differences.push_back({group, a, b, {}, {}});

  const auto mean = [&](std::span<const double> means, std::size_t predictor, std::size_t what) {
    const double* at = &means[moment(predictor, what)];
    return at[0] > 0 ? at[1] / at[0] : no_number;
  };
  const auto statistics = [&](std::span<const double> means, std::span<double> out) {
    auto next = out.begin();
    for (std::size_t p = 0; p < predictors; ++p)
      for (std::size_t what = 0; what < averaged.size(); ++what) *next++ = mean(means, p, what);
    for (const Difference& d : differences) {
      const double a = mean(means, d.a, the_score), b = mean(means, d.b, the_score);
      *next++ = a - b;
      *next++ = b > 0 ? 1.0 - a / b : no_number;
    }
  };
  const auto found = bootstrap(blocks, moments, predictors * averaged.size() + 2 * differences.size(), statistics);
  auto next = found.begin();
  const auto take = [&] {
    const Bootstrapped& b = *next++;
    return Estimate{b.value, b.percentile.low, b.percentile.high};
  };
  for (std::size_t p = 0; p < predictors; ++p) {
    Total total;
    total.group = group;
    total.predictor = p;
    total.rows = events.size();
    total.weight = weight;
    for (const auto& what : averaged) total.*what.total = take();
    total.energy = energy_of(events, weight, c.predictors[p], clock);
    c.totals.push_back(total);
  }
  for (Difference& d : differences) {
    d.score = take();
    d.skill = take();
    c.differences.push_back(d);
  }
}

SequenceResult sequence_of(const std::vector<Element>& sequence, const Predictor& p) {
  SequenceResult out;
  std::vector<int> count;
  std::vector<std::int64_t> hits(sequence.size(), 0);
  each_trial(p, [&](std::span<const double> outcomes) {
    count.push_back(0);
    for (std::size_t i = 0; i < sequence.size(); ++i)
      if (sequence[i].is_so(outcomes)) {
        ++count.back();
        ++hits[i];
      }
  });
  for (const std::int64_t n : hits) out.elements.push_back(wilson(n, p.trials));
  out.all = wilson(std::ranges::count(count, static_cast<int>(sequence.size())), p.trials);
  double sum = 0, squares = 0;
  for (const int k : count) {
    sum += k;
    squares += sim::real(k) * k;
  }
  const auto n = sim::real(p.trials);
  const double mean = sum / n;
  const double variance = n > 1 ? std::max(0.0, (squares - n * mean * mean) / (n - 1)) : 0.0;
  const double half = normal_975 * std::sqrt(variance / n);
  out.count = {mean, mean - half, mean + half};
  return out;
}

/// A course of events that is being made up: one value per outcome.
class SimpleCourse {
 public:
  explicit SimpleCourse(const sim::ResultLayout& layout) : layout_(layout) {
    for (const auto& v : layout.outcomes) {
      const double nothing = v.kind == ValueKind::time ? sim::never : v.kind == ValueKind::code ? -1.0 : 0.0;
      values_.insert(values_.end(), layout.size(v), nothing);
    }
  }
  double& operator[](std::size_t column) { return values_[column]; }

  std::vector<sim::Placed> variables() const { return layout_.placed(layout_.outcomes); }

  /// A code takes the label of the event with which all began, where that is one of its meanings.
  void name_origin(const std::string& label) {
    for (const auto& [v, first, size] : variables()) {
      const auto found = std::ranges::find(v.meanings, label);
      if (v.kind == ValueKind::code && found != v.meanings.end())
        values_[first] = sim::real(found - v.meanings.begin());
    }
  }

  Predictor as_predictor(const std::string& name, const std::string& title) const {
    Predictor p;
    p.name = name;
    p.title = title;
    p.baseline = true;
    p.trials = 1;
    for (std::size_t i = 0; i < values_.size(); ++i) p.columns[i] = {values_[i]};
    return p;
  }

 private:
  const sim::ResultLayout& layout_;
  std::vector<double> values_;
};

/// The time that the record gives to the outcome of a row; never without one. Whether an outcome that is documented not
/// to happen has a window says nothing on when it happens.
sim::Hours documented_time(const Event& e) {
  const bool timed = e.measure == Measure::time || (e.measure == Measure::occurs && e.kind == ValueKind::time);
  return is_scored(e) && timed ? e.middle() : sim::never;
}

const Event* first_event(const Evidence& evidence) {
  const Event* first = nullptr;
  for (const auto& e : evidence.events)
    if (is_scored(e) && e.measure == Measure::time && (!first || e.middle() < first->middle())) first = &e;
  return first;
}

/// The documented times up to `until`, over a course in which nothing happens. A row that gives a time outweighs one
/// that only says that it happened within a window.
void follow_record(const Evidence& evidence, sim::Hours until, SimpleCourse& course) {
  for (const Measure measure : {Measure::occurs, Measure::time})
    for (const auto& e : evidence.events)
      if (const sim::Hours t = documented_time(e); e.measure == measure && t <= until) course[e.column] = t;
  if (const Event* first = first_event(evidence)) course.name_origin(first->at);
}

Predictor nothing_happens(const Evidence& evidence, const sim::ResultLayout& layout) {
  SimpleCourse course(layout);
  if (const Event* first = first_event(evidence)) {
    course[first->column] = first->middle();
    course.name_origin(first->at);
  }
  return course.as_predictor("nothing_happens", "Protest begins, and nothing follows");
}

Predictor ends_at_the_concession(const Evidence& evidence, const sim::ResultLayout& layout) {
  SimpleCourse course(layout);
  const sim::Hours end = evidence.events[evidence.hints.concession].middle();
  follow_record(evidence, end, course);
  std::set<std::size_t> known;
  for (const auto& e : evidence.events) {
    if (!is_scored(e) || !(e.day + 24 <= end)) continue;
    if (e.measure == Measure::number) course[e.column] = 0.5 * (e.low + e.high);
    if (e.measure == Measure::occurs && e.kind == ValueKind::flag) course[e.column] = 1.0;
    known.insert(e.column);
  }
  for (const auto& [v, first, size] : course.variables()) {
    if (v.axes != std::vector<std::string>{"snapshot"} || v.kind == ValueKind::time) continue;
    for (std::size_t i = first + 1; i < first + size; ++i)
      if (!known.contains(i)) course[i] = course[i - 1];
  }
  return course.as_predictor("ends_at_the_concession", "The unrest ends with the first concession");
}

Predictor everything_burns(const Evidence& evidence, const sim::ResultLayout& layout) {
  SimpleCourse course(layout);
  const sim::Hours hour = evidence.events[evidence.hints.violence].middle();
  follow_record(evidence, hour, course);
  for (const auto& [v, first, size] : course.variables()) {
    const bool here = std::ranges::find(evidence.hints.everywhere, v.name) != evidence.hints.everywhere.end();
    for (std::size_t i = first; i < first + size; ++i) {
      if (here && !happened(course[i])) course[i] = hour;
      if (v.kind == ValueKind::flag || (v.kind == ValueKind::real && v.units == "1")) course[i] = 1.0;
    }
  }
  for (const auto& e : evidence.events)
    if (is_scored(e) && e.measure == Measure::number && e.scale == Scale::magnitude)
      course[e.column] = std::max(course[e.column], 10.0 * e.high);
  return course.as_predictor("everything_burns", "Violence in every place, every site falls");
}

}  // namespace

const std::vector<std::string>& group_names() {
  static const std::vector<std::string> names{"scored",       "in_seed",   "out_of_seed", "held_out",
                                              "not_held_out", "confirmed", "input_driven"};
  return names;
}

std::vector<std::size_t> needed_columns(const Evidence& evidence, const std::vector<Claim>& claims) {
  std::set<std::size_t> columns;
  for (const auto& e : evidence.events)
    if (is_scored(e)) add_columns(e, columns);
  for (const auto& e : evidence.sequence) add_columns(e, columns);
  for (const auto& e : evidence.stylised_facts) add_columns(e, columns);
  for (const auto& c : claims) add_columns(c, columns);
  return {columns.begin(), columns.end()};
}

std::vector<Predictor> predictors(const sim::ResultReader& result, const std::vector<std::size_t>& columns) {
  std::vector<Predictor> out;
  for (const auto& h : result.run().hypotheses) out.push_back({h.name, h.title, false, 0, 0, {}});
  const auto hypothesis = result.hypothesis(), status = result.status();
  const auto good = [&](std::size_t t) { return status[t] == sim::to_underlying(sim::TrialStatus::ok); };
  for (std::size_t t = 0; t < hypothesis.size(); ++t) {
    Predictor& p = out.at(hypothesis[t]);
    (good(t) ? p.trials : p.failed) += 1;
  }
  for (const auto& [v, first, size] : result.layout().placed(result.layout().outcomes)) {
    const auto from = std::ranges::lower_bound(columns, first), to = std::ranges::lower_bound(columns, first + size);
    if (from != to) {
      const auto values = result.variable(v.name);
      for (auto column = from; column != to; ++column) {
        for (auto& p : out) p.columns[*column].reserve(p.trials);
        for (std::size_t t = 0; t < hypothesis.size(); ++t)
          if (good(t)) out[hypothesis[t]].columns[*column].push_back(values[t * size + *column - first]);
      }
    }
  }
  return out;
}

void each_trial(const Predictor& predictor, const std::function<void(std::span<const double>)>& f) {
  if (predictor.columns.empty()) return;
  std::vector<double> outcomes(predictor.columns.rbegin()->first + 1, sim::never);
  for (std::size_t t = 0; t < static_cast<std::size_t>(predictor.trials); ++t) {
    for (const auto& [column, values] : predictor.columns) outcomes[column] = values[t];
    f(outcomes);
  }
}

Predictor predictor(const std::string& name, const std::vector<std::vector<double>>& rows,
                    const std::vector<std::size_t>& columns) {
  Predictor p;
  p.name = p.title = name;
  p.trials = static_cast<std::int64_t>(rows.size());
  for (const std::size_t column : columns) {
    auto& values = p.columns[column];
    for (const auto& row : rows) values.push_back(row.at(column));
  }
  return p;
}

std::vector<Predictor> baselines(const Evidence& evidence, const sim::ResultLayout& layout) {
  std::vector<Predictor> out{nothing_happens(evidence, layout)};
  if (evidence.hints.concession >= 0) out.push_back(ends_at_the_concession(evidence, layout));
  if (evidence.hints.violence >= 0) out.push_back(everything_burns(evidence, layout));
  return out;
}

Predictor climatology(const std::vector<Predictor>& hypotheses) {
  Predictor out{"climatology", "The trials of all accounts", true, 0, 0, {}};
  for (const auto& p : hypotheses) {
    out.trials += p.trials;
    out.failed += p.failed;
    for (const auto& [column, values] : p.columns) {
      auto& all = out.columns[column];
      all.insert(all.end(), values.begin(), values.end());
    }
  }
  return out;
}

Estimate share_of(const Question& question, const Predictor& predictor) {
  const Answers answers(question, predictor);
  std::int64_t hits = 0;
  for (std::size_t t = 0; t < answers.value.size(); ++t) hits += answers.holds(question, t);
  return wilson(hits, predictor.trials);
}

Comparison compare(const Evidence& evidence, std::vector<Predictor> predictors, const sim::Clock& clock) {
  Comparison c;
  c.predictors = std::move(predictors);
  std::int64_t draws = 0;  // of the hypothesis with the fewest
  for (const auto& p : c.predictors)
    if (!p.baseline && p.trials > 0) draws = draws > 0 ? std::min(draws, p.trials) : p.trials;
  for (std::size_t e = 0; e < evidence.events.size(); ++e) {
    if (!is_scored(evidence.events[e])) continue;
    for (std::size_t p = 0; p < c.predictors.size(); ++p) {
      Row row = compare_row(evidence.events[e], c.predictors[p], clock, draws);
      row.event = e;
      row.predictor = p;
      c.rows.push_back(row);
    }
  }
  for (std::size_t g = 0; g < group_names().size(); ++g) add_group(evidence, clock, static_cast<Group>(g), c);
  if (!evidence.sequence.empty())
    for (std::size_t p = 0; p < c.predictors.size(); ++p) {
      c.sequence.push_back(sequence_of(evidence.sequence, c.predictors[p]));
      c.sequence.back().predictor = p;
    }
  return c;
}

}  // namespace qantar::analysis
