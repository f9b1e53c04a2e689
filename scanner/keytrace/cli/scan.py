"""`keytrace scan`."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from keytrace.cli import close_output, current_folder, say
from keytrace.cli.options import SCAN_OPTIONS, Command, apply, build_config, under, unknown_variables
from keytrace.errors import ScannerError
from keytrace.model import Report
from keytrace.reporters import REPORTERS, refuse_secrets

if TYPE_CHECKING:
    from keytrace.config import Config
    from keytrace.reporters import ReporterOptions
    from keytrace.sources import Source

FORMATS = tuple(REPORTERS)
_ENDINGS = {".sarif": "sarif", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".txt": "text"}


_scanned, _report, _reported = map(under, ("What is scanned", "The report", "What is reported"))


@click.command(name="scan", cls=Command)
@click.argument("paths", nargs=-1, type=click.Path())
@_scanned("--staged", is_flag=True, help="Scan what is staged in git; report only lines that the commit adds.")
@_scanned("--stdin-filename", metavar="NAME", help="The name that standard input (the path -) is reported under.")
@_scanned("--no-diff", is_flag=True, help="Scan a patch on standard input as plain text, removed lines and all.")
@_report(
    "-f",
    "--format",
    "formats",
    type=click.Choice(FORMATS),
    multiple=True,
    envvar="KEYTRACE_FORMAT",
    help="How to report. With -o, the format of that file; else of standard output.  [default: text]",
)
@_report(
    "-o",
    "--output",
    "outputs",
    metavar="FILE",
    multiple=True,
    help="Write a report to FILE; its format is the -f beside it or follows from the ending. Repeatable.",
)
@_report(
    "-q", "--quiet", is_flag=True, help="Print nothing when there is nothing to report, and no text beside -o files."
)
@_report("-v", "--verbose", is_flag=True, help="Show suppressed findings and evidence, too.")
@_report("--list-skipped", is_flag=True, help="Name what was left out, and why; so does --verbose.")
@_report("--show-secrets", is_flag=True, help="Print secrets in full (text and json only).")
@_report("--exit-zero", is_flag=True, envvar="KEYTRACE_EXIT_ZERO", help="Exit 0 even when there are findings.")
@_report(
    "--strict",
    is_flag=True,
    envvar="KEYTRACE_STRICT",
    help="Exit 3 when something was left out, unless by your ignore files: archives, links, special files.",
)
@_report("--color/--no-color", default=None, help="Colours; default: on a terminal and in CI logs.")
@_report("--progress/--no-progress", default=None, help="A progress bar on standard error; default: on a terminal.")
@_reported(
    "--warn-unused-ignores",
    is_flag=True,
    envvar="KEYTRACE_WARN_UNUSED_IGNORES",
    help="Tell of comments keytrace:ignore that suppress nothing.",
)
@_reported("--no-baseline", is_flag=True, help="Report what the baseline accepts, too.")
@apply(SCAN_OPTIONS)
def command(paths: tuple[str, ...], **given: Any) -> int:
    """Scan PATHS (folders, files, or - for standard input; by default the current folder) for secrets.

    \b
    keytrace scan                      this folder
    keytrace scan --staged             what `git commit` would add
    git diff | keytrace scan -         standard input; of a patch, the added lines
    keytrace scan . -o report.sarif    SARIF to a file, text to the terminal
    """  # noqa: D301
    from keytrace.api import scan_source

    targets = _targets(given["formats"], given["outputs"], given["quiet"])
    if given["show_secrets"]:
        for kind, _ in targets:
            refuse_secrets(kind)
    source, root, config, complete = _source(paths, given)
    config = replace(config, notes=(*unknown_variables(), *config.notes))
    if given["no_baseline"]:
        config = replace(config, use_baseline=False)
    showing = given["progress"] if given["progress"] is not None else sys.stderr.isatty()
    with _progress_bar() if showing else nullcontext() as progress:
        keep = any(path is not None for _, path in targets)
        report = scan_source(source, root, config, complete=complete, progress=progress, keep=keep)
    if report.stopped_by:
        targets = [target for target in targets if target[1] is not None]
        say(f"stopped by {signal.Signals(report.stopped_by).name}; the reports hold what was found before")
    code = _code(report, given)
    _write(report, targets, code, given)
    return code


def _code(report: Report, given: dict[str, Any]) -> int:
    """Return the exit code: that of the report, but for --exit-zero and --strict."""
    code = report.exit_code
    if given["exit_zero"] and report.active and not report.stopped_by:
        code = 3 if report.errors else 0
    if given["strict"] and code == 0 and not report.is_complete:
        code = 3
    return code


def _source(paths: tuple[str, ...], given: dict[str, Any]) -> tuple[Source, str, Config, bool]:
    """Return the source, the root its paths start from, the configuration and whether the source is the whole tree."""
    from keytrace.api import common_root, covers, folder_source
    from keytrace.git import top_level

    piped = paths == ("-",) or ("-" in paths and not os.path.lexists("-"))  # a hook may pass a file of that name
    if (given["stdin_filename"] or given["no_diff"]) and not piped:
        option = "--stdin-filename" if given["stdin_filename"] else "--no-diff"
        raise ScannerError(f"{option} is for standard input", "add - as the path")
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


def _targets(formats: tuple[str, ...], outputs: tuple[str, ...], quiet: bool) -> list[tuple[str, str | None]]:
    """Pair formats with files; what is left of the formats goes to standard output (None)."""
    left = list(formats)
    paired = len(formats) == len(outputs)
    targets: list[tuple[str, str | None]] = []
    for output in outputs:
        if output == "-":
            raise ScannerError("-o writes to files, not to standard output (-)", "leave it out: -f alone does that")
        known = _ENDINGS.get(os.path.splitext(output)[1].lower())
        if known in left:
            left.remove(known)
            chosen = known
        elif left and (paired or known is None):
            chosen = left.pop(0)
        elif known:
            chosen = known
        else:
            raise ScannerError(f"no format for {output}", f"put one before it: -f {'|'.join(FORMATS)}")
        targets.append((chosen, output))
    if len(left) > 1:
        raise ScannerError("only one format can go to standard output", "give the others a file each with -o")
    if sys.stdout is None and not outputs:
        raise ScannerError("standard output is closed", "write the report to a file with -o")
    if left or not (outputs and quiet):
        targets.append((left[0] if left else "text", None))
    return targets


def _write(report: Report, targets: list[tuple[str, str | None]], code: int, given: dict[str, Any]) -> None:
    from keytrace.cache.atomic import write_text
    from keytrace.reporters import ReporterOptions, write
    from keytrace.reporters.layout import joined_notes

    options = ReporterOptions(
        show_secrets=given["show_secrets"],
        color=given["color"],
        relative_to=current_folder(),
        verbose=given["verbose"],
        list_skipped=given["list_skipped"],
        exit_code=code,
    )
    for kind, path in targets:
        if path is None:
            if given["quiet"] and kind == "text" and not report.active and not report.errors:
                continue
            _write_to_output(kind, report, options)
            if kind != "text":
                for error in report.errors:
                    say(f"{error.path}: {error.message}")
            if kind == "line" and not given["quiet"]:
                for note in joined_notes(report.notes):
                    say(f"note: {note}")
        else:
            with write_text(path) as stream:
                write(kind, report, stream, replace(options, color=False))


def _write_to_output(kind: str, report: Report, options: ReporterOptions) -> None:
    from keytrace.reporters import write

    if sys.stdout is None:  # closed by the caller
        return
    try:
        write(kind, report, sys.stdout, options)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        close_output()
        raise ScannerError(f"cannot write the report: {error.strerror}", "write it elsewhere with -o") from error


def _progress_bar() -> Any:
    from keytrace.cli.progress import progress_bar

    return progress_bar()
