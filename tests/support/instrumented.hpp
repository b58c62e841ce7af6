// Sanitizers cost five to ten times the time. Tests that need many trials for a verdict then run a few of them, which
// is all that a sanitizer asks for, and leave the verdict to the other builds.
#pragma once

namespace qantar::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(QANTAR_FEW_SEEDS)
inline constexpr bool instrumented = true;
#else
inline constexpr bool instrumented = false;
#endif

}  // namespace qantar::test
