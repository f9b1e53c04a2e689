"""Looking at the text of an editor, in the process of a worker: what is found in it, why, and how to settle it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache

from keytrace import git
from keytrace.api import scan_source
from keytrace.config import Config, load_config
from keytrace.editor.ignoring import comments
from keytrace.engine import warm
from keytrace.errors import ScannerError
from keytrace.explain import Candidate, explain_text
from keytrace.fixers.edits import Edit, applied
from keytrace.fixers.naming import Names
from keytrace.fixers.plan import FilePlan, Wishes, plan
from keytrace.model import FileProvenance, Finding, Region, Report, Rule, Severity
from keytrace.reporters.saying import addresses, beyond_name
from keytrace.rules.stored import by_id
from keytrace.sources.texts import TextSource
from keytrace.text.document import Document

_SECONDS = 5.0  # for a text
_TELLS = ("What it is", "Why it matters", "What to do")


@dataclass(frozen=True, slots=True)
class Buffer:
    """A text, as the file at `path` below `root`."""

    root: str
    path: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding as an editor shows it."""

    region: Region
    severity: Severity
    rule: str
    message: str
    url: str
    steps: tuple[tuple[Region, str], ...]


@dataclass(frozen=True, slots=True)
class Action:
    """Edits that settle the finding of a rule in a place; `is_fix`: without a change of what the program does."""

    title: str
    rule: str
    region: Region
    edits: tuple[tuple[Region, str], ...]
    is_fix: bool


def warm_up(root: str) -> None:
    """Have all loaded and compiled that a first look at a text below `root` would wait for, and a first finding."""
    with suppress(ScannerError):  # a wrong configuration is told of once there is a text
        warm(_config(root).setup())
        look(Buffer(root, "warm_up.py", f'import os\n\nPASSWORD = "{secrets.token_urlsafe(24)}"\n'.encode()))


def look(buffer: Buffer) -> tuple[tuple[Mark, ...], tuple[str, ...]]:
    """Return what is found, and what could not be looked at; raise ScannerError for a configuration that is wrong."""
    report = _report(buffer)
    rules = by_id(report.rules)
    errors = tuple(error.message for error in report.errors)
    return tuple(_mark(finding, rules) for finding in report.active), errors


def tell(buffer: Buffer, line: int) -> str:
    """Return as Markdown what there is to say of a line on which something is found, else nothing."""
    on_line = [one for one in _report(buffer).active if _holds(one.location.region, line)]
    if not on_line:
        return ""
    explanation = explain_text(buffer.data, buffer.path, line, buffer.root, _config(buffer.root))
    told = [one for one in explanation.candidates if one.counts]
    rules = by_id(_report(buffer).rules)
    shown = {one.rule.id: _weighed(one) for one in told}
    return "\n\n---\n\n".join(_said(one, rules[one.rule_id], shown.get(one.rule_id, "")) for one in on_line)


def actions(buffer: Buffer, first: int, last: int) -> tuple[Action, ...]:
    """Return what settles the findings on these lines: fixes, and comments that are proved to hold."""
    found = [one for one in _report(buffer).active if one.location.region.start_line <= last
             and one.location.region.end_line >= first and one.location.end]  # fmt: skip
    return (*_fixes(buffer, found), *(action for one in found for action in _ignored(buffer, one)))


def _config(root: str) -> Config:
    config = load_config(root)
    seconds = min(config.file_timeout or _SECONDS, _SECONDS)
    return replace(config, jobs=1, cached=False, file_timeout=seconds)


def _report(buffer: Buffer) -> Report:
    return _scanned(buffer, _config(buffer.root))


@lru_cache(maxsize=8)  # a hover and a list of actions ask again
def _scanned(buffer: Buffer, config: Config) -> Report:
    is_left_out = config.gitignore and _is_ignored(buffer.root, buffer.path)
    texts = () if is_left_out else ((buffer.path, buffer.data),)
    return scan_source(TextSource(texts, buffer.root, config.exclude, config.trust_repo), buffer.root, config)


@lru_cache(maxsize=1000)
def _is_ignored(root: str, path: str) -> bool:
    """Tell whether git ignores a file, and does not track it."""
    if not git.is_top(root) or os.path.isabs(path):
        return False
    try:
        return bool(git.run(["check-ignore", "--", path], root, accept=(0, 1)))
    except ScannerError:
        return False


def _holds(region: Region, line: int) -> bool:
    return region.start_line <= line <= region.end_line


def _mark(finding: Finding, rules: Mapping[str, Rule]) -> Mark:
    rule = rules[finding.rule_id]
    more = beyond_name(finding, rule)
    return Mark(
        region=finding.location.region,
        severity=finding.severity,
        rule=rule.id,
        message=f"{rule.name}{': ' + more if more else ''}",
        url=next(iter(addresses(rule)), ""),
        steps=tuple(
            (step.region, step.note) for step in finding.flow if step.provenance == finding.location.provenance
        ),
    )


def _said(finding: Finding, rule: Rule, weighed: str) -> str:
    head = f"**{rule.name}** `{rule.id}` ({finding.severity.label} severity, {finding.confidence.label} confidence)"
    texts = zip(_TELLS, (rule.description, rule.impact, rule.remediation), strict=True)
    parts = [head, *(f"*{title}:* {' '.join(text.split())}" for title, text in texts if text), weighed]
    return "\n\n".join(filter(None, parts))


def _weighed(candidate: Candidate) -> str:
    lines = [f"{item.weight:+5.1f}  {item.text}" for item in candidate.evidence]
    return "\n".join(["```text", *lines, "```"]) if lines else ""


def _fixes(buffer: Buffer, found: Sequence[Finding]) -> Iterator[Action]:
    """Yield the fix of each finding that has one, and is proved to settle it."""
    names = Names()
    names.learn(buffer.data)
    for finding in found:
        at = replace(finding, location=replace(finding.location, provenance=FileProvenance(buffer.path)), related=())
        (file,) = plan([at], {buffer.path: buffer.data}, names, Wishes(unsafe=True))
        if file.edits() and _settles(buffer, file.edits()):
            yield _fixed(buffer, finding, file)


def _fixed(buffer: Buffer, finding: Finding, file: FilePlan) -> Action:
    fix = file.items[0].fix
    assert fix is not None
    names = ", ".join(one.name for one in fix.variables)
    said = [fix.unsafe, f"set {names} yourself: its value leaves the text" if names else ""]
    title = f"{fix.title[:1].upper()}{fix.title[1:]}{''.join(f' ({one})' for one in said if one)}"
    return Action(title, finding.rule_id, finding.location.region, _placed(buffer, file.edits()), not fix.unsafe)


def _ignored(buffer: Buffer, finding: Finding) -> Iterator[Action]:
    """Yield the comment that has a finding accepted, where there is one that holds."""
    for edit in comments(buffer.path, buffer.data, finding.location.region.start_line, finding.rule_id):
        if _settles(buffer, [edit]):
            title = f"Ignore this finding of {finding.rule_id}"
            yield Action(title, finding.rule_id, finding.location.region, _placed(buffer, [edit]), False)
            return


def _settles(buffer: Buffer, edits: Sequence[Edit]) -> bool:
    """Tell whether less is found once a text is edited so."""
    edited = replace(buffer, data=applied(buffer.data, edits))
    return len(_report(edited).active) < len(_report(buffer).active)


def _placed(buffer: Buffer, edits: Sequence[Edit]) -> tuple[tuple[Region, str], ...]:
    document = Document(FileProvenance(buffer.path), buffer.data)
    return tuple((document.region(one.start, one.end), one.text.decode("utf-8", "replace")) for one in edits)
