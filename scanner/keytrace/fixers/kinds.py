"""What kind of file a fix is for, told by its name and, where that says too little, by its content."""

from __future__ import annotations

from pathlib import PurePosixPath

from keytrace.text.language import extension

_ENDINGS = {".py": "python", ".pyw": "python", ".ipynb": "notebooks"}


def kind_of(path: str, data: bytes) -> str:  # noqa: ARG001
    """Return the kind of a file; empty for one that has no fixer."""
    name = PurePosixPath(path).name.lower()
    return _ENDINGS.get(extension(name), "")
