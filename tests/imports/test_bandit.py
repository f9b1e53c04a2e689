"""Reports of bandit."""

from __future__ import annotations

import json

from keytrace.imports.foreign import Entry, digest_of

from .conftest import Read


def test_passwords(read: Read) -> None:
    def result(test: str, text: str) -> dict[str, object]:
        return {"filename": "./src/b.py", "line_number": 3, "test_id": test, "issue_text": text}

    results = [
        result("B105", "Possible hardcoded password: 'it's me'"),
        result("B107", "something else"),
        result("B602", "subprocess call with shell=True"),
    ]
    foreign = read("bandit.json", json.dumps({"metrics": {}, "results": results}))
    assert foreign.entries == (Entry("src/b.py", 3, digest_of("it's me")), Entry("src/b.py", 3))
