"""Time keytrace and its peers on a folder, one after the other in several rounds, and print a Markdown table.

    python benchmarks/compare.py TREE [--rounds 5] [--only NAME ...]

`cat` and `wc -l` read the same files: what no scanner can undercut in one process.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import tempfile
from pathlib import Path
from statistics import median

from peers import COMMANDS, call, command, installed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", action="append", choices=COMMANDS, help="besides keytrace; repeatable")
    arguments = parser.parse_args()
    if not arguments.tree.is_dir():
        sys.exit(f"no such folder: {arguments.tree}")
    tree = arguments.tree.resolve()
    present, absent = installed()
    os.chdir(tree)  # detect-secrets finds nothing outside of where it is called
    wanted = {"keytrace", *(arguments.only or COMMANDS)}
    with tempfile.TemporaryDirectory() as reports:
        commands = {name: command(name, tree, Path(reports)) for name in present if name in wanted}
        compare(commands | _limits(tree), arguments.rounds)
    print("\nnot installed: skipped:", ", ".join(absent) or "none")


def compare(commands: dict[str, list[str]], rounds: int) -> None:
    # The first round warms the caches, the system's and the programs' own; memory is taken there, time is not.
    first = {name: call(words, sample_memory=True) for name, words in commands.items()}
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, words in commands.items():
            times[name].append(call(words).seconds)
    ours = median(times["keytrace"])
    print("| program | median s | min s | max s | ratio to keytrace | peak memory MB | exit code |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for name, seconds in times.items():
        middle, cost = median(seconds), first[name]
        print(
            f"| {name} | {middle:.2f} | {min(seconds):.2f} | {max(seconds):.2f} | {middle / ours:.2f} "
            f"| {cost.peak_bytes / 1e6:.0f} | {cost.exit_code} |"
        )


def _limits(tree: Path) -> dict[str, list[str]]:
    files = f"find {shlex.quote(str(tree))} -type f -print0 | xargs -0"
    return {name: ["sh", "-c", f"{files} {name} >/dev/null"] for name in ("cat", "wc -l")}


if __name__ == "__main__":
    main()
