"""From artifacts to findings: pure functions that can run in any process on any machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import TYPE_CHECKING, TypeVar

from keytrace import timelimit
from keytrace.analyzers import pack, unpack
from keytrace.archives import HEAD, format_of
from keytrace.cache import results
from keytrace.engine import Engine, Setup, load_engine
from keytrace.errors import ScannerError
from keytrace.findings import LateError, find, find_alone
from keytrace.model import Artifact, Finding, MemberProvenance, Provenance, Reason, ScanError, Skipped
from keytrace.redaction.paths import findings_in_names
from keytrace.sources.content import TooLargeError
from keytrace.sources.folder import FileArtifact
from keytrace.sources.link import LinkArtifact
from keytrace.sources.staged import StagedArtifact
from keytrace.sources.stream import StreamArtifact
from keytrace.sources.texts import TextArtifact
from keytrace.sources.version import HistoryArtifact
from keytrace.text.document import Document
from keytrace.text.encoding import decode, is_compressed, readable

if TYPE_CHECKING:
    from keytrace.archives.content import Content, Format
    from keytrace.archives.walk import Found

T = TypeVar("T")

_BINARY = (Reason.BINARY, Reason.COMPRESSED)


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What came of a batch of artifacts; `size` in bytes."""

    findings: tuple[Finding, ...]
    errors: tuple[ScanError, ...]
    notes: tuple[str, ...]
    files: int
    whole: tuple[str, ...]  # the paths of which every line was scanned
    size: int
    binary_files: int
    comments: tuple[tuple[str, int], ...] = ()  # (path, line) of each of ours that suppresses, used or not
    surveys: tuple[tuple[str, object], ...] = ()  # (path, what an analyzer must know of it to look at others closely)
    skipped: tuple[Skipped, ...] = ()
    members: int = 0  # of archives; their bytes count, those of the archives do not
    marks: tuple[tuple[str, bytes], ...] = ()  # (path, digest) of what was surveyed
    learned: Mapping[bytes, bytes] = field(default_factory=dict)  # for the cache of results,
    used: tuple[bytes, ...] = ()  # and what it knew


@dataclass(frozen=True, slots=True)
class Asked:
    """An artifact with what an analyzer should know of others; `again`: only what there is to survey is asked for."""

    artifact: Artifact
    context: object
    again: bool = False
    key: bytes = b""  # what tells the context from another one; empty where that is not known

    @property
    def provenance(self) -> Provenance:
        return self.artifact.provenance

    @property
    def lines(self) -> frozenset[int] | None:
        return self.artifact.lines

    def read(self, limit: int) -> bytes:
        return self.artifact.read(limit)


def scan_batch(setup: Setup, artifacts: Sequence[Artifact]) -> BatchResult:
    """Scan each artifact; what cannot be read or analysed, or not in time, becomes an error in the result."""
    engine = load_engine(setup)
    batch = _Batch(known=results.opened(setup))
    try:
        for artifact in artifacts:
            batch.take(engine, artifact)
    finally:
        timelimit.rest()
    return batch.result()


