"""The vocabulary of keytrace: frozen types shared by every stage of the pipeline.

    source -> artifact -> document -> analyzer -> match -> finding -> triage -> report -> reporter

Offsets are byte offsets into a document's canonical UTF-8 text. Lines and columns are 1-based; columns count
UTF-16 code units, as SARIF's default and the Language Server Protocol do; an end column is exclusive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from keytrace.levels import Confidence as Confidence  # noqa: PLC0414
from keytrace.levels import Severity as Severity  # noqa: PLC0414
from keytrace.secret import Secret as Secret  # noqa: PLC0414

# --- where things are -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FileProvenance:
    """A file of the working tree; `path` is relative to the root of the scan, with forward slashes."""

    path: str


@dataclass(frozen=True, slots=True)
class StagedProvenance:
    """A blob of the git index; `path` is relative to the top of the work tree."""

    path: str


@dataclass(frozen=True, slots=True)
class StreamProvenance:
    """Standard input, under the name the user gave it."""

    path: str


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its whole id, its author's name, and the day it was made, as 2026-11-29 (UTC). All are empty for what
    belongs to none.
    """

    id: str = ""
    author: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class CommitProvenance:
    """A version of a file in git history, with the commit that brought it; `path` is relative to the top."""

    path: str
    commit: Commit


@dataclass(frozen=True, slots=True)
class MemberProvenance:
    """A member of an archive; `path` begins with that of the archive and a `!`, as in `release.tgz!conf/app.env`."""

    path: str
    container: Provenance


Outermost = FileProvenance | StagedProvenance | StreamProvenance | CommitProvenance
Provenance = Outermost | MemberProvenance


def outermost(provenance: Provenance) -> Outermost:
    """Return where an artifact is, or the archive that it is in."""
    while isinstance(provenance, MemberProvenance):
        provenance = provenance.container
    return provenance


NAME = 0  # among the numbers of lines that count: the name of the file, which is new


@dataclass(frozen=True, slots=True)
class Region:
    """A span of text; `end_column` is exclusive."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The (cropped) first line of a location with every known secret masked; [start, end) marks the secret's mask."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a document. `note` says what part it plays, for example in a flow."""

    provenance: Provenance
    start: int
    end: int
    region: Region
    excerpt: Excerpt
    note: str = ""


class Artifact(Protocol):
    """A readable thing with a provenance: a cheap, picklable reference."""

    @property
    def provenance(self) -> Provenance: ...

    @property
    def lines(self) -> frozenset[int] | None:
        """The lines on which a finding may start, and NAME if it may be the name; None means all of them."""

    def read(self, limit: int) -> bytes:
        """Return the content; raise OSError when unreadable, ScannerError when larger than `limit` bytes."""


# --- what to look for -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Allowlist:
    """What a rule, or every rule, shall pass over; the fields and their meaning are those of gitleaks."""

    description: str = ""
    paths: tuple[str, ...] = ()
    regexes: tuple[str, ...] = ()
    stopwords: tuple[str, ...] = ()
    regex_target: str = "secret"  # secret | match | line
    condition: str = "OR"  # OR: one kind of criterion is enough; AND: each kind given must hold
    rules: tuple[str, ...] = ()  # of a global allowlist: the rules it is for, all when empty
    commits: tuple[str, ...] = ()  # ids, or how they begin


@dataclass(frozen=True, slots=True)
class Rule:
    """What to look for, as data, with its documentation and its evidence. See CONTRIBUTING.md for the fields."""

    id: str
    name: str
    severity: Severity
    confidence: Confidence
    analyzer: str
    regex: str = ""
    near: tuple[str, ...] = ()  # names, one of which the value must be bound to; `regex` is the value's shape
    host: tuple[str, ...] = ()  # hosts, in a URL to one of which the value must stand
    secret_group: int = 0
    entropy: float = 0.0
    keywords: tuple[str, ...] = ()
    path: str = ""
    allowlists: tuple[Allowlist, ...] = ()
    checksum: str = ""
    scope: str = ""
    companions: tuple[str, ...] | None = None  # rules that find other parts of the credential; None: by its own name
    needs: tuple[str, ...] = ()  # rules, one of which must match near by
    part: bool = False  # no credential by itself: in the finding of its secret, where that stands near
    description: str = ""
    impact: str = ""
    remediation: str = ""
    references: tuple[str, ...] = ()
    cwe: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    negative_examples: tuple[str, ...] = ()
    origin: str = ""  # the rule file it came from

    @property
    def provider(self) -> str:
        """The name of its rule file, which holds the rules of one provider."""
        return self.origin.removesuffix(".toml")


