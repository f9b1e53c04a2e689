"""What all tests share: a cache folder of the session's own, never the user's, and an engine with all rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from keytrace.cache import store as cache
from keytrace.engine import Engine, Setup, load_engine


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One folder for the whole session, so that the rules are compiled once."""
    place = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEYTRACE_CACHE_DIR", str(place))
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
    return load_engine(Setup())


@pytest.fixture(scope="session")
def fallback() -> Engine:
    """The same rules where Hyperscan cannot be had."""
    return load_engine(Setup(hyperscan=False))
