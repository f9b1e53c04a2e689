"""The report for people: styled on a terminal, the same text without styles in a pipe or a file."""

from __future__ import annotations

import os
import shutil
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TextIO

from keytrace.model import Finding, Location, Report, Rule, Severity, StreamProvenance
from keytrace.reporters import ReporterOptions
from keytrace.reporters.records import valid

Line = list[tuple[str, str]]  # pieces of text, each with the style it has on a terminal

_STYLES = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
    Severity.INFO: "blue",
}
_MAX_WIDTH = 100  # prose in longer lines is hard to read
_INDENT = "    "
_LABEL_WIDTH = 16


def write(report: Report, stream: TextIO, options: ReporterOptions) -> None:
    width = options.width or _MAX_WIDTH
    if options.width is None and stream.isatty():
        width = min(_MAX_WIDTH, shutil.get_terminal_size().columns)
    lines = _Page(report, options, stream.encoding or "utf-8", max(width, 40)).lines()
    if options.color if options.color is not None else _has_colors(stream):
        _write_styled(lines, stream)
    else:
        stream.writelines("".join(text for text, _ in line) + "\n" for line in lines)


def printable(text: str, encoding: str = "utf-8") -> str:
    r"""Return `text` for a terminal: control, bidi and other invisible characters as escapes such as \x1b.

    So is what `encoding` cannot express, and each undecodable byte of a file name.
    """
    visible = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in valid(text))
    return visible.encode(encoding, "backslashreplace").decode(encoding)


def _has_colors(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _write_styled(lines: Iterable[Line], stream: TextIO) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, force_terminal=True, color_system="standard", no_color=False, highlight=False)
    for line in lines:
        console.print(Text.assemble(*line), soft_wrap=True)  # Text, not a string: nothing is read as markup


