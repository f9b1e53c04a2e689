"""`keytrace lsp`."""

from __future__ import annotations

import os
import sys

import click

from keytrace.errors import ScannerError


@click.command(name="lsp")
def command() -> int:
    """Serve an editor: findings as one types, why they are some, and what settles them (Language Server Protocol).

    An editor starts it and talks to it on standard input and output. The configuration of a document's project holds.
    """
    try:
        from keytrace.editor.server import serve
    except ModuleNotFoundError as error:
        if error.name and error.name.partition(".")[0] in ("pygls", "lsprotocol", "cattrs", "attrs"):
            raise ScannerError("the language server is not installed", "pip install 'keytrace[editor]'") from error
        raise
    if sys.stdin is None or sys.stdin.isatty():
        raise ScannerError("keytrace lsp talks to an editor, on standard input", "the README says how to set that up")
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what is printed by mistake must not get between the messages
    return serve(sys.stdin.buffer, output)
