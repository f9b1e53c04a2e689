"""What a module knows of the other modules of its package: what their names hold and what their functions do.

The first round over all files says which imports may matter (`wants`); whoever knows all files finds the modules, and
in a second round each file that needs it is read once more with them at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from keytrace.model import Additions, Location, Span, Want
from keytrace.text.document import Document, locate

if TYPE_CHECKING:
    from collections.abc import Callable

    from libcst import CSTNode

    from keytrace.analyzers.python.gate import Piece
    from keytrace.analyzers.python.interpret.values import Step, Taint, Value

_IMPORT = re.compile(  # after a line end: fast to look for, and an import is never what a module begins with
    rb"\n[ \t]*(?:from[ \t]+(?P<module>\.*[\w.]*)[ \t]+import[ \t]+(?:\((?P<many>[^)]*)\)|(?P<names>[^\n#(]+))"
    rb"|import[ \t]+(?P<plain>[\w.]+)(?:[ \t]+as[ \t]+(?P<alias>\w+))?)"
)
_NAME = re.compile(rb"(\w+)(?:\s+as\s+(\w+))?")
_CALLED = re.compile(rb"(?:\b(\w+)\.)?\b(\w+)\(")
_WORD = re.compile(rb"[A-Za-z_]\w*")
_KEEPERS = frozenset(b"settings config conf secrets credentials keys constants env vault creds auth".split())
_MOST = 64  # wants of one file


def wants(data: bytes, pieces: Iterable[Piece]) -> tuple[Want, ...]:
    """Return the imported names to which a secret is handed, or which may be one and reach a sink."""
    imported = dict(_imports(data))
    if not imported:
        return ()
    found: dict[Want, None] = {}
    for piece in pieces:
        if piece.names:
            reached: set[bytes] | None = None
            for call in _CALLED.finditer(data, piece.start, piece.end):
                owner, name = call[1] or b"", call[2]
                module = imported.get(owner or name)
                if module is None:
                    continue
                reached = reached if reached is not None else piece.flow.reached_from(piece.names)
                arguments = data[call.end() : min(piece.end, call.end() + 200)].partition(b"\n")[0]
                if not reached.isdisjoint(_WORD.findall(arguments)):
                    found[_want(module, name if owner else b"", owner or name)] = None
        if piece.sinks:
            for word in piece.flow.sunk & imported.keys():
                module = imported[word]
                if module[0].rpartition(b".")[2] in _KEEPERS and module[1]:
                    found[_want(module, b"", word)] = None
    return tuple(found)[:_MOST]


def _imports(data: bytes) -> Iterator[tuple[bytes, tuple[bytes, bytes]]]:
    """Yield each imported name as (name here, (module, name there)); of a module the name there is empty."""
    for found in _IMPORT.finditer(data):
        if found["plain"]:
            yield found["alias"] or found["plain"].partition(b".")[0], (found["plain"], b"")
            continue
        for name in _NAME.finditer(found["many"] or found["names"] or b""):
            yield name[2] or name[1], (found["module"], name[1])


def _want(module: tuple[bytes, bytes], attribute: bytes, here: bytes) -> Want:
    path, name = module
    if attribute:  # utils.debug(…): of a module, or of a name that is one
        joined = path + (b"" if path.endswith(b".") or not name else b".") + name if name else path
        return Want(joined.decode(), attribute.decode(), attribute.decode())
    return Want(path.decode(), name.decode(), here.decode())


# --- the second round -------------------------------------------------------------------------------------------------


class Imported:
    """Looks up what was imported, by the dotted name that it has in the module that imports it."""

    def __init__(self, values: Mapping[str, Value] | None = None) -> None:
        self._values = values or {}

    def find(self, ref: str) -> Value | None:
        return self._values.get(ref) if self._values and ref else None


def load(imports: Iterable[tuple[Want, Document]], additions: Additions) -> Imported:
    """Read the modules that are imported, and return what they export under the names that are wanted."""
    values: dict[str, Value] = {}
    for want, document in imports:
        value = _export(document, want.name, additions)
        if value is not None:
            dot = "" if want.module.endswith(".") else "."
            values[f"{want.module}{dot}{want.name}"] = value
    return Imported(values)


_EXPORTS: dict[tuple[str, str, bytes, Additions], Value | None] = {}  # of the modules that many others import
_MOST_EXPORTS = 128


def _export(document: Document, name: str, additions: Additions) -> Value | None:
    """Return what a module binds to a name, if that has to do with secrets; its places are locations."""
    from keytrace.analyzers.python.analysis import read_export

    key = (document.path, name, document.data, additions)
    if key not in _EXPORTS:
        if len(_EXPORTS) >= _MOST_EXPORTS:
            _EXPORTS.clear()
        _EXPORTS[key] = read_export(document, name, additions)
    return _EXPORTS[key]


def freeze(value: Value, place: Callable[[CSTNode], Location | None]) -> Value:
    """Return a value whose places can be shown outside of its module."""
    taints = tuple(_frozen(taint, place) for taint in value.taints)
    return replace(
        value, node=None, taints=taints, options=(), items=None, owner=None, instance=None,
        parts=tuple(freeze(part, place) for part in value.parts) if len(value.parts) < 8 else (),
    )  # fmt: skip


def _frozen(taint: Taint, place: Callable[[CSTNode], Location | None]) -> Taint:
    return replace(taint, steps=tuple(freeze_steps(taint.steps, place)))


def freeze_steps(steps: Iterable[Step], place: Callable[[CSTNode], Location | None]) -> Iterator[Step]:
    for step in steps:
        if isinstance(step.place, Location):
            yield step
        elif (location := place(step.place)) is not None:
            yield replace(step, place=replace(location, note=step.says))


def placer(
    document: Document, spans: Callable[[CSTNode], tuple[int, int] | None], secrets: list[tuple[int, int]]
) -> Callable[[CSTNode], Location | None]:
    """Return what tells where a node of another module stands, with the secrets of that module masked."""

    def place(node: CSTNode) -> Location | None:
        span = spans(node)
        return locate(document, Span(*span), secrets) if span is not None else None

    return place
