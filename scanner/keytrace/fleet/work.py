"""What a worker does, in any process on any machine: it scans a repository, or files that several share.

What comes back holds no secret: records as the reporters make them, and digests.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from keytrace.api import common_root, folder_source, scan_source
from keytrace.batch import scan_batch
from keytrace.cache import results
from keytrace.cache.scratch import temporary_folder
from keytrace.config import Config, load_config
from keytrace.config.overrides import override
from keytrace.engine import Setup
from keytrace.errors import ScannerError
from keytrace.fleet.checkout import check_out
from keytrace.fleet.repositories import Repository, is_bare, mirrored, missing
from keytrace.git import head, is_top
from keytrace.history import scan_history
from keytrace.inventory import take_inventory
from keytrace.lifecycle.digests import Digests
from keytrace.lifecycle.key import Inventory
from keytrace.lifecycle.views.records import of_inventory
from keytrace.model import Report, ScanError
from keytrace.redaction.texts import safe
from keytrace.reporters import ReporterOptions
from keytrace.reporters.jsonl import records
from keytrace.reporters.records import valid
from keytrace.reporters.sarif import repository_uri, run_of
from keytrace.sources.history import blobs
from keytrace.sources.staged import StagedArtifact

_ALONE = threading.Lock()  # a worker of Dask may have several threads; what is known here is one scan's


@dataclass(frozen=True, slots=True)
class Plan:
    """How each repository is scanned. `options` are laid over its configuration, or over that of the file `config`."""

    options: Mapping[str, Any] = field(default_factory=dict)
    config: str = ""
    trust: bool = True
    history: bool = False
    inventory: bool = False  # what keys there are, not what is found
    key: bytes = b""  # of the digests that tell equal secrets
    scratch: str = ""  # the folder for clones; it may not be there on another machine


class Shared(NamedTuple):
    """A file that several repositories have; see shared.py."""

    number: int
    path: str
    blob: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a repository: records as of JSON lines, a run of SARIF, whether it could be scanned at all, and the
    inventory, as JSON knows it, where that was asked for.
    """

    name: str
    records: list[dict[str, Any]]
    run: dict[str, Any]
    is_lost: bool = False
    inventory: dict[str, Any] | None = None

    @property
    def findings(self) -> list[dict[str, Any]]:
        """The findings that count."""
        return [one for one in self.records if one["type"] == "finding" and one["suppression"] is None]

    @property
    def errors(self) -> list[dict[str, Any]]:
        return [one for one in self.records if one["type"] == "error"]

    @property
    def is_final(self) -> bool:
        """Tell whether scanning it again would bring nothing else."""
        return not self.errors


def config_of(plan: Plan, root: str) -> Config:
    """Return the configuration of a repository; raise ScannerError where that is bad."""
    config = override(load_config(root, plan.config or None, trust_repo=plan.trust), plan.options)
    return replace(config, jobs=1)


def lost(repository: Repository, why: str) -> Outcome:
    """Return the outcome for a repository that could not be scanned."""
    report = Report(root=os.sep, findings=(), errors=(ScanError(".", safe(why)),), shown_root=repository.name)
    return _outcome(repository, report, Digests(b""), is_lost=True)


def scan_repository(plan: Plan, repository: Repository, known: Mapping[bytes, bytes]) -> Outcome:
    """Scan a repository; `known` is what the cache of results would have of its files."""
    try:
        with _ALONE, temporary_folder("keytrace-", plan.scratch if os.path.isdir(plan.scratch) else None) as folder:
            report, commit, inventory = _scanned(plan, repository, known, folder)
            outcome = _outcome(repository, report, Digests(plan.key), commit)
            return replace(outcome, inventory=of_inventory(inventory)) if inventory else outcome
    except ScannerError as error:
        return lost(repository, error.one_line)
    except OSError as error:
        return lost(repository, error.strerror or type(error).__name__)
    except Exception as error:  # the other repositories count
        return lost(repository, f"could not be scanned ({type(error).__name__})")


