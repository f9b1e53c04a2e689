"""Programs with marked lines: what must be found there, and nothing else anywhere in them.

`# finding: RULE` marks a line that must be reported by that rule, or for a literal by the rule for its format.
`# beyond: RULE` is what a reviewer would report and the analysis does not see, `# wrongly: RULE` what is reported and
should not be: both are kept up to date, so that the files say what to expect. `[cut]` splits keys and is removed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from keytrace.engine import Engine
from keytrace.findings import find_alone
from keytrace.model import Confidence, FileProvenance, Rule, Severity
from keytrace.rules.load import load_builtin
from keytrace.text.document import Document

CASES = sorted((Path(__file__).parent.parent / "cases" / "python").glob("*.py"))
MARK = re.compile(r"#\s*(finding|beyond|wrongly):\s*([\w-]+)")
PYTHON_RULES = {rule.id for rule in load_builtin().rules if rule.analyzer == "python"}
LITERALS = {"hardcoded-credential", "default-credential", "credential-in-url"}


def reported(engine: Engine, name: str, text: str) -> dict[int, set[str]]:
    """Return the rules that report each line at the default thresholds."""
    data = MARK.sub(lambda found: " " * len(found[0]), text).encode()
    notes: list[str] = []
    lines: dict[int, set[str]] = defaultdict(set)
    for finding in find_alone(engine, Document(FileProvenance(f"app/{name}"), data), notes):
        if finding.severity >= Severity.LOW and finding.confidence >= Confidence.MEDIUM:
            lines[finding.location.region.start_line].add(finding.known_as)
    assert notes == []
    return lines


def is_right(wanted: str, rules: set[str]) -> bool:
    return wanted in rules or (wanted in LITERALS and bool(rules - PYTHON_RULES))


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_marked_lines(engine: Engine, file: Path) -> None:
    text = file.read_text().replace("[cut]", "")
    found = reported(engine, file.name, text)
    marks = {number: MARK.search(line) for number, line in enumerate(text.split("\n"), 1) if MARK.search(line)}
    wrong: list[str] = []
    for number in sorted({*marks, *found}):
        mark, rules = marks.get(number), found.get(number, set())
        kind, rule = (mark[1], mark[2]) if mark else ("", "")
        good = {"finding": is_right(rule, rules), "wrongly": rule in rules}.get(kind, not rules)
        if not good:
            wrong.append(
                f"line {number}: wanted {kind} {rule or 'nothing'}, got {', '.join(sorted(rules)) or 'nothing'}"
            )
    assert wrong == []


def test_every_rule_has_a_case_file() -> None:
    assert {file.stem for file in CASES} == PYTHON_RULES


def test_there_are_many_cases() -> None:
    text = "\n".join(file.read_text() for file in CASES)
    assert len(re.findall("# finding:", text)) > 700
    assert len(re.findall("# beyond:", text)) < 30
    assert len(re.findall("# wrongly:", text)) < 10


HEAD = """import os, hmac, base64, subprocess, requests, logging
from flask import Flask, request, jsonify
from openai import OpenAI
app = Flask(__name__)
log = logging.getLogger(__name__)
"""
RULES = [rule for rule in load_builtin().rules if rule.id in PYTHON_RULES]


def rules_for(engine: Engine, example: str) -> set[str]:
    """Return the rules that report an example, as the body of a function or, with a decorator, as it is."""
    arguments = "password, password_confirm, token, secret, user, page, API_KEY"
    indented = "\n".join("    " + line for line in example.split("\n"))
    text = example if example.startswith("@") else f"def example({arguments}):\n{indented}"
    return set().union(*reported(engine, "x.py", HEAD + text + "\n").values())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_examples(engine: Engine, rule: Rule) -> None:
    assert rule.examples
    assert rule.negative_examples
    assert [one for one in rule.examples if rule.id not in rules_for(engine, one)] == []
    assert [one for one in rule.negative_examples if rule.id in rules_for(engine, one)] == []
