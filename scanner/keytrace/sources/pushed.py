"""What a push brings to a remote: the commits that git, or pre-commit, tells a hook before it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from keytrace import git
from keytrace.errors import ScannerError

_LINE = re.compile(r"\S+ ([0-9a-f]{40,64}) \S+ ([0-9a-f]{40,64})")  # local ref and object, those of the remote
_NOTHING = ("HEAD", "^HEAD")


def pushed(repo: str, environment: Mapping[str, str], lines: Iterable[str]) -> tuple[str, ...]:
    """Return the revisions that a push brings: by the variables that pre-commit sets, else by the lines that git gives
    a pre-push hook. What any remote has already, as far as is known here, is not among them.

    Raise ScannerError where neither tells anything.
    """
    # Of a branch that begins with what is pushed, pre-commit tells the name alone.
    new = environment.get("PRE_COMMIT_TO_REF", "") or environment.get("PRE_COMMIT_LOCAL_BRANCH", "")
    old = environment.get("PRE_COMMIT_FROM_REF", "")
    pairs = [(new, old)] if new else []
    if not pairs:
        found = [_LINE.fullmatch(line.strip()) for line in lines]
        if not found or not all(found):
            hint = "it is for a pre-push hook: git tells it on standard input, pre-commit in PRE_COMMIT_TO_REF"
            raise ScannerError("--pushed: nothing says what is pushed", hint)
        pairs = [(one[1], one[2]) for one in found if one is not None]
    brought = [new for new, _ in pairs if new.strip("0")]  # else a branch is deleted
    if not brought:
        return _NOTHING
    known = git.run(["for-each-ref", "--format=^%(objectname)", "refs/remotes"], repo).decode().split()
    before = [f"^{old}" for _, old in pairs if old.strip("0") and git.commit_of(repo, old)]  # else somebody else's
    return tuple(dict.fromkeys([*brought, *before, *known]))
