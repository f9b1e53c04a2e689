"""Which blocks are wanted, and what they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keytrace.analyzers.python import needs, seeds
from keytrace.analyzers.python.seeds import select
from keytrace.analyzers.python.select import Selection
from keytrace.analyzers.python.telling import told
from keytrace.model import Additions, FileProvenance
from keytrace.text.document import Document

if TYPE_CHECKING:
    import pytest


def selected(text: str) -> Selection:
    return select(Document(FileProvenance("app/x.py"), text.encode()), Additions())[0]


def wanted(text: str) -> set[str]:
    return {block.name or block.word.decode() for block in selected(text).wanted}


def needed(text: str) -> set[str]:
    return {block.name or block.word.decode() for block in needs.needed(selected(text))}


def test_nothing_to_begin_with() -> None:
    assert select(Document(FileProvenance("x.py"), b"def f(a):\n    return a + 1\n"), Additions()) == []


def test_what_is_wanted_shows_a_secret() -> None:
    text = "def f(password):\n    print(password)\ndef g(password):\n    connect(password)\ndef h(x):\n    print(x)\n"
    assert wanted(text) == {"f"}


def test_a_secret_carried_by_a_function_and_a_global() -> None:
    text = (
        'import os\nHELD = os.environ["API_KEY"]\ndef give():\n    return HELD\ndef show():\n    print(give())\n'
        "def other():\n    return 1\n"
    )
    found = selected(text)
    assert {"HELD", "give"} <= found.carriers.keys()
    assert wanted(text) == {"show"}
    assert needed(text) == {"show", "give", "HELD"}
    assert {"HELD", "give"} <= told(found, ()).carries


def test_a_secret_handed_to_a_parameter() -> None:
    text = "def tell(what, how):\n    print(what)\ndef f(password):\n    tell(password, 1)\n"
    found = selected(text)
    assert {function.name: set().union(*by.values()) for function, by in found.handed.items()} == {"tell": {"what"}}
    assert "tell" in wanted(text)
    assert needed(text) == {"tell", "f"}


def test_an_attribute_carries_from_method_to_method() -> None:
    text = (
        "class A:\n    def __init__(self, password):\n        self.it = password\n"
        "    def f(self):\n        print(self.it)\n"
    )
    assert "f" in wanted(text)
    assert {"f", "__init__"} <= needed(text)


def test_what_is_cut_out_has_the_imports_and_what_makes_the_objects_that_are_used() -> None:
    text = (
        'import os\nenv = Env()\nKEY = env("API_KEY")\ndef f(password):\n    print(env, password)\n'
        + "def g():\n    return 1\n" * 20
    )
    found = selected(text)
    part = found.program.slice_of(needs.needed(found))
    assert b"import os" in part.data
    assert b"env = Env()" in part.data
    assert b"def g" not in part.data
    start = part.data.index(b"def f")
    assert part.origin(start, start + 5) == (text.index("def f"), text.index("def f") + 5)


def test_words_are_bounded() -> None:
    text = (
        'import os\nx0 = os.environ["API_KEY"]\n' + "".join(f"x{n + 1} = x{n}\n" for n in range(2000)) + "print(x0)\n"
    )
    assert len(selected(text).carriers) <= 401


def test_of_many_small_programs_few_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeds, "_MOST_KEPT", 1_000_000)
    for kept_programs in ("_PROGRAMS", "_WANTED"):
        monkeypatch.setattr(seeds, kept_programs, seeds._Programs())
    additions, first, wanted = Additions(), b"number = 'first'\n", b"number = 'wanted'\n"
    kept = seeds.program_of(first, additions)
    assert seeds.program_of(first, additions) is kept
    for number in range(5000):
        seeds.program_of(b"number = %d\n" % number, additions)
    assert len(seeds._PROGRAMS) < 4000
    assert seeds._PROGRAMS.size == sum(len(text) + seeds._BESIDE for text, _ in seeds._PROGRAMS)
    seeds.keep(wanted, additions)
    assert seeds.program_of(wanted, additions) is seeds.program_of(wanted, additions)
