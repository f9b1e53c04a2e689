"""The workers of a Dask scheduler, or of one that is started here for the run.

Tasks and results hold no secret; whoever can reach the scheduler can run programs on its workers, as is Dask's way.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import Any

from keytrace.errors import ScannerError
from keytrace.version import __version__

LOCAL = "local"
_ADDRESS = re.compile(r"(?:[a-z]+://)?[^/\s]+:\d+/?")
_PATIENCE = 10  # seconds to wait for the scheduler, and for its first worker


@contextmanager
def connected(address: str, jobs: int) -> Iterator[tuple[Executor, int]]:
    """Yield an executor and the number of its workers; raise ScannerError where there is none."""
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise ScannerError("--dask needs Dask, which is not installed", "pip install 'keytrace[dask]'") from error
    if address != LOCAL and not _ADDRESS.fullmatch(address):
        raise ScannerError(f"--dask {address}: no address of a scheduler", "tcp://HOST:PORT, or local")
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what goes wrong is told once, by us
    with ExitStack() as stack:
        if address == LOCAL:
            cluster = distributed.LocalCluster(
                n_workers=jobs, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
            )
            address = stack.enter_context(cluster).scheduler_address
        try:
            client = distributed.Client(address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ScannerError(f"no Dask scheduler answers at {address}", "is the address tcp://HOST:PORT?") from error
        stack.callback(client.close, timeout=1)
        yield client.get_executor(pure=False), _workers(client)


def _workers(client: Any) -> int:
    """Return how many workers there are; raise ScannerError for none, and for those that are not like us."""
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
        versions = client.run(_version)
    except TimeoutError as error:
        raise ScannerError("the Dask scheduler has no worker", "dask worker tcp://HOST:PORT starts one") from error
    except Exception as error:  # what a worker cannot import is raised here as anything
        hint = "pip install 'keytrace[dask]' where they run"
        raise ScannerError(f"keytrace is not ready on the Dask workers ({type(error).__name__})", hint) from error
    others = {version for version in versions.values() if version != __version__}
    if others:
        raise ScannerError(f"the Dask workers have keytrace {', '.join(sorted(others))}, here is {__version__}")
    return len(versions)


def _version() -> str:
    return __version__
