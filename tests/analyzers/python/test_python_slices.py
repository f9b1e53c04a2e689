"""What is cut out of a module to be parsed: what belongs together stays together, and every byte knows where it was."""

from __future__ import annotations

from pathlib import Path

import libcst as cst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keytrace
from keytrace.analyzers.python.gate import Interest, load_gate
from keytrace.analyzers.python.guard import refuse
from keytrace.analyzers.python.slices import WHOLE, Slice, cut, whole
from keytrace.model import Additions

FILES = sorted(Path(keytrace.__file__).parent.rglob("*.py"))
HARMLESS = "".join(f"def harmless_{number}(a, b):\n    return a + b + {number}\n\n\n" for number in range(200))
TEXT = f'''"""A module."""

from __future__ import annotations

import os
from acme import Client

try:
    import json
except ImportError:
    json = None

PREFIX = "the password is "
OTHER = "never used"


{HARMLESS}
class Service:
    """A service."""

    unused = 1
    kind = "database"

    def __init__(self, host):
        self.host = host
        self.password = os.environ["DB_PASSWORD"]

    def harmless(self):
        return self.host

    def show(self):
        print(PREFIX, self.kind, self.password)

    def other(self):
        return 1


{HARMLESS.replace("harmless_", "further_")}
def read():
    return os.environ["APP_SECRET"]


@decorated
@twice(1)
def tell():
    print(read())
'''.encode()


def look(data: bytes) -> Interest:
    interest = load_gate(Additions()).look(data)
    assert interest is not None
    return interest


def check(part: Slice, data: bytes) -> None:
    """Every byte of the part is that of the text at its origin, in order."""
    assert part.starts[0] == 0
    assert len(part.starts) == len(part.origins)
    assert list(part.origins) == sorted(part.origins)
    ends = [*part.starts[1:], len(part.data)]
    for start, end, origin in zip(part.starts, ends, part.origins, strict=True):
        assert part.data[start:end] == data[origin : origin + end - start]
        if start < end:
            assert part.origin(start, end) == (origin, origin + end - start)


def test_what_is_kept() -> None:
    part = cut(TEXT, look(TEXT))
    check(part, TEXT)
    assert len(part.data) < len(TEXT) / 10
    for kept in (
        b"from __future__ import annotations", b"import os", b"from acme import Client", b"import json",
        b"except ImportError:", b"json = None", b"PREFIX = ", b"class Service:",
        b'self.password = os.environ["DB_PASSWORD"]',
        b"def show(self):", b'kind = "database"', b'return os.environ["APP_SECRET"]',
        b"@decorated\n@twice(1)\ndef tell():",
        b"print(read())",
    ):  # fmt: skip
        assert kept in part.data
    for left in (b"OTHER", b"harmless_", b"further_", b"def harmless", b"def other", b"unused"):
        assert left not in part.data
    cst.parse_module(part.data)


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("indent", [b"    ", b"\t", b"  "])
def test_other_styles(line_end: bytes, indent: bytes) -> None:
    data = TEXT.replace(b"    ", indent).replace(b"\n", line_end)
    part = cut(data, look(data))
    check(part, data)
    assert len(part.data) < len(data) / 10
    assert b"print(PREFIX, self.kind, self.password)" in part.data
    assert b"print(read())" in part.data
    cst.parse_module(part.data)


def test_origins() -> None:
    part = cut(TEXT, look(TEXT))
    for text in (b"import os", b"self.password = ", b"print(read())", b"PREFIX, self"):
        start = part.data.index(text)
        first, last = part.origin(start, start + len(text))
        assert TEXT[first:last] == text
        assert part.origin(start, start) == (first, first)


def test_nothing_is_cut_from_a_short_text() -> None:
    data = b'import os\nprint(os.environ["DB_PASSWORD"])\n\n\ndef unused():\n    pass\n'
    assert len(data) <= WHOLE
    assert cut(data, look(data)) == whole(data)


@given(data=st.binary(max_size=200), start=st.integers(0, 200), size=st.integers(0, 200))
def test_a_whole_text_is_its_own_origin(data: bytes, start: int, size: int) -> None:
    assert whole(data).origin(start, start + size) == (start, start + size)


@settings(deadline=None, max_examples=30)
@given(before=st.integers(0, 60), between=st.integers(0, 60), after=st.integers(0, 60))
def test_wherever_the_code_stands(before: int, between: int, after: int) -> None:
    def harmless(name: str, number: int) -> str:
        return "".join(f"def {name}_{one}(a):\n    '''Add.'''\n    return a + {one}\n\n\n" for one in range(number))

    source = 'def source():\n    return os.environ["DB_PASSWORD"]\n\n\n'
    sink = "def sink():\n    print(source())\n\n\n"
    data = (
        f"import os\n\n\n{harmless('a', before)}{source}{harmless('b', between)}{sink}{harmless('c', after)}".encode()
    )
    part = cut(data, look(data))
    check(part, data)
    assert source.encode() in part.data
    assert sink.encode() in part.data
    cst.parse_module(part.data)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(FILES[0].parent)))
def test_our_own_files(file: Path) -> None:
    """What is cut from real programs is a program."""
    data = file.read_bytes()
    interest = load_gate(Additions()).look(data)
    if interest is None:
        return
    part = cut(data, interest)
    assert refuse(part.data) == ""
    cst.parse_module(part.data)
    if part.data:
        check(part, data)
