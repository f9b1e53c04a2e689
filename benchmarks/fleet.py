"""Time a fleet of generated repositories that share files, with one worker and with several, and count what is scanned.

python benchmarks/fleet.py FOLDER --make 200      build the repositories from Python's own library
python benchmarks/fleet.py FOLDER [--jobs 2] [--dask local]
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from statistics import median

from peers import call

from keytrace.fleet.repositories import named
from keytrace.fleet.shared import SharedContent
from keytrace.fleet.work import Plan

SHARED, OWN = 60, 12  # files that all repositories have, and those of each


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--make", type=int, metavar="N", help="build so many repositories")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--dask", metavar="ADDRESS", help="measure the workers of a scheduler, too")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    if arguments.make:
        make(arguments.folder, arguments.make)
    else:
        measure(arguments)


def make(folder: Path, number: int) -> None:
    """Build repositories: the same library below `lib`, and files of their own."""
    chosen = random.Random(1)
    files = [
        file for file in sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*.py")) if file.stat().st_size < 60_000
    ]
    chosen.shuffle(files)
    for at in range(number):
        repository = folder / f"repository{at:04}"
        shutil.rmtree(repository, ignore_errors=True)
        (repository / "lib").mkdir(parents=True)
        for file in files[:SHARED]:
            shutil.copy(file, repository / "lib")
        for file in chosen.sample(files[SHARED:], OWN):
            content = file.read_text(encoding="utf-8", errors="replace")
            Path(repository, file.name).write_text(f"# of repository {at}\n{content}", encoding="utf-8")
        for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "all"]):
            who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
            subprocess.run(["git", *who, *words], cwd=repository, check=True)


def measure(arguments: argparse.Namespace) -> None:
    places = [str(place) for place in sorted(arguments.folder.iterdir()) if place.is_dir()]
    shared = SharedContent(Plan(), named(places, None))
    once = sum(len(files) for _, _, files in shared.tasks())
    total = sum(file.is_file() for place in places for file in Path(place).glob("**/*.py"))
    print(f"{len(places)} repositories, {total} files; {once} of them are shared and scanned once\n")
    print("| | median wall s | peak MB | exit code |\n|---|--:|--:|--:|")
    options = {"1 process": ["--jobs", "1"], f"{arguments.jobs} processes": ["--jobs", str(arguments.jobs)]}
    if arguments.dask:
        options[f"Dask, {arguments.dask}"] = ["--jobs", str(arguments.jobs), "--dask", arguments.dask]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
        listed.write("\n".join(places))
        listed.flush()
        for name, words in options.items():
            command = [sys.executable, "-m", "keytrace", "fleet", listed.name, "-q", "--no-cache", *words]
            memory = call(command, sample_memory=True)
            costs = [call(command) for _ in range(arguments.rounds)]
            seconds = median(cost.seconds for cost in costs)
            print(f"| {name} | {seconds:.2f} | {memory.peak_bytes / 1e6:.0f} | {costs[0].exit_code} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
