"""The inventory of a tree on one screen: a scan finds values, formats and programs tell of names, both become keys."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from keytrace.api import apply_baseline, scan_source
from keytrace.config import Config
from keytrace.engine import Engine, load_engine
from keytrace.git import top_level
from keytrace.lifecycle import old as olds
from keytrace.lifecycle import taking
from keytrace.lifecycle.changes import Changes, read_changes
from keytrace.lifecycle.checks import faults
from keytrace.lifecycle.checks.facts import Facts
from keytrace.lifecycle.digests import Digests
from keytrace.lifecycle.environments import Environments
from keytrace.lifecycle.joining import join
from keytrace.lifecycle.key import Inventory, Key, Role
from keytrace.lifecycle.owners import PLACES, Owners
from keytrace.lifecycle.reporting import findings
from keytrace.lifecycle.seen import Seen, look
from keytrace.lifecycle.services import Services
from keytrace.lifecycle.truth import load_truths
from keytrace.model import Artifact, Confidence, Finding, Report, ScanError, Severity, Skipped
from keytrace.redaction.report import cover
from keytrace.sources import Source
from keytrace.total import Progress
from keytrace.triage.threshold import threshold

_NAME = re.compile(rb"[A-Z][A-Z0-9]*(?:_[A-Z0-9]*)+")


@dataclass(frozen=True, slots=True)
class Taken:
    """An inventory with what it was made of: the places of each key with their values, and the report of the scan."""

    inventory: Inventory
    groups: Mapping[str, tuple[Key, Sequence[Seen]]] = field(repr=False)
    report: Report = field(repr=False)
    artifacts: Mapping[str, Artifact] = field(repr=False)
    changes: Changes = field(repr=False)
    owners: Owners = field(repr=False)
    digests: Digests = field(repr=False)
    values: frozenset[bytes] = field(repr=False)  # all that were seen, of keys or not


@dataclass(slots=True)
class _Kept:
    """A source that keeps what it yields: the files are read once more, for the names in them."""

    source: Source
    artifacts_of: dict[str, Artifact] = field(default_factory=dict)

    def artifacts(self) -> Iterator[Artifact | ScanError | Skipped]:
        for item in self.source.artifacts():
            if not isinstance(item, ScanError | Skipped):
                self.artifacts_of[item.provenance.path] = item
            yield item


def take_inventory(
    source: Source,
    root: str,
    config: Config,
    key: bytes = b"",
    *,
    environments: Mapping[str, Sequence[str]] | None = None,
    progress: Progress | None = None,
) -> Taken:
    """Take the inventory of what `source` yields below `root`.

    `key` is that of the digests, which are left out without one; `environments` are patterns of paths by environment,
    before those of the configuration.
    """
    kept = _Kept(source)
    wide = _wide(config)
    report = scan_source(kept, root, wide, progress=progress)
    files = kept.artifacts_of
    errors = list(report.errors)
    rules = load_engine(wide.setup()).every
    every = list(look(files.values(), report.findings, rules, config.max_file_size, errors))
    owned = Owners(dict(config.inventory.owners), *_codeowners(root) if config.trust_repo else ())
    taking.complete(
        every, Services(files), Environments({**(environments or {}), **dict(config.inventory.environments)}), owned
    )
    digests = Digests(key)
    groups = join(every, digests)
    changes = read_changes(top_level(root), root, {one.path for group in groups for one in group if _has_date(one)})
    taking.date((one for group in groups for one in group), changes)
    texts = {text for group in groups for one in group for text in _texts(one)}
    shown = cover(wide.setup(), list(filter(_is_no_name, report.findings)), errors, names=texts)
    found = taking.keys(groups, digests, shown)
    notes = (*report.notes, *owned.notes, *changes.notes)
    inventory = Inventory(
        tuple(one for one, _ in found.values()),
        tuple(sorted(dict.fromkeys(map(shown.error, errors)), key=lambda error: (error.path, error.message))),
        tuple(dict.fromkeys(map(shown.text, notes))),
        digests.key_id,
    )
    return Taken(inventory, found, report, files, changes, owned, digests, _values(every, report))


def _values(every: Sequence[Seen], report: Report) -> frozenset[bytes]:
    values = {one.value for one in every} | {one.mention.value or b"" for one in every}
    return frozenset((values | {one.secret.value for one in report.findings}) - {b""})


def _wide(config: Config) -> Config:
    """Return a configuration that hides nothing."""
    return replace(
        config,
        min_severity=Severity.INFO,
        min_confidence=Confidence.LOW,
        use_baseline=False,
        rules=(),
        exclude_rules=(),
    )


def _has_date(one: Seen) -> bool:
    return one.mention.role in (Role.DEFINED, Role.DOCUMENTED, Role.SHIPPED, Role.READ)


def _is_no_name(finding: Finding) -> bool:
    """Tell whether the value of a finding is not written as a name of a variable: names are to be shown."""
    return _NAME.fullmatch(finding.secret.value) is None


def _texts(one: Seen) -> Iterator[str]:
    yield from one.path.split("/")
    yield from (one.name, one.environment, one.service, *one.owners)


def _codeowners(root: str) -> tuple[str, str]:
    """Return the text and the name of CODEOWNERS: the first there is, as the hosts look for it."""
    for place in PLACES:
        try:
            with open(os.path.join(root, place), "rb") as file:
                return file.read(2**20).decode("utf-8", "replace"), place
        except OSError:
            continue
    return "", PLACES[0]


def check(
    taken: Taken,
    root: str,
    config: Config,
    *,
    truths: Sequence[str] = (),
    old: str = "",
    max_age: int | None = None,
    expires_within: int | None = None,
) -> Report:
    """Return what is wrong with the keys of an inventory, as a report: with what suppresses it and the baseline.

    `truths` are files with the values in use, each perhaps as ENVIRONMENT=FILE; with `old`, a digest or a file, only
    what still holds that value is reported, and all of it: no rule, severity, comment or baseline hides it. Days
    are those of the configuration unless they are given.
    """
    notes = list(taken.inventory.notes)
    if old:
        config = _wide(config)
        engine = load_engine(config.setup())
        known = _holding(old, taken, engine, notes)
    else:
        engine = load_engine(config.setup())
        true = load_truths(truths, taken.digests, {one for key, _ in taken.groups.values() for one in key.environments})
        days = config.inventory
        max_age = days.max_age_days if max_age is None else max_age
        expires_within = days.expires_within_days if expires_within is None else expires_within
        found = faults(Facts(taken.groups, taken.changes, taken.owners.has_any, engine.today, max_age, expires_within,
                             true, taken.digests))  # fmt: skip
        known = list(findings(found, taken.artifacts, engine, notes))
    covered = cover(config.setup(), list(filter(_is_no_name, [*taken.report.findings, *known])), notes=notes)
    known = apply_baseline(list(map(covered.finding, known)), root, config, frozenset(), notes)
    kept, hidden = threshold(known, config.min_severity, config.min_confidence)
    ordered = sorted(kept, key=lambda one: (one.location.provenance.path, one.location.start, one.rule_id))
    return replace(
        taken.report,
        findings=tuple(ordered),
        errors=tuple(taken.inventory.errors),
        notes=tuple(map(covered.text, notes)),
        statistics=replace(taken.report.statistics, hidden_findings=hidden),
        rules=engine.ruleset.rules,
    )


def _holding(old: str, taken: Taken, engine: Engine, notes: list[str]) -> list[Finding]:
    """Return what still holds an old value: no comment and no option hides it."""
    files, limit = taken.artifacts.values(), engine.setup.max_file_size
    ever = (line for _, line in taken.changes.brought)
    known = chain(taken.values, olds.in_lines(ever), olds.in_files(files, limit))
    values = olds.wanted(old, taken.digests, known, notes)
    found = olds.holders(values, taken.groups, files, limit)
    made = list(findings(found, taken.artifacts, engine, notes))
    packed = [
        replace(one, rule_id=olds.RULE, message="the old value is still here")
        for one in taken.report.findings
        if one.secret.value in values and one.location.provenance.path not in taken.artifacts  # in an archive
    ]
    return [replace(one, suppression=None) for one in (*made, *packed)]
