"""Putting hooks where git looks for them: what is there is run first, and is back as it was once ours is taken out."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress

from keytrace import git
from keytrace.cache.atomic import aside, new_mode
from keytrace.errors import ScannerError
from keytrace.hooks.places import Place
from keytrace.hooks.scripts import BEFORE, KINDS, OTHERS, is_ours, is_unchanged, scans, script

_LEFT_OVER = "what was there before ours is left over and does not run; name it back, or delete it"


def install(place: Place, kinds: Iterable[str]) -> Iterator[str]:
    """Put the hooks `kinds` into a folder, and say what was done; raise ScannerError where that cannot be."""
    wanted = dict.fromkeys(kinds)
    for kind in wanted:
        _check(os.path.join(place.folder, kind))
    if place.everywhere:
        os.makedirs(place.folder, exist_ok=True)
    else:
        with suppress(FileExistsError):
            os.mkdir(place.folder)  # no more than uninstall takes away again
    for kind in wanted:
        path = os.path.join(place.folder, kind)
        _put(path, script(kind, sys.executable, everywhere=place.everywhere))
        is_second = os.path.lexists(path + BEFORE)
        yield f"{kind}: installed{', after the hook that was there' if is_second else ''}: {path}"
    if place.everywhere:
        for kind in (*KINDS, *OTHERS):
            if not os.path.lexists(path := os.path.join(place.folder, kind)):
                _write(path, script(kind, "", everywhere=True))
        git.run(["config", "--global", "core.hooksPath", place.folder], place.folder)
        yield f"core.hooksPath is {place.folder} for all your repositories; their own hooks run first"


def uninstall(place: Place, kinds: Iterable[str]) -> Iterator[str]:
    """Take our hooks `kinds` out of a folder, put back what was there, and say what was done; raise ScannerError where
    one of ours goes on running.
    """
    left = []
    for kind in (*kinds, *OTHERS) if place.everywhere else kinds:
        path = os.path.join(place.folder, kind)
        if not os.path.lexists(path) or not is_ours(_text(path)):
            if os.path.lexists(path + BEFORE):
                yield f"{kind}: {_LEFT_OVER}: {path}{BEFORE}"
            continue
        if not is_unchanged(_text(path), kind):
            left.append(path)
            yield f"{kind}: left, as it was changed by hand since: {path}"
            continue
        did_scan, is_back = scans(_text(path)), os.path.lexists(path + BEFORE)
        if is_back:
            os.replace(path + BEFORE, path)
        else:
            os.unlink(path)
        if did_scan:
            yield f"{kind}: taken out{', and the hook that was there is back' if is_back else ''}: {path}"
    if place.everywhere:
        yield from _leave_everywhere(place)
    else:
        with suppress(OSError):
            os.rmdir(place.folder)  # where nothing else is in it
    if left:
        raise ScannerError(f"ours go on running: {', '.join(left)}", "take our lines out by hand, or delete the file")


def _leave_everywhere(place: Place) -> Iterator[str]:
    """Have git look in each repository again, unless a hook is left in our folder."""
    try:
        os.rmdir(place.folder)
    except FileNotFoundError:
        pass
    except OSError:
        yield f"core.hooksPath is left: there are other files in {place.folder}"
        return
    git.run(["config", "--global", "--unset", "core.hooksPath"], os.getcwd(), accept=(0, 5))
    yield "core.hooksPath is unset: git looks in each repository again"


def state(place: Place, kind: str) -> str:
    """Say what there is of a hook in a folder."""
    path = os.path.join(place.folder, kind)
    text = _text(path)
    is_kept = os.path.lexists(path + BEFORE)
    left = f"; {_LEFT_OVER}: {path}{BEFORE}" if is_kept else ""
    if not os.path.lexists(path) or (is_ours(text) and not scans(text)):
        return f"not installed{left}"
    if not is_ours(text):
        return f"another hook is there{left or '; installing ours keeps it, and runs it first'}"
    if not os.access(path, os.X_OK):
        return "installed, but not executable: git does not run it"
    changed = "" if is_unchanged(text, kind) else ", changed by hand since"
    return f"installed{', after the hook that was there' if is_kept else ''}{changed}"


def _put(path: str, text: str) -> None:
    """Write a hook; one that is there and not ours is kept beside it."""
    is_there = os.path.lexists(path) and not is_ours(_text(path))
    if is_there:
        os.rename(path, path + BEFORE)
    try:
        _write(path, text)
    except OSError:
        if is_there:
            os.rename(path + BEFORE, path)
        raise


def _check(path: str) -> None:
    """Raise ScannerError where a hook cannot be put without losing something."""
    if os.path.isdir(path):
        raise ScannerError(f"{path} is a folder", "git runs files: move it away")
    if not os.path.lexists(path):
        return
    if not is_ours(_text(path)) and os.path.lexists(path + BEFORE):
        raise ScannerError(
            f"{path} and {path}{BEFORE} are there, neither ours", "keep one of them, move the other away"
        )


def _text(path: str) -> str:
    try:
        with open(path, "rb") as stream:
            return stream.read(2**16).decode("utf-8", "surrogateescape")
    except OSError:
        return ""  # a link that leads nowhere: not ours


def _write(path: str, text: str) -> None:
    """Write an executable file whole or not at all; a link is replaced, not followed."""
    with aside(path) as (descriptor, temporary):
        with open(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        os.chmod(temporary, new_mode(0o777))
