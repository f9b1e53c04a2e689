"""Writing an outcome: the values first, then their names, then the files that read them."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass, field

from keytrace.errors import ScannerError
from keytrace.fixers.destinations import Destinations
from keytrace.fixers.edits import Refused
from keytrace.fixers.environment import added, documented, example_of, is_outside, leads_elsewhere
from keytrace.fixers.patch import Change
from keytrace.fixers.run import Outcome
from keytrace.fixers.writing import check, write


@dataclass(slots=True)
class Kept:
    """What was written: the files, where the values are, and what went wrong with others."""

    files: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)  # with those of production and its like
    errors: list[ScannerError] = field(default_factory=list)


def changes_of(outcome: Outcome, destinations: Destinations, without: Collection[str] = ()) -> list[Change]:
    """Return what is to be written but the values: first the examples with the names of the variables, where they lack
    some and are no links, then the files that read them; not those `without`, nor what only they read.
    """
    changes = {change.path: change for change in outcome.changes if change.path not in without}
    examples: list[Change] = []
    for file, variables in outcome.variables(destinations.env_file, without).items():
        path = example_of(destinations.root, file)
        if leads_elsewhere(destinations.root, path):
            continue
        own = changes.get(path)
        before = own.before if own else _read(os.path.join(destinations.root, path))
        after = added(own.after if own else before or b"", documented(variables))
        if after != before:
            examples.append(Change(path, before, after))
            changes.pop(path, None)
    return [*examples, *sorted(changes.values(), key=lambda change: change.path)]


def keep(outcome: Outcome, destinations: Destinations) -> Kept:
    """Write an outcome. Where the values cannot be kept, nothing is; what cannot be written else is an error, and the
    values that only it would have read are not kept either.
    """
    kept, root = Kept(), destinations.root
    locked = [change.path for change in outcome.changes if not _may_be_written(change, root, kept)]
    changes = changes_of(outcome, destinations, locked)
    values = outcome.variables(destinations.of, locked)
    new = [_with_values(os.path.join(root, file), variables) for file, variables in values.items()]
    for path, before, after in new:
        if after != before:
            write(path, before, after, private=True)
    _write_changes(changes, root, kept)
    if unread := {change.path for change in changes}.difference(kept.files):
        values = outcome.variables(destinations.of, [*locked, *unread])
        needed = {os.path.join(root, file): variables for file, variables in values.items()}
        for path, before, after in new:
            _take_back(path, before, after, needed.get(path, {}), kept)
    apart = {destinations.of(path) for path in outcome.edited if destinations.is_apart(path)}
    kept.values, kept.apart = [file for file in values if file not in apart], sorted(apart & values.keys())
    return kept


def _write_changes(changes: Collection[Change], root: str, kept: Kept) -> None:
    for change in changes:
        try:
            write(os.path.join(root, change.path), change.before, change.after)
        except ScannerError as error:
            kept.errors.append(error)
        else:
            kept.files.append(change.path)


def _take_back(path: str, before: bytes | None, after: bytes, needed: dict[str, str], kept: Kept) -> None:
    """Leave of the values that were written into a file only those that are needed."""
    try:
        wanted = added(before or b"", needed) if needed else before
        if wanted is None:
            os.unlink(path)
        elif wanted != after:
            write(path, after, wanted, private=True)
    except (ScannerError, OSError):
        kept.errors.append(ScannerError(f"{path} holds values of what could not be written", "look at it"))


def _may_be_written(change: Change, root: str, kept: Kept) -> bool:
    """Tell whether a change can be made, before anything is written for it."""
    try:
        if is_outside(root, change.path):
            raise ScannerError(f"{change.path} leads out of the tree", "it was not touched")
        check(os.path.join(root, change.path), change.before)
    except ScannerError as error:
        kept.errors.append(error)
        return False
    return True


def _with_values(path: str, variables: dict[str, str]) -> tuple[str, bytes | None, bytes]:
    """Return a file of variables as it is and as it is to be; there is a folder for it then."""
    before = _read(path)
    try:
        after = added(before or b"", variables)
    except Refused as refused:
        raise ScannerError(f"{path}: {refused}", "nothing was written; use another one with --env-file") from refused
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    except OSError as error:
        raise ScannerError(f"cannot write {path}: {error.strerror}", "nothing was written") from error
    return path, before, after


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ScannerError(f"cannot read {path}: {error.strerror}", "nothing was written") from error
