"""Programs in other texts: there a value without quotes is a name."""

from __future__ import annotations

import pytest

from keytrace.text.embedded import programs

FENCES = "text\n```python\na = b\n```\n\n> ~~~ js\n> c\n> ~~~\n```sh\nA=b\n```\n``` {.go}\nx\n"
PAGE = """<p>a</p><SCRIPT>b()</SCRIPT><script type="application/json">{}</script><script src="x">"""
BLOCKS = """run: |
  import os

  a(b=c)
- |
  def go(a):
    pass
main.js: >-
  a
script: |
  export A=b
  function go() {
  }
mixed: |
  python3 - <<END
  import os
  END
end: 1
"""


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("a.md", FENCES, ["a = b\n", "> c\n", "x\n"]),
        ("a.html", PAGE, ["b()", ""]),
        ("a.yaml", BLOCKS, ["  import os\n\n  a(b=c)\n", "  def go(a):\n    pass\n", "  a\n"]),
        ("a.yaml", "  a: |\n    import os\n  b: c\n", ["    import os\n"]),
        ("a.yaml", "a:\n  - |\n    import os\n  - b\n", ["    import os\n"]),
        ("a.yaml", "a: |\n", []),
        ("a.py", "a = b\n", []),
    ],
)
def test_programs(path: str, text: str, found: list[str]) -> None:
    data = text.encode()
    assert [data[start:end].decode() for start, end in programs(data, path)] == found
