"""Keys that were refused are not asked about again for a day, and no file holds them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from keytrace.cache import store
from keytrace.model import Liveness, Verification
from keytrace.verifiers.known import Refused
from keytrace.verifiers.question import question
from tests.verifiers.samples import KEY, PROBE, RULE, finding

ASKED = question(finding(), RULE, PROBE, {})
DEAD = Verification(Liveness.DEAD, "api.acme.example refuses it (401)", "api.acme.example")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KEYTRACE_CACHE_DIR", str(tmp_path / "cache"))
    store.folder.cache_clear()
    return tmp_path / "cache"


def test_a_refused_key_is_known_for_a_day(folder: Path) -> None:
    Refused(lambda: 1000.0).keep([(ASKED, DEAD)])
    known = Refused(lambda: 1000.0 + 23 * 3600).find(ASKED)
    assert known is not None
    assert (known.status, known.host) == (Liveness.DEAD, "api.acme.example")
    assert "within a day" in known.reason
    assert Refused(lambda: 1000.0 + 24 * 3600).find(ASKED) is None
    assert Refused(lambda: 999.0).find(ASKED) is None  # the clock was set back


def test_only_refusals_of_this_very_key_at_this_host_are_kept() -> None:
    refused = Refused()
    refused.keep([(ASKED, replace(DEAD, status=Liveness.LIVE))])
    assert Refused().find(ASKED) is None
    refused.keep([(ASKED, DEAD)])
    assert Refused().find(ASKED)
    assert Refused().find(question(finding(KEY + "x"), RULE, PROBE, {})) is None
    assert Refused().find(question(finding(), RULE, PROBE, {"acme": "https://acme.corp.example"})) is None


def test_no_key_is_kept(folder: Path) -> None:
    Refused().keep([(ASKED, DEAD)])
    (file,) = folder.iterdir()
    content = file.read_bytes()
    assert not any(KEY[at : at + 8].encode() in content for at in range(len(KEY) - 7))


def test_digests_are_keyed(folder: Path) -> None:
    Refused().keep([(ASKED, DEAD)])
    first = next(folder.iterdir()).read_bytes()[64:]
    store.clear()
    Refused().keep([(ASKED, DEAD)])
    assert next(folder.iterdir()).read_bytes()[64:] != first


@pytest.mark.parametrize("content", [b"", b"x" * 40, b"s" * 32 + b"[1]", b"s" * 32 + b'{"a": 1}', b"s" * 32 + b"{"])
def test_damage_is_as_if_nothing_were_kept(content: bytes) -> None:
    store.store("refused", "0" * 32, content)
    assert Refused().find(ASKED) is None
    Refused().keep([(ASKED, DEAD)])
    assert Refused().find(ASKED)
