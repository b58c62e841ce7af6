#include "cli/trials.hpp"

#include <algorithm>

#include "sim/progress.hpp"

namespace qantar::cli {
namespace {

sim::StopFlag stop{false};
static_assert(sim::StopFlag::is_always_lock_free);

}  // namespace

sim::StopFlag& wish_to_stop() { return stop; }

StopOnSignal::StopOnSignal() {
  stop = false;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action {};
    action.sa_handler = [](int) { stop = true; };
    take(signal, action);
  }
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;  // a reader of the log that goes away must not end the run
  take(SIGPIPE, ignore);
}

StopOnSignal::~StopOnSignal() {
  for (const auto& [signal, action] : before_) sigaction(signal, &action, nullptr);
}

void StopOnSignal::take(int signal, const struct sigaction& action) {
  struct sigaction before {};
  sigaction(signal, nullptr, &before);
  if (before.sa_handler == SIG_IGN) return;  // nohup, or a shell's background job
  sigaction(signal, &action, nullptr);
  before_.emplace_back(signal, before);
}

sim::EnsembleEnd run_trials(const agents::Case& model, const TrialPlan& plan,
                            const std::function<void(sim::TrialResult&&)>& take) {
  const std::int64_t total = plan.trials * std::ssize(model.hypotheses);
  sim::Progress progress(model.name, total,
                         plan.quiet ? sim::Progress::Style::silent : sim::Progress::style_of(stderr));
  const auto one = [&](std::int64_t trial) {
    const auto h = static_cast<std::int32_t>(trial / plan.trials);
    auto record = model.hypotheses[h].model->run({plan.seed, 0, static_cast<std::uint32_t>(trial % plan.trials)});
    record.hypothesis = h;
    return record;
  };
  const auto sink = [&](sim::TrialResult&& record) {
    const std::int64_t done = record.trial + 1;
    take(std::move(record));
    progress.update(done);
  };
  return sim::run_ensemble(0, total, plan.threads, one, sink, stop);
}

}  // namespace qantar::cli
