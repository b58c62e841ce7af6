// Whether this build draws the numbers that it should.
#pragma once

namespace qantar::sim {

/// Compares the generator with the vectors published with Random123 (`kat_vectors`). Throws std::runtime_error on
/// a mismatch; every program calls it before its first trial. Returns a line for the provenance of a result.
const char* check_generator();

}  // namespace qantar::sim
