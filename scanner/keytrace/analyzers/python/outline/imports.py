"""What a program imports, read from its text: `from module import name as here` and `import module as here`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+(?P<module>\.*[\w.]*)[ \t]+import[ \t]*(?:\((?P<many>[^)]*)\)|(?P<names>[^\n#;(]+))"
    rb"|import[ \t]+(?P<plain>[^\n#;]+))",
    re.MULTILINE,
)
_NAME = re.compile(rb"([\w.]+|\*)(?:\s+as\s+(\w+))?")
_COMMENT = re.compile(rb"#[^\n]*")
_MOST = 500  # of one program


@dataclass(frozen=True, slots=True)
class Import:
    """`from module import name as here`; without a name `import module as here`. The name `*` is all of them."""

    module: str  # as it is written, dots of a relative import included
    name: str
    here: str


def imports_of(data: bytes) -> Iterator[Import]:
    """Yield what a program imports from modules that are not Python's own."""
    count = 0
    for found in _IMPORT.finditer(data):
        if found["plain"] is not None:
            for one in _NAME.finditer(found["plain"]):
                module = one[1].decode("utf-8", "replace")
                if not _is_standard(module):
                    yield Import(module, "", (one[2] or one[1].partition(b".")[0]).decode("utf-8", "replace"))
                    count += 1
            continue
        module = found["module"].decode("utf-8", "replace")
        if _is_standard(module):
            continue
        for one in _NAME.finditer(_COMMENT.sub(b"", found["many"]) if found["many"] is not None else found["names"]):
            yield Import(module, one[1].decode("utf-8", "replace"), (one[2] or one[1]).decode("utf-8", "replace"))
            count += 1
        if count > _MOST:
            return


def _is_standard(module: str) -> bool:
    return module.partition(".")[0] in _STANDARD


_STANDARD = sys.stdlib_module_names - {
    "secrets",
    "token",
    "tokens",
    "keys",
    "site",
    "code",
    "types",
    "test",
}  # own names, too
