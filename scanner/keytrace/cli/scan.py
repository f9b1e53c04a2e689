"""`keytrace scan`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from keytrace.cli.live import VERIFY_OPTIONS, asking_of, verified
from keytrace.cli.options import TREE_OPTIONS, Command, apply, build_config, for_scan, under
from keytrace.cli.output import keep_scanned
from keytrace.cli.report import REPORT_OPTIONS, reported, targets_of
from keytrace.errors import ScannerError

if TYPE_CHECKING:
    from keytrace.config import Config
    from keytrace.model import Report
    from keytrace.sources import Source
    from keytrace.total import Progress

_scanned, _reported = map(under, ("What is scanned", "What is reported"))


@click.command(name="scan", cls=Command)
@click.argument("paths", nargs=-1, type=click.Path())
@_scanned("--staged", is_flag=True, help="Scan what is staged in git; report only lines that the commit adds.")
@_scanned("--stdin-filename", metavar="NAME", help="The name that standard input (the path -) is reported under.")
@_scanned("--no-diff", is_flag=True, help="Scan a patch on standard input as plain text, removed lines and all.")
@_scanned("--commit-message", metavar="FILE", help="Scan the message in FILE that a commit-msg hook is given.")
@apply(REPORT_OPTIONS)
@_reported(
    "--warn-unused-ignores",
    is_flag=True,
    envvar="KEYTRACE_WARN_UNUSED_IGNORES",
    help="Tell of comments keytrace:ignore that suppress nothing.",
)
@_reported("--no-baseline", is_flag=True, help="Report what the baseline accepts, too.")
@apply(VERIFY_OPTIONS)
@apply(TREE_OPTIONS)
def command(paths: tuple[str, ...], **given: Any) -> int:
    """Scan PATHS (folders, files, or - for standard input; by default the current folder) for secrets.

    \b
    keytrace scan                      this folder
    keytrace scan --staged             what `git commit` would add
    git diff | keytrace scan -         standard input; of a patch, the added lines
    keytrace scan . -o report.sarif    SARIF to a file, text to the terminal
    """  # noqa: D301
    from keytrace.api import scan_source

    targets = targets_of(given)
    keep_scanned(given["outputs"], paths)
    source, root, config, complete = _source(paths, given)
    if given["with_keys"] and not complete:
        raise ScannerError("--inventory is for a whole tree", "name its root, or `keytrace inventory --check PATHS`")
    config = for_scan(config, given)
    asking = asking_of(given, config)

    def run(progress: Progress | None, keep: bool) -> Report:
        found = scan_source(source, root, config, complete=complete, progress=progress, keep=keep)
        return verified(found, asking, keep)

    return reported(run, targets, given)


def _source(paths: tuple[str, ...], given: dict[str, Any]) -> tuple[Source, str, Config, bool]:
    """Return the source, the root its paths start from, the configuration and whether the source is the whole tree."""
    from keytrace.api import common_root, covers, folder_source
    from keytrace.git import top_level

    piped = paths == ("-",) or ("-" in paths and not os.path.lexists("-"))  # a hook may pass a file of that name
    if (given["stdin_filename"] or given["no_diff"]) and not piped:
        option = "--stdin-filename" if given["stdin_filename"] else "--no-diff"
        raise ScannerError(f"{option} is for standard input", "add - as the path")
    if given["commit_message"] is not None:
        return _message(paths, given)
    if piped:
        return _piped(paths, given)
    if given["staged"]:
        from keytrace.sources.staged import StagedSource

        top = top_level(os.getcwd())
        if top is None:
            raise ScannerError("--staged needs a git work tree", "run it inside a repository")
        config = build_config(top, given)
        limits = tuple(os.path.abspath(path) for path in paths)
        staged = StagedSource(top, limits, exclude=config.exclude, trust_repo=config.trust_repo)
        return staged, top, config, False
    names = list(paths) or [os.getcwd()]
    root = common_root(names)
    config = build_config(root, given)
    return folder_source(names, root, config), root, config, covers(names, root)


def _piped(paths: tuple[str, ...], given: dict[str, Any]) -> tuple[Source, str, Config, bool]:
    from keytrace.api import stream_source
    from keytrace.git import top_level

    if len(paths) > 1 or given["staged"]:
        raise ScannerError("standard input (-) goes alone", "scan other paths in a run of their own")
    if os.path.lexists("-"):  # whichever was meant, the other would be passed over
        raise ScannerError("'-' is standard input, but there is a file of that name", "./- names the file")
    if sys.stdin is None:
        raise ScannerError("standard input is closed", "give it something to read, or name a path")
    root = top_level(os.getcwd()) or os.getcwd()
    config = build_config(root, given)
    source = stream_source(sys.stdin.buffer, root, config, given["stdin_filename"], given["no_diff"])
    return source, root, config, False


def _message(paths: tuple[str, ...], given: dict[str, Any]) -> tuple[Source, str, Config, bool]:
    from io import BytesIO

    from keytrace.api import common_root
    from keytrace.sources.content import read_file
    from keytrace.sources.history import MESSAGE, kept_of_message
    from keytrace.sources.stream import StreamSource

    if paths or given["staged"]:
        raise ScannerError("--commit-message goes alone", "scan paths, or what is staged, in a run of their own")
    root = common_root(["."])
    config = build_config(root, given)
    try:
        text = read_file(given["commit_message"], config.max_file_size)
    except OSError as error:
        raise ScannerError(
            f"cannot read {given['commit_message']}: {error.strerror}", "git names it to the hook"
        ) from error
    return StreamSource(BytesIO(kept_of_message(text)), MESSAGE), root, config, False
