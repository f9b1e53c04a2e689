"""What a reader says of a text, in a form that is easy to compare."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from keytrace.lifecycle.key import Mention

Read = Callable[[str, bytes], Iterator[Mention]]


def said(read: Read, text: str, path: str = "file") -> list[tuple[str, int, str]]:
    """Return name, line and what stands there, of each mention."""
    return [(one.name, one.line, str(one.holds)) for one in read(path, text.encode())]
