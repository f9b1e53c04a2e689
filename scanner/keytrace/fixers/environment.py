"""Where values go: a file of variables that git ignores, and their names into the example beside it."""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterable, Mapping

from keytrace import git
from keytrace.errors import ScannerError
from keytrace.fixers.edits import Refused

_LINE = re.compile(r"^\s*(?:export\s+)?([\w.-]+)\s*=[ \t]*(.*?)\s*$", re.MULTILINE)
_PLAIN = re.compile(r"[\w./+=:@%~^,-]+", re.ASCII)
EXAMPLES = (".example", ".sample", ".template", ".dist")


def variables_of(data: bytes) -> dict[str, str]:
    """Return what a file of variables holds, without the quotes."""
    found = {}
    for name, value in _LINE.findall(data.decode("utf-8", "replace")):
        if value[:1] in ("'", '"') and value[-1:] == value[:1] and len(value) > 1:
            found[name] = _unescaped(value[1:-1]) if value[0] == '"' else value[1:-1]
        else:
            found[name] = re.split(r"\s#", value)[0]
    return found


def added(data: bytes, variables: Mapping[str, str]) -> bytes:
    """Return a file of variables with those that it lacks at its end; one that is empty there is filled in."""
    known = variables_of(data)
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    for name, value in variables.items():
        if name not in known:
            data += newline if data and not data.endswith((b"\n", b"\r")) else b""
            data += f"{name}={_quoted(value)}".encode() + newline
        elif value and not known[name]:
            empty = re.compile(rb"^(\s*(?:export\s+)?" + re.escape(name.encode()) + rb"\s*=)[^\r\n]*", re.MULTILINE)
            data = empty.sub(lambda line, value=value: line[1] + _quoted(value).encode(), data, count=1)  # type: ignore[misc]
        elif value and known[name] != value:
            raise Refused(f"{name} has another value already")
    return data


def _quoted(value: str) -> str:
    """Return a value as shells, compose and dotenv libraries read it alike."""
    if not value or _PLAIN.fullmatch(value):
        return value
    if "'" not in value and value.isprintable():
        return f"'{value}'"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'


def _unescaped(text: str) -> str:
    marks = {"n": "\n", "r": "\r", "t": "\t"}
    return re.sub(r"\\(.)", lambda one: marks.get(one[1], one[1]), text)


def is_ignored(root: str, path: str) -> bool:
    """Tell whether git ignores a file, so that nobody commits it; not so where there is no repository."""
    top = git.top_level(root)
    if top is None:
        return False
    try:
        return bool(git.run(["check-ignore", "--", os.path.join(root, path)], top, accept=(0, 1)))
    except ScannerError:
        return False


def example_of(root: str, path: str) -> str:
    """Return the example that documents a file of variables: the one that is there, or a new one."""
    there = [path + ending for ending in EXAMPLES if os.path.isfile(os.path.join(root, path + ending))]
    return there[0] if there else path + EXAMPLES[0]


def documented(names: Iterable[str]) -> dict[str, str]:
    """Return names without values, for an example."""
    return dict.fromkeys(sorted(set(names)), "")


def keeper(root: str, path: str) -> str:
    """Return the file that keeps values: the one for variables where git ignores it, else one out of the tree, so that
    nothing is lost and nobody commits it.
    """
    if is_ignored(root, path):
        return path
    import platformdirs

    name = f"{os.path.basename(root) or 'root'}-{zlib.crc32(os.fsencode(root)):08x}.env"
    return os.path.join(platformdirs.user_state_dir("keytrace"), "removed", name)
