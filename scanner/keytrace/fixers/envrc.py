"""A secret in the `.envrc` of direnv, which git has: its line goes, and direnv reads the file that git ignores."""

from __future__ import annotations

import posixpath
import re

from keytrace.fixers import dotenv
from keytrace.fixers.edits import Edit, Fix, Refused, Target, newline_of
from keytrace.fixers.naming import Names
from keytrace.fixers.textual import behind, line_of, refuse_in_comment

_EXPORT = re.compile(rb"[ \t]*export[ \t]")
_FIRST = re.compile(rb"(?:#![^\n]*\n)?")
_UNSAFE = "direnv finds it only where the file that it goes to is there"


def fix(target: Target, names: Names, reader: str) -> Fix:
    """Return the fix of an `export` on one line; raise Refused for any other place."""
    refuse_in_comment(target, b"#")
    data = target.data
    start, _ = line_of(data, target.start)
    if not _EXPORT.match(data, start):
        raise Refused("it is no export of one variable")
    (variable,) = dotenv.fix(target, names, reader).variables
    if re.search(rb"\$\{?%s\b" % re.escape(variable.name.encode()), data):
        raise Refused("another line uses it")
    edits = [Edit(start, behind(data, start), b"")]
    file = posixpath.relpath(names.file_of(target.path) or ".env", posixpath.dirname(target.path) or ".")
    reads = b"dotenv_if_exists" + (b"" if file == ".env" else b" " + file.encode())
    if not re.search(rb"^[ \t]*dotenv(?:_if_exists)?%s[ \t]*\r?$" % re.escape(reads[16:]), data, re.MULTILINE):
        at = _FIRST.match(data).end()  # type: ignore[union-attr]  # it always matches
        edits.insert(0, Edit(at, at, reads + newline_of(data)))
    return Fix(f"have direnv read {variable.name} from {file}", tuple(edits), (variable,), unsafe=_UNSAFE)
