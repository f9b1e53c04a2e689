"""Which of our findings a file of another scanner speaks of: by the secret where it tells, else by the line."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial

from keytrace.errors import ScannerError
from keytrace.git import run
from keytrace.imports import HEEDED, read_foreign
from keytrace.imports.foreign import Content, Entry, Foreign, digests_of
from keytrace.model import CommitProvenance, Finding, Suppression, SuppressionKind, outermost

# What gitleaks calls whatever it knows by its name alone.
_GENERAL = "gitleaks:generic-api-key"

Peers = Callable[[str], Collection[str]]  # the id of a rule of ours -> ids of others that it stands for


@dataclass(slots=True)
class Accepted:
    """The findings that a file speaks of, and those of its entries that speak of none."""

    findings: list[Finding] = field(default_factory=list)
    unused: list[Entry] = field(default_factory=list)


def accepted(foreign: Foreign, findings: Sequence[Finding], root: str, peers: Peers) -> Accepted:
    """Return which of `findings`, in the tree below `root`, a file speaks of."""
    index = _Index(foreign.entries)
    used: set[int] = set()
    result = Accepted()
    for finding in findings:
        meant = {number for number in index.lines(finding) if _is_of(finding, foreign.entries[number], root, peers)}
        meant.update(index.secrets(finding))
        used |= meant
        if meant or _passes(foreign, finding):
            result.findings.append(finding)
    result.unused = [entry for number, entry in enumerate(foreign.entries) if number not in used]
    return result


class _Index:
    """The numbers of entries by what they tell: by path and digest, or by path alone."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._secrets: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._lines: dict[str, list[int]] = defaultdict(list)
        for number, entry in enumerate(entries):
            if entry.digest:
                self._secrets[entry.path, entry.digest].append(number)
            else:
                self._lines[entry.path].append(number)

    def secrets(self, finding: Finding) -> Iterator[int]:
        """Yield the entries for the secret of a finding, in its file or in any."""
        for digest in digests_of(finding.secret.value) if self._secrets else ():
            for path in (_path(finding), ""):
                yield from self._secrets.get((path, digest), ())

    def lines(self, finding: Finding) -> Sequence[int]:
        """Return the entries that tell no secret, of the file of a finding."""
        return self._lines.get(_path(finding), ())


def heed(findings: Sequence[Finding], root: str, notes: list[str], peers: Peers) -> list[Finding]:
    """Return `findings`, those suppressed that the files of other scanners in the root speak of; say so in `notes`."""
    told = list(findings)
    for name in HEEDED:
        path = os.path.join(root, name)
        if not os.path.lexists(path):
            continue
        try:
            _, foreign = read_foreign(Content(path, root=root, follow=False))
        except ScannerError as error:
            notes.append(f"{error.message.replace(path, name, 1)}: it is not heeded")
            continue
        spoken = {
            id(one) for one in accepted(foreign, [one for one in told if not one.suppression], root, peers).findings
        }
        reason = Suppression(SuppressionKind.BASELINE, f"accepted in {name}")
        told = [replace(one, suppression=reason) if id(one) in spoken else one for one in told]
        if spoken:
            notes.append(f"{name} is honoured: {len(spoken)} finding{'' if len(spoken) == 1 else 's'} accepted in it")
        notes += [f"{name}: {note}" for note in foreign.notes]
    return told


def _path(finding: Finding) -> str:
    return finding.location.provenance.path


def _passes(foreign: Foreign, finding: Finding) -> bool:
    try:
        return foreign.passes is not None and foreign.passes(_path(finding), finding.secret.value)
    except TimeoutError:
        return False  # what takes so long is no reason to leave a secret out


def _is_of(finding: Finding, entry: Entry, root: str, peers: Peers) -> bool:
    """Tell whether an entry that names a line speaks of a finding there: of its rule or, where that has no name at the
    other scanner, of whatever it is.
    """
    scanner = entry.rule.partition(":")[0]
    names = [name for name in peers(finding.rule_id) if name.startswith(f"{scanner}:")] if entry.rule else []
    if names and entry.rule not in names and _GENERAL not in names:
        return False
    place = outermost(finding.location.provenance)
    if not entry.line:
        return False
    if entry.commit and not (isinstance(place, CommitProvenance) and place.commit.id.startswith(entry.commit)):
        first = finding.secret.value.split(b"\n")[0]
        return first in _line_of(root, entry.commit, entry.path, entry.line)
    return finding.location.region.start_line <= entry.line <= finding.location.region.end_line


def _line_of(root: str, commit: str, path: str, line: int) -> bytes:
    """Return a line of a file as it was in a commit; nothing where there is none."""
    lines = _lines_of(root, commit, path)
    return lines[line - 1] if line <= len(lines) else b""


@lru_cache(maxsize=8)  # one file after the other
def _lines_of(root: str, commit: str, path: str) -> tuple[bytes, ...]:
    show = partial(run, folder=root)
    try:
        return tuple(show(["cat-file", "blob", f"{commit}:{path}"]).split(b"\n"))
    except ScannerError:
        return ()
