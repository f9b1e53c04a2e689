"""The cache: whatever becomes of its files, the result is the same, and two processes may use it at once."""

from __future__ import annotations

import multiprocessing
import os
import stat
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from keytrace.cache import store as cache
from keytrace.match.multipattern import HyperscanIndex, Trigger

KEY = sha256(b"key").hexdigest()


@pytest.fixture
def folder(own_cache: Path) -> Path:
    return own_cache


def entry(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_what_is_stored_is_loaded(folder: Path) -> None:
    assert cache.folder() == folder
    assert cache.load("rules", KEY) is None
    cache.store("rules", KEY, b"content")
    assert cache.load("rules", KEY) == b"content"
    assert cache.load("patterns", KEY) is None
    assert cache.load("rules", sha256(b"other").hexdigest()) is None
    cache.store("rules", KEY, b"")
    assert cache.load("rules", KEY) == b""
    assert len(list(folder.iterdir())) == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_only_the_user_may_read_it(folder: Path) -> None:
    cache.store("rules", KEY, b"content")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(entry(folder).stat().st_mode) == 0o600


def test_truncated_entry(folder: Path) -> None:
    cache.store("rules", KEY, b"content")
    whole = entry(folder).read_bytes()
    for size in range(len(whole)):
        entry(folder).write_bytes(whole[:size])
        assert cache.load("rules", KEY) is None


def test_damaged_entry(folder: Path) -> None:
    cache.store("rules", KEY, b"content")
    whole = entry(folder).read_bytes()
    for position in range(len(whole)):
        entry(folder).write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        assert cache.load("rules", KEY) is None


def test_entry_that_is_a_folder(folder: Path) -> None:
    (folder / f"rules-{KEY[:32]}").mkdir(parents=True)
    cache.store("rules", KEY, b"content")
    assert cache.load("rules", KEY) is None
    assert [file.name for file in folder.iterdir()] == [f"rules-{KEY[:32]}"]  # nothing half-written stays


def test_old_entries_are_dropped(folder: Path) -> None:
    keys = [sha256(b"%d" % number).hexdigest() for number in range(12)]
    for age, key in enumerate(keys):
        cache.store("rules", key, b"content")
        os.utime(folder / f"rules-{key[:32]}", (age, age))
    cache.store("patterns", KEY, b"content")
    assert {key for key in keys if cache.load("rules", key)} == set(keys[-8:])
    assert cache.load("patterns", KEY) == b"content"


# --- folders that cannot be used --------------------------------------------------------------------------------------


def below_a_file(place: Path) -> None:
    place.parent.parent.mkdir(parents=True, exist_ok=True)
    place.parent.write_bytes(b"")


def a_file(place: Path) -> None:
    place.parent.mkdir(parents=True)
    place.write_bytes(b"")


def read_only(place: Path) -> None:
    if os.name == "nt" or os.geteuid() == 0:
        pytest.skip("this user may write anywhere")
    place.mkdir(parents=True)
    place.chmod(0o500)


def link_to_nothing(place: Path) -> None:
    place.parent.mkdir(parents=True)
    place.symlink_to("gone/for/good")


UNUSABLE = [below_a_file, a_file, read_only]


@pytest.mark.parametrize("spoil", [*UNUSABLE, link_to_nothing])
def test_without_a_usable_folder(folder: Path, spoil: Callable[[Path], None]) -> None:
    spoil(folder)
    cache.store("rules", KEY, b"content")
    assert cache.load("rules", KEY) is None


@pytest.mark.skipif(os.name == "nt", reason="the place differs")
def test_the_platform_says_where(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("KEYTRACE_CACHE_DIR")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    cache.folder.cache_clear()
    try:
        place = cache.folder()
        assert place
        assert place.name == "keytrace"
        assert tmp_path in place.parents
    finally:
        cache.folder.cache_clear()


# --- two processes ----------------------------------------------------------------------------------------------------


def write_and_read(letter: bytes, wrong: multiprocessing.Queue[bytes]) -> None:
    for size in range(200):
        cache.store("patterns", KEY, letter * (1000 + size))
        seen = cache.load("patterns", KEY)
        if seen is None or len(set(seen)) != 1:
            wrong.put(letter)


@pytest.mark.skipif(os.name == "nt", reason="forks")
def test_two_processes_write_at_once(folder: Path) -> None:
    context = multiprocessing.get_context("fork")
    wrong: multiprocessing.Queue[bytes] = context.Queue()
    writers = [context.Process(target=write_and_read, args=(letter, wrong)) for letter in (b"a", b"b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert wrong.empty()
    assert cache.load("patterns", KEY) in (b"a" * 1199, b"b" * 1199)
    assert len(list(folder.iterdir())) == 1


# --- the compiled database --------------------------------------------------------------------------------------------

TRIGGERS = (Trigger(r"acme_[a-z]{4}"), Trigger(r"(?<!x)key"), Trigger(r"never"))
DATA = b"acme_abcd xkey key"
HITS = {0: [9], 1: [18]}


def scan() -> dict[int, list[int]]:
    return {number: list(ends) for number, ends in HyperscanIndex(TRIGGERS).scan(DATA).items()}


def test_cached_equals_compiled(folder: Path) -> None:
    assert scan() == HITS
    compiled = entry(folder).read_bytes()
    assert scan() == HITS
    assert entry(folder).read_bytes() == compiled


def payload(folder: Path) -> bytes:
    return entry(folder).read_bytes()[32:]


DAMAGE: list[Callable[[bytes], bytes]] = [
    lambda content: b"",
    lambda content: b"nonsense",
    lambda content: b"[[1], []]\nnonsense",
    lambda content: content.replace(b"\n", b" ", 1),
    lambda content: b"{}\n" + content.partition(b"\n")[2],
    lambda content: b"[]\n" + content.partition(b"\n")[2],
    lambda content: content[: len(content) // 2],
    lambda content: content[:-1],
    lambda content: content[:-100] + bytes(100),
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_entry_of_another_version_is_compiled_anew(folder: Path, damage: Callable[[bytes], bytes]) -> None:
    """The digest holds, the content does not."""
    assert scan() == HITS
    good = payload(folder)
    bad = damage(good)
    entry(folder).write_bytes(sha256(bad).digest() + bad)
    assert scan() == HITS
    assert payload(folder) == good


def test_damaged_database_is_compiled_anew(folder: Path) -> None:
    assert scan() == HITS
    good = entry(folder).read_bytes()
    for bad in (b"", good[:40], good[:-1], good[:200] + b"\xff" + good[201:]):
        entry(folder).write_bytes(bad)
        assert scan() == HITS
        assert entry(folder).read_bytes() == good


@pytest.mark.parametrize("spoil", UNUSABLE)
def test_database_without_a_usable_folder(folder: Path, spoil: Callable[[Path], None]) -> None:
    spoil(folder)
    assert scan() == HITS
