"""What reading a program tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import libcst as cst
import pytest

from keytrace.analyzers.python.events import (
    Bound,
    Built,
    Called,
    Compared,
    Event,
    Finished,
    Raised,
    Reached,
    Returned,
    Started,
)
from keytrace.analyzers.python.interpret.module import interpret
from keytrace.analyzers.python.interpret.state import State, World
from keytrace.analyzers.python.interpret.values import Effect

Read = Callable[[str], tuple[State, list[Event]]]
E = TypeVar("E", bound=Event)


def told(read: Read, text: str, kind: type[E]) -> list[E]:
    return [event for event in read(text)[1] if isinstance(event, kind)]


@pytest.mark.parametrize(
    ("program", "bound"),
    [
        ("a = 'x'", ("a", "assign")),
        ("b.a = 'x'", ("a", "assign")),
        ("b['a'] = 'x'", ("a", "assign")),
        ("{'a': 'x'}", ("a", "colon")),
        ("[('a', 'x')]", ("a", "pair")),
        ("['--a', 'x']", ("a", "option")),
        ("['--a=x']", ("a", "option")),
        ("f(a='x')", ("a", "assign")),
        ("def f(a='x'): pass", ("a", "default")),
        ("import os\nos.getenv('a', 'x')", ("a", "fallback")),
        ("import os\nos.getenv('a_token') or 'x'", ("a_token", "fallback")),
        ("setattr(b, 'abc', 'x')", ("abc", "pair")),
        ("b.set_a('x')", ("a", "call")),
        ("parser.add_argument('--a', default='x')", ("a", "default")),
        ("def get_a():\n    return 'x'", ("a", "assign")),
        ("match b:\n    case C(a='x'): pass", ("a", "compare")),
    ],
)
def test_a_value_is_given_to_a_name(read: Read, program: str, bound: tuple[str, str]) -> None:
    events = [event for event in told(read, program + "\n", Bound) if event.value.text == "x"]
    assert bound in [(event.name, event.form) for event in events]


def test_a_parameter_that_takes_a_secret(read: Read) -> None:
    (event,) = [event for event in told(read, "import openai\nopenai.OpenAI(api_key='x')\n", Bound) if event.sdk]
    assert (event.name, event.form, event.value.text) == ("api_key", "call", "x")
    assert event.site is not None
    assert event.site.ref == "openai.OpenAI"


def test_calls(read: Read) -> None:
    (event,) = told(read, "import a as b\ndef f():\n    b.c(1, *d, e=2)\n", Called)
    site = event.site
    assert (site.ref, site.written, site.method) == ("a.c", "b.c", "c")
    assert [(one.keyword, one.stars) for one in site.arguments] == [("", 0), ("", 1), ("e", 0)]
    assert len(site.positional) == 1
    assert event.function is not None
    assert event.function.name == "f"


def test_what_is_known_of_the_object_of_a_call(read: Read) -> None:
    event = told(read, "s.auth = 'x'\ns.headers['A'] = 'y'\ns.get('z')\n", Called)[-1]
    assert {name: value.text for name, value in event.site.known.items()} == {"auth": "x", "headers['A']": "y"}


def test_comparisons(read: Read) -> None:
    events = told(read, "a.b == c['d']\na in b\nassert a == b\ncompare_digest(a, b)\n", Compared)
    assert [(one.operator, one.left.name, one.right.name, one.asserted) for one in events] == [
        ("==", "b", "d", False), ("in", "a", "b", False), ("==", "a", "b", True), ("call", "a", "b", False)
    ]  # fmt: skip


def test_a_call_in_an_assertion_is_not_asserted_itself(read: Read) -> None:
    text = "assert (lambda: a == b)()\nassert a != b\n"
    assert [one.asserted for one in told(read, text, Compared)] == [False, True]


def test_texts(read: Read) -> None:
    events = told(read, "'a=b'\nx = 'a=b'\ny = 'plain'\nf'{x}{q}'\n'a' + 'b'\n", Built)
    assert [(one.value.text, len(one.value.parts), len(one.pieces)) for one in events] == [
        ("a=b", 0, 0), (None, 2, 1), ("ab", 0, 2)
    ]  # fmt: skip


def test_functions(read: Read) -> None:
    events = read("def f(a):\n    return a\n")[1]
    assert isinstance(events[0], Started)
    assert {event.value.is_parameter for event in events if isinstance(event, Returned)} == {True}
    assert {event.function.name for event in events if isinstance(event, Finished)} == {"f"}


@pytest.mark.parametrize(
    ("program", "kinds"),
    [
        ("raise ValueError(password)", ["exception"]),
        ("raise ValueError('x', code=password)", ["exception"]),
        ("e = ValueError(password)\nraise e", ["exception"]),
        ("e = ValueError(password)\nraise RuntimeError('x') from e", ["exception", "exception"]),
        ("assert q, password", ["assertion"]),
        ("assert isinstance(password, str), password", []),
        ("try:\n    raise ValueError(password)\nexcept ValueError as e:\n    raise", ["exception"]),
        ("try:\n    raise ValueError(password)\nexcept ValueError as e:\n    raise e", ["exception"]),  # told once
    ],
)
def test_exceptions(read: Read, program: str, kinds: list[str]) -> None:
    assert [event.kind for event in told(read, program + "\n", Raised)] == kinds


@pytest.mark.parametrize(
    "raised",
    ["raise ValueError(password)", "raise made", "raise RuntimeError('x') from made", "raise RuntimeError(made)"],
)
def test_an_exception_carries_what_it_shows(read: Read, raised: str) -> None:
    text = f"made = ValueError(password)\ntry:\n    {raised}\nexcept Exception as error:\n    show(error)\n"
    shown = told(read, text, Called)[-1].site.arguments[0].value
    assert [taint.name for taint in shown.taints] == ["password"]


def test_effects_are_applied_by_their_id(make_world: Callable[[str], World]) -> None:
    """Whoever listens may leave an effect in a summary; callers hear of it with their own secrets."""
    reached: list[Reached] = []

    def listen(event: Event) -> None:
        if isinstance(event, Called) and event.site.method == "drain":
            (argument,) = event.site.arguments
            for taint in argument.value.taints:
                if taint.owner is not None:
                    effect = Effect(taint.index, "any-id", argument.node, "drained", taint.steps)
                    taint.owner.summary.add(effect)
        elif isinstance(event, Reached):
            reached.append(event)

    text = "import os\ndef f(a, b):\n    drain(b)\nf(1, os.environ['API_TOKEN'])\n"
    interpret(cst.parse_module(text), make_world("app/x.py"), {}, listen)
    assert {(one.rule, one.taint.name, one.says) for one in reached} == {("any-id", "API_TOKEN", "drained")}


def test_a_second_round_only_where_something_hands_on_a_secret(read: Read) -> None:
    assert len(told(read, "def f(a):\n    return 1\nx = f(2)\n", Started)) == 1
    assert len(told(read, "def f(a):\n    return a\nx = f(2)\n", Started)) == 2
