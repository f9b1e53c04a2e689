"""Severity and confidence."""

from __future__ import annotations

from keytrace import levels, model


def test_they_are_those_of_the_vocabulary_in_their_order() -> None:
    assert (model.Severity, model.Confidence) == (levels.Severity, levels.Confidence)
    assert [one.label for one in sorted(levels.Severity)] == ["info", "low", "medium", "high", "critical"]
    assert [one.label for one in sorted(levels.Confidence)] == ["low", "medium", "high"]
