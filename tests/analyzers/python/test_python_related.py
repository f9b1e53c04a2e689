"""Which functions a call may run: of an object of the class, of one that is related, of anything that is not known."""

from __future__ import annotations

import pytest

from keytrace.analyzers.python.seeds import select
from keytrace.model import Additions, FileProvenance
from keytrace.text.document import Document

TWO = (
    "class A({base}):\n    def tell(self, what):\n        print(what)\n"
    "class B({other}):\n    def f(self, password):\n        {call}\n"
)
HANDED = ["tell"]


def handed(text: str) -> list[str]:
    """Return the functions that are handed a secret."""
    found = select(Document(FileProvenance("app/x.py"), text.encode()), Additions())[0]
    return [function.name for function, by in found.handed.items() if any(by.values())]


@pytest.mark.parametrize(
    ("before", "base", "other", "call", "functions"),
    [
        ("", "", "", "self.tell(password)", []),
        ("", "", "A", "self.tell(password)", HANDED),
        ("", "B", "", "self.tell(password)", HANDED),
        ("class M:\n    pass\n", "M", "x.M, metaclass=T", "self.tell(password)", HANDED),
        ("M = A\n", "", "M", "self.tell(password)", HANDED),
        ("", "", "", "self.other.tell(password)", HANDED),
        ("", "", "", "thing.tell(password)", HANDED),
        ("", "", "", "class C(A):\n            def f(self, password):\n                self.tell(password)", HANDED),
        ("import thing\n", "", "", "thing.tell(password)", []),
        ("import thing.of\n", "", "", "thing.of.tell(password)", []),
        ("import thing\n", "", "", "thing.make(A()).tell(password)", HANDED),
        ("import thing\nthing = A()\n", "", "", "thing.tell(password)", HANDED),
        ("import thing\n", "", "", "thing = A(); thing.tell(password)", HANDED),
        ("import thing\n", "", "", "run = thing.tell; run(password)", HANDED),
    ],
)
def test_what_a_method_may_be(before: str, base: str, other: str, call: str, functions: list[str]) -> None:
    assert handed(before + TWO.format(base=base, other=other, call=call)) == functions


def test_a_library_is_called_as_one_of_many_classes_is() -> None:
    """Nothing is handed from each of them to each."""
    one = "class C{0}:\n    def get(self, path, password):\n        return requests.get(path, auth=('u', password))\n"
    assert handed("import requests\n" + "".join(map(one.format, range(50)))) == []
