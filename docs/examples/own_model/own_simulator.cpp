// A simulator of your own with the observation model of the record, from a class to a verdict: a crowd gathers at a
// rate that is not known; do the police clear it?
#include <cstdio>

#include <qantar/analysis/inference/adjudication.hpp>
#include <qantar/analysis/inference/model_account.hpp>

using namespace qantar;
using namespace qantar::analysis;

class Crowd {
 public:
  struct World {
    double rate = 0, size = 0;
    sim::Hours cleared = sim::never;
  };
  Crowd(sim::Distribution rate, double hazard) : rate_(std::move(rate)), hazard_(hazard) {
    clock_ = {{}, {0, 0}, {48 * 3600, 0}, 1.0};  // two days in hours
    layout_.outcomes = {{"crowd", "1", "those who came", sim::ValueKind::count, {}, {}},
                        {"cleared", "", "hour at which it is cleared", sim::ValueKind::time, {}, {}}};
  }
  const sim::Clock& clock() const { return clock_; }
  const sim::ResultLayout& layout() const { return layout_; }
  World make_world(const sim::Draws& draws) const {
    const sim::AssignedPrior* assigned =
        draws.assigned("rate");  // where inference wants the trial; luck decides without
    return {.rate = rate_.quantile(assigned ? assigned->quantile : draws.uniform(1, 0, 0))};
  }
  void step(World& w, const sim::Draws& draws, int step) const {
    if (sim::happened(w.cleared)) return;
    w.size += draws.poisson(w.rate, 2, 0, static_cast<std::uint32_t>(step));
    if (draws.happens(hazard_, 3, 0, static_cast<std::uint32_t>(step))) w.cleared = clock_.end_of(step);
  }
  void record_series(const World&, std::span<float>) const {}  // a series, if you want one
  void record_outcomes(const World& w, std::span<double> out) const { out[0] = w.size, out[1] = w.cleared; }
  void parameters(const World&, std::span<double>) const {}
  std::vector<sim::LoggedEvent> events(World&) const { return {}; }

 private:
  sim::Distribution rate_;
  double hazard_;
  sim::Clock clock_;
  sim::ResultLayout layout_;
};

int main() {
  const sim::Distribution rate(sim::Family::log_uniform, {5, 50});  // an hour
  sim::Priors priors;
  priors.add("rate", rate);
  const Crowd firm(rate, 0.2), lax(rate, 0.004);
  const std::vector accounts{make_account("firm", firm, priors), make_account("lax", lax, priors)};
  Evidence record;  // usually read from evidence.toml by read_evidence
  record.events.resize(2);
  auto &crowd = record.events[0], &stays = record.events[1];
  crowd.id = "crowd", crowd.measure = Measure::number, crowd.column = 0, crowd.weight = 1;
  crowd.low = 600, crowd.high = 900, crowd.factor = 1.5;
  stays.id = "stays", stays.measure = Measure::absent, stays.column = 1, stays.weight = 1;
  const auto result = adjudicate(accounts, record, firm.clock(), {.trials = 20000});
  std::puts("account  probability          log evidence     worth");
  for (std::size_t k = 0; k < accounts.size(); ++k) {
    const auto& p = result.probability[k];
    const auto& e = result.findings.evidence[k];
    std::printf("%-8s %.3f [%.3f, %.3f] %7.2f +- %.2f %7.0f\n", accounts[k].name.c_str(), p.value, p.low, p.high,
                e.log_evidence, e.standard_error, e.effective_size);
  }
  const Verdict& verdict = result.verdict;
  std::printf("verdict: %s\n", verdict.ruling == Ruling::ranked         ? accounts[*verdict.top].name.c_str()
                               : verdict.ruling == Ruling::undetermined ? "undetermined"
                                                                        : "none of the accounts");
  for (const auto& reason : verdict.reasons) std::printf("  %s\n", reason.c_str());
}
