#include "cli/options.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <sys/resource.h>

#include "sim/config/diagnostics.hpp"

namespace qantar::cli {
namespace {

void print_help(const Form& form, std::ostream& out) {
  out << "usage: " << form.usage << "\n\n"
      << form.text << "\n\n"
      << form.options << "\nExample:\n  " << form.example << "\n";
}

po::variables_map parse_words(const Form& form, const std::vector<std::string>& words) {
  po::options_description all;
  all.add(form.options);
  po::positional_options_description positions;
  for (const auto& argument : form.arguments) {
    all.add_options()(bare(argument).c_str(), po::value<std::vector<std::string>>());
    positions.add(bare(argument).c_str(), argument.ends_with("...") ? -1 : 1);
  }
  // Abbreviated options would change their meaning whenever one is added.
  const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  po::variables_map given;
  po::store(po::command_line_parser(words).options(all).positional(positions).style(style).run(), given);
  po::notify(given);
  return given;
}

std::string unknown_option(const Form& form, const std::string& written) {
  std::vector<std::string> known;
  for (const auto& option : form.options.options())
    known.push_back(option->canonical_display_name(po::command_line_style::allow_long));
  return fmt::format("unknown option {}{}", written, sim::nearest_hint(written, known));
}

/// Threads whose stacks take at most half of the address space that a program may have.
std::int64_t threads_that_fit() {
  rlimit space{}, stack{};
  if (getrlimit(RLIMIT_AS, &space) != 0 || getrlimit(RLIMIT_STACK, &stack) != 0 || space.rlim_cur == RLIM_INFINITY ||
      stack.rlim_cur == RLIM_INFINITY)
    return std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::max<rlim_t>(1, space.rlim_cur / 2 / std::max<rlim_t>(1, stack.rlim_cur)));
}

}  // namespace

std::optional<po::variables_map> parse(Form form, const Call& call) {
  form.options.add_options()("help,h", "this text");
  if (call.form) {
    call.form->emplace(std::move(form));
    return std::nullopt;
  }
  // Help is given even when the rest of the line makes no sense yet.
  if (std::ranges::any_of(call.arguments, [](const auto& word) { return word == "--help" || word == "-h"; })) {
    print_help(form, call.out);
    return std::nullopt;
  }
  po::variables_map given;
  try {
    given = parse_words(form, call.arguments);
  } catch (const po::unknown_option& error) {
    throw UsageError(unknown_option(form, error.get_option_name()));
  } catch (const po::too_many_positional_options_error&) {
    throw UsageError("there is a word too many; expected: " + form.usage);
  } catch (const po::error& error) {
    throw UsageError(error.what());
  }
  for (const auto& argument : form.arguments)
    if (!argument.starts_with('[') && !given.count(bare(argument)))
      throw UsageError(fmt::format("{} is missing; expected: {}", bare(argument), form.usage));
  return given;
}

Form form_of(int (*command)(const Call&)) {
  std::optional<Form> form;
  std::ostringstream nowhere;
  command({{}, "", nowhere, nowhere, &form});
  return form.value();
}

std::string bare(const std::string& argument) { return argument.substr(0, argument.find("...")); }

po::typed_value<std::string>* text_value(const std::string& value_name) {
  return po::value<std::string>()->value_name(value_name);
}
po::typed_value<std::string>* text_value(const std::string& value_name, const std::string& otherwise) {
  return text_value(value_name)->default_value(otherwise);
}
po::typed_value<std::vector<std::string>>* text_list(const std::string& value_name) {
  return po::value<std::vector<std::string>>()->value_name(value_name)->composing();
}

const std::string& text_of(const po::variables_map& given, const std::string& option) {
  return given[option].as<std::string>();
}
std::vector<std::string> list_of(const po::variables_map& given, const std::string& option) {
  return given.count(option) ? given[option].as<std::vector<std::string>>() : std::vector<std::string>{};
}

po::typed_value<std::vector<std::string>>* name_list(const std::string& value_name, const std::string& otherwise) {
  return text_list(value_name)->default_value({otherwise}, otherwise);
}

