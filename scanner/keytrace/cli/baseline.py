"""`keytrace baseline`."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from keytrace.cli import Group, say
from keytrace.cli.options import BASELINE_OPTIONS, SCAN_OPTIONS, Command, apply, build_config, under
from keytrace.errors import ScannerError

_entries = under("The entries")


@click.group(name="baseline", cls=Group)
def command() -> None:
    """Accept the findings of today, so that only new ones are reported.

    The baseline holds, for each accepted finding, its rule, its path and a keyed digest of the secret: no secret and
    no line number. Commit it; it survives moved lines, renamed files and merges.
    """


def _scan(paths: tuple[str, ...], given: dict[str, Any]) -> tuple[Any, Any, Path]:
    from keytrace.api import baseline_path, common_root, scan

    names = list(paths) or ["."]
    root = common_root(names)
    config = build_config(root, given)
    report = scan(names, config=replace(config, use_baseline=False))
    return report, config, Path(baseline_path(root, config))


def _done(action: str, path: Path, count: int, report: Any) -> int:
    for error in report.errors:
        say(f"{error.path}: {error.message}")
    click.echo(f"{action} {os.path.relpath(path)}: {count} accepted finding{'' if count == 1 else 's'}")
    return 3 if report.errors else 0


@command.command(name="create", cls=Command)
@click.argument("paths", nargs=-1, type=click.Path())
@_entries("--force", is_flag=True, help="Replace the baseline that is there.")
@_entries("--reason", default="", help="Why these findings are accepted.")
@apply(SCAN_OPTIONS)
def create(paths: tuple[str, ...], force: bool, reason: str, **given: Any) -> int:
    """Accept all findings of a scan of PATHS (by default the current folder)."""
    from keytrace.redaction.texts import safe
    from keytrace.triage.baseline import Baseline

    report, _, path = _scan(paths, given)
    if path.exists() and not force:
        raise ScannerError(f"{path} exists", "`keytrace baseline update` adds to it; --force starts anew")
    baseline = Baseline.create(report.active, reason=safe(reason) if reason else "")
    baseline.save(path)
    return _done("wrote", path, len(baseline.entries), report)


@command.command(name="update", cls=Command)
@click.argument("paths", nargs=-1, type=click.Path())
@_entries("--reason", default="", help="Why the new findings are accepted.")
@apply(SCAN_OPTIONS)
def update(paths: tuple[str, ...], reason: str, **given: Any) -> int:
    """Accept the new findings, too, and drop the entries that are no longer found."""
    from keytrace.api import exists_below
    from keytrace.engine import known_rules
    from keytrace.redaction.texts import safe
    from keytrace.triage.baseline import Baseline

    report, config, path = _scan(paths, given)
    if not path.exists():
        raise ScannerError(f"there is no baseline {path}", "`keytrace baseline create` makes one")
    baseline = Baseline.load(path).update(
        report.active,
        report.scanned,
        exists_below(report.root, report.scanned),
        known_rules(config.rule_files),
        reason=safe(reason) if reason else "",
    )
    baseline.save(path)
    return _done("updated", path, len(baseline.entries), report)


@command.command(name="show", cls=Command)
@click.argument("paths", nargs=-1, type=click.Path())
@apply(BASELINE_OPTIONS)
def show(paths: tuple[str, ...], **given: Any) -> int:
    """List the entries of the baseline."""
    from keytrace.api import baseline_path, common_root
    from keytrace.redaction.texts import safe
    from keytrace.reporters.layout import printable
    from keytrace.triage.baseline import Baseline

    root = common_root(list(paths) or ["."])
    path = Path(baseline_path(root, build_config(root, given)))
    if not path.exists():
        raise ScannerError(f"there is no baseline {path}", "`keytrace baseline create` makes one")
    entries = Baseline.load(path).entries
    for entry in entries:
        reason = f"  ({printable(safe(entry.reason))})" if entry.reason else ""
        click.echo(f"{printable(entry.path)}: {entry.rule}{reason}")
    click.echo(f"{len(entries)} entries in {os.path.relpath(path)}", err=True)
    return 0
