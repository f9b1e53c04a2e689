"""The report for people: styled on a terminal, the same text without styles in a pipe or a file.

The worst comes first, then file by file; what a rule means is said with its first finding; a table of rules ends it.
"""

from __future__ import annotations

import os
import stat
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TextIO

from keytrace.model import (
    OWN_REASONS,
    Finding,
    Location,
    Reason,
    Report,
    Rule,
    Severity,
)
from keytrace.reporters import ReporterOptions
from keytrace.reporters.grouped import Grouped
from keytrace.reporters.layout import (
    STYLES,
    Line,
    Paths,
    cells,
    counted,
    cropped,
    framed,
    joined_notes,
    page_width,
    readable_size,
    worst_first,
    wrapped,
)
from keytrace.reporters.saying import beyond_name
from keytrace.rules.stored import by_id

_PROSE = 100  # columns; prose in longer lines is hard to read
_NARROWEST = 40
_ENDLESS = 10_000  # columns of what is not read in a terminal
_INDENT = "    "
_NARROWEST_PLACE = 16  # columns
_LABEL_WIDTH = 16
_MOST_RULES = 20  # in the table of rules
_MANY = 50  # findings: more are grouped
_MOST_LINES = 5  # of a group


def write(report: Report, stream: TextIO, options: ReporterOptions) -> None:
    width = options.width or page_width(stream)
    lines = _Page(report, options, stream.encoding or "utf-8", max(width, _NARROWEST) if width else _ENDLESS).lines()
    if options.color if options.color is not None else has_colors(stream):
        _write_styled(lines, stream)
    else:
        stream.writelines("".join(text for text, _ in line).rstrip() + "\n" for line in lines)


# Variables of services whose logs show colours, though what they read from is no terminal.
_LOGS_WITH_COLORS = ("GITHUB_ACTIONS", "GITLAB_CI", "GITEA_ACTIONS", "CIRCLECI", "BUILDKITE", "DRONE", "TRAVIS")


def has_colors(stream: TextIO) -> bool:
    """Tell whether to style: on a terminal and in the log of a CI service, unless the environment says otherwise."""
    says = os.environ.get
    if says("NO_COLOR"):
        return False
    if forced := says("FORCE_COLOR") or says("CLICOLOR_FORCE"):
        return forced not in ("0", "false")
    if says("TERM") == "dumb" or says("CLICOLOR") == "0":
        return False
    return stream.isatty() or (any(map(says, _LOGS_WITH_COLORS)) and stream is sys.stdout and not _is_file(stream))


def _is_file(stream: TextIO) -> bool:
    try:
        return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except (OSError, ValueError):
        return True


def _write_styled(lines: Iterable[Line], stream: TextIO) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, force_terminal=True, color_system="standard", no_color=False, highlight=False)
    for line in lines:
        text = Text.assemble(*line)  # Text, not a string: nothing is read as markup
        text.rstrip()
        console.print(text, soft_wrap=True)


