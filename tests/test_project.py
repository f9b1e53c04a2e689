"""The project keeps its own rules: types, style, layers, guide, and no secret in its repository."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from keytrace import scan
from keytrace.config import Config
from keytrace.rules.load import load_builtin

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "scanner" / "keytrace"

# Imports point only up these floors, and on one floor only within one family (CONTRIBUTING.md has the picture).
FLOORS = [
    {"errors", "model", "timelimit", "version"},
    {"cache"},
    {"names"},
    {"match", "text"},
    {"scoring", "triage", "git"},
    {"checks", "decoders"},
    {"hooks", "rules", "sources"},
    {"analyzers", "archives"},
    {"engine"},
    {"redaction"},
    {"findings", "reporters"},
    {"batch"},
    {"executors", "config", "total"},
    {"lifecycle", "fixers", "verifiers", "imports"},
    {"api"},
    {"agents", "explain", "history", "inventory"},
    {"editor", "fleet"},
    {"cli"},
    {"__init__", "__main__"},
]

# A family is a folder with one dict of its members; the other files in it are what these share.
FAMILIES = {
    "agents": ("AGENTS", {"agent", "edits", "event", "guard", "judge", "settings"}),
    "analyzers": ("ANALYZERS", {"binary", "layout"}),
    "archives": ("FORMATS", {"content", "image", "layout", "mail", "walk"}),
    "checks": ("CHECKS", {"verdict"}),
    "imports": ("IMPORTS", {"accepting", "foreign", "start"}),
    "decoders": ("DECODERS", {"layers", "runs", "stretch", "tokens"}),
    "fixers": (
        "FIXERS",
        {
            "destinations",
            "setting",
            "edits",
            "environment",
            "imports",
            "keeping",
            "kinds",
            "literal",
            "lookup",
            "naming",
            "patch",
            "plan",
            "program",
            "project",
            "proposed",
            "prove",
            "reasons",
            "run",
            "textual",
            "writing",
        },
    ),
    "reporters": ("REPORTERS", {"grouped", "layout", "records", "saying"}),
    "cli": ("COMMANDS", {"ask", "difference", "live", "options", "output", "progress", "report"}),
}

LONGEST_FILE, LONGEST_FUNCTION, MOST_BRANCHES = 400, 50, 15

BY_SUBJECT = ("analyzers.python.", "model.")  # their tests are named by what they are about

MODULES = {  # by dotted name below the package; a package by its own name
    ".".join(file.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): file
    for file in sorted(PACKAGE.rglob("*.py"))
}


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text())


def imports(name: str) -> set[str]:
    """Return the modules of ours that a module imports: late imports and those for types count, too."""
    found: set[str] = set()
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name}: a relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    ours = {one.removeprefix("keytrace.") if one != "keytrace" else "__init__" for one in found if _is_ours(one)}
    return {_module(one) for one in ours} - {name}


def _is_ours(name: str) -> bool:
    return name == "keytrace" or name.startswith("keytrace.")


def _module(name: str) -> str:
    """Return the module that a name is, or is in."""
    while name not in MODULES:
        name = name.rpartition(".")[0] or "__init__"
    return name


def floor(name: str) -> int:
    return next(number for number, names in enumerate(FLOORS) if name.partition(".")[0] in names)


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_up(name: str) -> None:
    family = name.partition(".")[0]
    wrong = [there for there in imports(name) if there.partition(".")[0] != family and floor(there) >= floor(name)]
    assert name == "__init__" or wrong == []
    assert not name.rpartition(".")[2].startswith("util"), "a name for every file"


def circles(names: Iterable[str]) -> list[list[str]]:
    """Return the modules that import each other, directly or not, of those given."""
    graph = {name: imports(name) for name in names}
    while leaves := [name for name, there in graph.items() if not there & graph.keys()]:
        for name in leaves:
            del graph[name]
    return [sorted(there & graph.keys()) for there in graph.values()]


def test_no_circle() -> None:
    assert circles(MODULES) == []


@pytest.mark.parametrize("family", FAMILIES)
def test_every_member_is_in_the_dict_of_its_family(family: str) -> None:
    registry, shared = FAMILIES[family]
    members = {name.split(".")[1] for name in MODULES if name.startswith(f"{family}.")} - shared
    assert shared < {name.split(".")[1] for name in MODULES if name.startswith(f"{family}.")} or not shared
    (found,) = (
        node.value
        for node in tree(family).body
        if isinstance(node, ast.Assign | ast.AnnAssign) and _target(node) == registry
    )
    assert isinstance(found, ast.Dict)
    named = {_module_of(expression, family) for pair in (found.keys, found.values) for expression in pair}
    assert members <= named


def _target(node: ast.Assign | ast.AnnAssign) -> str:
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    return target.id if isinstance(target, ast.Name) else ""


def _module_of(expression: ast.expr | None, family: str) -> str:
    """Return the file of a family that a key or value of its dict speaks of."""
    if isinstance(expression, ast.Constant):
        return str(expression.value).rpartition(".")[2].replace("-", "_")
    words = {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)} if expression else set()
    for node in tree(family).body:
        if isinstance(node, ast.ImportFrom) and node.module and _is_ours(node.module):
            for alias in node.names:
                if alias.name in words:
                    inner = f"{node.module}.{alias.name}".removeprefix("keytrace.")
                    return _module(inner).removeprefix(f"{family}.").split(".")[0]
    return ""


TESTED = [name for name, file in MODULES.items() if not file.name.startswith("__") and not name.startswith(BY_SUBJECT)]


@pytest.mark.parametrize("name", TESTED)
def test_there_is_a_test_file(name: str) -> None:
    *folders, file = name.split(".")
    assert Path(ROOT, "tests", *folders, f"test_{file}.py").exists()


def branches(function: ast.AST) -> int:
    """Return how many ways lead through a function; each `and` and each `or` is one more."""
    count = 1
    for node in ast.walk(function):
        if isinstance(node, ast.BoolOp):
            count += len(node.values) - 1
        elif isinstance(node, ast.comprehension):
            count += 1 + len(node.ifs)
        else:
            count += isinstance(node, _BRANCHING)
    return count


_BRANCHING = (ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.match_case)


@pytest.mark.parametrize("name", MODULES)
def test_nothing_is_too_long(name: str) -> None:
    assert len(MODULES[name].read_text().splitlines()) <= LONGEST_FILE
    functions = [node for node in ast.walk(tree(name)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert [one.name for one in functions if one.end_lineno and one.end_lineno - one.lineno >= LONGEST_FUNCTION] == []
    assert [one.name for one in functions if branches(one) > MOST_BRANCHES] == []


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("def f(): pass", 1),
        ("def f(a, b):\n if a and b or a:\n  return [x for x in a if x]", 6),
        ("def f():\n try:\n  pass\n except OSError:\n  return 1 if f else 2", 3),
    ],
)
def test_how_branches_are_counted(code: str, count: int) -> None:
    assert branches(ast.parse(code).body[0]) == count


def test_every_module_says_what_it_is_for() -> None:
    for file in PACKAGE.rglob("*.py"):
        assert ast.get_docstring(ast.parse(file.read_text())), file


# Words of which three in one constant are a list of what names promise, or of placeholders.
OF_SECRETS = frozenset(
    "password passw passwd pwd passphrase secret secrets token tokens api_key apikey api-key secret_key private_key "
    "access_token auth_token client_secret credential credentials bearer".split()
)
OTHER_LISTS = {
    "analyzers/python/meaning.py": "of what programs speak, not what their names promise",
    "imports/foreign.py": "types of credentials, as another scanner has them in its digests",
    "match/context.py": "schemes of authentication, before a value",
    "scoring/shapes.py": "shapes of bindings, for Hyperscan: the weights are trained on what they find",
    "triage/inline.py": "the names of another scanner's rules",
}


def constants(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield the literals of a module that may be lists of words; documentation and messages in functions are none."""
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Set | ast.Tuple | ast.List | ast.Dict | ast.Constant) and id(node) not in said:
            yield node


