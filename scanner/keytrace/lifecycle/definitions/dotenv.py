"""Files of assignments: `.env` in all its names, also those that are documentation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keytrace.lifecycle.definitions.entry import entry
from keytrace.lifecycle.key import Mention, Role

_FILE = re.compile(
    r"(?:^|/)(?:\.env(?:rc)?(?:[._-][\w.-]+)?|[\w.-]*\.env|env\.(?:example|sample|template|dist)"
    r"|\.dev\.vars(?:\.[\w.-]+)?|\.flaskenv)$"
)
_EXAMPLE = re.compile(
    r"(?:^|[._-])(?:example|sample|template|tmpl|dist|default|schema|tpl|skel|public)(?:$|[._-])", re.IGNORECASE
)
_LINE = re.compile(
    rb"""^[ \t]*(?P<off>\#[ \t]?)?(?:export[ \t]+|set(?:x|env)?[ \t]+)?(?P<name>[A-Za-z_][\w.\-]*)[ \t]*
    (?:=|:[ \t])[ \t]*
    (?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>[^']*)'|`(?P<back>[^`]*)`|(?P<bare>[^\r\n]*))""",
    re.VERBOSE | re.MULTILINE,
)
_COMMENT = re.compile(rb"(?:^|[ \t])#.*")


def claims(path: str, _data: bytes) -> bool:
    return _FILE.search(path) is not None


def is_example(path: str) -> bool:
    """Tell by its name whether a file says which variables there are, not what they are."""
    return _EXAMPLE.search(path.rpartition("/")[2]) is not None


def read(path: str, data: bytes) -> Iterator[Mention]:
    example = is_example(path)
    line, at = 1, 0
    for found in _LINE.finditer(data):
        if found["off"] is not None and not example:
            continue  # a comment; in an example, a variable that is optional
        line += data.count(b"\n", at, found.start("name"))
        at = found.start("name")
        value = next((one for one in (found["double"], found["single"], found["back"]) if one is not None), None)
        if value is None:
            value = _COMMENT.sub(b"", found["bare"]).strip()
        if found["off"] is not None and (b" " in value or not found["name"].isupper()):
            continue
        name = found["name"].decode("latin-1")
        yield entry(name, value.decode("utf-8", "surrogateescape"), line, "dotenv",
                    role=Role.DOCUMENTED if example else Role.DEFINED)  # fmt: skip
