"""What a scan comes to: the sum of all batches, and a closer look at what analyzers want to see knowing of others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from keytrace.analyzers import Join, join, key_of
from keytrace.archives import IMAGES
from keytrace.batch import Asked, BatchResult
from keytrace.model import Artifact, Finding, ScanError, Skipped, Statistics

Run = Callable[[Iterable[Artifact]], Iterable[BatchResult]]
Progress = Callable[[str, int, int, Callable[[], int]], None]  # what is done, files, bytes, how many files in all


class Total:
    """The sum of all batches."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.errors: list[ScanError] = []
        self.notes: list[str] = []
        self.whole: list[str] = []
        self.files = 0
        self.members = 0
        self.bytes = 0
        self.binary_files = 0
        self.comments: list[tuple[str, int]] = []
        self.surveys: dict[str, object] = {}
        self.skipped: list[Skipped] = []
        self.marks: dict[str, bytes] = {}
        self.learned: dict[bytes, bytes] = {}
        self.used: list[bytes] = []

    def add(self, result: BatchResult) -> None:
        self.findings += result.findings
        self.errors += result.errors
        self.notes += result.notes
        self.whole += result.whole
        self.files += result.files
        self.members += result.members
        self.bytes += result.size
        self.binary_files += result.binary_files
        self.comments += result.comments
        self.surveys.update(result.surveys)
        self.skipped += result.skipped
        self.marks.update(result.marks)
        self.note(result)

    def note(self, result: BatchResult) -> None:
        """Take in what is kept of a result for the next scan."""
        self.learned.update(result.learned)
        self.used += result.used

    def statistics(self, skipped: Iterable[Skipped], hidden: int, seconds: float) -> Statistics:
        """Return what was covered; `hidden` findings are below the thresholds."""
        return Statistics(
            files=self.files,
            members=self.members,
            bytes=self.bytes,
            binary_files=self.binary_files,
            skipped=dict(sorted(Counter(one.reason.value for one in skipped).items())),
            hidden_findings=hidden,
            seconds=seconds,
        )

    def forget(self, paths: Iterable[str]) -> None:
        """Have no artifact of these paths looked at closely: each is the path of several."""
        for path in paths:
            self.surveys.pop(path, None)

    def look_at_images(self, artifacts: Mapping[str, Artifact]) -> None:
        """Say of findings in layers of images what later layers do to the file, and which layers are not here."""
        if any(path.rpartition("/")[2] in IMAGES for path in artifacts):
            from keytrace.archives import layout

            self.findings, errors = layout.look(artifacts, self.findings, self.whole)
            self.errors += errors

    def look_closer(self, run: Run, artifacts: Mapping[str, Artifact], progress: Progress | None = None) -> None:
        """Have artifacts looked at closely that an analyzer wants to, knowing of the others; each is scanned anew."""
        joined = settled(join(self.surveys, artifacts), artifacts, run, self)
        readings = joined.readings()
        found: list[Finding] = []
        failed: set[str] = set()  # what was found at first sight still counts there
        done = 0
        for result in run(asked(artifacts, readings, self.marks)):
            self.note(result)
            done += result.files + len(result.errors)
            if progress:
                progress("reading programs", done, 0, lambda: len(readings))
            found += result.findings
            self.errors += result.errors
            self.notes += result.notes
            failed.update(error.path for error in result.errors)
        again = readings.keys() - failed
        self.findings = [one for one in self.findings if one.location.provenance.path not in again]
        self.findings += (one for one in found if one.location.provenance.path in again)
        self.notes += joined.notes


def settled(joined: Join, artifacts: Mapping[str, Artifact], run: Run, total: Total | None = None) -> Join:
    """Ask artifacts what analyzers want to know of them until there is no more to ask; `total` takes what is to be kept
    of the answers.
    """
    while questions := joined.questions():
        for result in run(asked(artifacts, questions, total.marks if total else {}, again=True)):
            joined.notes += result.notes
            for path, survey in result.surveys:
                joined.learn(path, survey)
            if total:
                total.note(result)
    return joined


def asked(
    artifacts: Mapping[str, Artifact],
    contexts: Mapping[str, object],
    marks: Mapping[str, bytes],
    *,
    again: bool = False,
) -> list[Asked]:
    """Return artifacts with their contexts, and with what tells these from others where `marks` of artifacts do."""
    keys = {path: key_of(context, marks) if marks else b"" for path, context in contexts.items()}
    return [Asked(artifacts[path], context, again, keys[path]) for path, context in contexts.items()]
