"""Where values go: a file of variables that git ignores, and their names into the example beside it."""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterable, Mapping

from keytrace import git
from keytrace.errors import ScannerError
from keytrace.fixers.edits import Refused
from keytrace.fixers.kinds import kind_of

_LINE = re.compile(r"^\s*(?:export\s+)?([\w.-]+)\s*=(.*?)\s*$", re.MULTILINE)
_QUOTED = re.compile(r"""[ \t]*(?:"(?:\\.|[^"\\])*"|'[^']*')(?=\s*(?:#|$))""")
_EMPTY = rb"(?:[ \t]*(?:''|\"\"))?(?:[ \t]*(?=[\r\n]|\Z)|(?=[ \t]+#))"
_PLAIN = re.compile(r"[\w./+=:@%~^,-]+", re.ASCII)
EXAMPLES = (".example", ".sample", ".template", ".dist")


def variables_of(data: bytes) -> dict[str, str]:
    """Return what a file of variables holds, without the quotes."""
    found = {}
    for name, value in _LINE.findall(data.decode("utf-8", "replace")):
        source = source_of(value)
        if source[:1] == '"' == source[-1:] and len(source) > 1:
            found[name] = _unescaped(source[1:-1])
        else:
            found[name] = source[1:-1] if source[:1] == "'" == source[-1:] and len(source) > 1 else source
    return found


def source_of(text: str) -> str:
    """Return what of the text behind the equals sign is the value, with its quotes: without blanks and a comment."""
    quoted = _QUOTED.match(text)
    return quoted[0].strip() if quoted else re.split(r"(?:^|\s)\s*#", text.rstrip())[0].strip()


def added(data: bytes, variables: Mapping[str, str]) -> bytes:
    """Return a file of variables with those that it lacks at its end; one that is empty there is filled in."""
    known = variables_of(data)
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    for name, value in variables.items():
        if name not in known:
            data += newline if data and not data.endswith((b"\n", b"\r")) else b""
            data += f"{name}={_quoted(value)}".encode() + newline
        elif value and not known[name]:
            empty = re.compile(rb"^(\s*(?:export\s+)?" + re.escape(name.encode()) + rb"\s*=)" + _EMPTY, re.MULTILINE)
            data, filled = empty.subn(lambda line, value=value: line[1] + _quoted(value).encode(), data, count=1)  # type: ignore[misc]
            if not filled:
                raise Refused(f"{name} is there in an unusual way")
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


def is_kept(name: str, value: str) -> bool:
    """Tell whether all who read a line written for a value come to that value: readers differ in their escapes."""
    line = added(b"", {name: value})
    if variables_of(line) != {name: value}:
        return False
    kind = line.partition(b"=")[2][:1]
    if kind == b"'":
        return "\\\\" not in value and not value.endswith("\\")
    return kind != b'"' or not re.search(r'[\\$`"]', value)


def _unescaped(text: str) -> str:
    marks = {"n": "\n", "r": "\r", "t": "\t"}
    return re.sub(r"\\(.)", lambda one: marks.get(one[1], one[1]), text)


def place_of(root: str, given: str) -> str:
    """Return a file for values as seen from `root`; raise ScannerError where it cannot be one."""
    path = os.path.relpath(os.path.abspath(given), root)
    if kind_of(path, b"") != "dotenv" or path.endswith(EXAMPLES) or os.path.isdir(given):
        raise ScannerError(f"--env-file {given}: that is no name of a file of variables", "such as .env or local.env")
    if leads_elsewhere(root, path):
        raise ScannerError(f"--env-file {given}: it is a link, or out of the tree", f"name a file in {root}")
    return path


def leads_elsewhere(root: str, path: str) -> bool:
    """Tell whether a path from `root` leads out of it, or through a link."""
    top = os.path.realpath(root)
    real = os.path.realpath(os.path.join(top, path))
    return real != os.path.normpath(os.path.join(top, path)) or is_outside(root, path)


def is_outside(root: str, path: str) -> bool:
    """Tell whether what a path from `root` leads to lies out of it."""
    top = os.path.realpath(root)
    return os.path.commonpath([top, os.path.realpath(os.path.join(top, path))]) != top


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
    """Return the file that keeps values: the one for variables where git ignores it and it is no link, else one out of
    the tree, so that nothing is lost and nobody commits it.
    """
    if is_ignored(root, path) and not leads_elsewhere(root, path):
        return path
    return removed(root, os.path.dirname(path))


def removed(root: str, folder: str = "") -> str:
    """Return the file out of the tree for what was taken out of one of its folders."""
    import platformdirs

    path = os.path.normpath(os.path.join(root, folder))
    name = f"{os.path.basename(path) or 'root'}-{zlib.crc32(os.fsencode(path)):08x}.env"
    return os.path.join(platformdirs.user_state_dir("keytrace"), "removed", name)