@dataclass
class _Page:
    """Composes the lines. Whatever comes from a scanned file goes through `_clean`."""

    report: Report
    options: ReporterOptions
    encoding: str
    width: int
    _explained: dict[str, str] = field(default_factory=dict)  # rule id -> the place of its first finding

    def lines(self) -> Iterator[Line]:
        rules = {rule.id: rule for rule in self.report.rules}
        for finding in self.report.findings if self.options.verbose else self.report.active:
            yield from self._finding(finding, rules[finding.rule_id])
            yield []
        for note in self.report.notes:
            yield [("note: ", "bold"), (self._clean(note), "")]
        if self.report.errors:
            yield [("could not be scanned:", "bold red")]
            for error in self.report.errors:
                yield [(f"{_INDENT}{self._path(error.path)}: {self._clean(error.message)}", "")]
        yield from self._summary()

    # --- a finding ---

    def _finding(self, finding: Finding, rule: Rule) -> Iterator[Line]:
        region = finding.location.region
        place = f"{self._file(finding.location)}:{region.start_line}:{region.start_column}"
        yield [
            (finding.severity.label, _STYLES[finding.severity]),
            ("  ", ""),
            (place, "bold"),
            (f"  {self._clean(rule.name)}", ""),
            (f"  [{self._clean(rule.id)}, {finding.confidence.label} confidence]", "dim"),
        ]
        if finding.message != rule.name:
            yield [(_INDENT + self._clean(finding.message), "")]
        yield from self._frame(finding.location, _STYLES[finding.severity])
        if self.options.show_secrets:
            yield self._labelled("The secret:", self._clean(finding.secret.value.decode("utf-8", "replace")))
        yield from self._steps("together with", finding.related, finding.location)
        yield from self._steps("from", finding.flow, finding.location)
        if finding.suppression:
            yield from self._prose("Suppressed:", f"{finding.suppression.reason} ({finding.suppression.kind})")
            return
        yield from self._guidance(rule, place)
        if self.options.verbose:
            for item in finding.evidence:
                yield [(f"{_INDENT}{item.weight:+5.1f}  {self._clean(item.text)}", "dim")]

    def _frame(self, location: Location, style: str) -> Iterator[Line]:
        """Show the line in question with the mark underlined."""
        excerpt = location.excerpt
        if not excerpt.text.strip():
            return
        before = self._code(excerpt.text[: excerpt.start])
        marked = self._code(excerpt.text[excerpt.start : excerpt.end])
        after = self._code(excerpt.text[excerpt.end :])
        gutter = f"{location.region.start_line:>6} | "
        margin = f"{'| ':>{len(gutter)}}"
        yield [(gutter, "dim"), (before, ""), (marked, style), (after.rstrip(), "")]
        if location.end > location.start:
            yield [(margin, "dim"), (" " * _cells(before) + "^" * max(1, _cells(marked)), style)]
        if location.region.end_line > location.region.start_line:
            yield [(margin, "dim"), (f"... to line {location.region.end_line}", "dim")]

    def _steps(self, first: str, steps: tuple[Location, ...], origin: Location) -> Iterator[Line]:
        for number, step in enumerate(steps):
            place = f"line {step.region.start_line}"
            if step.provenance != origin.provenance:
                place = f"{self._file(step)} {place}"
            joint = first if number == 0 else "->" if first == "from" else "and"
            note = f", {self._clean(step.note)}" if step.note else ""
            if first != "from" and step.excerpt.text == origin.excerpt.text:  # the line is shown already
                yield [(f"{_INDENT}{joint} {place}{note}", "")]
                continue
            yield [(f"{_INDENT}{joint} {place}{note}: ", ""), (self._code(step.excerpt.text).strip(), "dim")]

    def _guidance(self, rule: Rule, place: str) -> Iterator[Line]:
        """Say what it is, why it matters and what to do, once for each rule."""
        if rule.id in self._explained:
            yield self._labelled("What to do:", f"as for {self._explained[rule.id]}")
            return
        self._explained[rule.id] = place
        yield from self._prose("What it is:", rule.description)
        yield from self._prose("Why it matters:", rule.impact)
        yield from self._prose("What to do:", rule.remediation)

    def _prose(self, label: str, text: str) -> Iterator[Line]:
        room = self.width - len(_INDENT) - _LABEL_WIDTH
        for line in textwrap.wrap(self._clean(text), room, break_long_words=False, break_on_hyphens=False):
            yield self._labelled(label, line)
            label = ""

    def _labelled(self, label: str, text: str) -> Line:
        return [(_INDENT, ""), (f"{label:<{_LABEL_WIDTH}}", "bold"), (text, "")]

    # --- the summary ---

    def _summary(self) -> Iterator[Line]:
        report, statistics = self.report, self.report.statistics
        scanned = f"{_count(statistics.files, 'file')}, {_size(statistics.bytes)} in {statistics.seconds:.2f} s"
        if report.active:
            severities = Counter(finding.severity for finding in report.active)
            parts = ", ".join(f"{severities[level]} {level.label}" for level in reversed(Severity) if severities[level])
            yield [(f"{_count(len(report.active), 'finding')}: {parts}", "bold"), (f"; scanned {scanned}", "")]
        elif report.errors:
            yield [("No findings, but not everything could be scanned", "bold yellow"), (f"; scanned {scanned}", "")]
        elif not statistics.files:
            yield [("Nothing to scan: no files", "bold yellow")]
        else:
            yield [("No secrets found", "bold green"), (f" in {scanned}", "")]
        if statistics.binary_files:
            yield [(f"{_count(statistics.binary_files, 'binary file')} skipped", "")]
        if report.suppressed:
            kinds = Counter(finding.suppression.kind.value for finding in report.suppressed if finding.suppression)
            parts = ", ".join(
                f"{number} {kind}" for kind, number in sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
            )
            yield [(f"{len(report.suppressed)} suppressed: {parts}", "")]
        if statistics.hidden_findings:
            options = "--min-severity info --min-confidence low"
            yield [(f"{statistics.hidden_findings} below the thresholds; {options} shows them", "")]
        if report.active:
            yield [("If one is no secret, end its line with the comment  keytrace:ignore[rule-id] -- why", "dim")]

    # --- text from scanned files ---

    def _clean(self, text: str) -> str:
        return printable(text, self.encoding)

    def _code(self, text: str) -> str:
        return self._clean(text.replace("\t", _INDENT))

    def _file(self, location: Location) -> str:
        if isinstance(location.provenance, StreamProvenance):
            return self._clean(location.provenance.path)  # a name, not a place
        return self._path(location.provenance.path)

    def _path(self, path: str) -> str:
        """Return a path of the report relative to where the user is when it is below, else absolute."""
        full = os.path.join(self.report.root, path).replace(os.sep, "/")
        base = (self.options.relative_to or self.report.root).replace(os.sep, "/").rstrip("/") + "/"
        return self._clean(full.removeprefix(base))


def _cells(text: str) -> int:
    """Return how many columns of a terminal `text` takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _size(size: int) -> str:
    if size < 1000:
        return f"{size} B"
    exponent = min((len(str(size)) - 1) // 3, 4)
    return f"{size / 1000**exponent:.1f} {' kMGT'[exponent]}B"
