"""Programs as they stand in tests/cases, and what a scan of them reports at the default thresholds."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from keytrace.api import scan_source
from keytrace.config import Config
from keytrace.model import FileProvenance, Report

CASES = Path(__file__).parents[2] / "cases" / "python"
MARK = re.compile(r"\s*#\s*finding:\s*([\w-]+)")
_TITLE = re.compile(r"^#### (.+)\n", re.MULTILINE)
_FILE = re.compile(r"^## file: (.+)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class MemoryArtifact:
    """A file that is nowhere but here."""

    path: str
    data: bytes

    @property
    def provenance(self) -> FileProvenance:
        return FileProvenance(self.path)

    @property
    def lines(self) -> None:
        return None

    def read(self, limit: int) -> bytes:
        return self.data


@dataclass(frozen=True, slots=True)
class MemorySource:
    files: Mapping[str, str]

    def artifacts(self) -> Iterator[MemoryArtifact]:
        return (MemoryArtifact(path, text.encode()) for path, text in self.files.items())


@dataclass(frozen=True, slots=True)
class Case:
    """A program of one or more files, without its marks, and the marked (file, line, rule)."""

    title: str
    files: Mapping[str, str]
    marks: frozenset[tuple[str, int, str]]


def cases(file: Path) -> list[Case]:
    """Return the programs of a file: each begins with `#### title`, and its files with `## file: name`."""
    text = file.read_text().replace("[cut]", "")
    parts = _TITLE.split(text)[1:]
    return [_case(title, body) for title, body in zip(parts[::2], parts[1::2], strict=True)]


def _case(title: str, body: str) -> Case:
    first, *rest = _FILE.split(body)
    named = dict(zip(rest[::2], rest[1::2], strict=True)) if rest else {"program.py": first}
    files: dict[str, str] = {}
    marks: set[tuple[str, int, str]] = set()
    for name, part in named.items():
        for number, line in enumerate(part.split("\n"), 1):
            marks.update((name, number, found[1]) for found in MARK.finditer(line))
        files[name] = MARK.sub("", part)
    return Case(title, files, frozenset(marks))


def scan_files(files: Mapping[str, str], jobs: int = 1) -> Report:
    """Scan files as a project of their own."""
    return scan_source(MemorySource(files), "/", Config(use_baseline=False, jobs=jobs))


def reported(files: Mapping[str, str]) -> dict[tuple[str, int], set[str]]:
    """Return the rules that report each (file, line) of a project."""
    lines: dict[tuple[str, int], set[str]] = defaultdict(set)
    report = scan_files(files)
    assert report.errors == ()
    for finding in report.active:
        place = finding.location
        lines[place.provenance.path, place.region.start_line].add(finding.known_as)
    return lines
