"""From artifacts to findings: pure functions that can run in any process on any machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from keytrace import timelimit
from keytrace.engine import Engine, Setup, load_engine
from keytrace.errors import ScannerError
from keytrace.findings import LateError, find
from keytrace.model import Artifact, Finding, Provenance, Reason, ScanError, Skipped
from keytrace.sources.content import TooLargeError
from keytrace.sources.link import LinkArtifact
from keytrace.sources.patch import PatchArtifact
from keytrace.text.document import Document
from keytrace.text.encoding import decode, is_compressed, readable

_BINARY = (Reason.BINARY, Reason.COMPRESSED)


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What came of a batch of artifacts. Sizes in bytes."""

    findings: tuple[Finding, ...]
    errors: tuple[ScanError, ...]
    notes: tuple[str, ...]
    files: int
    whole: tuple[str, ...]  # the paths of which every line was scanned
    bytes: int
    binary_files: int
    comments: tuple[tuple[str, int], ...] = ()  # (path, line) of each of ours that suppresses, used or not
    surveys: tuple[tuple[str, object], ...] = ()  # (path, what an analyzer must know of it to look at others closely)
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """An artifact with what an analyzer should know of others; `again`: only what there is to survey is asked for."""

    artifact: Artifact
    context: object
    again: bool = False

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
    batch = _Batch()
    try:
        for artifact in artifacts:
            batch.take(engine, artifact)
    finally:
        timelimit.rest()
    return batch.result()


@dataclass(slots=True)
class _Batch:
    """What comes of a batch, while it is being scanned."""

    findings: list[Finding] = field(default_factory=list)
    errors: list[ScanError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)
    comments: list[tuple[str, int]] = field(default_factory=list)
    surveys: list[tuple[str, object]] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    files: int = 0
    size: int = 0

    def take(self, engine: Engine, artifact: Artifact) -> None:
        """Scan an artifact; whatever goes wrong with it is its error, and the findings of the others count."""
        limit = engine.setup.file_timeout
        try:
            with timelimit.within(limit):
                why = self._read(engine, artifact)
        except (TimeoutError, timelimit.OutOfTimeError) as late:
            self.findings += late.findings if isinstance(late, LateError) else ()
            why = _too_long(late, limit)
        except MemoryError:
            why = "there is not enough memory to scan it"
        except Exception as error:
            why = f"could not be scanned to its end ({type(error).__name__})"
        if why:
            self.errors.append(ScanError(artifact.provenance.path, why))

    def _read(self, engine: Engine, artifact: Artifact) -> str:
        """Read and scan an artifact, or return why it cannot be read."""
        path = artifact.provenance.path
        try:
            raw = artifact.read(engine.setup.max_file_size)
        except OSError as error:
            self.skipped.append(Skipped(path, Reason.UNREADABLE))
            return error.strerror or type(error).__name__
        except TooLargeError as error:
            self.skipped.append(Skipped(path, Reason.TOO_LARGE))
            return "" if error.is_binary else error.one_line
        except ScannerError as error:
            self.skipped.append(Skipped(path, Reason.SPECIAL))
            return error.one_line
        is_link = isinstance(artifact, LinkArtifact)
        text = None if is_link else decode(raw)
        if text is None and not is_link:
            self.skipped.append(Skipped(path, Reason.COMPRESSED if is_compressed(raw) else Reason.BINARY))
        if text is not None and path.endswith(".ipynb"):
            from keytrace.text.notebook import without_images

            text = without_images(text)
        self.files += 1
        self.size += len(raw)
        self._scan(engine, artifact, readable(raw) if text is None else text, is_binary=text is None)
        return ""

    def _scan(self, engine: Engine, artifact: Artifact, text: bytes, *, is_binary: bool) -> None:
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
        notes = [] if isinstance(artifact, PatchArtifact) else self.notes  # a part of a program need not be valid
        self.findings += find(engine, document, notes, self.surveys)
        if artifact.lines is None:
            self.whole.append(path)
            if engine.setup.list_comments:
                from keytrace.triage.inline import own_comments

                self.comments += ((path, line) for line in own_comments(document))

    def result(self) -> BatchResult:
        return BatchResult(
            tuple(self.findings), tuple(self.errors), tuple(self.notes), self.files, tuple(self.whole), self.size,
            sum(one.reason in _BINARY for one in self.skipped), tuple(self.comments), tuple(self.surveys),
            tuple(self.skipped),
        )  # fmt: skip


def _too_long(late: BaseException, limit: float) -> str:
    of_all = isinstance(late, timelimit.OutOfTimeError) or (isinstance(late, LateError) and late.whole)
    if of_all:
        return f"it took longer than {limit:g} s and was not scanned to its end; --file-timeout sets the limit"
    return "a pattern took too long on this file; it was not scanned to its end"
