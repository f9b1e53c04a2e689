"""What the scripts in files of CI read: they are shell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from keytrace.lifecycle.definitions.tree import Tree
from keytrace.lifecycle.key import Mention
from keytrace.lifecycle.reads.patterns import reads


def read_in(script: Tree, form: str) -> Iterator[Mention]:
    """Yield the variables that a script takes from outside."""
    text = script.text
    if text and "$" in text:
        first = script.line + (script.is_block)
        for one in reads("shell", text.encode("utf-8", "surrogateescape")):
            yield replace(one, line=first + one.line - 1, form=form)
