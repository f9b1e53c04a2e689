"""The program in a process that has imported it already: each run is a fork of it, and saves a third of a second.

Nothing is shared but modules: what they keep is what importing them leaves. A run that is given what an interpreter
reads when it starts (the locale, Python's own variables) must be a process of its own.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import runpy
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import keytrace
from keytrace.cache import store

_NOT_IMPORTED = ("keytrace.editor", "keytrace.fleet", "keytrace.cli.fleet", "keytrace.cli.lsp", "keytrace.__main__")
_ELSE = "hyperscan libcst platformdirs random regex string tempfile".split()  # that functions import
_LONGEST = 2**20  # bytes of a request
_READ_AT_START = ("PYTHON", "LC_", "LANG", "TZ")


class Preloaded:
    """Runs `python -m keytrace` in forks of one process."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)
        self._here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-P", __file__, str(there.fileno())]
        self._process = subprocess.Popen(command, env=self._environment, pass_fds=[there.fileno()])
        there.close()

    def serves(self, environment: Mapping[str, str]) -> bool:
        """Tell whether a run in this environment is the same in a fork."""
        return _at_start(environment) == _at_start(self._environment)

    def run(
        self, arguments: Sequence[str], cwd: Path, environment: Mapping[str, str], stdin: bytes, timeout: float
    ) -> tuple[int, bytes, bytes]:
        """Run with `arguments` and return the exit code, standard output and standard error.

        Raises:
            TimeoutError: it ran longer than `timeout` seconds.
        """
        here: list[int] = []
        there: list[int] = []
        for _ in range(3):
            reading, writing = os.pipe()
            here.append(reading)
            there.append(writing)
        here[0], there[0] = there[0], here[0]  # standard input goes the other way
        socket.send_fds(self._here, [json.dumps([list(arguments), str(cwd), dict(environment)]).encode()], there)
        for descriptor in there:
            os.close(descriptor)
        with ThreadPoolExecutor(3) as threads:
            fed = threads.submit(_feed, here[0], stdin)
            out, err = threads.submit(_read, here[1]), threads.submit(_read, here[2])
            self._here.settimeout(timeout)
            code = int(self._here.recv(16))
            fed.result()
            return code, out.result(), err.result()

    def close(self) -> None:
        """End the process."""
        self._here.close()
        self._process.wait()


def _at_start(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(_READ_AT_START)}


def _feed(pipe: int, content: bytes) -> None:
    try:
        with open(pipe, "wb") as stream:
            stream.write(content)
    except BrokenPipeError:  # it does not read what it is given
        pass


def _read(pipe: int) -> bytes:
    with open(pipe, "rb") as stream:
        return stream.read()


def _serve(requests: socket.socket) -> None:
    """Fork for each request, and say with what code it ended; return in the fork, where the program is to run."""
    while True:
        request, descriptors, _, _ = socket.recv_fds(requests, _LONGEST, 3)
        if not request:
            os._exit(0)
        child = os.fork()
        if not child:
            arguments, cwd, environment = json.loads(request)
            _become(arguments, cwd, environment, descriptors)
            requests.close()
            return
        for descriptor in descriptors:
            os.close(descriptor)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        requests.send(str(code).encode())


def _become(arguments: list[str], cwd: str, environment: dict[str, str], descriptors: list[int]) -> None:
    """Be what was asked for: its arguments, folder, environment and files."""
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[:] = ["keytrace", *arguments]


def _import_all() -> None:
    """Import the program, but for the commands that are seldom run and whose libraries are large."""
    for module in pkgutil.walk_packages(keytrace.__path__, "keytrace."):
        if not module.name.startswith(_NOT_IMPORTED):
            importlib.import_module(module.name)
    for name in _ELSE:
        importlib.import_module(name)
    store.folder.cache_clear()  # each run has its own
    gc.freeze()  # a fork that collected would copy what it shares


if __name__ == "__main__":
    _import_all()
    _serve(socket.socket(fileno=int(sys.argv[1])))
    runpy.run_module("keytrace", run_name="__main__", alter_sys=True)
