// Is this installation sound, and is this machine fit to run it?
#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <thread>

#include <boost/version.hpp>
#include <fmt/format.h>
#include <hdf5.h>
#include <hwy/highway.h>
#include <nlohmann/json.hpp>
#include <openssl/crypto.h>
#include <spdlog/version.h>
#include <toml++/toml.h>
#include <unistd.h>

#include "agents/random_draws.hpp"
#include "agents/screening.hpp"
#include "cli/commands.hpp"
#include "cli/text/table.hpp"
#include "sim/conversions.hpp"
#include "sim/generator_check.hpp"
#include "sim/results/provenance.hpp"

namespace qantar::cli {
namespace {

namespace fs = std::filesystem;

constexpr double megabytes_wanted = 100;  // a result of 1000 trials of each account of January 2022 takes about 20

/// One thing that was looked at.
struct Finding {
  std::string name, value;
  std::string problem;  ///< with its remedy; empty when all is well
};

std::string library_versions() {
  return fmt::format(
      "Boost {}.{}.{}, {}, spdlog {}.{}.{}, fmt {}.{}.{}, toml++ {}.{}.{}, JSON {}.{}.{}, Highway {}.{}.{}",
      BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100, OpenSSL_version(OPENSSL_VERSION),
      SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH, FMT_VERSION / 10000, FMT_VERSION / 100 % 100,
      FMT_VERSION % 100, TOML_LIB_MAJOR, TOML_LIB_MINOR, TOML_LIB_PATCH, NLOHMANN_JSON_VERSION_MAJOR,
      NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH, HWY_MAJOR, HWY_MINOR, HWY_PATCH);
}

Finding check_hdf5() {
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  Finding found{"HDF5", fmt::format("{}.{}.{}", major, minor, release), ""};
  if (major != H5_VERS_MAJOR || minor != H5_VERS_MINOR)
    found.problem = fmt::format("the program was built for {}.{}: build it again, or install that library",
                                H5_VERS_MAJOR, H5_VERS_MINOR);
  else if (H5Zfilter_avail(H5Z_FILTER_DEFLATE) <= 0)
    found.problem = "this HDF5 cannot compress, so results can be neither written nor read: install another one";
  return found;
}

Finding check_draws() {
  try {
    return {"generator", sim::check_generator(), ""};
  } catch (const std::exception& error) {
    return {"generator", "philox4x32-10", error.what()};
  }
}

/// The vector instructions that are taken, tried out against the plain rule.
Finding check_vectors() {
  Finding found{"vectors", fmt::format("{} ({})", agents::vector_instructions(), sim::instruction_set()), ""};
  agents::Screen screen{{}, agents::bound(0.3F), agents::bound(0.2F), agents::bound(0.1F)};
  for (std::size_t i = 0; i < screen.unaware.size(); ++i) screen.unaware[i] = static_cast<std::uint32_t>(i << 18U);
  std::array<agents::Status, agents::group_size> status{};
  for (std::size_t i = 0; i < status.size(); ++i)
    status[i] = std::array{agents::Status::unaware, agents::Status::ready, agents::Status::peaceful,
                           agents::Status::violent}[i % 4];
  for (std::uint32_t step = 0; step < 1000; ++step) {
    std::array<std::uint32_t, agents::group_size> fast{}, slow{};
    const sim::Draws draws({1, 0, 0});
    const agents::StepDraws draw(draws, step);
    const auto a = agents::may_move(screen, draw, step % 7, status.data(), fast.data());
    const auto b = agents::may_move_one_by_one(screen, draw, step % 7, status.data(), slow.data());
    if (a.bits != b.bits || a.out != b.out || (a.bits != 0 && fast != slow)) {
      found.problem = "they give other numbers than the plain rule: this build or this processor cannot be trusted";
      break;
    }
  }
  return found;
}

Finding count_threads() {
  const unsigned n = std::thread::hardware_concurrency();
  return {"threads", n > 0 ? fmt::format("{}, one on each core", n) : "1, the number of cores is not known", ""};
}

/// Whether a file can be made in a folder, and whether there is room for more.
Finding check_folder(const std::string& name, const fs::path& path) {
  Finding found{name, path.string(), ""};
  std::string file = (path / "qantar_doctor_XXXXXX").string();
  const int id = mkstemp(file.data());
  if (id < 0) {
    found.problem = fmt::format("cannot be written: {}. Work in another folder", std::strerror(errno));
    return found;
  }
  close(id);
  unlink(file.c_str());
  std::error_code error;
  const double megabytes = sim::real(fs::space(path, error).available) / 1e6;
  if (error) return found;
  found.value += fmt::format(", {:.0f} MB free", megabytes);
  if (megabytes < megabytes_wanted)
    found.problem = fmt::format("less than {:.0f} MB are free: results may not fit", megabytes_wanted);
  return found;
}

}  // namespace

int doctor(const Call& call) {
  Form form{
      "qantar doctor [--json]",
      "Says what this program is made of and whether it works here: versions, the random number generator against\n"
      "its published test vectors, the vector instructions that this machine has against the plain rule, HDF5,\n"
      "threads, and whether the current and the temporary folder can be written and have room. Exit code 1 when\n"
      "something is wrong.",
      "qantar doctor",
      {}};
  form.options.add_options()("json", "one JSON object instead of text");
  const auto given = parse(std::move(form), call);
  if (!given) return success;
  std::error_code error;
  const fs::path here = fs::current_path(error);
  fs::path temporary = fs::temp_directory_path(error);
  if (const char* named = std::getenv("TMPDIR"); error && named) temporary = named;
  const std::vector<Finding> findings{{"program", sim::program_name(), ""},
                                      {"libraries", library_versions(), ""},
                                      check_hdf5(),
                                      check_draws(),
                                      check_vectors(),
                                      count_threads(),
                                      check_folder("current folder", here),
                                      check_folder("temporary folder", temporary)};
  bool good = true;
  auto json = nlohmann::json::array();
  Table table({"", "part", "found"}, "lll");
  for (const auto& f : findings) {
    good = good && f.problem.empty();
    json.push_back({{"name", f.name}, {"value", f.value}, {"good", f.problem.empty()}, {"problem", f.problem}});
    table.add({f.problem.empty() ? "good" : "WRONG", f.name, f.problem.empty() ? f.value : f.value + ": " + f.problem});
  }
  if (given->count("json"))
    call.out << nlohmann::json{{"good", good}, {"findings", json}}.dump(2) << "\n";
  else
    call.out << table.text() << (good ? "\nAll is well.\n" : "\nSomething is wrong; see above.\n");
  return good ? success : internal_error;
}

}  // namespace qantar::cli
