// Finds the command, and says in words and in the exit code how it ended.
#include <algorithm>
#include <csignal>
#include <exception>
#include <iterator>
#include <memory>
#include <new>
#include <system_error>

#include <fmt/format.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include "cli/commands.hpp"
#include "cli/sweep/sweep.hpp"
#include "cli/text/shown.hpp"
#include "sim/config/diagnostics.hpp"
#include "sim/results/provenance.hpp"

namespace qantar::cli {
namespace {

struct Command {
  const char* name;
  int (*call)(const Call&);
  const char* text;
};

constexpr Command commands[] = {
    {"check", check, "read a case, report every problem in it, and try it out"},
    {"run", run, "simulate a case many times and write the outcomes to a file"},
    {"narrate", narrate, "tell one trial as a story with causes"},
    {"compare", compare, "score the trials of a result against the documented events"},
    {"adjudicate", adjudicate, "weigh rival accounts by the record, and say whether it can tell them apart"},
    {"calibrate", calibrate, "find the parameters of each account that fit the record, or that none do"},
    {"transfer", transfer, "leave each case out in turn and score it with what the others teach"},
    {"sweep", sweep, "run a design of parameters in shards, on one machine or on a cluster"},
    {"sensitivity", sensitivity, "say which varied quantities the outcomes depend on"},
    {"whatif", whatif, "run trials again with something changed and the same luck, and say what differs"},
    {"report", report, "put results on one page that any browser opens"},
    {"verify", verify, "check that a result is whole and replay some of its trials"},
    {"export", export_table, "write the trials, events or courses of a result as CSV"},
    {"parameters", parameters, "list every parameter with unit, range, prior and source"},
    {"observables", observables, "list everything that a trial reports"},
    {"vocabulary", vocabulary, "list the signals and effects that actions of a case are made of"},
    {"schema", schema, "print the JSON Schema of a case's files, for editors"},
    {"doctor", doctor, "check that this installation and this machine are fit to run"},
    // For packages rather than people; not in the list of --help.
    {"man", man, ""},
    {"completions", completions, ""},
};

void print_help(std::ostream& out) {
  out << "usage: qantar COMMAND ...\n\n"
         "Rival accounts of a political crisis as simulations that can be run and compared.\n\nCommands:\n";
  for (const auto& command : commands)
    if (*command.text) out << fmt::format("  {:<12}{}\n", command.name, command.text);
  out << "\nOptions:\n  --help      this text; after a command: how it is called\n  --version   version and revision\n"
         "\nExample:\n  qantar run configs/january_2022 -n 1000 --seed 1 -o january.h5\n"
         "\nExit codes:\n";
  for (const auto& [code, text] : exit_codes()) out << fmt::format("  {:<4}{}\n", code, text);
}

const Command& find_command(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& command : commands) {
    if (command.name == name) return command;
    if (*command.text) names.emplace_back(command.name);
  }
  if (name.starts_with('-')) {
    names = {"--help", "--version"};
    throw UsageError(fmt::format("unknown option {}{}", name, sim::nearest_hint(name, names)));
  }
  throw UsageError(
      fmt::format("unknown command \"{}\"{}; commands: {}", name, sim::nearest_hint(name, names), sim::joined(names)));
}

/// Warnings of all floors.
void log_to(std::ostream& err) {
  auto logger = std::make_shared<spdlog::logger>("qantar", std::make_shared<spdlog::sinks::ostream_sink_mt>(err, true));
  logger->set_pattern("qantar: %l: %v");
  spdlog::set_default_logger(std::move(logger));
}

int report_bug(const Call& call, const std::string& what) {
  call.err << "qantar: " << what
           << "\nThis is a bug in qantar, not in your input. Please report it with this command line:\n  " << call.line
           << "\n"
           << sim::program_name() << "\n";
  return internal_error;
}

/// Runs `work` and turns what it throws into a message and an exit code.
template <class Work>
int guarded(const std::string& name, const Call& call, Work work) {
  const auto say = [&](const std::exception& error, ExitCode code) {
    call.err << name << ": " << error.what() << "\n";
    return code;
  };
  try {
    return work();
  } catch (const UsageError& error) {
    say(error, bad_command_line);
    call.err << "Try: " << name << " --help\n";
    return bad_command_line;
  } catch (const sim::InputError& error) {
    call.err << error.what() << "\n";  // each line begins with its place
    return bad_input;
  } catch (const sim::OutputError& error) {
    return say(error, bad_input);
  } catch (const sim::ResultError& error) {
    return say(error, damaged_result);
  } catch (const std::system_error& error) {
    return say(error, bad_input);
  } catch (const std::bad_alloc&) {
    call.err
        << name
        << ": the memory does not suffice. Use fewer --threads, or a case with fewer agents "
           "(--set case.persons_per_agent=...). What an earlier run has sealed stays, and the same command goes on\n";
    return bad_input;
  } catch (const std::exception& error) {
    return report_bug(call, error.what());
  } catch (...) {
    return report_bug(call, "an exception without a message");
  }
}

}  // namespace

const std::vector<std::pair<int, std::string>>& exit_codes() {
  static const std::vector<std::pair<int, std::string>> codes{
      {success, "done"},
      {bad_command_line, "bad command line"},
      {bad_input, "bad input, output that cannot be written, or too little memory"},
      {trials_failed, "some trials failed"},
      {damaged_result, "damaged or incomplete result"},
      {interrupted, "interrupted; what to do next is said"},
      {internal_error, "a bug in qantar, or something wrong that doctor names"}};
  return codes;
}

std::vector<Described> described_commands() {
  std::vector<Described> out;
  for (const auto& command : commands)
    if (command.call == sweep)
      std::ranges::move(sweep_verbs(), std::back_inserter(out));
    else if (*command.text)
      out.push_back({command.name, command.text, form_of(command.call)});
  return out;
}

int mpi_program(const std::vector<std::string>& words, const WorkerGroup& workers, std::ostream& plain_out,
                std::ostream& plain_err) {
  ShownStream out(plain_out), err(plain_err);
  Call call{{}, quoted(words), out, err};
  log_to(err);
  return guarded("qantar-mpi", call, [&] {
    if (words.size() < 3 || words[1] != "sweep" || words[2] != "run")
      throw UsageError(
          "ranks only run a sweep: mpirun qantar-mpi sweep run DIR; plan, status and merge are verbs of "
          "qantar sweep");
    call.arguments.assign(words.begin() + 3, words.end());
    return sweep_run_together(call, workers);
  });
}

int main_program(int argc, const char* const* argv, std::ostream& plain_out, std::ostream& plain_err) {
  ShownStream out(plain_out), err(plain_err);
  std::signal(SIGXFSZ, SIG_IGN);  // a limit of file sizes is an error like a full disk
  const std::vector<std::string> words(argv, argv + argc);
  std::string name = "qantar";
  Call call{{}, quoted(words), out, err};
  const int code = guarded(name, call, [&]() -> int {
    if (words.size() < 2) {
      print_help(err);
      return bad_command_line;
    }
    if (words[1] == "--help" || words[1] == "-h") {
      print_help(out);
      return success;
    }
    if (words[1] == "--version") {
      out << sim::program_name() << "\n";
      return success;
    }
    const Command& command = find_command(words[1]);
    name += " " + words[1];
    call.arguments.assign(words.begin() + 2, words.end());
    log_to(err);
    return guarded(name, call, [&] { return command.call(call); });
  });
  out.flush();
  if (out.good()) return code;
  err << name << ": the standard output cannot be written; is the disk full?\n";
  return code == success ? bad_input : code;
}

}  // namespace qantar::cli
