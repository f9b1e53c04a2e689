"""`keytrace history`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from keytrace.cli import say
from keytrace.cli.live import VERIFY_OPTIONS, asking_of, verified
from keytrace.cli.options import HISTORY_OPTIONS, Command, apply, build_config, for_scan, under
from keytrace.cli.report import REPORT_OPTIONS, reported, targets_of
from keytrace.errors import ScannerError

if TYPE_CHECKING:
    from keytrace.model import Report
    from keytrace.total import Progress

_scanned, _reported, _report = map(under, ("What is scanned", "What is reported", "The report"))


@click.command(name="history", cls=Command)
@click.argument("revisions", nargs=-1)
@_scanned("--base", metavar="REF", help="Scan the commits of HEAD that REF does not have: those of a merge request.")
@_scanned("--since", metavar="WHEN", help="Scan what is later than this commit or date: v1.2, 2026-11-29, '2 weeks'.")
@_scanned("--pushed", is_flag=True, help="Scan the commits that a push brings: in a pre-push or pre-receive hook.")
@_scanned("--path", "limits", metavar="PATH", multiple=True, help="Scan only this file or folder. Repeatable.")
@_scanned("--unreachable", is_flag=True, help="Scan what no commit leads to, too: git keeps it for some weeks.")
@_reported("--only", type=click.Choice(("gone", "present")),
           help="Report only secrets that are gone from HEAD, or that are still there.")  # fmt: skip
@_reported("--no-baseline", is_flag=True, help="Report what the baseline accepts, too.")
@_report("--clean-up", metavar="FILE",
         help="Write what `git filter-repo --replace-text` takes to remove what is reported; say how.")  # fmt: skip
@apply(REPORT_OPTIONS)
@apply(VERIFY_OPTIONS)
@apply(HISTORY_OPTIONS)
def command(revisions: tuple[str, ...], **given: Any) -> int:
    """Scan the commits that REVISIONS name, as `git log` does; by default all, with stashes, notes and the reflog.

    One finding a secret: which commit brought it, which took it out, where it still is.

    \b
    keytrace history                          all that was ever committed
    keytrace history --base origin/main       the commits of a merge request
    keytrace history v1.0..v2.0 --only gone   secrets that a look at the files no longer shows
    """  # noqa: D301
    from keytrace.history import scan_history
    from keytrace.sources.commits import Span

    targets = targets_of(given)
    _refuse_paths(revisions)
    repo = repository()
    config = for_scan(build_config(repo, given), given)
    asking = asking_of(given, config)
    for name in ("base", "since"):
        if given[name] == "":
            raise ScannerError(f"--{name} is empty", "is a variable of your CI not set?")
    if given["pushed"]:
        revisions = _pushed(revisions, given, repo)
    limits = tuple(_relative(path, repo) for path in given["limits"])
    span = Span(revisions, given["base"] or "", given["since"] or "", limits)

    def run(progress: Progress | None, keep: bool) -> Report:
        found = scan_history(
            repo, config, span, unreachable=given["unreachable"], only=given["only"] or "", progress=progress, keep=keep
        )  # fmt: skip
        found = verified(found, asking, keep)
        if given["clean_up"]:
            _clean_up(found, given["clean_up"])
        return found

    return reported(run, targets, given)


def _refuse_paths(revisions: tuple[str, ...]) -> None:
    """Raise ScannerError where a revision is a path, as other commands take, and git knows no commit of that name."""
    from keytrace import git

    for one in revisions:
        if os.path.exists(one) and not git.commit_of(os.getcwd(), one):
            raise ScannerError(
                f"{one} is a path, and history takes revisions", "run it in the repository; --path limits it to a part"
            )


def _pushed(revisions: tuple[str, ...], given: dict[str, Any], repo: str) -> tuple[str, ...]:
    from keytrace.sources.pushed import pushed

    if revisions or given["base"] or given["since"]:
        raise ScannerError("--pushed says itself which commits are meant", "leave out revisions, --base and --since")
    is_told = sys.stdin is not None and not sys.stdin.isatty() and "PRE_COMMIT" not in os.environ
    return pushed(repo, os.environ, sys.stdin if is_told else ())


def repository() -> str:
    """Return the top of the work tree that the user is in, or the bare repository."""
    from keytrace import git

    here = os.getcwd()
    if top := git.top_level(here):
        return top
    if git.run(["rev-parse", "--is-bare-repository"], here).strip() != b"true":
        raise ScannerError("not in a git repository", "run it inside of one")
    return os.path.join(here, os.fsdecode(git.run(["rev-parse", "--git-dir"], here).removesuffix(b"\n")))


def _relative(path: str, repo: str) -> str:
    """Return a path, relative to where the user is, relative to the top."""
    if not path:
        raise ScannerError("--path is empty", "is a variable of your CI not set?")
    full = os.path.realpath(path) if os.path.lexists(path) else os.path.abspath(path)
    relative = os.path.relpath(full, os.path.realpath(repo)).replace(os.sep, "/")
    if relative == ".." or relative.startswith("../"):
        raise ScannerError(f"--path {path} lies outside of the repository {repo}", "run it in that repository")
    return relative


def _clean_up(report: Report, path: str) -> None:
    from keytrace.history.clean_up import steps, write

    number = write(report, path)
    for line in steps(path, report, number) if report.active else ():
        say(line)
