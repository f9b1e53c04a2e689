"""What must hold of the whole Python analysis, whatever it finds: over the programs in tests/cases/python/<rule>/."""

from __future__ import annotations

import ast
import random
import sysconfig
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import libcst as cst
import programs
import pytest

from keytrace.analyzers.python.analysis import analyze
from keytrace.analyzers.python.program import whole
from keytrace.analyzers.python.project import Project, Survey
from keytrace.analyzers.python.reader import Reader
from keytrace.model import Additions, FileProvenance, Match, Remarks
from keytrace.names.lexicon import Role, Strength, judge, spellings
from keytrace.rules.load import load_builtin
from keytrace.text.document import Document

RULES = sorted(folder.name for folder in programs.CASES.iterdir() if folder.is_dir())
PYTHON_RULES = {rule.id for rule in load_builtin().rules if rule.analyzer == "python"}
LITERALS = {"hardcoded-credential", "default-credential", "credential-in-url"}

# --- how much is found ------------------------------------------------------------------------------------------------

# Of 60 programs each: at least so many are reported at all marked lines, and so many clean ones are silent. Only ever
# raised; 57 and 60 are the goal.
LEAST = {
    "credential-compared": (58, 77),
    "credential-in-command": (60, 59),
    "credential-in-response": (60, 63),
    "credential-in-url": (62, 73),
    "credential-over-http": (57, 60),
    "credential-written": (64, 68),
    "default-credential": (58, 59),
    "hardcoded-credential": (58, 65),
    "logged-credential": (129, 152),
    "logged-environment": (59, 68),
    "partial-credential": (60, 58),
    "unverified-webhook": (58, 59),
    "weak-signature-check": (57, 60),
}


def is_reported(mark: tuple[str, int, str], reported: Mapping[tuple[str, int], set[str]]) -> bool:
    file, line, rule = mark
    rules = reported.get((file, line), set())
    return rule in rules or (rule in LITERALS and bool(rules - PYTHON_RULES))


@pytest.mark.parametrize("rule", RULES)
def test_found_programs_are_reported_at_their_marks(rule: str) -> None:
    cases = programs.cases(programs.CASES / rule / "found.txt")
    missed = []
    for case in cases:
        assert case.marks, case.title
        reported = programs.reported(case.files)
        if not all(is_reported(mark, reported) for mark in case.marks):
            missed.append(case.title)
    assert len(cases) - len(missed) >= LEAST[rule][0], missed


@pytest.mark.parametrize("rule", RULES)
def test_clean_programs_are_silent(rule: str) -> None:
    cases = programs.cases(programs.CASES / rule / "clean.txt")
    wrong = [(case.title, dict(found)) for case in cases if (found := programs.reported(case.files))]
    assert len(cases) - len(wrong) >= LEAST[rule][1], wrong


def test_every_rule_has_programs() -> None:
    assert set(RULES) == PYTHON_RULES == LEAST.keys()


# --- what is selected is what the whole file would tell ---------------------------------------------------------------

# Programs of which the outline sees too little, with the reason.
NOT_SELECTED = {
    "carried_by_args": "an exception's args hold what it was made of",
    "address chosen from a plain scheme": "the scheme and the rest of the address stand in two literals",
    "headers of a lambda event": "a dictionary is one of headers by its key alone",
    "section of a configuration parser": "literals of a tuple, bound to several names at once",
    "tornado github handler": "the route stands in a table, elsewhere",
    "django twilio reply with the decorator of a library": "the provider's name stands in that of the function alone",
    "template of the standard library with a ticket number": "a parameter's name alone tells what is put in",
    "substitute_template_plain": "likewise",
    "Worker": "self.__dict__ has what another method is handed",
    "encoded_link": "a URL in base64 that is bound to no name",
    "basic authentication of a request": "a literal in a pair under auth",
    "basic authentication of a session": "likewise",
    "token compared with a literal in constant time": "a literal is compared, not bound",
    "constant of another module used as a key": "the name that says so stands in another module",
    "alias of a logger method": "a function that has another name",
    "alias of a log method": "likewise",
    "lambda that prints": "likewise",
    "lambda that leaves the end": "likewise",
    "partial of a log method": "likewise",
    "partial of pretty print": "likewise",
}


