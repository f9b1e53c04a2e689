"""Which repositories are meant: folders, bare mirrors and git URLs, named one by one or in a list."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from keytrace import git
from keytrace.errors import ScannerError, suggest
from keytrace.redaction.addresses import without_user
from keytrace.redaction.texts import safe
from keytrace.text.encoding import decode

_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_LARGEST = 64 * 2**20  # bytes of a list
_LISTS = "it holds folders, bare mirrors and git URLs, one a line"
_URL = re.compile(r"[a-z][a-z0-9+.-]*://.|[\w.-]+@[\w.-]+:.|[\w.-]{2,}:(?!//|\\|:).")  # the last two as ssh takes them


@dataclass(frozen=True, slots=True)
class Repository:
    """What is scanned as one: `name` is how it is shown, without user and password; `place` a folder, or what git
    clones from.
    """

    name: str
    place: str
    is_remote: bool = False

    @property
    def is_bare(self) -> bool:
        """Tell whether it is a repository without files beside it."""
        return not self.is_remote and is_bare(self.place)


def named(given: Iterable[str], stdin: BinaryIO | None) -> list[Repository]:
    """Return the repositories that are named, each once: a file, and `-` for standard input, is a list of them, one a
    line. Raise ScannerError for a name that is none, a list that cannot be read, and where there is nothing.
    """
    found: dict[str, Repository] = {}
    for name in given:
        for line in _listed(name, stdin):
            one = _repository(line)
            found.setdefault(one.place, one)
    if not found:
        raise ScannerError("no repository is named", "keytrace fleet --help shows how")
    return list(found.values())


def _listed(name: str, stdin: BinaryIO | None) -> list[str]:
    if name == "-":
        return _lines(stdin.read() if stdin else b"", "standard input")
    if os.path.exists(name) and not os.path.isdir(name):
        try:
            with open(name, "rb") as file:
                return _lines(file.read(_LARGEST + 1), name)
        except OSError as error:
            raise ScannerError(f"cannot read the list {name}: {error.strerror}") from error
    if not os.path.lexists(os.path.expanduser(name)) and not _URL.match(name):
        raise ScannerError(f"no such file or folder: {name}", _near(name) or f"name a repository, or a list; {_LISTS}")
    return [name]


def _near(path: str) -> str:
    folder, name = os.path.split(path)
    with suppress(OSError):
        return suggest(name, os.listdir(folder or os.curdir))
    return ""


def _lines(content: bytes, name: str) -> list[str]:
    """Return what a list names, also one in UTF-16, or with NULs between the names."""
    text = decode(content) if b"\0" in content else content.removeprefix(b"\xef\xbb\xbf")
    if text is None or len(content) > _LARGEST or any(map(_CONTROL.search, text.splitlines())):
        why = "it is binary" if len(content) <= _LARGEST else "it is larger than 64 MiB"
        raise ScannerError(f"{name} is no list of repositories: {why}", f"a list is text; {_LISTS}")
    lines = (os.fsdecode(line).strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def missing(repository: Repository) -> ScannerError:
    """Return what is wrong with a repository that is not there."""
    name = repository.name
    is_quoted = name[:1] in "\"'" or name[-1:] in "\"'"
    hint = "leave out the quotes" if is_quoted else "a comment stands on a line of its own" if "#" in name else ""
    return ScannerError(f"there is no such folder: {repository.place}", hint)


def _repository(name: str) -> Repository:
    if not os.path.lexists(name) and _URL.match(name):
        return Repository(_shown(name), name, is_remote=True)
    return Repository(safe(name.rstrip("/") or name), os.path.abspath(os.path.expanduser(name)))


def _shown(url: str) -> str:
    """Return a URL without user, password, query and fragment."""
    return safe(re.split("[?#]", without_user(url))[0])


def is_bare(folder: str) -> bool:
    """Tell whether a folder is a repository itself."""
    return all(os.path.exists(os.path.join(folder, name)) for name in ("HEAD", "objects", "refs"))


def mirrored(repository: Repository, mirror: str) -> str:
    """Clone a repository into a new folder as a bare mirror, and return that; raise ScannerError when git cannot."""
    try:
        git.clone(repository.place, mirror)
    except ScannerError as error:
        said = error.message.replace(repository.place, repository.name)
        raise ScannerError(safe(said), error.hint) from None
    return mirror
