"""The same findings whichever way a tree is scanned: by every source, executor and engine."""

from __future__ import annotations

import base64
import io
import json
import random
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from keytrace.api import folder_source, scan, scan_source
from keytrace.batch import scan_batch
from keytrace.config import Config
from keytrace.engine import Engine, Setup
from keytrace.executors import SERIAL_LIMIT
from keytrace.model import Artifact, Confidence, Finding, Report, ScanError, Severity, Skipped
from keytrace.sources import Source
from keytrace.sources.staged import StagedSource
from keytrace.sources.stream import StreamSource

CONFIG = Config(use_baseline=False, cached=False, min_severity=Severity.INFO, min_confidence=Confidence.LOW, jobs=1)
CASES = Path(__file__).parent / "cases" / "python"
PASSWORDS = random.Random(11)


def password() -> str:
    return "".join(PASSWORDS.choices("abcdefghkmnpqrstuvwxyzABCDEFGHKLMNPQRSTUVWXYZ23456789", k=18))


def files(engine: Engine) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents: rules' examples, programs, every encoding, suppressed ones, and what is no text."""
    of_formats = [
        rule for rule in engine.ruleset.rules if rule.examples and not rule.path and rule.analyzer != "python"
    ]
    for number, rule in enumerate(of_formats[:: len(of_formats) // SERIAL_LIMIT]):
        yield f"formats/{rule.id}{('.txt', '.env', '.json', '')[number % 4]}", rule.examples[0].encode() + b"\n"
    for case in sorted(CASES.glob("*.py")):
        yield f"programs/{case.name}", case.read_bytes()
    setting = f"password = '{password()}'\n"
    yield "a/plain.env", setting.encode()
    yield "a/utf-16.txt", setting.encode("utf-16")
    yield "a/latin-1.ini", b"; caf\xe9\n" + setting.encode()
    yield "a/crlf.ini", setting.replace("\n", "\r\n").encode() * 3
    yield "a/base64.txt", base64.b64encode((setting * 3).encode())
    yield "a/hex.txt", setting.encode().hex().encode()
    yield "a/escapes.json", ('{"a": "' + "".join(f"\\u{ord(char):04x}" for char in setting) + '"}').encode()
    yield "a/percent.txt", "".join(f"%{ord(char):02x}" for char in setting).encode()
    yield "a/mail.eml", base64.encodebytes(random.Random(1).randbytes(700) + setting.encode() * 5)
    yield "a/ignored.py", f"password = '{password()}'  # keytrace:ignore -- known\n".encode()
    yield "a/empty.txt", b""
    yield "a/binary.bin", bytes(range(256)) * 4
    yield "a/long.js", b";".join(b"var token%d='%s'" % (number, password().encode()) for number in range(60))
    cell = {"cell_type": "code", "source": [f"password = '{password()}'\n", "print(password)\n"], "outputs": []}
    yield (
        "a/notes.ipynb",
        json.dumps({"cells": [{**cell, "metadata": {}, "execution_count": 1}], "nbformat": 4}).encode(),
    )
    yield "shared/keys.py", f"import os\nAPI_KEY = os.environ['API_KEY']\nSECRET = '{password()}'\n".encode()
    yield "shared/use.py", b"from shared.keys import API_KEY\nprint(API_KEY)\n"


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "core.autocrlf=false", "-c", "core.excludesFile=", *arguments]
    return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE).stdout.decode()


@pytest.fixture(scope="module")
def tree(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tree")
    for name, content in files(engine):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    git(folder, "init", "-q")
    git(folder, "add", "--all", "--force")
    return folder


def seen(findings: tuple[Finding, ...]) -> list[tuple[object, ...]]:
    """Return what is told of findings but where the artifact came from, in the order of a report."""
    return [
        (
            one.location.provenance.path, one.location.region, one.rule_id, one.message, one.severity, one.confidence,
            one.fingerprint, one.location.excerpt, one.secret.value, one.evidence, one.suppression,
            [(step.provenance.path, step.region, step.note) for step in (*one.related, *one.flow)],
        )
        for one in findings
    ]  # fmt: skip


@pytest.fixture(scope="module")
def expected(tree: Path) -> Report:
    report = scan([tree], config=CONFIG)
    assert report.errors == ()
    assert report.statistics.files > SERIAL_LIMIT, "or there are no processes"
    rules = {one.rule_id for one in report.findings}
    assert len(rules) > 60
    assert {"generic-password", "logged-credential", "credential-in-url"} <= rules
    assert sum(one.suppression is not None for one in report.findings) >= 1
    assert any(len({step.provenance.path for step in one.flow}) > 1 for one in report.findings), "one flows over files"
    paths = {one.location.provenance.path for one in report.findings}
    assert {name for name in paths if name.startswith("a/")} >= {
        "a/plain.env", "a/utf-16.txt", "a/latin-1.ini", "a/crlf.ini", "a/base64.txt", "a/hex.txt", "a/escapes.json",
        "a/percent.txt", "a/mail.eml", "a/ignored.py", "a/long.js", "a/notes.ipynb",
    }  # fmt: skip
    return report


@dataclass(frozen=True)
class Shuffled:
    """Another source's artifacts in another order."""

    source: Source

    def artifacts(self) -> Iterator[Artifact | ScanError | Skipped]:
        every = list(self.source.artifacts())
        random.Random(5).shuffle(every)
        yield from every


def test_processes_threads_and_order(tree: Path, expected: Report) -> None:
    root = str(tree)
    source = folder_source([root], root, CONFIG)
    two = scan_source(source, root, replace(CONFIG, jobs=2))
    assert seen(two.findings) == seen(expected.findings)
    assert two.statistics.files == expected.statistics.files
    assert set(two.notes) == set(expected.notes)
    assert seen(scan_source(Shuffled(source), root, CONFIG).findings) == seen(expected.findings)
    with ThreadPoolExecutor(2) as threads:
        given = scan_source(source, root, CONFIG, executor=threads)
    assert seen(given.findings) == seen(expected.findings)


def test_staged_is_what_the_folder_is(tree: Path, expected: Report) -> None:
    staged = scan_source(StagedSource(str(tree)), str(tree), CONFIG)
    assert staged.errors == ()
    assert seen(staged.findings) == seen(expected.findings)


def test_a_list_of_files_is_what_the_folder_is(tree: Path, expected: Report) -> None:
    names = [tree / name for name in git(tree, "ls-files").splitlines()]
    assert seen(scan(names, config=CONFIG).findings) == seen(expected.findings)


def test_standard_input_is_what_the_file_is(tree: Path, expected: Report) -> None:
    root = str(tree)
    names = [name for name in git(tree, "ls-files").splitlines() if not name.startswith("shared/")]
    found: list[Finding] = []
    for name in names:
        stream = io.BytesIO((tree / name).read_bytes())
        found += scan_source(StreamSource(stream, name), root, CONFIG).findings
    alone = [one for one in expected.findings if not one.location.provenance.path.startswith("shared/")]
    assert seen(tuple(found)) == seen(tuple(alone))


def test_without_hyperscan(tree: Path) -> None:
    root = str(tree)
    artifacts = [
        one for one in folder_source([root], root, CONFIG).artifacts() if not isinstance(one, ScanError | Skipped)
    ]
    fast, slow = (scan_batch(Setup(hyperscan=one), artifacts) for one in (True, False))
    assert seen(slow.findings) == seen(fast.findings)
    assert (slow.errors, slow.notes, slow.surveys) == (fast.errors, fast.notes, fast.surveys)
