"""How bad a finding is, and how sure: two things, never mixed."""

from __future__ import annotations

from enum import IntEnum


class Severity(IntEnum):
    """How bad it is if the finding is real."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        return self.name.lower()


class Confidence(IntEnum):
    """How sure we are that the finding is real."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def label(self) -> str:
        return self.name.lower()
