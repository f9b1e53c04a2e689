"""What a scan comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from keytrace.model.found import Finding
from keytrace.model.rules import Rule


@dataclass(frozen=True, slots=True)
class ScanError:
    """Something that could not be scanned: a value in the report, never an exception across processes.

    `file` is the path of the archive that is there, empty where `path` is that of no member.
    """

    path: str
    message: str
    file: str = ""


class Reason(StrEnum):
    """Why something was not scanned, or not all of it."""

    GITIGNORE = ".gitignore"  # or .git/info/exclude, or the user's own file of that kind
    KEYTRACEIGNORE = ".keytraceignore"
    EXCLUDE = "exclude"  # the configuration or the command line
    NESTED = ".gitignore of a nested repository"
    METADATA = "version control's own folder"
    BINARY = "binary"  # searched for formats with a marker, not for names and values
    COMPRESSED = "compressed"  # searched as binary, not what it unpacks to: PDF, 7z, archives that were not opened
    ENCRYPTED = "encrypted"  # a member of an archive
    BINARY_PATCH = "binary file in a patch"
    TOO_LARGE = "too large"
    LINK = "symbolic link"  # that leads out of what is scanned, or nowhere; its target's name was looked at
    LINK_WITHIN = "symbolic link within the scan"
    SPECIAL = "special file"  # FIFO, socket, device
    UNREADABLE = "unreadable"


OWN_REASONS = frozenset({Reason.GITIGNORE, Reason.KEYTRACEIGNORE, Reason.EXCLUDE, Reason.LINK_WITHIN})


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not scanned, or a folder and all in it: its path ends in a slash. `named`: by the user."""

    path: str
    reason: Reason
    named: bool = False


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a scan covered. Sizes in bytes; `skipped` is the number of files and folders left out, by reason."""

    files: int = 0
    members: int = 0  # of archives
    bytes: int = 0
    binary_files: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    hidden_findings: int = 0  # below the thresholds of severity or confidence
    not_live: int = 0  # findings that --only-live leaves out
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a scan. `root` is the absolute path that relative paths start from, `shown_root` the same as it may
    be shown: without secrets, like all other paths and texts.
    """

    root: str = field(repr=False)
    findings: tuple[Finding, ...]
    errors: tuple[ScanError, ...] = ()
    rules: Sequence[Rule] = ()
    statistics: Statistics = Statistics()
    notes: tuple[str, ...] = ()
    stopped_by: int = 0  # the signal that stopped the scan before its end; 0: it came to its end
    shown_root: str = ""  # empty: as `root`
    scanned: frozenset[str] = frozenset()  # the paths of which every line was scanned by every rule
    skipped: tuple[Skipped, ...] = ()

    @property
    def active(self) -> tuple[Finding, ...]:
        """The findings that count."""
        return tuple(finding for finding in self.findings if finding.suppression is None)

    @property
    def suppressed(self) -> tuple[Finding, ...]:
        """The findings that are known and do not count."""
        return tuple(finding for finding in self.findings if finding.suppression is not None)

    @property
    def is_complete(self) -> bool:
        """All was looked at but what the user's own ignore files name."""
        return not self.errors and all(one.reason in {*OWN_REASONS, Reason.BINARY} for one in self.skipped)

    @property
    def exit_code(self) -> int:
        """0 clean, 1 active findings, 3 no findings but something could not be scanned, 128 and more: by a signal."""
        if self.stopped_by:
            return 128 + self.stopped_by
        if self.active:
            return 1
        return 3 if self.errors else 0
