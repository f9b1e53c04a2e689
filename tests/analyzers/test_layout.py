"""The layout that is kept is that of the rules, and what is found by it is what is found by one made of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from keytrace.analyzers import layout as layouts
from keytrace.analyzers.layout import Layout, builtin_layout, dump, lay_out, make_all, restore
from keytrace.analyzers.pattern import PatternAnalyzer
from keytrace.cache import shipped
from keytrace.cache import store as cache
from keytrace.decoders import TRIGGERS
from keytrace.engine import Engine, Setup, load_ruleset
from keytrace.findings import find
from keytrace.match.multipattern import build_index
from keytrace.model import FileProvenance
from keytrace.rules.load import load_builtin
from keytrace.rules.stored import of_analyzer
from keytrace.text.document import Document
from tests.samples import marked

TEXT = f"token = '{marked(1)}'\nDB_PASSWORD=hunter2{'x' * 3}Zq81\n".encode()


def same(one: Layout, other: Layout) -> bool:
    return (tuple(one.triggers), dict(one.ranges), one.owners) == (
        tuple(other.triggers), dict(other.ranges), [list(own) for own in other.owners]
    )  # fmt: skip


def test_what_is_kept_is_what_was_made() -> None:
    made = lay_out(load_builtin().rules)
    assert same(restore(dump(made)), made)
    assert same(builtin_layout(), made)


def test_each_analyzer_has_its_range_and_decoders_come_last() -> None:
    layout = builtin_layout()
    numbers = [number for first, last in layout.ranges.values() for number in range(first, last)]
    assert numbers == list(range(layout.encoded_from))
    assert tuple(layout.triggers[layout.encoded_from :]) == TRIGGERS
    first, last = layout.ranges["pattern"]
    assert len(layout.owners) == last - first
    patterns = of_analyzer(load_builtin().rules, "pattern")
    assert PatternAnalyzer(patterns).triggers == tuple(layout.triggers[first:last])
    assert {number for owners in layout.owners for number in owners} == set(range(len(patterns)))


def test_no_rules_have_only_what_decodes() -> None:
    assert tuple(lay_out(()).triggers) == TRIGGERS
    assert lay_out(()).encoded_from == 0


@pytest.mark.parametrize("damage", [b"", b"\n\n", b"[]\n[]\n[]", b"nonsense", b'["a", 1, []]\n[]\n[]'])
def test_an_entry_of_another_shape_is_made_anew(damage: bytes, own_cache: Path) -> None:
    expected = builtin_layout()
    cache.store("layout", shipped.stamp(), damage)
    builtin_layout.cache_clear()
    try:
        assert same(builtin_layout(), expected)
        assert len(cache.complaints()) == (1 if damage else 0)
    finally:
        builtin_layout.cache_clear()


def test_a_rule_less_shares_the_database(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules that are left out need no database of their own, and are not found."""
    left_out = Setup(without=("github-personal-access-token",))
    document = Document(FileProvenance("a.txt"), TEXT)
    build_index.cache_clear()
    whole = Engine(load_ruleset(Setup()), Setup())
    whole.prepare()
    (database,) = (file.name for file in own_cache.iterdir() if file.name.startswith("patterns"))
    engine = Engine(load_ruleset(left_out), left_out)
    engine.prepare()
    kept = {file.name for file in own_cache.iterdir() if file.name.startswith("patterns")}
    assert database in kept
    assert sum((own_cache / name).stat().st_size for name in kept - {database}) < 10_000
    found = {one.rule_id for one in find(whole, document, [])}
    assert found - {one.rule_id for one in find(engine, document, [])} == {"github-personal-access-token"}
    slow = replace(left_out, hyperscan=False)
    assert list(find(engine, document, [])) == list(find(Engine(load_ruleset(slow), slow), document, []))
    build_index.cache_clear()
    assert layouts.builtin_layout() is layouts.builtin_layout()


def test_a_built_package_needs_neither_rule_files_nor_cache(
    own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules, layout, names = load_builtin(), builtin_layout(), shipped.table("names")
    content = make_all()
    monkeypatch.setattr(shipped, "made", content.get)
    monkeypatch.setattr(shipped, "folder", lambda: tmp_path)
    forget = (load_builtin, builtin_layout, shipped.table)
    for remembers in forget:
        remembers.cache_clear()
    before = list(own_cache.iterdir()) if own_cache.exists() else []
    try:
        assert load_builtin() == rules
        assert same(builtin_layout(), layout)
        assert shipped.table("names") == names
        assert (list(own_cache.iterdir()) if own_cache.exists() else []) == before
    finally:
        for remembers in forget:
            remembers.cache_clear()
