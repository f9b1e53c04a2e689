"""Stored rules are the rules that were stored, whichever way they are asked for; what is damaged is parsed anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from keytrace.cache import shipped
from keytrace.cache import store as cache
from keytrace.rules.load import builtin_files, load_builtin, read_rule_files
from keytrace.rules.select import Ruleset
from keytrace.rules.stored import StoredRules, by_id, dump, ids, of_analyzer, restore, spoken


def test_what_is_restored_is_what_was_stored() -> None:
    read = read_rule_files(builtin_files(), check=False)
    rules = tuple(read[name] for name in sorted(read))
    stored = restore(dump(rules))
    assert stored == rules == tuple(stored)
    assert (stored[0], stored[-1], stored[3:5]) == (rules[0], rules[-1], rules[3:5])
    assert ids(stored) == ids(rules)
    assert dict(by_id(stored)) == by_id(rules)
    assert json.dumps(spoken(stored)) == json.dumps(spoken(rules))
    for analyzer in ("pattern", "keyword", "path", "python"):
        assert bool(of_analyzer(stored, analyzer)) == (analyzer != "path")
        assert of_analyzer(stored, analyzer) == of_analyzer(rules, analyzer)
    assert Ruleset(stored).linked().rules == Ruleset(rules).linked().rules
    assert Ruleset(stored).linked().rules != rules
    assert of_analyzer(Ruleset(stored).linked().rules, "pattern") == of_analyzer(
        Ruleset(rules).linked().rules, "pattern"
    )


def test_a_rule_is_made_when_it_is_asked_for() -> None:
    stored = restore(dump(load_builtin().rules))
    first = stored[0]
    assert stored._made == {first.id: first}
    assert "nothing" not in by_id(stored)
    with pytest.raises(KeyError):
        by_id(stored)["nothing"]
    assert stored.of("pattern").of("pattern") == stored.of("pattern")
    assert len(stored.of("nobody")) == 0


@pytest.mark.parametrize("damage", [b"", b"[]", b"{}", b"[{}, []]", b'[{"pattern": ["a", "b"]}, []]\n{}', b"nonsense"])
def test_an_entry_of_another_shape_is_made_anew(damage: bytes, own_cache: Path) -> None:
    expected = tuple(load_builtin().rules)
    key = shipped.stamp()
    cache.store("rules", key, damage)
    load_builtin.cache_clear()
    try:
        assert load_builtin().rules == expected
        assert isinstance(load_builtin().rules, StoredRules)
        (complaint,) = cache.complaints()
        assert "the cached rules" in complaint
    finally:
        load_builtin.cache_clear()
