"""What a program imports, read from its text: `from module import name as here` and `import module as here`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from keytrace.names.tables import programs

_IMPORT = re.compile(  # at the beginning of a line
    rb"[ \t]*(?:from[ \t]+(?P<module>\.*[\w.]*)[ \t]+import[ \t]*(?:\((?P<many>[^)]*)\)|(?P<names>[^\n#;(]+))"
    rb"|import[ \t]+(?P<plain>[^\n#;]+))"
)
_DEFINED = re.compile(rb"\n(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)")  # what begins with a literal is found fast
_NAME = re.compile(rb"([\w.]+|\*)(?:\s+as\s+(\w+))?")
_COMMENT = re.compile(rb"#[^\n]*")
_MOST = 500  # of one program


@dataclass(frozen=True, slots=True)
class Import:
    """`from module import name as here`; without a name `import module as here`. The name `*` is all of them."""

    module: str  # as it is written, dots of a relative import included
    name: str
    here: str

    @property
    def path(self) -> str:
        """The dotted path of what is imported."""
        return f"{self.module}{'' if self.module.endswith('.') or not self.name else '.'}{self.name}"

    @property
    def written(self) -> str:
        """How what is imported is written in the program: a module by its whole path, where it has no other name."""
        return self.module if not self.name and self.here == self.module.partition(".")[0] else self.here


@dataclass(frozen=True, slots=True)
class Imports:
    """What a program imports, for a reader of its outline: top-level modules, and names that go by another one here."""

    modules: frozenset[str]
    aliases: Mapping[str, str]
    paths: Mapping[str, str]  # names that are imported from modules, with these
    constants: frozenset[str]  # by their names, of other modules than Python's own
    here: frozenset[str] = frozenset()  # all names by which the program knows what it imports
    dotted: frozenset[str] = frozenset()  # the whole paths of what is imported
    text: bytes = field(default=b"", repr=False)  # of the program

    @classmethod
    def of(cls, data: bytes) -> Imports:
        found = list(imports_of(data, standard=True))
        aliases = {one.here: one.name for one in found if one.name and one.name != one.here}
        paths = {one.here: one.path for one in found if one.name}
        constants = frozenset(one.here for one in found if one.here.isupper() and not _is_standard(one.module))
        modules = frozenset(one.module.partition(".")[0] for one in found)
        here, dotted = frozenset(one.here for one in found), frozenset(one.path.removesuffix(".*") for one in found)
        return cls(modules, aliases, paths, constants, here, dotted, data)

    def bring(self, package: str) -> bool:
        """Tell whether something of a package is imported, or what the package is a part of: `google.cloud` is none of
        `google.colab`.
        """
        if package.partition(".")[0] not in self.modules:
            return False
        own = f"{package}."
        return any(one == package or one.startswith(own) or own.startswith(f"{one}.") for one in self.dotted)


def definitions_of(data: bytes) -> frozenset[str]:
    """Return the functions and classes that a program defines at its top level."""
    return frozenset(found[1].decode("utf-8", "replace") for found in _DEFINED.finditer(b"\n" + data))


def imports_of(data: bytes, *, standard: bool = False) -> Iterator[Import]:
    """Yield what a program imports; from Python's own modules only with `standard`."""
    count = 0
    for found in _statements(data):
        if found["plain"] is not None:
            for one in _NAME.finditer(found["plain"]):
                module = one[1].decode("utf-8", "replace")
                if standard or not _is_standard(module):
                    yield Import(module, "", (one[2] or one[1].partition(b".")[0]).decode("utf-8", "replace"))
                    count += 1
            continue
        module = found["module"].decode("utf-8", "replace")
        if not standard and _is_standard(module):
            continue
        for one in _NAME.finditer(_COMMENT.sub(b"", found["many"]) if found["many"] is not None else found["names"]):
            yield Import(module, one[1].decode("utf-8", "replace"), (one[2] or one[1]).decode("utf-8", "replace"))
            count += 1
        if count > _MOST:
            return


def _statements(data: bytes) -> Iterator[re.Match[bytes]]:
    """Yield what matches on the lines that have the word in them."""
    position = 0
    while (at := data.find(b"import", position)) >= 0:
        line = data.rfind(b"\n", position, at)
        found = _IMPORT.match(data, line + 1) if line >= 0 or position == 0 else None  # each line once
        if found is not None:
            yield found
        position = max(at + 1, found.end()) if found is not None else at + 1


def _is_standard(module: str) -> bool:
    first = module.partition(".")[0]
    return first in sys.stdlib_module_names and first not in programs().own_modules
