"""A few hundred inputs of benchmarks/fuzz.py, the same each time, and that it notices what goes wrong."""

from __future__ import annotations

import base64
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from keytrace.model import Excerpt

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def fuzz() -> Iterator[Any]:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    yield __import__("fuzz")
    sys.path.remove(str(ROOT / "benchmarks"))


def test_inputs_that_nobody_would_write(fuzz: Any) -> None:
    files = fuzz.corpus([ROOT / "tests" / "cases", ROOT / "rules", ROOT / "tests" / "reporters"], 1)
    assert len({path.suffix for path in files}) >= 5
    wrong: dict[int, str] = {}
    kinds = set()
    for number in range(150):
        item = fuzz.make(3, number, files)
        assert item == fuzz.make(3, number, files)
        kinds.add(item.kind)
        if found := fuzz.failure(item):
            wrong[number] = f"{item.path}: {found}"
    assert wrong == {}
    assert kinds == {"mutant", "program", "configuration", "noise"}


def test_a_failure_is_noticed_kept_and_made_small(fuzz: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failure(item: Any) -> str:
        return "the bell" if b"\a" in item.content else ""

    monkeypatch.setattr(fuzz, "failure", failure)
    campaign = fuzz.Campaign(tmp_path)
    campaign.run(lambda number: fuzz.Input("noise", "a.txt", b"x" * number + b"\a" * (number == 7) + b"y"), 0, 20, 1e12)
    assert campaign.failed == {"the bell": 7}
    assert (tmp_path / "7-a.txt").read_bytes() == b"\a"
    assert campaign.kinds == {"noise": 20}


def test_a_process_that_dies_costs_one_input(fuzz: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "failure", lambda item: 1 // (item.content != b"3") and "")
    campaign = fuzz.Campaign(tmp_path)
    campaign.run(lambda number: fuzz.Input("noise", "a.txt", b"%d" % number), 0, 6, 1e12)
    assert campaign.failed == {"the process died": 3}
    assert sum(campaign.kinds.values()) == 6


def test_an_excerpt_that_shows_the_secret_is_noticed(fuzz: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = base64.b32encode(random.Random(1).randbytes(12)).decode().strip("=")
    item = fuzz.Input("noise", "a.env", f"{'PASS' + 'WORD'}={secret}\n".encode())
    assert fuzz.failure(item) == ""
    monkeypatch.setattr(
        "keytrace.text.document.Document.excerpt", lambda *_: Excerpt("WORD=" + secret, 5, 5 + len(secret))
    )
    assert fuzz.failure(item) == "generic-password: the excerpt shows the secret"
