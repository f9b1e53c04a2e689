"""Many repositories on one screen: what they share is scanned first, once; then each of them, where a worker is free.

A task is small, and so is what comes of it. Whatever goes wrong with one repository is its outcome: the others count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from keytrace.cache.scratch import temporary_folder
from keytrace.engine import load_engine
from keytrace.errors import ScannerError
from keytrace.fleet.repositories import Repository
from keytrace.fleet.running import workers
from keytrace.fleet.shared import SharedContent
from keytrace.fleet.state import State
from keytrace.fleet.work import Outcome, Plan, config_of, look, lost, scan_repository

_LARGEST_SHARED = 8 * 2**20  # bytes of a file that is looked at before its repositories are


def scan_fleet(
    repositories: Iterable[Repository], plan: Plan, state: State, *, jobs: int = 0, dask: str = ""
) -> Iterator[Outcome]:
    """Yield what comes of each repository as soon as it is known, and keep it in `state`; what is there is not scanned
    again. `dask` is the address of a scheduler, or "local"; else there are `jobs` processes, 0 means one a processor.

    Raise ScannerError where nothing can be scanned: bad settings, or no worker.
    """
    left: list[Repository] = []
    for repository in repositories:
        if outcome := state.done(repository):
            yield outcome
        else:
            left.append(repository)
    if not left:
        return
    with temporary_folder("keytrace-fleet-") as scratch, workers(jobs, dask) as running:
        plan = replace(plan, scratch=scratch)
        shared = SharedContent(plan, () if plan.history or plan.inventory else left)
        if not dask:  # processes are forked from this one
            load_engine(replace(config_of(plan, scratch), cached=False).setup()).prepare()
        for _, known in running.run((None, (look, (*task, _LARGEST_SHARED))) for task in shared.tasks()):
            if not isinstance(known, Exception):  # else each repository finds out by itself
                shared.known.update(known)
        tasks = ((one, (scan_repository, (plan, one, shared.of(one)))) for one in left)
        for repository, result in running.run(tasks):
            outcome = result if isinstance(result, Outcome) else lost(repository, _why(result))
            state.keep(repository, outcome)
            yield outcome


def _why(error: Exception) -> str:
    if isinstance(error, ScannerError):
        return error.one_line
    return f"its worker was lost, and so was the next one that tried ({type(error).__name__})"
