"""`keytrace inventory diff`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from keytrace.cli import say
from keytrace.errors import ScannerError

if TYPE_CHECKING:
    from keytrace.lifecycle.difference import Change


@click.command(name="diff")
@click.argument("old_file", metavar="OLD.json")
@click.argument("new_file", metavar="NEW.json")
@click.option("-f", "--format", "kind", type=click.Choice(("table", "json")), default="table", show_default=True,
              help="How to show it.")  # fmt: skip
@click.option("-q", "--quiet", is_flag=True, help="Print nothing when nothing changed.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 even when something changed.")
def command(old_file: str, new_file: str, kind: str, *, quiet: bool, exit_zero: bool) -> int:
    """Say what changed between two inventories: keys that came, went, changed value, moved, changed owner.

    \b
    keytrace inventory -o old.json && git pull && keytrace inventory -o new.json
    keytrace inventory diff old.json new.json

    \b
    Exit codes: 0 nothing changed, 1 something did, 2 a file is no inventory,
    3 nothing is known of the values: two different keys made the digests.
    """  # noqa: D301
    from keytrace.lifecycle.difference import changes, without_digests

    (old, made_by), (new, now_by) = map(_keys, (old_file, new_file))
    comparable = made_by == now_by
    if not comparable:
        say("the values were not compared: different keys made the digests", "--key-file names one key for both")
        old, new = without_digests(old), without_digests(new)
    found = changes(old, new)
    if found or not quiet:
        _print(found, kind == "json", "nothing changed" if comparable else "nothing else changed")
    if found:
        return 0 if exit_zero else 1
    return 0 if comparable else 3


def _print(found: Sequence[Change], as_json: bool, nothing: str) -> None:
    import json
    from dataclasses import asdict

    from keytrace.lifecycle.difference import said
    from keytrace.reporters.layout import printable

    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], indent=1))
        return
    for line in (line for one in found for line in said(one)):
        click.echo(printable(line))
    click.echo(f"{len(found)} change{'' if len(found) == 1 else 's'}" if found else nothing)


def _keys(path: str) -> tuple[Any, str]:
    """Return the keys of an inventory in a file, and which key made their digests."""
    import json

    from keytrace.lifecycle.views.records import to_keys

    hint = "`keytrace inventory -f json -o FILE` writes one"
    try:
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        return to_keys(data), str(data.get("digest_key", ""))
    except OSError as error:
        raise ScannerError(f"{path}: {error.strerror}", hint) from error
    except ValueError as error:
        raise ScannerError(f"{path}: no inventory: {error}", hint) from error
