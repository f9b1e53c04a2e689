"""`keytrace inventory`."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click

from keytrace.cli import say
from keytrace.cli.options import SCAN_OPTIONS, Command, apply, build_config, for_scan, under
from keytrace.cli.report import FORMATS, REPORT_OPTIONS, progress_bar, reported, targets_of
from keytrace.errors import ScannerError
from keytrace.lifecycle.views import VIEWS

if TYPE_CHECKING:
    from keytrace.inventory import Taken
    from keytrace.total import Progress

_asked, _report = map(under, ("What is asked", "The report"))


class _Inventory(Command):
    """The command; with `diff` for its first path, the other one: the help of each has its own options."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        at = self._first(args)
        if args[at : at + 1] == ["diff"] and not os.path.lexists("diff"):
            from keytrace.cli import difference

            rest = [*args[:at], *args[at + 1 :]]
            return difference.command.make_context(f"{info_name} diff", rest, parent, **extra)
        return super().make_context(info_name, args, parent, **extra)

    def _first(self, args: list[str]) -> int:
        """Return the number of the first argument that is neither an option nor its value."""
        with_value = {
            name
            for option in self.params
            if isinstance(option, click.Option) and not option.is_flag
            for name in option.opts
        }
        at = 0
        while at < len(args) and args[at].startswith("-") and args[at] != "--":
            at += 2 if args[at] in with_value else 1
        return at


@click.command(name="inventory", cls=_Inventory)
@click.argument("paths", nargs=-1, type=click.Path())
@_asked("--check", is_flag=True, help="Report what is wrong with the keys, as a scan does; exit 1 if anything is.")
@_asked("--truth", "truths", metavar="[ENVIRONMENT=]FILE", multiple=True,
        help="With --check: the values in use, as dotenv, Vault, AWS, Doppler or Kubernetes export them; - is standard "
        "input. They are digested at once. Repeatable.")  # fmt: skip
@_asked(
    "--old",
    metavar="DIGEST|FILE",
    help="With --check: report only what still holds this value, in files that git ignores, too. May it be revoked?",
)
@_asked("--max-age", metavar="DAYS", type=click.IntRange(min=1), help="With --check: how old a value may be.")
@_asked("--expires-within", metavar="DAYS", type=click.IntRange(min=0),
        help="With --check: how soon is soon.  [default: 30]")  # fmt: skip
@_asked("--environment", "environments", metavar="NAME=PATTERN", multiple=True,
        help="Take files that match (.gitignore syntax) for those of an environment. Repeatable.")  # fmt: skip
@_asked(
    "--key-file",
    metavar="FILE",
    envvar="KEYTRACE_INVENTORY_KEY",
    help="The key of the digests, to share it.  [default: the user's own]",
)
@_report("-f", "--format", "formats", type=click.Choice(tuple(dict.fromkeys((*VIEWS, *FORMATS)))), multiple=True,
         help="How to show it; with --check, a format of reports.  [default: table; with --check, text]")  # fmt: skip
@apply(REPORT_OPTIONS[1:])
@click.option("--no-baseline", is_flag=True, help="With --check: report what the baseline accepts, too.")
@apply(SCAN_OPTIONS)
def command(paths: tuple[str, ...], **given: Any) -> int:
    """List every key of PATHS: where it is defined, read, sent, logged, documented and shipped, for what, and whose.

    \b
    keytrace inventory                     the keys of this folder
    keytrace inventory -f json -o a.json   with all places, for other programs
    keytrace inventory diff a.json b.json  what changed between two inventories
    keytrace inventory --check             equal, stale, broad, exposed, unowned, unread keys
    keytrace inventory --check --old FILE  what still holds an old key: exit 0 means nothing does
    """  # noqa: D301
    from keytrace.api import common_root, folder_source
    from keytrace.inventory import check, take_inventory
    from keytrace.lifecycle.digests import load_key

    _refuse(given)
    if given["old"]:
        given["no_gitignore"] = True  # an ignored .env is where old keys live
    names = list(paths) or [os.getcwd()]
    root = common_root(names)
    config = build_config(root, given)
    key, why = load_key(given["key_file"] or "")
    if why:
        say(f"no digests: {why}", "they tell equal values; --key-file names a key for them")
    environments = _patterns(given["environments"])

    def take(progress: Progress | None) -> Taken:
        source = folder_source(names, root, config)
        return take_inventory(source, root, config, key, environments=environments, progress=progress)

    if not given["check"]:
        return _list(take, given)
    config = for_scan(config, given)
    asked = {name: given[name] for name in ("truths", "old", "max_age", "expires_within") if given[name] is not None}
    return reported(lambda progress, _: check(take(progress), root, config, **asked), targets_of(given), given)


def _list(take: Callable[[Progress | None], Taken], given: dict[str, Any]) -> int:
    showing = given["progress"] if given["progress"] is not None else sys.stderr.isatty()
    with progress_bar() if showing else nullcontext() as progress:
        taken = take(progress)
    _write(taken, given)
    if given["outputs"] or any(kind != "table" for kind in given["formats"]):  # else the table says it
        for error in taken.inventory.errors:
            say(f"not read: {error.path}: {error.message}")
    return 3 if taken.inventory.errors else 0


def _refuse(given: dict[str, Any]) -> None:
    """Raise ScannerError for options that do not go together."""
    for name in ("truths", "old", "max_age") if not given["check"] else ():
        if given[name]:
            raise ScannerError(f"--{name.replace('_', '-').removesuffix('s')} is for --check", "add --check")
    known = FORMATS if given["check"] else tuple(VIEWS)
    if wrong := next((kind for kind in given["formats"] if kind not in known), ""):
        raise ScannerError(f"{wrong} is a format {'without' if given['check'] else 'of'} --check", ", ".join(known))


def _patterns(given: tuple[str, ...]) -> dict[str, list[str]]:
    """Return patterns by environment."""
    found: dict[str, list[str]] = {}
    for one in given:
        name, separator, pattern = one.partition("=")
        if not (separator and re.fullmatch(r"[\w.-]+", name) and pattern):
            raise ScannerError(f"--environment {one}: not of the form NAME=PATTERN", "such as production=.env.live")
        found.setdefault(name, []).append(pattern)
    return found


_ENDINGS = {".json": "json", ".csv": "csv", ".md": "markdown", ".txt": "table"}


def _write(taken: Taken, given: dict[str, Any]) -> None:
    """Write the inventory to the files that are named, or to standard output."""
    from keytrace.cache.atomic import write_text

    formats, outputs = list(given["formats"]), list(given["outputs"])
    if len(formats) > max(1, len(outputs)):
        raise ScannerError("only one format can go to standard output", "give the others a file each with -o")
    for at, path in enumerate(outputs):
        kind = formats[at] if at < len(formats) else _ENDINGS.get(os.path.splitext(path)[1].lower(), "table")
        with write_text(path) as stream:
            VIEWS[kind](taken.inventory, stream)
    if not outputs and sys.stdout is not None:
        VIEWS[formats[0] if formats else "table"](taken.inventory, sys.stdout)
