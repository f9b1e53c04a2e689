"""Git history: what its commits brought, one finding a secret, with what became of it.

Each line is looked at once, with some around it; where something is found, the whole version of the file decides. The
data flow of Python programs is not followed there: `scan` does that in the work tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from keytrace import executors
from keytrace.api import apply_baseline, scan_source
from keytrace.archives import format_of
from keytrace.batch import BatchResult
from keytrace.cache import results
from keytrace.config import Config
from keytrace.engine import Engine, load_engine
from keytrace.history import known
from keytrace.history.known import Known, Look
from keytrace.history.life import beside, lives
from keytrace.model import Artifact, CommitProvenance, Finding, Life, Report, ScanError, Skipped, outermost
from keytrace.redaction.paths import findings_in_names
from keytrace.redaction.texts import safe
from keytrace.sources.commits import Span
from keytrace.sources.history import HistorySource
from keytrace.sources.version import HistoryArtifact
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
    config = replace(config, follow_uses=False)
    reading = partial(
        HistorySource, repo, span, config.max_file_size, unreachable=unreachable, exclude=config.exclude,
        trust_repo=config.trust_repo, is_archive=lambda data: format_of(data) is not None,
    )  # fmt: skip
    place = known.place_of(repo, span, config, unreachable=unreachable)
    first = _FirstLook(reading, config, progress, known.load(place, repo))
    report = scan_source(first, repo, replace(config, use_baseline=False), keep=keep)
    look, source = first.look, first.source
    statistics = replace(
        report.statistics, files=look.files, members=look.members, bytes=look.bytes, binary_files=look.binary_files,
    )  # fmt: skip
    errors = list(report.errors)
    told = list(_with_lives(report.findings, source, repo, config, errors))
    if place and first.is_new and not first.in_names and not report.stopped_by and not {*report.errors} - {*look.left}:
        known.keep(place, look, source, config)
    findings = [one for one in told if not only or (_is_there(one.life) is (only == "present"))]
    notes = list(report.notes)
    findings = apply_baseline(findings, repo, config, frozenset(), notes)
    return replace(report, findings=tuple(findings), errors=tuple(errors), statistics=statistics, notes=tuple(notes))


class _FirstLook:
    """A source of the versions of files in which something is found when their new lines are looked at, or was if it
    is `known`. `reading` makes a source of all new lines.
    """

    def __init__(
        self, reading: Callable[..., HistorySource], config: Config, progress: Progress | None, known: Known | None
    ) -> None:
        self._reading, self._config, self._progress, self._known = reading, config, progress, known
        self.source = reading(after=known.after) if known else reading()
        if known:
            self.source.resume(known.order, known.versions)
        self.is_new = known is None or bool(known.after)
        self.look = Look()
        self.in_names = False  # whether something is found in the names of files

    def artifacts(self) -> Iterator[Artifact | ScanError | Skipped]:
        if self.is_new:
            self._look()
        if self._known and self._known.look.is_followed_by(self.look):
            self.look = self._known.look
        elif self._known:  # what was found may have been elsewhere before: all of it tells
            self.source, self.look = self._reading(), Look()
            self._look()
        yield from self.look.left
        yield from self.source.whole(self.look.found)
        if self.is_new:
            names = self.source.names()
            told = list(findings_in_names(names, load_engine(self._config.setup())))
            self.in_names = bool(told)
            yield from (names[path] for path in dict.fromkeys(one.location.provenance.path for one in told))

    def _look(self) -> None:
        """Look at all new lines."""
        look, setup = self.look, self._config.setup()
        learned: dict[bytes, bytes] = {}
        used: list[bytes] = []
        for result in executors.run(setup, self._loud(load_engine(setup)), self._config.jobs):
            self._add(result)
            learned.update(result.learned)
            used += result.used
            for finding in result.findings:
                place, outer = finding.location.provenance, outermost(finding.location.provenance)
                if not isinstance(outer, CommitProvenance):
                    continue
                lines = look.found.setdefault((outer.path, outer.commit.id), set() if place is outer else None)
                if lines is not None:
                    lines.add(finding.location.region.start_line)
        if opened := results.opened(setup):
            opened.keep(learned, used)

    def _loud(self, engine: Engine) -> Iterator[Artifact]:
        """Yield what is to be scanned: not the new lines, of most versions, in which nothing is that any rule asks for.
        Which these are is told here, at less than the cost of handing them to another process.
        """
        look = self.look
        for item in self.source.artifacts():
            if isinstance(item, ScanError | Skipped):
                look.left.append(item)
            elif _is_quiet(engine, item):
                look.files += 1
                look.bytes += len(item.data)
            else:
                yield item

    def _add(self, result: BatchResult) -> None:
        look = self.look
        look.left += result.errors
        look.is_certain &= not result.errors
        look.left += result.skipped
        look.files += result.files
        look.members += result.members
        look.bytes += result.size
        look.binary_files += result.binary_files
        if self._progress:
            self._progress("reading history", look.files, look.bytes, lambda: 0)


def _is_quiet(engine: Engine, artifact: HistoryArtifact) -> bool:
    """Tell whether new lines, of plain text, have nothing to tell; of what takes long to say, that is not known."""
    text = artifact.data
    if artifact.lines is None or not text.isascii() or b"\0" in text or format_of(text):
        return False
    try:
        return engine.is_quiet(text, artifact.provenance.path)
    except TimeoutError:
        return False


def _with_lives(
    findings: Iterable[Finding], source: HistorySource, repo: str, config: Config, errors: list[ScanError]
) -> Iterator[Finding]:
    """Yield one finding for each secret, the surest of those that count, with what became of it."""
    of_value: dict[bytes, list[Finding]] = {}
    for finding in findings:
        of_value.setdefault(finding.secret.value, []).append(finding)
    for group in of_value.values():
        group.sort(key=lambda one: _surest(one, source))
    engine = None if config.rules or config.exclude_rules else load_engine(config.setup())
    stories = lives(of_value, source, repo, config.max_file_size, errors)
    for value, group in of_value.items():
        best = group[0]
        life = _shown(stories[value], lambda text: safe(text, engine))
        place = outermost(best.location.provenance)
        if isinstance(place, CommitProvenance) and not source.is_file(place.path):
            told = f"in {safe(beside(place), engine)}" if place.commit.id else "in no file"
            told += f", {_still(life)}" if life.present else ""
        else:
            told = said(life)
        yield replace(best, message=f"{best.message}, {told}", life=life)


def _shown(life: Life, safe: Callable[[str], str]) -> Life:
    """Return a life without secrets in names of files and people."""
    removed = replace(life.removed, author=safe(life.removed.author)) if life.removed else None
    return replace(
        life,
        introduced=replace(life.introduced, author=safe(life.introduced.author)),
        removed=removed,
        present=tuple((safe(path), line) for path, line in life.present),
        untracked=tuple(map(safe, life.untracked)),
        beside=tuple(map(safe, life.beside)),
    )


def _surest(finding: Finding, source: HistorySource) -> tuple[bool, bool, int, int, str, str, int]:
    place, outer = finding.location, outermost(finding.location.provenance)
    day = outer.commit.date if isinstance(outer, CommitProvenance) else ""
    is_known = finding.suppression is not None
    is_beside = isinstance(outer, CommitProvenance) and not source.is_file(outer.path)
    return is_known, is_beside, -finding.severity, -finding.confidence, day, place.provenance.path, place.start


def _is_there(life: Life | None) -> bool:
    return life is not None and bool(life.present or life.untracked)


def said(life: Life) -> str:
    """Return what became of a secret, in words."""
    begin = life.introduced
    brought = f"brought by {begin.id[:10]} ({begin.date}, {begin.author})" if begin.id else "in what no commit leads to"
    if life.present:
        told = f"{_gone(life)} but {_still(life)}" if life.removed else _still(life)
    else:
        here = f", but still in {', '.join(life.untracked)}, which git does not track" if life.untracked else ""
        told = f"{_gone(life)}{here}"
    also = f", also in {life.beside[0]}{_more(len(life.beside) - 1)}" if life.beside else ""
    return f"{brought}, {told}{also}"


def _still(life: Life) -> str:
    path, line = life.present[0]
    return f"still in HEAD at {path}:{line}{_more(len(life.present) - 1)}"


def _more(others: int) -> str:
    return f" and {others} more place{'s' if others > 1 else ''}" if others else ""


def _gone(life: Life) -> str:
    if life.removed is None:
        return "not in HEAD, but on a branch, under a tag, in a stash, in the reflog or in what is pushed"
    return f"taken out of HEAD by {life.removed.id[:10]} ({life.removed.date})"
