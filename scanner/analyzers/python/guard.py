"""What the parser cannot take: LibCST's native code recurses, and a hostile file would end the process or stall it.

Measured with LibCST 1.9: a few thousand levels of anything kill the process, and time grows with the square of the
depth of brackets (400 nested calls take 0.9 s). What is allowed here takes a fraction of a second and of the stack.
"""

from __future__ import annotations

import re

MAX_BYTES = 4_000_000  # of a module; LibCST reads about one megabyte a second
MAX_BRACKETS = 100  # one in another
MAX_RUN = 400  # operators, attributes, branches or decorators in a row
MAX_STRINGS = 2000  # string literals in a row
MAX_INDENT = 100  # blocks one in another, as in Python itself
MAX_FIELDS = 40  # braces one in another in an f-string

_TOKEN = re.compile(
    rb"""
      (?P<string>(?:[rRbBuUfFtT]{1,2})?(?:"{3}(?:[^\\"]|\\.|"(?!""))*+"{3}|'{3}(?:[^\\']|\\.|'(?!''))*+'{3}
        |"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'))
    | (?P<comment>\#[^\n]*)
    | (?P<open>[\[({]) | (?P<close>[\])}])
    | (?P<end>\n) | (?P<next>[,;])
    | (?P<run>\b(?:not|and|or|if|else|lambda|await|in|is|for|yield)\b|[+\-*/%&|^~.@<>:=]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_BRANCH = re.compile(rb"^([ \t]*)(if|elif|@|def|class|async)(?=[\s(@\w])", re.MULTILINE)
_INDENT = re.compile(rb"^[ \t]+", re.MULTILINE)
_NESTED_STRINGS = re.compile(rb"(?:[fFtT][rR]?[\"']{1,3}[^\"'{}\n]{0,40}\{\s*){15}")


def refuse(data: bytes) -> str:
    """Return why a module must not be parsed, or an empty string."""
    if len(data) > MAX_BYTES:
        return f"larger than {MAX_BYTES // 1_000_000} MB"
    if _NESTED_STRINGS.search(data):
        return "f-strings are nested too deep"
    if reason := _branches(data):
        return reason
    return _tokens(data)


def _branches(data: bytes) -> str:
    """Look at chains of elif, at decorators in a row and at the depth of blocks."""
    runs: dict[bytes, int] = {}
    for found in _BRANCH.finditer(data):
        indent, word = found[1], found[2]
        runs[indent] = runs.get(indent, 0) + 1 if word in (b"elif", b"@") else 0
        if runs[indent] > MAX_RUN:
            return f"more than {MAX_RUN} branches in a row"
    depths = {len(found[0].expandtabs()) for found in _INDENT.finditer(data)} if data.count(b"\n") > MAX_INDENT else ()
    return f"blocks are nested more than {MAX_INDENT} deep" if len(depths) > 3 * MAX_INDENT else ""


def _tokens(data: bytes) -> str:
    """Look at the depth of brackets, and at runs of operators and of strings."""
    runs = [0]
    strings = 0
    last: str | None = ""
    for found in _TOKEN.finditer(data):
        kind = found.lastgroup
        if kind == "run":
            runs[-1] += 1
            if runs[-1] > MAX_RUN:
                return f"an expression has more than {MAX_RUN} operators in a row"
        elif kind == "open":
            runs.append(0)
            if len(runs) > MAX_BRACKETS:
                return f"brackets are nested more than {MAX_BRACKETS} deep"
        elif kind == "close":
            if len(runs) > 1:
                runs.pop()
            runs[-1] += 1
            if runs[-1] > MAX_RUN:
                return f"an expression has more than {MAX_RUN} calls in a row"
        elif kind == "next" or (kind == "end" and len(runs) == 1):
            runs[-1] = 0
            strings = 0
        elif kind == "string":
            strings = strings + 1 if last == "string" else 1
            if strings > MAX_STRINGS:
                return f"more than {MAX_STRINGS} string literals in a row"
            if found[0].count(b"{") > MAX_FIELDS and _depth(found[0]) > MAX_FIELDS:
                return "fields of an f-string are nested too deep"
        if kind not in ("end", "comment"):
            last = kind
    return ""


def _depth(text: bytes) -> int:
    depth = most = 0
    for brace in re.findall(rb"[{}]", text):
        depth = depth + 1 if brace == b"{" else max(0, depth - 1)
        most = max(most, depth)
    return most
