#include "sim/ordered.hpp"

namespace qantar::sim {

std::string what_was_thrown() {
  try {
    throw;
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "an exception that is no std::exception";
  }
}

void parallel_for(std::int64_t count, int threads, const std::function<void(std::int64_t)>& body) {
  struct Done {};
  const StopFlag never_stops{false};
  run_ordered<Done>(
      0, count, threads,
      [&](std::int64_t i) {
        body(i);
        return Done{};
      },
      [](std::int64_t, Done&&) {}, never_stops);
}

}  // namespace qantar::sim
