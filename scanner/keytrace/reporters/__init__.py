"""How a report is written: one module a format, imported when used, because start-up time is a feature."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TextIO

from keytrace.errors import ScannerError
from keytrace.model import Report

REPORTERS = {
    "text": "keytrace.reporters.text",
    "line": "keytrace.reporters.line",
    "json": "keytrace.reporters.json",
    "jsonl": "keytrace.reporters.jsonl",
    "sarif": "keytrace.reporters.sarif",
    "github": "keytrace.reporters.github",
    "gitlab": "keytrace.reporters.gitlab",
    "rdjson": "keytrace.reporters.rdjson",
    "codequality": "keytrace.reporters.codequality",
    "junit": "keytrace.reporters.junit",
    "csv": "keytrace.reporters.csv",
    "markdown": "keytrace.reporters.markdown",
    "html": "keytrace.reporters.html",
}
_FOR_PEOPLE = {"text", "line", "json"}


@dataclass(frozen=True, slots=True)
class ReporterOptions:
    """What a user may say about a report. The command line is not among it: it may hold secrets."""

    show_secrets: bool = False
    color: bool | None = None  # None: on a terminal and in logs of CI, unless the environment says otherwise
    width: int | None = None  # columns of text; None: those of the terminal, else those of COLUMNS
    relative_to: str = ""  # text shows paths below this folder relative to it; empty: the root of the report
    verbose: bool = False  # text shows suppressed findings and evidence, too
    list_skipped: bool = False  # text names each file and folder that was left out; so it does when verbose
    group_by: str = ""  # text groups findings: by a name in grouped.py; none; empty: by rule where there are many
    limit: int | None = None  # so many findings in text, or lines of each group; 0: all; None: all, few of a group
    exit_code: int | None = None  # what the process will return, for SARIF
    all_rules: bool = False  # SARIF describes the rules without findings, too
    owners: Callable[[str], Sequence[str]] | None = None  # of a path, for html; None: nothing says whose files are


def write(kind: str, report: Report, stream: TextIO, options: ReporterOptions) -> None:
    """Write `report` in the format `kind`; raise ScannerError when that format must not hold what is asked for."""
    if options.show_secrets:
        refuse_secrets(kind)
    import_module(REPORTERS[kind]).write(report, stream, options)


def refuse_secrets(kind: str) -> None:
    """Raise ScannerError if `kind` is a format that leaves the machine: it never shows secrets."""
    if kind not in _FOR_PEOPLE:
        raise ScannerError(
            f"{kind} reports never show secrets", "they are made to be uploaded; use --show-secrets with text or json"
        )
