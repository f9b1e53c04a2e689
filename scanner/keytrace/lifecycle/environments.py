"""Which environment a place is for: as the user says, as its file says, by the path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keytrace.lifecycle.key import Mention, Role
from keytrace.names.environments import canonical, of_path


class Environments:
    """The environments of places, with what the user says of paths."""

    def __init__(self, told: Mapping[str, Sequence[str]]) -> None:
        """`told` are patterns of paths, as in .gitignore, by the environment they are for."""
        from pathspec import GitIgnoreSpec

        self._told = [(name, GitIgnoreSpec.from_lines(patterns)) for name, patterns in told.items()]

    def of(self, path: str, mention: Mention, by: str = "") -> str:
        """Return the environment of a mention, empty where it is of none or of all; `by` is what hands on its file."""
        for name, spec in self._told:
            if spec.match_file(path) or (by and spec.match_file(by)):
                return name
        if mention.environment:
            return canonical(mention.environment)
        if mention.role is not Role.DEFINED or mention.form == "code":
            return ""
        return of_path(by) or of_path(path)
