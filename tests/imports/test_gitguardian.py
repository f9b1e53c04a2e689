"""`.gitguardian.yaml`."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from keytrace.model import Finding

from .conftest import NEW, OLD, Read, about


@pytest.mark.parametrize(
    "text",
    [
        "version: 2\nsecret:\n  ignored_matches:\n  - name: a\n    match: {old}\n  - match: {digest}\n",
        "version: 2\nsecret:\n  ignored-matches:\n  - {old}\n  - {digest}\n",
        "matches-ignore:\n- {old}\n- name: x\n  match: {digest}\n",
    ],
)
def test_matches(read: Read, findings: list[Finding], tmp_path: Path, text: str) -> None:
    digest = sha256(f"{NEW},apikey".encode()).hexdigest()
    foreign = read(".gitguardian.yaml", text.format(old=OLD, digest=digest))
    assert about(foreign, findings, tmp_path) == ["app.py", "src/db.py"]
    assert foreign.notes == ("1 of its matches are secrets in clear: put their digests there",)
    assert OLD not in repr(foreign)


@pytest.mark.parametrize("text", ["secret:\n  ignored_paths:\n  - src/**\n", "version: 1\npaths-ignore:\n- 'src/'\n"])
def test_paths(read: Read, findings: list[Finding], tmp_path: Path, text: str) -> None:
    assert about(read(".gitguardian.yml", text), findings, tmp_path) == ["src/db.py"]


def test_detectors_are_not_honoured(read: Read) -> None:
    foreign = read(".gitguardian.yaml", "version: 2\nsecret:\n  ignored_detectors: [Generic Password]\n")
    assert foreign.notes == ("'ignored_detectors' is not honoured",)


def test_what_is_not_heeded_is_named(read: Read) -> None:
    foreign = read(".gitguardian.yaml", "version: 2\nexit_zero: true\nverbose: false\nsecret:\n  show-secrets: true\n")
    assert foreign.notes == ("'exit_zero' is not honoured", "'show_secrets' is not honoured")
