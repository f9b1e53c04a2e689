"""What is done of a fleet: a file for each repository, written aside and renamed. It holds what reports hold."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from keytrace import git
from keytrace.cache import results, shipped
from keytrace.cache.atomic import write_text
from keytrace.errors import ScannerError
from keytrace.fleet.repositories import Repository
from keytrace.fleet.work import Outcome, Plan, config_of
from keytrace.version import __version__


class State:
    """Outcomes in a folder, by repository, commits and settings."""

    def __init__(self, folder: str, plan: Plan) -> None:
        self._folder = Path(folder)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ScannerError(f"cannot make the folder {folder}: {error.strerror}", "--state names another") from error
        self._plan = results.digest(
            __version__, shipped.stamp(), plan.history, plan.inventory, plan.trust, plan.key, _settings(plan)
        )
        self._files: dict[Repository, Path] = {}

    def done(self, repository: Repository) -> Outcome | None:
        """Return the outcome of a repository that was scanned to its end, with these commits and settings."""
        outcome = _read(self._file(repository))
        return replace(outcome, name=repository.name) if outcome and outcome.is_final else None

    def keep(self, repository: Repository, outcome: Outcome) -> None:
        with write_text(str(self._file(repository)), private=True) as stream:
            json.dump(asdict(outcome), stream)

    def has(self, repository: Repository) -> bool:
        """Tell whether there is an outcome, be it a failure."""
        return self._file(repository).exists()

    def _file(self, repository: Repository) -> Path:
        """Return where its outcome is kept: by the commits that it has when this is asked first."""
        if repository not in self._files:
            name = results.digest(self._plan, *_standing(repository)).hex()
            self._files[repository] = self._folder / f"{name}.json"
        return self._files[repository]

    def outcomes(self) -> Iterator[Outcome]:
        """Yield what is kept of all repositories that were asked for, in that order."""
        for path in self._files.values():
            if outcome := _read(path):
                yield outcome


def _read(path: Path) -> Outcome | None:
    with suppress(OSError, ValueError, TypeError):
        return Outcome(**json.loads(path.read_text(encoding="utf-8", errors="surrogateescape")))
    return None


def _settings(plan: Plan) -> bytes:
    """Return a digest of what holds in a repository without settings of its own."""
    return results.digest(config_of(plan, os.devnull), plan.config)


def _standing(repository: Repository) -> tuple[str, ...]:
    """Return what tells that a repository is as it was: where its refs are; of a remote one only its name is known."""
    refs = ""
    if not repository.is_remote:
        with suppress(ScannerError):
            where = git.run(["for-each-ref", "--format=%(objectname) %(refname)"], repository.place)
            refs = f"{git.head(repository.place)} {where.decode('utf-8', 'replace')}"
    return repository.place, repository.name, refs
