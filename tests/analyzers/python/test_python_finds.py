"""Of several finds in one place the strongest stays, and the others are ways to it."""

from __future__ import annotations

import libcst as cst

from keytrace.analyzers.python.finds import Fact, Find, Finds, Flow, InUrl, Literal
from keytrace.analyzers.python.interpret.values import Node, Step, Taint, Value
from keytrace.analyzers.python.knowledge import load_knowledge
from keytrace.analyzers.python.literals import Weighed
from keytrace.analyzers.python.meaning import Uses
from keytrace.analyzers.python.names import Names
from keytrace.model import Additions, Confidence, Evidence, Match, Severity, Span

PLACE, OTHER = cst.SimpleString("'abcdefgh'"), cst.Name("x")
SPANS = {id(PLACE): (0, 10), id(OTHER): (20, 21)}
DATA = b"'abcdefgh'          x"
USES = Uses(Names(load_knowledge(Additions())), DATA)
LEAF = Value(const="abcdefgh", node=PLACE)


def matches(*found: Find, in_test: bool = False) -> list[Match]:
    finds = Finds(in_test=in_test, uses=USES)
    for find in found:
        finds.add(find)
    return list(finds.matches(DATA, lambda node: SPANS.get(id(node))))


def flow(kind: str, name: str, place: Node = OTHER, *, part: bool = False) -> Flow:
    return Flow("logged-credential", PLACE, Taint(kind, name, (Step(place, "here"),), part=part), "printed")


def literal(rule: str, confidence: Confidence | None, severity: Severity | None = None) -> Literal:
    return Literal(rule, LEAF, PLACE, Weighed(confidence, severity, (Evidence("so", 1.0),), "abcdefgh"))


def test_the_surest_way_to_a_place() -> None:
    (match,) = matches(flow("name", "a"), flow("manager", "b"), flow("environment", "c"))
    assert match.message == "'b' is printed"
    assert match.confidence is Confidence.HIGH
    assert match.flow == (Span(20, 21, "here"), Span(0, 10, "printed"))
    (match,) = matches(flow("environment", "a", part=True), flow("name", "b"))
    assert match.message == "'b' is printed"


def test_other_ways_are_related() -> None:
    third = cst.Name("y")
    SPANS[id(third)] = (30, 31)
    (match,) = matches(flow("environment", "a"), flow("environment", "b", third), flow("environment", "b", third))
    assert match.message == "'a' is printed"
    assert match.related == (Span(30, 31, "it is also reached by 'b': here"),)


def test_there_are_not_too_many() -> None:
    nodes = [cst.Name(f"n{number}") for number in range(50)]
    SPANS.update((id(node), (100 + number, 101 + number)) for number, node in enumerate(nodes))
    flows = [flow("environment", f"name{number}", node) for number, node in enumerate(nodes)]
    (match,) = matches(*flows)
    assert len(match.related) == 5
    (match,) = matches(*flows, flow("manager", "surest"))
    assert match.message == "'surest' is printed"


def test_the_strongest_literal() -> None:
    (match,) = matches(
        literal("hardcoded-credential", None), literal("hardcoded-credential", Confidence.MEDIUM),
        literal("default-credential", Confidence.MEDIUM), literal("hardcoded-credential", Confidence.LOW),
    )  # fmt: skip
    assert (match.rule_id, match.confidence, match.start, match.end) == ("default-credential", Confidence.MEDIUM, 1, 9)


def test_a_literal_in_a_url_is_one_find() -> None:
    (match,) = matches(literal("hardcoded-credential", Confidence.HIGH), InUrl(LEAF, PLACE, 2, 4, weak=False))
    assert (match.rule_id, match.start, match.end) == ("credential-in-url", 3, 5)
    (match,) = matches(InUrl(LEAF, PLACE, 2, 4, weak=True), in_test=True)
    assert (match.confidence, match.severity) == (Confidence.LOW, Severity.LOW)


def test_a_password_that_a_test_has_chosen() -> None:
    made_up = Weighed(Confidence.HIGH, None, (Evidence("so", 1.0),), "abcdefgh", made_up=True)
    (match,) = matches(Literal("hardcoded-credential", LEAF, PLACE, made_up), in_test=True)
    assert (match.confidence, match.severity) == (Confidence.HIGH, Severity.LOW)
    assert match.evidence[-1].text == "a test has chosen the password: of low severity"


def test_facts() -> None:
    fact = Fact("weak-signature-check", PLACE, "says so", Confidence.HIGH)
    (match,) = matches(fact, fact)
    assert (match.rule_id, match.message, match.is_secret) == ("weak-signature-check", "says so", False)


def test_folds() -> None:
    finds = Finds(in_test=False, uses=USES)
    assert finds.is_empty()
    finds.fold(LEAF, ())
    assert list(finds.folds(lambda node: SPANS.get(id(node)))) == [(0, 10, b'"abcdefgh"')]
    finds.fold(Value(const="abcdefghij", node=OTHER), (PLACE,))  # of which the former is a piece
    assert list(finds.folds(lambda node: SPANS.get(id(node)))) == [(20, 21, b'"abcdefghij"')]
    finds.clear()
    assert finds.is_empty()
