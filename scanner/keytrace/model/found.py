"""What was found: from a match to a finding."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from keytrace.model.levels import Confidence, Severity
from keytrace.model.places import Commit, Location, Region
from keytrace.model.secret import Secret

PIECES = "pieces of a Python expression"  # the encoding of a constant that a program puts together


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
    is_refuted: bool = False  # it has the mark of a provider, and by a check of the format it cannot be genuine
    message: str = ""  # says more than the rule's name where there is more to say
    hidden: Hidden | None = None
    found_by: str = ""  # the rule that found it, where what stands around says that it is another's

    @property
    def known_as(self) -> str:
        """The rule that its finding is remembered by."""
        return self.found_by or self.rule_id


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
    out: it is on a branch, in a stash, in the reflog, or in no file. `present` are (path, line) in HEAD, `untracked`
    files for an environment that git does not track, `beside` what holds it and is no file, in words: messages, notes.
    """

    introduced: Commit
    removed: Commit | None = None
    present: tuple[tuple[str, int], ...] = ()
    untracked: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    versions: int = 1  # of files that hold it
    is_encoded: bool = False  # it does not stand there as it is


@dataclass(frozen=True, slots=True)
class Replacement:
    """A stretch of a file, and the text that goes in its place."""

    region: Region
    text: str


@dataclass(frozen=True, slots=True)
class ProposedFix:
    """What would settle a finding, in its own file; no text of it holds a secret."""

    title: str
    replacements: tuple[Replacement, ...]


class Liveness(StrEnum):
    LIVE = "live"
    DEAD = "dead"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verification:
    """What its provider says of a key: `reason` in words, and what it `told` of it, such as the account and scopes. No
    text of it holds a secret.
    """

    status: Liveness
    reason: str
    host: str = ""  # that was asked; empty: nobody was
    told: tuple[tuple[str, str], ...] = ()

    @property
    def said(self) -> str:
        """All of it in one line."""
        told = ", ".join(f"{name} {text}" for name, text in self.told)
        return f"{self.status}: {self.reason}; {told}" if told else f"{self.status}: {self.reason}"


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
    fixes: tuple[ProposedFix, ...] = ()
    parts: tuple[tuple[str, Secret], ...] = ()  # of a composite credential: the rule and value of each other part
    verification: Verification | None = None  # None: nobody wanted to know
    found_by: str = ""  # the rule that found it, where what stands around says that it is another's

    @property
    def known_as(self) -> str:
        """The rule that a finding is remembered by: the same, whatever the text around says whose the secret is."""
        return self.found_by or self.rule_id
