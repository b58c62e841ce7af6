// What all commands share: exit codes, and how a command line is parsed.
#pragma once
#include <cstdint>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/program_options.hpp>

namespace qantar::cli {

namespace po = boost::program_options;

/// How the program ends. Scripts rely on these numbers.
enum ExitCode : int {
  success = 0,
  internal_error = 1,
  bad_command_line = 2,
  bad_input = 3,
  trials_failed = 4,
  damaged_result = 5,
  interrupted = 75
};

/// A command line that makes no sense. The message says what would.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Form;

/// One call of a command.
struct Call {
  std::vector<std::string> arguments;   ///< after the command's name
  std::string line;                     ///< as typed, quoted for a shell
  std::ostream& out;                    ///< results and nothing else
  std::ostream& err;                    ///< everything else
  std::optional<Form>* form = nullptr;  ///< when given, takes how the command is called, and nothing else is done
};

/// How a command is called, and the text of its --help.
struct Form {
  std::string usage, text, example;
  std::vector<std::string> arguments;  ///< names of what has no dashes, in order: {"CASE"}; "CASE..." takes one or more
  po::options_description options{"Options"};
};

/// The options that were given, or nothing when help was asked for and printed. Throws UsageError.
std::optional<po::variables_map> parse(Form form, const Call& call);

/// How a command is called, from its own definition, which it hands to parse() first of all.
Form form_of(int (*command)(const Call&));
/// "CASE..." without its dots, "[CASE]" as it is.
std::string bare(const std::string& argument);

/// The text of an option with a value.
po::typed_value<std::string>* text_value(const std::string& value_name);
po::typed_value<std::string>* text_value(const std::string& value_name, const std::string& otherwise);
/// An option that may be given several times.
po::typed_value<std::vector<std::string>>* text_list(const std::string& value_name);

const std::string& text_of(const po::variables_map& given, const std::string& option);
std::vector<std::string> list_of(const po::variables_map& given, const std::string& option);

/// An option that takes names: `--hypothesis a,b`, or several times.
po::typed_value<std::vector<std::string>>* name_list(const std::string& value_name, const std::string& otherwise);
/// The names of such an option. Throws UsageError for an empty one and one that is given twice.
std::vector<std::string> listed_names(const po::variables_map& given, const std::string& option);

/// A whole number from `low` to `high`. Throws UsageError.
std::uint64_t number_of(const po::variables_map& given, const std::string& option, std::uint64_t low,
                        std::uint64_t high);

/// Part of a work that is cut into `of` shards.
struct Shard {
  std::int64_t number = 0, of = 1;
};
/// The option --shard I/N. Throws UsageError.
Shard shard_of(const po::variables_map& given);

/// The option --threads, with 0 for one on each core.
int threads_of(const po::variables_map& given);

/// What every command is told that simulates a CASE and writes a file.
struct Simulation {
  std::string folder, file;
  std::string prior;  ///< a result of calibrate; empty without one
  std::vector<std::string> overrides;
  std::uint64_t seed = 0;
  int threads = 0;
  bool replace = false, json = false, quiet = false;
};
void add_simulation_options(po::options_description& options);
/// --prior FILE, of commands that can draw from a posterior.
void add_prior_option(po::options_description& options);
/// Throws UsageError.
Simulation simulation_of(const po::variables_map& given);

/// The command line as one would type it into a shell.
std::string quoted(const std::vector<std::string>& words);

}  // namespace qantar::cli
