"""Where the values of each file go: to the variables of the program that it is part of, or out of the tree."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable

from keytrace.fixers.environment import EXAMPLES, keeper, removed, variables_of
from keytrace.fixers.kinds import COMPOSE
from keytrace.names.environments import OF_DEVELOPERS, of_path

_MANIFESTS = frozenset(
    "package.json deno.json pyproject.toml setup.py setup.cfg requirements.txt Pipfile manage.py go.mod Gemfile "
    "composer.json pom.xml build.gradle build.gradle.kts Cargo.toml".split()
)
_ENV = ".env"


class Destinations:
    """The files of variables of a tree. A path is seen from its root."""

    def __init__(self, root: str, paths: Iterable[str] = (), given: str = "") -> None:
        """`paths` are the files of the tree, `given` the file of variables that the user names for all of them."""
        self.root, self._given = root, given
        self._programs = {posixpath.dirname(path) for path in paths if posixpath.basename(path) in _MANIFESTS}
        self._of_folders: dict[str, str] = {}
        self._keepers: dict[str, str] = {}  # by file of variables: git is asked once for each

    def env_file(self, path: str) -> str:
        """Return the file of variables that a program with this file reads: that beside a compose file, else the next
        one above that is there or has an example, else one beside the next manifest above, else that of the root.
        """
        if self._given:
            return self._given
        folder = posixpath.dirname(path)
        if COMPOSE.fullmatch(posixpath.basename(path).lower()):
            return posixpath.join(folder, _ENV)
        if folder not in self._of_folders:
            above = _above(folder)
            there = [*filter(self._has_variables, above), *filter(self._programs.__contains__, above), ""]
            self._of_folders[folder] = posixpath.join(there[0], _ENV)
        return self._of_folders[folder]

    def of(self, path: str) -> str:
        """Return the file that keeps the values of a path: its file of variables where git ignores that, else one out
        of the tree, from the system's root. That is also where those go that are kept apart.
        """
        file = self.env_file(path)
        return removed(self.root, posixpath.dirname(file)) if self._is_of_others(path, file) else self._keeper(file)

    def is_apart(self, path: str) -> bool:
        """Tell whether the values of a path are kept from those of its file of variables: those of production and its
        like are no developer's, but where that is a file for this environment.
        """
        return self.of(path) != self._keeper(self.env_file(path))

    @staticmethod
    def _is_of_others(path: str, file: str) -> bool:
        return of_path(path) not in {*OF_DEVELOPERS, of_path(file)}

    def _keeper(self, file: str) -> str:
        if file not in self._keepers:
            self._keepers[file] = keeper(self.root, file)
        return self._keepers[file]

    def held(self, path: str) -> dict[str, str]:
        """Return the variables of the file that the values of a path go to, and of the one in the tree that this stands
        for.
        """
        files = (self.of(path), *(() if self.is_apart(path) else (self.env_file(path),)))
        return {name: value for file in dict.fromkeys(files) for name, value in self._variables(file).items()}

    def _variables(self, path: str) -> dict[str, str]:
        try:
            with open(os.path.join(self.root, path), "rb") as stream:
                return variables_of(stream.read())
        except OSError:
            return {}

    def _has_variables(self, folder: str) -> bool:
        file = os.path.join(self.root, folder, _ENV)
        return any(os.path.isfile(file + ending) for ending in ("", *EXAMPLES))


def _above(folder: str) -> list[str]:
    """Return a folder and all those above it, the root last."""
    found = [folder]
    while found[-1]:
        found.append(posixpath.dirname(found[-1]))
    return found