def _scanned(
    plan: Plan, repository: Repository, known: Mapping[bytes, bytes], folder: str
) -> tuple[Report, str, Inventory | None]:
    """Return the report on a repository, the commit that was looked at where it is not here any more, and its keys if
    they are asked for.
    """
    inventory: Inventory | None = None
    place = repository.place
    if repository.is_remote:
        place = mirrored(repository, os.path.join(folder, "mirror"))
    elif not os.path.isdir(place):
        raise ScannerError("it is no folder") if os.path.lexists(place) else missing(repository)
    commit = head(place) if repository.is_remote else ""
    if plan.history:
        if not is_top(place) and not is_bare(place):
            raise ScannerError("it is no git repository")
        report = scan_history(place, config_of(plan, place))
    elif is_bare(place):
        root = os.path.join(folder, "files")
        config = config_of(plan, place)
        failed = check_out(place, root, config.max_file_size)
        config = replace(config_of(plan, root), gitignore=False)  # all of it is committed
        report, inventory = _files_scanned(plan, root, root, config, known)
        report = replace(report, errors=(*failed, *report.errors), shown_root=repository.name)
    else:
        root = common_root([place])
        report, inventory = _files_scanned(plan, place, root, config_of(plan, root), known)
    return replace(report, shown_root=repository.name) if repository.is_remote else report, commit, inventory


def _files_scanned(
    plan: Plan, place: str, root: str, config: Config, known: Mapping[bytes, bytes]
) -> tuple[Report, Inventory | None]:
    if plan.inventory:
        taken = take_inventory(folder_source([place], root, config), root, config, plan.key)
        return replace(taken.report, findings=(), errors=tuple(taken.inventory.errors)), taken.inventory
    fresh = replace(config, cached=False)  # the results are opened here, with those that are handed to us
    results.hand(fresh.setup(), known, config.setup() if config.cached else None)
    return scan_source(folder_source([place], root, fresh), root, fresh, complete=place == root), None


def look(setup: Setup, repo: str, files: Sequence[Shared], limit: int) -> dict[int, tuple[bytes, bytes]]:
    """Scan files of a repository as they were committed, and return for each of which there is nothing to tell what the
    cache of results keeps, by number.
    """
    found: dict[int, tuple[bytes, bytes]] = {}
    with _ALONE:
        fresh = replace(setup, cached=False)
        known = results.hand(fresh, {}, setup if setup.cached else None)
        of_blob: dict[str, list[Shared]] = {}
        for file in files:
            of_blob.setdefault(file.blob, []).append(file)
        for blob, answer in blobs(repo, of_blob, limit):
            for file in of_blob[blob] if answer is not None and answer[0] <= limit else ():
                assert answer is not None
                artifact = StagedArtifact(repo, file.path, blob, answer[0], answer[1], None)
                result = scan_batch(fresh, (artifact,))
                digests = [*result.learned, *result.used]
                known.keep(result.learned, ())
                found.update((file.number, (one, known.find(one) or b"")) for one in digests)
    return found


def _outcome(
    repository: Repository, report: Report, digests: Digests, commit: str = "", *, is_lost: bool = False
) -> Outcome:
    options = ReporterOptions(exit_code=report.exit_code)
    run = run_of(report, options)
    run["automationDetails"] = {"id": f"keytrace/{repository.name}/"}
    run["results"] = list(run["results"])
    if uri := repository_uri(repository.place) if commit else None:
        run["versionControlProvenance"] = [{"repositoryUri": safe(uri), "revisionId": commit}]
    told = [{"repository": valid(repository.name), **record} for record in records(report, options)]
    for record, finding in zip(told, report.findings, strict=False):  # they come first
        if digests.may_be_shown and finding.location.is_secret:
            record["secret_digest"] = digests.of(finding.secret.value)
    return Outcome(repository.name, told, run, is_lost)
