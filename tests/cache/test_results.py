"""What was scanned before and had nothing to tell is not scanned again, and the report is the same all the same."""

from __future__ import annotations

import os
import random
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from keytrace.api import scan
from keytrace.cache import results, store
from keytrace.config import Config
from keytrace.engine import Engine, Setup
from keytrace.executors import WORTH_KNOWING
from keytrace.model import Report, Severity
from keytrace.text.document import Document

CACHED = Config(use_baseline=False, jobs=1, min_severity=Severity.INFO)
SECRET = "tr8-Kestrel" + "-91-Quarry"
USES = "from settings import {0}\nimport logging\nlogging.info('%s', {0})\n"
PIECES: list[Callable[[int], str]] = [
    lambda number: f"def f{number}(x):\n    return x + {number}\n",
    lambda number: f"import os\nENTRY_{number} = os.environ['ENTRY_{number}_TOKEN']\nAPI_KEY = os.environ['API_KEY']\n",
    lambda _: USES.format("API_KEY"),
    lambda _: USES.format("value"),
    lambda number: f"from module{number % 7} import API_KEY, f1\nprint(API_KEY)\n",
    lambda number: f"from module{number % 5} import take\nimport os\ntake(os.environ['API_KEY'])\n",
    lambda _: "def take(what):\n    print(what)\n",
    lambda _: f"db_password = '{SECRET}'\n",
    lambda _: f"db_password = '{SECRET}'  # keytrace:ignore -- known\n",
    lambda _: "def broken(:\n",
    lambda _: "",
]


@pytest.fixture
def opened(own_cache: Path) -> Iterator[Path]:
    yield own_cache
    results._opened.clear()


def told(report: Report) -> object:
    """Return all that a report says, but how long it took."""
    return replace(report, statistics=replace(report.statistics, seconds=0), scanned=frozenset(report.scanned))


def tree(folder: Path, count: int = WORTH_KNOWING + 8) -> random.Random:
    chance = random.Random(3)
    for number in range(count):
        (folder / f"module{number}.py").write_text(PIECES[number % len(PIECES)](number))
    (folder / "settings.py").write_text(PIECES[1](0))
    (folder / "data.bin").write_bytes(bytes(range(256)))
    (folder / "app.env").write_text(f"API_TOKEN={SECRET}\nNAME=x\n")
    with zipfile.ZipFile(folder / "some.jar", "w") as jar:
        for number, piece in enumerate(PIECES):
            jar.writestr(f"inner{number}.py", piece(number))
        jar.writestr("inner.bin", bytes(range(256)))
    return chance


