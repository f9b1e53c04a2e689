"""`keytrace fix`."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from keytrace.cli import say
from keytrace.cli.ask import Asker, alone, show
from keytrace.cli.options import SCAN_OPTIONS, Command, apply, build_config, for_scan, under
from keytrace.cli.output import keep_sources
from keytrace.errors import ScannerError
from keytrace.fixers.lookup import READERS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from keytrace.config import Config
    from keytrace.fixers.destinations import Destinations
    from keytrace.fixers.patch import Change
    from keytrace.fixers.prove import Scan
    from keytrace.fixers.run import Outcome, Work
    from keytrace.model import Report

_REPORTS = {".sarif": "sarif", ".rdjson": "rdjson"}  # with the fixes, by ending
_PATCHES = ("", ".patch", ".diff")
_fixed, _reported = map(under, ("What is fixed", "What is reported"))


@click.command(name="fix", cls=Command)
@click.argument("paths", nargs=-1, type=click.Path())
@_fixed("--apply", "writing", is_flag=True, help="Write the files.  [default: show what would change]")
@_fixed("-i", "--interactive", is_flag=True, help="Ask for each fix, as `git add -p` does; then write the files.")
@_fixed("--unsafe", is_flag=True, help="Fix also where the program may then behave otherwise, as the reason says.")
@_fixed(
    "-o",
    "--output",
    "outputs",
    metavar="FILE",
    multiple=True,
    help="Write the changes as a patch for `git apply`, which holds the secrets; to a .sarif or .rdjson, as a report "
    "without. Repeatable.",
)
@_fixed(
    "--env-file",
    metavar="FILE",
    help="Where values go, if git ignores it.  [default: the .env of the program]",
)
@_fixed("--reader", type=click.Choice(tuple(READERS)), default="environ",
        help="How Python programs are to read variables.  [default: environ]")  # fmt: skip
@_reported("--no-baseline", is_flag=True, help="Fix what the baseline accepts, too.")
@apply(SCAN_OPTIONS)
def command(paths: tuple[str, ...], **given: Any) -> int:
    """Fix what a scan of PATHS finds, and prove it: the files still parse, the finding is gone, no other one is new.

    Without --apply it shows what it would change, without the secrets. The exit code is 0 where nothing is left to be
    found, 1 where something is, 3 where something could not be scanned or written.

    \b
    keytrace fix                  what would change
    keytrace fix -o fix.patch     the same as a patch, with the secrets: for you alone
    keytrace fix --apply          write it; values go to .env if git ignores that: beside a compose file,
                                  else the next above that is there, else beside the next manifest
    """  # noqa: D301
    from keytrace.api import common_root, covers, folder_source, scan_source
    from keytrace.engine import load_ruleset
    from keytrace.fixers.destinations import Destinations
    from keytrace.fixers.keeping import changes_of
    from keytrace.fixers.proposed import with_fixes
    from keytrace.fixers.prove import EditedSource

    outputs = {path: _kind_of(path) for path in given["outputs"]}
    names = list(paths) or [os.getcwd()]
    root = common_root(names)
    env_file = _env_file(root, given["env_file"])
    rules, given["rules"] = given["rules"], ()  # of what is to be fixed; all rules look at the result
    config = for_scan(build_config(root, given), given)
    load_ruleset(replace(config, rules=rules).setup())  # which knows them all
    scan = partial(scan_source, root=root, config=config, complete=covers(names, root))
    report = scan(folder_source(names, root, config))
    for path in outputs:
        keep_sources(path, root, report.scanned)

    def again(edited: Mapping[str, bytes]) -> Report:
        return scan(EditedSource(folder_source(names, root, config), edited))

    destinations = Destinations(root, report.scanned, env_file)
    work = _work(report, destinations, config, again, given)
    work.rules = frozenset(rules)
    if given["interactive"]:
        work.choose = Asker(config.setup(), work.replan)
    outcome = work.run(report)
    changes = changes_of(outcome, destinations)
    if outputs:
        _write_outputs(outputs, changes, with_fixes(report, [*outcome.fixed, *outcome.left], work.before))
    if given["writing"] or given["interactive"]:
        return _write(outcome, destinations)
    for change in [*changes, *_skeletons(outcome)] if not outputs else ():
        show(change, config.setup(), outcome.values)
    _tell(outcome, f"would be fixed{'; --apply writes it' if changes else ''}", outcome.contents)
    return 1 if outcome.fixed or outcome.report.active else 3 if report.errors else 0


def _env_file(root: str, given: str | None) -> str:
    """Return the file for values that the user names, as seen from the root; empty for those of the programs."""
    from keytrace.fixers.environment import place_of

    return place_of(root, given) if given is not None else ""


def _kind_of(output: str) -> str:
    """Return the report that is to be written, by its ending; empty for a patch, which holds the secrets."""
    ending = os.path.splitext(output)[1].lower()
    if ending not in _REPORTS and ending not in _PATCHES:
        raise ScannerError(f"no format for {output}", f"write a patch, or a report: {', '.join(_REPORTS)}")
    return _REPORTS.get(ending, "")


def _work(report: Report, destinations: Destinations, config: Config, again: Scan, given: Mapping[str, Any]) -> Work:
    from keytrace.fixers.plan import Wishes
    from keytrace.fixers.project import handed_of, names_of, pages_of, reader_of, workers_of
    from keytrace.fixers.run import Work

    read = reader_of(destinations.root, config.max_file_size)
    paths = report.scanned
    around = pages_of(paths), workers_of(paths, read), handed_of(paths, read)
    wishes = Wishes(given["unsafe"], given["reader"], *around)
    return Work(read, again, names_of(report, read, destinations), wishes)


def _write_outputs(outputs: Mapping[str, str], changes: list[Change], report: Report) -> None:
    for path, kind in outputs.items():
        if kind:
            _write_report(kind, report, path)
        else:
            _write_patch(changes, path)


def _write_report(kind: str, report: Report, path: str) -> None:
    from keytrace.cache.atomic import write_text
    from keytrace.reporters import ReporterOptions, write

    with write_text(path) as stream:
        write(kind, report, stream, ReporterOptions(exit_code=report.exit_code))


def _write_patch(changes: list[Change], path: str) -> None:
    from keytrace.cache.atomic import write_text
    from keytrace.fixers.patch import patch

    if not changes:
        say(f"there is nothing to fix: {path} is an empty patch")
    with write_text(path, private=True) as stream:
        for change in changes:
            stream.write(patch(change).decode("utf-8", "surrogateescape"))


def _skeletons(outcome: Outcome) -> Iterator[Change]:
    """Yield what is only shown: how a check begins that somebody has to complete."""
    from keytrace.fixers.plan import FilePlan

    for item in outcome.left:
        path = item.finding.location.provenance.path
        if item.fix is not None and path in outcome.contents:
            yield alone(FilePlan(path, outcome.contents[path], []), item)


def _write(outcome: Outcome, destinations: Destinations) -> int:
    from keytrace.fixers.keeping import keep

    kept = keep(outcome, destinations)
    for error in kept.errors:
        say(error.message, error.hint)
    _tell(outcome, f"fixed in {', '.join(kept.files)}" if kept.files else "fixed", kept.files)
    if kept.values:
        say(f"the values are in {', '.join(kept.values)}, for you alone")
    if missed := sorted({destinations.env_file(path) for path in outcome.edited if _is_moved(path, destinations)}):
        say(f"git does not ignore {', '.join(missed)}, or it is a link, so they were not written there")
    if kept.apart:
        say(
            f"values of production and its like are in {', '.join(kept.apart)}: have its own store keep them, then "
            f"delete the file"
        )
    if kept.values or kept.apart:
        say("they are still valid, and still in history: change them where they were made (`keytrace history`)")
    return 3 if kept.errors else outcome.report.exit_code


def _is_moved(path: str, destinations: Destinations) -> bool:
    """Tell whether the values of a path go out of the tree, though they are a developer's."""
    return os.path.isabs(destinations.of(path)) and not destinations.is_apart(path)


def _tell(outcome: Outcome, what: str, files: Collection[str]) -> None:
    """Say what was fixed, in `files`, and what is left alone, and why."""
    for error in outcome.report.errors:
        say(f"{error.path}: {error.message}")
    for item in outcome.left:
        place = item.finding.location
        why = item.why or f"{item.fix.title}: only shown, to be completed by hand" if item.fix else item.why
        say(f"left: {place.provenance.path}:{place.region.start_line}: {item.finding.rule_id}: {why}")
    number = sum(item.finding.location.provenance.path in files for item in outcome.fixed)
    left = len(outcome.report.active) + len(outcome.fixed) - number
    say(f"{number} finding{'s' * (number != 1)} {what}; {left} left")