@dataclass(slots=True)
class _Batch:
    """What comes of a batch, while it is being scanned; `known` is what need not be."""

    known: results.Results | None = None
    findings: list[Finding] = field(default_factory=list)
    errors: list[ScanError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)
    comments: list[tuple[str, int]] = field(default_factory=list)
    surveys: list[tuple[str, object]] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    files: int = 0
    size: int = 0
    members: int = 0
    marks: list[tuple[str, bytes]] = field(default_factory=list)
    learned: dict[bytes, bytes] = field(default_factory=dict)
    used: list[bytes] = field(default_factory=list)

    def take(self, engine: Engine, artifact: Artifact) -> None:
        """Scan an artifact and, where it is an archive, each of its members; whatever goes wrong with one is its error,
        and the findings of the others count.
        """
        path = artifact.provenance.path
        if members := self._guarded(engine, path, lambda: self._read(engine, artifact)):
            self._take_members(engine, path, members)

    def _take_members(self, engine: Engine, path: str, members: Iterator[Found]) -> None:
        """Scan what an archive yields; each member, and the way to the next one, has the time of a file."""
        from keytrace.archives import image

        first = len(self.findings)
        manifests: list[bytes] = []
        self.files += 1
        told = len(self.errors)
        names: dict[str, Artifact] = {}
        while (found := self._guarded(engine, path, lambda: self._next(engine, members, names))) is not None:
            if isinstance(found, ScanError):
                self.errors.append(found)
            elif isinstance(found, Skipped):
                self.skipped.append(found)
            else:
                self.take(engine, found)
                names[found.provenance.path] = replace(found, data=b"")
                if image.is_manifest(found.provenance.path[len(path) + 1 :], found.data):
                    manifests.append(found.data)
        self.findings += self._guarded(engine, path, lambda: list(findings_in_names(names, engine))) or ()
        for number in range(first, len(self.findings)) if manifests else ():
            self.findings[number] = image.told(self.findings[number], names, f"{path}!", manifests)
        if len(self.errors) == told:
            self.whole.append(path)
        self.errors[told:] = [replace(one, file=path if one.path != path else "") for one in self.errors[told:]]

    def _next(self, engine: Engine, members: Iterator[Found], names: dict[str, Artifact]) -> Found | None:
        """Return what an archive yields next; of empty members on the way there only the names are looked at."""
        for found in members:
            if isinstance(found, ScanError | Skipped) or found.data or engine.goes_by_paths:
                return found
            names[found.provenance.path] = found
            self.members += 1
            self.whole.append(found.provenance.path)
        return None

    def _guarded(self, engine: Engine, path: str, action: Callable[[], T]) -> T | None:
        """Do something with an artifact; what goes wrong is its error, and there is no result."""
        limit = engine.setup.file_timeout
        try:
            with timelimit.within(limit):
                return action()
        except (TimeoutError, timelimit.OutOfTimeError) as late:
            self.findings += late.findings if isinstance(late, LateError) else ()
            why = _too_long(late, limit)
        except MemoryError:
            why = "there is not enough memory to scan it"
        except Exception as error:
            why = f"could not be scanned to its end ({type(error).__name__})"
        self.errors.append(ScanError(path, why))
        return None

    def _read(self, engine: Engine, artifact: Artifact) -> Iterator[Found] | None:
        """Read and scan an artifact, or say why it cannot be read; return the members of what is an archive."""
        raw = self._content(engine, artifact)
        if not isinstance(raw, bytes):
            return raw
        attached = attachments(engine.setup, artifact, raw)
        digest = _digest(artifact, raw) if self.known is not None and attached is None else b""
        if digest and self._is_known(artifact, raw, digest):
            return None
        if not isinstance(artifact, LinkArtifact) and (members := opened(engine.setup, artifact, raw)):
            return members
        self._look(engine, artifact, raw, digest)
        self.files -= attached is not None  # it is counted with its members
        return attached

    def _look(self, engine: Engine, artifact: Artifact, raw: bytes, digest: bytes) -> None:
        """Scan what is in an artifact; that it has nothing to tell is to be known by its digest, if it has one."""
        text = self._text(artifact, raw)
        self._count(artifact, raw)
        is_whole = artifact.lines is None and not format_of(raw)  # of an archive that is closed little is known
        before, surveys = self._told(), len(self.surveys)
        self._scan(engine, artifact, readable(raw) if text is None else text, is_binary=text is None, is_whole=is_whole)
        if digest and _is_kept(artifact, is_whole=is_whole):
            told = [survey for _, survey in self.surveys[surveys:]]
            self._mark(artifact, digest, told)
            if self._told() == before:  # nothing but why it was not searched as text, and what others must know
                reason = self.skipped[-1].reason if text is None else ""
                self.learned[digest] = pack(told) if told else reason.encode()

    def _count(self, artifact: Artifact, raw: bytes) -> None:
        is_member = isinstance(artifact.provenance, MemberProvenance)
        self.files += not is_member
        self.members += is_member
        self.size += len(raw)

    def _content(self, engine: Engine, artifact: Artifact) -> bytes | Iterator[Found] | None:
        """Return what is in an artifact, or the members of a very large archive; nothing where it cannot be read."""
        path = artifact.provenance.path
        try:
            return artifact.read(engine.setup.max_file_size)
        except OSError as error:
            self._leave_out(path, Reason.UNREADABLE, error.strerror or type(error).__name__)
        except TooLargeError as error:
            if isinstance(artifact, FileArtifact | StreamArtifact) and (members := opened(engine.setup, artifact)):
                return members
            self._leave_out(path, Reason.TOO_LARGE, "" if error.is_binary else error.one_line)
        except ScannerError as error:
            self._leave_out(path, Reason.SPECIAL, error.one_line)
        return None

    def _text(self, artifact: Artifact, raw: bytes) -> bytes | None:
        """Return an artifact as text; None, and say so, where it is none."""
        if isinstance(artifact, LinkArtifact):
            return None
        path, text = artifact.provenance.path, decode(raw)
        if text is None:
            self.skipped.append(Skipped(path, Reason.COMPRESSED if is_compressed(raw) else Reason.BINARY))
        elif path.endswith(".ipynb"):
            from keytrace.text.notebook import without_images

            text = without_images(text)
        return text

    def _told(self) -> tuple[int, ...]:
        """Return how much there is to tell so far, but for surveys."""
        told: tuple[Sequence[object], ...] = (self.findings, self.errors, self.notes, self.comments, self.skipped)
        return tuple(map(len, told))

    def _mark(self, artifact: Artifact, digest: bytes, surveys: Sequence[object]) -> None:
        """Say which content the surveys are of that others ask for."""
        if surveys and not isinstance(artifact, Asked):
            self.marks.append((artifact.provenance.path, digest))

    def _is_known(self, artifact: Artifact, raw: bytes, digest: bytes) -> bool:
        """Tell whether it is known that there is nothing to tell of an artifact; count it then."""
        beside = self.known.find(digest) if self.known is not None else None
        if beside is None:
            return False
        path = artifact.provenance.path
        if beside.startswith(b"["):
            surveys = unpack(beside)
            self.surveys += ((path, survey) for survey in surveys)
            self._mark(artifact, digest, surveys)
        elif beside:
            self.skipped.append(Skipped(path, Reason(beside.decode())))
        self.used.append(digest)
        self._count(artifact, raw)
        self.whole += [path] if artifact.lines is None and not (isinstance(artifact, Asked) and artifact.again) else ()
        return True

    def _leave_out(self, path: str, reason: Reason, why: str) -> None:
        self.skipped.append(Skipped(path, reason))
        self.errors += [ScanError(path, why)] if why else []

    def _scan(self, engine: Engine, artifact: Artifact, text: bytes, *, is_binary: bool, is_whole: bool) -> None:
        asked = artifact if isinstance(artifact, Asked) else None
        artifact = asked.artifact if asked else artifact
        context = asked.context if asked is not None else None
        document = Document(artifact.provenance, text, artifact.lines, context, is_binary=is_binary)
        path = document.path
        if asked is not None and asked.again:
            try:
                self.surveys += [(path, survey) for survey in engine.survey(document)]
            except Exception as error:  # what is told of the others counts
                self.notes.append(f"{path}: what it hands on to others was not followed ({type(error).__name__})")
            return
        notes = [] if isinstance(artifact, TextArtifact) else self.notes  # a part of a program need not be valid
        if isinstance(document.provenance, MemberProvenance):  # nobody could read it once more, with what others tell
            self.findings += find_alone(engine, document, notes)
        else:
            self.findings += find(engine, document, notes, self.surveys)
        if is_whole:
            self.whole.append(path)
            if engine.setup.list_comments:
                from keytrace.triage.inline import own_comments

                self.comments += ((path, line) for line in own_comments(document))

    def result(self) -> BatchResult:
        return BatchResult(
            tuple(self.findings), tuple(self.errors), tuple(self.notes), self.files, tuple(self.whole), self.size,
            sum(one.reason in _BINARY for one in self.skipped), tuple(self.comments), tuple(self.surveys),
            tuple(self.skipped), self.members, tuple(self.marks), self.learned, tuple(self.used),
        )  # fmt: skip


