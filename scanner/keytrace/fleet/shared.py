"""What several repositories share: a file of the same name and content is scanned once, whoever has it.

What is kept of it is what the cache of results keeps: that there is nothing to tell. A repository takes that for its
own file only where the content on its disk is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from keytrace.cache import results
from keytrace.config import Config
from keytrace.engine import Setup
from keytrace.errors import ScannerError
from keytrace.fleet.checkout import files
from keytrace.fleet.repositories import Repository
from keytrace.fleet.work import Plan, Shared, config_of
from keytrace.sources.ignore import own_ignores

_BATCH = 16  # files
_CONFIGURATIONS = {"keytrace.toml", "pyproject.toml", ".gitleaks.toml"}

Task = tuple[Setup, str, list[Shared]]
Known = dict[int, tuple[bytes, bytes]]  # by number: what the cache of results has of it


class SharedContent:
    """Which files repositories share; a number stands for path, content and the settings that hold there."""

    def __init__(self, plan: Plan, repositories: Iterable[Repository]) -> None:
        self._plan = plan
        self._owners: dict[int, str] = {}  # the first repository that has it
        self._shared: set[int] = set()
        self._repositories = [one for one in repositories if not one.is_remote]
        self._configs: dict[str, Config | None] = {}
        self.known: Known = {}
        for one in self._repositories:
            for file in self._files(one):
                if self._owners.setdefault(file.number, one.place) != one.place:
                    self._shared.add(file.number)

    def tasks(self) -> Iterator[Task]:
        """Yield what `work.look` is to be called with, so that all that is shared is scanned once."""
        for one in self._repositories:
            config = self._config(one)
            ignores = own_ignores(one.place, config.exclude, trust_repo=config.trust_repo) if config else None
            own = [
                file for file in self._files(one)
                if file.number in self._shared and self._owners[file.number] == one.place
                and ignores and not ignores.covers(one.place, file.path, False)
            ]  # fmt: skip
            for at in range(0, len(own), _BATCH):
                assert config
                yield config.setup(), one.place, own[at : at + _BATCH]

    def of(self, repository: Repository) -> dict[bytes, bytes]:
        """Return what is known of the files of a repository."""
        if repository.is_remote or not self.known:
            return {}
        found = (self.known.get(file.number) for file in self._files(repository))
        return dict(one for one in found if one is not None)

    def _files(self, repository: Repository) -> Sequence[Shared]:
        config = self._config(repository)
        if config is None:
            return ()
        try:
            listed = list(files(repository.place))
        except ScannerError:
            return ()  # whoever scans it says why
        if repository.is_bare and self._plan.trust and not _CONFIGURATIONS.isdisjoint(path for path, _ in listed):
            return ()  # its settings are not known yet
        mark = results.digest(config.setup())
        return [Shared(hash((mark, path, blob)), path, blob) for path, blob in listed]

    def _config(self, repository: Repository) -> Config | None:
        """Return the configuration of a repository, None where there is none to be had."""
        place = repository.place
        if place not in self._configs:
            try:
                self._configs[place] = config_of(self._plan, place)
            except ScannerError:
                self._configs[place] = None  # whoever scans it says why
        return self._configs[place]
