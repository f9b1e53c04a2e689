"""All fixes of a tree: planned, chosen and proven, as often as there is something new to fix."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from keytrace.fixers.naming import Names
from keytrace.fixers.patch import Change
from keytrace.fixers.plan import FilePlan, Planned, Wishes, plan
from keytrace.fixers.prove import Scan, prove
from keytrace.model import FileProvenance, Finding, Report

_PASSES = 4  # fixes that wait for each other in one place are few

Read = Callable[[str], bytes | None]
Choose = Callable[[FilePlan, Planned], Planned | None]  # the fix that the user wants, or none


@dataclass(slots=True)
class Outcome:
    """What is to be written, what that settles, and what is left alone, and why."""

    changes: list[Change]
    fixed: list[Planned]
    left: list[Planned]
    report: Report  # of the scan that proves it: what is left to be found
    contents: dict[str, bytes] = field(repr=False)  # the files that have findings, as they would be

    @property
    def values(self) -> list[str]:
        """The values that were in the edited files."""
        return [one.value for item in self.fixed if item.fix for one in item.fix.variables]

    @property
    def edited(self) -> set[str]:
        """The files with fixes."""
        return {one.finding.location.provenance.path for one in self.fixed}

    def variables(
        self, file_of: Callable[[str], str] = lambda _path: "", without: Collection[str] = ()
    ) -> dict[str, dict[str, str]]:
        """Return the variables that the edited files but those `without` read, with the values that were in them, by
        what `file_of` says of each.
        """
        found: dict[str, dict[str, str]] = {}
        for item in self.fixed:
            path = item.finding.location.provenance.path
            for one in item.fix.variables if item.fix and path not in without else ():
                found.setdefault(file_of(path), {})[one.name] = one.value
        return found


@dataclass(slots=True)
class Work:
    """What the fixes of a tree need: how to read a file, how to scan once more, the names, and what is wanted."""

    read: Read
    scan: Scan
    names: Names
    wishes: Wishes
    choose: Choose = lambda _file, item: item
    rules: Collection[str] = ()  # of which findings are to be fixed; all where there is none
    contents: dict[str, bytes] = field(default_factory=dict, repr=False)
    before: dict[str, bytes] = field(default_factory=dict, repr=False)
    answers: dict[str, bool] = field(default_factory=dict)  # by fingerprint: whether the user wants a fix
    blocked: dict[str, str] = field(default_factory=dict)  # fingerprints of what cannot be fixed, and why
    tolerated: dict[str, Finding] = field(default_factory=dict)  # what fixes brought and others should settle

    def run(self, report: Report) -> Outcome:
        """Fix what can be fixed of a report; nothing is written."""
        while True:
            self.contents = dict(self.before)
            self.tolerated = {}
            outcome = self._attempt(report)
            spoilt = {one.location.provenance.path: one for one in self._unsettled(outcome)}
            if not spoilt:
                return outcome
            for item in outcome.fixed:
                if new := spoilt.get(item.finding.location.provenance.path):
                    why = f"there would be a new finding of '{new.rule_id}' in the file"
                    self.blocked.setdefault(item.finding.fingerprint, why)

    def _unsettled(self, outcome: Outcome) -> list[Finding]:
        return [one for one in outcome.report.active if one.fingerprint in self.tolerated]

    def _attempt(self, report: Report) -> Outcome:
        fixed: list[Planned] = []
        left: list[Planned] = []
        for _ in range(_PASSES):
            files = plan(self._wanted(report), self._contents(report), self.names, self.wishes)
            self._chosen(files)
            report = prove(files, report, self.scan_all, self._tolerates)
            left = [item for file in files for item in file.items if item.fix is None or item.fix.shown_only]
            done = [item for file in files for item in file.items if item not in left]
            self.contents |= {file.path: file.result() for file in files if file.edits()}
            fixed += done
            if not done:
                break
        still = {one.fingerprint for one in report.active}
        left = [one for one in left if one.finding.fingerprint in still]
        return Outcome(self._changes(), fixed, left, report, self.contents)

    def _changes(self) -> list[Change]:
        changed = ((path, data) for path, data in self.contents.items() if data != self.before[path])
        return [Change(path, self.before[path], data) for path, data in changed]

    def _tolerates(self, finding: Finding, data: bytes) -> bool:
        """Tell whether a new finding could be fixed in its turn."""
        (file,) = plan([finding], {finding.location.provenance.path: data}, self.names, self.wishes)
        fix = file.items[0].fix
        if fix is None or fix.shown_only or finding.fingerprint in self.blocked:
            return False
        self.tolerated[finding.fingerprint] = finding
        return True

    def scan_all(self, edited: Mapping[str, bytes]) -> Report:
        """Scan with all that is edited up to now."""
        return self.scan({**{change.path: change.after for change in self._changes()}, **edited})

    def _wanted(self, report: Report) -> list[Finding]:
        return [one for one in report.active if not self.rules or one.rule_id in self.rules]

    def _contents(self, report: Report) -> dict[str, bytes]:
        """Return the files that have findings, as they are by now."""
        for finding in self._wanted(report):
            place = finding.location.provenance
            if place.path not in self.contents and isinstance(place, FileProvenance):
                data = self.read(place.path)
                if data is not None:
                    self.contents[place.path] = self.before[place.path] = data
        return self.contents

    def _chosen(self, files: list[FilePlan]) -> None:
        """Leave out what the user does not want."""
        for file in files:
            for number, item in enumerate(file.items):
                if item.fix is None or item.fix.shown_only:
                    continue
                if why := self.blocked.get(item.finding.fingerprint):
                    file.items[number] = item.without(why)
                else:
                    file.items[number] = self._asked(file, item) or item.without("you left it")

    def _asked(self, file: FilePlan, item: Planned) -> Planned | None:
        """Ask the user, once for each fix, however often it is planned."""
        fingerprint = item.finding.fingerprint
        if fingerprint not in self.answers:
            wanted = self.choose(file, item)
            self.answers[fingerprint] = wanted is not None
            return wanted
        return item if self.answers[fingerprint] else None

    def replan(self, file: FilePlan, item: Planned, name: str) -> Planned:
        """Return a fix with another name for its variable."""
        for one in item.fix.variables if item.fix else ():
            self.names.say(one.value, name)
        (again,) = plan([item.finding], {file.path: file.raw}, self.names, self.wishes)
        return again.items[0]
