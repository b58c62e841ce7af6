// The commands. Each parses its options, calls the floors below and prints; it returns an ExitCode or throws, and
// main_program turns what it throws into a message and an exit code.
#pragma once
#include "cli/options.hpp"

namespace qantar::cli {

int check(const Call& call);
int run(const Call& call);
int narrate(const Call& call);
int compare(const Call& call);
int adjudicate(const Call& call);
int calibrate(const Call& call);
int transfer(const Call& call);
int sensitivity(const Call& call);
int sweep(const Call& call);
int whatif(const Call& call);
int report(const Call& call);
int verify(const Call& call);
int export_table(const Call& call);
int parameters(const Call& call);
int observables(const Call& call);
int vocabulary(const Call& call);
int schema(const Call& call);
int doctor(const Call& call);
int man(const Call& call);
int completions(const Call& call);

/// A command, in a line and in full.
struct Described {
  std::string name, text;
  Form form;
};
/// What the numbers of ExitCode mean, in the order in which people meet them.
const std::vector<std::pair<int, std::string>>& exit_codes();
/// All that are listed in --help, and the verbs of those that have some.
std::vector<Described> described_commands();

struct WorkerGroup;
/// The program whose ranks run a sweep together: `words` are "qantar-mpi", "sweep", "run", ...
int mpi_program(const std::vector<std::string>& words, const WorkerGroup& workers, std::ostream& out,
                std::ostream& err);

/// The whole program. Results go to `out`, everything else to `err`; progress goes to the standard error itself.
int main_program(int argc, const char* const* argv, std::ostream& out, std::ostream& err);

}  // namespace qantar::cli
