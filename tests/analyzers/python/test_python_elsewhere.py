"""What is found stays found when functions are put elsewhere: into a class, or into a file of their own."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Mapping, Sequence

import programs

# Of views and webhooks it matters that they are functions of their module.
RULES = (
    "logged-credential", "partial-credential", "logged-environment", "credential-in-url", "credential-written",
    "credential-in-command", "credential-over-http", "hardcoded-credential", "default-credential",
)  # fmt: skip
Function = ast.FunctionDef | ast.AsyncFunctionDef


def cases() -> list[tuple[str, str]]:
    """Return (title, text) of the programs that are one file."""
    found = (case for rule in RULES for case in programs.cases(programs.CASES / rule / "found.txt"))
    return [(case.title, text) for case in found if len(case.files) == 1 for text in case.files.values()]


def movable(text: str) -> list[Function]:
    """Return the functions of the top level that can be put elsewhere with all that belongs to them."""
    tree = ast.parse(text)
    functions = [
        node for node in tree.body
        if isinstance(node, Function) and not node.decorator_list
        and not any(isinstance(part, ast.Global | ast.Nonlocal) for part in ast.walk(node))
    ]  # fmt: skip
    names = [node.name for node in functions]
    if len(functions) != sum(isinstance(node, Function) for node in tree.body) or len(set(names)) < len(names):
        return []
    return functions


def lines_of(text: str, nodes: Sequence[ast.stmt]) -> list[str]:
    lines = text.split("\n")
    return [line for node in nodes for line in [*lines[node.lineno - 1 : node.end_lineno], ""]]


def in_a_class(text: str) -> str | None:
    """Return a program with its functions in a class, None where that is no simple change."""
    functions = movable(text)
    names = "|".join(node.name for node in functions)
    if not functions or re.search(rf"(?<!def )(?<![\w.])(?:{names})\b(?!\()", text) or '"""' in text:
        return None  # called by something else than its name
    first = min(node.lineno for node in functions)
    inside = {line for node in functions for line in range(node.lineno, (node.end_lineno or 0) + 1)}
    lines = text.split("\n")
    before = [line for number, line in enumerate(lines, 1) if number not in inside and number < first]
    after = [line for number, line in enumerate(lines, 1) if number not in inside and number > first]
    members: list[str] = []
    for node in functions:
        members += ["    @staticmethod", *(f"    {line}" if line else "" for line in lines_of(text, [node]))]
    whole = "\n".join([*before, "class Box:", *members, *after]) + "\n"
    return re.sub(rf"(?<!def )(?<![\w.])({names})\(", r"Box.\1(", whole)


def in_two_files(text: str) -> Mapping[str, str] | None:
    """Return a program with its functions in a file of their own, None where that is no simple change."""
    functions = movable(text)
    rest = [node for node in ast.parse(text).body if node not in functions and not isinstance(node, Function)]
    imports = [node for node in rest if isinstance(node, ast.Import | ast.ImportFrom)]
    others = [node for node in rest if node not in imports]
    bound = {part.id for node in others for part in ast.walk(node) if isinstance(part, ast.Name)
             if isinstance(part.ctx, ast.Store)}  # fmt: skip
    bound |= {node.name for node in others if isinstance(node, ast.ClassDef)}
    used = {part.id for node in functions for part in ast.walk(node) if isinstance(part, ast.Name)}
    if not functions or not others or not bound.isdisjoint(used):
        return None
    names = ", ".join(node.name for node in functions)
    here = "\n".join([*lines_of(text, imports), f"from helping import {names}", *lines_of(text, others)])
    return {"program.py": here, "helping.py": "\n".join([*lines_of(text, imports), *lines_of(text, functions)])}


def counted(projects: Mapping[str, Mapping[str, str]]) -> dict[str, Counter[str]]:
    """Scan projects, and return how often which rule reports something in each."""
    files = {f"{title}/{path}": text for title, project in projects.items() for path, text in project.items()}
    found: dict[str, Counter[str]] = {title: Counter() for title in projects}
    for (path, _), rules in programs.reported(files).items():
        found[path.partition("/")[0]].update(rules)
    return found


def unlike(changed: Mapping[str, Mapping[str, str]], originals: Mapping[str, str]) -> list[str]:
    before = counted({title: {"program.py": originals[title]} for title in changed})
    after = counted(changed)
    return sorted(title for title in changed if before[title] != after[title])


def numbered() -> dict[str, str]:
    return {f"{number} {title}".replace("/", " "): text for number, (title, text) in enumerate(cases())}


def test_in_a_class() -> None:
    originals = numbered()
    changed = {title: {"program.py": new} for title, text in originals.items() if (new := in_a_class(text))}
    assert len(changed) > 100
    assert unlike(changed, originals) == []


# What a program hands the name of a setting, or to a decorator of what nobody calls, is followed in its own file alone.
NOT_ELSEWHERE = (
    "setting by the name that a function is handed",
    "setting by the name that two functions hand on",
    "first of several settings",
    "settings that a generator yields",
    "settings of a list of names",
    "a decorator of a method",
)


def test_in_two_files() -> None:
    originals = {title: text for title, text in numbered().items() if not title.endswith(NOT_ELSEWHERE)}
    changed = {title: new for title, text in originals.items() if (new := in_two_files(text))}
    assert len(changed) > 20
    assert unlike(changed, originals) == []
