"""The project keeps its own rules: types, style, layers, guide, and no secret in its repository."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from keytrace import scan
from keytrace.config import Config
from keytrace.rules.load import load_builtin

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "scanner" / "keytrace"

# Imports point only up these floors (CONTRIBUTING.md has the picture).
FLOORS = [
    {"errors", "model", "version"},
    {"names", "cache"},
    {"match", "text"},
    {"scoring", "triage", "git"},
    {"checks", "decoders", "reporters"},
    {"rules", "sources"},
    {"analyzers"},
    {"engine"},
    {"findings"},
    {"batch"},
    {"executors", "config", "links"},
    {"api"},
    {"explain"},
    {"cli"},
    {"__init__", "__main__"},
]  # fmt: skip


def layer(module: str) -> int:
    return next(number for number, names in enumerate(FLOORS) if module in names)


def imports(file: Path) -> set[str]:
    """Return the modules of ours that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "keytrace":
            inner = (node.module or "").partition(".")[2]
            found |= {inner} if inner else {alias.name for alias in node.names}
    return {name for name in found if name not in ("__version__", "")}


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.py")), ids=lambda file: str(file.relative_to(ROOT)))
def test_layers(file: Path) -> None:
    here, *rest = file.relative_to(PACKAGE).with_suffix("").parts
    if here == "__init__":
        return
    for name in imports(file):
        there = name.partition(".")[0]
        if there == here:
            continue
        assert layer(there) <= layer(here), f"{file.name} is below {there}"
    assert not (rest and rest[-1].startswith("util")), "a name for every file"


def test_every_module_says_what_it_is_for() -> None:
    for file in PACKAGE.rglob("*.py"):
        assert ast.get_docstring(ast.parse(file.read_text())), file


# Words of which three in one constant are a list of what names promise, or of placeholders.
OF_SECRETS = frozenset(
    "password passw passwd pwd passphrase secret secrets token tokens api_key apikey api-key secret_key private_key "
    "access_token auth_token client_secret credential credentials bearer".split()
)
OTHER_LISTS = {
    "analyzers/python/comparisons.py": "to be replaced",
    "analyzers/python/gate.py": "to be replaced",
    "analyzers/python/ledger.py": "to be replaced",
    "analyzers/python/statements.py": "to be replaced",
    "analyzers/python/urls.py": "to be replaced",
    "match/context.py": "schemes of authentication, before a value",
    "scoring/binding.py": "shapes of bindings, for Hyperscan: the weights are trained on what they find",
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
    (said,) = re.findall(r"(\d+) rules", (ROOT / "README.md").read_text())
    assert int(said) == len(rules)


def test_the_readme_names_every_option_it_shows() -> None:
    text = (ROOT / "README.md").read_text()
    known = {"--index-url"}
    for command in ("scan", "explain", "baseline create", "baseline update", "rules list"):
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
