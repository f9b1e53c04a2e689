"""Many findings as a page to act on: the worst group first, each with the first of its lines, or with its folders."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from keytrace.model import Finding, Rule
from keytrace.reporters.layout import STYLES, Line, Paths, cells, counted, cropped, framed, shows_key, wrapped

_INDENT = "    "
_PROSE = 100  # columns
_NARROWEST_CODE = 16

GROUPS: dict[str, Callable[[Finding], Hashable]] = {
    "rule": lambda one: one.rule_id,
    "file": lambda one: one.location.provenance.path,
    "key": lambda one: one.secret.value if shows_key(one) else None,
    "severity": lambda one: one.severity,
}


@dataclass(frozen=True, slots=True)
class Grouped:
    """Findings by what they have in common; of each group at most `limit` lines are shown, all if it is 0."""

    by: str
    limit: int
    rules: Mapping[str, Rule]
    paths: Paths
    width: int

    def lines(self, findings: Sequence[Finding]) -> Iterator[Line]:
        """Yield the groups of findings, which come the worst first."""
        groups: dict[Hashable, list[Finding]] = {}
        for finding in findings:
            groups.setdefault(GROUPS[self.by](finding), []).append(finding)
        for group in sorted(groups.values(), key=lambda group: (-group[0].severity, -len(group))):
            yield from self._fitted(self._heading(group))
            if self.by == "rule" and (advice := self.rules[group[0].rule_id].remediation):
                for line in wrapped(self.paths.clean(advice), min(self.width, _PROSE) - len(_INDENT)):
                    yield [(f"{_INDENT}{line}", "dim")]
            yield from self._members(group)
            yield []

    def _fitted(self, heading: Line) -> Iterator[Line]:
        """Yield a heading in as many lines as it takes; a piece is never cut."""
        line: Line = []
        for text, style in heading:
            if line and cells("".join(piece for piece, _ in line)) + cells(text) > self.width:
                yield line
                line = [(_INDENT, ""), (text.lstrip(), style)]
            else:
                line.append((text, style))
        yield line

    def _heading(self, group: Sequence[Finding]) -> Line:
        first, clean, number = group[0], self.paths.clean, f"  {counted(len(group), 'finding')}"
        severity = (f"{first.severity.label}  ", STYLES[first.severity])
        if self.by == "file":
            return [severity, (self.paths.file(first.location), "bold"), (number, "")]
        if self.by == "severity":
            return [(first.severity.label, STYLES[first.severity]), (number, "")]
        if self.by == "key" and not shows_key(first):
            return [severity, ("no key of their own", "bold"), (number, "")]
        name = clean(self.rules[first.rule_id].name)
        kind = first.rule_id if self.by == "rule" else first.secret.redacted
        return [severity, (name, "bold"), (f"  [{clean(kind)}]", "dim"), (number, "")]

    def _members(self, group: Sequence[Finding]) -> Iterator[Line]:
        if not self.limit or len(group) <= self.limit:
            yield from map(self._member, group)
        elif self.by == "file":
            yield from map(self._member, group[: self.limit])
            yield from self._more(f"{len(group) - self.limit} more")
        else:
            yield from self._folders(group)

    def _member(self, finding: Finding) -> Line:
        place = self.paths.place(finding.location)
        if self.by == "file":
            place = place.removeprefix(self.paths.file(finding.location) + ":")
        line: Line = [(_INDENT, "")]
        if self.by in ("file", "key"):
            line.append((f"{finding.severity.label:<8}  ", STYLES[finding.severity]))
        line.append((place, ""))
        if self.by in ("file", "severity"):
            line.append((f"  {self.paths.clean(self.rules[finding.rule_id].name)}", ""))
        room = self.width - cells("".join(text for text, _ in line)) - 2
        excerpt = finding.location.excerpt
        pieces = (excerpt.text[: excerpt.start].lstrip(), excerpt.text[excerpt.start : excerpt.end],
                  excerpt.text[excerpt.end :].rstrip())  # fmt: skip
        before, marked, after = (self.paths.clean(piece.replace("\t", _INDENT)) for piece in pieces)
        if room >= _NARROWEST_CODE:
            line.append((f"  {''.join(framed(before, marked, after, room))}", "dim"))
        return line

    def _folders(self, group: Sequence[Finding]) -> Iterator[Line]:
        """Yield the folders that have most of a group, each with the first of its places."""
        folders: dict[str, list[Finding]] = {}
        for finding in group:
            folders.setdefault(self.paths.file(finding.location).rpartition("/")[0], []).append(finding)
        rows = sorted(folders.items(), key=lambda row: (-len(row[1]), row[0]))
        for folder, found in rows[: self.limit]:
            files = len({one.location.provenance.path for one in found})
            first = self.paths.place(found[0].location).removeprefix(f"{folder}/")
            said = f"  {len(found)} in {counted(files, 'file')}, from {first}"
            room = max(self.width - len(_INDENT) - cells(said) - 1, _NARROWEST_CODE)
            yield [(f"{_INDENT}{cropped(f'{folder}/' if folder else './', room, end=False)}", ""), (said, "dim")]
        if left := rows[self.limit :]:
            number = sum(len(found) for _, found in left)
            yield from self._more(f"{number} more in {counted(len(left), 'folder')}")

    def _more(self, left: str) -> Iterator[Line]:
        """Say what is left, and what shows that: the limit alone would show each finding by itself."""
        yield from self._fitted(
            [(f"{_INDENT}... and {left};", "dim"), (f" --group-by {self.by} --limit 0 shows all", "dim")]
        )
