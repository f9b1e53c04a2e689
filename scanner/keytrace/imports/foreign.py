"""What a file of another scanner comes to: entries for findings, and what it passes over altogether."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha1, sha256
from typing import Any

from keytrace.errors import ScannerError
from keytrace.sources.content import TooLargeError, read_file

_MOST = 64 * 2**20  # bytes of a file; of YAML, which takes a hundred times as long to read, less
_MOST_YAML = 4 * 2**20
_PEM = re.compile(rb"-----(BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY)")
# What GitGuardian calls the parts of a credential: its digests are of the value and one of these.
_TYPES = "apikey password username host connection_uri client_secret client_id token key".split()


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was accepted. What is empty is not known, and holds for any; `digest` is that of the secret, and
    `commit` the one the line of which is meant.
    """

    path: str = ""
    line: int = 0
    digest: str = ""
    commit: str = ""
    rule: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path or "a value in any file"
        return f"{place} ({self.rule})" if self.rule else place


Passes = Callable[[str, bytes], bool]  # (path, secret) -> whether it is passed over


@dataclass(frozen=True, slots=True)
class Foreign:
    """What a file says; `notes` are on what of it cannot be honoured, or should be seen to."""

    entries: tuple[Entry, ...] = ()
    passes: Passes | None = None
    notes: tuple[str, ...] = ()


class Content:
    """A file that may be one of another scanner's: its text, and what it holds as JSON or YAML, read when asked for."""

    def __init__(self, path: str, *, root: str = "", follow: bool = True) -> None:
        """Read the file `path`; raise ScannerError. Paths in it become relative to `root`."""
        self.path, self.root = path, root.replace(os.sep, "/").rstrip("/")
        self.name = os.path.basename(path)
        try:
            data = read_file(path, _MOST, follow=follow)
            self.text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        except TooLargeError as error:
            raise ScannerError(
                f"{path}: larger than {_MOST >> 20} MB", "make a new, smaller one with its tool"
            ) from error
        except ScannerError as error:
            raise ScannerError(f"{path}: {error.message}") from error
        except OSError as error:
            raise ScannerError(f"cannot read {path}: {error.strerror or error}") from error
        except UnicodeDecodeError as error:
            raise ScannerError(f"{path}: not UTF-8 (byte {error.start})") from error

    @cached_property
    def json(self) -> Any:
        """What it holds as JSON; None where it does not look like that."""
        if self.text.lstrip()[:1] not in ("[", "{"):
            return None
        try:
            return json.loads(self.text)
        except RecursionError as error:
            raise ScannerError(f"{self.path}: nested too deeply") from error
        except ValueError as error:
            line = getattr(error, "lineno", 0)
            raise ScannerError(f"{self.path}:{line}: not valid JSON", "write it anew with the tool it is of") from error

    @cached_property
    def yaml(self) -> Any:
        """What it holds as YAML; None where its name says that it is something else."""
        if not self.name.endswith((".yaml", ".yml")):
            return None
        if len(self.text) > _MOST_YAML:
            raise ScannerError(f"{self.path}: larger than {_MOST_YAML >> 20} MB, too large for YAML")
        import yaml

        try:
            return yaml.load(self.text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe ones
        except RecursionError as error:
            raise ScannerError(f"{self.path}: nested too deeply") from error
        except (yaml.YAMLError, ValueError) as error:
            mark = getattr(error, "problem_mark", None)
            line = f":{mark.line + 1}" if mark else ""
            raise ScannerError(f"{self.path}{line}: not valid YAML") from error

    def relative(self, path: object) -> str:
        """Return a path of the file as reports have it; raise ScannerError for what is none."""
        if not isinstance(path, str):
            raise self._is_odd("a path is no text")
        name = path.replace("\\", "/")
        return name.removeprefix(f"{self.root}/" if self.root else "").removeprefix("./")

    def line(self, value: object) -> int:
        """Return a number of a line, 0 where none is told; raise ScannerError for what is none."""
        if value not in (None, "") and not str(value).isdecimal():
            raise self._is_odd("a number of a line is no number")
        return number(value)

    def tables(self, value: object, name: str) -> list[Mapping[str, Any]]:
        """Return a list of tables, none where there is none; raise ScannerError for what is no such list."""
        if value is not None and (not isinstance(value, list) or len(tables(value)) != len(value)):
            raise self._is_odd(f"'{name}' is no list of tables")
        return tables(value)

    def _is_odd(self, why: str) -> ScannerError:
        return ScannerError(f"{self.path}: {why}", "write it anew with the tool it is of")

    def lines(self) -> Iterator[str]:
        """Yield the lines that are no comments."""
        return (line.strip() for line in self.text.splitlines() if line.strip() and not line.lstrip().startswith("#"))

    def of_unknown_version(self, version: object) -> ScannerError:
        return ScannerError(f"{self.path}: version {version!s:.20} is not known", "update keytrace")


def digest_of(value: str) -> str:
    """Return what an entry keeps of a secret that stands in its file."""
    return sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def digests_of(value: bytes) -> Iterator[str]:
    """Yield each digest by which another scanner may know a secret of ours."""
    yield sha256(value).hexdigest()
    yield sha1(value, usedforsecurity=False).hexdigest()
    if begins := _PEM.match(value):  # detect-secrets keeps that of the first line
        yield sha1(begins[1], usedforsecurity=False).hexdigest()
    yield from (sha256(value + b"," + kind.encode()).hexdigest() for kind in _TYPES)


def number(value: object) -> int:
    """Return a number of a line, 0 for what is none."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def tables(value: object) -> list[Mapping[str, Any]]:
    """Return what of a list are tables."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def globs(patterns: Iterable[str]) -> Passes | None:
    """Return what passes over paths that match patterns in the syntax of .gitignore."""
    from keytrace.sources.ignore import Patterns

    known = Patterns("\n".join(patterns).encode(), "")
    return (lambda path, _: known.match(f"/{path}", False) is True) if known else None


def regexes(paths: Iterable[str] = (), values: Iterable[str] = ()) -> tuple[Passes | None, list[str]]:
    """Return what passes over paths and secrets in which a regex is found, and notes on those that are none."""
    from keytrace.match.patterns import MATCH_TIMEOUT, compile_pattern, compile_text_pattern

    odd: list[str] = []

    def compiled(sources: Iterable[str], compiler: Callable[[str], Any]) -> list[Any]:
        patterns = []
        for source in filter(None, sources):
            try:
                patterns.append(compiler(source))
            except ValueError:
                odd.append(source)
        return patterns

    on_paths, on_values = compiled(paths, compile_text_pattern), compiled(values, compile_pattern)

    def passes(path: str, value: bytes) -> bool:
        return any(one.search(path, timeout=MATCH_TIMEOUT) for one in on_paths) or any(
            one.search(value, timeout=MATCH_TIMEOUT) for one in on_values
        )

    notes = [f"{len(odd)} of its regexes are not understood"] if odd else []
    return (passes if on_paths or on_values else None), notes
