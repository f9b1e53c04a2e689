"""Keyed digests."""

from __future__ import annotations

import stat
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from keytrace.lifecycle.digests import Digests, load_key

if TYPE_CHECKING:
    import pytest


def test_equal_values_have_equal_digests_under_one_key_only() -> None:
    one, other = Digests(b"k" * 16), Digests(b"l" * 16)
    assert one.of(b"a") == one.of(b"a") != one.of(b"b")
    assert one.of(b"a") != other.of(b"a")
    assert one.of(b"a") not in sha256(b"a").hexdigest()
    assert (one.may_be_shown, Digests(b"").may_be_shown) == (True, False)
    assert Digests(b"").of(b"a") != Digests(b"").of(b"a")


def test_the_key_is_made_once_and_for_the_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "inventory.key"
    key, why = load_key(str(path))
    assert len(key) >= 16
    assert not why
    assert load_key(str(path)) == (key, "")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_where_there_can_be_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    short = tmp_path / "short"
    short.write_text("abc")
    monkeypatch.setenv("KEYTRACE_INVENTORY_KEY", str(short))
    assert load_key() == (b"", f"{short}: a key has at least 16 bytes")
    assert load_key(str(tmp_path))[0] == b""
    assert load_key(str(short / "below"))[0] == b""
