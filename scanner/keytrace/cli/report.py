"""The report of a command: its options, where it goes, and the exit code."""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import click

from keytrace.cli import close_output, current_folder, say
from keytrace.cli.options import build_config, under
from keytrace.errors import ScannerError
from keytrace.model import Report
from keytrace.reporters import REPORTERS, refuse_secrets

if TYPE_CHECKING:
    from keytrace.reporters import ReporterOptions
    from keytrace.total import Progress

FORMATS = tuple(REPORTERS)
_ENDINGS = {
    ".sarif": "sarif", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".txt": "text", ".csv": "csv",
    ".xml": "junit", ".md": "markdown", ".html": "html",
    ".rdjson": "rdjson",
}  # fmt: skip

_WITHOUT_SKIPPED = ("line", "csv", "markdown", "github", "junit", "gitlab", "codequality", "rdjson")
_GROUPS = ("rule", "file", "key", "severity")

Target = tuple[str, str | None]  # a format, and a file; None is standard output
Scan = Callable[["Progress | None", bool], Report]  # with progress, and whether to keep what was found before a signal

_report = under("The report")
REPORT_OPTIONS = [
    _report("-f", "--format", "formats", type=click.Choice(FORMATS), multiple=True, envvar="KEYTRACE_FORMAT",
            help="How to report. With -o, the format of that file; else of standard output.  "
                 "[default: text; in GitHub Actions also github]"),
    _report("-o", "--output", "outputs", metavar="FILE", multiple=True,
            help="Write a report to FILE; its format is the -f beside it or follows from the ending. Repeatable."),
    _report("-q", "--quiet", is_flag=True,
            help="Print nothing when there is nothing to report, and no text beside -o files."),
    _report("-v", "--verbose", is_flag=True, help="Show suppressed findings and evidence, too."),
    _report("--group-by", type=click.Choice((*_GROUPS, "none")),
            help="Group the findings in the text.  [default: by rule where there are more than 50]"),
    _report("--limit", type=click.IntRange(min=0), metavar="N",
            help="Show the worst N findings in the text, of groups N lines each; 0: all.  [default: 5 of a group]"),
    _report("--list-skipped", is_flag=True, help="Name what was left out, and why; so does --verbose."),
    _report("--show-secrets", is_flag=True, help="Print secrets in full (text and json only)."),
    _report("--sarif-all-rules", is_flag=True, help="In SARIF, describe also the rules that found nothing."),
    _report("--exit-zero", is_flag=True, envvar="KEYTRACE_EXIT_ZERO", help="Exit 0 even when there are findings."),
    _report("--strict", is_flag=True, envvar="KEYTRACE_STRICT",
            help="Exit 3 when something was left out, unless by your ignore files: links, what is encrypted."),
    _report("--color/--no-color", default=None, help="Colours; default: on a terminal and in CI logs."),
    _report("--progress/--no-progress", default=None,
            help="A progress bar on standard error; default: on a terminal."),
]  # fmt: skip


def reported(scan: Scan, targets: list[Target], given: dict[str, Any]) -> int:
    """Scan, write the reports to `targets` and return the exit code."""
    showing = given["progress"] if given["progress"] is not None else sys.stderr.isatty()
    with progress_bar() if showing else nullcontext() as progress:
        report = scan(progress, any(path is not None for _, path in targets))
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


def targets_of(given: dict[str, Any]) -> list[Target]:
    """Pair formats with files; what is left of the formats goes to standard output.

    Raise ScannerError where that cannot be, or where secrets are to be shown and must not.
    """
    targets = _paired(given["formats"], given["outputs"], given["quiet"])
    if given["show_secrets"]:
        if given["group_by"] not in (None, "none"):
            raise ScannerError("groups do not show secrets", "leave out --group-by or --show-secrets")
        for kind, _ in targets:
            refuse_secrets(kind)
    elif targets[-1] == ("text", None) and "text" not in given["formats"] and _is_github_job():
        targets.append(("github", None))
    return targets


def _is_github_job() -> bool:
    return os.environ.get("GITHUB_ACTIONS") == "true"


