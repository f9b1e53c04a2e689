"""The program as its users run it: a process of its own, with its own cache, home and environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import keytrace as package
from tests.cli.preloaded import Preloaded

GITHUB = "github-personal-access-token"


@dataclass(frozen=True)
class Run:
    """What came of a run."""

    code: int
    stdout: bytes
    stderr: bytes

    @property
    def out(self) -> str:
        return self.stdout.decode()

    @property
    def err(self) -> str:
        return self.stderr.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)

    @property
    def findings(self) -> list[tuple[str, str, int]]:
        """Rule, path and line of each active finding of a JSON report."""
        return [
            (item["rule"], item["path"], item["start_line"])
            for item in self.json["findings"]
            if item["suppression"] is None
        ]

    @property
    def suppressed(self) -> list[tuple[str, int]]:
        """Kind and line of each suppressed finding of a JSON report."""
        return [
            (item["suppression"]["kind"], item["start_line"]) for item in self.json["findings"] if item["suppression"]
        ]


class Keytrace:
    """Runs `python -m keytrace` in `folder`."""

    def __init__(self, folder: Path, caches: Path, home: Path, preloaded: Preloaded | None = None) -> None:
        self.folder = folder
        self._preloaded = preloaded
        self._caches = caches
        self._environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("KEYTRACE_", "GIT_", "XDG_", "GITHUB_", "GITLAB_"))
        } | {
            "HOME": str(home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "LC_ALL": "C.UTF-8",
            "PYTHONPATH": str(Path(package.__file__).parents[1]),
        }

    def command(self, *arguments: str | bytes | Path) -> list[str]:
        # -P: a module of the scanned folder must not stand in for one of ours
        return [sys.executable, "-P", "-m", "keytrace", *map(os.fsdecode, arguments)]

    def environment(self, *arguments: str | bytes | Path, **more: str) -> dict[str, str]:
        # Each set of rules has a database; few fit in a cache, and that of all rules takes seconds to compile.
        whole = not {"--rule", "--rules-file"}.intersection(map(os.fsdecode, arguments)) and "KEYTRACE_RULE" not in more
        return self._environment | {"KEYTRACE_CACHE_DIR": str(self._caches / ("cache" if whole else "few"))} | more

    def __call__(
        self,
        *arguments: str | bytes | Path,
        cwd: Path | None = None,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        before: Callable[[], None] | None = None,
        timeout: float = 600,  # of a machine that is slow and busy
    ) -> Run:
        """Run with `arguments`; `before` runs in the new process, before the program."""
        environment = self.environment(*arguments, **(env or {}))
        if self._preloaded and not before and self._preloaded.serves(environment):
            asked = [os.fsdecode(argument) for argument in arguments]
            return Run(*self._preloaded.run(asked, cwd or self.folder, environment, stdin, timeout))
        done = subprocess.run(
            self.command(*arguments),
            cwd=cwd or self.folder,
            input=stdin,
            env=environment,
            preexec_fn=before,
            capture_output=True,
            timeout=timeout,
            check=False,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    def json(
        self, *arguments: str | bytes | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> Run:
        """Scan with a JSON report on standard output."""
        return self("scan", *arguments, "-f", "json", cwd=cwd, env=env)

    def git(self, *arguments: str, cwd: Path | None = None) -> None:
        who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main")
        subprocess.run(
            ["git", *who, *arguments], cwd=cwd or self.folder, env=self._environment, check=True, capture_output=True
        )


@pytest.fixture(scope="session")
def caches(cache_folder: Path) -> Path:
    """Where caches are; that of the whole session holds all rules compiled, as who compiles them says so."""
    place = cache_folder.parent
    keytrace = Keytrace(place, place, place)
    subprocess.run(keytrace.command("cache", "warm"), env=keytrace.environment(), capture_output=True, check=True)
    return place


@pytest.fixture(scope="session")
def preloaded(caches: Path) -> Iterator[Preloaded | None]:
    if sys.platform != "linux":  # others fork with care, or not at all
        yield None
        return
    process = Preloaded(Keytrace(caches, caches, caches).environment())
    yield process
    process.close()


@pytest.fixture
def keytrace(tmp_path: Path, caches: Path, preloaded: Preloaded | None) -> Keytrace:
    folder, home = tmp_path / "project", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    return Keytrace(folder, caches, home, preloaded)


@pytest.fixture
def project(keytrace: Keytrace) -> Path:
    """The folder that commands run in, empty."""
    return keytrace.folder


@pytest.fixture
def own_inventory_key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key of the digests that no other test has."""
    monkeypatch.setenv("KEYTRACE_INVENTORY_KEY", str(tmp_path_factory.mktemp("key") / "inventory.key"))
