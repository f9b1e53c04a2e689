"""`keytrace inventory`."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from typing import Any

import click

from keytrace.cli.options import SCAN_OPTIONS, Command, apply, build_config, under
from keytrace.cli.report import progress_bar

_report = under("The report")


@click.command(name="inventory", cls=Command)
@click.argument("paths", nargs=-1, type=click.Path())
@_report("-f", "--format", "kind", type=click.Choice(("table", "json")), default="table", show_default=True,
         help="How to show it.")  # fmt: skip
@_report("-o", "--output", metavar="FILE", help="Write it to FILE, not to standard output.")
@apply(SCAN_OPTIONS)
def command(paths: tuple[str, ...], **given: Any) -> int:
    """List every key of PATHS: where it is defined, read, sent, logged and documented, whose it is.

    \b
    keytrace inventory                  the keys of this folder
    keytrace inventory -f json          with all places, for other programs
    """  # noqa: D301
    from keytrace.api import common_root, folder_source
    from keytrace.cache.atomic import write_text
    from keytrace.inventory import take_inventory
    from keytrace.lifecycle.digests import load_key
    from keytrace.lifecycle.views import VIEWS

    names = list(paths) or [os.getcwd()]
    root = common_root(names)
    config = build_config(root, given)
    key, _ = load_key()
    with progress_bar() if sys.stderr.isatty() else nullcontext() as progress:
        taken = take_inventory(folder_source(names, root, config), root, config, key, progress=progress)
    if given["output"]:
        with write_text(given["output"]) as stream:
            VIEWS[given["kind"]](taken.inventory, stream)
    else:
        VIEWS[given["kind"]](taken.inventory, sys.stdout)
    return 3 if taken.inventory.errors else 0