def _paired(formats: tuple[str, ...], outputs: tuple[str, ...], quiet: bool) -> list[Target]:
    left = list(formats)
    targets = list(_to_files(left, outputs))
    if len(left) > 1:
        raise ScannerError("only one format can go to standard output", "give the others a file each with -o")
    if sys.stdout is None and not outputs:
        raise ScannerError("standard output is closed", "write the report to a file with -o")
    if left or not (outputs and quiet):
        targets.append((left[0] if left else "text", None))
    return targets


def _to_files(formats: list[str], outputs: tuple[str, ...]) -> Iterator[Target]:
    """Yield a format for each file, taken from `formats` or told by the ending."""
    endings = [_ENDINGS.get(os.path.splitext(output)[1].lower()) for output in outputs]
    # As many of these as of those go together in their order, unless the endings say another.
    in_order = len(formats) == len(outputs) and Counter(endings) != Counter(formats)
    for output, ending in zip(outputs, endings, strict=True):
        if output == "-":
            raise ScannerError("-o writes to files, not to standard output (-)", "leave it out: -f alone does that")
        if formats and (in_order or ending is None):
            yield formats.pop(0), output
        elif ending:
            if ending in formats:
                formats.remove(ending)
            yield ending, output
        else:
            raise ScannerError(f"no format for {output}", f"put one before it: -f {'|'.join(FORMATS)}")


def _write(report: Report, targets: list[Target], code: int, given: dict[str, Any]) -> None:
    from keytrace.cache.atomic import write_text
    from keytrace.reporters import ReporterOptions, write

    options = ReporterOptions(
        show_secrets=given["show_secrets"],
        color=given["color"],
        relative_to=current_folder(),
        verbose=given["verbose"],
        list_skipped=given["list_skipped"],
        group_by=given["group_by"] or "",
        limit=given["limit"],
        exit_code=code,
        all_rules=given["sarif_all_rules"],
        owners=_owners(report.root, given) if any(kind == "html" for kind, _ in targets) else None,
    )
    for kind, path in targets:
        if path is None:
            _print(kind, report, options, quiet=given["quiet"])
        else:
            with write_text(path) as stream:
                write(kind, report, stream, replace(options, color=False))


def _print(kind: str, report: Report, options: ReporterOptions, *, quiet: bool) -> None:
    """Write a report to standard output, and what its format does not say to where it is seen."""
    from keytrace.reporters.layout import joined_notes

    if quiet and kind == "text" and not report.active and not report.errors:
        return
    _write_to_output(kind, report, options)
    if kind == "github":
        _add_to_summary(report, options)
    elif kind != "text":
        for error in report.errors:
            say(f"{error.path}: {error.message}")
        for one in report.skipped if kind in _WITHOUT_SKIPPED and (options.list_skipped or options.verbose) else ():
            say(f"skipped: {one.path}: {one.reason}")
    if kind == "line" and not quiet:
        for note in joined_notes(report.notes):
            say(f"note: {note}")


def _add_to_summary(report: Report, options: ReporterOptions) -> None:
    """Add to what GitHub Actions shows of the step."""
    from keytrace.reporters import write

    if path := os.environ.get("GITHUB_STEP_SUMMARY"):
        try:
            with open(path, "a", encoding="utf-8") as stream:
                write("markdown", report, stream, options)
        except OSError as error:
            say(f"no summary of the step: {error.strerror}")


def _owners(root: str, given: dict[str, Any]) -> Callable[[str], Sequence[str]] | None:
    """Return whose a file is, by the configuration and CODEOWNERS; None where they say nothing of any."""
    from keytrace.lifecycle.owners import read_owners
    from keytrace.redaction.texts import safe

    config = build_config(root, given)
    owners = read_owners(root, dict(config.inventory.owners), heeded=config.trust_repo)
    return cache(lambda path: tuple(map(safe, owners.of(path)[0]))) if owners.has_any else None


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


def progress_bar() -> Any:
    from keytrace.cli.progress import progress_bar

    return progress_bar()
