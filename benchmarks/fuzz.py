"""Try inputs that nobody would write, for a time; print what went wrong and keep the smallest input that shows it.

    python benchmarks/fuzz.py FOLDER... --seconds 600 --seed 1 [--keep /tmp/fuzz] [--commands 50] [--from 0]

The folders hold real files, whose mutants are most of the inputs. An input is made from the seed and its number, so
that a failure can be had again: --from NUMBER --count 1. It fails when an error of ours is reported or raised, when the
process dies, when an excerpt shows a secret, or when it takes more than two seconds of CPU. Exit code 1: one did.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from content import scanned
from inputs import Input, command_line, corpus, make

from keytrace.config import load_config
from keytrace.engine import load_ruleset
from keytrace.errors import ScannerError
from keytrace.match.multipattern import expect_much
from keytrace.rules.load import load_builtin

SLOW = 2.0  # seconds of CPU
_KILLED = 60  # seconds of CPU after which an input is given up
_ROUND = 1000  # inputs for which a process lives
_SECONDS_OF_A_COMMAND = 600  # of a machine that is busy
_WRONG = ("could not be scanned to its end", "took too long", "was not followed (")  # words of errors that are our bugs
_LITERAL = frozenset(
    rule.id for rule in load_builtin().rules if rule.analyzer not in ("python", "client")
)  # what they find is a secret


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", type=int, default=0, dest="first")
    parser.add_argument("--count", type=int, default=10**9)
    parser.add_argument("--commands", type=int, default=0, help="command lines to try, too")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "keytrace-fuzz")
    options = parser.parse_args()
    files = corpus(options.folder, options.seed)
    expect_much()
    for name in ("warm.env", "warm.py"):  # imports, compiled patterns: what they take is not the first input's
        scanned(name, b"import os\nprint(os.environ['API_KEY'])\nkey='eyJhbGciOiJIUzI1NiJ9'\n")
    end = time.monotonic() + options.seconds
    campaign = Campaign(options.keep)
    campaign.run(lambda number: make(options.seed, number, files), options.first, options.count, end)
    for number in range(options.commands):
        campaign.command(command_line(options.seed, number))
    print(campaign.summary(len({path.suffix for path in files})))
    return 1 if campaign.failed else 0


def failure(item: Input) -> str:
    """Return what is wrong with how an input is treated; empty: nothing."""
    try:
        if item.kind == "configuration":
            return _configured(item)
        results = scanned(item.path, item.content)
    except Exception as error:
        return f"{type(error).__name__} raised"
    for result in results:
        for told in (*(error.message for error in result.errors), *result.notes):
            if any(words in told for words in _WRONG):
                return told.rpartition(f"{item.path}: ")[2]
        for finding in result.findings:
            value = finding.secret.value.decode("utf-8", "replace")
            if len(value) >= 8 and finding.rule_id in _LITERAL and value in finding.location.excerpt.text:
                return f"{finding.rule_id}: the excerpt shows the secret"
    return ""


def _configured(item: Input) -> str:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, item.path).write_bytes(item.content)
        try:
            load_ruleset(load_config(folder).setup())
        except ScannerError as error:
            return "" if str(error) else "an error without words"
    return ""


class Campaign:
    """What was tried, and what came of it."""

    def __init__(self, keep: Path) -> None:
        self.keep = keep
        self.kinds: Counter[str] = Counter()
        self.failed: dict[str, int] = {}  # by what went wrong: the number of the first input
        self.memory = 0  # bytes
        self.slowest: list[tuple[float, int]] = []  # CPU seconds, number
        self.started = time.monotonic()

    def run(self, make_input: Callable[[int], Input], first: int, count: int, end: float) -> None:
        number = first
        while number < first + count and time.monotonic() < end:
            last = min(number + _ROUND, first + count)
            number = self._round(make_input, number, last, end)

    def _round(self, make_input: Callable[[int], Input], first: int, last: int, end: float) -> int:
        """Try the inputs [first, last) in a process; return the number to go on with."""
        done = first
        for number, kind, seconds, told in _lines(make_input, first, last, end):
            self.kinds[kind] += 1
            wrong = told or (f"{seconds:.0f} s of CPU" if seconds > SLOW else "")
            if wrong:
                self._failure(number, make_input(number), wrong)
            self.slowest = sorted([*self.slowest, (seconds, number)], reverse=True)[:5]
            done = number + 1
        self.memory = max(self.memory, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
        if done < last and time.monotonic() < end:  # it died
            item = make_input(done)
            self.kinds[item.kind] += 1
            self._failure(done, item, "the process died")
            done += 1
        return done

    def _failure(self, number: int, item: Input, wrong: str) -> None:
        if wrong in self.failed:
            return
        self.failed[wrong] = number
        smallest = item if "died" in wrong or "CPU" in wrong else minimised(item, wrong)
        self.keep.mkdir(parents=True, exist_ok=True)
        Path(self.keep, f"{number}-{Path(item.path).name}").write_bytes(smallest.content)
        print(f"{number} {item.kind} {item.path}: {wrong} ({len(smallest.content)} bytes kept)", flush=True)

    def command(self, words: list[str]) -> None:
        """Try a command line in a small folder."""
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            (place / "a.py").write_text("import os\nprint(os.environ['API_KEY'])\n")
            (place / "b.env").write_text(f"{'PASS' + 'WORD'}={random.Random(1).randbytes(9).hex()}\n")
            (place / "broken.toml").write_text("[[rules]\n")
            (place / "sub").mkdir()
            try:
                done = subprocess.run(
                    [sys.executable, "-m", "keytrace", *words], cwd=folder, input=b"x = 1\n", capture_output=True,
                    timeout=_SECONDS_OF_A_COMMAND, check=False,
                )  # fmt: skip
            except ValueError:
                return  # no such word can be given to a program
            except subprocess.TimeoutExpired:
                self.failed[f"no end: {words}"] = 0
                return
        self.kinds["command line"] += 1
        if done.returncode not in (0, 1, 2, 3) or b"Traceback" in done.stderr:
            wrong = f"exit {done.returncode}: keytrace {' '.join(words)[:200]!r}"
            self.failed[wrong] = 0
            print(wrong, done.stderr.decode("utf-8", "replace")[-300:], flush=True)

    def summary(self, endings: int) -> str:
        total = sum(self.kinds.values())
        lines = [
            f"{total} inputs in {time.monotonic() - self.started:.0f} s, of files with {endings} endings: "
            + ", ".join(f"{count} {kind}s" for kind, count in self.kinds.most_common()),
            f"peak memory {self.memory / 1e6:.0f} MB; slowest "
            + ", ".join(f"{seconds:.2f} s ({number})" for seconds, number in self.slowest),
            f"failures: {len(self.failed)}"
            + "".join(f"\n  {number}: {wrong}" for wrong, number in self.failed.items()),
        ]
        return "\n".join(lines)


def _lines(
    make_input: Callable[[int], Input], first: int, last: int, end: float
) -> Iterator[tuple[int, str, float, str]]:
    """Yield number, kind, CPU seconds and what is wrong of each input that a process of its own came through."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _work(make_input, first, last, end, writing)
    os.close(writing)
    with open(reading, encoding="utf-8", errors="replace") as stream:
        for line in stream:
            number, kind, seconds, wrong = line.rstrip("\n").split("\t", 3)
            yield int(number), kind, float(seconds), wrong
    os.waitpid(child, 0)


def _work(make_input: Callable[[int], Input], first: int, last: int, end: float, writing: int) -> None:
    gc.freeze()
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    try:
        for number in range(first, last):
            if time.monotonic() > end:
                break
            item = make_input(number)
            signal.setitimer(signal.ITIMER_PROF, _KILLED)
            start = time.process_time()
            wrong = failure(item)
            seconds = time.process_time() - start
            told = f"{number}\t{item.kind}\t{seconds:.3f}\t{' '.join(wrong.split())}\n"
            os.write(writing, told.encode("utf-8", "replace"))
    finally:
        os._exit(0)


def minimised(item: Input, wrong: str) -> Input:
    """Return the input with halves, quarters, … of it left out while it still fails in the same way."""
    best = item.content
    size = len(best) // 2
    while size:
        at = 0
        while at < len(best):
            shorter = best[:at] + best[at + size :]
            if failure(Input(item.kind, item.path, shorter)) == wrong:
                best = shorter
            else:
                at += size
        size //= 2
        if len(best) > 2000 and size < len(best) // 64:
            break
    return Input(item.kind, item.path, best)


if __name__ == "__main__":
    sys.exit(main())
