"""Which match stays where several overlap, and which findings are shown."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrace.model import (
    Confidence,
    Match,
    Rule,
    Severity,
    Span,
)
from keytrace.triage.dedupe import deduplicate

HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW


def rule(name: str, analyzer: str = "pattern", keyword: str = "", tag: str = "") -> Rule:
    return Rule(
        id=name,
        name=name,
        severity=Severity.HIGH,
        confidence=MEDIUM,
        analyzer=analyzer,
        keywords=(keyword,) if keyword else (),
        tags=(tag,) if tag else (),
    )


RULES = {
    one.id: one
    for one in (
        rule("short-marker", keyword="sk_"),
        rule("long-marker", keyword="sk_live_"),
        rule("no-marker"),
        rule("another"),
        rule("any-jwt", tag="generic"),
        rule("password", "keyword", "password"),
        rule("token", "keyword", "token"),
        rule("hardcoded", "python"),
        replace(rule("needy", keyword="sk_live_long_"), needs=("short-marker",)),
    )
}


def match(name: str, start: int, end: int, confidence: Confidence = MEDIUM) -> Match:
    return Match(name, start, end, confidence, Span(start, end))


@pytest.mark.parametrize(
    ("kept", "dropped"),
    [
        (match("no-marker", 0, 10, LOW), match("password", 0, 10, HIGH)),  # a format before a name
        (match("no-marker", 0, 10), match("any-jwt", 0, 10, HIGH)),  # a provider's before any format
        (match("any-jwt", 0, 10), match("no-marker", 0, 10, LOW)),  # unless a check speaks against it
        (match("any-jwt", 0, 10), match("hardcoded", 0, 10, HIGH)),  # a format before how it is used
        (match("hardcoded", 0, 10), match("no-marker", 0, 10, LOW)),
        (match("hardcoded", 0, 10), match("password", 0, 10, HIGH)),  # how it is used before a name
        (match("no-marker", 0, 10, HIGH), match("long-marker", 0, 10)),  # the surer
        (match("long-marker", 0, 10), match("short-marker", 0, 12)),  # the longer marker
        (match("no-marker", 0, 12), match("another", 0, 10)),  # the longer match
        (match("no-marker", 0, 10), match("another", 0, 10)),  # the last name
        (match("no-marker", 0, 10), match("needy", 0, 10, HIGH)),  # one that needs nothing else
        (match("token", 0, 10, HIGH), match("password", 0, 10)),
        (match("long-marker", 5, 10), match("password", 0, 20, HIGH)),
        (match("long-marker", 0, 10), match("short-marker", 9, 30)),
    ],
)
def test_the_more_specific_of_two(kept: Match, dropped: Match) -> None:
    assert deduplicate([kept, dropped], RULES) == [kept]
    assert deduplicate([dropped, kept], RULES) == [kept]


def test_what_does_not_overlap_stays() -> None:
    matches = [match("password", 0, 10), match("long-marker", 10, 20), match("token", 25, 30)]
    assert deduplicate(matches[::-1], RULES) == matches
    assert deduplicate([], RULES) == []


def test_a_value_that_cannot_be_genuine_is_told_of_its_format() -> None:
    fake = replace(match("no-marker", 5, 15, LOW), is_refuted=True)
    assert deduplicate([match("hardcoded", 5, 15, HIGH), fake, match("password", 5, 15, HIGH)], RULES) == [fake]
    wider = match("hardcoded", 0, 20, HIGH)  # holds more than that
    assert deduplicate([wider, fake], RULES) == [wider]
    assert deduplicate([match("any-jwt", 5, 15), fake], RULES) == [
        match("any-jwt", 5, 15)
    ]  # of another format, it may be


def test_one_that_lies_between() -> None:
    matches = [match("long-marker", 0, 10), match("password", 8, 22), match("short-marker", 20, 30)]
    assert deduplicate(matches, RULES) == [matches[0], matches[2]]


def test_empty_spans_at_one_place() -> None:
    assert deduplicate([match("no-marker", 0, 0), match("another", 0, 0)], RULES) == [match("no-marker", 0, 0)]


@settings(max_examples=200)
@given(
    st.lists(
        st.builds(
            lambda name, start, size, confidence: match(name, start, start + size, confidence),
            st.sampled_from(sorted(RULES)),
            st.integers(0, 30),
            st.integers(1, 12),
            st.sampled_from(Confidence),
        ),
        unique_by=lambda one: one.rule_id,  # the matches of one rule do not overlap
    ),
    st.randoms(use_true_random=False),
)
def test_result_covers_all_without_overlap_in_any_order(matches: list[Match], order: random.Random) -> None:
    kept = deduplicate(matches, RULES)
    assert all(first.end <= second.start for first, second in pairwise(kept))
    assert all(any(one.start < other.end and other.start < one.end for other in kept) for one in matches)
    shuffled = list(matches)
    order.shuffle(shuffled)
    assert deduplicate(shuffled, RULES) == kept
