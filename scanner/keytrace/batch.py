"""From artifacts to findings: pure functions that can run in any process on any machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keytrace.engine import Setup, load_engine
from keytrace.errors import ScannerError
from keytrace.findings import LateError, find
from keytrace.model import Artifact, Finding, Provenance, ScanError, Want
from keytrace.text.document import Document
from keytrace.text.encoding import decode
from keytrace.text.notebook import without_images


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
    wants: tuple[tuple[str, Want], ...] = ()  # (path, what that program should know of another module)


@dataclass(frozen=True, slots=True)
class LinkedArtifact:
    """A Python program with the modules that it imports what may matter from: for the second round."""

    artifact: Artifact
    imports: tuple[tuple[Want, Artifact], ...]

    @property
    def provenance(self) -> Provenance:
        return self.artifact.provenance

    @property
    def lines(self) -> frozenset[int] | None:
        return self.artifact.lines

    def read(self, limit: int) -> bytes:
        return self.artifact.read(limit)


def scan_batch(setup: Setup, artifacts: Sequence[Artifact]) -> BatchResult:
    """Scan each artifact; what cannot be read or analysed becomes an error in the result."""
    engine = load_engine(setup)
    findings: list[Finding] = []
    errors: list[ScanError] = []
    notes: list[str] = []
    whole: list[str] = []
    wants: list[tuple[str, Want]] = []
    files = size = binary = 0
    for artifact in artifacts:
        path = artifact.provenance.path
        imports = _imports(artifact, setup) if isinstance(artifact, LinkedArtifact) else ()
        if isinstance(artifact, LinkedArtifact) and not imports:
            continue  # it would find the same as the first round
        try:
            raw = artifact.read(setup.max_file_size)
        except OSError as error:
            errors.append(ScanError(path, error.strerror or type(error).__name__))
            continue
        except ScannerError as error:
            errors.append(ScanError(path, error.one_line))
            continue
        files += 1
        size += len(raw)
        text = decode(raw)
        if text is None:
            binary += 1
            text = b""
        elif path.endswith(".ipynb"):
            text = without_images(text)
        try:
            document = Document(artifact.provenance, text, artifact.lines)
            document.imports = imports
            findings += find(engine, document, notes, wants)
        except TimeoutError as late:
            findings += late.findings if isinstance(late, LateError) else ()
            errors.append(ScanError(path, "a pattern took too long on this file; it was not scanned to its end"))
            continue
        if artifact.lines is None:
            whole.append(path)
    return BatchResult(tuple(findings), tuple(errors), tuple(notes), files, tuple(whole), size, binary, tuple(wants))


def _imports(artifact: LinkedArtifact, setup: Setup) -> tuple[tuple[Want, Document], ...]:
    """Return the modules that are worth reading with a program, of those that it imports from."""
    from keytrace.analyzers.python import carries

    imports: list[tuple[Want, Document]] = []
    for want, module in artifact.imports:
        try:
            text = decode(module.read(setup.max_file_size))
        except (OSError, ScannerError):
            continue  # an error of the first round
        if text and carries(text, want.name, setup.python):
            imports.append((want, Document(module.provenance, text)))
    return tuple(imports)
