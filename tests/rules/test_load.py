"""Rules are read from files that may be gone, odd or without a cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from keytrace.cache import store as cache
from keytrace.errors import ScannerError
from keytrace.rules.load import load_builtin, read_rule_file

RULE = '[[rules]]\nid = "acme-key"\nregex = "acme_[a-z]{8}"\n'


# --- errors -----------------------------------------------------------------------------------------------------------


def test_unreadable_file(tmp_path: Path) -> None:
    with pytest.raises(ScannerError, match=r"cannot read the rule file .*: No such file"):
        read_rule_file(tmp_path / "gone.toml")
    file = tmp_path / "latin.toml"
    file.write_bytes('title = "Schlüssel"'.encode("latin-1"))
    with pytest.raises(ScannerError, match=r"latin\.toml: not UTF-8 \(byte 13\)"):
        read_rule_file(file)


def test_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "acme.toml"
    file.write_bytes(b"\xef\xbb\xbf" + RULE.encode())
    assert [rule.id for rule in read_rule_file(file).rules] == ["acme-key"]


# --- what a file says -------------------------------------------------------------------------------------------------


# --- rulesets ---------------------------------------------------------------------------------------------------------


def test_builtin_rules_without_a_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = load_builtin()
    blocker = tmp_path / "file"
    blocker.write_bytes(b"")
    with monkeypatch.context() as patch:
        patch.setenv("KEYTRACE_CACHE_DIR", str(blocker))
        cache.folder.cache_clear()
        load_builtin.cache_clear()
        assert load_builtin() == expected
    cache.folder.cache_clear()
