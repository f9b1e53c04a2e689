"""The JSON formats: well-formed for strict parsers whatever the paths."""

from __future__ import annotations

import json
from collections.abc import Callable

from keytrace.model import Report


def test_every_string_is_unicode_and_the_text_is_ascii(report: Report, rendered: Callable[..., str]) -> None:
    for kind in ("json", "jsonl", "sarif"):
        text = rendered(kind, report)
        assert text.isascii()
        for line in text.splitlines() if kind == "jsonl" else [text]:
            json.dumps(json.loads(line), ensure_ascii=False).encode()  # a lone surrogate cannot be encoded


def test_paths_show_undecodable_bytes(report: Report, rendered: Callable[..., str]) -> None:
    document = json.loads(rendered("json", report))
    assert document["findings"][1]["path"] == "odd/\x1b[31m\u202e[bold]100%\\xff name#?.env"
    assert document["errors"][0]["path"] == r"caf\xe9.txt"


def test_the_exit_code_is_the_one_returned(report: Report, rendered: Callable[..., str]) -> None:
    assert json.loads(rendered("json", report))["summary"]["exit_code"] == 1
    assert json.loads(rendered("json", report, exit_code=0))["summary"]["exit_code"] == 0
