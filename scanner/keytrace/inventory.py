"""The inventory of a tree on one screen: a scan finds values, formats and programs tell of names, both become keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from keytrace.api import apply_baseline, scan_source
from keytrace.config import Config
from keytrace.engine import Engine, load_engine
from keytrace.lifecycle import old as olds
from keytrace.lifecycle.key import Inventory
from keytrace.lifecycle.reporting import findings
from keytrace.lifecycle.truth import load_truths
from keytrace.lifecycle.whole import Whole, take, wrong
from keytrace.model import Artifact, Confidence, Finding, Report, ScanError, Severity, Skipped
from keytrace.redaction.report import cover, is_no_name
from keytrace.sources import Source
from keytrace.total import Progress
from keytrace.triage.threshold import threshold


@dataclass(frozen=True, slots=True)
class Taken:
    """An inventory, with the keys that it was made of and the report of the scan."""

    inventory: Inventory
    whole: Whole = field(repr=False)
    report: Report = field(repr=False)


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
    wide = _wide(config)
    kept = _Kept(source)
    report = scan_source(kept, root, wide, progress=progress)
    errors = list(report.errors)
    whole = take(report.findings, kept.artifacts_of, root, wide, errors, key=key, environments=environments)
    inventory = Inventory(
        tuple(one for one, _ in whole.groups.values()),
        tuple(sorted(dict.fromkeys(map(whole.cover.error, errors)), key=lambda error: (error.path, error.message))),
        tuple(dict.fromkeys(map(whole.cover.text, (*report.notes, *whole.notes)))),
        whole.digests.key_id,
    )
    return Taken(inventory, whole, report)


def _wide(config: Config) -> Config:
    """Return a configuration that hides nothing."""
    return replace(
        config,
        min_severity=Severity.INFO,
        min_confidence=Confidence.LOW,
        use_baseline=False,
        rules=(),
        exclude_rules=(),
        inventory=replace(config.inventory, in_scan=False),
    )


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
        environments = {one for key, _ in taken.whole.groups.values() for one in key.environments}
        true = load_truths(truths, taken.whole.digests, environments)
        known = wrong(taken.whole, engine, config, notes, truths=true, max_age=max_age, expires_within=expires_within)
        known += [one for one in taken.report.findings if _is_exposed(one, engine)]
    covered = cover(config.setup(), list(filter(is_no_name, [*taken.report.findings, *known])), notes=notes)
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


def _is_exposed(finding: Finding, engine: Engine) -> bool:
    """Tell whether a finding of the scan is that of a key in what every client gets, and asked for."""
    rule = engine.rules.get(finding.rule_id)
    return rule is not None and rule.analyzer == "client"


def _holding(old: str, taken: Taken, engine: Engine, notes: list[str]) -> list[Finding]:
    """Return what still holds an old value: no comment and no option hides it."""
    whole, limit = taken.whole, engine.setup.max_file_size
    files = whole.artifacts.values()
    ever = (line for _, line in whole.changes.brought)
    known = chain(whole.values, olds.in_lines(ever), olds.in_files(files, limit))
    values = olds.wanted(old, whole.digests, known, notes)
    found = olds.holders(values, whole.groups, files, limit)
    made = list(findings(found, whole.artifacts, engine, notes))
    packed = [
        replace(one, rule_id=olds.RULE, message="the old value is still here")
        for one in taken.report.findings
        if one.secret.value in values and one.location.provenance.path not in whole.artifacts  # in an archive
    ]
    return [replace(one, suppression=None) for one in (*made, *packed)]