def change(folder: Path, chance: random.Random) -> None:
    """Edit, add, rename, touch or delete something; sizes and times may stay as they were."""
    files = sorted(folder.iterdir())
    file, kind = chance.choice(files), chance.randrange(6)
    before = file.stat()
    if kind == 0:
        file.rename(folder / f"module{chance.randrange(60)}{file.suffix}")
    elif kind == 1:
        file.unlink()
    elif kind == 2:
        os.utime(file, ns=(chance.randrange(2**60), chance.randrange(2**60)))
    else:
        name = folder / f"module{chance.randrange(60)}.py" if kind == 3 else file
        name.write_text(chance.choice(PIECES)(chance.randrange(60)))
        os.utime(name, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_cached_report_is_what_it_is_without(tmp_path: Path, opened: Path) -> None:
    folder = tmp_path / "tree"
    folder.mkdir()
    chance = tree(folder)
    found = set()
    for _ in range(14):
        expected = told(scan(folder, config=replace(CACHED, cached=False)))
        cached = scan(folder, config=CACHED)
        assert told(cached) == expected
        assert told(scan(folder, config=CACHED)) == expected
        found |= {one.known_as for one in cached.findings}
        for _ in range(3):
            change(folder, chance)
    assert {"logged-credential", "generic-password"} <= found or "hardcoded-credential" in found
    assert "logged-credential" in found
    two = scan(folder, config=replace(CACHED, jobs=2))
    assert told(two) == told(scan(folder, config=replace(CACHED, cached=False)))
    kept = [file for file in opened.iterdir() if file.name.startswith("results-")]
    assert len(kept) == 1, "processes do not make another one"
    assert SECRET.encode() not in kept[0].read_bytes()


def test_only_what_has_something_to_tell_is_looked_at_again(
    tmp_path: Path, opened: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "tree"
    folder.mkdir()
    tree(folder)
    first = scan(folder, config=CACHED)
    seen: set[str] = set()
    candidates = Engine.candidates

    def look(self: Engine, document: Document, *more: object) -> object:
        seen.add(document.path)
        return candidates(self, document, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(Engine, "candidates", look)
    again = scan(folder, config=CACHED)
    assert told(again) == told(first)
    loud = {one.location.provenance.path for one in first.findings} | {note.partition(":")[0] for note in first.notes}
    assert seen - {"text", "name"} <= loud, "these two are the report's own texts and names"
    seen.clear()
    scan(folder, config=replace(CACHED, cached=False))
    members = {path for path in seen if "!" in path}
    assert first.statistics.members == len(PIECES) + 1
    filled = [piece for piece in PIECES if piece(1)]
    assert len(members) == len(filled) + 1, "of an empty one only the name is looked at"
    assert len(seen - {"text", "name"} - members) == first.statistics.files - 1, "an archive is no text"
    (folder / "module0.py").write_text("pass\n")
    seen.clear()
    scan(folder, config=CACHED)
    assert "module0.py" in seen


def test_another_configuration_knows_nothing_of_it(tmp_path: Path, opened: Path) -> None:
    folder = tmp_path / "tree"
    folder.mkdir()
    tree(folder)
    (folder / "mark.txt").write_text("see zqk-" + "7f3c9a2e5b8d1f40\n")
    rules = tmp_path / "own.toml"
    rules.write_text("[[rules]]\nid = 'own-mark'\nname = 'Own'\nregex = 'zqk-[0-9a-f]+'\n")
    assert "own-mark" not in {one.rule_id for one in scan(folder, config=CACHED).findings}
    own = scan(folder, config=CACHED, rule_files=[rules])
    assert "own-mark" in {one.rule_id for one in own.findings}
    assert len([file for file in opened.iterdir() if file.name.startswith("results-")]) == 2


def test_damage_costs_time_and_a_note(tmp_path: Path, opened: Path) -> None:
    folder = tmp_path / "tree"
    folder.mkdir()
    tree(folder)
    expected = told(scan(folder, config=replace(CACHED, cached=False)))
    scan(folder, config=CACHED)
    (kept,) = (file for file in opened.iterdir() if file.name.startswith("results-"))
    kept.write_bytes(kept.read_bytes()[:-9])
    damaged = scan(folder, config=CACHED)
    assert [note for note in damaged.notes if "damaged" in note]
    assert told(replace(damaged, notes=tuple(note for note in damaged.notes if "damaged" not in note))) == expected
    assert told(scan(folder, config=CACHED)) == expected
    shutil.rmtree(opened)
    opened.write_text("no folder")
    assert scan(folder, config=CACHED).findings == scan(folder, config=replace(CACHED, cached=False)).findings


def test_two_writers_and_a_limit(opened: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = results.open_("setup"), results.open_("setup")
    a, b, c, d = (bytes([number]) * 16 for number in range(4))
    one.keep({a: b"", b: b"beside"}, [])
    other.keep({c: b"x"}, [])
    known = results.open_("setup")
    assert [known.find(name) for name in (a, b, c, d)] == [b"", b"beside", b"x", None]
    monkeypatch.setattr(results, "_MOST", 70)
    known.keep({d: b"y"}, [a])
    last = results.open_("setup")
    assert [last.find(name) for name in (a, b, c, d)] == [b"", None, b"x", b"y"], "b was not used for longest"
    assert results.open_("another").find(a) is None
    assert len(store.entries()) == 1
    known.keep({}, [a])  # nothing new is nothing to write


def test_what_is_handed_lasts_and_is_kept_where_it_is_asked_for(own_cache: Path) -> None:
    setup, kept = Setup(cached=False), Setup()
    memory = results.hand(setup, {b"a": b"1"}, None)
    memory.keep({b"b": b"2"}, ())
    assert results.hand(setup, {b"c": b"3"}, None) is memory
    assert [memory.find(name) for name in (b"a", b"b", b"c", b"d")] == [b"1", b"2", b"3", None]
    assert results.open_(kept).find(b"b") is None
    results.hand(setup, {}, kept).keep({bytes(16): b"4"}, ())
    assert results.open_(kept).find(bytes(16)) == b"4"


def test_no_two_values_are_alike() -> None:
    values: list[object] = [
        b"a", "a", 1, "1", True, None, (), ("a",), ("a", "b"), ("ab",), (("a",), "b"), frozenset({"a"}), {"a": "b"},
        {"a": ("b",)}, Config(), replace(Config(), jobs=1), ("a", b"b"), (b"a", "b"),
    ]  # fmt: skip
    assert len({results.digest(value) for value in values}) == len(values)
    assert results.digest(frozenset("abc")) == results.digest(frozenset("cba"))
    assert results.digest({"a": 1, "b": 2}) == results.digest({"b": 2, "a": 1})
    assert results.mark("a", b"b") != results.mark("ab", b"") != results.mark("a", b"b", b"question")
