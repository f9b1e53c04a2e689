"""The hooks of git that keep secrets out, and the shell script of each."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

MARK = "# keytrace: the hook "
BEFORE = ".before-keytrace"  # behind the name of a hook that was there and is run first
_PROGRAM = re.compile(r"^python=(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a hook runs, as a shell has it; whether git tells it something on standard input; what to say at its no."""

    command: str
    is_told: bool
    refusal: str


_WHY = "`keytrace explain FILE:LINE` says why"
KINDS = {
    "pre-commit": Kind(
        "scan --staged --quiet", False,
        f"nothing was committed; {_WHY}, git commit --no-verify commits all the same",
    ),
    "commit-msg": Kind(
        'scan --commit-message "$1" --quiet', False,
        "nothing was committed: git commit --edit --file .git/COMMIT_EDITMSG takes the message up again",
    ),
    "pre-push": Kind(
        "history --pushed --quiet", True,
        "nothing was pushed; what is in an older commit stays there until that is rewritten (git rebase -i), "
        "git push --no-verify pushes all the same",
    ),
    "pre-receive": Kind(
        "history --pushed --quiet", True,
        "the push was refused: take the secret out of the commits that bring it (git rebase -i), and replace it if "
        "anybody may have seen it",
    ),
}  # fmt: skip
# What git runs besides, of which a folder for all repositories must know, as git then looks nowhere else. Not
# push-to-checkout: that it is there changes what git does.
OTHERS = (
    "applypatch-msg", "post-applypatch", "post-checkout", "post-commit", "post-index-change", "post-merge",
    "post-receive", "post-rewrite", "post-update", "pre-applypatch", "pre-auto-gc", "pre-merge-commit",
    "pre-rebase", "prepare-commit-msg", "reference-transaction", "sendemail-validate", "update",
)  # fmt: skip


def script(kind: str, python: str, *, everywhere: bool = False) -> str:
    """Return the hook `kind`, run by the interpreter `python`; one for all repositories runs the repository's first.

    Without an interpreter it does only that.
    """
    before = '"${0%/*}/' + kind + BEFORE + '"'
    if everywhere:
        before = '"$(git rev-parse --git-common-dir)/hooks/' + kind + '"'
    told = f"{MARK}{kind}; `keytrace hook uninstall` takes it out, and all is as before"
    lines = ["#!/bin/sh", told, f"before={before}"]
    if not python:
        return "\n".join([*lines, '[ ! -x "$before" ] || exec "$before" "$@"', ""])
    form = KINDS[kind]
    given = """printf '%s\\n' "$given" | """ if form.is_told else ""
    lines += ["given=$(cat)"] * form.is_told
    lines += [f'if [ -x "$before" ]; then {given}"$before" "$@" || exit; fi']
    lines += ['[ -n "$given" ] || exit 0'] * form.is_told
    lines += [f"python={shlex.quote(python)}", _RUN, f"{given}keytrace_ {form.command} && exit", "code=$?"]
    return "\n".join(
        [*lines, f"[ $code != 1 ] || echo {shlex.quote('keytrace: ' + form.refusal)} >&2", "exit $code", ""]
    )


# By the interpreter that it was installed with: a hook often has another PATH than a terminal. Without the folder that
# it runs in: what is committed is no part of the program.
_RUN = """\
keytrace_() {
    if [ -x "$python" ]; then "$python" -P -m keytrace "$@"
    elif command -v keytrace > /dev/null; then keytrace "$@"
    else echo "keytrace: it is not installed any more: install it, or delete $0" >&2; return 127; fi
}"""


def is_ours(text: str) -> bool:
    return MARK in text


def scans(text: str) -> bool:
    """Tell whether a hook of ours does more than to run the repository's own."""
    return _PROGRAM.search(text) is not None


def is_unchanged(text: str, kind: str) -> bool:
    """Tell whether a hook of ours is as we wrote it, whichever interpreter it names."""
    found = _PROGRAM.search(text)
    try:
        python = "".join(shlex.split(found[1])) if found else ""
    except ValueError:
        return False
    return text in (script(kind, python), script(kind, python, everywhere=True))
