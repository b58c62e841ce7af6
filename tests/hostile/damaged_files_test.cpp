// Files that were damaged at random, as they are and sealed anew, in the hands of every command that reads: none ends
// by a signal or as a bug, none takes more than its share of memory and time, and what is not sealed anew is refused.
#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/results/hdf5.hpp"
#include "sim/results/seal.hpp"
#include "tests/support/full_length.hpp"
#include "tests/support/program.hpp"

namespace qantar::testing {
namespace {

namespace h5 = sim::h5;
using Words = std::vector<std::string>;
using Random = std::mt19937_64;

struct Watched {
  int status = 0;  ///< as of waitpid
  double seconds = 0;
  std::int64_t bytes = 0;  ///< greatest resident size
};

Watched watch(const Words& words) {
  std::vector<char*> argv;
  const std::string program = QANTAR_PROGRAM;
  argv.push_back(const_cast<char*>(program.c_str()));
  for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    const int nowhere = open("/dev/null", O_RDWR);
    for (const int stream : {0, 1, 2}) dup2(nowhere, stream);
    alarm(60);
    execv(argv[0], argv.data());
    _exit(127);
  }
  Watched out;
  rusage used{};
  wait4(child, &out.status, 0, &used);
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  out.bytes = used.ru_maxrss * 1024;
  return out;
}

std::size_t below(Random& random, std::size_t n) {
  return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
}

/// Some bytes become others, or the file shorter or longer.
void damage_bytes(const fs::path& path, Random& random) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  in.close();
  switch (below(random, 8)) {
    case 0:
      bytes.resize(below(random, bytes.size()));
      break;
    case 1:
      bytes.append(1 + below(random, 4096), '\xff');
      break;
    case 2:
    case 3: {
      const std::size_t n = 1 + below(random, 256), at = below(random, bytes.size() - n);
      const char by = "\0\xff"[below(random, 2)];
      std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), n, by);
      break;
    }
    default:
      for (std::size_t n = 1 + below(random, 8); n > 0; --n)
        bytes[below(random, bytes.size())] ^= static_cast<char>(1U << below(random, 8));
  }
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// A number somewhere in the file becomes one that nobody expects there.
void damage_numbers(const fs::path& path, Random& random) {
  const h5::Handle file = h5::open_file(path, true);
  std::vector<std::string> objects;
  for (auto& object : sim::list_objects(file))
    if (object.starts_with("dataset ") || object.starts_with("attribute ")) objects.push_back(std::move(object));
  constexpr double extreme[] = {-1, 0, 1, 77, 1e-9, -2147483648.0, 2147483647.0, 4e18, 1e300, NAN, INFINITY};
  for (int tries = 0; tries < 100; ++tries) {
    const std::string& object = objects[below(random, objects.size())];
    const std::string path_of = object.substr(object.find(' ') + 1);
    const double value = extreme[below(random, std::size(extreme))];
    if (object.starts_with("attribute ")) {
      const auto at = path_of.rfind('@');
      const h5::Handle owner = h5::take(H5Oopen(file, path_of.substr(0, at).c_str(), H5P_DEFAULT), "object");
      const h5::Handle attribute = h5::take(H5Aopen(owner, path_of.substr(at + 1).c_str(), H5P_DEFAULT), "attribute");
      const h5::Handle type = h5::take(H5Aget_type(attribute), "type"),
                       space = h5::take(H5Aget_space(attribute), "space");
      if (H5Tget_class(type) > H5T_FLOAT || H5Sget_simple_extent_npoints(space) != 1) continue;
      H5Awrite(attribute, H5T_NATIVE_DOUBLE, &value);
      return;
    }
    const h5::Handle dataset = h5::open_dataset(file, path_of);
    const h5::Handle type = h5::take(H5Dget_type(dataset), "type"), space = h5::take(H5Dget_space(dataset), "space");
    const hssize_t n = H5Sget_simple_extent_npoints(space);
    const auto shape = h5::dims(dataset);
    if (H5Tget_class(type) > H5T_FLOAT || n <= 0 || shape.empty()) continue;
    std::vector<hsize_t> place;
    for (const hsize_t size : shape) place.push_back(below(random, size));
    const hsize_t one = 1;
    const h5::Handle memory = h5::take(H5Screate_simple(1, &one, nullptr), "memory");
    H5Sselect_elements(space, H5S_SELECT_SET, 1, place.data());
    H5Dwrite(dataset, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, &value);
    return;
  }
}

