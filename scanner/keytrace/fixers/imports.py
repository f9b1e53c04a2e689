"""How a program names what it imports, and where a new import goes: as isort would put it, and no other line moves."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator

import libcst as cst

from keytrace.fixers.edits import Edit, Refused
from keytrace.fixers.program import Imports, Program, bindings, dotted

_COMMENT = re.compile(rb"(?:[ \t]*#[^\r\n]*(?:\r\n|\n|\r))+")


def reference(program: Program, wanted: str, at: int) -> tuple[str, str]:
    """Return how a program calls `wanted`, a module or `module.name`, and the import that it lacks (empty: none).

    Raise Refused where that name means something else somewhere in the program, or not yet at `at`.
    """
    own = wanted.rsplit(".", maxsplit=1)[-1]
    name, lacking = next(((name, "") for line, _ in _top(program) if (name := _bound(line, wanted))), (own, wanted))
    first = name.split(".")[0]
    if first in _names_bound(program, wanted) or _comes_later(program, wanted, at):
        raise Refused(f"'{first}' means something else in this program")
    return name, lacking


def _comes_later(program: Program, wanted: str, at: int) -> bool:
    """Tell whether the function around `at` imports `wanted` itself, further down: up to there it has no such name."""
    late = [one for one in program.spans if isinstance(one, Imports) and program.span(one)[0] > at]
    own = {id(outer) for line in late if _bound(line, wanted) for outer in program.chain(line)}
    around = (node for node in program.around(at, at) if isinstance(node, cst.FunctionDef))
    return any(id(function) in own for function in around)


def edits(program: Program, wanted: Iterable[str]) -> Iterator[Edit]:
    """Yield the edits that import what a program lacks."""
    places: dict[tuple[int, bytes], list[bytes]] = {}
    for name in sorted(set(wanted)):
        module, _, member = name.rpartition(".")
        line = (f"from {module} import {member}" if module else f"import {name}").encode()
        places.setdefault(_place(program, line), []).append(line + program.newline)
    yield from (Edit(at, at, b"".join(lines) + after) for (at, after), lines in places.items())


def _top(program: Program) -> Iterator[tuple[Imports, cst.SimpleStatementLine]]:
    """Yield the imports of the block that a program begins with, each with its line; they always run, and first."""
    for statement in program.module.body[_first(program) :]:
        if not isinstance(statement, cst.SimpleStatementLine):
            return
        for part in statement.body:
            if not isinstance(part, Imports):
                return
            yield part, statement


def _first(program: Program) -> int:
    """Return the number of the first statement behind a docstring."""
    return int(program.module.get_docstring() is not None)


def _bound(line: Imports, wanted: str) -> str:
    """Return the name that an import gives to `wanted`; empty if it does not import it."""
    if isinstance(line.names, cst.ImportStar):
        return ""
    if isinstance(line, cst.ImportFrom):
        module = "" if line.module is None or line.relative else dotted(line.module)
        for one in line.names:
            if f"{module}.{dotted(one.name)}" == wanted:
                return dotted(one.asname.name) if one.asname else dotted(one.name)
        return ""
    for one in line.names:
        name = dotted(one.name)
        if one.asname is None and name.split(".")[0] == wanted:  # `import os.path` binds os
            return wanted
        if one.asname and wanted in (name, f"{name}.{wanted.rpartition('.')[2]}"):
            return dotted(one.asname.name) + wanted[len(name) :]
        if one.asname is None and wanted.rpartition(".")[0] == name:
            return wanted
    return ""


def _names_bound(program: Program, wanted: str) -> set[str]:
    """Return the names that a program gives a meaning, but by imports of `wanted` itself."""
    each = bindings(program)
    return {name for name, node in each if not (isinstance(node, Imports) and _bound(node, wanted))}


def _place(program: Program, line: bytes) -> tuple[int, bytes]:
    """Return where an import goes, and what follows it there: behind those that sort before it, among its like."""
    block = [(_text(part), part, statement) for part, statement in _top(program)]
    block = [one for one in block if not one[0].startswith("from __future__ ")]
    ours = _key(line.decode())
    before = [statement for text, _, statement in block if _key(text) < ours]
    if before:
        return _behind(program, before[-1]), b""
    if block:
        group = _key(block[0][0])[0]
        return _start(program, block[0][2]), b"" if group == ours[0] else program.newline
    return _alone(program)


def _key(text: str) -> tuple[int, int, str]:
    """Return how isort orders imports: the standard library first, in it `import x` before `from x import y`."""
    kind, _, rest = text.partition(" ")
    module = rest.split(" ")[0].split(",")[0].split(".")[0]
    place = 0 if module in sys.stdlib_module_names else 2 if not module else 1
    return place, int(kind == "from"), module.lower()


def _text(part: Imports) -> str:
    if isinstance(part, cst.Import):
        return "import " + dotted(part.names[0].name)
    return f"from {'.' * len(part.relative)}{dotted(part.module) if part.module else ''} import"


def _start(program: Program, statement: cst.SimpleStatementLine) -> int:
    """Return the first byte of the line that a statement begins on."""
    return program.span(statement)[0]


def _behind(program: Program, statement: cst.SimpleStatementLine) -> int:
    """Return the first byte of the line after a statement; raise Refused where that line has more than imports."""
    documents = program.module.body[0] if _first(program) else None
    if not all(isinstance(part, Imports) for part in statement.body[int(statement is documents) :]):
        raise Refused("an import would have to go into the middle of its first line")
    at = program.span(statement)[1]
    end = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)").match(program.data, at)
    if end is None:
        raise Refused("its last line is an import without an end")
    return end.end()


def _alone(program: Program) -> tuple[int, bytes]:
    """Return where the first import of a program goes: behind its docstring and what it takes from the future."""
    body = program.module.body
    last: cst.SimpleStatementLine | None = None
    for statement in body:
        if not isinstance(statement, cst.SimpleStatementLine):
            break
        is_future = any(
            _text(part).startswith("from __future__ ") for part in statement.body if isinstance(part, Imports)
        )
        if is_future or (statement is body[0] and _first(program)):
            last = statement
        else:
            break
    if last is not None:
        if last is body[-1]:
            return _behind(program, last), b""
        at = _behind(program, last)
        blank = re.compile(rb"[ \t]*(?:\r\n|\n|\r)").match(program.data, at)
        return (blank.end(), program.newline) if blank else (at, b"")
    header = _COMMENT.match(program.data)
    if header is None:
        return 0, program.newline
    blank = re.compile(rb"[ \t]*(?:\r\n|\n|\r)").match(program.data, header.end())
    return (blank.end(), program.newline) if blank else (header.end(), program.newline)
