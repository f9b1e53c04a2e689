"""Where programs check what comes with a key."""

from __future__ import annotations

from pathlib import Path

import pytest

from keytrace.lifecycle.checking import checks
from tests.lifecycle.trees import taken, write

CHECKED = {
    "a.py": 'import os, jwt\n\ndef who(t):\n    return jwt.decode(t, os.environ["A_SECRET"], algorithms=["HS256"])\n',
    "b.py": 'import hmac, os\nOWN = os.environ["A_SECRET"]\n\ndef fits(x):\n    return hmac.compare_digest(x, OWN)\n',
    "c.py": 'import os\n\ndef fits(x):\n    return x == os.environ["A_SECRET"]\n',
    "a.ts": "export const who = (t) =>\n  jwt.verify(t,\n    process.env.A_SECRET,\n  );\n",
    "a.rb": 'def who(t)\n  JWT.decode(t, ENV["A_SECRET"], true)\nend\n',
    "a.go": 'package a\nfunc f() {\n m := hmac.New(h, []byte(os.Getenv("A_SECRET")))\n hmac.Equal(m.Sum(nil), s)\n}\n',
}  # fmt: skip
LINES = {"a.py": 4, "b.py": 5, "c.py": 4, "a.ts": 3, "a.rb": 2, "a.go": 3}
SENT = {
    "a.py": 'import os, requests\n\ndef f():\n    return requests.get(U, headers={"X": os.environ["A_SECRET"]})\n',
    "b.py": 'import os\nOWN = os.environ["A_SECRET"]\nif OWN == "":\n    raise SystemExit\n',
    "a.ts": "if (process.env.A_SECRET === undefined) throw 1;\nfetch(u, { headers: { k: process.env.A_SECRET } });\n",
    "test_a.py": 'import os\n\ndef test_it(x):\n    assert x == os.environ["A_SECRET"]\n',
}


@pytest.mark.parametrize("path", CHECKED)
def test_what_checks(path: str, tmp_path: Path) -> None:
    write(tmp_path, {path: CHECKED[path]})
    found = taken(tmp_path)
    (key,) = found.inventory.keys
    assert list(checks(key, found.whole.artifacts, 10**6)) == [(path, LINES[path])]


def test_what_is_sent_is_checked_elsewhere(tmp_path: Path) -> None:
    write(tmp_path, SENT)
    found = taken(tmp_path)
    (key,) = found.inventory.keys
    assert list(checks(key, found.whole.artifacts, 10**6)) == []
