"""Keyed digests."""

from __future__ import annotations

import stat
from hashlib import sha256
from pathlib import Path

import pytest

from keytrace.errors import ScannerError
from keytrace.lifecycle.digests import Digests, load_key


def test_equal_values_have_equal_digests_under_one_key_only() -> None:
    one, other = Digests(b"k" * 16), Digests(b"l" * 16)
    assert one.of(b"a") == one.of(b"a") != one.of(b"b")
    assert one.of(b"a") != other.of(b"a")
    assert one.of(b"a") not in sha256(b"a").hexdigest()
    assert (one.may_be_shown, Digests(b"").may_be_shown) == (True, False)
    assert Digests(b"").of(b"a") != Digests(b"").of(b"a")
    assert one.key_id != other.key_id
    assert Digests(b"").key_id == ""


def test_whose_digest_it_is() -> None:
    one, other = Digests(b"k" * 16), Digests(b"l" * 16)
    digest = one.of(b"a")
    mistyped = ("0" if digest[0] != "0" else "1") + digest[1:]
    assert [one.fits(digest, b"a"), one.fits(digest, b"b")] == [True, False]
    assert [one.made(digest), other.made(digest), one.made(mistyped)] == [True, False, False]


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
    for given in ("", str(tmp_path), str(short / "below")):
        with pytest.raises(ScannerError, match="no key of digests: /"):
            load_key(given)
    monkeypatch.delenv("KEYTRACE_INVENTORY_KEY")
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *_, **__: str(short))
    key, why = load_key()
    assert (key, bool(why)) == (b"", True)
