#!/usr/bin/env python3
"""The tables of the README's section "Cost", as Markdown: tests/bench/table.py build/release, of a build that was configured
with QANTAR_BENCH=ON. Takes eight minutes on an idle machine; --long takes eight more for the memory of 100,000 trials of
January 2022. What is compared is measured in turns, and medians are shown."""
import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
JANUARY = [str(ROOT / "configs/january_2022"), "--hypothesis", "spontaneous_uprising"]
SMALL = [str(ROOT / "tests/support/small_case"), "--hypothesis", "all"]


def benchmarks(program):
    """Medians of five repetitions in random order, by name."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        subprocess.run([program, f"--benchmark_out={out.name}", "--benchmark_out_format=json",
                        "--benchmark_repetitions=5", "--benchmark_enable_random_interleaving=true",
                        "--benchmark_report_aggregates_only=true"], check=True, stdout=subprocess.DEVNULL)
        rows = json.load(out)["benchmarks"]
    return {row["run_name"].replace("/manual_time", ""): row for row in rows if row["aggregate_name"] == "median"}


class Ended:
    """A process from start to end: what it printed, its seconds, its peak memory in MiB, and the seconds until its second
    thread began when that is waited for."""

    def __init__(self, command, second_thread=False):
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        while second_thread and len(os.listdir(f"/proc/{process.pid}/task")) < 2:
            time.sleep(0.0002)
        self.first_trial = time.perf_counter() - start
        self.printed = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
        self.seconds = time.perf_counter() - start
        self.peak = usage.ru_maxrss / 1024
        if status != 0:
            raise SystemExit(f"{' '.join(command)} ended with {status}")


def seconds_of(command):
    """Of a process that says nothing, with as little around it as there can be."""
    start = time.perf_counter()
    silence = [(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]
    process = os.posix_spawn(command[0], command, os.environ, file_actions=silence)
    os.waitpid(process, 0)
    return time.perf_counter() - start


def median(values):
    return statistics.median(values)


def table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def duration(ms):
    return f"{ms:.3g} ms" if ms < 1000 else f"{ms / 1000:.2g} s"


def in_process(bench):
    shown = lambda n: f"{n:,}"
    table(["citizens", "trial", "citizen and step", "share of the trial in citizens"],
          [[shown(n), duration(row["real_time"]), f"{row['ns_per_citizen_step']:.2f} ns",
            f"{100 * row['share_citizens']:.0f} %"]
           for n in (10**k for k in range(3, 8)) for row in [bench[f"trial/citizens/{n}"]]])
    plain = bench["citizens/plain/1000000"]["ns_per_citizen_step"]
    names = sorted({name.split("/")[1] for name in bench if name.startswith("citizens/")},
                   key=lambda name: -bench[f"citizens/{name}/1000000"]["ns_per_citizen_step"])
    table(["a crowd of 1,000,000", "citizen and step", "times as fast", "from 1,000 to 10,000,000 citizens"],
          [[name, f"{row:.1f} ns", f"{plain / row:.1f}",
            " to ".join(f"{f(bench[f'citizens/{name}/{10**k}']['ns_per_citizen_step'] for k in range(3, 8)):.1f}"
                        for f in (min, max)) + " ns"]
           for name in names for row in [bench[f"citizens/{name}/1000000"]["ns_per_citizen_step"]]])
    one = bench["trial/times_the_places/1"]
    table(["places, sites and units", "trial", "all but citizens"],
          [[f"x {n}", f"{row['real_time']:.1f} ms", f"{row['ms_without_citizens']:.1f} ms"]
           for n in (1, 2, 4, 8) for row in [bench[f"trial/times_the_places/{n}"]]])
    table(["steps an hour", "trial"],
          [[str(n), f"{bench[f'trial/steps_an_hour/{n}']['real_time']:.1f} ms"] for n in (1, 2, 4)])
    parts = sorted((name for name in one if name.startswith("share_")), key=lambda name: -one[name])
    table(["part of a trial of the shipped case", "share"],
          [[part[6:].replace("_", " "), f"{100 * one[part]:.1f} %"] for part in parts])
    table(["civil violence", "agents and steps a second", "times the plain program"],
          [[name.replace("_", " "), f"{row['agent_steps_per_second'] / 1e6:.1f} million",
            f"{row['agent_steps_per_second'] / plain_row['agent_steps_per_second']:.1f}" if plain_row else ""]
           for name, row in ((n[len("civil_violence/"):], r) for n, r in bench.items() if n.startswith("civil_violence/"))
           for plain_row in [bench.get("civil_violence/plain/" + name.rsplit("/", 1)[1])
                             if name.startswith("shipped/") else None]])
    table(["output of", "a trial", "share of a run on one thread", "file"],
          [[f"{n:,} trials", f"{row['ms_a_trial']:.2f} ms", f"{100 * row['share_of_a_run']:.1f} %",
            f"{row['bytes_a_trial'] / 1000:.1f} KB a trial"]
           for n in (1000, 10000) for row in [bench[f"output/{n}"]]])


def whole_processes(qantar, long):
    with tempfile.TemporaryDirectory() as folder:
        def run(case, trials, threads, *more, **how):
            return Ended([qantar, "run", *case, "-n", str(trials), "--seed", "1", "--threads", str(threads), "--quiet",
                          "--json", "--force", "-o", folder + "/out.h5", *more], **how)

        helps = [seconds_of([qantar, "--help"]) for _ in range(50)]
        checks = [seconds_of([qantar, "check", JANUARY[0]]) for _ in range(20)]
        starts = [run(JANUARY, 2, 2, second_thread=True).first_trial for _ in range(10)]
        table(["start", "time"], [["`qantar --help`", f"{1e3 * median(helps):.1f} ms"],
                                  ["`qantar check` of January 2022", f"{1e3 * median(checks):.0f} ms"],
                                  ["`qantar run` of January 2022, until the first trial begins",
                                   f"{1e3 * median(starts):.0f} ms"]])

        threads = [1 << k for k in range((os.cpu_count() or 1).bit_length()) if 1 << k <= (os.cpu_count() or 1)]
        rates = {(case[0], t): [] for case in (JANUARY, SMALL) for t in threads}
        for _ in range(5):
            for case, trials in ((JANUARY, 400), (SMALL, 8000)):
                for t in threads:
                    rates[case[0], t].append(json.loads(run(case, trials, t).printed)["trials_per_second"])
        table(["threads", "January 2022, trials a second", "times one thread", "small case", "times one thread"],
              [[str(t)] + [text for case in (JANUARY, SMALL)
                           for rate, one in [(median(rates[case[0], t]), median(rates[case[0], 1]))]
                           for text in (f"{rate:.0f}", f"{rate / one:.2f}")] for t in threads])

        sizes = [("the small case", SMALL, n) for n in (1000, 10_000, 100_000)]
        sizes += [("January 2022", JANUARY, n) for n in (1000, 10_000)]
        if long:
            few = [*JANUARY, "--set", "case.persons_per_agent=2000"]
            sizes += [("January 2022 with 100 citizens", few, n) for n in (1000, 10_000, 100_000)]
        table(["peak memory of", "trials of each account", "MiB", "seconds"],
              [[name, f"{n:,}", f"{ended.peak:.0f}", f"{ended.seconds:.1f}"]
               for name, case, n in sizes for ended in [run(case, n, 2)]])

        def one_trial(share):
            return run(JANUARY, 1, 1, "--set", "case.persons_per_agent=1", "--set", f"case.mobilisable_share={share}").peak

        few, many = 0.4, 0.8  # of the people; so many citizens that nothing else makes the peak
        more = (many - few) * people_of(qantar)
        print(f"Memory of a citizen: {(one_trial(many) - one_trial(few)) * 2**20 / more:.1f} bytes")


def people_of(qantar):
    shown = subprocess.run([qantar, "check", JANUARY[0], "--resolved"], check=True, capture_output=True, text=True).stdout
    people, hypothesis = 0.0, shown.split("# hypothesis:")[1]
    for line in hypothesis.splitlines():
        if line.startswith("population = "):
            people += float(line.split("=")[1])
    return people


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=Path, help="folder of a build with QANTAR_BENCH=ON: build/release")
    parser.add_argument("--long", action="store_true", help="memory of 100,000 trials too")
    arguments = parser.parse_args()
    cpu = next(line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name"))
    compiler = subprocess.run([os.environ.get("CXX", "c++"), "--version"], capture_output=True, text=True).stdout
    print(f"{os.cpu_count()} x {cpu}; {compiler.splitlines()[0]}, -O3 for baseline x86-64\n")
    in_process(benchmarks(str(arguments.build / "tests/bench/bench")))
    whole_processes(str(arguments.build / "qantar"), arguments.long)


if __name__ == "__main__":
    main()
