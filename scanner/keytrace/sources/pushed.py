"""What a push brings to a remote: the commits that git, or pre-commit, tells a hook before it, here or over there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence

from keytrace import git
from keytrace.errors import ScannerError

_LINE = re.compile(r"\S+ ([0-9a-f]{40,64}) \S+ ([0-9a-f]{40,64})")  # local ref and object, those of the remote
_RECEIVED = re.compile(r"([0-9a-f]{40,64}) ([0-9a-f]{40,64}) \S+")  # old object, new object, ref


def pushed(repo: str, environment: Mapping[str, str], lines: Iterable[str]) -> tuple[str, ...]:
    """Return the revisions that a push brings: by the variables that pre-commit sets, else by the lines that git gives
    a pre-push or a pre-receive hook. What any remote has already, as far as is known here, is not among them; of what
    is received, what is in any ref.

    Raise ScannerError where neither tells anything.
    """
    # Of a branch that begins with what is pushed, pre-commit tells the name alone.
    new = environment.get("PRE_COMMIT_TO_REF", "") or environment.get("PRE_COMMIT_LOCAL_BRANCH", "")
    old = environment.get("PRE_COMMIT_FROM_REF", "")
    pairs, there = ([(new, old)], "--remotes") if new else _told([line.strip() for line in lines])
    brought = [new for new, _ in pairs if new.strip("0")]  # else a branch is deleted
    if not brought:  # nothing but the empty tree, which git knows in every repository
        return (git.run(["hash-object", "-t", "tree", os.devnull], repo).decode("ascii").strip(),)
    before = [old for _, old in pairs if old.strip("0") and git.commit_of(repo, old)]  # else somebody else's
    return (*dict.fromkeys(brought), *_edges(repo, brought, [*before, there]))


def _told(lines: Sequence[str]) -> tuple[list[tuple[str, str]], str]:
    """Return what is new and what was there, for each line that git gives a hook, and which refs are there already."""
    sent, received = [_LINE.fullmatch(line) for line in lines], [_RECEIVED.fullmatch(line) for line in lines]
    if lines and all(sent):
        return [(one[1], one[2]) for one in sent if one], "--remotes"
    if lines and all(received):
        return [(one[2], one[1]) for one in received if one], "--all"
    hint = "it is for a hook: git tells it on standard input, pre-commit in PRE_COMMIT_TO_REF"
    raise ScannerError("--pushed: nothing says what is pushed", hint)


def _edges(repo: str, brought: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return what git is to leave out: the commits just before new ones, as all refs may be too many for a command."""
    told = git.run(["rev-list", "--boundary", *brought, "--not", *known, "--"], repo).decode("ascii").split()
    return [f"^{one[1:]}" for one in told if one.startswith("-")] if told else [f"^{one}" for one in brought]
