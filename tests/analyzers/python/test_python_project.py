"""Programs that import each other: what is meant, what is asked, what is read; and projects made to be hard."""

from __future__ import annotations

import pytest
from programs import MemoryArtifact, reported, scan_files

from keytrace.analyzers.python.outline.imports import Import, definitions_of, imports_of
from keytrace.analyzers.python.project import Project, Survey, resolve

SETTINGS = 'import os\nHELD = os.environ["API_KEY"]\n'


@pytest.mark.parametrize(
    ("path", "module", "there", "found"),
    [
        ("a.py", "b", ["b.py"], "b.py"),
        ("a.py", "b", ["b/__init__.py"], "b/__init__.py"),
        ("p/a.py", "b", ["b.py", "p/b.py"], "p/b.py"),
        ("p/q/a.py", "p.b", ["p/b.py"], "p/b.py"),
        ("p/a.py", ".b", ["b.py", "p/b.py"], "p/b.py"),
        ("p/q/a.py", "..b", ["p/b.py"], "p/b.py"),
        ("a.py", "..b", ["b.py"], None),
        ("p/a.py", ".", ["p/__init__.py"], "p/__init__.py"),
        ("a.py", "os", ["p/os.py"], None),
        ("a.py", "b.c", ["b/c.py"], "b/c.py"),
        ("a.py", "none", [], None),
    ],
)
def test_resolve(path: str, module: str, there: list[str], found: str | None) -> None:
    assert resolve(path, module, dict.fromkeys(there)) == found


def test_imports() -> None:
    text = b"import a.b, c as d\nfrom .e import (f as g,  # why\n  h)\nfrom i import *\nimport os\n  from j import k\n"
    assert list(imports_of(text)) == [
        Import("a.b", "", "a"), Import("c", "", "d"), Import(".e", "f", "g"), Import(".e", "h", "h"),
        Import("i", "*", "*"), Import("j", "k", "k"),
    ]  # fmt: skip
    lines = b"import a; import b\n  import c\nx = 'import d'\nfrom importlib import e; import f\nimported = 1\n"
    assert [one.here for one in imports_of(lines, standard=True)] == ["a", "c", "e"]
    assert definitions_of(b"def a(): pass\nclass B: pass\n  def c(): pass\nasync def d(): pass\n") == {"a", "B", "d"}


def test_questions_end_and_readings_are_of_what_is_wanted() -> None:
    surveys = {
        "a.py": Survey(True, (Import("b", "held", "held"),)),
        "b.py": Survey(carries=frozenset(("held",))),
    }
    project = Project(surveys, {path: MemoryArtifact(path, b"") for path in surveys})
    assert {path: question.foreign for path, question in project.questions().items()} == {"a.py": frozenset(("held",))}
    assert project.questions() == {}
    assert set(project.readings()) == {"a.py"}


@pytest.mark.parametrize(
    ("head", "use"),
    [
        ("from settings import HELD", "HELD"),
        ("from settings import HELD as it", "it"),
        ("import settings", "settings.HELD"),
        ("import settings as s", "s.HELD"),
        ("from settings import *", "HELD"),
        ("from settings import (\n    HELD,\n)", "HELD"),
    ],
)
def test_every_form_of_import(head: str, use: str) -> None:
    text = f"{head}\nprint({use})\n"
    assert set(reported({"settings.py": SETTINGS, "use.py": text})) == {("use.py", text.count("\n"))}


def test_a_package_that_hands_on_what_its_modules_hold() -> None:
    files = {"p/__init__.py": "from .inner import HELD\n", "p/inner.py": SETTINGS}
    assert set(reported(files | {"use.py": "from p import HELD\nprint(HELD)\n"})) == {("use.py", 2)}


# --- made to be hard --------------------------------------------------------------------------------------------------


def test_two_thousand_modules_in_a_circle() -> None:
    files = {f"m{n}.py": f"from m{(n + 1) % 2000} import it\ndef f{n}(): return it\n" for n in range(2000)}
    assert scan_files(files | {"m0.py": "from m1 import it as other\n" + SETTINGS + "print(HELD)\n"}).errors == ()


def test_a_module_that_two_thousand_import() -> None:
    files = {f"m{n}.py": "from settings import HELD\nprint(HELD)\n" for n in range(2000)}
    assert len(reported(files | {"settings.py": SETTINGS})) == 2000


def test_a_long_chain_of_stars() -> None:
    files = {f"m{n}.py": f"from m{n + 1} import *\n" for n in range(300)}
    assert scan_files(files | {"m300.py": SETTINGS, "use.py": "from m0 import *\nprint(HELD)\n"}).errors == ()


def test_a_package_without_an_init() -> None:
    assert set(reported({"p/q.py": SETTINGS, "use.py": "from p.q import HELD\nprint(HELD)\n"})) == {("use.py", 2)}


def test_of_two_modules_of_one_name_the_nearest_is_meant() -> None:
    files = {
        "settings.py": "HELD = 1\n",
        "app/settings.py": SETTINGS,
        "app/use.py": "from settings import HELD\nprint(HELD)\n",
    }
    assert set(reported(files)) == {("app/use.py", 2)}
    files["use.py"] = files["app/use.py"]
    assert set(reported(files)) == {("app/use.py", 2)}


def test_an_importer_of_a_megabyte() -> None:
    text = "from settings import HELD\n" + "def f(a):\n    return a + 1\n" * 40_000 + "print(HELD)\n"
    assert set(reported({"settings.py": SETTINGS, "use.py": text})) == {("use.py", text.count("\n"))}
