// The manual page and the completions of shells, from what the commands say of themselves, so that none can be out of
// step. Read `qantar COMMAND --help` for the same in short.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <map>
#include <sstream>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "sim/config/diagnostics.hpp"
#include "sim/results/provenance.hpp"

namespace qantar::cli {
namespace {

/// An option as it is typed and described.
struct Option {
  std::string long_name, short_name;  ///< "--output", "-o"; the latter may be empty
  std::string value;                  ///< "FILE"; empty when it takes none
  std::string text, otherwise;        ///< otherwise: what holds without it
  bool repeatable = false;
};

std::vector<Option> options_of(const Form& form) {
  std::vector<Option> out;
  for (const auto& o : form.options.options()) {
    Option option;
    option.long_name = o->canonical_display_name(po::command_line_style::allow_long);
    option.short_name = o->canonical_display_name(po::command_line_style::allow_dash_for_short);
    if (!option.short_name.starts_with('-')) option.short_name.clear();
    option.text = o->description();
    std::ranges::replace(option.text, '\n', ' ');
    // "arg", "FILE" or "N (=5)".
    if (o->semantic()->max_tokens() > 0) {
      option.value = o->format_parameter();
      if (const auto at = option.value.find(" (="); at != std::string::npos) {
        option.otherwise = option.value.substr(at + 3, option.value.size() - at - 4);
        option.value.erase(at);
      }
    }
    option.repeatable = o->semantic()->is_composing();
    out.push_back(std::move(option));
  }
  return out;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
  return text;
}

// ---- The page ------------------------------------------------------------------------------------------------------

/// A text inside a page: nothing in it is a command to the formatter.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) out += "\\&";
    out += c == '\\' ? "\\e" : c == '-' ? "\\-" : std::string(1, c);
  }
  return out;
}

/// Lines that stay as they are.
std::string as_typed(const std::string& text) {
  std::string out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    line.erase(0, line.find_first_not_of(' '));
    out += (out.empty() ? "" : ".br\n") + escaped(line) + "\n";
  }
  return out;
}

/// The day of the page: that of the sources when a package is being made.
std::string today() {
  const char* source_date = std::getenv("SOURCE_DATE_EPOCH");
  const std::time_t now =
      source_date ? std::atoll(source_date) : std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(now));
}

void print_page(std::ostream& out) {
  const auto commands = described_commands();
  out << fmt::format(".TH QANTAR 1 \"{}\" \"{}\" \"User Commands\"\n", today(), escaped(sim::program_name()))
      << ".SH NAME\nqantar \\- rival accounts of a political crisis as simulations\n"
         ".SH SYNOPSIS\n.B qantar\n.I command\n.RI [ options ]\n"
         ".SH DESCRIPTION\nRuns rival accounts of a political crisis as simulations, compares them with what is "
         "documented, and says\nwhether the record can tell them apart.\n"
         ".SH COMMANDS\n";
  for (const auto& command : commands) {
    out << ".SS " << command.name << "\n"
        << as_typed(command.form.usage.substr(command.form.usage.find("qantar"))) << ".PP\n"
        << escaped(command.form.text) << "\n";
    for (const auto& o : options_of(command.form)) {
      if (o.long_name == "--help") continue;
      out << ".TP\n.B " << escaped(o.short_name.empty() ? o.long_name : o.short_name + ", " + o.long_name);
      if (!o.value.empty()) out << " \\fI" << escaped(o.value) << "\\fR";
      out << "\n"
          << escaped(o.text) << (o.otherwise.empty() ? "" : escaped(" (" + o.otherwise + " when left out)")) << "\n";
    }
    out << ".PP\nExample:\n.PP\n.RS 4\n" << as_typed(command.form.example) << ".RE\n";
  }
  out << ".SH EXIT STATUS\n";
  for (const auto& [code, text] : exit_codes()) out << ".TP\n.B " << code << "\n" << escaped(text) << "\n";
  out << ".SH ENVIRONMENT\n.TP\n.B TERM\nProgress is a bar that is rewritten on terminals that can, other than dumb "
         "ones; elsewhere a line now and then.\n"
         ".SH FILES\n.TP\n.I /usr/share/qantar/configs\nThe cases that come with the Debian package.\n"
         ".SH SEE ALSO\n.BR ncdump (1),\n.BR h5dump (1)\n";
}

