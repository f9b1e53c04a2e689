"""Policies: one for each rule, in a file that bears its name; the interpreter knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import libcst as cst
import pytest

from keytrace.analyzers.python import interpret, policies
from keytrace.analyzers.python.events import Event
from keytrace.analyzers.python.interpret.state import State
from keytrace.analyzers.python.interpret.values import Function, Taint
from keytrace.analyzers.python.policies import POLICIES
from keytrace.analyzers.python.policies.views import Views
from keytrace.rules.load import load_builtin

Read = Callable[[str], tuple[State, list[Event]]]
RULES = {rule.id for rule in load_builtin().rules if rule.analyzer == "python"}
FOLDER = Path(str(policies.__file__)).parent


def test_every_rule_has_a_policy() -> None:
    assert set(POLICIES) == RULES


def test_every_policy_has_a_file() -> None:
    files = {file.stem for file in FOLDER.glob("*.py")}
    named = {rule.replace("-", "_") for rule in RULES}
    assert {POLICIES[name.replace("_", "-")] for name in files & named} == set(POLICIES.values())
    assert files - named == {
        "__init__",
        "comparisons",
        "context",
        "on_request",
        "queries",
        "sinks",
        "urls",
        "views",
        "weighing",
    }


def test_the_interpreter_knows_no_rule() -> None:
    folder = Path(str(interpret.__file__)).parent
    for file in (*folder.glob("*.py"), folder.parent / "events.py"):
        text = file.read_text()
        assert [rule for rule in RULES if rule in text] == []
        assert "policies" not in text


@pytest.mark.parametrize(
    ("rule", "kind", "part", "reported"),
    [
        ("logged-credential", "environment", False, "logged-credential"),
        ("logged-credential", "environment", True, "partial-credential"),
        ("logged-credential", "dump", False, "logged-environment"),
        ("credential-in-response", "dump", False, "credential-in-response"),
        ("credential-in-response", "name", True, ""),
        ("credential-in-url", "dump", False, ""),
        ("credential-written", "name", True, ""),
        ("credential-in-command", "name", False, "credential-in-command"),
    ],
)
def test_which_rule_a_secret_is_reported_by(rule: str, kind: str, part: bool, reported: str) -> None:
    assert POLICIES[rule].takes(Taint(kind, "a", (), part=part)) == reported


def function(read: Read, text: str, name: str = "f") -> tuple[Views, Function]:
    state, _ = read(text)
    views = Views(state.knowledge, state.value_of, text.encode())
    views.start(cst.parse_module(text))
    return views, next(one for one in state.functions.values() if one.name == name)


@pytest.mark.parametrize(
    ("text", "framework", "webhook"),
    [
        ("def f(): pass", "", ""),
        ("@app.route('/x')\ndef f(): pass", "flask", ""),
        ("from flask import Flask\nmine = Flask()\n@mine.get('/x')\ndef f(): pass", "flask", ""),
        ("@other.route('/x')\ndef f(): pass", "", ""),
        ("@app.route('/stripe/webhook')\ndef f(): pass", "flask", "stripe"),
        ("@app.route('/hook')\ndef f(): pass", "flask", "a provider"),
        ("@app.post('/x')\ndef f():\n    request.headers['X-Hub-Signature']", "flask", "a provider"),
        ("@csrf_exempt\ndef f(request): pass", "django", ""),
        ("import django\ndef f(request): pass", "django", ""),
        ("class GithubWebhook(APIView):\n    def post(self, request): pass", "class", "github"),
    ],
)
def test_views(read: Read, text: str, framework: str, webhook: str) -> None:
    views, found = function(read, text + "\n", "post" if "class " in text else "f")
    view = views.of(found)
    assert (view.framework, view.webhook) == (framework, webhook)
    assert views.of(found) is view
    assert views.of(None).framework == ""
