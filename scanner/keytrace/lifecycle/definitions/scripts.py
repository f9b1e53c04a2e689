"""What the scripts in files of CI read: they are shell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from keytrace.lifecycle.definitions.tree import Tree
from keytrace.lifecycle.key import Mention
from keytrace.lifecycle.reads.patterns import reads


def read_in(script: Tree, form: str, environment: str = "") -> Iterator[Mention]:
    """Yield the variables that a script takes from outside."""
    for first, text in _commands(script):
        for one in reads("shell", text.encode("utf-8", "surrogateescape")) if "$" in text else ():
            yield replace(one, line=first + one.line - 1, form=form, environment=environment)


def _commands(script: Tree) -> Iterator[tuple[int, str]]:
    """Yield the commands of a script with their lines; one with `: ` in it is a mapping to YAML."""
    if script.text is not None:
        yield script.line + script.is_block, script.text
    for one in script.parts() if script.is_list else ():
        yield from _commands(one)
    for key, line, value in script.items():
        yield line, f"{key}: {value.text or ''}"