void print_markdown(std::ostream& out) {
  out << "# Commands\n\nWritten by `qantar man --markdown`; a test compares.\n";
  for (const auto& command : described_commands()) {
    out << "\n## " << command.name << "\n\n"
        << command.form.text << "\n\n```\n"
        << command.form.usage.substr(command.form.usage.find("qantar")) << "\n```\n\n";
    for (const auto& o : options_of(command.form)) {
      if (o.long_name == "--help") continue;
      out << "* `" << (o.short_name.empty() ? "" : o.short_name + ", ") << o.long_name
          << (o.value.empty() ? "" : " " + o.value) << "`: " << o.text
          << (o.otherwise.empty() ? "" : fmt::format(" (`{}` when left out)", o.otherwise)) << "\n";
    }
    out << "\nExample: `" << replaced(command.form.example, "\n", " ") << "`\n";
  }
  out << "\n## Exit codes\n\n";
  for (const auto& [code, text] : exit_codes()) out << "* " << code << ": " << text << "\n";
}

// ---- Completions ---------------------------------------------------------------------------------------------------

enum class Completed { nothing, files, folders, words };

/// What may stand for a placeholder: one of the words that it lists, or what its name promises.
Completed kind_of_value(const std::string& placeholder) {
  if (placeholder.find('|') != std::string::npos) return Completed::words;
  for (const char* file : {"FILE", "DESIGN", "SITE", "HTML", "TABLE"})
    if (placeholder.find(file) != std::string::npos) return Completed::files;
  for (const char* folder : {"CASE", "DIR"})
    if (placeholder.find(folder) != std::string::npos) return Completed::folders;
  return Completed::nothing;
}

/// "a|b|c" as "a b c".
std::string spaced(const std::string& alternatives) { return replaced(alternatives, "|", " "); }

/// The commands of one word, and the verbs behind those of two.
std::map<std::string, std::vector<Described>> by_first_word() {
  std::map<std::string, std::vector<Described>> out;
  for (auto& command : described_commands()) {
    std::string first = command.name.substr(0, command.name.find(' '));
    out[std::move(first)].push_back(std::move(command));
  }
  return out;
}

std::string verb_names(const std::vector<Described>& commands) {
  std::string out;
  for (const auto& command : commands) {
    const std::string name = command.name.substr(command.name.rfind(' ') + 1);
    if (out.find(name) == std::string::npos) out += (out.empty() ? "" : " ") + name;
  }
  return out;
}

std::string bash_reply(const std::string& value) {
  switch (kind_of_value(value)) {
    case Completed::words:
      return fmt::format("words='{}'", spaced(value));
    case Completed::files:
      return "what=-f";
    case Completed::folders:
      return "what=-d";
    case Completed::nothing:
      break;
  }
  return "return";
}

void print_bash(std::ostream& out) {
  out << "# bash completion for qantar, written by: qantar completions bash\n"
         "_qantar() {\n"
         "  local now=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}\n"
         "  local words= what=\n"
         "  COMPREPLY=()\n";
  std::string firsts;
  for (const auto& [first, commands] : by_first_word()) firsts += first + " ";
  out << "  if ((COMP_CWORD == 1)); then\n    COMPREPLY=($(compgen -W '" << firsts
      << "--help --version' -- \"$now\"))\n    return\n  fi\n";
  for (const auto& [first, commands] : by_first_word())
    if (commands.front().name != first)
      out << fmt::format(
          "  if [[ $command == {0} ]]; then\n    if ((COMP_CWORD == 2)); then\n      COMPREPLY=($(compgen -W '{1} "
          "--help' -- \"$now\"))\n      return\n    fi\n    command+=\" ${{COMP_WORDS[2]}}\"\n  fi\n",
          first, verb_names(commands));
  out << "  case \"$command $before\" in\n";
  for (const auto& command : described_commands())
    for (const auto& o : options_of(command.form))
      if (!o.value.empty()) {
        std::string pattern = fmt::format("'{} {}'", command.name, o.long_name);
        if (!o.short_name.empty()) pattern += fmt::format(" | '{} {}'", command.name, o.short_name);
        out << fmt::format("    {}) {} ;;\n", pattern, bash_reply(o.value));
      }
  out << "    *)\n      case $command in\n";
  for (const auto& command : described_commands()) {
    std::string names;
    for (const auto& o : options_of(command.form)) names += (names.empty() ? "" : " ") + o.long_name;
    out << fmt::format("        '{}')\n          if [[ $now == -* ]]; then words='{}'\n", command.name, names);
    const auto& arguments = command.form.arguments;
    if (!arguments.empty() && kind_of_value(arguments.front()) != Completed::nothing)
      out << fmt::format("          else {}\n", bash_reply(arguments.front()));
    out << "          fi\n          ;;\n";
  }
  out << "      esac\n      ;;\n  esac\n"
         "  if [[ $words ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$words\" -- \"$now\"))\n"
         "  elif [[ $what ]]; then\n"
         "    compopt -o filenames 2>/dev/null\n"
         "    mapfile -t COMPREPLY < <(compgen \"$what\" -- \"$now\")\n"
         "  fi\n"
         "}\n"
         "complete -F _qantar qantar\n";
}

