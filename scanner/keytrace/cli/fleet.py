"""`keytrace fleet`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from keytrace.cli import say
from keytrace.cli.options import FLEET_OPTIONS, Command, apply, options_of, under, unknown_variables
from keytrace.errors import ScannerError, Stopped

if TYPE_CHECKING:
    from keytrace.fleet.repositories import Repository
    from keytrace.fleet.state import State
    from keytrace.fleet.work import Outcome, Plan

_FORMATS = ("text", "jsonl", "sarif")  # fleet.telling.FORMATS, which need not be imported for --help
_ENDINGS = {".txt": "text", ".jsonl": "jsonl", ".ndjson": "jsonl", ".sarif": "sarif"}
_VIEWS = ("table", "json", "csv", "markdown", "cyclonedx")  # of inventories: lifecycle.views.VIEWS
_ENDINGS_OF_VIEWS = {".txt": "table", ".json": "json", ".csv": "csv", ".md": "markdown"}
_SIGNAL = 128  # exit codes from here on say which one stopped it
_scanned, _reported, _report = map(under, ("What is scanned", "What is reported", "The report"))


@click.command(name="fleet", cls=Command)
@click.argument("repositories", nargs=-1)
@_scanned("--history", is_flag=True, help="Scan what was ever committed, not the files of today.")
@_scanned("--dask", metavar="ADDRESS", help="Scan on the workers of this Dask scheduler (tcp://HOST:PORT), or local.")
@_scanned("--state", metavar="FOLDER",
          help="Keep in FOLDER what is done, and go on from there the next time.")  # fmt: skip
@_reported("--inventory", is_flag=True,
           help="Report what keys there are, as `keytrace inventory` does, in one inventory of all.")  # fmt: skip
@_reported("--no-baseline", is_flag=True, help="Report what the baselines accept, too.")
@_report("-f", "--format", "kind", type=click.Choice((*_FORMATS, *_VIEWS)),
         help="What is printed of each when it is done; sarif and an inventory come at the end.  [default: text; "
         "table]")  # fmt: skip
@_report("-o", "--output", "outputs", metavar="FILE", multiple=True,
         help="Write all to FILE at the end, as its ending says: .sarif, .jsonl, .txt. Repeatable.")  # fmt: skip
@_report("-q", "--quiet", is_flag=True, help="Print nothing of clean repositories.")
@_report("--exit-zero", is_flag=True, envvar="KEYTRACE_EXIT_ZERO", help="Exit 0 even when there are findings.")
@apply(FLEET_OPTIONS)
def command(repositories: tuple[str, ...], **given: Any) -> int:
    """Scan many repositories, each with its own configuration; what they share is scanned once.

    REPOSITORIES are folders, bare mirrors, git URLs, or files that list such, one a line (- for standard input),
    relative to the current folder.

    \b
    keytrace fleet repositories.txt -o all.sarif   one document, a run for each repository
    ls -d ~/src/*/ | keytrace fleet -              whatever lies there
    keytrace fleet --history --state done list     go on where an earlier run ended
    keytrace fleet --inventory list -o keys.json   the keys of all; a value that several have is one
    """  # noqa: D301
    for note in unknown_variables():
        say(f"note: {note}")
    given["kind"] = _checked_kind(given)
    targets = [(_kind(path, given), path) for path in given["outputs"]]
    found: list[Repository] = []
    state: State | None = None
    with ExitStack() as stack:
        try:
            from keytrace.cache.scratch import temporary_folder

            found, plan = _asked(repositories, targets, given)
            folder = given["state"] or stack.enter_context(temporary_folder("keytrace-state-"))
            state = _state(folder, plan)
            code = _scan(found, plan, state, given)
        except (KeyboardInterrupt, Stopped) as stop:
            code = _stopped(stop, found, state, given)
        _report_all(targets, state.outcomes if state else partial(_unread, found, repositories), given, code)
    return 0 if given["exit_zero"] and code == 1 else code


def _asked(
    names: tuple[str, ...], targets: list[tuple[str, str]], given: dict[str, Any]
) -> tuple[list[Repository], Plan]:
    """Return the repositories, and how they are scanned; raise ScannerError where that or a report cannot be."""
    from keytrace.fleet.repositories import named

    found = named(names, sys.stdin.buffer if sys.stdin else None)
    for _, path in targets:
        _check(path, found, [*names, given["config"] or ""])
    return found, _plan(given)


def _state(folder: str, plan: Plan) -> State:
    from keytrace.fleet.state import State

    return State(folder, plan)


def _unread(found: list[Repository], names: tuple[str, ...]) -> Iterator[Outcome]:
    """Yield what there is to say where a signal came before anything was read: what is named was not scanned."""
    from keytrace.fleet.repositories import Repository
    from keytrace.fleet.work import lost
    from keytrace.redaction.texts import safe

    for one in found or [Repository(safe(name), name) for name in names or ("-",)]:
        yield lost(one, "the run was stopped before")


def _report_all(
    targets: list[tuple[str, str]], outcomes: Callable[[], Iterator[Outcome]], given: dict[str, Any], code: int
) -> None:
    """Write all of it to the files that are asked for and, unless a signal ended the run, to standard output."""
    from keytrace.fleet.telling import writer

    for kind, path in targets:
        _write(writer(kind), outcomes(), path)
    if given["kind"] in ("sarif", *_VIEWS) and code < _SIGNAL and sys.stdout is not None:
        writer(given["kind"])(outcomes(), sys.stdout)


def _scan(found: list[Repository], plan: Plan, state: State, given: dict[str, Any]) -> int:
    """Scan the repositories, print what comes of each and return the exit code."""
    from keytrace.fleet import scan_fleet
    from keytrace.fleet.telling import Summary

    summary = Summary()
    for outcome in scan_fleet(found, plan, state, jobs=given["jobs"] or 0, dask=given["dask"] or ""):
        summary.add(outcome)
        _tell(outcome, given)
    if given["kind"] == "text" and (summary.findings or summary.exit_code or not given["quiet"]):
        _print(summary.lines())
    return summary.exit_code


def _stopped(stop: BaseException, found: list[Repository], state: State | None, given: dict[str, Any]) -> int:
    """Have the files tell what was not scanned before a signal, say how to go on, and return the exit code."""
    from keytrace.fleet.work import lost

    number = stop.number if isinstance(stop, Stopped) else signal.SIGINT
    name = signal.Signals(number).name
    if given["outputs"] and state is not None:
        for one in found:
            if not state.has(one):
                state.keep(one, lost(one, f"the run was stopped by {name} before"))
    how = "the same command" if given["state"] else "with --state FOLDER, the same command"
    files = "; the reports hold what was found before" if given["outputs"] else ""
    say(f"stopped by {name}{files}", f"{how} goes on where it was stopped")
    return _SIGNAL + number


def _tell(outcome: Outcome, given: dict[str, Any]) -> None:
    from keytrace.fleet.telling import lines, write_jsonl

    if given["kind"] == "text":
        if outcome.findings or outcome.errors or not given["quiet"]:
            _print(lines(outcome))
    else:
        if given["kind"] == "jsonl" and sys.stdout is not None:
            write_jsonl(outcome, sys.stdout)
        for error in outcome.errors:
            say(f"{outcome.name}: {error['path']}: {error['message']}")
    if sys.stdout is not None:
        sys.stdout.flush()


def _print(text: Iterable[str]) -> None:
    from keytrace.reporters.layout import printable

    for line in text:
        click.echo(printable(line))


def _plan(given: dict[str, Any]) -> Plan:
    """Return how each is scanned; raise ScannerError for settings that are bad in all of them."""
    from keytrace.engine import load_ruleset
    from keytrace.fleet.work import Plan, config_of
    from keytrace.lifecycle.digests import load_key

    options = options_of(given)
    options.pop("jobs", None)
    if given["no_baseline"]:
        options["use_baseline"] = False
    if files := options.get("rule_files"):
        options["rule_files"] = tuple(map(os.path.abspath, files))
    key, _ = load_key()
    config = os.path.abspath(given["config"]) if given["config"] else ""
    plan = Plan(options, config, not given["no_repo_config"], given["history"], given["inventory"], key)
    load_ruleset(config_of(plan, os.devnull).setup())
    return plan


def _kind(path: str, given: dict[str, Any]) -> str:
    endings = _ENDINGS_OF_VIEWS if given["inventory"] else _ENDINGS
    kind = endings.get(os.path.splitext(path)[1].lower())
    if kind is None:
        raise ScannerError(f"no format for {path}", f"let its name end in {', '.join(endings)}")
    return kind


def _checked_kind(given: dict[str, Any]) -> str:
    """Return the format of standard output; raise ScannerError for options that do not go together."""
    if given["inventory"] and given["history"]:
        raise ScannerError("an inventory is of the files of today", "leave out --inventory or --history")
    known = _VIEWS if given["inventory"] else _FORMATS
    kind: str = given["kind"] or known[0]
    if kind not in known:
        raise ScannerError(
            f"{kind} is a format {'without' if given['inventory'] else 'of'} --inventory", ", ".join(known)
        )
    return kind


def _check(path: str, found: Iterable[Repository], read: Iterable[str]) -> None:
    """Raise ScannerError where a report cannot be written, or would replace a list or a file of a repository."""
    from keytrace.cli.output import keep_scanned, keep_sources, writable

    keep_scanned([path], ["/dev/stdin" if name == "-" else name for name in read])
    real = os.path.realpath(path)
    folders = (os.path.join(os.path.realpath(one.place), "") for one in found if not one.is_remote)
    is_source = real.startswith(tuple(folders))
    keep_sources(path, os.path.dirname(real), {os.path.basename(real)} if is_source else ())
    writable(path)


def _write(writer: Any, outcomes: Iterable[Outcome], path: str) -> None:
    from keytrace.cache.atomic import write_text

    with write_text(path) as stream:
        writer(outcomes, stream)
