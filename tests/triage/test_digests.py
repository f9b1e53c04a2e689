"""Digests are those of scrypt, however many are asked for; the same many are made once, and the cache tells none."""

from __future__ import annotations

from hashlib import scrypt
from pathlib import Path
from typing import Any

import pytest

from keytrace.cache import store
from keytrace.triage import digests
from keytrace.triage.digests import Digests

SALT = b"0123456789abcdef"
VALUES = [b"value-%d" % number for number in range(20)]


def made(value: bytes) -> str:
    return scrypt(value, salt=SALT, n=2, r=1, p=1, dklen=16).hex()


def counted(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    hashed: list[bytes] = []

    def count(value: bytes, **options: Any) -> bytes:
        hashed.append(value)
        return scrypt(value, **options)

    monkeypatch.setattr(digests, "scrypt", count)
    return hashed


def test_the_same_many_are_made_once(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Digests(SALT, 2, 1, 1).prepare(VALUES)
    hashed = counted(monkeypatch)
    again = Digests(SALT, 2, 1, 1)
    again.prepare(reversed([*VALUES, *VALUES]))
    assert [again.of(value) for value in VALUES] == list(map(made, VALUES))
    assert len(hashed) == 1, "one of them all"
    (kept,) = store.entries()
    assert not any(value in kept.path.read_bytes() for value in VALUES)
    hashed.clear()
    Digests(SALT, 2, 1, 1).prepare(VALUES[1:])
    assert len(hashed) == len(VALUES), "others are others"


@pytest.mark.parametrize("content", [b"", b"0\n" * 20, b"x" * 32, b"\xff"])
def test_what_the_cache_should_not_hold(content: bytes, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "load", lambda *_: content)
    some = Digests(SALT, 2, 1, 1)
    some.prepare(VALUES)
    assert [some.of(value) for value in VALUES] == list(map(made, VALUES))


def test_few_and_uncached_ones_are_not_kept(own_cache: Path) -> None:
    some = Digests(SALT, 2, 1, 1, cached=False)
    some.prepare(VALUES)
    few = Digests(SALT, 2, 1, 1)
    few.prepare(VALUES[:3])
    assert [some.of(VALUES[0]), few.of(VALUES[0])] == [made(VALUES[0])] * 2
    assert store.entries() == []
    assert "value" not in repr(some)
