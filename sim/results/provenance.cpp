#include "sim/results/provenance.hpp"

#include <cctype>
#include <chrono>
#include <cstdlib>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <qantar_revision.hpp>
#include <unistd.h>

#include "sim/conversions.hpp"
#include "sim/draws.hpp"
#include "sim/generator_check.hpp"
#include "sim/results/schema.hpp"

namespace qantar::sim {
namespace {

std::string hdf5_version() {
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  return fmt::format("{}.{}.{}", major, minor, release);
}

void put_scheduler(hid_t group) {
  for (const char* name :
       {"SLURM_JOB_ID", "SLURM_JOB_NAME", "SLURM_ARRAY_JOB_ID", "SLURM_ARRAY_TASK_ID", "SLURM_PROCID",
        "SLURM_CLUSTER_NAME", "PBS_JOBID", "PBS_ARRAY_INDEX", "LSB_JOBID", "JOB_ID", "SGE_TASK_ID"})
    if (const char* value = std::getenv(name)) {
      std::string attribute = "scheduler_";
      for (const char* c = name; *c; ++c) attribute += static_cast<char>(std::tolower(static_cast<unsigned char>(*c)));
      h5::put(group, attribute, std::string_view(value));
    }
}

std::string as_text(hid_t group, const std::string& name) {
  const h5::Handle attribute = h5::take(H5Aopen(group, name.c_str(), H5P_DEFAULT), "cannot open '" + name + "'");
  const h5::Handle type = h5::take(H5Aget_type(attribute), "cannot read '" + name + "'");
  switch (H5Tget_class(type)) {
    case H5T_STRING: {
      std::string out;
      for (const auto& t : h5::texts(group, name)) out += (out.empty() ? "" : " ") + t;
      return out;
    }
    case H5T_INTEGER:
      if (H5Tget_sign(type) == H5T_SGN_NONE)
        return std::to_string(static_cast<std::uint64_t>(h5::unsigned_integer(group, name)));
      return std::to_string(h5::integer(group, name));
    case H5T_FLOAT:
      return fmt::format("{}", h5::real(group, name));
    default:
      return "";
  }
}

/// A long text is a variable: an attribute of more than 64 KiB is a feature that some readers lack.
void put_long_text(hid_t group, const std::string& name, const std::string& text, const char* long_name) {
  const h5::Handle type = h5::string_type();
  const h5::Handle dataset = h5::create_dataset(group, name, {type}, {});
  const char* start = text.c_str();
  h5::write(dataset, type, &start);
  h5::put(dataset, "units", "1");
  h5::put(dataset, "long_name", long_name);
}

/// Trials as a variable along an index.
void put_trials(hid_t group, const std::string& name, const std::string& index, const std::vector<double>& trials,
                const char* long_name) {
  const h5::Handle dataset = h5::create_dataset(group, name, {H5T_STD_I64LE}, {trials.size()});
  h5::write(dataset, H5T_NATIVE_DOUBLE, trials.data());
  h5::put(dataset, "units", "1");
  h5::put(dataset, "long_name", long_name);
  h5::attach_scale(dataset, group, index, 0);
}

/// Texts as a variable along an index.
void put_texts(hid_t group, const std::string& name, const std::string& index, const std::vector<std::string>& texts,
               const char* long_name) {
  h5::write_texts(group, name, texts);
  const h5::Handle dataset = h5::open_dataset(group, name);
  h5::put(dataset, "units", "1");
  h5::put(dataset, "long_name", long_name);
  h5::attach_scale(dataset, group, index, 0);
}

void write_sweep(hid_t group, const SweepDescription& sweep) {
  h5::put(group, "experiment", sweep.experiment);
  h5::put_int(group, "sweep_trials", sweep.trials);
  put_long_text(group, "design", sweep.design, "design of the sweep");
  put_long_text(group, "design_table", sweep.table, "table of a listed design");
  // A result without gaps has none of these, so that nobody has to look twice.
  if (sweep.missing.empty()) return;
  std::vector<double> first, last;
  for (const auto& range : sweep.missing) {
    first.push_back(real(range.first));
    last.push_back(real(range.last - 1));
  }
  write_index(group, "gap", first.size(), "number of the gap");
  put_trials(group, "missing_first", "gap", first, "first planned trial of the gap");
  put_trials(group, "missing_last", "gap", last, "last planned trial of the gap");
}

void write_origins(hid_t group, const std::vector<PartOrigin>& origins) {
  if (origins.empty()) return;
  std::vector<double> first, last;
  std::vector<std::string> hosts, started, seals;
  for (const auto& o : origins) {
    first.push_back(real(o.trials.first));
    last.push_back(real(o.trials.last - 1));
    hosts.push_back(o.host);
    started.push_back(o.started);
    seals.push_back(o.sha256);
  }
  write_index(group, "part", origins.size(), "number of the part that rows were copied from");
  put_trials(group, "part_first", "part", first, "first trial that was copied");
  put_trials(group, "part_last", "part", last, "last trial that was copied");
  put_texts(group, "part_host", "part", hosts, "machine, as the part says");
  put_texts(group, "part_started", "part", started, "time (UTC), as the part says");
  put_texts(group, "part_sha256", "part", seals, "seal of the part");
}

std::vector<PartOrigin> read_origins(hid_t group) {
  if (!h5::exists(group, "part_first")) return {};
  const auto first = h5::read_all<std::int64_t>(group, "part_first", H5T_NATIVE_INT64),
             last = h5::read_all<std::int64_t>(group, "part_last", H5T_NATIVE_INT64);
  const auto hosts = h5::read_texts(group, "part_host"), started = h5::read_texts(group, "part_started"),
             seals = h5::read_texts(group, "part_sha256");
  std::vector<PartOrigin> out;
  for (std::size_t i = 0; i < first.size(); ++i)
    out.push_back({{first[i], last.at(i) + 1}, hosts.at(i), started.at(i), seals.at(i)});
  return out;
}

SweepDescription read_sweep(hid_t group) {
  SweepDescription sweep;
  if (!h5::has_attribute(group, "experiment")) return sweep;
  sweep.experiment = h5::text(group, "experiment");
  sweep.trials = h5::integer(group, "sweep_trials");
  sweep.design = h5::read_texts(group, "design").at(0);
  sweep.table = h5::read_texts(group, "design_table").at(0);
  sweep.origins = read_origins(group);
  if (!h5::exists(group, "missing_first")) return sweep;
  const auto first = h5::read_all<std::int64_t>(group, "missing_first", H5T_NATIVE_INT64);
  const auto last = h5::read_all<std::int64_t>(group, "missing_last", H5T_NATIVE_INT64);
  for (std::size_t i = 0; i < first.size(); ++i) sweep.missing.push_back({first[i], last.at(i) + 1});
  return sweep;
}

}  // namespace

std::string program_name() {
  const std::string_view revision = QANTAR_REVISION;
  return fmt::format("qantar {}{}", QANTAR_VERSION, revision.empty() ? "" : fmt::format(" ({})", revision));
}

std::string host_name() {
  char name[256] = "";
  gethostname(name, sizeof name - 1);
  return name;
}

std::string time_now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
}

