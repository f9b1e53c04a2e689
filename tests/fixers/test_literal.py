"""What the cases of tests/cases/fixes/literal.txt cannot hold: other bytes than those of the edit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixers.fixing import SAMPLES, Case, cases, check, outcome

KEY = SAMPLES["{KEY}"].encode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'import os\r\nAPI_KEY = "%b"\r\n', b'import os\r\nAPI_KEY = os.environ["API_KEY"]\r\n'),
        (b'\xef\xbb\xbfAPI_KEY = "%b"\n', b'\xef\xbb\xbfimport os\n\nAPI_KEY = os.environ["API_KEY"]\n'),
        (b'import os\n\f\nAPI_KEY = "%b"\n\fx = 1\n', b'import os\n\f\nAPI_KEY = os.environ["API_KEY"]\n\fx = 1\n'),
        (b'import os\nif x:\n\tAPI_KEY\t=  "%b"  \n', b'import os\nif x:\n\tAPI_KEY\t=  os.environ["API_KEY"]  \n'),
        ('import os\né = "ü"; API_KEY = "%b"'.encode(), 'import os\né = "ü"; API_KEY = os.environ["API_KEY"]'.encode()),
    ],
)
def test_other_bytes_stay(before: bytes, after: bytes, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_bytes(before % KEY)
    (change,) = outcome(tmp_path).changes
    assert change.after == after


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_other_encodings_are_left_alone(encoding: str, tmp_path: Path) -> None:
    text = f'# -*- coding: {encoding} -*-\né = 1\nAPI_KEY = "{KEY.decode()}"\n'
    (tmp_path / "app.py").write_bytes(text.encode(encoding))
    done = outcome(tmp_path)
    assert done.changes == []
    assert [item.why for item in done.left] == ["the file is not in UTF-8"]


@pytest.mark.parametrize("case", cases("literal.txt"))
def test_case(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)


@pytest.mark.parametrize(("source", "value"), [(r"%b\x41\n9", "%sA\n9"), (r"%b\u0041", "%sA"), (r"\x41%b", "A%s")])
def test_the_value_of_a_literal_with_escapes_is_what_it_means(source: str, value: str, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_bytes(b'API_KEY = "' + source.encode() % KEY + b'"\n')
    assert outcome(tmp_path).variables()[""] == {"API_KEY": value % KEY.decode()}
