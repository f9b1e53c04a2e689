"""What changed between two inventories."""

from __future__ import annotations

from dataclasses import replace

from keytrace.lifecycle.difference import changes, said, without_digests
from tests.lifecycle.views.test_records import KEY, PLACE


def test_all_kinds() -> None:
    other = replace(KEY, id="B", names=("B",), places=(replace(PLACE, digest="other"),))
    assert [(one.key, one.kind) for one in changes([KEY], [other])] == [("A_KEY", "went"), ("B", "came")]
    assert changes([KEY], [KEY]) == []
    turned = replace(KEY, places=(replace(PLACE, digest="new"),))
    assert [one.kind for one in changes([KEY], [turned])] == ["value"]
    moved = replace(KEY, owners=("@b",), places=(replace(PLACE, path="b", line=9),))
    assert [one.kind for one in changes([KEY], [moved])] == ["moved", "owner"]
    assert changes([KEY], [replace(KEY, places=(replace(PLACE, line=9),))]) == []
    renamed = replace(KEY, id="A_KEY@api")
    assert [one.kind for one in changes([KEY], [renamed])] == []


def test_values_that_cannot_be_compared() -> None:
    turned = replace(KEY, places=(replace(PLACE, digest="new"),))
    assert changes(without_digests([KEY]), without_digests([turned])) == []


def test_in_words() -> None:
    (came,) = changes([], [KEY])
    assert said(came) == ["A_KEY: new key", "  + defined .env:3"]
    (value,) = changes([KEY], [replace(KEY, places=(replace(PLACE, digest="new"),))])
    assert said(value) == ["A_KEY: another value (1 before, 1 now)"]
