"""Writing an outcome: the values first, then their names, then the files that read them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from keytrace.errors import ScannerError
from keytrace.fixers.edits import Refused
from keytrace.fixers.environment import added, documented, example_of, keeper
from keytrace.fixers.patch import Change
from keytrace.fixers.run import Outcome
from keytrace.fixers.writing import write


@dataclass(slots=True)
class Kept:
    """What was written: the files, where the values are, and what went wrong with others."""

    files: list[str] = field(default_factory=list)
    values: str = ""
    errors: list[ScannerError] = field(default_factory=list)


def example(outcome: Outcome, root: str, env_file: str) -> Change | None:
    """Return the change of the example that documents the variables; None where it has them all."""
    path = example_of(root, env_file)
    before = _read(os.path.join(root, path))
    after = added(before or b"", documented(outcome.variables)) if outcome.variables else before
    return None if after == before or after is None else Change(path, before, after)


def keep(outcome: Outcome, root: str, env_file: str) -> Kept:
    """Write an outcome. Where the values cannot be kept, nothing is; what cannot be written else is an error."""
    kept = Kept()
    if outcome.variables:
        kept.values = keeper(root, env_file)
        _keep_values(os.path.join(root, kept.values), outcome.variables)
    changes = list(outcome.changes)
    if documentation := example(outcome, root, env_file):
        changes.insert(0, documentation)
    for change in changes:
        try:
            write(os.path.join(root, change.path), change.before, change.after)
        except ScannerError as error:
            kept.errors.append(error)
        else:
            kept.files.append(change.path)
    return kept


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
