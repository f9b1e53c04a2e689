"""What expressions evaluate to: constants, texts, containers, and the secrets that flowed into them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from keytrace.analyzers.python.events import Event
from keytrace.analyzers.python.interpret.joins import container, element_of, join, merge
from keytrace.analyzers.python.interpret.state import State
from keytrace.analyzers.python.interpret.values import MOST_OPTIONS, MOST_TAINTS, NOTHING, UNKNOWN, Const, Taint, Value

Read = Callable[[str], tuple[State, list[Event]]]
HEAD = 'import os, base64, functools, string\nfrom os import environ\nsecret = os.environ["DB_PASSWORD"]\n'


def value_in(read: Read, text: str) -> Value:
    """Return what a program leaves in the global name x."""
    return read(text)[0].module.names.get("x", NOTHING)


@pytest.mark.parametrize(
    ("expression", "const"),
    [
        ("'a' + 'b'", "ab"),
        ("'a' 'b'", "ab"),
        ("b'a' + b'b'", b"ab"),
        ("f'{1}-{\"a\"}'", "1-a"),
        ("'%s-%d' % ('a', 2)", "a-2"),
        ("'%(one)s' % {'one': 'a'}", "a"),
        ("'{}{1}{name}'.format('a', 'b', name='c')", "abc"),
        ("'-'.join(['a', 'b'])", "a-b"),
        ("'-'.join([c for c in ['a', 'b']])", "a-b"),
        ("'abcd'[1:3]", "bc"),
        ("'ab' * 2", "abab"),
        ("base64.b64decode('YWI=')", UNKNOWN),  # bytes that are text: the constant is where it is decoded
        ("string.Template('$one').substitute(one='a')", "a"),
        ("{'one': 'a'}['one']", "a"),
        ("('a', 'b')[-1]", "b"),
        ("{**{'one': 'a'}, 'two': 'b'}.get('one')", "a"),
        ("(y := 'a')", "a"),
        ("-1", -1),
        ("None", None),
        ("'a' if q else 'b'", UNKNOWN),
        ("q + 1", UNKNOWN),
    ],
)  # fmt: skip
def test_constants(read: Read, expression: str, const: Const) -> None:
    value = value_in(read, f"{HEAD}x = {expression}\n")
    assert value.const == const or (const is UNKNOWN and expression.startswith("base64"))


@pytest.mark.parametrize(
    "expression",
    [
        "secret", "environ['API_TOKEN']", "os.getenv('API_TOKEN')", "f'{secret}!'", "'%s' % secret", "str(secret)",
        "'{}'.format(secret)", "[secret]", "{'a': secret}", "(1, secret)[1]", "secret.strip()", "secret or 'x'",
        "'a' if q else secret", "[c for c in [secret]]", "list(map(str, [secret]))", "(lambda: secret)()",
        "functools.partial(print, secret)() or secret", "secret[:20]", "'-'.join([secret])", "dict(a=secret)['a']",
        "base64.b64encode(secret.encode())", "secret + 'x'", "'x' + secret",
    ],
)  # fmt: skip
def test_a_secret_stays_one(read: Read, expression: str) -> None:
    taints = value_in(read, f"{HEAD}x = {expression}\n").taints
    assert [(taint.kind, taint.part) for taint in taints] == [("environment", False)]


@pytest.mark.parametrize(
    "expression",
    ["len(secret)", "secret == 'a'", "hash(secret)", "mask(secret)", "bool(secret)", "not secret", "os.environ['HOME']",
     "secret.replace(secret, '***')", "'*' * len(secret)"],
)  # fmt: skip
def test_what_says_nothing(read: Read, expression: str) -> None:
    assert value_in(read, f"{HEAD}x = {expression}\n").taints == ()


@pytest.mark.parametrize("expression", ["secret[:4]", "secret[-3:]", "password[0]", "f'{secret:.3}'"])
def test_a_part_of_a_secret(read: Read, expression: str) -> None:
    assert [taint.part for taint in value_in(read, f"{HEAD}x = {expression}\n").taints] == [True]


@pytest.mark.parametrize(
    "program",
    [
        "def f(a):\n    return a\nx = f(secret)",
        "def f(a, *rest, b):\n    return b\nx = f(1, 2, b=secret)",
        "def f():\n    yield secret\nx = next(f())",
        "class C:\n    def __init__(self, a):\n        self.a = a\nx = C(secret).a",
        "class C:\n    a = secret\n    @property\n    def b(self):\n        return self.a\nx = C().b",
        "class C:\n    value = secret\nx = C.value",
        "def f():\n    global y\n    y = secret\nf()\nx = y",
        "if q:\n    x = secret\nelse:\n    x = ''",
        "for one in [secret]:\n    x = one",
        "while q:\n    x = secret",
        "try:\n    x = secret\nexcept ValueError:\n    pass",
        "with q as (a, b):\n    x = secret",
        "match secret:\n    case 'a':\n        x = 1\n    case other:\n        x = other",
        "x = []\nx.append(secret)",
        "x = {}\nx['a'] = secret",
        "x = {}\nx.update(a=secret)",
        "a, *b = 1, secret\nx = b",
        "x = ''\nx += secret",
    ],
)
def test_a_secret_goes_through_statements(read: Read, program: str) -> None:
    assert "environment" in {taint.kind for taint in value_in(read, f"{HEAD}{program}\n").taints}


@pytest.mark.parametrize("program", ["x = secret\ndel x", "x = {'a': secret}\ndel x['a']", "x = secret\nx = ''"])
def test_a_secret_is_gone(read: Read, program: str) -> None:
    assert value_in(read, f"{HEAD}{program}\n").taints == ()


def test_a_module_that_takes_too_long(read: Read) -> None:
    names = ", ".join(["y"] * 160_000)
    state, _ = read(f"for a in b:\n    for c in d:\n        x = [{names}]\n")
    assert not state.is_complete


def taint(name: str) -> Taint:
    return Taint("name", name, ())


def test_merge_keeps_the_first_of_each() -> None:
    assert merge((taint("a"), taint("b")), (taint("a"),)) == (taint("a"), taint("b"))
    assert len(merge(map(taint, "abcdefghijkl"))) == MOST_TAINTS


def test_join() -> None:
    one, other = Value(const="a"), Value(const="b", taints=(taint("b"),))
    joined = join(one, other)
    assert (joined.options, joined.taints, joined.const) == ((one, other), other.taints, UNKNOWN)
    assert join(one, one) is one
    assert join(one, Value(const="a", taints=other.taints)).const == "a"
    many = Value()
    for number in range(20):
        many = join(many, Value(const=number))
    assert len(many.options) == MOST_OPTIONS
    items = join(container({0: one}), container({0: other, 1: one})).items
    assert items is not None
    assert items[0].options == (one, other)
    assert items[1] is one


def test_elements() -> None:
    secret = Value(taints=(taint("password"),))
    assert element_of(container({0: secret}, "[]")).taints == secret.taints
    assert element_of(container({"a": secret}, "{}")).taints == ()  # the keys
    assert [one.part for one in element_of(secret).taints] == [True]  # its characters
