"""`keytrace cache`."""

from __future__ import annotations

import os
from typing import Any

import click

from keytrace.cli import Group, say
from keytrace.cli.options import WARM_OPTIONS, Command, apply, build_config
from keytrace.errors import ScannerError
from keytrace.reporters.layout import printable


@click.group(name="cache", cls=Group)
def command() -> None:
    """Compile the rules ahead, show what is kept of them, or drop it.

    It is kept in KEYTRACE_CACHE_DIR, else in your cache folder. Losing it costs time, never a finding.
    """


@command.command(name="warm", cls=Command)
@apply(WARM_OPTIONS)
def warm(**given: Any) -> None:
    """Compile the rules of the project here, so that no scan of it has to.

    For images of containers, and jobs of CI that keep the folder for others.
    """
    from keytrace.api import common_root
    from keytrace.cache import store
    from keytrace.engine import warm as compile_all

    compile_all(build_config(common_root(["."]), given).setup())
    complaints = store.complaints()
    if not store.entries():
        raise ScannerError(complaints[0] if complaints else "there is no folder to keep anything in")
    for complaint in complaints:
        say(complaint)
    _print()


@command.command(name="info")
def info() -> None:
    """Show the folder, and what is in it."""
    from keytrace.cache import store

    _print()
    for complaint in store.complaints():
        say(complaint)


@command.command(name="clear")
def clear() -> None:
    """Drop all that is kept; what other programs keep beside it stays."""
    from keytrace.cache import store

    count = store.clear()
    click.echo(f"{_folder()}: {count} {'entry' if count == 1 else 'entries'} dropped")


def _print() -> None:
    from keytrace.cache import store

    entries = store.entries()
    size = sum(entry.size for entry in entries)
    click.echo(f"{_folder()}: {len(entries)} {'entry' if len(entries) == 1 else 'entries'}, {size / 1e6:.1f} MB")
    for kind in sorted({entry.kind for entry in entries}):
        own = [entry.size for entry in entries if entry.kind == kind]
        click.echo(f"  {kind:<10} {len(own):>3}  {sum(own) / 1e6:6.1f} MB")


def _folder() -> str:
    from keytrace.cache import store
    from keytrace.redaction.texts import without_random

    folder = store.folder()
    if folder is None:
        raise ScannerError("there is no cache folder", "let KEYTRACE_CACHE_DIR name one")
    return printable(without_random(os.fspath(folder)))
