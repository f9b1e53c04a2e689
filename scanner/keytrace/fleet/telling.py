"""What came of a fleet, in words, JSON lines and SARIF."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TextIO

from keytrace.fleet.merging import merged
from keytrace.fleet.work import Outcome
from keytrace.lifecycle.views import VIEWS, View
from keytrace.reporters.layout import printable
from keytrace.reporters.records import VERSION
from keytrace.reporters.sarif import write_runs

_PLACES = 3  # repositories that are named of those with one secret


def lines(outcome: Outcome) -> Iterator[str]:
    """Yield what came of one repository."""
    found, failed = outcome.findings, outcome.errors
    if not found and not failed:
        yield f"{outcome.name}: clean"
        return
    told = "not scanned" if outcome.is_lost else _number(len(found), "finding") if found else "no findings"
    yield f"{outcome.name}: {told}" if outcome.is_lost or not failed else f"{outcome.name}: {told}, not all was scanned"
    for one in failed:
        yield f"  error     {one['message']}" if outcome.is_lost else f"  error     {one['path']}: {one['message']}"
    for one in found:
        commit = one.get("commit", {}).get("id", "")[:10]
        file = f"{commit}:{one['path']}" if commit else one["path"]
        place = f"{file}:{one['start_line']}:{one['start_column']}"
        yield f"  {one['severity']:<9} {place}  {one['name']}  [{one['rule']}, {one['confidence']} confidence]"


def write_jsonl(outcome: Outcome, stream: TextIO) -> None:
    stream.writelines(json.dumps({"version": VERSION, **record}) + "\n" for record in outcome.records)


def write_all_jsonl(outcomes: Iterable[Outcome], stream: TextIO) -> None:
    for outcome in outcomes:
        write_jsonl(outcome, stream)


def write_all_sarif(outcomes: Iterable[Outcome], stream: TextIO) -> None:
    """Write one document, a run for each repository; what tells them apart is `automationDetails`."""
    write_runs((outcome.run for outcome in outcomes), stream)


def write_all_text(outcomes: Iterable[Outcome], stream: TextIO) -> None:
    summary = Summary()
    for outcome in outcomes:
        summary.add(outcome)
        stream.writelines(f"{printable(line)}\n" for line in lines(outcome))
    stream.writelines(f"{printable(line)}\n" for line in summary.lines())


Writer = Callable[[Iterable[Outcome], TextIO], None]
FORMATS: dict[str, Writer] = {"text": write_all_text, "jsonl": write_all_jsonl, "sarif": write_all_sarif}


def writer(kind: str) -> Writer:
    """Return what writes reports, or else inventories, of that kind."""
    return FORMATS.get(kind) or partial(_write_inventory, VIEWS[kind])


def _write_inventory(view: View, outcomes: Iterable[Outcome], stream: TextIO) -> None:
    view(merged(outcomes), stream)


class Summary:
    """The sum of all repositories, and which secrets are in several of them."""

    def __init__(self) -> None:
        self.repositories = self.lost = self.incomplete = self.findings = self.with_findings = 0
        self._of: dict[str, tuple[str, dict[str, None]]] = {}  # digest -> what it is, and the repositories

    def add(self, outcome: Outcome) -> None:
        found = outcome.findings
        self.repositories += 1
        self.lost += outcome.is_lost
        self.incomplete += bool(outcome.errors) and not outcome.is_lost
        self.findings += len(found)
        self.with_findings += bool(found)
        for one in found:
            if digest := one.get("secret_digest"):
                self._of.setdefault(digest, (one["name"], {}))[1][outcome.name] = None

    @property
    def exit_code(self) -> int:
        """3 where a repository was not scanned, whatever was found in others; else as for a scan."""
        if self.lost:
            return 3
        if self.findings:
            return 1
        return 3 if self.incomplete else 0

    def lines(self) -> Iterator[str]:
        for what, names in sorted(self._of.values(), key=lambda one: -len(one[1])):
            if len(names) > 1:
                first = ", ".join([*names][:_PLACES])
                more = f" and {len(names) - _PLACES} more" if len(names) > _PLACES else ""
                yield f"one secret in {len(names)} repositories: {what}, in {first}{more}"
        repositories = "1 repository" if self.repositories == 1 else f"{self.repositories} repositories"
        told = f"{_number(self.findings, 'finding')} in {self.with_findings} of {repositories}"
        yield ", ".join([told, *_if(self.lost, "not scanned"), *_if(self.incomplete, "not wholly scanned")])


def _number(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count} {what}s"


def _if(count: int, what: str) -> list[str]:
    return [f"{count} {what}"] if count else []
