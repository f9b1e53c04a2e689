"""The values that are in use, as stores of secrets export them: digested at once, and never kept.

dotenv; JSON of `vault kv get -format=json`, `aws secretsmanager get-secret-value`, `doppler secrets download`, or any
object of names and values; `kubectl get secret -o yaml` or json.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from keytrace.errors import ScannerError, suggest
from keytrace.lifecycle.definitions import dotenv, kubernetes
from keytrace.lifecycle.definitions.tree import BrokenError
from keytrace.lifecycle.digests import Digests
from keytrace.lifecycle.wording import identity_of, password_in
from keytrace.names.environments import PRODUCTION, canonical, of_path

_MOST = 2**24
_HOW = "it takes dotenv, JSON of Vault, AWS, Doppler or of names and values, and Secrets of Kubernetes"
_DEEPEST = 6
_KNOWN = ("computed", "raw", "value")  # of Doppler's and others' records of a value


@dataclass(frozen=True, slots=True)
class Truth:
    """The digests of the values of names in an environment."""

    environment: str
    values: dict[tuple[str, ...], frozenset[str]]


def load_truths(given: Sequence[str], digests: Digests, known: Collection[str]) -> list[Truth]:
    """Return what each of FILE, ENVIRONMENT=FILE holds; raise ScannerError for an environment that is not `known`."""
    truths = [load_truth(one, digests) for one in given]
    for one, truth in zip(given, truths, strict=True):
        if "=" in one and truth.environment not in known:
            hint = suggest(truth.environment, known) or f"their environments: {', '.join(sorted(known)) or 'none'}"
            raise ScannerError(f"--truth {one}: no key is in an environment called {truth.environment}", hint)
    return truths


def load_truth(given: str, digests: Digests) -> Truth:
    """Return what FILE, ENVIRONMENT=FILE or - (standard input) holds; raise ScannerError where that is nothing."""
    label, separator, path = given.partition("=")
    if not separator:
        label, path = "", given
    values: dict[tuple[str, ...], set[str]] = {}
    for name, value in pairs(read(path), path):
        for one in {value, password_in(value) or value}:
            values.setdefault(identity_of(name), set()).add(digests.of(one))
    if not values:
        raise ScannerError(f"{path}: no names and values in it", _HOW)
    environment = canonical(label) or of_path(path) or PRODUCTION
    return Truth(environment, {words: frozenset(found) for words, found in values.items()})


def read(path: str) -> bytes:
    """Return the content of a file or of standard input."""
    try:
        if path == "-":
            return sys.stdin.buffer.read(_MOST)
        with open(path, "rb") as file:
            return file.read(_MOST)
    except OSError as error:
        raise ScannerError(f"{path}: {error.strerror}", _HOW) from error


def pairs(data: bytes, path: str) -> Iterator[tuple[str, bytes]]:
    """Yield the names and values of an export."""
    if data.lstrip().startswith((b"{", b"[")):
        try:
            content = json.loads(data)
        except ValueError as error:
            raise ScannerError(f"{path}: no valid JSON", _HOW) from error
        if not (isinstance(content, dict) and "kind" in content):
            yield from _of_json(content, 0)
            return
    if kubernetes.claims("secret.yaml", data):
        try:
            found = list(kubernetes.read("secret.yaml", data))
        except BrokenError as error:
            raise ScannerError(f"{path}: line {error.line} is no valid YAML", _HOW) from error
    else:
        found = list(dotenv.read(".env", data))
    yield from ((one.name, one.value) for one in found if one.value)


def _of_json(content: Any, depth: int) -> Iterator[tuple[str, bytes]]:
    for name, value in content.items() if isinstance(content, dict) and depth < _DEEPEST else ():
        if name == "SecretString" and isinstance(value, str):
            yield from _of_string(value, str(content.get("Name", "")))
        elif isinstance(value, str):
            yield str(name), value.encode("utf-8", "surrogateescape")
        elif isinstance(value, dict):
            own = next((value[key] for key in _KNOWN if isinstance(value.get(key), str)), None)
            if own is not None:
                yield str(name), own.encode("utf-8", "surrogateescape")
            else:
                yield from _of_json(value, depth + 1)


def _of_string(text: str, name: str) -> Iterator[tuple[str, bytes]]:
    """Yield what a secret of AWS holds: an object of several, or one value under its own name."""
    try:
        content = json.loads(text)
    except ValueError:
        content = None
    if isinstance(content, dict):
        yield from _of_json(content, 1)
    else:
        yield name.rpartition("/")[2], text.encode("utf-8", "surrogateescape")
