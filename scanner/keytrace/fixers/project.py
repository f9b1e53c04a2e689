"""What fixes want to know of a project: its files, and the variables that it reads and documents."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from keytrace.errors import ScannerError
from keytrace.fixers.destinations import Destinations
from keytrace.fixers.environment import EXAMPLES, variables_of
from keytrace.fixers.kinds import COMPOSE
from keytrace.fixers.naming import Names
from keytrace.fixers.run import Read
from keytrace.model import Report
from keytrace.sources.folder import FileArtifact
from keytrace.text.language import is_code

_WORKER = re.compile(r"(?:(?<=/)|^)wrangler\.(?:toml|jsonc?)$")
_ENV_FILE = re.compile(  # what stands behind it, and in the lines of its list
    rb"^(?P<pad>[ \t]*)[\"']?env_file[\"']?:(?P<files>[^\r\n]*(?:\r?\n(?:[ \t]*-|(?P=pad)[ \t]+)[^\r\n]*)*)",
    re.MULTILINE,
)
_WORD = re.compile(rb"[^\s\"',\[\]{}]+")
_BUILDER = re.compile(r"(?:(?<=/)|^)(?:vite\.config\.[cm]?[jt]s|angular\.json|svelte\.config\.js|vue\.config\.js)$")


def reader_of(root: str, limit: int) -> Read:
    """Return what reads a file below `root`, or answers None."""

    def read(path: str) -> bytes | None:
        try:
            return FileArtifact(root, path, explicit=True).read(limit)
        except (OSError, ScannerError):
            return None

    return read


def names_of(report: Report, read: Read, destinations: Destinations) -> Names:
    """Return the variables that a project has: of its examples, and those that its programs read."""
    names = Names(destinations=destinations)
    if not report.active:
        return names
    names.learn_all(variables_of(read(path) or b"") for path in _examples(report, destinations))
    for path in report.scanned:
        if is_code(path) and (data := read(path)):
            names.learn(data)
        elif path.endswith(".tf") and (data := read(path)):
            names.learn_module(path, data)
    return names


def pages_of(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the folders, each with a slash, of which programs are made that browsers run, by what builds them."""
    return tuple(path.removesuffix(found[0]) for path in paths if (found := _BUILDER.search(path)))


def workers_of(paths: Iterable[str], read: Read) -> tuple[str, ...]:
    """Return the folders, each with a slash, of which Workers of Cloudflare are made that have no process.env."""
    found = ((path, _WORKER.search(path)) for path in paths)
    return tuple(
        path.removesuffix(name[0]) for path, name in found if name and b"nodejs_compat" not in (read(path) or b"")
    )


def handed_of(paths: Iterable[str], read: Read) -> frozenset[str]:
    """Return the files that compose files name by `env_file:`, as paths from the root."""
    composing = (path for path in paths if COMPOSE.fullmatch(posixpath.basename(path).lower()))
    return frozenset(
        posixpath.normpath(posixpath.join(posixpath.dirname(path), word.decode("utf-8", "replace")))
        for path in composing
        for found in _ENV_FILE.finditer(read(path) or b"")
        for word in _WORD.findall(found["files"])
    )


def _examples(report: Report, destinations: Destinations) -> Iterable[str]:
    """Return the examples that are scanned, and those of the files that values go to."""
    files = {destinations.env_file(one.location.provenance.path) for one in report.active}
    own = {file + ending for file in files for ending in EXAMPLES}
    return sorted({path for path in report.scanned if path.endswith(EXAMPLES)} | own)
