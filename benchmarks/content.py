"""A text at hand as an artifact, scanned alone as `keytrace scan` would; shared by growth.py and fuzz.py."""

from __future__ import annotations

from dataclasses import dataclass

from keytrace.analyzers import join
from keytrace.batch import Asked, BatchResult, scan_batch
from keytrace.engine import Setup
from keytrace.model import FileProvenance


@dataclass(frozen=True, slots=True)
class Content:
    path: str
    content: bytes
    lines: frozenset[int] | None = None

    @property
    def provenance(self) -> FileProvenance:
        return FileProvenance(self.path)

    def read(self, limit: int) -> bytes:  # noqa: ARG002
        return self.content


def scanned(path: str, content: bytes) -> list[BatchResult]:
    """Return what comes of a text, and of the closer look at it when it is a program that wants one."""
    artifact = Content(path, content)
    first = scan_batch(Setup(), [artifact])
    if not first.surveys:
        return [first]
    joined = join(dict(first.surveys), {path: artifact})
    while questions := joined.questions():
        for context in questions.values():
            for _, survey in scan_batch(Setup(), [Asked(artifact, context, again=True)]).surveys:
                joined.learn(path, survey)
    return [first, *(scan_batch(Setup(), [Asked(artifact, context)]) for context in joined.readings().values())]
