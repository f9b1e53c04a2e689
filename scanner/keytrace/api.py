"""The pipeline on one screen: a source's artifacts become findings, findings become a report."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Unpack

from keytrace import executors
from keytrace.cache import results as known_results
from keytrace.cache import store as cache
from keytrace.config import BASELINE_NAME, Config, is_heeded_in_the_root, load_config, unknown_targets
from keytrace.config.overrides import Options, named, override
from keytrace.engine import Setup, known_rules, load_engine, load_ruleset
from keytrace.errors import ScannerError, Stopped
from keytrace.git import top_level
from keytrace.model import NAME, Artifact, Finding, Report, Rule, ScanError, Skipped
from keytrace.redaction.paths import findings_in_names
from keytrace.redaction.report import cover, is_masked, is_no_name
from keytrace.redaction.texts import without_secrets
from keytrace.rules.stored import by_id, ids, of_analyzer
from keytrace.sources import Source
from keytrace.sources.ahead import Ahead
from keytrace.sources.folder import FolderSource
from keytrace.sources.notes import notes_on
from keytrace.total import Progress, Total
from keytrace.triage.threshold import threshold

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from keytrace.rules.select import Ruleset


def scan(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] = ".",
    *,
    config: Config | None = None,
    executor: Executor | None = None,
    **options: Unpack[Options],
) -> Report:
    """Scan a file or folder, or several, and return the report.

    `config` is that of the project they lie in if it is not given; `options` are laid over it, as those of the command
    line are. `executor` may be any concurrent.futures.Executor. Raise ScannerError for a missing path, a bad
    configuration or an unknown rule.
    """
    with without_secrets():
        names = named(paths)
        root = common_root(names)
        config = config or load_config(root, trust_repo=options.get("trust_repo", True))
        config = override(config, options)
        source = folder_source(names, root, config)
        return scan_source(source, root, config, complete=covers(names, root), executor=executor)


def scan_text(
    text: str | bytes, name: str = "text", *, config: Config | None = None, **options: Unpack[Options]
) -> Report:
    """Scan a text as if it were a file called `name`: its ending says whether it is a program or a notebook.

    Nothing else is looked at: without `config`, the defaults hold, with `options` laid over them. Raise ScannerError
    for an unknown rule or option.
    """
    from keytrace.sources.stream import StreamSource

    if not isinstance(text, str | bytes):
        raise TypeError(f"a text or bytes, not {type(text).__name__}")
    content = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    name = name.encode("utf-8", "replace").decode()
    with without_secrets():
        config = override(config or Config(use_baseline=False), options)
        return scan_source(StreamSource(BytesIO(content), name), os.path.abspath(os.curdir), config)


def scan_source(
    source: Source,
    root: str,
    config: Config,
    *,
    complete: bool = False,
    executor: Executor | None = None,
    progress: Progress | None = None,
    keep: bool = False,
) -> Report:
    """Scan all that `source` yields and return what counts, what is suppressed and what could not be scanned.

    `complete` says that `source` is the whole tree below `root`: only then a baseline entry of a file that is gone is
    known to be unused; else the file may have been renamed to one that was not looked at. With `keep`, a signal (also
    Ctrl-C) yields what was found before, marked as stopped; else it is raised as KeyboardInterrupt or Stopped.
    """
    started = time.monotonic()
    whole = complete and config.inventory.in_scan
    setup = (replace(config, rules=(), exclude_rules=()) if whole else config).setup()
    ruleset = _ruleset(config, whole=whole)
    total = Total()
    artifacts: dict[str, Artifact] = {}
    twice: set[str] = set()
    stopped_by = 0
    try:
        stream = Ahead(_readable(source, total, artifacts, twice))
        with closing(executors.run(setup, stream, config.jobs, executor)) as results:
            for result in results:
                total.add(result)
                if progress:
                    progress("scanning", total.files, total.bytes, stream.count)
        total.forget(twice)
        if total.surveys:
            run = partial(executors.run, setup, jobs=config.jobs, executor=executor, slow=True)
            total.look_closer(run, artifacts, progress)
        if known := known_results.opened(setup):
            known.keep(total.learned, total.used)
    except (KeyboardInterrupt, Stopped) as stop:
        if not keep:
            raise
        stopped_by = stop.number if isinstance(stop, Stopped) else signal.SIGINT
        total.notes.append("the scan was stopped: what is reported is what was found before")
    unheeded = _unheeded(config, root, artifacts)
    total.notes = [*config.notes, *unheeded, *cache.complaints(), *notes_on(total.skipped), *total.notes]
    _look_at_all(total, artifacts, twice, setup)
    if whole and not stopped_by:
        _check_keys(total, artifacts, root, config)
    return _report(total, ruleset.rules, root, config, started, complete=complete, stopped_by=stopped_by)


def _look_at_all(total: Total, artifacts: Mapping[str, Artifact], twice: Collection[str], setup: Setup) -> None:
    """Keep what stands on lines that count, and add what only the names and all files together tell."""
    total.findings = [one for one in total.findings if _is_reported(one, artifacts, twice)]
    total.findings += findings_in_names(artifacts, load_engine(setup)) if artifacts else ()
    if setup.max_archive_depth:
        total.look_at_images(artifacts)


def _check_keys(total: Total, artifacts: Mapping[str, Artifact], root: str, config: Config) -> None:
    """Add what is wrong with the keys of a whole tree; of what was found for it, what was asked for stays."""
    from keytrace.lifecycle.whole import take, wrong

    engine = load_engine(config.setup())
    keys = take(total.findings, artifacts, root, config, total.errors)
    total.findings = [one for one in total.findings if one.rule_id in engine.rules]
    total.findings += wrong(keys, engine, config, total.notes)
    total.notes += keys.notes


def _report(
    total: Total,
    rules: Sequence[Rule],
    root: str,
    config: Config,
    started: float,
    *,
    complete: bool,
    stopped_by: int,
) -> Report:
    """Return what a scan came to, without secrets in any text, with what the baseline says and the thresholds."""
    names = "/".join([root.replace(os.sep, "/"), *(one.path for one in total.skipped)]).split("/")
    secrets = list(filter(is_no_name, total.findings)) if config.inventory.in_scan else total.findings
    covered = cover(config.setup(), secrets, total.errors, total.notes, rules, names=names)
    left_out = (replace(one, path=covered.path(one.path)) for one in total.skipped)
    skipped = sorted(dict.fromkeys(left_out), key=lambda one: (one.path, one.reason))
    is_part = config.rules or config.exclude_rules or stopped_by
    scanned = frozenset() if is_part else frozenset(map(covered.path, total.whole))
    total.notes += unused_comments(total.comments if scanned else (), total.findings, total.notes)
    notes = list(map(covered.text, total.notes))
    found = list(map(covered.finding, total.findings))
    known = apply_baseline(found, root, config, scanned, notes, complete=complete and not stopped_by)
    findings, hidden = threshold(known, config.min_severity, config.min_confidence)
    return Report(
        root=root,
        findings=tuple(sorted(findings, key=_position)),
        errors=tuple(sorted(dict.fromkeys(map(covered.error, total.errors)), key=lambda error: error.path)),
        rules=covered.rules(rules),
        statistics=total.statistics(skipped, hidden, time.monotonic() - started),
        notes=tuple(dict.fromkeys(notes)),
        stopped_by=stopped_by,
        shown_root=covered.path(root.replace(os.sep, "/")) if covered.texts else root,
        scanned=scanned,
        skipped=tuple(skipped),
    )


def common_root(paths: Sequence[str]) -> str:
    """Return the folder that reported paths start from: the top of the git work tree that holds all of `paths`, else
    their nearest common folder. Raise ScannerError for a path that does not exist.
    """
    folders = []
    for path in paths:
        if not os.path.lexists(path):
            raise ScannerError(
                f"no such file or folder: {path}", "check the spelling; paths are relative to where you are"
            )
        full = os.path.abspath(path)
        folders.append(full if os.path.isdir(full) else os.path.dirname(full))
    try:
        common = os.path.commonpath(folders) if folders else os.getcwd()
    except ValueError as error:
        raise ScannerError("the paths lie on different drives", "scan them one by one") from error
    return top_level(common) or common


def folder_source(paths: Iterable[str], root: str, config: Config) -> FolderSource:
    """Return the source of files and folders below `root`, as configured."""
    absolute = [os.path.abspath(path) for path in paths]
    return FolderSource(root, absolute, config.exclude, config.gitignore, config.trust_repo)


def stream_source(
    stream: BinaryIO, root: str, config: Config, name: str | None = None, no_diff: bool = False
) -> Source:
    """Return the source of a stream; of a patch, those lines count that it adds, unless `no_diff` or `name` says
    that it is a file of another kind.
    """
    from keytrace.sources.patch import PATCH_ENDINGS, PatchSource
    from keytrace.sources.stream import StreamSource

    source = StreamSource(stream, name or "stdin")
    if no_diff or (name and not name.lower().endswith(PATCH_ENDINGS)):
        return source
    (artifact,) = source.artifacts()
    return PatchSource(artifact, root, config.max_file_size, config.exclude, config.trust_repo)


def covers(paths: Iterable[str], root: str) -> bool:
    """Tell whether `paths` hold the whole tree below `root`."""
    return any(os.path.abspath(path) == root for path in paths)


def baseline_path(root: str, config: Config) -> str:
    """Return where the baseline of a tree is or would be."""
    return config.baseline or os.path.join(root, BASELINE_NAME)


def _readable(source: Source, total: Total, artifacts: dict[str, Artifact], twice: set[str]) -> Iterator[Artifact]:
    """Yield what can be read, and remember it; `twice` are paths of several artifacts, as in a series of patches."""
    for item in source.artifacts():
        if isinstance(item, ScanError):
            total.errors.append(item)
        elif isinstance(item, Skipped):
            total.skipped.append(item)
        else:
            if item.provenance.path in artifacts:
                twice.add(item.provenance.path)
            artifacts[item.provenance.path] = item
            yield item


def _is_reported(finding: Finding, artifacts: Mapping[str, Artifact], twice: Collection[str]) -> bool:
    """Tell whether a finding, or a step of its flow, stands on a line that counts in its artifact."""
    if finding.location.provenance.path in twice:
        return True
    for place in (finding.location, *finding.flow):
        artifact = artifacts.get(place.provenance.path)
        line = place.region.start_line if place.end else NAME
        if artifact is not None and (artifact.lines is None or line in artifact.lines):
            return True
    return finding.location.provenance.path not in artifacts


def apply_baseline(
    findings: list[Finding],
    root: str,
    config: Config,
    scanned: Collection[str],
    notes: list[str],
    *,
    complete: bool = False,
) -> list[Finding]:
    """Return `findings` with those suppressed that the tree's baseline accepts, or files of other scanners in its root;
    say in `notes` what of it was not used.
    """
    if config.use_baseline and config.trust_repo and findings:
        from keytrace.imports.accepting import heed

        findings = heed(findings, root, notes, peers(config))
    path = baseline_path(root, config)
    if not config.use_baseline or not (config.baseline or (config.trust_repo and os.path.exists(path))):
        return findings
    from keytrace.triage.baseline import Baseline

    baseline = Baseline.load(Path(path), cached=config.cached)
    reasons = cover(config.setup(), reasons=[entry.reason for entry in baseline.entries])
    baseline = baseline.with_reasons(reasons.text)
    unasked = not_looked_for(config, complete=complete)
    known = known_rules(config.rule_files)
    applied, unused = baseline.apply(findings, scanned, exists_below(root, scanned), known, unasked)
    unused = [entry for entry in unused if complete or entry.path in scanned]
    if unused:
        entries = "entry" if len(unused) == 1 else "entries"
        notes.append(f"{os.path.basename(path)}: {len(unused)} unused {entries}; `keytrace baseline update` drops them")
    return applied


def peers(config: Config) -> Callable[[str], Collection[str]]:
    """Return a function from the id of a rule of a scan to the ids that it stands for at other scanners."""
    known = by_id(load_ruleset(config.setup()).rules)
    return lambda rule_id: known[rule_id].aliases if rule_id in known else ()


def _ruleset(config: Config, *, whole: bool) -> Ruleset:
    """Return the rules of a scan, perhaps of a `whole` tree; raise ScannerError, which says where an unknown
    rule is named if that is a file.
    """
    try:
        ruleset = load_ruleset(config.setup())
    except ScannerError as error:
        for field, place in config.origins:
            given = getattr(config, field) if field in ("rules", "exclude_rules") else ()
            if not place.startswith("--") and any(error.message == f"unknown rule '{name}'" for name in given):
                raise ScannerError(f"{place}: {error.message}", error.hint) from error
        raise
    if config.rules and not whole and (trees := ids(of_analyzer(ruleset.rules, "tree"))):  # they would find nothing
        hint = "`keytrace inventory --check` looks for it, and --inventory where the whole tree is scanned"
        raise ScannerError(f"{trees[0]} is about the keys of a whole tree", hint)
    return ruleset


def not_looked_for(config: Config, *, complete: bool) -> Collection[str]:
    """Return the ids of rules that a scan does not apply: of their entries in a baseline none is unused."""
    whole = complete and config.inventory.in_scan
    return () if whole else ids(of_analyzer(load_ruleset(Setup()).rules, "tree"))


def _unheeded(config: Config, root: str, paths: Iterable[str]) -> Iterator[str]:
    """Yield a note for each thing that somebody configured and that has no effect."""
    if config.targets:
        yield from unknown_targets(config, known_rules(config.rule_files))
    asked_for = {place.rpartition(":")[0] for _, place in config.origins}
    for path in paths if config.trust_repo else ():
        if "/" in path and is_heeded_in_the_root(path, root) and os.path.join(root, path) not in asked_for:
            yield f"{path} is not heeded: only a configuration in the root is, or one that --config names"


def unused_comments(
    comments: Iterable[tuple[str, int]], findings: Iterable[Finding], notes: Sequence[str]
) -> Iterator[str]:
    """Yield a note for each comment that suppresses nothing and of which there is no note why it does not hold."""
    used = {(one.location.provenance.path, one.suppression.line) for one in findings if one.suppression}
    for path, line in sorted({*comments} - used):
        place = f"{path}: line {line}: "
        if not any(note.startswith(f"{place}'keytrace:") for note in notes):
            yield f"{place}the comment 'keytrace:ignore' suppresses nothing"


def exists_below(root: str, scanned: Collection[str]) -> Callable[[str], bool]:
    """Return a function that tells whether a path relative to `root` is there; of a masked one it cannot be known.

    A member of an archive is there with that, unless it is none of those `scanned` though the archive is.
    """

    def exists(name: str) -> bool:
        archives = [name[: mark.start()] for mark in re.finditer("!", name)]
        unseen = (path for path in archives if path not in scanned)
        return is_masked(name) or any(os.path.lexists(os.path.join(root, path)) for path in (name, *unseen))

    return exists


def _position(finding: Finding) -> tuple[str, int, int, str]:
    return (finding.location.provenance.path, finding.location.start, finding.location.end, finding.rule_id)
