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
    cache.complaints()
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


@pytest.mark.parametrize("content", [b"", b"\n", b"a\n", b"a\nb\nc", b"a", b"a" * 2**17, b"a" * 2**17 + b"\nb"])
def test_the_first_line_apart(folder: Path, content: bytes) -> None:
    cache.store("rules", KEY, content)
    line, rest = cache.load_parts("rules", KEY) or (b"", b"?")
    assert line + rest == content == cache.load("rules", KEY)
    assert line == (content[: content.index(b"\n") + 1] if b"\n" in content[: 2**16] else b"")


def test_what_is_kept_is_listed_and_dropped(folder: Path) -> None:
    assert (cache.entries(), cache.clear()) == ([], 0)
    cache.store("rules", KEY, b"content")
    cache.store("patterns", KEY, b"more")
    (folder / "other").write_bytes(b"x")
    assert [(entry.kind, entry.size) for entry in cache.entries()] == [("patterns", 36), ("rules", 39)]
    assert cache.clear() == 2
    assert [file.name for file in folder.iterdir()] == ["other"]


def test_whether_it_was_stored_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache.store("rules", KEY, b"content")
    with monkeypatch.context() as patch:
        patch.setattr(cache, "folder", lambda: Path("/dev/null/cache"))
        assert not cache.store("rules", KEY, b"content")
        patch.setattr(cache, "folder", lambda: None)
        assert not cache.store("rules", KEY, b"content")
        cache.complain_of_work()
    assert "cannot be kept in your cache folder" in cache.complaints()[0]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_only_the_user_may_read_it(folder: Path) -> None:
    cache.store("rules", KEY, b"content")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(entry(folder).stat().st_mode) == 0o600


def test_truncated_entry(folder: Path) -> None:
    cache.store("rules", KEY, b"content")
    stored = entry(folder)
    whole = stored.read_bytes()
    for size in range(len(whole)):
        stored.write_bytes(whole[:size])
        assert cache.load("rules", KEY) is None


def test_damaged_entry(folder: Path) -> None:
    cache.store("rules", KEY, b"content")
    stored = entry(folder)
    whole = stored.read_bytes()
    for position in range(len(whole)):
        stored.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        assert cache.load("rules", KEY) is None


def test_a_damaged_entry_is_told_of_once(folder: Path) -> None:
    cache.store("rules", KEY, b"content")
    entry(folder).write_bytes(b"foreign")
    assert (cache.load("rules", KEY), len(cache.complaints())) == (None, 1)
    assert list(folder.iterdir()) == []
    assert (cache.load("rules", KEY), cache.complaints()) == (None, [])  # missing now, though nobody made it anew


def test_entry_that_is_a_folder(folder: Path) -> None:
    (folder / f"rules-{KEY[:32]}").mkdir(parents=True)
    cache.store("rules", KEY, b"content")
    assert cache.load("rules", KEY) is None
    assert [file.name for file in folder.iterdir()] == [f"rules-{KEY[:32]}"]  # nothing half-written stays


def test_old_entries_are_dropped(folder: Path) -> None:
    keys = [sha256(b"%d" % number).hexdigest() for number in range(20)]
    for age, key in enumerate(keys):
        cache.store("rules", key, b"content")
        os.utime(folder / f"rules-{key[:32]}", (age, age))
    cache.store("patterns", KEY, b"content")
    assert {key for key in keys if cache.load("rules", key)} == set(keys[-16:])
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


def harmless_database() -> bytes:
    """A database of one pattern that fires on nothing."""
    hyperscan = pytest.importorskip("hyperscan")
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(expressions=[b"never ever"], ids=[0], elements=1, flags=[0])
    dump: bytes = hyperscan.dumpb(database)
    return dump


