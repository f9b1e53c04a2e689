"""The one exception a user may see: what went wrong and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable


class ScannerError(Exception):
    """The user must act: bad usage, configuration, rule file, path or git revision (exit code 2)."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def one_line(self) -> str:
        """Message and hint, for a list of errors."""
        return f"{self.message}; {self.hint}" if self.hint else self.message

    def __reduce__(self) -> tuple[type[ScannerError], tuple[str, str]]:
        return type(self), (self.message, self.hint)


class Stopped(BaseException):
    """A signal asked us to end: SIGTERM or SIGHUP; SIGINT is a KeyboardInterrupt."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def suggest(word: str, known: Iterable[str]) -> str:
    """Return "did you mean 'x'?" for the nearest known word, or an empty string."""
    import difflib

    nearest = difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean '{nearest[0]}'?" if nearest else ""