/// A text inside single quotes and brackets of zsh.
std::string for_zsh(std::string text) {
  text = replaced(std::move(text), "'", "'\\''");
  for (const char* special : {"[", "]", ":"}) text = replaced(std::move(text), special, std::string("\\") + special);
  return text;
}

std::string zsh_action(const std::string& value) {
  switch (kind_of_value(value)) {
    case Completed::words:
      return ":(" + spaced(value) + ")";
    case Completed::files:
      return ":_files";
    case Completed::folders:
      return ":_files -/";
    case Completed::nothing:
      break;
  }
  return ": ";
}

std::string zsh_name(const std::string& value) { return value.find('|') == std::string::npos ? value : "value"; }

void print_zsh_arguments(const Described& command, std::ostream& out) {
  out << "_arguments -s";
  for (const auto& o : options_of(command.form)) {
    std::string names = o.long_name, spec = o.repeatable ? "'*'" : "";
    if (!o.short_name.empty()) {
      names = fmt::format("{{{},{}}}", o.short_name, o.long_name);
      if (!o.repeatable) spec = fmt::format("'({} {})'", o.short_name, o.long_name);
    }
    out << fmt::format(" \\\n    {}{}'[{}]", spec, names, for_zsh(o.text));
    if (!o.value.empty()) out << ":" << for_zsh(zsh_name(o.value)) << zsh_action(o.value);
    out << "'";
  }
  for (const auto& argument : command.form.arguments)
    out << fmt::format(" \\\n    '{}:{}{}'",
                       argument.ends_with("...")   ? "*"
                       : argument.starts_with('[') ? ":"
                                                   : "",
                       replaced(replaced(bare(argument), "[", ""), "]", ""), zsh_action(argument));
  out << " ;;\n";
}

void print_zsh(std::ostream& out) {
  out << "#compdef qantar\n# zsh completion for qantar, written by: qantar completions zsh\n_qantar() {\n"
         "  local -a commands\n";
  const auto list = [&](const std::vector<std::pair<std::string, std::string>>& lines, const char* indent) {
    out << indent << "commands=(";
    for (const auto& [name, text] : lines) out << fmt::format("\n{}  '{}:{}'", indent, name, for_zsh(text));
    out << ")\n";
  };
  std::vector<std::pair<std::string, std::string>> firsts;
  for (const auto& [first, commands] : by_first_word())
    firsts.emplace_back(first, commands.front().name == first ? commands.front().text : verb_names(commands));
  out << "  if ((CURRENT == 2)); then\n";
  list(firsts, "    ");
  out << "    _describe command commands\n    return\n  fi\n  local command=$words[2]\n"
         "  shift words\n  ((CURRENT--))\n";
  for (const auto& [first, commands] : by_first_word()) {
    if (commands.front().name == first) continue;
    std::vector<std::pair<std::string, std::string>> second;
    for (const auto& command : commands) second.emplace_back(command.name.substr(first.size() + 1), command.text);
    out << "  if [[ $command == " << first << " ]]; then\n    if ((CURRENT == 2)); then\n";
    list(second, "      ");
    out << "      _describe verb commands\n      return\n    fi\n    command+=\" $words[2]\"\n"
           "    shift words\n    ((CURRENT--))\n  fi\n";
  }
  out << "  case $command in\n";
  for (const auto& command : described_commands()) {
    out << "  '" << command.name << "')\n    ";
    print_zsh_arguments(command, out);
  }
  out << "  esac\n}\n_qantar \"$@\"\n";
}

}  // namespace

int man(const Call& call) {
  Form form{"qantar man",
            "Prints the manual page. Packages install it; without one, read it with man -l.",
            "qantar man > qantar.1 && man -l ./qantar.1",
            {}};
  form.options.add_options()("markdown", "the file docs/COMMANDS.md");
  const auto given = parse(std::move(form), call);
  if (!given) return success;
  given->count("markdown") ? print_markdown(call.out) : print_page(call.out);
  return success;
}

int completions(const Call& call) {
  Form form{"qantar completions bash|zsh",
            "Prints what lets a shell complete commands and options. Packages install it; without one, source it in\n"
            "bash, or put it as _qantar into a folder of zsh's fpath.",
            "source <(qantar completions bash)",
            {"SHELL"}};
  const auto given = parse(std::move(form), call);
  if (!given) return success;
  const std::string shell = list_of(*given, "SHELL").front();
  if (shell != "bash" && shell != "zsh")
    throw UsageError(fmt::format("\"{}\" is none of bash, zsh{}", shell, sim::nearest_hint(shell, {"bash", "zsh"})));
  shell == "bash" ? print_bash(call.out) : print_zsh(call.out);
  return success;
}

}  // namespace qantar::cli
