"""What is reported is exactly the text it is about, whatever stands before it and however the file is written."""

from __future__ import annotations

import codecs
import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrace.engine import Engine, Setup, load_engine
from keytrace.findings import find_alone
from keytrace.model import FileProvenance, Finding
from keytrace.text.document import Document
from keytrace.text.encoding import decode

VALUE = "".join(random.Random(4).choices("abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=12))
BOUND = f'DB_PASSWORD = "{VALUE}"\n'
SHOWN = 'def show():\n    secret = os.environ["APP_SECRET"]\n    print("é🔑", secret)\n'
TEXT = f"import os\n\n{BOUND}\n\n{SHOWN}"
EXPECTED = [("hardcoded-credential", VALUE), ("logged-credential", "secret")]


def harmless(name: str, number: int) -> str:
    return "".join(f"def {name}_{one}(a, b):\n    # ä 🔑\n    return a + b + {one}\n\n\n" for one in range(number))


def scan(engine: Engine, raw: bytes) -> tuple[Document, list[Finding]]:
    data = decode(raw)
    assert data is not None
    document = Document(FileProvenance("app.py"), data)
    notes: list[str] = []
    findings = find_alone(engine, document, notes)
    assert notes == []
    return document, findings


def check(document: Document, findings: list[Finding]) -> None:
    """The findings are those expected, and offsets, lines and columns say the same."""
    cuts = [(one.known_as, document.data[one.location.start : one.location.end].decode()) for one in findings]
    assert cuts == EXPECTED
    steps = [document.data[step.start : step.end].decode() for step in findings[1].flow]
    assert steps == ['os.environ["APP_SECRET"]', "secret", "secret"]
    for location in (*(one.location for one in findings), *findings[1].flow):
        before = document.data[: location.start].decode().replace("\r\n", "\n").replace("\r", "\n")
        line = before.rpartition("\n")[2]
        column = len(line.encode("utf-16-le")) // 2 + 1
        width = len(document.data[location.start : location.end].decode().encode("utf-16-le")) // 2
        region = location.region
        assert (region.start_line, region.start_column) == (before.count("\n") + 1, column)
        assert (region.end_line, region.end_column) == (region.start_line, column + width)


@pytest.fixture(params=[0, 150], ids=["whole", "cut"])
def padding(request: pytest.FixtureRequest) -> str:
    return harmless("pad", request.param)


def padded(padding: str) -> str:
    return (
        f"import os\n\n\n{padding}{BOUND}\n\n{padding.replace('pad', 'gap')}{SHOWN}\n\n{padding.replace('pad', 'end')}"
    )


RAW: dict[str, Callable[[str], bytes]] = {
    "utf-8": lambda text: text.encode(),
    "byte order mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "utf-16": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "latin-1": lambda text: ("# -*- coding: latin-1 -*-\n# Ä\n" + text.replace("🔑", "ü")).encode("latin-1"),
    "latin-1 cookie and utf-8": lambda text: ("# -*- coding: latin-1 -*-\n" + text).encode(),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "CRLF and byte order mark": lambda text: codecs.BOM_UTF8 + text.replace("\n", "\r\n").encode(),
    "form feeds on lines of their own": lambda text: ("\x0c\n" + text.replace("\n\n\ndef", "\n\x0c\n\ndef")).encode(),
    "tabs": lambda text: text.replace("    ", "\t").encode(),
    "two spaces": lambda text: text.replace("    ", "  ").encode(),
    "emoji before": lambda text: ("# 🔑🔑 \U0001f468\u200d\U0001f469\u200d\U0001f467\nx = '𐐷🔑'\n" + text).encode(),
    "emoji in the lines": lambda text: text.replace("print(", "x = '🔑𐐷'; print(").encode(),
    "emoji before a literal": lambda text: text.replace("DB_PASSWORD =", "x = '🔑𐐷é'; DB_PASSWORD =").encode(),
    "names of other letters": lambda text: text.replace("show", "größe_𐐷").encode(),
    "no line end": lambda text: text.rstrip("\n").encode(),
    "blank lines": lambda text: ("\n" * 50 + text.replace("\n\n\n", "\n" + "\n  " * 8 + "\n")).encode(),
    "trailing spaces": lambda text: text.replace("\n\n\n", "  \n\n\n").encode(),
    "semicolons": lambda text: text.replace("    print(", "    x = 'é'; print(").encode(),
}


@pytest.mark.parametrize("name", RAW)
def test_encodings_and_layouts(name: str, padding: str, engine: Engine) -> None:
    check(*scan(engine, RAW[name](padded(padding))))


_LINES = st.sampled_from(["", "# ä 🔑", "x = '𐐷'", "y = [\n    1,\n    '🔑',\n]", "'''a\nb 🔑\n'''", "z = 'é' 'ü'"])
_NUMBERS = st.integers(0, 60)


@settings(max_examples=60)
@given(
    lines=st.lists(_LINES, max_size=5), before=_NUMBERS, between=_NUMBERS, after=_NUMBERS,
    line_end=st.sampled_from(["\n", "\r\n"]), mark=st.booleans(),
)  # fmt: skip
def test_moved_code_is_reported_the_same(
    lines: list[str], before: int, between: int, after: int, line_end: str, mark: bool
) -> None:
    rest = "".join(line + "\n" for line in lines)
    text = (
        f"import os\n{rest}\n{harmless('a', before)}{BOUND}\n{rest}\n{harmless('b', between)}{SHOWN}\n\n"
        f"{harmless('c', after)}{rest}"
    )
    raw = text.replace("\n", line_end).encode()
    check(*scan(load_engine(Setup()), codecs.BOM_UTF8 + raw if mark else raw))