std::string instruction_set() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return "x86-64 with AVX-512";
  if (__builtin_cpu_supports("avx2")) return "x86-64 with AVX2";
  if (__builtin_cpu_supports("sse4.2")) return "x86-64 with SSE4.2";
  return "x86-64";
#elif defined(__aarch64__)
  return "AArch64 with NEON";
#else
  return "unknown";
#endif
}

void write_provenance(hid_t group, const RunDescription& run, const std::string& started) {
  std::vector<std::string> names, titles, files, contents;
  for (const auto& h : run.hypotheses) {
    names.push_back(h.name);
    titles.push_back(h.title);
  }
  for (const auto& [name, content] : run.input_files) {
    files.push_back(name);
    contents.push_back(content);
  }
  h5::put(group, "case_name", run.case_name);
  h5::put(group, "case_title", run.case_title);
  h5::put(group, "hypothesis_names", names);
  h5::put(group, "hypothesis_titles", titles);
  h5::put_int(group, "trials_per_hypothesis", run.trials_per_hypothesis);
  h5::put_int(group, "keep_series", run.keep_series);
  h5::put(group, "seed", H5T_STD_U64LE, H5T_NATIVE_UINT64, &run.seed);
  h5::put(group, "command_line", run.command_line);
  h5::put(group, "overrides", run.overrides);
  h5::put_int(group, "threads", run.threads);
  h5::put(group, "configuration_sha256", sha256(run.configuration));
  h5::put(group, "evidence_sha256", run.evidence_sha256);
  h5::put(group, "generator", "philox4x32-10");
  h5::put(group, "generator_check", check_generator());
  h5::put(group, "code_version", QANTAR_VERSION);
  h5::put(group, "revision", QANTAR_REVISION);
  h5::put(group, "compiler", QANTAR_COMPILER);
  h5::put(group, "compiler_flags", QANTAR_FLAGS);
  h5::put(group, "hdf5_version", hdf5_version());
  h5::put(group, "instruction_set", instruction_set());
  h5::put(group, "host", host_name());
  put_scheduler(group);
  h5::put_int(group, "schema_version", result_schema_version);
  h5::put(group, "started", started);

  put_long_text(group, "configuration", run.configuration, "resolved configuration");
  write_index(group, "input_file", files.size(), "number of the input file");
  if (!run.sweep.experiment.empty()) write_sweep(group, run.sweep);
  put_texts(group, "input_name", "input_file", files, "name of the input file, relative to the case");
  put_texts(group, "input_text", "input_file", contents, "text of the input file");
}

void finish_provenance(hid_t group, const std::array<std::int64_t, 2>& by_status,
                       const std::vector<PartOrigin>& origins) {
  write_origins(group, origins);
  h5::put_int(group, "trials_ok", by_status[0]);
  h5::put_int(group, "trials_failed", by_status[1]);
  h5::put(group, "ended", time_now());
}

RunDescription read_run(hid_t group) {
  RunDescription run;
  run.case_name = h5::text(group, "case_name");
  run.case_title = h5::text(group, "case_title");
  const auto names = h5::texts(group, "hypothesis_names"), titles = h5::texts(group, "hypothesis_titles");
  for (std::size_t i = 0; i < names.size(); ++i) run.hypotheses.push_back({names[i], titles.at(i)});
  run.trials_per_hypothesis = h5::integer(group, "trials_per_hypothesis");
  run.keep_series = h5::integer(group, "keep_series");
  run.seed = h5::unsigned_integer(group, "seed");
  run.command_line = h5::text(group, "command_line");
  run.overrides = h5::texts(group, "overrides");
  run.threads = static_cast<int>(h5::integer(group, "threads"));
  run.evidence_sha256 = h5::text(group, "evidence_sha256");
  run.sweep = read_sweep(group);
  run.configuration = h5::read_texts(group, "configuration").at(0);
  const auto files = h5::read_texts(group, "input_name"), contents = h5::read_texts(group, "input_text");
  for (std::size_t i = 0; i < files.size(); ++i) run.input_files.emplace_back(files[i], contents.at(i));
  return run;
}

std::map<std::string, std::string> read_provenance(hid_t group) {
  std::map<std::string, std::string> out;
  for (const auto& name : h5::attributes(group)) out[name] = as_text(group, name);
  return out;
}

}  // namespace qantar::sim