def words_of(node: ast.expr) -> set[str]:
    """Return the words of texts in a literal; of what is said to the user, none."""
    texts = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
    decoded = [text.decode("latin-1") if isinstance(text, bytes) else text for text in texts]
    lists = [text for text in decoded if isinstance(text, str) and not text.startswith(("the ", "it ", "not "))]
    return {word for text in lists for word in re.findall(r"[a-z]+(?:[_-][a-z]+)*", text)}


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.py")), ids=lambda file: str(file.relative_to(ROOT)))
def test_only_the_lexicon_has_lists_of_names_and_placeholders(file: Path) -> None:
    tree = ast.parse(file.read_text())
    found = [f"line {node.lineno}: {words_of(node) & OF_SECRETS}" for node in constants(tree)
             if len(words_of(node) & OF_SECRETS) >= 3]  # fmt: skip
    if str(file.relative_to(PACKAGE)) in OTHER_LISTS:
        assert found, "not needed in OTHER_LISTS any more"
    else:
        assert found == []


def test_no_secret_in_the_repository() -> None:
    report = scan([ROOT], config=Config(exclude=(".git/",), use_baseline=False))
    assert report.errors == ()
    assert [f"{f.location.provenance.path}:{f.location.region.start_line}: {f.rule_id}" for f in report.active] == []
    assert report.suppressed == ()


@pytest.mark.parametrize("command", [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]])
def test_style_and_types(command: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "benchmarks/README.md"])
def test_the_files_the_guides_name_are_there(name: str) -> None:
    text = (ROOT / name).read_text()
    named = set(re.findall(r"`((?:scanner|rules|tests|benchmarks)/[\w./-]+)`", text))
    missing = [path for path in named if not (ROOT / path).exists()]
    assert missing == []


def test_the_number_of_rules_in_the_readme() -> None:
    rules = load_builtin().rules
    readme = (ROOT / "README.md").read_text()
    (said,) = re.findall(r"(\d+) rules", readme)
    assert int(said) == sum(rule.analyzer != "named" for rule in rules)
    ((products, purposes),) = re.findall(r"(\d+)\s+products, (\d+) purposes", readme)
    written = [rule for rule in rules if rule.analyzer == "named" and "derived" not in rule.tags]
    assert (int(products), int(purposes)) == (
        sum("product" in rule.tags for rule in written),
        sum("role" in rule.tags for rule in written),
    )


def test_the_readme_names_every_option_it_shows() -> None:
    text = (ROOT / "README.md").read_text()
    known = {"--index-url"}
    for command in (
        "scan",
        "history",
        "fleet",
        "inventory",
        "fix",
        "explain",
        "baseline create",
        "baseline update",
        "rules list",
        "rules show",
        "config show",
        "rotate",
        "hook install",
        "agent-hook",
        "help",
        "agent-hook install",
    ):
        arguments = [sys.executable, "-m", "keytrace", *command.split(), "--help"]
        known |= set(
            re.findall(
                r"--[a-z][a-z-]+",
                subprocess.run(arguments, capture_output=True, text=True, check=True, cwd=ROOT).stdout,
            )
        )
    shown = {
        option for line in re.findall(r"keytrace [a-z].*", text) for option in re.findall(r"(?<= )--[a-z][a-z-]+", line)
    }
    assert shown <= known
