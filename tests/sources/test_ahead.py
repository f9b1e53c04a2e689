"""What is counted ahead is yielded all the same."""

from __future__ import annotations

from keytrace.sources.ahead import Ahead


def test_counting_changes_nothing() -> None:
    ahead = Ahead(iter(range(5)))
    assert [next(ahead), next(ahead)] == [0, 1]
    assert ahead.count() == 5
    assert next(ahead) == 2
    assert ahead.count() == 5
    assert list(ahead) == [3, 4]
    assert ahead.count() == 5
    assert Ahead([]).count() == 0
