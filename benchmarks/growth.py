"""Measure how the CPU time and the memory of a scan grow with a file, for every shape of shapes.py: a Markdown table.

    python benchmarks/growth.py [--size 250000] [--program-size 25000] [--only base64] [--below 1.0]

Each file is scanned by itself, in a process forked from one that has its rules ready, at once, twice and four times the
size. `growth` is the time for the last over that for the one before it: 2 is linear, 4 is quadratic.
"""

from __future__ import annotations

import argparse
import gc
import os
import pickle
import resource
import sys
from dataclasses import dataclass

from content import scanned
from shapes import PROGRAMS, TEXTS, Shape

_LIMIT = 120  # seconds of CPU for one file
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Spent:
    """What one scan took: bytes of input, CPU seconds, bytes of memory at its peak, findings."""

    size: int
    seconds: float
    memory: int
    findings: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=250_000, help="bytes of the smallest file")
    parser.add_argument("--program-size", type=int, default=25_000, help="bytes of the smallest program")
    parser.add_argument("--only", default="", help="shapes with this in their name")
    parser.add_argument("--below", type=float, default=0, help="print only what is slower, in MB/s")
    options = parser.parse_args()
    for name, shape in (TEXTS | PROGRAMS).items():  # imports, compiled patterns
        scanned(name, shape(500))
    gc.freeze()
    print("| shape | KB | findings | CPU s | MB/s | growth | peak MB |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for shapes, size in ((TEXTS, options.size), (PROGRAMS, options.program_size)):
        for name, shape in shapes.items():
            if options.only in name:
                _row(name, shape, size, options.below)


def _row(name: str, shape: Shape, size: int, below: float) -> None:
    spent: list[Spent] = []
    for factor in (1, 2, 4):
        found = measured(name, shape(size * factor))
        if found is None:
            print(f"| {name} | {size * factor / 1000:.0f} | | > {_LIMIT} | | | |", flush=True)
            return
        spent.append(found)
    last = spent[-1]
    speed = last.size / last.seconds / _MEGABYTE
    if not below or speed < below:
        growth = last.seconds / max(spent[-2].seconds, 1e-4)
        print(
            f"| {name} | {last.size / 1000:.0f} | {last.findings} | {last.seconds:.2f} | {speed:.2f} | {growth:.1f} |"
            f" {last.memory / _MEGABYTE:.0f} |",
            flush=True,
        )


def measured(path: str, content: bytes) -> Spent | None:
    """Return what a scan takes in a process of its own, None when it is ended by the limit."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _work(path, content, writing)
    os.close(writing)
    with open(reading, "rb") as stream:
        data = stream.read()
    os.waitpid(child, 0)
    return pickle.loads(data) if data else None


def _work(path: str, content: bytes, writing: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_LIMIT, _LIMIT))
    start = resource.getrusage(resource.RUSAGE_SELF)
    results = scanned(path, content)
    end = resource.getrusage(resource.RUSAGE_SELF)
    seconds = end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime
    for error in (error for result in results for error in result.errors):
        print(error, file=sys.stderr)
    with open(writing, "wb") as stream:
        pickle.dump(Spent(len(content), seconds, end.ru_maxrss * 1024, len(results[-1].findings)), stream)
    os._exit(0)


if __name__ == "__main__":
    main()
