"""keytrace and its peers: how to call each, and what a call costs in time and memory."""

from __future__ import annotations

import os
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path

# {path} is what to scan, {report} a file for the report. All stay offline.
COMMANDS = {
    "keytrace": "keytrace scan {path} --no-cache -q -o {report}.json",
    "kingfisher": "kingfisher scan {path} --no-validate --git-history none --no-update-check -f json -o {report}.json",
    "betterleaks": "betterleaks dir {path}",
    "gitleaks": "gitleaks dir {path} --no-banner --report-format json --report-path {report}.json",
    "detect-secrets": "detect-secrets scan --all-files {path}",
    "ripsecrets": "ripsecrets {path}",
}


@dataclass(frozen=True, slots=True)
class Cost:
    """What one call took. Only Linux tells the memory of several processes, without counting shared pages twice."""

    seconds: float
    exit_code: int
    peak_bytes: int


def installed() -> tuple[list[str], list[str]]:
    """Return the names of the programs that are here and of those that are not."""
    os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]
    found = [name for name in COMMANDS if shutil.which(name)]
    return found, [name for name in COMMANDS if name not in found]


def command(name: str, path: Path, reports: Path) -> list[str]:
    return [word.format(path=path, report=reports / name) for word in COMMANDS[name].split()]


def call(words: list[str], environment: dict[str, str] | None = None, *, sample_memory: bool = False) -> Cost:
    """Run a command to its end, its output thrown away. Sampling memory slows it down: do not take the time then."""
    silent = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in (0, 1, 2)]
    started = time.perf_counter()
    process = os.posix_spawnp(words[0], words, os.environ | (environment or {}), file_actions=silent)
    peak = 0
    while sample_memory and os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        peak = max(peak, _memory(process))
        time.sleep(0.02)
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - started
    largest = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)  # of one process, never sampled too late
    return Cost(seconds, os.waitstatus_to_exitcode(status), max(peak, largest))


def _memory(process: int) -> int:
    """Return the bytes of memory that a process and its descendants hold now; 0 where /proc does not tell."""
    try:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:  # it has just ended, or this is not Linux
        return 0
    own = next((int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:")), 0)
    return own + sum(_memory(int(child)) for child in children)
