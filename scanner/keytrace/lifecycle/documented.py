"""Names of keys in documentation: README and its like, and what is below `docs`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keytrace.lifecycle.key import Holds, Mention, Role

_FILE = re.compile(
    r"(?i)(?:^|/)(?:readme|install|installation|contributing|deploy|deployment|setup|configuration|config|environment|development"
    r"|getting[-_]started|secrets|running)[\w.-]*\.(?:md|markdown|mdx|rst|adoc|txt)$|(?:^|/)README$"
    r"|(?:^|/)docs?/.*\.(?:md|markdown|mdx|rst|adoc)$"
)
_NAME = re.compile(rb"(?<![\w$./-])(?:\$\{?)?([A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9])(?![\w/])")


def claims(path: str) -> bool:
    return _FILE.search(path) is not None


def is_prose(path: str) -> bool:
    """Tell whether a file is for people: a value in it is an example, of whatever it tells."""
    return claims(path) or path.lower().endswith((".md", ".markdown", ".mdx", ".rst", ".adoc"))


def read(data: bytes) -> Iterator[Mention]:
    """Yield the names of variables, once a line."""
    told: set[tuple[int, bytes]] = set()
    line, at = 1, 0
    for found in _NAME.finditer(data):
        line += data.count(b"\n", at, found.start())
        at = found.start()
        if (line, found[1]) not in told:
            told.add((line, found[1]))
            yield Mention(Role.DOCUMENTED, found[1].decode(), line, "documentation", holds=Holds.NAME)