def told(data: bytes, matches: Iterator[Match]) -> set[tuple[object, ...]]:
    return {
        (data.count(b"\n", 0, one.start) + 1, one.rule_id, one.start, one.end, one.confidence, one.message)
        for one in matches if one.confidence is not None
    }  # fmt: skip


def differences(path: str, text: str) -> set[tuple[object, ...]]:
    """Return what is found in a program's selected blocks alone, or in the whole of it alone."""
    data, additions = text.encode(), Additions()
    document = Document(FileProvenance(path), data)
    project = Project({path: Survey(wanted=True)}, {path: programs.MemoryArtifact(path, data)})
    reading = project.readings()[path]
    selected = told(data, analyze(document, reading, additions, Remarks()))
    return selected ^ told(data, Reader(additions, reading).matches(document, whole(data), Remarks()))


@pytest.fixture
def cut_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small programs would be read as a whole, else."""
    monkeypatch.setattr("keytrace.analyzers.python.program._MOST_SHARE", 2.0)


@pytest.mark.usefixtures("cut_out")
@pytest.mark.parametrize("kind", ["found", "clean"])
@pytest.mark.parametrize("rule", RULES)
def test_selection_of_programs(rule: str, kind: str) -> None:
    wrong = {
        case.title: found
        for case in programs.cases(programs.CASES / rule / f"{kind}.txt")
        for path, text in case.files.items() if (found := differences(path, text))
    }  # fmt: skip
    assert wrong.keys() <= NOT_SELECTED.keys(), wrong


def functions_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield each function and class of a program, with its imports, as a program of its own."""
    lines = text.split("\n")
    body = ast.parse(text).body
    head = [part(lines, node) for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, "\n".join((*head, part(lines, node), ""))


def part(lines: list[str], node: ast.stmt) -> str:
    first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
    return "\n".join(lines[first - 1 : node.end_lineno])


@pytest.mark.usefixtures("cut_out")
@pytest.mark.parametrize("rule", RULES)
def test_selection_of_single_functions(rule: str) -> None:
    text = (programs.CASES / f"{rule}.py").read_text().replace("[cut]", "")
    wrong = {name: found for name, one in functions_of(text) if (found := differences("app/x.py", one))}
    assert wrong.keys() <= NOT_SELECTED.keys(), wrong


def test_selection_of_the_standard_library() -> None:
    """This one is long: a tenth of it is read twice."""
    files = [
        file for file in sorted(Path(sysconfig.get_path("stdlib")).rglob("*.py"))
        if "site-packages" not in file.parts and file.stat().st_size < 60_000
    ]  # fmt: skip
    wrong = {}
    for file in random.Random(0).sample(files, 120):
        try:
            text = file.read_bytes().decode()
        except UnicodeDecodeError:
            continue
        if found := differences("app/x.py", text):
            wrong[str(file)] = found
    assert wrong == {}


# --- what may change in a program without another thing being found --------------------------------------------------


def simple(file: str = "found.txt") -> list[programs.Case]:
    """Return the programs that are one file."""
    cases = [case for rule in RULES for case in programs.cases(programs.CASES / rule / file)]
    return [case for case in cases if len(case.files) == 1]


Found = Counter[tuple[str, frozenset[str]]]


def by_text(files: Mapping[str, str]) -> dict[str, Found]:
    """Scan many projects of one folder each; return for each how often which rules report a line of this text."""
    lines = {path: text.split("\n") for path, text in files.items()}
    found: dict[str, Found] = {}
    for (path, line), rules in programs.reported(files).items():
        key = lines[path][line - 1].split("  #")[0].strip()
        found.setdefault(path.partition("/")[0], Counter())[key, frozenset(rules)] += 1
    return found


def texts() -> dict[str, str]:
    return {f"{number}/{path}": text for number, case in enumerate(simple()) for path, text in case.files.items()}


@pytest.fixture(scope="module")
def before() -> dict[str, Found]:
    return by_text(texts())


def changed(change: Callable[[str], str], before: Mapping[str, Found], least: int) -> list[str]:
    """Return the titles of programs in which a change of their text changes what is found."""
    old = texts()
    new = {path: change(text) for path, text in old.items()}
    assert sum(new[path] != old[path] for path in old) >= least, "the change does something"
    after, titles = by_text(new), [case.title for case in simple()]
    return [title for number, title in enumerate(titles) if before.get(str(number)) != after.get(str(number))]


def unlike(change: Callable[[str], str], least: int) -> list[str]:
    """Return the titles of programs of which other lines are reported after a change that keeps lines as they are."""
    old, titles = texts(), [case.title for case in simple()]
    new = {path: change(text) for path, text in old.items()}
    assert sum(new[path] != old[path] for path in old) >= least, "the change does something"
    first, second = programs.reported(old), programs.reported(new)
    paths = {path for path, line in first.keys() | second.keys() if first.get((path, line)) != second.get((path, line))}
    return sorted({titles[int(path.partition("/")[0])] for path in paths} - NOT_SELECTED.keys())


class Unused(cst.CSTTransformer):
    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:  # noqa: N802
        parameters = updated_node.params
        names = [one.name.value for one in (*parameters.params, *parameters.kwonly_params)]
        if "password" in names or "password" in cst.Module([original_node]).code:
            return updated_node
        extra = cst.Param(cst.Name("password"), default=cst.Name("None"))
        return updated_node.with_changes(
            params=parameters.with_changes(kwonly_params=(*parameters.kwonly_params, extra))
        )


def test_an_unused_parameter(before: Mapping[str, Found]) -> None:
    def change(text: str) -> str:
        return cst.parse_module(text).visit(Unused()).code

    assert unlike(change, 200) == []


def test_white_space_and_comments(before: Mapping[str, Found]) -> None:
    def change(text: str) -> str:
        lines = text.split("\n")
        for node in reversed(ast.parse(text).body):
            first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
            lines[first - 1 : first - 1] = ["", "# Here begins another part: see the manual.", "", ""]
        return "\n".join(lines) + "\n\n# The end.\n"

    assert changed(change, before, 500) == []


def test_the_order_of_functions(before: Mapping[str, Found]) -> None:
    def change(text: str) -> str:
        lines = text.split("\n")
        functions = [
            node for node in ast.parse(text).body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.decorator_list
        ]  # fmt: skip
        if len(functions) < 2 or any(later.lineno - one.end_lineno > 3 for one, later in pairwise(functions)):  # type: ignore[operator]
            return text
        parts = "\n\n".join(part(lines, node) for node in reversed(functions))
        return "\n".join([*lines[: functions[0].lineno - 1], parts, *lines[functions[-1].end_lineno :]])

    assert changed(change, before, 10) == []


KEPT = frozenset("span request event response headers params query url status".split())


class Renamed(ast.NodeVisitor):
    """Where local variables stand that promise nothing."""

    def __init__(self) -> None:
        self.places: list[tuple[int, int, str]] = []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        inner = [one for one in ast.walk(node) if isinstance(one, ast.Name)]
        if any(isinstance(one, ast.Global | ast.Nonlocal | ast.Lambda | ast.FunctionDef | ast.JoinedStr)
               for one in ast.walk(node) if one is not node):  # fmt: skip
            return
        bound = {one.id for one in inner if isinstance(one.ctx, ast.Store)}
        bound -= {one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg)}
        bound = {name for name in bound if judge(name).strength is Strength.NONE and name not in KEPT}
        self.places += ((one.lineno, one.col_offset, one.id) for one in inner if one.id in bound)


