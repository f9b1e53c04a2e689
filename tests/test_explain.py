"""Why a line is or is not a finding, in words."""

from __future__ import annotations

import random
import string
from pathlib import Path

import pytest

from keytrace.config import Config
from keytrace.errors import ScannerError
from keytrace.explain import Explanation, archive_of, explain
from keytrace.model import Severity
from tests.archives.making import tarred, zipped

PASSWORD = "".join(random.Random(2).choices(string.ascii_letters + string.digits, k=24))


def explained(folder: Path, text: str | bytes, config: Config | None = None, line: int = 1) -> Explanation:
    file = folder / "app.py"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return explain(str(file), line, str(folder), config or Config())


def test_verdicts(tmp_path: Path) -> None:
    text = f'password = "{PASSWORD}"\n'
    first = explained(tmp_path, text).candidates[0]
    assert first.counts
    assert first.verdict.startswith("reported: ")
    assert PASSWORD not in first.location.excerpt.text
    for changed, config, verdict in (
        (text, Config(min_severity=Severity.CRITICAL), "hidden: "),
        (text.rstrip() + "  # keytrace:ignore\n", Config(), "suppressed (inline): "),
        ('password = "${PASSWORD}"\n', Config(), "rejected: the evidence speaks against a secret"),
    ):
        candidates = explained(tmp_path, changed, config).candidates
        assert not any(one.counts for one in candidates)
        assert any(one.verdict.startswith(verdict) for one in candidates)


def test_a_member_of_an_archive(tmp_path: Path) -> None:
    program = b"import os\nimport logging\n\npassword = os.environ['PASSWORD']\nlogging.info(password)\n"
    inner = zipped({"app.py": program})
    (tmp_path / "a.tar").write_bytes(tarred({"b/c.whl": inner, ".env": f"password = {PASSWORD}\n".encode()}))
    for place, line in ((".env", 1), ("b/c.whl!app.py", 5)):
        found = explain(str(tmp_path / f"a.tar!{place}"), line, str(tmp_path), Config()).candidates[0]
        assert (found.counts, found.location.provenance.path) == (True, f"a.tar!{place}")
    with pytest.raises(ScannerError, match=r"a\.tar has no member gone"):
        explain(str(tmp_path / "a.tar!gone"), 1, str(tmp_path), Config())
    (tmp_path / "a!b").write_text("x\n")
    assert archive_of(str(tmp_path / "a!b")) == str(tmp_path / "a!b")


def test_nothing_to_see(tmp_path: Path) -> None:
    assert explained(tmp_path, "password = input()\n").notes[1:] == (
        "'password' may name a secret, but no literal of four or more characters is bound to it",
    )
    assert explained(tmp_path, bytes(99)).notes == (
        "the file is binary: only formats with a marker are looked for, in its printable runs",
    )
    with pytest.raises(ScannerError, match="has no line 9"):
        explained(tmp_path, "x\n", line=9)
