"""How a plan is written: as Markdown, as JSON."""

from __future__ import annotations

import io
import json

from keytrace.lifecycle.key import Key
from keytrace.lifecycle.plan import WRITERS, Command, Plan, Step, Task

KEY = Key(
    "A@web", ("A",), "acme", "acme-key", "admin", ("production",), ("web",), ("@ops",), "CODEOWNERS", "", "", "", ()
)
EXITS = ((0, "none"), (1, "some"))
PLAN = Plan(KEY, "Acme key", ("production",), ("0f" * 8,), (
    Step("set", "Set it", "In order.", (Task("replace the value", "a`b.env", 3, "production", "web", ("@ops", "@x")),)),
    Step("prove", "Prove it", "", (), (Command("run a", EXITS), Command("run b", EXITS)), "https://acme.io"),
), ("b.yml was not read",))  # fmt: skip


def written(kind: str) -> str:
    stream = io.StringIO()
    WRITERS[kind](PLAN, stream)
    return stream.getvalue()


def test_markdown() -> None:
    assert written("markdown").splitlines() == [
        "# Rotate `A`",
        "",
        "Acme key; scope admin; in `production`; used by `web`; owned by `@ops` (CODEOWNERS).",
        "",
        "## 1. Set it",
        "",
        "In order.",
        "",
        "- [ ] `a'b.env:3`: replace the value (environment `production`, service `web`, `@ops`, `@x`)",
        "",
        "## 2. Prove it",
        "",
        "```sh",
        "run a",
        "run b",
        "```",
        "",
        "- exit code 0: none",
        "- exit code 1: some",
        "",
        "Note: b.yml was not read",
    ]


def test_json() -> None:
    record = json.loads(written("json"))
    assert (record["format"], record["key"], record["old"]) == ("keytrace-rotation/1", "A@web", ["0f" * 8])
    first, second = record["steps"]
    assert first["tasks"] == [
        {"says": "replace the value", "path": "a`b.env", "line": 3, "environment": "production", "service": "web",
         "owners": ["@ops", "@x"]}
    ]  # fmt: skip
    assert second["commands"][1] == {"run": "run b", "exits": {"0": "none", "1": "some"}}
    assert second["page"] == "https://acme.io"
