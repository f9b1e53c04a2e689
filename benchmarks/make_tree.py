"""Build a folder of many small text files to time scanners on, from the running Python's own files.

    python benchmarks/make_tree.py TREE [--files 30000] [--mb 200]

Deterministic for one version of Python and its packages: the same files give the same tree.
"""

from __future__ import annotations

import argparse
import os
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

IN_ONE_FOLDER = 100  # files


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=Path)
    parser.add_argument("--files", type=int, default=30_000)
    parser.add_argument("--mb", type=float, default=200, help="total size; 1 MB is 1,000,000 bytes")
    arguments = parser.parse_args()
    if arguments.tree.exists():
        sys.exit(f"{arguments.tree} exists")
    count, size = make_tree(arguments.tree, arguments.files, round(arguments.mb * 1e6))
    print(f"{arguments.tree}: {count:,} files, {size / 1e6:.1f} MB")


def make_tree(tree: Path, files: int, size: int) -> tuple[int, int]:
    """Write the files and return how many they are and how many bytes they hold."""
    texts = [(path.name, text) for folder in _folders() for path, text in _texts(folder)]
    length = _longest([len(texts[number % len(texts)][1]) for number in range(files)], size)
    written = 0
    for number in range(files):
        copy, which = divmod(number, len(texts))
        name, text = texts[which]
        file = tree / f"{number // IN_ONE_FOLDER:04}" / f"{number:06}-{name}"
        if number % IN_ONE_FOLDER == 0:
            file.parent.mkdir(parents=True)
        content = _varied(_cut(text, length), copy)
        file.write_bytes(content)
        written += len(content)
    return files, written


def _folders() -> list[Path]:
    """Return the standard library, the packages inside it left out, and then the packages."""
    return [Path(sysconfig.get_path("stdlib")), Path(sysconfig.get_path("purelib"))]


def _texts(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - {"__pycache__", "site-packages"})
        for path in (Path(parent, name) for name in sorted(names)):
            content = path.read_bytes()
            if content and b"\0" not in content:
                yield path, content


def _longest(lengths: list[int], size: int) -> int:
    """Return where to cut files of these lengths so that they hold `size` bytes together."""
    if sum(lengths) < size:
        sys.exit(
            f"{len(lengths):,} files of Python's hold no more than {sum(lengths) / 1e6:.0f} MB: ask for more files"
        )
    low, high = 0, max(lengths)
    while low < high:
        middle = (low + high) // 2
        if sum(min(length, middle) for length in lengths) < size:
            low = middle + 1
        else:
            high = middle
    return low


def _varied(text: bytes, copy: int) -> bytes:
    """Return a text that no scanner can take for one that it has seen."""
    return text.replace(b"self", b"self%d" % copy) + b"# copy %d\n" % copy if copy else text


def _cut(text: bytes, length: int) -> bytes:
    """Cut after the last whole line, or within a line that is longer than all."""
    return text if len(text) <= length else text[: text.rfind(b"\n", 0, length) + 1 or length]


if __name__ == "__main__":
    main()