class DamagedFiles : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new Folder;
    const auto make = [](const Words& words) {
      const Ended ended = qantar(words);
      ASSERT_EQ(ended.code, 0) << ended.err;
    };
    make({"run", small_case(), "-n", "6", "--keep-series", "2", "-o", path("run.h5")});
    make({"sweep", "plan", small_case() + "/sweeps/line.toml", "--dir", path("sweep")});
    make({"sweep", "run", path("sweep"), "--quiet"});
    make({"sweep", "merge", path("sweep"), "-o", path("merged.h5")});
    make({"adjudicate", small_case(), "--trials", "100", "--quiet", "-o", path("adjudication.h5")});
  }
  static void TearDownTestSuite() { delete folder_; }
  static std::string path(const std::string& name) { return (*folder_ / name).string(); }

  /// `commands`: words for a file, each with exit codes that a good file may give.
  static void attack(const std::string& good, const std::function<std::vector<Words>(const std::string&)>& commands) {
#if defined(QANTAR_SANITIZED)
    const int files = 2;
#else
    const int files = test::full_length() ? 1250 : 6;
#endif
    const std::string victim = path("victim.h5");
    const std::uint64_t seal = sim::seal_offset(h5::open_file(good));
    for (int i = 0; i < files; ++i)
      for (const bool numbers : {false, true})
        for (const bool resealed : {false, true}) {
          Random random(static_cast<std::uint64_t>(i) * 4 + numbers * 2 + resealed);
          fs::copy_file(good, victim, fs::copy_options::overwrite_existing);
          numbers ? damage_numbers(victim, random) : damage_bytes(victim, random);
          [[maybe_unused]] const auto size = static_cast<std::int64_t>(fs::file_size(victim));
          const bool same = text_of(victim) == text_of(good);
          if (resealed && fs::file_size(victim) >= seal + 32) sim::seal_file(victim, seal);
          for (const auto& words : commands(victim)) {
            SCOPED_TRACE(fmt::format("{}, number {}, {} damaged, {}", words[0], i, numbers ? "numbers" : "bytes",
                                     resealed ? "sealed anew" : "not sealed"));
            const Watched ended = watch(words);
            if (!WIFEXITED(ended.status)) {
              ADD_FAILURE() << "ended by signal " << WTERMSIG(ended.status);
              keep(victim);
              continue;
            }
            const int code = WEXITSTATUS(ended.status);
            EXPECT_NE(code, 1) << keep(victim);
            if (!resealed && !same) {
              EXPECT_EQ(code, 5) << keep(victim);
            }
            EXPECT_LT(ended.seconds, 20);
#if !defined(QANTAR_SANITIZED)
            EXPECT_LT(ended.bytes, 4 * size + (256 << 20)) << keep(victim);
#endif
          }
        }
  }

 private:
  /// What did harm stays, for whoever looks for the reason.
  static std::string keep(const std::string& victim) {
    const fs::path kept = fs::temp_directory_path() / fmt::format("qantar_hostile_{}.h5", std::random_device()());
    fs::copy_file(victim, kept);
    return "see " + kept.string();
  }
  static inline Folder* folder_ = nullptr;
};

TEST_F(DamagedFiles, OfARun) {
  attack(path("run.h5"), [](const std::string& f) -> std::vector<Words> {
    return {{"verify", f, "--replay", "1"},
            {"compare", f},
            {"narrate", f, "--trial", "1"},
            {"export", f},
            {"export", f, "--table", "events"},
            {"export", f, "--table", "series"},
            {"report", f, "--force", "-o", path("page.html")},
            {"whatif", f, "--prior", "--do", "threshold=0.3", "--trials", "2"}};
  });
}

TEST_F(DamagedFiles, OfAMergedSweep) {
  attack(path("merged.h5"), [](const std::string& f) -> std::vector<Words> {
    return {{"verify", f, "--replay", "1"},
            {"sensitivity", f},
            {"export", f},
            {"report", f, "--force", "-o", path("page.html")}};
  });
}

TEST_F(DamagedFiles, OfAnAdjudication) {
  attack(path("adjudication.h5"), [](const std::string& f) -> std::vector<Words> {
    return {{"verify", f, "--replay", "1"},
            {"report", f, "--force", "-o", path("page.html")},
            {"whatif", f, "--do", "threshold=0.3"}};
  });
}

TEST_F(DamagedFiles, AmongThePartsOfASweep) {
  const auto parts = fs::path(path("sweep")) / "parts";
  const fs::path part = fs::directory_iterator(parts)->path();
  fs::copy_file(part, path("part.h5"), fs::copy_options::overwrite_existing);
  attack(path("part.h5"), [&](const std::string& f) -> std::vector<Words> {
    fs::copy_file(f, part, fs::copy_options::overwrite_existing);
    return {{"sweep", "merge", path("sweep"), "--force", "-o", path("again.h5")}};
  });
  fs::copy_file(path("part.h5"), part, fs::copy_options::overwrite_existing);
}

}  // namespace
}  // namespace qantar::testing
