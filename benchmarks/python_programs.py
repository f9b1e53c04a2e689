"""Time what the analysis of Python programs adds to the pattern pass, and print a Markdown table.

    python benchmarks/python_programs.py TREE [--rounds 5] [--commit 20]
    python benchmarks/python_programs.py --make TREE [--from FOLDER ...]

keytrace scans the folder, and then as a commit hook does some files of it, staged in a new git repository: with all
rules, and without those of the analyzer `python`, which is then not even built. `--make` builds the folder instead.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from peers import call, installed

from keytrace.rules.load import load_builtin

FILES, SIZE = 12_000, 143_000_000  # of the folder to make: whichever is reached first
SMALLEST, LARGEST = 5_000, 40_000  # bytes; what is staged is neither an empty __init__.py nor a table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=Path, metavar="TREE")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--commit", type=int, default=20, metavar="N", help="files to stage; 0: time the folder only")
    parser.add_argument("--make", action="store_true", help="build TREE from the running Python's own files, and stop")
    parser.add_argument("--from", action="append", default=[], type=Path, metavar="FOLDER", dest="folders",
                        help="with --make: take the programs of this folder, too; repeatable")  # fmt: skip
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error("--rounds: at least 1")
    if arguments.folders and not arguments.make:
        parser.error("--from goes with --make")
    if arguments.make:
        make(arguments.tree, arguments.folders)
    else:
        measure(arguments.tree, arguments.rounds, arguments.commit)


def measure(tree: Path, rounds: int, commit: int) -> None:
    if not tree.is_dir():
        sys.exit(f"no such folder: {tree}")
    if "keytrace" not in installed()[0]:
        sys.exit("keytrace is not installed")
    tree = tree.resolve()
    programs = sorted(path for path in tree.rglob("*.py") if path.is_file())
    print("| scanned | rules | median wall s | median CPU s | exit code |")
    print("|---|---|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as temporary:
        report = str(Path(temporary, "report.json"))
        command = ["keytrace", "scan", str(tree), "--no-cache", "--exit-zero", "-f", "json", "-o", report]
        _print(f"folder: {_amount(programs)}", command, rounds)
        if staged := _evenly([path for path in programs if SMALLEST <= path.stat().st_size <= LARGEST], commit):
            repository = Path(temporary, "repository")
            _stage(staged, tree, repository)
            os.chdir(repository)
            _print(f"commit: {_amount(staged)}", ["keytrace", "scan", "--staged", "--exit-zero"], rounds)
            os.chdir(tree)  # what we stand in cannot be removed everywhere
    if len(staged) < commit:
        print(f"\n{tree}: no more than {len(staged)} programs of {SMALLEST // 1000} to {LARGEST // 1000} kB to stage")


@dataclass(frozen=True, slots=True)
class _Run:
    seconds: float
    cpu: float  # seconds, of the program and of the processes it waited for
    exit_code: int


def _print(scanned: str, command: list[str], rounds: int) -> None:
    """Time a command in both ways, in turn, and print its rows. The first round warms the caches and does not count."""
    excluded = [word for rule in load_builtin().rules if rule.analyzer == "python" for word in _without(rule.id)]
    every, patterns = [], []
    for number in range(rounds + 1):
        pair = _run(command), _run([*command, *excluded])
        if number:
            every.append(pair[0])
            patterns.append(pair[1])
    wall, cpu = _row(f"| {scanned} | all", every)
    pass_wall, pass_cpu = _row("| | all but Python's", patterns)
    print(f"| | the analysis adds | {wall / pass_wall - 1:.2f} x | {cpu / pass_cpu - 1:.2f} x | |", flush=True)


def _without(rule_id: str) -> tuple[str, str]:
    return "--exclude-rule", rule_id


def _run(command: list[str]) -> _Run:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = call(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return _Run(cost.seconds, cpu, cost.exit_code)


def _row(start: str, runs: list[_Run]) -> tuple[float, float]:
    """Print a row, with the first exit code that is not 0, and return the median wall and CPU seconds."""
    wall, cpu = median(run.seconds for run in runs), median(run.cpu for run in runs)
    failed = next((run.exit_code for run in runs if run.exit_code), 0)
    print(f"{start} | {wall:.3f} | {cpu:.3f} | {failed} |")
    return wall, cpu


def _amount(files: list[Path]) -> str:
    return f"{len(files):,} programs, {sum(file.stat().st_size for file in files) / 1e6:.1f} MB"


def _evenly(files: list[Path], number: int) -> list[Path]:
    number = min(number, len(files))
    return [files[position * len(files) // number] for position in range(number)]


def _stage(files: list[Path], tree: Path, repository: Path) -> None:
    """Copy files of `tree` to a new repository, where they keep their relative paths, and stage them."""
    for file in files:
        _copy(file, repository / file.relative_to(tree))
    for words in (["init", "-q"], ["add", "--force", "."]):
        subprocess.run(["git", "-C", str(repository), *words], check=True)


def make(tree: Path, folders: list[Path]) -> None:
    """Copy the programs of Python's standard library, of its packages and of `folders`, until there are enough."""
    if tree.exists():
        sys.exit(f"{tree} exists")
    for folder in folders:
        if not folder.is_dir():
            sys.exit(f"no such folder: {folder}")
    count = size = 0
    for source, target in list(_programs(tree, folders)):  # all of them first: the tree may lie in one of the folders
        if count == FILES or size >= SIZE:
            break
        _copy(source, target)
        count += 1
        size += target.stat().st_size
    print(f"{tree}: {count:,} files, {size / 1e6:.1f} MB")
    if count < FILES and size < SIZE:
        print(f"there are no more; for {FILES:,} files or {SIZE / 1e6:.0f} MB name folders with --from")


def _programs(tree: Path, folders: list[Path]) -> Iterator[tuple[Path, Path]]:
    """Yield where programs are and where their copies belong."""
    library, packages = Path(sysconfig.get_path("stdlib")), Path(sysconfig.get_path("purelib"))
    sources = [("library", library), ("packages", packages)]
    sources += [(f"{number}-{folder.resolve().name}", folder) for number, folder in enumerate(folders, 1)]
    for name, folder in sources:
        left_out = {"__pycache__", "site-packages"} if folder == library else {"__pycache__"}
        for parent, below, files in os.walk(folder):
            below[:] = sorted(set(below) - left_out)
            for path in (Path(parent, file) for file in sorted(files) if file.endswith(".py")):
                if path.is_file():  # not a dangling link
                    yield path, tree / name / path.relative_to(folder)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


if __name__ == "__main__":
    main()
