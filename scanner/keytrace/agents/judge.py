"""Is there a key in what an agent is about to do? The answer names rules and lines, never the key."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from keytrace.agents.edits import applied
from keytrace.agents.event import Event, Phase, Piece
from keytrace.api import scan_source
from keytrace.config import Config
from keytrace.errors import ScannerError
from keytrace.model import Finding, SuppressionKind
from keytrace.sources.content import read_file
from keytrace.sources.texts import TextSource, path_below

_Texts = Sequence[tuple[str, bytes]]
_Found = tuple[str, Finding]  # with the name of its rule
_Key = tuple[str, str, tuple[bytes, ...]]
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


def judge(event: Event, root: str, config: Config, own: Config) -> Verdict:
    """Scan what an event carries: what is a file or is to be one by `config`, the configuration of the project below
    `root`; prompts, commands and outputs by `own`, the user's, as the project's may be of the agent's making.
    """
    own = replace(own, trust_repo=False, use_baseline=False)
    notes: list[str] = []
    labels: dict[str, str] = {}
    said: list[tuple[str, bytes]] = []
    written: list[tuple[str, bytes]] = []
    before: list[tuple[str, bytes]] = []
    for piece in event.pieces:
        path = piece.path if piece.label else path_below(root, os.path.join(event.folder or root, piece.path))
        labels.setdefault(path, piece.called)
        text = piece.text.encode("utf-8", "surrogatepass")
        if edited := _edited(piece, path, root, config):
            text = edited[1]
            before.append((path, edited[0]))
        (said if piece.label else written).append((path, text))
    read = [*_read(event.reads, event.folder, root, config, notes)]
    for path, _ in read:
        labels.setdefault(path, "{}")
    found = [*_scanned(said, root, own, notes)]
    if config.rule_files != own.rule_files and not found:  # of the project: they may add, never take away
        found += _scanned(said, root, replace(own, rule_files=config.rule_files), notes)
    bare = replace(config, inline_comments=False)
    new = [*_scanned(written, root, bare, notes)]
    if new and before:
        new = _brought(new, [*_scanned(before, root, bare, [])])
    if new:  # no comment of a write counts, but those that are in the file: there somebody else let them be
        known = _excused(dict(written), root, config)
        new = [(name, one) for name, one in new if _key(one, dict(written)) not in known]
    found += [*new, *_scanned(read, root, config, notes)]
    return Verdict(_reason(found, labels, event.phase), tuple(notes))


def _scanned(texts: _Texts, root: str, config: Config, notes: list[str]) -> Iterator[_Found]:
    """Yield what counts in texts, each with the name of its rule."""
    if not texts:
        return
    report = scan_source(TextSource(texts, root, config.exclude, config.trust_repo), root, config)
    notes += [f"{error.path}: {error.message}" for error in report.errors]
    names = {rule.id: rule.name for rule in report.rules}
    yield from ((names.get(one.rule_id, one.rule_id), one) for one in report.active)


def _edited(piece: Piece, path: str, root: str, config: Config) -> tuple[bytes, bytes] | None:
    """Return a file as it is and as it will be after the edits; None where they are of another text."""
    for _, text in _read([path] if piece.edits else [], root, root, config, []):
        after = applied(text, piece.edits)
        return None if after is None else (text, after)
    return None


def _brought(after: Sequence[_Found], before: Sequence[_Found]) -> list[_Found]:
    """Return the findings that were not there before, each as often as it is there more."""
    known = Counter(map(_value, before))
    new = []
    for one in after:
        known[_value(one)] -= 1
        if known[_value(one)] < 0:
            new.append(one)
    return new


def _value(found: _Found) -> tuple[str, str, object]:
    finding = found[1]
    return finding.location.provenance.path, finding.known_as, finding.secret


def _excused(paths: Iterable[str], root: str, config: Config) -> set[_Key]:
    """Return the findings that comments suppress in files as they are on disk."""
    texts = dict(_read(paths, root, root, config, []))
    report = scan_source(TextSource([*texts.items()], root, config.exclude, config.trust_repo), root, config)
    inline = [one for one in report.findings if one.suppression and one.suppression.kind is SuppressionKind.INLINE]
    return {_key(one, texts) for one in inline}


def _key(finding: Finding, texts: Mapping[str, bytes]) -> _Key:
    """Return the rule of a finding, its path, and its lines as they stand there."""
    path, region = finding.location.provenance.path, finding.location.region
    lines = texts.get(path, b"").splitlines()[region.start_line - 1 : region.end_line]
    return finding.known_as, path, tuple(map(bytes.strip, lines))


def _read(
    names: Iterable[str], folder: str, root: str, config: Config, notes: list[str]
) -> Iterator[tuple[str, bytes]]:
    """Yield the files that the model is to see; a folder and what is not there are none."""
    for name in names:
        file = os.path.join(folder or root, os.path.expanduser(name))
        if not os.path.isfile(file):
            continue
        path = path_below(root, file)
        try:
            yield path, read_file(file, config.max_file_size, follow=True)
        except (OSError, ScannerError) as error:
            notes.append(f"{path}: {error.message if isinstance(error, ScannerError) else error.strerror}")


def _reason(found: Sequence[_Found], labels: Mapping[str, str], phase: Phase) -> str:
    if not found:
        return ""
    told = [_told(name, finding, labels) for name, finding in found[:_MOST]]
    more = len(found) - len(told)
    listed = "; ".join(told) + (f"; and {more} more" if more else "")
    return f"keytrace: {listed}. {_CONSEQUENCES[phase]}."


def _told(name: str, finding: Finding, labels: Mapping[str, str]) -> str:
    path, region = finding.location.provenance.path, finding.location.region
    what = labels.get(path, "{}").format(path)
    return f"{what} holds what looks like a live key in line {region.start_line}: {name} [{finding.rule_id}]"
