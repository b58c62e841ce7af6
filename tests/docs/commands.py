#!/usr/bin/python3
"""Runs the commands of documents as they are written: commands.py [--long] QANTAR_PROGRAM DOCUMENT...

Every line of a block ```sh is run, in a shell that stops at the first failure, in a copy of the repository's cases with the
program at its usual place. Documents share a folder, since one goes on where another ended. ```console marks what needs a
cluster, root or long: of these, a command of qantar that "goes on after an interruption" is begun, interrupted and begun
again, each time with Ctrl-C after some seconds, and must say how to go on. With --long nothing is run but the commands of
qantar in ```console, to their ends, and those of a section must print its figures. Prints what fails and what it said, and
the seconds of each document.
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHELL = ["bash", "-euo", "pipefail", "-c"]
SECONDS_OF_WORK = 5


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def long_commands(text):
    """Lines `$ qantar ...` of the blocks ```console, without the prompt."""
    lines = "".join(blocks(text, "console")).splitlines()
    return [line[2:] for line in lines if line.startswith("$ qantar ")]


def interrupted(command, folder, environment):
    """Whether the command can go on (exit code 75) and says how when it is interrupted at work, and what it printed."""
    process = subprocess.Popen(SHELL + [f"exec {command}"], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    time.sleep(SECONDS_OF_WORK)
    process.send_signal(signal.SIGINT)
    said = process.communicate()[1]
    return process.returncode == 75 and "Go on with:" in said, f"{command}\nexit code {process.returncode}\n{said}"


def set_up(program, folder):
    for part in ("configs", "docs"):
        shutil.copytree(ROOT / part, folder / part)
    (folder / "build").mkdir()
    (folder / "build/release").symlink_to(program.parent)
    return dict(os.environ, PATH=f"{folder}/build/release:{os.environ['PATH']}")


def cells_of(printed, name):
    """Of the tables printed, the cells in rows and in columns of that name."""
    found, column, width = [], None, 0
    for line in printed.splitlines():
        cells = re.split(r"\s{2,}", line.strip())
        if name in cells and re.search(r"\d", line):
            found += cells
        elif name in cells:
            column, width = cells.index(name) + 1, len(cells) + 1  # a head says nothing of its rows' names
        elif column and len(cells) == width:
            found.append(cells[column])
    return found


def missing_figures(section, printed):
    """Of a section, what was not printed so: table rows that begin with a name, other rows of numbers, and numbers with
    intervals."""
    named = r"^\| [`*]([^`*|]+)[`*] \|(.*)\|$"
    rows = re.findall(named, section, re.MULTILINE)
    missing = []
    for name, row in rows:
        cells = cells_of(printed, name.replace(" ", "_"))
        figures = [figure.strip() for figure in row.split("|") if re.search(r"\d\.\d", figure)]
        missing += [f"{name} {f}" for f in figures if not any(c == f or c.startswith(f"{f} [") for c in cells)]
    number = r"\d\.\d\d(?: \[\d\.\d\d, \d\.\d\d\])?"
    others = rf"{number}(?: \| {number})+(?= \|)|\d\.\d\d \[\d\.\d\d, \d\.\d\d\]"
    section = " ".join(re.sub(named, "", section, flags=re.MULTILINE).split())
    figures = [row.replace(" | ", " ") for row in re.findall(others, section)]
    if not rows and not figures:
        sys.exit("a long command without figures; an empty check proves nothing")
    return missing + [row for row in figures if row not in " ".join(printed.split())]


def run_long(document, folder, environment):
    text = document.read_text(encoding="utf-8")
    if not long_commands(text):
        sys.exit(f"{document}: no long command; an empty check proves nothing")
    good = True
    for section in re.split(r"^## ", text, flags=re.MULTILINE):
        printed = ""
        for command in long_commands(section):
            began = time.monotonic()
            ended = subprocess.run(SHELL + [f"exec {command}"], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, text=True, check=False)
            printed += ended.stdout
            print(f"{document.relative_to(ROOT)}: {command}: {time.monotonic() - began:.0f} s, exit code {ended.returncode}")
            good = good and ended.returncode == 0
        if printed:
            missing = missing_figures(section, printed)
            print(printed, f"figures of the section that its commands did not print: {missing or 'none'}", sep="\n")
            good = good and not missing
    return good


def run(document, folder, environment):
    text = document.read_text(encoding="utf-8")
    script = "\n".join(blocks(text, "sh"))
    if not script:
        sys.exit(f"{document}: no block of commands; an empty check proves nothing")
    if "&&" in script or "||" in script:
        sys.exit(f"{document}: a shell does not stop where the first part of a list fails; write a line for each command")
    began = time.monotonic()
    ended = subprocess.run(
        SHELL + [f"set -x\n{script}"], cwd=folder, env=environment,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    print(f"{document.relative_to(ROOT)}: {time.monotonic() - began:.0f} s, exit code {ended.returncode}")
    if ended.returncode:
        print("\n".join(ended.stderr.splitlines()[-30:]))
    good = ended.returncode == 0
    for command in [c for c in long_commands(text) if "goes on after an interruption" in c] * 2:
        as_wanted, said = interrupted(command, folder, environment)
        if not as_wanted:
            print(said)
        good = good and as_wanted
    return good


def main():
    words = sys.argv[1:]
    how = run
    if words[0] == "--long":
        how = run_long
        words.pop(0)
    program = pathlib.Path(words[0]).resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        environment = set_up(program, folder)
        good = [how(ROOT / document, folder, environment) for document in words[1:]]
    sys.exit(0 if all(good) else 1)


main()
