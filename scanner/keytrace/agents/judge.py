"""Is there a key in what an agent is about to do? The answer names rules and lines, never the key."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from keytrace.agents.event import Event, Phase
from keytrace.api import scan_source
from keytrace.config import Config
from keytrace.errors import ScannerError
from keytrace.model import Finding, Report
from keytrace.sources.content import read_file
from keytrace.sources.texts import TextSource, path_below

_MOST = 5  # findings that are named
_CONSEQUENCES = {
    Phase.PROMPT: "It was not sent. Take the key out, or name the variable of the environment that holds it",
    Phase.BEFORE: "It was not done. Let the key come from the environment or a secret manager at run time, and tell "
    "the user; do not look for another way to pass it on",
    Phase.AFTER: "Do not repeat it, write it to a file or send it anywhere; tell the user that it was shown and is to "
    "be replaced",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why something must not be, empty where nothing speaks against it; `notes` tell what could not be looked at."""

    reason: str = ""
    notes: tuple[str, ...] = ()


def judge(event: Event, root: str, config: Config) -> Verdict:
    """Scan what an event carries, as the files that it is or is to be, below `root`."""
    notes: list[str] = []
    labels: dict[str, str] = {}
    texts: list[tuple[str, bytes]] = []
    for piece in event.pieces:
        path = piece.path if piece.label else path_below(root, os.path.join(event.folder or root, piece.path))
        labels.setdefault(path, piece.label or "what is to be written to {}")
        texts.append((path, piece.text.encode("utf-8", "surrogatepass")))
    for path, data in _read(event, root, config, notes):
        labels.setdefault(path, "{}")
        texts.append((path, data))
    if not texts:
        return Verdict(notes=tuple(notes))
    source = TextSource(texts, root, config.exclude, config.trust_repo)
    report = scan_source(source, root, config)
    notes += [f"{error.path}: {error.message}" for error in report.errors]
    return Verdict(_reason(report, labels, event.phase), tuple(notes))


def _read(event: Event, root: str, config: Config, notes: list[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the files that the model is to see; a folder and what is not there are none."""
    for name in event.reads:
        file = os.path.join(event.folder or root, os.path.expanduser(name))
        if not os.path.isfile(file):
            continue
        path = path_below(root, file)
        try:
            yield path, read_file(file, config.max_file_size, follow=True)
        except (OSError, ScannerError) as error:
            notes.append(f"{path}: {error.message if isinstance(error, ScannerError) else error.strerror}")


def _reason(report: Report, labels: dict[str, str], phase: Phase) -> str:
    if not report.active:
        return ""
    names = {rule.id: rule.name for rule in report.rules}
    told = [_told(finding, names, labels) for finding in report.active[:_MOST]]
    more = len(report.active) - len(told)
    listed = "; ".join(told) + (f"; and {more} more" if more else "")
    return f"keytrace: {listed}. {_CONSEQUENCES[phase]}."


def _told(finding: Finding, names: dict[str, str], labels: dict[str, str]) -> str:
    path, region = finding.location.provenance.path, finding.location.region
    name = names.get(finding.rule_id, finding.rule_id)
    what = labels.get(path, "{}").format(path)
    return f"{what} holds what looks like a live key in line {region.start_line}: {name} [{finding.rule_id}]"
