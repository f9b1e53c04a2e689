"""What all tests share: a cache folder of the session's own, an engine with all rules, git repositories."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from keytrace.cache import store as cache
from keytrace.engine import Engine, Setup, load_engine

# A slow or busy machine is no fault of ours.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One folder for the whole session and all its processes, so that rules and modules are compiled once."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    place = base / "cache"
    place.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEYTRACE_CACHE_DIR", str(place))
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)  # of thousands of processes each would compile all
        patch.delenv("COLUMNS", raising=False)  # a page is as wide as that says
        cache.folder.cache_clear()
        yield place
    cache.folder.cache_clear()


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache folder of the test's own; it is not there yet."""
    place = tmp_path / "new" / "cache"
    with monkeypatch.context() as patch:
        patch.setenv("KEYTRACE_CACHE_DIR", str(place))
        cache.folder.cache_clear()
        yield place
    cache.folder.cache_clear()


@pytest.fixture(scope="session")
def engine() -> Engine:
    engine = load_engine(Setup())
    engine.prepare()
    return engine


@pytest.fixture(scope="session")
def fallback() -> Engine:
    """The same rules where Hyperscan cannot be had."""
    return load_engine(Setup(hyperscan=False))


class Repository:
    """A work tree and the git commands a test needs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q")

    def git(self, *arguments: str) -> bytes:
        return subprocess.run(["git", *arguments], cwd=self.folder, check=True, stdout=subprocess.PIPE).stdout

    def write(self, name: str, content: str | bytes = "x = 1\n") -> Path:
        file = Path(os.path.join(self.folder, name))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    def stage(self, name: str, content: str | bytes = "x = 1\n") -> None:
        self.write(name, content)
        self.git("add", "--force", "--", name)

    def commit(self) -> None:
        self.git("commit", "-q", "--allow-empty", "-m", "a commit")


@pytest.fixture
def own_git_configuration(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git apart from the configuration of whoever runs the tests."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "XDG_CONFIG_HOME"))]:
        monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    Path(home, ".gitconfig").write_text(
        '[user]\nname = Ada\nemail = ada@example.org\n[init]\ndefaultBranch = main\n[protocol "file"]\nallow = always\n'
    )


@pytest.fixture
def repository(tmp_path: Path, own_git_configuration: None) -> Repository:
    return Repository(tmp_path / "repository")
