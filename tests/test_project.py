"""The project keeps its own rules: types, style, layers, guide, and no secret in its repository."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
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