def test_the_names_of_local_variables(before: Mapping[str, Found]) -> None:
    def change(text: str) -> str:
        visitor = Renamed()
        visitor.visit(ast.parse(text))
        lines = [line.encode() for line in text.split("\n")]
        for line, column, name in sorted(visitor.places, reverse=True):
            whole_line = lines[line - 1]
            lines[line - 1] = whole_line[:column] + f"{name}_q".encode() + whole_line[column + len(name.encode()) :]
        return b"\n".join(lines).decode()

    assert unlike(change, 100) == []


# --- names, and the order of work ------------------------------------------------------------------------------------

VALUE = "q7Xw2" + "Zr9Lk4" + "Tn8Vb3Hs6Jd1"


def spelled(name: str, role: Role) -> dict[str, str]:
    """Return the simplest programs that show what goes by a name in its role, and that hold a literal for it."""
    if role is Role.SETTING:
        return {"logged": f'import os\nprint(os.environ["{name}"])\n'}
    if role is Role.FUNCTION:
        return {"logged": f"from there import {name}\nprint({name}())\n"}
    if role is Role.HEADER:
        return {"logged": f'def view(request):\n    print(request.headers["{name}"])\n'}
    if role is Role.QUERY:
        return {"url": f'def link(api_key):\n    return f"https://api.example.io/x?{name}={{api_key}}"\n'}
    held = {"logged": f"def show({name}):\n    print({name})\n"}
    held["url"] = f'def link({name}):\n    return f"https://api.example.io/x?{name}={{{name}}}"\n'
    return held | ({"hardcoded": f'{name} = "{VALUE}"\n'} if role is Role.VARIABLE else {})


