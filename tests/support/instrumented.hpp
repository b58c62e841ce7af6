// Sanitizers cost five to ten times the time. Tests that need many trials for a verdict then run a few of them, which
// is all that a sanitizer asks for, and leave the verdict to the other builds.
#pragma once

namespace qantar::test {

#ifdef QANTAR_SANITIZED
inline constexpr bool instrumented = true;
#else
inline constexpr bool instrumented = false;
#endif

}  // namespace qantar::test
