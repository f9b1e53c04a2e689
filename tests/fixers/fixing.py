"""Fixes of a small tree as `keytrace fix` makes them, and the cases of tests/cases/fixes/."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from keytrace.api import folder_source, scan_source
from keytrace.config import Config
from keytrace.fixers.destinations import Destinations
from keytrace.fixers.plan import Wishes
from keytrace.fixers.project import names_of, reader_of
from keytrace.fixers.prove import EditedSource
from keytrace.fixers.run import Outcome, Work
from keytrace.model import Report
from tests.samples import marked, private_key, unmarked

BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
CASES = Path(__file__).parents[1] / "cases" / "fixes"
SAMPLES = {  # what stands for a secret in the cases
    "{KEY}": unmarked(11, 40),
    "{KEY2}": unmarked(12, 40),
    "{KEY3}": unmarked(13, 40),
    "{GITHUB}": marked(14),
    "{GITHUB2}": marked(15),
    "{HEX}": "".join(random.Random(19).choices("0123456789abcdef", k=32)),
    "{HEX2}": "".join(random.Random(20).choices("0123456789abcdef", k=32)),
    "{AWS_ID}": "AKIA" + "".join(random.Random(18).choices(BASE32, k=16)),
    "{AWS_KEY}": unmarked(16, 40),
    "{PEM}": private_key(17),
}


def outcome(root: Path, *, rules: frozenset[str] = frozenset(), **wishes: object) -> Outcome:
    """Return what fixing a folder comes to; nothing is written."""
    config = Config(use_baseline=False, jobs=1)

    def scan(edited: Mapping[str, bytes]) -> Report:
        source = EditedSource(folder_source([str(root)], str(root), config), edited)
        return scan_source(source, str(root), config, complete=True)

    report = scan({})
    destinations = Destinations(str(root), report.scanned)
    read = reader_of(str(root), config.max_file_size)
    work = Work(read, scan, names_of(report, read, destinations), Wishes(**wishes), rules=rules)  # type: ignore[arg-type]
    return work.run(report)


def fixed(case: Case, folder: Path, text: str) -> tuple[str, str, set[str]]:
    """Return what a text becomes, why the rest of it is left alone, and which rules still find something."""
    file = folder / case.path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    reader = next((option.removeprefix("--reader=") for option in case.options if "reader" in option), "environ")
    done = outcome(folder, unsafe="--unsafe" in case.options, reader=reader)
    (after,) = [change.after for change in done.changes if change.path == case.path] or [text.encode()]
    return after.decode(), " / ".join(item.why for item in done.left), {one.known_as for one in done.report.active}


def check(case: Case, folder: Path) -> None:
    """Fix a case and compare; what was fixed has no finding, stays as it is, and is a program if it is one."""
    after, why, left = fixed(case, folder, case.before)
    if case.refused:
        assert (after, case.refused in why) == (case.before, True), why
        return
    assert (after, left) == (case.after, set()), why
    assert fixed(case, folder, after)[0] == after
    if case.path.endswith(".py"):
        compile(after, case.path, "exec")


@dataclass(frozen=True)
class Case:
    """A text, and what it becomes, or why it is left alone. The head line is `=== NAME: what it shows [--unsafe …]`."""

    title: str
    path: str
    options: frozenset[str]
    before: str
    after: str
    refused: str


def cases(name: str) -> list[Any]:
    """Return the cases of a file as parameters of a test, each by its title."""
    return [pytest.param(case, id=case.title) for case in _cases(name)]


def _cases(name: str) -> Iterator[Case]:
    """Yield the cases of a file: parts that begin with `===`, with `--- becomes` or `--- stays: REASON` in them."""
    for part in re.split(r"^=== ", (CASES / name).read_text(), flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n")
        path, _, title = head.partition(": ")
        options = frozenset(re.findall(r"--[\w=-]+", title))
        before, mark, after = re.split(r"^--- (becomes|stays: .*)\n", body, maxsplit=1, flags=re.MULTILINE)
        refused = mark.removeprefix("stays: ") if mark != "becomes" else ""
        yield Case(title, path, options, with_samples(before), with_samples(after), refused)


def with_samples(text: str) -> str:
    for name, value in SAMPLES.items():
        text = text.replace(name, value)
    return text
