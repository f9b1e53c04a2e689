"""`keytrace baseline`."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from keytrace.cli import Group, say
from keytrace.cli.options import BASELINE_OPTIONS, SCAN_OPTIONS, TREE_OPTIONS, Command, apply, build_config, under
from keytrace.errors import ScannerError

_entries = under("The entries")


@click.group(name="baseline", cls=Group)
def command() -> None:
    """Accept the findings of today, so that only new ones are reported.

    The baseline holds, for each accepted finding, its rule, its path and a keyed digest of the secret: no secret and
    no line number. Commit it; it survives moved lines, renamed files and merges.
    """


def _scan(paths: tuple[str, ...], given: dict[str, Any]) -> tuple[Any, Any, Path]:
    from keytrace.api import baseline_path, common_root, covers, scan

    names = list(paths) or ["."]
    root = common_root(names)
    config = build_config(root, given)
    if given.get("with_keys") and not covers(names, root):
        raise ScannerError("--inventory is for a whole tree", "name its root")
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
@apply(TREE_OPTIONS)
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
@apply(TREE_OPTIONS)
def update(paths: tuple[str, ...], reason: str, **given: Any) -> int:
    """Accept the new findings, too, and drop the entries that are no longer found."""
    from keytrace.api import covers, exists_below, not_looked_for
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
        not_looked_for(config, complete=covers(paths or ["."], report.root)),
        reason=safe(reason) if reason else "",
    )
    baseline.save(path)
    return _done("updated", path, len(baseline.entries), report)


@command.command(name="import", cls=Command)
@click.argument("files", nargs=-1, type=click.Path(), required=True)
@_entries(
    "--as",
    "kind",
    metavar="KIND",
    help="What the files are, where neither name nor content tells: for example trufflehog.",
)
@_entries("--reason", default="", help="Why these findings are accepted.  [default: the name of the file]")
@_entries("--dry-run", is_flag=True, help="Say what would be accepted; write nothing.")
@apply(SCAN_OPTIONS)
def import_(files: tuple[str, ...], kind: str | None, reason: str, dry_run: bool, **given: Any) -> int:
    """Accept the findings that FILES of other scanners accept: their baselines, reports and ignore files.

    The tree is scanned, and those findings are accepted that a file speaks of; entries that are about none are listed.
    A new secret on an old line is reported. Known are .gitleaksignore, JSON and CSV of gitleaks, .secrets.baseline,
    .gitguardian.yaml, reports of bandit, baselines of kingfisher, .semgrepignore, results of
    trufflehog's --json, and the file of its --exclude-paths.
    """
    from keytrace.api import common_root, peers
    from keytrace.engine import known_rules
    from keytrace.imports import read_foreign
    from keytrace.imports.accepting import accepted
    from keytrace.imports.foreign import Content
    from keytrace.redaction.texts import safe
    from keytrace.triage.baseline import Baseline

    root = common_root(["."])
    foreign = [(file, *read_foreign(Content(file, root=root), kind or "")) for file in files]  # before the scan
    report, config, path = _scan((root,), given)
    old = Baseline.load(path) if path.exists() else Baseline.create(())
    new = old
    for file, form, said in foreign:
        result = accepted(said, report.active, root, peers(config))
        why = safe(reason) if reason else f"accepted in {os.path.basename(file)}"
        new = new.update(result.findings, (), lambda _: True, known_rules(config.rule_files), reason=why)
        _tell(file, form.title, len(result.findings), len(said.entries), list(map(str, result.unused)))
        for note in said.notes:
            say(f"{file}: {note}")
    if dry_run:
        click.echo(f"{len(new.entries) - len(old.entries)} would be added; nothing was written")
        return 0
    new.save(path)
    return _done("wrote", path, len(new.entries), report)


_MOST_LISTED = 20


def _tell(file: str, title: str, findings: int, entries: int, unused: list[str]) -> None:
    """Say what came of a file: how many findings, and which of its entries are about none."""
    from keytrace.redaction.texts import safe
    from keytrace.reporters.layout import printable

    click.echo(f"{file}, {title}: {findings} finding{'' if findings == 1 else 's'} accepted")
    if unused:
        click.echo(f"{len(unused)} of {entries} entries have no finding here:")
    for line in unused[:_MOST_LISTED]:
        click.echo(f"  {printable(safe(line))}")
    if len(unused) > _MOST_LISTED:
        click.echo(f"  and {len(unused) - _MOST_LISTED} more")


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
