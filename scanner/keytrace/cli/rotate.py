"""`keytrace rotate`."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from typing import Any

import click

from keytrace.cli.options import SCAN_OPTIONS, Command, apply, build_config, under
from keytrace.cli.output import keep_sources
from keytrace.cli.report import progress_bar
from keytrace.errors import ScannerError

_report = under("The report")


@click.command(name="rotate", cls=Command)
@click.argument("name")
@click.argument("paths", nargs=-1, type=click.Path())
@_report("-e", "--environment", metavar="NAME", default="", help="Rotate only the key of this environment.")
@_report("-f", "--format", "kind", type=click.Choice(("markdown", "json")), default="markdown", show_default=True,
         help="How to write it.")  # fmt: skip
@_report("-o", "--output", metavar="FILE", help="Write it to FILE, not to standard output.")
@apply(SCAN_OPTIONS)
def command(name: str, paths: tuple[str, ...], **given: Any) -> int:
    """Plan the rotation of the key NAME of PATHS: what to do in which order, where, and who.

    \b
    keytrace rotate STRIPE_SECRET_KEY                   a list to tick off
    keytrace rotate DB_PASSWORD@api -e production       one key of several of this name, in one environment
    keytrace rotate 4f1d09c2ab77e310 -f json -o plan.json   by the digest of its value, as the inventory has it
    """  # noqa: D301
    from keytrace.api import common_root, folder_source
    from keytrace.cache.atomic import write_text
    from keytrace.engine import load_engine
    from keytrace.inventory import take_inventory
    from keytrace.lifecycle import rotate
    from keytrace.lifecycle.digests import load_key
    from keytrace.lifecycle.plan import WRITERS

    if given["output"]:
        _refuse_tracked(given["output"])
    names = list(paths) or [os.getcwd()]
    root = common_root(names)
    config = build_config(root, given)
    with progress_bar() if sys.stderr.isatty() else nullcontext() as progress:
        taken = take_inventory(folder_source(names, root, config), root, config, load_key()[0], progress=progress)
    if given["output"]:
        keep_sources(given["output"], root, taken.report.scanned)
    key, errors = rotate.find(taken.inventory, name), taken.inventory.errors
    rule = rotate.rule_of(key, load_engine(config.setup()).every)
    notes = [f"{error.path} was not read, and may hold the key: {error.message}" for error in errors]
    checked = rotate.checked(key, taken.report, taken.whole.artifacts, config.max_file_size)
    plan = rotate.make_plan(key, rule, given["environment"], checked, notes, paths, _is_fixable)
    if given["output"]:
        with write_text(given["output"]) as stream:
            WRITERS[given["kind"]](plan, stream)
    else:
        WRITERS[given["kind"]](plan, sys.stdout)
    return 3 if errors else 0


def _is_fixable(path: str) -> bool:
    from keytrace.fixers import FIXERS
    from keytrace.fixers.kinds import kind_of

    return kind_of(path, b"") in FIXERS


def _refuse_tracked(path: str) -> None:
    """Raise ScannerError for a file that git tracks: a plan is no new version of it."""
    from keytrace import git

    folder, name = os.path.split(os.path.abspath(path))
    asked = ["--literal-pathspecs", "ls-files", "-z", "--", name]
    if os.path.isfile(path) and git.top_level(folder) and git.run(asked, folder):
        raise ScannerError(f"-o {path}: git tracks this file; a plan would overwrite it", "name a new file")