std::vector<std::string> listed_names(const po::variables_map& given, const std::string& option) {
  std::vector<std::string> names;
  for (const auto& list : list_of(given, option))
    for (std::size_t begin = 0; begin <= list.size();) {
      const std::size_t comma = std::min(list.find(',', begin), list.size());
      const std::string name = list.substr(begin, comma - begin);
      if (name.empty())
        throw UsageError(
            fmt::format("--{}: \"{}\" lacks a name; expected names with commas between: a,b", option, list));
      if (std::ranges::find(names, name) != names.end())
        throw UsageError(fmt::format("--{}: \"{}\" is given twice; give each name once", option, name));
      names.push_back(name);
      begin = comma + 1;
    }
  return names;
}

std::uint64_t number_of(const po::variables_map& given, const std::string& option, std::uint64_t low,
                        std::uint64_t high) {
  const std::string& text = text_of(given, option);
  std::uint64_t value = 0;
  const auto end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest != end || value < low || value > high)
    throw UsageError(fmt::format("--{}: \"{}\" is not a whole number from {} to {}", option, text, low, high));
  return value;
}

Shard shard_of(const po::variables_map& given) {
  const std::string& text = text_of(given, "shard");
  Shard shard;
  const char* const end = text.data() + text.size();
  const auto [slash, error] = std::from_chars(text.data(), end, shard.number);
  bool good = error == std::errc() && slash != end && *slash == '/';
  if (good) {
    const auto [rest, wrong] = std::from_chars(slash + 1, end, shard.of);
    good = wrong == std::errc() && rest == end;
  }
  if (!good || shard.of < 1 || shard.number < 0 || shard.number >= shard.of)
    throw UsageError(fmt::format("--shard: \"{}\" is not I/N with I from 0 to N - 1, for example 0/8", text));
  return shard;
}

int threads_of(const po::variables_map& given) {
  const auto threads = static_cast<int>(number_of(given, "threads", 0, 4096));
  if (const auto fit = threads_that_fit(); threads > fit)
    throw UsageError(fmt::format(
        "--threads {}: their stacks alone would fill the memory that this shell allows (ulimit -v); at most "
        "{} fit",
        threads, fit));
  return threads > 0 ? threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

void add_simulation_options(po::options_description& options) {
  options.add_options()                                                                                           //
      ("output,o", text_value("FILE"), "where the result goes")                                                   //
      ("seed", text_value("S", "1"), "master seed of all random numbers")                                         //
      ("set", text_list("KEY=VALUE"), "another value for a key of the case, under every hypothesis; repeatable")  //
      ("threads", text_value("T", "0"), "threads; 0 for one on each core")                                        //
      ("force", "replace the file if it exists")                                                                  //
      ("json", "one JSON object instead of text")                                                                 //
      ("quiet", "no progress");
}

void add_prior_option(po::options_description& options) {
  options.add_options()("prior", text_value("FILE"),
                        "a result of calibrate: draw what it calibrated from its posterior, all else from the priors");
}

Simulation simulation_of(const po::variables_map& given) {
  if (!given.count("output")) throw UsageError("say where the result goes: -o FILE");
  return {list_of(given, "CASE").front(),
          text_of(given, "output"),
          given.count("prior") ? text_of(given, "prior") : "",
          list_of(given, "set"),
          number_of(given, "seed", 0, UINT64_MAX),
          threads_of(given),
          given.count("force") > 0,
          given.count("json") > 0,
          given.count("quiet") > 0};
}

std::string quoted(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) {
    const bool plain = !word.empty() && word.find_first_not_of(
                                            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                            "0123456789_-+=.,:/@%") == std::string::npos;
    std::string shown = word;
    if (!plain) {
      shown = "'";
      for (const char c : word) shown += c == '\'' ? std::string("'\\''") : std::string(1, c);
      shown += "'";
    }
    if (!out.empty()) out += ' ';
    out += shown;
  }
  return out;
}

}  // namespace qantar::cli
