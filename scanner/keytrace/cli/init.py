"""`keytrace init`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keytrace.cli import say
from keytrace.cli.options import SCAN_OPTIONS, Command, apply, build_config, under

if TYPE_CHECKING:
    from keytrace.imports.start import Step

_fixed = under("Other options")


@click.command(name="init", cls=Command)
@_fixed("--apply", "is_applied", is_flag=True, help="Write what is missing.")
@apply(SCAN_OPTIONS)
def command(is_applied: bool, **given: Any) -> int:
    """Set up a repository: a hook, a job of its CI, and a baseline of the findings of today.

    Says what the repository has of other scanners, and what it would write; with --apply it writes. Files that are
    there are never changed: what belongs into them is shown. A second run changes nothing.
    """
    from keytrace.api import common_root, scan
    from keytrace.config import BASELINE_NAME
    from keytrace.imports.start import has_baseline, others, steps
    from keytrace.reporters.layout import counted, printable
    from keytrace.triage.baseline import Baseline

    root = common_root(["."])
    config = build_config(root, given)
    for line in others(root):
        click.echo(f"found {printable(line)}")
    verb = "wrote" if is_applied else "would write"
    done = [_take(root, step, verb, is_applied=is_applied) for step in steps(root)]
    missing = done.count(True)
    report = scan(root, config=config)
    for error in report.errors:
        say(f"{error.path}: {error.message}")
    if report.active and not config.baseline and not has_baseline(root):
        missing += 1
        if is_applied:
            Baseline.create(report.active).save(Path(root, BASELINE_NAME))
        number = counted(len(report.active), "finding")
        click.echo(f"{verb} {BASELINE_NAME}: {number} of today, to be looked at with `keytrace scan`")
    if not missing and not done:
        click.echo("nothing is missing")
    elif missing and not is_applied:
        click.echo("nothing was written: --apply does it")
    return 3 if report.errors else 0


def _take(root: str, step: Step, verb: str, *, is_applied: bool) -> bool:
    """Take a step, or say what is for the user to do; tell whether there is a file to write."""
    from keytrace.cache.atomic import write_text

    if not step.is_new:
        click.echo(f"put into {step.path}, for {step.purpose}:\n\n{step.text}")
        return False
    if is_applied:
        with write_text(os.path.join(root, step.path)) as stream:
            stream.write(step.text)
    click.echo(f"{verb} {step.path}: {step.purpose}")
    return True
