"""What fixes want to know of a project: its files, and the variables that it reads and documents."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

from keytrace.errors import ScannerError
from keytrace.fixers.destinations import Destinations
from keytrace.fixers.environment import EXAMPLES, variables_of
from keytrace.fixers.kinds import COMPOSE, kind_of
from keytrace.fixers.naming import Names
from keytrace.fixers.run import Read
from keytrace.model import Report
from keytrace.sources.folder import FileArtifact
from keytrace.text.language import is_code

_WORKER = re.compile(r"(?:(?<=/)|^)wrangler\.(?:toml|jsonc?)$")
_MAIN = re.compile(rb"(?:^|[{,])[ \t]*[\"']?main[\"']?[ \t]*[=:][ \t]*[\"']([^\"'\r\n]+)", re.MULTILINE)
_OF_NODE = re.compile(  # what no Worker has without nodejs_compat
    rb"^#!|\brequire\s*\(|\bprocess\.(?:env|argv|exit|cwd)\b|\bmodule\.exports\b|['\"](?:node:[\w/]+|dotenv(?:/config)?|fs|pg)['\"]"
)
_ENV_FILE, _ENVS = (
    re.compile(  # what stands behind it, and in the lines of its list
        rb"^(?P<pad>[ \t]*)(?:[^\r\n#]*[{,][ \t]*|-[ \t]+)?[\"']?" + key + rb"[\"']?:"
        rb"(?P<files>[^\r\n]*(?:\r?\n(?:[ \t]*-|(?P=pad)[ \t]+)[^\r\n]*)*)",
        re.MULTILINE,
    )
    for key in (rb"env_file", rb"envs?")
)
_SOURCED = re.compile(
    rb"(?:(?:^|[;&|({]|\b(?:then|do))[ \t]*(?:\.|source)[ \t]+|--env-file[= ]|\bEnvironmentFile=-?)([^;&|\r\n]+)",
    re.MULTILINE,
)
_PATH = re.compile(rb"[\w.-]+(?:/[\w.-]+)*")
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
        if path.endswith(".tf") and (data := read(path)):
            names.learn_module(path, data)
        elif is_code(path) and (data := read(path)):
            names.learn(data)
    return names


def pages_of(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the folders, each with a slash, of which programs are made that browsers run, by what builds them."""
    return tuple(path.removesuffix(found[0]) for path in paths if (found := _BUILDER.search(path)))


def workers_of(paths: Iterable[str], read: Read) -> frozenset[str]:
    """Return the programs of Workers of Cloudflare that have no process.env: those below the settings of one, but for
    other packages, and for what only Node runs, unless that stands where the Worker begins.
    """
    packages = [posixpath.dirname(path) for path in paths if posixpath.basename(path) == "package.json"]
    programs = [path for path in paths if kind_of(path, b"") == "javascript"]
    found: set[str] = set()
    for path in filter(_WORKER.search, paths):
        text = read(path) or b""
        if b"nodejs_compat" not in text:
            found.update(_of_worker(path, text, programs, packages, read))
    return frozenset(found)


def _of_worker(path: str, text: bytes, programs: list[str], packages: list[str], read: Read) -> Iterator[str]:
    """Return the programs of the Worker of which these are the settings."""
    base, main = posixpath.dirname(path), _MAIN.search(text)
    start = posixpath.normpath(posixpath.join(base, main[1].decode("utf-8", "replace") if main else "index.js"))
    own = posixpath.dirname(start) if posixpath.dirname(start) != base else start
    others = [one for one in packages if one != base and _is_in(one, base) and not _is_in(start, one)]
    for one in (one for one in programs if _is_in(one, base)):
        if any(_is_in(one, other) for other in others):
            continue
        if _is_in(one, own) or not _OF_NODE.search(read(one) or b""):
            yield one


def _is_in(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")


def handed_of(paths: Iterable[str], read: Read) -> dict[str, str]:
    """Return the files of variables that compose files, Kustomize, scripts and services name, as paths from the root,
    and what reads them.
    """
    found: dict[str, str] = {}
    for path in paths:
        name = posixpath.basename(path).lower()
        if COMPOSE.fullmatch(name):
            how, files = "a compose file hands it to a container by env_file:", _listed(_ENV_FILE, read(path))
        elif name.startswith("kustomization."):
            how, files = "Kustomize makes an object of it", _listed(_ENVS, read(path))
        elif kind_of(path, b"") == "shell" or name in ("makefile", "package.json") or name.endswith(".service"):
            how, files = f"{path} reads it", _sourced(read(path))
            found.update(dict.fromkeys(map(posixpath.normpath, files), how))  # from a folder that is not known
            files += [posixpath.basename(file) for file in files]
        else:
            continue
        found.update({posixpath.normpath(posixpath.join(posixpath.dirname(path), file)): how for file in files})
    return found


def _listed(key: re.Pattern[bytes], data: bytes | None) -> list[str]:
    """Return the words behind a key of YAML and in the lines of its list."""
    return _texts(word for found in key.finditer(data or b"") for word in _WORD.findall(found["files"]))


def _sourced(data: bytes | None) -> list[str]:
    """Return what stands where a script, or a service, names a file of variables."""
    return _texts(word for rest in _SOURCED.findall(data or b"") for word in _PATH.findall(rest))


def _texts(words: Iterable[bytes]) -> list[str]:
    return [word.decode("utf-8", "replace").strip("\"'") for word in words]


def _examples(report: Report, destinations: Destinations) -> Iterable[str]:
    """Return the examples that are scanned, and those of the files that values go to."""
    files = {destinations.env_file(one.location.provenance.path) for one in report.active}
    own = {file + ending for file in files for ending in EXAMPLES}
    return sorted({path for path in report.scanned if path.endswith(EXAMPLES)} | own)