@dataclass
class _Page:
    """Composes the lines. Whatever comes from a scanned file goes through `_clean`."""

    report: Report
    options: ReporterOptions
    encoding: str
    width: int
    _explained: set[str] = field(default_factory=set)  # ids of rules

    def __post_init__(self) -> None:
        self._paths = Paths(self.report.root, self.report.shown_root, self.options.relative_to, self.encoding)
        self._clean = self._paths.clean

    def lines(self) -> Iterator[Line]:
        shown = sorted(self.report.findings if self.options.verbose else self.report.active, key=worst_first)
        yield from self._findings(shown)
        for note in self.report.notes if self.options.verbose else joined_notes(self.report.notes):
            yield from self._hanging("note: ", self._clean(note), "bold")
        if self.report.errors:
            yield [("could not be scanned:", "bold red")]
            for error in self.report.errors:
                yield from self._hanging(_INDENT, f"{self._paths.path(error.path)}: {self._clean(error.message)}", "")
        if self.report.skipped and (self.options.list_skipped or self.options.verbose):
            yield [("left out:", "bold")]
            for one in self.report.skipped:
                yield from self._hanging(_INDENT, f"{self._paths.path(one.path)}: {one.reason}", "")
        if len(self.report.active) > 1:
            if self.report.notes or self.report.errors:
                yield []
            yield from self._by_rule()
        yield from self._summary()

    def _findings(self, shown: Sequence[Finding]) -> Iterator[Line]:
        rules = by_id(self.report.rules)
        if by := self._grouping(len(shown)):
            limit = _MOST_LINES if self.options.limit is None else self.options.limit
            yield from Grouped(by, limit, rules, self._paths, self.width).lines(shown)
            if not self.options.group_by:
                yield from self._hint(
                    "Each by itself: --group-by none; each line of the groups: --group-by rule --limit 0"
                )
                yield []
        else:
            for finding in shown[: self.options.limit or None]:
                yield from self._finding(finding, rules[finding.rule_id])
                yield []
            if self.options.limit and len(shown) > self.options.limit:
                left = counted(len(shown) - self.options.limit, "more finding")
                yield [(f"... and {left}; --limit 0 shows all", "dim")]
                yield []

    def _grouping(self, number: int) -> str:
        """Return by what findings are grouped: where there are many, and nothing else is asked for, by rule."""
        if self.options.group_by:
            return self.options.group_by if self.options.group_by != "none" else ""
        wants_each = self.options.verbose or self.options.show_secrets or self.options.limit is not None
        return "" if wants_each or number <= _MANY else "rule"

    # --- a finding ---

    def _finding(self, finding: Finding, rule: Rule) -> Iterator[Line]:
        yield from self._heading(finding, rule)
        if says_more := beyond_name(finding, rule):
            yield from self._hanging(_INDENT, self._clean(says_more), "")
        yield from self._frame(finding.location, STYLES[finding.severity])
        if self.options.show_secrets:
            yield self._labelled("The secret:", self._clean(finding.secret.value.decode("utf-8", "replace")))
        yield from self._steps("together with", finding.related, finding.location)
        yield from self._steps("from", finding.flow, finding.location)
        if finding.verification and (finding.verification.host or self.options.verbose):
            yield from self._prose("Is it live?", finding.verification.said)
        if finding.suppression:
            yield from self._prose("Suppressed:", f"{finding.suppression.reason} ({finding.suppression.kind})")
            return
        if rule.id not in self._explained:  # said once for each rule
            self._explained.add(rule.id)
            yield from self._prose("What it is:", rule.description)
            yield from self._prose("Why it matters:", rule.impact)
            yield from self._prose("What to do:", rule.remediation)
        if self.options.verbose:
            for item in finding.evidence:
                yield from self._hanging(f"{_INDENT}{item.weight:+5.1f}  ", self._clean(item.text), "dim", "dim")

    def _heading(self, finding: Finding, rule: Rule) -> Iterator[Line]:
        """Say how bad, where and what, in one line or, where that is too narrow, in two or three."""
        place = self._paths.place(finding.location)
        name = self._clean(rule.name)
        kind = f"[{self._clean(rule.id)}, {finding.confidence.label} confidence]"
        line: Line = [(finding.severity.label, STYLES[finding.severity]), ("  ", ""), (place, "bold")]
        for text, style in ((name, ""), (kind, "dim")):
            if cells("".join(piece for piece, _ in line)) + 2 + cells(text) > self.width:
                yield line
                line = [("  ", "")]
            line += [("  ", ""), (text, style)]
        yield line

    def _frame(self, location: Location, style: str) -> Iterator[Line]:
        """Show the line in question with the mark underlined."""
        excerpt = location.excerpt
        if not excerpt.text.strip():
            return
        gutter = f"{location.region.start_line:>6} | "
        before, marked, after = framed(
            self._code(excerpt.text[: excerpt.start]),
            self._code(excerpt.text[excerpt.start : excerpt.end]),
            self._code(excerpt.text[excerpt.end :]).rstrip(),
            self.width - len(gutter),
        )
        margin = f"{'| ':>{len(gutter)}}"
        yield [(gutter, "dim"), (before, ""), (marked, style), (after, "")]
        if location.end > location.start:
            yield [(margin, "dim"), (" " * cells(before) + "^" * max(1, cells(marked)), style)]
        if location.region.end_line > location.region.start_line:
            yield [(margin, "dim"), (f"... to line {location.region.end_line}", "dim")]

    def _steps(self, first: str, steps: tuple[Location, ...], origin: Location) -> Iterator[Line]:
        for number, step in enumerate(steps):
            place = f"line {step.region.start_line}"
            if step.provenance != origin.provenance:
                place = f"{self._paths.file(step)} {place}"
            joint = first if number == 0 else "->" if first == "from" else "and"
            note = f", {self._clean(step.note)}" if step.note else ""
            said = f"{_INDENT}{joint} {place}{note}"
            if _is_shown(step, origin):
                yield from self._hanging(_INDENT, said.strip(), "")
                continue
            code = self._code(step.excerpt.text).strip()
            if cells(said) + 2 + min(cells(code), 24) > self.width:
                yield from self._hanging(_INDENT, f"{joint} {place}{note}:", "")
                yield [(_INDENT * 2 + self._around(step, self.width - 2 * len(_INDENT)), "dim")]
            else:
                yield [(f"{said}: ", ""), (self._around(step, self.width - cells(said) - 2), "dim")]

    def _around(self, step: Location, width: int) -> str:
        """Return as much of the code of a step as `width` columns take, around what the step is about."""
        text, start, end = step.excerpt.text, step.excerpt.start, step.excerpt.end
        before, after = self._code(text[:start]).lstrip(), self._code(text[end:]).rstrip()
        return "".join(framed(before, self._code(text[start:end]), after, width)).strip()

    def _prose(self, label: str, text: str) -> Iterator[Line]:
        for line in wrapped(self._clean(text), min(self.width, _PROSE) - len(_INDENT) - _LABEL_WIDTH):
            yield self._labelled(label, line)
            label = ""

    def _labelled(self, label: str, text: str) -> Line:
        return [(_INDENT, ""), (f"{label:<{_LABEL_WIDTH}}", "bold"), (text, "")]

    def _hanging(self, label: str, text: str, style: str, rest: str = "") -> Iterator[Line]:
        """Wrap `text` behind a label; further lines begin below its beginning."""
        for line in wrapped(text, self.width - len(label)) or [""]:
            yield [(label, style), (line, rest)]
            label = " " * len(label)

    def _hint(self, text: str) -> Iterator[Line]:
        yield from ([(line, "dim")] for line in wrapped(text, self.width))

    # --- the summary ---

    def _summary(self) -> Iterator[Line]:
        report, statistics = self.report, self.report.statistics
        inside = f", {counted(statistics.members, 'member')} of archives" if statistics.members else ""
        size = readable_size(statistics.bytes)
        scanned = f"{counted(statistics.files, 'file')}{inside}, {size} in {statistics.seconds:.2f} s"
        if report.active:
            severities = Counter(finding.severity for finding in report.active)
            parts = ", ".join(f"{severities[level]} {level.label}" for level in reversed(Severity) if severities[level])
            yield from self._verdict(f"{counted(len(report.active), 'finding')}: {parts}", "bold", scanned)
        elif report.errors:
            yield from self._verdict("No findings, but not everything could be scanned", "bold yellow", scanned)
        elif not statistics.files:
            yield [("Nothing to scan: no files", "bold yellow")]
        elif statistics.not_live:
            yield from self._verdict("No key is known to be live", "bold yellow", scanned)
        else:
            yield [("No secrets found", "bold green"), (f" in {scanned}", "")]
        yield from self._left_out()
        if report.suppressed:
            kinds = Counter(finding.suppression.kind.value for finding in report.suppressed if finding.suppression)
            parts = ", ".join(
                f"{number} {kind}" for kind, number in sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
            )
            yield from self._hanging("", f"{len(report.suppressed)} suppressed: {parts}", "")
        if statistics.hidden_findings:
            options = "--min-severity info --min-confidence low"
            yield from self._hanging("", f"{statistics.hidden_findings} below the thresholds; {options} shows them", "")
        if report.active:
            yield from self._hint("Why one is reported: keytrace explain FILE:LINE")
            yield from self._hint("No secret? Add the comment  keytrace:ignore[rule-id] -- why  to its line")

    def _verdict(self, verdict: str, style: str, scanned: str) -> Iterator[Line]:
        if cells(f"{verdict}; scanned {scanned}") <= self.width:
            yield [(verdict, style), (f"; scanned {scanned}", "")]
        else:
            yield from ([(line, style)] for line in wrapped(verdict, self.width))
            yield from self._hanging("", f"scanned {scanned}", "")

    def _left_out(self) -> Iterator[Line]:
        """Say how much was left out for which reason; what could not be read is an error and said already."""
        skipped = self.report.statistics.skipped
        if binary := skipped.get(Reason.BINARY):
            yield [(f"{counted(binary, 'binary file')} searched only for keys with a format of their own", "")]
        named = {Reason.BINARY, Reason.UNREADABLE, Reason.LINK_WITHIN}
        others = [_reckoned(number, reason) for reason, number in skipped.items() if reason not in named]
        if others:
            hint = "" if self.options.list_skipped or self.options.verbose else "; --list-skipped names them"
            yield from self._hanging("", f"left out: {', '.join(others)}{hint}", "")

    def _by_rule(self) -> Iterator[Line]:
        """Show how often each rule was broken, the worst first, and where."""
        places: dict[tuple[Severity, str], list[Finding]] = {}
        for finding in self.report.active:
            places.setdefault((finding.severity, finding.rule_id), []).append(finding)
        rows = sorted(places.items(), key=lambda row: (-row[0][0], -len(row[1]), row[0][1]))
        shown = rows if self.options.verbose else rows[:_MOST_RULES]
        digits = max(len(str(len(found))) for _, found in shown)
        widest = max(self.width - 8 - digits - 6, 16)  # columns of a rule
        longest = min(max(cells(self._clean(rule)) for (_, rule), _ in shown), widest)
        for (severity, rule), found in shown:
            files = list(dict.fromkeys(self._paths.file(finding.location) for finding in found))
            more = f" and {counted(len(files) - 1, 'more file')}" if len(files) > 1 else ""
            name = cropped(self._clean(rule), longest, end=True)
            head = f"  {len(found):>{digits}}  {name}{' ' * (longest - cells(name))}  "
            room = self.width - 8 - cells(head) - cells(more)
            if room >= _NARROWEST_PLACE or cells(files[0]) <= room:
                place = cropped(files[0], room, end=False) + more
            else:  # how many, where there is room for that
                place = counted(len(files), "file")
                place = place if cells(place) <= room + cells(more) else ""
            yield [(f"{severity.label:<8}", STYLES[severity]), (head, ""), (place, "dim")]
        if len(rows) > len(shown):
            yield [(f"... and {counted(len(rows) - len(shown), 'more rule')}; -v shows them", "dim")]
        yield []

    def _code(self, text: str) -> str:
        return self._clean(text.replace("\t", _INDENT))


def _is_shown(step: Location, origin: Location) -> bool:
    """Tell whether the line of a step is the one that the finding shows, near enough to be seen there."""
    here, there = step.region, origin.region
    near = here.start_line == there.start_line and abs(here.start_column - there.start_column) < _PROSE
    return near and step.provenance == origin.provenance


def _reckoned(number: int, reason: str) -> str:
    """Say how much was left out for one reason: "2 by .gitignore", "1 special file", "3 symbolic links"."""
    if reason in {*OWN_REASONS, Reason.NESTED}:
        return f"{number} by {reason}"
    return counted(number, reason) if reason in (Reason.LINK, Reason.SPECIAL) else f"{number} {reason}"
