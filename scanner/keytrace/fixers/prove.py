"""The proof of fixes: the same scan once more, with the edited files in memory. What it does not prove is not done."""

from __future__ import annotations

import ast
import json
import tomllib
import warnings
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from keytrace.fixers.edits import Edit
from keytrace.fixers.plan import FilePlan
from keytrace.model import Artifact, FileProvenance, Finding, Report, ScanError, Skipped
from keytrace.sources import Source

Scan = Callable[[Mapping[str, bytes]], Report]  # of the whole, with these contents in the place of files
_BROKEN = "the file would not parse any more"
Tolerates = Callable[[Finding, bytes], bool]  # whether a new finding in a file of this content will be fixed, too


@dataclass(frozen=True, slots=True)
class EditedArtifact:
    """A file as it would be."""

    path: str
    data: bytes = field(repr=False)

    @property
    def provenance(self) -> FileProvenance:
        return FileProvenance(self.path)

    @property
    def lines(self) -> None:
        return None

    def read(self, limit: int) -> bytes:  # noqa: ARG002 - it was read before
        return self.data


class EditedSource:
    """Another source, with some of its files as they would be."""

    def __init__(self, source: Source, edited: Mapping[str, bytes]) -> None:
        self._source, self._edited = source, edited

    def artifacts(self) -> Iterator[Artifact | ScanError | Skipped]:
        for item in self._source.artifacts():
            path = "" if isinstance(item, ScanError | Skipped) else item.provenance.path
            yield EditedArtifact(path, self._edited[path]) if path in self._edited else item


def prove(files: Sequence[FilePlan], before: Report, scan: Scan, tolerates: Tolerates) -> Report:
    """Scan with all that is planned; take back what does not hold, and say why, until the rest does.

    A new finding that `tolerates` is no reason. Return the report of the last scan: what is left to be found.
    """
    for file in files:
        _take_back_what_breaks(file)
    while changing := [file for file in files if file.edits()]:
        after = scan({file.path: file.result() for file in changing})
        known = {error.path for error in before.errors}
        errors = {error.path: error.message for error in after.errors if error.path not in known}
        taken = [_judge(file, before, after, errors, tolerates) for file in changing]
        if not any(taken) and not _elsewhere(changing, before, after):
            return after
    return before


def _judge(file: FilePlan, before: Report, after: Report, errors: Mapping[str, str], tolerates: Tolerates) -> bool:
    """Take back what a scan speaks against; tell whether there was anything."""
    if file.path in errors:
        return _take_back(file, f"the edited file could not be scanned: {errors[file.path]}")
    moved = Moved(file.edits())
    fixed = {item.finding.fingerprint for item in file.items if item.fix}
    old = [one for one in before.active if one.location.provenance.path == file.path]
    taken = False
    for one in after.active:
        if one.location.provenance.path != file.path:
            continue
        same = moved.same(one, old)
        if edits := moved.touched(one.location.start, one.location.end):
            is_new = all(was.fingerprint in fixed or was.known_as != one.known_as for was in same)
            if is_new and not tolerates(one, file.result()):
                why = f"what would stand there then is a finding of '{one.rule_id}', which has no fix of its own"
                taken |= _take_back(file, why, edits)
        elif not same and not tolerates(one, file.result()):
            taken |= _blame(file, one, moved)
    return taken


def _blame(file: FilePlan, new: Finding, moved: Moved) -> bool:
    """Take back the fixes that a new finding comes of: those on its way, those it names, else all of the file."""
    steps = [step for step in new.flow if step.provenance.path == file.path]
    edits = {edit for step in steps for edit in moved.touched(step.start, step.end)} or _named(file, new)
    why = f"there would be a new finding of '{new.rule_id}' in the file"
    return _take_back(file, why, edits) or _take_back(file, why)


def _named(file: FilePlan, finding: Finding) -> set[Edit]:
    """Return the edits that bring a variable which a new finding names."""
    fixes = [item.fix for item in file.items if item.fix]
    told = [fix for fix in fixes if any(f"'{one.name}'" in finding.message for one in fix.variables)]
    return {edit for fix in told for edit in fix.edits}


def _elsewhere(changing: Sequence[FilePlan], before: Report, after: Report) -> bool:
    """Take all back where files that are not changed have findings that they had not; tell whether that was so."""
    ours = {file.path for file in changing}
    known = {_identity(one) for one in before.findings}
    new = [one for one in after.active if one.location.provenance.path not in ours and _identity(one) not in known]
    for file in changing if new else ():
        _take_back(file, f"there would be a new finding of '{new[0].rule_id}' in {new[0].location.provenance.path}")
    return bool(new)


def _identity(finding: Finding) -> tuple[str, str, int]:
    return finding.known_as, finding.location.provenance.path, finding.location.start


def _take_back(file: FilePlan, why: str, edits: Collection[Edit] | None = None) -> bool:
    """Leave alone the findings whose fixes have one of these edits (None: any); tell whether there was one."""
    taken = False
    for number, item in enumerate(file.items):
        if item.fix is not None and (edits is None or not set(item.fix.edits).isdisjoint(edits)):
            file.items[number] = item.without(why)
            taken = True
    return taken


class Moved:
    """Where the places of an edited text were before."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        self._new: list[tuple[int, int, Edit]] = []  # start and end of what is new
        shift = 0
        for edit in edits:
            start = edit.start + shift
            self._new.append((start, start + len(edit.text), edit))
            shift += len(edit.text) - (edit.end - edit.start)
        self._starts = [one[0] for one in self._new]

    def back(self, offset: int) -> int:
        """Return where an offset was; one within a new text was where that begins."""
        number = bisect_right(self._starts, offset) - 1
        if number < 0:
            return offset
        _, end, edit = self._new[number]
        return edit.end + offset - end if offset >= end else edit.start

    def same(self, new: Finding, old: Iterable[Finding]) -> list[Finding]:
        """Return the findings that were where one is now."""
        start, end = self.back(new.location.start), self.back(new.location.end)
        return [was for was in old if was.location.start < max(end, start + 1) and start < was.location.end]

    def touched(self, start: int, end: int) -> set[Edit]:
        """Return the edits that a stretch of the new text has something of."""
        return {edit for first, last, edit in self._new if first < end and start < last}


def _take_back_what_breaks(file: FilePlan) -> None:
    """Take back the fixes with which a file would not parse any more: those that alone do that, else all."""
    if not _is_broken(file):
        return
    for number, item in enumerate(file.items):
        if _is_broken(FilePlan(file.path, file.raw, [item])):
            file.items[number] = item.without(_BROKEN)
    if _is_broken(file):
        _take_back(file, _BROKEN)


def _is_broken(file: FilePlan) -> bool:
    """Tell whether a file would not parse any more, where it does today."""
    parse = next((parse for ending, parse in _PARSERS.items() if file.path.endswith(ending)), None)
    return parse is not None and bool(file.edits()) and not _fails(parse, file.raw) and _fails(parse, file.result())


def _compile(data: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compile(data, "edited", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)


def _compose(data: bytes) -> None:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        list(yaml.compose_all(data, Loader=loader))
    except yaml.YAMLError as error:
        raise ValueError from error


_PARSERS: Mapping[str, Callable[[bytes], object]] = {
    ".py": _compile,
    ".json": json.loads,
    ".yml": _compose,
    ".yaml": _compose,
    ".toml": lambda data: tomllib.loads(data.decode()),
}


def _fails(parse: Callable[[bytes], object], data: bytes) -> bool:
    try:
        parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
    return False
