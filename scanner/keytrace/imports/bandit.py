"""A JSON report of bandit, which its `-b` takes as a baseline: what it says of passwords, the value within."""

from __future__ import annotations

import re

from keytrace.imports.foreign import Content, Entry, Foreign, digest_of

_TESTS = ("B105", "B106", "B107")
_VALUE = re.compile(r"[Pp]ossible hardcoded password: '(.*)'", re.DOTALL)


def read(content: Content) -> Foreign | None:
    """Return what it accepts of hardcoded passwords; other tests find no secrets."""
    data = content.json
    if not isinstance(data, dict) or not isinstance(data.get("results"), list) or "metrics" not in data:
        return None
    entries = []
    for one in content.tables(data["results"], "results"):
        if one.get("test_id") in _TESTS:
            value = _VALUE.search(str(one.get("issue_text", "")))
            path = content.relative(one.get("filename", ""))
            entries.append(Entry(path, content.line(one.get("line_number")), digest_of(value[1]) if value else ""))
    return Foreign(tuple(entries))