@dataclass(frozen=True, slots=True)
class Additions:
    """What a project adds to the model of Python programs: dotted names, as in rules/python.toml."""

    names: tuple[str, ...] = ()  # words that name a secret
    sources: tuple[str, ...] = ()
    sinks: tuple[str, ...] = ()
    sanitizers: tuple[str, ...] = ()
    sdk: tuple[str, ...] = ()  # `acme.Client: token@0`


PIECES = "pieces of a Python expression"  # the encoding of a constant that a program puts together


# --- what was found ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for or against a match, in words a user understands; `weight` > 0 speaks for a secret."""

    text: str
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a document that belongs to a match, and the part it plays."""

    start: int
    end: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Hidden:
    """What an encoded span decodes to: the secret, the whole match, and the encodings from outside in."""

    value: bytes = field(repr=False)
    whole: bytes = field(repr=False)
    encodings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """What an analyzer yields: a rule and the span of the secret. It knows no provenance and no severity.

    `whole` is the span of the rule's entire match (the assignment around the secret). `confidence` None marks a
    candidate that was weighed and rejected; it is kept only to be explained. Where the text is encoded, the spans are
    those of the encoded text and `hidden` is what it decodes to.
    """

    rule_id: str
    start: int
    end: int
    confidence: Confidence | None
    whole: Span
    evidence: tuple[Evidence, ...] = ()
    related: tuple[Span, ...] = ()  # other parts of a composite credential
    flow: tuple[Span | Location, ...] = ()  # steps from taint source to taint sink; a Location is in another document
    severity: Severity | None = None  # where this match is less bad than its rule says
    is_secret: bool = True  # the span is the secret itself, not a place where it is used
    message: str = ""  # says more than the rule's name where there is more to say
    hidden: Hidden | None = None


@dataclass(slots=True)
class Remarks:
    """What an analyzer has to say besides its matches: `notes` for the user, and `folded`: (start, end, text) of what
    stretches of the document come to when the program runs, so that the rules for formats can look at it; `survey`:
    what it must know of this artifact before it can look at others closely, or at this one.
    """

    notes: list[str] = field(default_factory=list)
    folded: list[tuple[int, int, bytes]] = field(default_factory=list)
    survey: object = None


class SuppressionKind(StrEnum):
    INLINE = "inline"
    ALLOWLIST = "allowlist"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why a finding does not count."""

    kind: SuppressionKind
    reason: str
    line: int = 0  # of the inline comment


@dataclass(frozen=True, slots=True)
class Life:
    """What became of a secret in git history. `removed` is None where it is still there, or where no commit took it
    out: it is on a branch, in a stash or in the reflog. `present` are (path, line) in HEAD, `untracked` files for an
    environment that git does not track.
    """

    introduced: Commit
    removed: Commit | None = None
    present: tuple[tuple[str, int], ...] = ()
    untracked: tuple[str, ...] = ()
    versions: int = 1  # of files that hold it


@dataclass(frozen=True, slots=True)
class Finding:
    """A match made complete. `fingerprint` is stable and safe to publish."""

    rule_id: str
    message: str
    severity: Severity
    confidence: Confidence
    location: Location
    secret: Secret
    fingerprint: str
    evidence: tuple[Evidence, ...] = ()
    related: tuple[Location, ...] = ()
    flow: tuple[Location, ...] = ()
    suppression: Suppression | None = None
    life: Life | None = None  # of a secret in history


@dataclass(frozen=True, slots=True)
class ScanError:
    """Something that could not be scanned: a value in the report, never an exception across processes."""

    path: str
    message: str


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
