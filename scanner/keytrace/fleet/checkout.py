"""The files of a commit, written to a folder byte for byte: no filter, hook or attribute of a repository is heeded."""

from __future__ import annotations

import os
from collections.abc import Iterator

from keytrace import git
from keytrace.model import ScanError
from keytrace.sources.history import blobs

_FORBIDDEN = {"", ".", "..", ".git"}


def check_out(repo: str, folder: str, limit: int) -> list[ScanError]:
    """Write the files of HEAD below a new folder, and return what could not be. Of those larger than `limit` there is
    a beginning; a link is a file with the name of its target.
    """
    os.mkdir(folder, 0o700)
    if not git.head(repo):
        if not git.run(["for-each-ref", "--count=1"], repo):
            return []  # nothing was ever committed
        return [ScanError("HEAD", "names no commit, so there are no files; --history reads the rest")]
    paths: dict[str, list[str]] = {}
    for path, blob in files(repo):
        paths.setdefault(blob, []).append(path)
    failed: list[ScanError] = []
    for blob, answer in blobs(repo, paths, limit):
        for path in paths[blob]:
            if answer is None:
                failed.append(ScanError(path, f"git cannot read it ({blob[:12]})"))
            elif why := _write(folder, path, *answer):
                failed.append(ScanError(path, f"cannot be written to a temporary folder: {why}"))
    return failed


def files(repo: str) -> Iterator[tuple[str, str]]:
    """Yield the files of a work tree's index, else of HEAD, each with its blob."""
    is_top = git.is_top(repo)
    arguments = ["ls-files", "-s", "-z"] if is_top else ["ls-tree", "-r", "-z", "--full-tree", "HEAD"]
    for row in git.run(arguments, repo).split(b"\0")[:-1]:
        head, _, path = row.partition(b"\t")
        mode, *words = head.decode().split(" ")
        if mode.startswith(("100", "120")):  # not a submodule
            yield os.fsdecode(path), words[0 if is_top else 1]


def _write(folder: str, path: str, size: int, data: bytes) -> str:
    """Write a file, and return why it cannot be."""
    parts = path.replace("\\", "/").split("/") if os.name == "nt" else path.split("/")
    if any(part.lower() in _FORBIDDEN for part in parts):
        return "its name is none of a file"
    full = os.path.join(folder, *parts)
    try:
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "xb") as file:
            file.write(data)
            file.truncate(size)  # too large is too large
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""
