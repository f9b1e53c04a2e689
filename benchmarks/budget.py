"""Scan a folder in one process and print the CPU that each stage takes, as a Markdown table.

    python benchmarks/budget.py TREE [-- OPTIONS OF keytrace scan]

A stage's own time is counted, not that of those it calls. Counting takes time itself: some percent of the small stages.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from functools import wraps
from importlib import import_module
from pathlib import Path
from time import process_time
from types import FunctionType
from typing import Any

STAGES = {  # what is counted for a stage: functions, or methods, by where they are defined
    "start-up": ["engine:load_ruleset", "engine:Engine.__init__"],  # and all before the scan, all imports among it
    "walk": ["sources.folder:FolderSource.artifacts"],
    "read": ["sources.folder:FileArtifact.read"],
    "decode": ["batch:decode", "text.document:Document.__init__"],
    "pass": ["match.database:HyperscanIndex.scan", "match.plain:RegexIndex.scan"],
    "pattern": ["analyzers.pattern:PatternAnalyzer.analyze"],
    "keyword": ["analyzers.keyword:KeywordAnalyzer.analyze"],
    "binary": ["analyzers.binary:BinaryAnalyzer.analyze"],
    "decoders": ["decoders.layers:layers", "decoders.layers:folded"],
    "Python: select": ["analyzers.python.analysis:survey", "analyzers.python.analysis:analyze"],
    "Python: join": ["analyzers.python.project:Project.questions", "analyzers.python.project:Project.readings"],
    "Python: parse": ["analyzers.python.reader:parse"],
    "Python: interpret": ["analyzers.python.reader:Reader.matches"],
    "complete": ["findings:complete"],
    "redact": ["redaction.report:cover", "redaction.report:Cover.finding", "redaction.paths:findings_in_names"],
    "report": ["cli.report:_write"],
    "all else": ["api:scan_source"],
}


class Clock:
    """The CPU time of stages, of which one at a time runs; those that it calls wait for it to go on."""

    def __init__(self) -> None:
        self.spent = dict.fromkeys(STAGES, 0.0)
        self._running = ["start-up"]
        self._since = 0.0  # when the process began

    def enter(self, stage: str) -> None:
        self._charge()
        self._running.append(stage)

    def leave(self) -> None:
        self._charge()
        self._running.pop()

    def _charge(self) -> None:
        now = process_time()
        self.spent[self._running[-1]] += now - self._since
        self._since = now

    def counted(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        """Return a function whose time, and that of the generator which it may return, is the stage's."""

        def going_on(steps: Iterator[Any]) -> Iterator[Any]:
            while True:
                self.enter(stage)
                try:
                    step = next(steps)
                except StopIteration:
                    return
                finally:
                    self.leave()
                yield step

        @wraps(function)
        def called(*arguments: Any, **named: Any) -> Any:
            self.enter(stage)
            try:
                result = function(*arguments, **named)
            finally:
                self.leave()
            return going_on(result) if hasattr(result, "gi_frame") else result

        return called


def count_all(clock: Clock) -> None:
    """Have each stage counted."""
    for stage, places in STAGES.items():
        for place in places:
            module, _, path = place.partition(":")
            owner: Any = import_module(f"keytrace.{module}")
            *outer, name = path.split(".")
            for part in outer:
                owner = getattr(owner, part)
            function = owner.__dict__.get(name)
            if not isinstance(function, FunctionType):
                sys.exit(f"there is no function keytrace.{place} any more: mend the table STAGES")
            counted = clock.counted(function, stage)
            for known in [owner, *sys.modules.values()]:  # also where it was imported by name
                if getattr(known, "__dict__", {}).get(name) is function:
                    setattr(known, name, counted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=Path)
    parser.add_argument("options", nargs="*")
    arguments = parser.parse_args()
    clock = Clock()
    count_all(clock)
    from keytrace.cli import main as keytrace

    output = io.StringIO()
    with redirect_stdout(output):
        keytrace(
            [
                "scan",
                str(arguments.tree),
                "--jobs",
                "1",
                "-f",
                "json",
                "--no-progress",
                "--no-cache",
                *arguments.options,
            ]
        )
    show(clock.spent, json.loads(output.getvalue())["statistics"])


def show(spent: dict[str, float], statistics: dict[str, Any]) -> None:
    megabytes, total = statistics["bytes"] / 1e6, sum(spent.values())
    print(f"{statistics['files']} files, {megabytes:.1f} MB, {total:.2f} s of CPU in one process\n")
    print("| stage | CPU s | share | ms a MB |")
    print("|---|--:|--:|--:|")
    for stage, seconds in spent.items():
        print(f"| {stage} | {seconds:.3f} | {seconds / total:.0%} | {seconds * 1000 / max(megabytes, 1e-6):.2f} |")


if __name__ == "__main__":
    main()
