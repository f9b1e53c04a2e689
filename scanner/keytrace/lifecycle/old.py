"""Which places still hold an old key: by its digest in an earlier inventory, or by its value, in any spelling."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from keytrace.errors import ScannerError
from keytrace.lifecycle.checks.facts import Fault
from keytrace.lifecycle.digests import Digests
from keytrace.lifecycle.key import Holds, Key, Mention, Role
from keytrace.lifecycle.reading import text_of
from keytrace.lifecycle.seen import Seen
from keytrace.lifecycle.truth import pairs, read
from keytrace.lifecycle.wording import password_in
from keytrace.model import Artifact
from keytrace.redaction.spellings import Values

_DIGEST = re.compile(r"[0-9a-f]{16}")
_SHORTEST = 8  # characters of a value that is looked for
RULE = "stale-value"
_FILE = "give the old value in a file, or on standard input: --old -"
_WORD = re.compile(rb"""[^\s"'`,;:=<>(){}\[\]@]{6,}=*""")
_SET = re.compile(rb"""[=:][ \t]*["'`]?([^\s"'`,;]{6,})""")


def wanted(given: str, digests: Digests, known: Iterable[bytes], notes: list[str]) -> frozenset[bytes]:
    """Return the values that are looked for: those in a file, or those of `known` that have a digest.

    Raise ScannerError where there are none, or where the digest is not one of this key: nothing could be said then.
    """
    if not _DIGEST.fullmatch(given) or os.path.exists(given):
        return old_values(given)
    if not digests.may_be_shown:
        raise ScannerError("there is no key for digests here", _FILE)
    if not digests.made(given):
        raise ScannerError(f"--old {given}: mistyped, or a digest that another key made than the one here", _FILE)
    number = 0
    for value in known:
        number += 1
        if found := [one for one in (value, password_in(value)) if one and digests.fits(given, one)]:
            return frozenset(found)
    notes.append(f"--old: the values, the words of the files and what git history set were compared: {number}")
    return frozenset()


def in_lines(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what lines of files set something to: once it is known what a digest is of, it is found anywhere."""
    for line in lines:
        yield from _SET.findall(line)


def in_files(artifacts: Iterable[Artifact], limit: int) -> Iterator[bytes]:
    """Yield the words of files, each once for a file: a value may stand where nothing takes it for one."""
    for artifact in artifacts:
        yield from set(_WORD.findall(text_of(artifact, limit)))


def holders(
    values: frozenset[bytes],
    groups: Mapping[str, tuple[Key, Sequence[Seen]]],
    artifacts: Iterable[Artifact],
    limit: int,
) -> Iterator[Fault]:
    """Yield each place that still holds one of the values, in any spelling."""
    if not values:
        return
    known = {one.place: (key, one) for key, group in groups.values() for one in group if one.value in values}
    for key, one in known.values():
        yield Fault(RULE, one, f"{key.name}: the old value is still here")
    for artifact in artifacts:
        for one in _in_file(artifact, values, limit):
            if one.place not in known:
                yield Fault(RULE, one, "the old value is still here")


def old_values(path: str) -> frozenset[bytes]:
    """Return the values in a file: those of its names, or its lines."""
    data = read(path)
    lines = [line.strip() for line in data.split(b"\n") if line.strip() and not line.lstrip().startswith(b"#")]
    named = [value for _, value in pairs(data, path)] if b"=" in data or b":" in data else []
    found = {password_in(value) or value for value in named or lines}
    kept = frozenset(value for value in found if len(value) >= _SHORTEST)
    if not kept:
        raise ScannerError(
            f"{path}: no value of at least {_SHORTEST} characters in it",
            "put the old key there, alone or as NAME=value",
        )
    return kept


def _in_file(artifact: Artifact, values: frozenset[bytes], limit: int) -> Iterator[Seen]:
    data, last = text_of(artifact, limit), 0
    for start, end in Values(values).spans(data) if data else ():
        line = data.count(b"\n", 0, start) + 1
        if line != last:
            last = line
            stands = data[start:end]
            yield Seen(
                artifact.provenance.path, Mention(Role.DEFINED, "", line, "code", stands, Holds.VALUE), b"", stands
            )
