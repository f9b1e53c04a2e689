"""What trufflehog writes with `--json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from keytrace.errors import ScannerError
from keytrace.imports.foreign import digest_of
from keytrace.model import Finding

from .conftest import NEW, OLD, Read, about

LOG = '{"level":"info-0","ts":"2026-11-30T10:00:00Z","logger":"trufflehog","msg":"running source"}'


def result(source: str, raw: str, whole: str = "", live: bool = False, **place: object) -> str:
    data: dict[str, Any] = {"SourceMetadata": {"Data": {source: place}}, "SourceName": "trufflehog - " + source.lower()}
    return json.dumps(data | {"DetectorName": "Github", "Verified": live, "Raw": raw, "RawV2": whole})


def test_results(read: Read, findings: list[Finding], tmp_path: Path) -> None:
    one = result("Filesystem", OLD, file=str(tmp_path / "app.py"), line=9)  # it has moved since
    other = result("Git", NEW, commit="0" * 40, file="src/db.py", line=1, live=True)
    assert about(read("found.json", f"{one}\n\n"), findings, tmp_path) == ["app.py"]
    foreign = read("found.json", f"{LOG}\n{one}\n{LOG}\n{other}\n")
    assert about(foreign, findings, tmp_path) == ["app.py", "src/db.py"]
    assert foreign.notes == (
        "it holds 2 secrets in clear: delete it once they are imported",
        "1 of them were live when trufflehog asked: revoke these",
    )
    assert read("found.json", one, "trufflehog") == read("found.json", one, "trufflehog_results")


def test_another_secret_of_the_line_is_another(read: Read, findings: list[Finding], tmp_path: Path) -> None:
    assert about(read("found.json", result("Git", NEW, file="app.py", line=2)), findings, tmp_path) == []


def test_of_two_parts(read: Read) -> None:
    (entry, other) = read("found.json", result("S3", "part", "part:secret", bucket="b")).entries
    assert {entry.digest, other.digest} == {digest_of("part"), digest_of("secret")}
    assert (entry.path, str(entry)) == ("", "a value in any file (trufflehog:Github)")


@pytest.mark.parametrize("broken", ['{"SourceMetadata": {"Da', "found", '{"level": 1}', "{" * 10 + '"a":' * 100_000])
def test_broken(read: Read, broken: str) -> None:
    with pytest.raises(ScannerError, match=r"found.json:2: not "):
        read("found.json", f"{result('Git', OLD, file='a', line=1)}\n{broken}\n")
