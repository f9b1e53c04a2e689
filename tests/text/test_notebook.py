"""The code of a notebook, where each byte of it stands, and what is no code."""

from __future__ import annotations

import json
from typing import Any

import pytest

from keytrace.text.notebook import Notebook, read_code, without_images


def notebook(*cells: str | list[str], kind: str = "code", **more: Any) -> bytes:
    made = [{"cell_type": kind, "source": source, **more} for source in cells]
    return json.dumps({"cells": made, "nbformat": 4}, indent=1).encode()


def code(data: bytes) -> Notebook:
    read = read_code(data)
    assert read is not None
    return read


def test_every_piece_comes_from_where_it_stands() -> None:
    data = notebook(["import os\n", 'name = "a\tb"\n', "price = '5 \\u20ac \u20ac'\n", "end = 1"])
    read = code(data)
    for word in (b"import os", b"name", b"price", b"end = 1"):
        start = read.code.index(word)
        first, last = read.origin(start, start + len(word))
        assert data[first:last] == word
    start = read.code.index(b"a\tb")
    first, last = read.origin(start, start + 3)
    assert json.loads(b'"' + data[first:last] + b'"') == "a\tb"
    start = read.code.index("€".encode())
    first, last = read.origin(start, start + 3)
    assert data[first:last] == b"\\u20ac"


def test_cells_are_apart_and_numbered_among_all() -> None:
    cells = [("markdown", "# words"), ("code", "a = 1"), ("raw", "x"), ("code", "b = 2\nc = 3")]
    data = json.dumps({"cells": [{"cell_type": kind, "source": text} for kind, text in cells]}).encode()
    read = code(data)
    assert read.code == b"a = 1\n\nb = 2\nc = 3\n\n"
    assert read.place(read.code.index(b"a")) == "cell 2, line 1"
    assert read.place(read.code.index(b"c")) == "cell 4, line 2"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("%matplotlib inline\nx = 1", "#matplotlib inline\nx = 1"),
        ("!pip install acme\nx = 1", "#pip install acme\nx = 1"),
        ("files = !ls\nx = 1", "files = None  #ls\nx = 1"),
        ("print?\nx = 1", "#rint?\nx = 1"),
        ("%%time\nx = 1", "#%time\nx = 1"),
        ("%%bash\necho 1\nls", "#%bash\n#cho 1\n#s"),
        ("x = 5 % 3\ny = 'what?'", "x = 5 % 3\ny = 'what?'"),
    ],
)
def test_what_only_notebooks_understand_is_a_comment(source: str, expected: str) -> None:
    assert code(notebook(source)).code.decode() == expected + "\n\n"


def test_a_notebook_without_code() -> None:
    assert read_code(notebook("# title", kind="markdown")) is None


@pytest.mark.parametrize("text", [b"", b"[]", b'{"cells": 3}', b'{"cells": [', b"[" * 100_000, b'{"nbformat": 4}'])
def test_no_notebook(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- whatever json says
        read_code(text)


@pytest.mark.parametrize(
    "cells", [[1, None, "x"], [{"cell_type": "code"}], [{"cell_type": "code", "source": [1, None]}]]
)
def test_odd_cells(cells: list[Any]) -> None:
    read_code(json.dumps({"cells": cells}).encode())


@pytest.mark.parametrize("image", ["iVBORw0KGgo" * 40, ["iVBORw0KGgo" * 40 + "\n", "AAAA" * 20]])
def test_images_are_left_out(image: object) -> None:
    data = json.dumps({"data": {"image/png": image, "text/plain": ["kept"]}, "after": "kept, too"}).encode()
    blank = without_images(data)
    assert len(blank) == len(data)
    assert b"iVBOR" not in blank
    assert b"AAAA" not in blank
    assert blank.index(b"kept") == data.index(b"kept")
    assert b"kept, too" in blank
    json.loads(blank)
