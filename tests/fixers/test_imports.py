from __future__ import annotations

import pytest

from keytrace.fixers.edits import Refused, applied
from keytrace.fixers.imports import edits, reference
from keytrace.fixers.program import Program


def with_imports(source: str, *wanted: str) -> str:
    data = source.encode()
    return applied(data, edits(Program(data), wanted)).decode()


@pytest.mark.parametrize(
    ("source", "name", "lacking"),
    [
        ("x = 1\n", "os", "os"),
        ("import os\n", "os", ""),
        ("import os as o\n", "o", ""),
        ("import os.path\n", "os", ""),
        ("import os.path as p\n", "os", "os"),
        ("try:\n    import os\nexcept ImportError:\n    pass\n", "os", "os"),
        ("if x:\n    import os\n", "os", "os"),
        ("from .os import name\n", "os", "os"),
    ],
)
def test_how_a_program_calls_a_module(source: str, name: str, lacking: str) -> None:
    assert reference(Program(source.encode()), "os", 0) == (name, lacking)


@pytest.mark.parametrize(
    "source",
    [
        "os = 1\n", "import mine as os\n", "def os(): pass\n", "for os in x: pass\n", "with x as os: pass\n",
        "import os\nos, y = x\n", "lambda os: os\n", "[os for os in x]\n", "def f():\n    global os\n", "(os := 1)\n",
        "try:\n    pass\nexcept E as os:\n    pass\n", "match x:\n    case os:\n        pass\n", "import os\ndel os\n",
    ],
)  # fmt: skip
def test_a_name_with_another_meaning_is_refused(source: str) -> None:
    with pytest.raises(Refused, match="'os' means something else"):
        reference(Program(source.encode()), "os", 0)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1\n", "import os\n\nx = 1\n"),
        ("# c\nx = 1\n", "# c\nimport os\n\nx = 1\n"),
        ("# c\n\nx = 1\n", "# c\n\nimport os\n\nx = 1\n"),
        ('"""d"""\nx = 1\n', '"""d"""\nimport os\nx = 1\n'),
        ('"""d"""\n\nx = 1\n', '"""d"""\n\nimport os\n\nx = 1\n'),
        ("from __future__ import annotations\nx = 1\n", "from __future__ import annotations\nimport os\nx = 1\n"),
        ("import abc\nimport sys\n", "import abc\nimport os\nimport sys\n"),
        ("import sys\r\n", "import os\r\nimport sys\r\n"),
        ("from a import (\n    b,\n)\n", "import os\n\nfrom a import (\n    b,\n)\n"),
        ("import abc  # why\nx = 1\n", "import abc  # why\nimport os\nx = 1\n"),
        ("from . import a\n", "import os\n\nfrom . import a\n"),
    ],
)
def test_where_an_import_goes(before: str, after: str) -> None:
    assert with_imports(before, "os") == after


def test_two_imports() -> None:
    assert with_imports("import json\n", "os", "hmac") == "import hmac\nimport json\nimport os\n"
    assert with_imports("x = 1\n", "os", "decouple.config") == "from decouple import config\nimport os\n\nx = 1\n"


def test_an_import_that_ends_the_file_without_a_line_end() -> None:
    with pytest.raises(Refused, match="without an end"):
        with_imports("import abc", "os")