def _is_kept(artifact: Artifact, *, is_whole: bool) -> bool:
    """Tell whether a result is one of all that its digest is of: that of history knows which lines."""
    return is_whole or isinstance(artifact, HistoryArtifact)


def _digest(artifact: Artifact, raw: bytes) -> bytes:
    """Return the digest of an artifact whose result may be kept, else nothing."""
    if isinstance(artifact, Asked):
        return results.mark(artifact.provenance.path, raw, artifact.key) if artifact.key else b""
    if isinstance(artifact, HistoryArtifact):
        return results.mark(artifact.provenance.path, raw, results.digest(sorted(artifact.lines or ())))
    if isinstance(artifact.provenance, MemberProvenance):  # scanned alone, which a file of that name is not
        return results.mark(artifact.provenance.path, raw, b"member")
    return results.mark(artifact.provenance.path, raw) if isinstance(artifact, FileArtifact | StagedArtifact) else b""


def opened(setup: Setup, artifact: Artifact, raw: bytes | None = None) -> Iterator[Found] | None:
    """Return the members of an artifact if it is an archive that is to be opened; `raw` is its content, if that is at
    hand.
    """
    if not _may_be_opened(setup, artifact) or (raw is not None and format_of(raw) is None):
        return None
    from keytrace.archives.content import Content

    file = (
        artifact.open() if raw is None and isinstance(artifact, FileArtifact | StreamArtifact) else BytesIO(raw or b"")
    )
    content = Content.of(file, setup.max_file_size)
    form = format_of(content.peek(HEAD) if raw is None else raw)
    if form is None:
        file.close()
        return None
    return _walked(setup, artifact, content, form)


