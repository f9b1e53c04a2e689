"""The formats that keys are defined in, one file each: which files are of it, and what their entries say.

A new one is a file and a line here. The first that claims a file reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from keytrace.lifecycle.definitions import (
    compose,
    dotenv,
    github_actions,
    kubernetes,
)
from keytrace.lifecycle.key import Mention

Claims = Callable[[str, bytes], bool]  # a path, and the content
Read = Callable[[str, bytes], Iterator[Mention]]  # likewise; raises tree.BrokenError

FORMATS: dict[str, tuple[Claims, Read]] = {
    "dotenv": (dotenv.claims, dotenv.read),
    "compose": (compose.claims, compose.read),
    "github-actions": (github_actions.claims, github_actions.read),
    "kubernetes": (kubernetes.claims, kubernetes.read),
}


def format_of(path: str, data: bytes) -> str:
    """Return the format of a file, empty where it is none that keys are defined in."""
    return next((name for name, (claims, _) in FORMATS.items() if claims(path, data)), "")


def definitions(form: str, path: str, data: bytes) -> Iterator[Mention]:
    """Yield the entries of a file of a format."""
    yield from FORMATS[form][1](path, data)
