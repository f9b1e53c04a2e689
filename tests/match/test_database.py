"""The database is compiled once, and told of while it takes long (tests/cache has what becomes of damaged ones)."""

from __future__ import annotations

import os
import time
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from keytrace.cache import store as cache
from keytrace.match import database
from keytrace.match.database import HyperscanIndex, load, tell_of_compiling
from keytrace.match.trigger import StoredTriggers, Trigger, digest

TRIGGERS = (Trigger(r"acme_[a-z]{4}"), Trigger(r"(?<!x)key"))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is told, at once, of a compilation that takes a while."""
    told: list[str] = []
    monkeypatch.setattr(database, "_SILENCE", 0.01)
    monkeypatch.setattr(database, "_on_compile", [])
    compile_all = database._compile

    def compile_slowly(*arguments: Any) -> Any:
        time.sleep(0.1)
        return compile_all(*arguments)

    monkeypatch.setattr(database, "_compile", compile_slowly)
    tell_of_compiling(lambda: told.append("compiling"))
    return told


def test_compiling_is_told_once(own_cache: Path, told: list[str]) -> None:
    assert load(TRIGGERS) is None
    assert HyperscanIndex(TRIGGERS).scan(b"acme_abcd key xkey") == {0: [9], 1: [13]}
    assert told == ["compiling"]
    assert load(TRIGGERS) is not None
    assert HyperscanIndex(TRIGGERS).scan(b"acme_abcd key xkey") == {0: [9], 1: [13]}
    assert told == ["compiling"]


def test_what_compiles_quickly_is_not_told(own_cache: Path, told: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_SILENCE", 60)
    HyperscanIndex(TRIGGERS)
    assert told == []


def test_stored_triggers_are_not_read_for_a_database_that_is_there(own_cache: Path) -> None:
    HyperscanIndex(TRIGGERS)
    index = HyperscanIndex(StoredTriggers(digest(TRIGGERS), len(TRIGGERS), b"no JSON"))
    assert index.scan(b"acme_abcd") == {0: [9]}


@pytest.mark.skipif(os.name == "nt", reason="no locks of this kind")
def test_of_two_that_want_much_compiled_one_compiles(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_MANY", 0)
    ready, compiled = Event(), load_elsewhere(own_cache)

    def compile_then() -> None:
        HyperscanIndex(TRIGGERS)
        ready.set()

    other = Thread(target=compile_then)
    with cache.alone():
        other.start()
        assert not ready.wait(0.3), "it waits for who holds the lock"
        monkeypatch.setattr(database, "_compiled", lambda _triggers: pytest.fail("what the holder made is taken"))
        own_cache.joinpath(compiled.name).write_bytes(compiled.read_bytes())
    other.join()
    assert ready.is_set()


def test_a_lock_that_is_never_let_go_is_not_waited_for(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_MANY", 0)
    monkeypatch.setattr(cache, "_WAIT", 0.1)
    with cache.alone():
        assert HyperscanIndex(TRIGGERS).scan(b"acme_abcd") == {0: [9]}


def load_elsewhere(place: Path) -> Path:
    """Compile into another folder than `place`, and return the entry."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEYTRACE_CACHE_DIR", str(place.with_name("elsewhere")))
        cache.folder.cache_clear()
        HyperscanIndex(TRIGGERS)
    cache.folder.cache_clear()
    (entry,) = place.with_name("elsewhere").glob("patterns-*")
    return entry
