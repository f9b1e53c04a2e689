"""`keytrace hook`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from keytrace.cli import Group, say
from keytrace.errors import ScannerError
from keytrace.hooks.scripts import KINDS

if TYPE_CHECKING:
    from keytrace.hooks.places import Place

_kinds = click.argument("kinds", nargs=-1, metavar="[HOOK]...", type=click.Choice([*KINDS]))
_everywhere = click.option("--global", "everywhere", is_flag=True, help="For all your repositories (core.hooksPath).")


@click.group(name="hook", cls=Group)
def command() -> None:
    """Have git run keytrace before a commit, on its message, before a push, and where a push is received."""


@command.command()
@_kinds
@_everywhere
@click.option(
    "--force",
    is_flag=True,
    help="Also where lefthook or pre-commit look after hooks, or their folder is not there.",
)
def install(kinds: tuple[str, ...], everywhere: bool, force: bool) -> int:
    """Install HOOKs: pre-commit, commit-msg, pre-push, pre-receive.

    By default pre-commit and pre-push, in a bare repository pre-receive. A hook that is there is kept, and runs first.
    """
    from keytrace.hooks.installing import install as put
    from keytrace.hooks.places import is_nowhere, is_of_husky, keeper_of

    place, repo = _place(everywhere)
    is_lost = is_of_husky(repo, place)  # with its next run, also with --force
    if not everywhere and (is_lost or not force) and (keeper := keeper_of(repo, place)):
        say(f"{keeper.name} looks after the hooks of this repository: put into {keeper.file}")
        click.echo(keeper.text, nl=False)
        why = f"husky writes {place.folder} anew" if is_lost else "--force does it all the same, beside what is there"
        say(f"nothing was installed; {why}")
        return 2
    if place.shared and not everywhere:
        raise ScannerError(
            f"core.hooksPath says that all your hooks are in {place.folder}",
            "--global puts ours there, for all of them",
        )
    if not force and is_nowhere(repo, place):
        raise ScannerError(
            f"core.hooksPath is {place.folder}, which is not there",
            "`git config --unset core.hooksPath` has git look in the repository again; --force makes the folder",
        )
    usual = ("pre-receive",) if not everywhere and _is_bare(repo) else ("pre-commit", "pre-push")
    _tell(put(place, kinds or usual))
    return 0


@command.command()
@_kinds
@_everywhere
def uninstall(kinds: tuple[str, ...], everywhere: bool) -> int:
    """Take HOOKs out, by default all of ours; what was there before is back, byte for byte.

    One that was changed by hand is left and goes on running: exit code 2.
    """
    from keytrace.hooks.installing import uninstall as take

    place, _ = _place(everywhere)
    if place.everywhere and not everywhere:
        raise ScannerError("the hooks of this repository are those of all your repositories", "--global takes them out")
    if place.everywhere and kinds:
        raise ScannerError("--global goes as a whole", "leave out the names of hooks")
    if not _tell(take(place, kinds or KINDS)):
        click.echo("no hook of ours is there")
    return 0


@command.command()
@_everywhere
def status(everywhere: bool) -> int:
    """Say which hooks are installed, where, and what else looks after hooks here."""
    from keytrace.hooks.installing import state
    from keytrace.hooks.places import keeper_of

    place, repo = _place(everywhere)
    click.echo(f"git looks for hooks in {place.folder}{' (core.hooksPath)' if place.shared else ''}")
    for kind in KINDS:
        click.echo(f"{kind:<12} {state(place, kind)}")
    if not everywhere and (keeper := keeper_of(repo, place)):
        click.echo(f"{keeper.name} looks after the hooks here: {keeper.file}")
    return 0


def _place(everywhere: bool) -> tuple[Place, str]:
    """Return the folder of hooks that is meant, and the repository that we are in."""
    from keytrace.cli.history import repository
    from keytrace.hooks.places import place_for_all, place_of

    if everywhere:
        return place_for_all(), os.getcwd()
    repo = repository()
    return place_of(repo), repo


def _is_bare(repo: str) -> bool:
    from keytrace import git

    return git.top_level(repo) is None


def _tell(lines: Iterable[str]) -> bool:
    """Print what is done, and tell whether anything was; a file that cannot be written is for the user to mend."""
    from keytrace.reporters.layout import printable

    was_done = False
    try:
        for line in lines:
            click.echo(printable(line))
            was_done = True
    except OSError as error:
        hint = "what was there is as it was; `keytrace hook status` shows it"
        raise ScannerError(f"cannot write {error.filename}: {error.strerror}", hint) from error
    return was_done
