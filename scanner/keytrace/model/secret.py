"""A value that nothing prints."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret value that nothing prints: no format, no log, no `dataclasses.asdict`, no `json` with `default=str`.
    Only `value` gives it away, and a copy or a pickle has it. `marker` is its public prefix, such as `ghp_`.
    """

    value: bytes
    marker: str = ""

    @property
    def redacted(self) -> str:
        """The public marker, if any, and a mask of fixed length: the secret's length stays unknown."""
        return f"{self.marker}********"

    def __str__(self) -> str:
        return self.redacted

    def __repr__(self) -> str:
        return f"Secret({self.redacted!r})"

    def __format__(self, spec: str) -> str:
        return format(self.redacted, spec)

    def __reduce__(self) -> tuple[type[Secret], tuple[bytes, str]]:
        return Secret, (self.value, self.marker)


del Secret.__dataclass_fields__  # no dataclass for those that ask: `asdict` would take it apart
