"""Git history: what its commits brought, one finding a secret, with what became of it.

Each line is looked at once, with some around it; where something is found, the whole version of the file decides. The
data flow of Python programs is not followed there: `scan` does that in the work tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from keytrace import executors
from keytrace.api import apply_baseline, scan_source
from keytrace.archives import format_of
from keytrace.batch import BatchResult
from keytrace.config import Config
from keytrace.engine import load_engine
from keytrace.history.life import lives
from keytrace.model import Artifact, CommitProvenance, Finding, Life, Report, ScanError, Skipped, outermost
from keytrace.redaction.paths import findings_in_names
from keytrace.redaction.texts import safe
from keytrace.sources.commits import Span
from keytrace.sources.history import MESSAGE, HistorySource
from keytrace.total import Progress


def scan_history(
    repo: str,
    config: Config,
    span: Span = Span(),  # noqa: B008
    *,
    unreachable: bool = False,
    only: str = "",
    progress: Progress | None = None,
    keep: bool = False,
) -> Report:
    """Scan the history of the repository at `repo`, its top or, of a bare one, its folder.

    `unreachable` includes what no commit of the span leads to. `only` "gone" or "present" says which secrets are
    reported, `keep` what a signal does, as for `scan_source`. Raise ScannerError for a revision that is none.
    """
    config = replace(config, follow_uses=False, cached=False)
    source = HistorySource(
        repo, span, config.max_file_size, unreachable=unreachable, exclude=config.exclude, trust_repo=config.trust_repo,
        is_archive=lambda data: format_of(data) is not None,
    )  # fmt: skip
    first = _FirstLook(source, config, progress)
    report = scan_source(first, repo, replace(config, use_baseline=False), keep=keep)
    statistics = replace(
        report.statistics, files=first.files, members=first.members, bytes=first.bytes, binary_files=first.binary_files,
    )  # fmt: skip
    told = list(_with_lives(report.findings, source, repo, config))
    findings = [one for one in told if not only or (_is_there(one.life) is (only == "present"))]
    notes = list(report.notes)
    findings = apply_baseline(findings, repo, config, frozenset(), notes)
    return replace(report, findings=tuple(findings), statistics=statistics, notes=tuple(notes))


@dataclass(slots=True)
class _FirstLook:
    """A source of the versions of files in which something is found when their new lines are looked at."""

    source: HistorySource
    config: Config
    progress: Progress | None
    files: int = 0
    members: int = 0
    bytes: int = 0
    binary_files: int = 0

    def artifacts(self) -> Iterator[Artifact | ScanError | Skipped]:
        left: list[ScanError | Skipped] = []
        found: dict[tuple[str, str], set[int] | None] = {}
        for result in executors.run(self.config.setup(), _readable(self.source, left), self.config.jobs):
            self._add(result)
            left += result.errors
            left += result.skipped
            for finding in result.findings:
                place, outer = finding.location.provenance, outermost(finding.location.provenance)
                if not isinstance(outer, CommitProvenance):
                    continue
                lines = found.setdefault((outer.path, outer.commit.id), set() if place is outer else None)
                if lines is not None:
                    lines.add(finding.location.region.start_line)
        yield from left
        yield from self.source.whole(found)
        names = self.source.names()
        told = findings_in_names(names, load_engine(self.config.setup()))
        yield from (names[path] for path in dict.fromkeys(one.location.provenance.path for one in told))

    def _add(self, result: BatchResult) -> None:
        self.files += result.files
        self.members += result.members
        self.bytes += result.size
        self.binary_files += result.binary_files
        if self.progress:
            self.progress("reading history", self.files, self.bytes, lambda: 0)


def _readable(source: HistorySource, left: list[ScanError | Skipped]) -> Iterator[Artifact]:
    for item in source.artifacts():
        if isinstance(item, ScanError | Skipped):
            left.append(item)
        else:
            yield item


def _with_lives(findings: Iterable[Finding], source: HistorySource, repo: str, config: Config) -> Iterator[Finding]:
    """Yield one finding for each secret, the surest of those that count, with what became of it."""
    of_value: dict[bytes, list[Finding]] = {}
    for finding in findings:
        of_value.setdefault(finding.secret.value, []).append(finding)
    known = lives(of_value, source, repo, config.max_file_size)
    for value, group in of_value.items():
        best = min(group, key=_surest)
        life = _shown(known[value])
        place = outermost(best.location.provenance)
        is_file = place.path in source.versions
        told = said(life) if is_file or not isinstance(place, CommitProvenance) else _said_of(place)
        yield replace(best, message=f"{best.message}, {told}", life=life)


def _shown(life: Life) -> Life:
    """Return a life without secrets in names of files and people."""
    removed = replace(life.removed, author=safe(life.removed.author)) if life.removed else None
    return replace(
        life,
        introduced=replace(life.introduced, author=safe(life.introduced.author)),
        removed=removed,
        present=tuple((safe(path), line) for path, line in life.present),
        untracked=tuple(map(safe, life.untracked)),
    )


def _surest(finding: Finding) -> tuple[bool, int, int, str, str, int]:
    place, outer = finding.location, outermost(finding.location.provenance)
    day = outer.commit.date if isinstance(outer, CommitProvenance) else ""
    is_known = finding.suppression is not None
    return is_known, -finding.severity, -finding.confidence, day, place.provenance.path, place.start


def _is_there(life: Life | None) -> bool:
    return life is not None and bool(life.present or life.untracked)


def said(life: Life) -> str:
    """Return what became of a secret, in words."""
    begin = life.introduced
    brought = f"brought by {begin.id[:10]} ({begin.date}, {begin.author})" if begin.id else "in what no commit leads to"
    if life.present:
        path, line = life.present[0]
        others = len(life.present) - 1
        more = f" and {others} more place{'s' if others > 1 else ''}" if others else ""
        still = f"still in HEAD at {path}:{line}{more}"
        return f"{brought}, {_gone(life)} but {still}" if life.removed else f"{brought}, {still}"
    here = f", but still in {', '.join(life.untracked)}, which git does not track" if life.untracked else ""
    return f"{brought}, {_gone(life)}{here}"


def _said_of(place: CommitProvenance) -> str:
    """Return in words where a secret is that stands in no file."""
    commit = place.commit
    return f"in the {MESSAGE} {commit.id[:10]} ({commit.date}, {safe(commit.author)})" if commit.id else "in no file"


def _gone(life: Life) -> str:
    if life.removed is None:
        return "not in HEAD, but on a branch, in a stash or in the reflog"
    return f"taken out of HEAD by {life.removed.id[:10]} ({life.removed.date})"
