"""Time keytrace and its peers on one small file, as a commit hook calls them, and print a Markdown table.

    python benchmarks/startup.py [--runs 15]

Cold: no compiled rules in the user's cache folder, as at the very first call. Python alone is the limit for keytrace.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from statistics import median

from peers import call, command, installed

COLD_RUNS = 3
FILLING = 6  # runs until keytrace has compiled its rules, though each is of one small file
TEXT = "import os\n\nport = int(os.environ.get('PORT', '8080'))\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    present, absent = installed()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        os.chdir(folder)  # detect-secrets finds nothing outside of where it is called
        file = folder / "small.py"
        file.write_text(TEXT)
        commands = {name: command(name, file, folder) for name in present}
        commands["python -c pass"] = [sys.executable, "-c", "pass"]
        print("| program | warm ms | cold ms |")
        print("|---|--:|--:|")
        for name, cold, warm in _times(commands, folder, runs):
            print(f"| {name} | {1000 * warm:.0f} | {1000 * cold:.0f} |")
    print("\nnot installed: skipped:", ", ".join(absent) or "none")


def _times(commands: dict[str, list[str]], folder: Path, runs: int) -> list[tuple[str, float, float]]:
    """Return for each program the median times with a new cache folder and with a filled one."""
    cold: dict[str, list[float]] = {name: [] for name in commands}
    warm: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(COLD_RUNS):
        for name, words in commands.items():
            cold[name].append(call(words, _cache(folder / f"cold-{number}")).seconds)
    for number in range(FILLING + runs):
        for name, words in commands.items():
            seconds = call(words, _cache(folder / "cold-0")).seconds
            warm[name] += [seconds] if number >= FILLING else []
    return [(name, median(cold[name]), median(warm[name])) for name in commands]


def _cache(folder: Path) -> dict[str, str]:
    """Return the variables that say where programs keep what they compiled."""
    return {name: str(folder) for name in ("KEYTRACE_CACHE_DIR", "KF_RULE_CACHE_DIR", "XDG_CACHE_HOME")}


if __name__ == "__main__":
    main()
