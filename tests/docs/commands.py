#!/usr/bin/python3
"""Runs the commands of documents as they are written: commands.py QANTAR_PROGRAM DOCUMENT...

Every line of a block ```sh is run, in a shell that stops at the first failure, in a copy of the repository's cases with the
program at its usual place. Blocks of a document share a folder; ```console marks what needs a cluster, root or a
quarter of an hour, and is not run. Prints each command that fails with what it said, and the seconds of each document.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHELL = ["bash", "-euo", "pipefail", "-c"]


def blocks(document):
    return re.findall(r"^```sh\n(.*?)^```", document.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def run(document, program, folder):
    for part in ("configs", "docs"):
        shutil.copytree(ROOT / part, folder / part)
    (folder / "build").mkdir()
    (folder / "build/release").symlink_to(program.parent)
    script = "\n".join(blocks(document))
    if not script:
        sys.exit(f"{document}: no block of commands; an empty check proves nothing")
    began = time.monotonic()
    ended = subprocess.run(
        SHELL + [f'PATH="$PWD/build/release:$PATH"\nset -x\n{script}'],
        cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    print(f"{document.relative_to(ROOT)}: {time.monotonic() - began:.0f} s, exit code {ended.returncode}")
    if ended.returncode:
        print("\n".join(ended.stderr.splitlines()[-30:]))
    return ended.returncode == 0


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    good = True
    for name in sys.argv[2:]:
        with tempfile.TemporaryDirectory() as folder:
            good = run(ROOT / name, program, pathlib.Path(folder)) and good
    sys.exit(0 if good else 1)


main()