@pytest.fixture
def keys_asked_for(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The keys under which entries were looked for."""
    keys: set[str] = set()
    load = cache.load_parts

    def remember(kind: str, key: str) -> tuple[bytes, bytes] | None:
        keys.add(key)
        return load(kind, key)

    monkeypatch.setattr(cache, "load_parts", remember)
    return keys


def payload(folder: Path) -> bytes:
    return entry(folder).read_bytes()[32:]


DAMAGE: list[Callable[[bytes], bytes]] = [
    lambda content: b"",
    lambda content: b"nonsense",
    lambda content: b"[[1], []]\nnonsense",
    lambda content: b"[[],[]]\n",  # no patterns
    lambda content: b"[3, [1], []]\n",
    lambda content: b"[0, [], []]\n",
    lambda content: b"[0, [], [0, 1, 2]]\n" + content.partition(b"\n")[2],
    lambda content: content.partition(b"\n")[0] + b"\n" + harmless_database(),
    lambda content: content.replace(b"\n", b" ", 1),
    lambda content: b"{}\n" + content.partition(b"\n")[2],
    lambda content: b"[]\n" + content.partition(b"\n")[2],
    lambda content: content[: len(content) // 2],
    lambda content: content[:-1],
    lambda content: content[:-100] + bytes(100),
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_entry_of_another_version_is_compiled_anew(
    folder: Path, damage: Callable[[bytes], bytes], keys_asked_for: set[str]
) -> None:
    """The digest holds, the content does not."""
    assert scan() == HITS
    assert cache.complaints() == []
    good = payload(folder)
    bad = damage(good)
    stored = entry(folder)
    (key,) = keys_asked_for
    stored.write_bytes(cache.digest("patterns", key, bad) + bad)
    assert scan() == HITS
    assert payload(folder) == good
    (complaint,) = cache.complaints()
    assert "the cached patterns" in complaint
    assert cache.complaints() == []


def test_damaged_database_is_compiled_anew(folder: Path) -> None:
    assert scan() == HITS
    good = entry(folder).read_bytes()
    for bad in (b"", good[:40], good[:-1], good[:200] + bytes([good[200] ^ 1]) + good[201:]):
        entry(folder).write_bytes(bad)
        assert scan() == HITS
        assert entry(folder).read_bytes() == good
        assert len(cache.complaints()) == 1


def test_entry_of_other_triggers_is_compiled_anew(folder: Path) -> None:
    assert scan() == HITS
    good = entry(folder)
    assert HyperscanIndex((Trigger("harmless"),)).scan(DATA) == {}
    (other,) = set(folder.iterdir()) - {good}
    before = good.read_bytes()
    other.replace(good)
    assert scan() == HITS
    assert good.read_bytes() == before
    assert len(cache.complaints()) == 1


def test_the_witness_is_no_trigger(folder: Path, keys_asked_for: set[str]) -> None:
    assert scan() == HITS
    (key,) = keys_asked_for
    assert HyperscanIndex(TRIGGERS).scan(key.encode()) == {}


# --- folders and files that others may write to -----------------------------------------------------------------------


def open_folder(folder: Path, _entry: Path) -> None:
    folder.chmod(0o777)


def folder_of_the_group(folder: Path, _entry: Path) -> None:
    folder.chmod(0o770)


def open_file(_folder: Path, entry: Path) -> None:
    entry.chmod(0o666)


def of_another(path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    os.chown(path, 65534, 65534)


def folder_of_another(folder: Path, _entry: Path) -> None:
    of_another(folder)


def file_of_another(_folder: Path, entry: Path) -> None:
    of_another(entry)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
@pytest.mark.parametrize("spoil", [open_folder, folder_of_the_group, open_file, folder_of_another, file_of_another])
def test_what_others_may_write_is_not_used(folder: Path, spoil: Callable[[Path, Path], None]) -> None:
    cache.store("rules", KEY, b"content")
    file = entry(folder)
    before = file.read_bytes()
    spoil(folder, file)
    assert cache.load("rules", KEY) is None
    cache.store("rules", sha256(b"other").hexdigest(), b"other")
    (complaint,) = cache.complaints()
    assert "is not used" in complaint
    assert str(folder) in complaint
    assert file.read_bytes() == before


@pytest.mark.parametrize("spoil", UNUSABLE)
def test_database_without_a_usable_folder(folder: Path, spoil: Callable[[Path], None]) -> None:
    spoil(folder)
    assert scan() == HITS
