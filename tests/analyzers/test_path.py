"""A file whose name alone says that it holds a key."""

from __future__ import annotations

import pytest

from keytrace.analyzers.path import PathAnalyzer
from keytrace.model import FileProvenance, Match, Remarks, Span
from keytrace.rules.validate import parse_rules
from keytrace.text.document import Document

RULES = parse_rules("[[rules]]\nid = 'key-file'\npath = '(^|/)id_rsa$'\nconfidence = 'high'\n", "a.toml").rules


@pytest.mark.parametrize(
    ("path", "found"), [("id_rsa", True), ("a/id_rsa", True), ("id_rsa.pub", False), ("xid_rsa", False)]
)
def test_path(path: str, found: bool) -> None:
    analyzer = PathAnalyzer(RULES)
    assert analyzer.triggers == ()
    matches: list[Match] = list(analyzer.analyze(Document(FileProvenance(path), b"x"), {}, Remarks([])))
    assert [(match.rule_id, match.start, match.end, match.whole) for match in matches] == (
        [("key-file", 0, 0, Span(0, 0))] if found else []
    )