# What the spellings of these words are not found as, for they mean other things in most programs.
UNSURE = frozenset("token tok get_tok pwd mnemonic get_mnemonic x-mnemonic".split())


def test_every_spelling_is_found_in_its_role() -> None:
    files, names = {}, {}
    for number, (name, role) in enumerate(spellings()):
        for kind, text in spelled(name, role).items():
            path = f"{number}/{kind}.py"
            files[path], names[path] = text, (name, str(role), kind)
    found = {path for path, _ in programs.reported(files)}
    missed = [names[path] for path in files if path not in found and names[path][0].lower() not in UNSURE]
    assert missed == []


PROJECT = {
    "app/settings.py": 'import os\nSTRIPE_KEY = os.environ["STRIPE_SECRET_KEY"]\n',
    "app/tell.py": "def tell(what):\n    print(what)\n",
    "app/use.py": (
        "from app.settings import STRIPE_KEY\nfrom app.tell import tell\ntell(STRIPE_KEY)\nprint(STRIPE_KEY)\n"
    ),
    "app/give.py": "from app import settings\n\ndef give():\n    return settings.STRIPE_KEY\n",
    "app/last.py": "import logging\nfrom app.give import give\nlogging.info(give())\n",
    **{f"app/no{number}.py": f"def f{number}(x):\n    return x + {number}\n" for number in range(40)},
}


def test_neither_processes_nor_order_matter() -> None:
    def of(files: Mapping[str, str], jobs: int) -> list[tuple[object, ...]]:
        report = programs.scan_files(files, jobs)
        assert report.errors == ()
        found = ((one, one.location) for one in report.findings)
        return sorted(
            (one.rule_id, place.provenance.path, place.region.start_line, one.fingerprint, one.message)
            for one, place in found
        )

    serial = of(PROJECT, 1)
    assert {(path, line) for _, path, line, *_ in serial} >= {("app/use.py", 4), ("app/last.py", 3)}
    assert of(PROJECT, 2) == serial
    for seed in range(3):
        paths = sorted(PROJECT)
        random.Random(seed).shuffle(paths)
        assert of({path: PROJECT[path] for path in paths}, 1) == serial