def attachments(setup: Setup, artifact: Artifact, raw: bytes) -> Iterator[Found] | None:
    """Return the members of the archives that are attached to a mail, whose text is scanned as any other is."""
    if b"ase64" not in raw and b"ASE64" not in raw:
        return None
    from keytrace.archives import mail
    from keytrace.archives.content import Content

    if not _may_be_opened(setup, artifact) or not mail.holds_archive(raw):
        return None
    return _walked(setup, artifact, Content.of(BytesIO(raw), setup.max_file_size), mail.FORMAT)


def _may_be_opened(setup: Setup, artifact: Artifact) -> bool:
    """Tell whether archives are opened, and this one was not opened with the archive that it is in."""
    is_member = isinstance(artifact.provenance, MemberProvenance)
    return bool(setup.max_archive_depth) and not is_member and not isinstance(artifact, Asked)


def _walked(setup: Setup, artifact: Artifact, content: Content, form: Format) -> Iterator[Found]:
    from keytrace.archives.walk import Walk, member_ignores

    ignores = member_ignores(getattr(artifact, "root", ""), setup.exclude, setup.inline_comments)
    return Walk(setup.max_archive_depth, setup.max_file_size, ignores).members(artifact.provenance, content, form)


def _too_long(late: BaseException, limit: float) -> str:
    of_all = isinstance(late, timelimit.OutOfTimeError) or (isinstance(late, LateError) and late.whole)
    if of_all:
        return f"it took longer than {limit:g} s and was not scanned to its end; --file-timeout sets the limit"
    return "a pattern took too long on this file; it was not scanned to its end"
