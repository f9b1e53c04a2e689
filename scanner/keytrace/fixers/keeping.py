"""Writing an outcome: the values first, then their names, then the files that read them."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass, field

from keytrace.errors import ScannerError
from keytrace.fixers.edits import Refused
from keytrace.fixers.environment import (
    added,
    documented,
    elsewhere,
    example_of,
    is_outside,
    keeper,
    leads_elsewhere,
    removed,
)
from keytrace.fixers.patch import Change
from keytrace.fixers.run import Outcome
from keytrace.fixers.writing import check, write


@dataclass(slots=True)
class Kept:
    """What was written: the files, where the values are, and what went wrong with others."""

    files: list[str] = field(default_factory=list)
    values: str = ""
    apart: str = ""  # the file with the values of production and its like
    errors: list[ScannerError] = field(default_factory=list)


def changes_of(outcome: Outcome, root: str, env_file: str, without: Collection[str] = ()) -> list[Change]:
    """Return what is to be written but the values: first the example with the names of the variables, where it lacks
    some and is no link, then the files that read them; not those `without`, nor what only they read.
    """
    path = example_of(root, env_file)
    changes = [change for change in outcome.changes if change.path not in without]
    others = sorted((change for change in changes if change.path != path), key=lambda change: change.path)
    own = [change for change in changes if change.path == path]
    variables = outcome.variables(lambda path: path not in without)
    if not variables or leads_elsewhere(root, path):
        return [*own, *others]
    before = own[0].before if own else _read(os.path.join(root, path))
    after = added(own[0].after if own else before or b"", documented(variables))
    return [Change(path, before, after), *others] if after != before else others


def keep(outcome: Outcome, root: str, env_file: str) -> Kept:
    """Write an outcome. Where the values cannot be kept, nothing is; what cannot be written else is an error."""
    kept = Kept()
    locked = [change.path for change in outcome.changes if not _may_be_written(change, root, kept)]
    changes = changes_of(outcome, root, env_file, locked)
    values = keeper(root, env_file)
    away = elsewhere(root, env_file, values)
    if own := outcome.variables(lambda path: path not in locked and not away(path)):
        kept.values = values
        _keep_values(os.path.join(root, kept.values), own)
    if others := outcome.variables(lambda path: path not in locked and bool(away(path))):
        kept.apart = removed(root)
        _keep_values(kept.apart, others)
    for change in changes:
        try:
            write(os.path.join(root, change.path), change.before, change.after)
        except ScannerError as error:
            kept.errors.append(error)
        else:
            kept.files.append(change.path)
    return kept


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


def _keep_values(path: str, variables: dict[str, str]) -> None:
    before = _read(path)
    try:
        after = added(before or b"", variables)
    except Refused as refused:
        raise ScannerError(f"{path}: {refused}", "nothing was written; use another one with --env-file") from refused
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    except OSError as error:
        raise ScannerError(f"cannot write {path}: {error.strerror}", "nothing was written") from error
    if after != before:
        write(path, before, after, private=True)


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ScannerError(f"cannot read {path}: {error.strerror}", "nothing was written") from error
