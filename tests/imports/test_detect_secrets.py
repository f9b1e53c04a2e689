"""`.secrets.baseline`."""

from __future__ import annotations

import json
from hashlib import sha1
from pathlib import Path
from typing import Any

from keytrace.imports.foreign import Entry
from keytrace.model import Finding

from .conftest import NEW, OLD, Read, about


def baseline(**more: Any) -> str:
    def found(value: str, **more: Any) -> dict[str, Any]:
        return {"type": "Secret Keyword", "hashed_secret": sha1(value.encode()).hexdigest(), **more}

    results = {
        "app.py": [found(OLD, line_number=77, is_secret=True)],
        "src/db.py": [found("ghp", line_number=1, type="GitHub Token"), found("gone", is_secret=False)],
    }
    return json.dumps({"version": "1.5.0", "results": results, **more})


def test_results(read: Read, findings: list[Finding], tmp_path: Path) -> None:
    foreign = read(".secrets.baseline", baseline())
    assert about(foreign, findings, tmp_path) == ["app.py", "src/db.py"]
    assert foreign.entries[1] == Entry("src/db.py", 1), "the digests of GitHub's tokens are all the same"
    assert foreign.notes == ("1 of its entries are audited as real secrets: have them revoked",)


def test_filters(read: Read) -> None:
    name = "detect_secrets.filters.regex.should_exclude_"
    filters = [
        {"path": f"{name}file", "pattern": ["^vendor/"]},
        {"path": f"{name}secret", "pattern": ["^demo"]},
        {"path": f"{name}line", "pattern": ["x"]},
        {"path": "detect_secrets.filters.allowlist.is_line_allowlisted"},
        {"path": "file://own.py::f"},
    ]
    foreign = read(".secrets.baseline", json.dumps({"version": "1.0", "results": {}, "filters_used": filters}))
    assert foreign.passes is not None
    assert foreign.passes("vendor/a.py", b"x")
    assert foreign.passes("a.py", b"demo-1")
    assert not foreign.passes("a.py", NEW.encode())
    assert foreign.notes == (
        'its filter of lines is not honoured: put it into [[allowlists]] with regexTarget = "line"',
        "its filter file://own.py::f is not honoured",
    )


def test_before_version_1(read: Read) -> None:
    text = json.dumps({"version": "0.14.3", "results": {}, "exclude": {"files": "^vendor/", "lines": None}})
    foreign = read(".secrets.baseline", text)
    assert foreign.passes is not None
    assert foreign.passes("vendor/a.py", b"x")
    assert foreign.notes == ()
