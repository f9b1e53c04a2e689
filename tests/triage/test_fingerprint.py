"""Fingerprints: the same after edits elsewhere, another for another finding, and without a trace of the secret."""

from __future__ import annotations

import random
import re
import string

from keytrace.engine import Engine
from keytrace.findings import find
from keytrace.model import FileProvenance
from keytrace.text.document import Document
from keytrace.triage.fingerprint import Fingerprints

_RANDOM = random.Random(1)
FIRST, SECOND = ("".join(_RANDOM.choices(string.ascii_letters + string.digits, k=32)) for _ in range(2))


def of(engine: Engine, text: str, path: str = "app.py") -> list[str]:
    return [finding.fingerprint for finding in find(engine, Document(FileProvenance(path), text.encode()), [])]


def test_form() -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", Fingerprints("app.py").next("rule", b"key = ********"))


def test_white_space_does_not_matter() -> None:
    lines = [b"key = ********", b"  key  =\t********  "]
    assert len({Fingerprints("app.py").next("rule", line) for line in lines}) == 1


def test_rule_path_line_and_number_do_matter() -> None:
    first = Fingerprints("app.py")
    prints = [
        first.next("rule", b"key = ********"),
        first.next("rule", b"key = ********"),
        first.next("other", b"key = ********"),
        first.next("rule", b"token = ********"),
        Fingerprints("api.py").next("rule", b"key = ********"),
        Fingerprints("api\udcff.py").next("rule", b"key = ********"),
    ]
    assert len(set(prints)) == len(prints)


def test_parts_are_not_confused() -> None:
    assert Fingerprints("b").next("a", b"c") != Fingerprints("").next("a", b"b c")
    assert Fingerprints("x").next("a", b"") != Fingerprints("").next("a", b"x")


def test_stays_when_lines_are_inserted_and_indented(engine: Engine) -> None:
    before = of(engine, f'api_key = "{FIRST}"\n')
    assert len(before) == 1
    assert of(engine, f'import os\n\n\nif True:\n    api_key  =  "{FIRST}"\n') == before
    assert of(engine, f'import os\r\napi_key = "{FIRST}"\r\n') == before


def test_does_not_depend_on_the_secret(engine: Engine) -> None:
    assert of(engine, f'api_key = "{FIRST}"') == of(engine, f'api_key = "{SECOND}"')
    two = f'a = Client(api_key="{FIRST}", token="{SECOND}")'
    assert of(engine, two) == of(engine, two.replace(FIRST, SECOND[::-1]))


def test_equal_lines_are_counted(engine: Engine) -> None:
    line = f'api_key = "{FIRST}"\n'
    three = of(engine, line * 3)
    assert len(set(three)) == 3
    assert of(engine, line * 2) == three[:2]


def test_a_finding_on_a_line_that_is_not_asked_for_is_counted(engine: Engine) -> None:
    data = (f'api_key = "{FIRST}"\n' * 2).encode()
    whole = find(engine, Document(FileProvenance("app.py"), data), [])
    part = find(engine, Document(FileProvenance("app.py"), data, frozenset({2})), [])
    assert part == whole[1:]
