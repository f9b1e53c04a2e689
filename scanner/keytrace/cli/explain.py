"""`keytrace explain`."""

from __future__ import annotations

import os
from typing import Any

import click

from keytrace.cli.options import EXPLAIN_OPTIONS, Command, apply, build_config
from keytrace.errors import ScannerError


@click.command(name="explain", cls=Command)
@click.argument("place", metavar="FILE:LINE")
@apply(EXPLAIN_OPTIONS)
def command(place: str, **given: Any) -> int:
    """Say why a line is or is not a finding: each candidate on it, the evidence with its weight, and the verdict."""
    from keytrace.api import common_root
    from keytrace.explain import archive_of, explain
    from keytrace.reporters.layout import printable

    path, _, number = place.rpartition(":")
    if not path or not number.isascii() or not number.isdigit() or len(number) > 9:
        raise ScannerError(f"'{place}' is not FILE:LINE", "for example: keytrace explain src/app.py:12")
    root = common_root([archive_of(path)])
    if os.path.isdir(path):
        raise ScannerError(f"{path} is a folder", "name a file and a line of it")
    explanation = explain(path, int(number), root, build_config(root, given))
    for candidate in explanation.candidates:
        region, excerpt = candidate.location.region, candidate.location.excerpt
        click.echo(click.style(f"{candidate.rule.id}", bold=True) + f"  {candidate.rule.name}")
        before, marked = printable(excerpt.text[: excerpt.start]), printable(excerpt.text[excerpt.start : excerpt.end])
        prefix = f"  {region.start_line} | "
        click.echo(prefix + before + marked + printable(excerpt.text[excerpt.end :]))
        click.echo(" " * (len(prefix) + len(before)) + "^" * max(1, len(marked)))
        for count, step in enumerate(candidate.flow):
            joint = "->" if count else "from"
            click.echo(f"    {joint} line {step.region.start_line}, {printable(step.note)}: ", nl=False)
            click.echo(printable(step.excerpt.text).strip())
        for item in candidate.evidence:
            click.echo(f"  {item.weight:+5.1f}  {printable(item.text)}")
        click.echo(f"  = {sum(item.weight for item in candidate.evidence):+.1f}  ", nl=False)
        click.echo(click.style(candidate.verdict, fg="red" if candidate.counts else "green"))
        click.echo()
    for note in explanation.notes:
        click.echo(f"note: {printable(note)}")
    return 0
