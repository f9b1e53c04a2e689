"""The comment that has a finding ignored: in every language one that a scan heeds."""

from __future__ import annotations

import pytest

from keytrace import scan_text
from keytrace.editor.ignoring import comments
from keytrace.fixers.edits import applied
from tests.samples import marked as github_token

TEXTS = {
    "a.py": "def f():\n    token = '{}'\n",
    "a.js": "const token = '{}';\r\nconst b = 1;\r\n",
    "a.go": 'token := "{}"\n',
    "a.yml": "a:\n  token: {}\n",
    "a.sql": "INSERT INTO t VALUES ('{}');\n",
    "a.html": "<p>{}</p>\n",
    "a.css": "/* x */ a::after {{ content: '{}' }}\n",
    ".env": "TOKEN={}\n",
    "Dockerfile": "ENV TOKEN={}\n",
    "a.ini": "token = {}\n",
}


@pytest.mark.parametrize("path", TEXTS)
def test_a_scan_heeds_one_of_them(path: str) -> None:
    text = TEXTS[path].format(github_token(1)).encode()
    (finding,) = scan_text(text, path).active
    edits = comments(path, text, finding.location.region.start_line, finding.rule_id)
    assert not all(scan_text(applied(text, [edit]), path).active for edit in edits)


@pytest.mark.parametrize("path", ["a.json", "a.ipynb", "a.csv"])
def test_where_there_are_no_comments(path: str) -> None:
    assert [*comments(path, b"x", 1, "rule")] == []
