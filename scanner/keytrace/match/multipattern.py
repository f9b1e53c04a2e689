"""One pass over a document says which triggers fired and where: Hyperscan, or `regex` where that is quicker or all
there is.

All indexes return the same: for each trigger that fired, the offsets at which a match of it ends, ascending.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from time import process_time

from keytrace import timelimit
from keytrace.cache import store as cache
from keytrace.match import database
from keytrace.match.database import HyperscanIndex, tell_of_compiling
from keytrace.match.plain import RegexIndex
from keytrace.match.trigger import Hits, Index, Trigger, digest

__all__ = ["AsNeeded", "Hits", "HyperscanIndex", "Index", "RegexIndex", "Trigger", "build_index", "tell_of_compiling"]

_LITTLE = 2**20  # bytes of text for which a database is not worth compiling ...
_PATIENCE = 0.2, 0.0002  # seconds of CPU, too, and more for each trigger: compiling takes several times as long
_RUNS = 5  # after as many runs with little text, one is


_much: list[bool] = []  # not empty: there is much text to come


def expect_much() -> None:
    """Have databases compiled from now on, in this process, without waiting for much text."""
    _much[:] = [True]


@lru_cache(maxsize=8)
def build_index(triggers: Sequence[Trigger], *, hyperscan: bool = True, known: Sequence[Trigger] = ()) -> Index:
    """Return the fastest index to be had for `triggers`. Those that are among the `known` ones are looked for with all
    of these, by a database that serves whoever wants some of them; the others have one of their own.
    """
    if known and triggers != known:
        return Beside(triggers, known, hyperscan=hyperscan)
    if hyperscan:
        try:
            return AsNeeded(triggers)
        except ImportError:
            pass
    return RegexIndex(triggers)


class AsNeeded:
    """Hyperscan's database if there is one in the cache. Else `regex` for a little text, and for more a new one."""

    def __init__(self, triggers: Sequence[Trigger]) -> None:
        compiled = database.load(triggers)  # ImportError is for the caller
        self._triggers = triggers
        self._fast = HyperscanIndex(triggers, compiled) if compiled else None
        self._slow: RegexIndex | None = None
        self._left = _LITTLE
        self._patience = _PATIENCE[0] + _PATIENCE[1] * len(triggers)
        if compiled is None and _much:
            self._compiled()

    def scan(self, data: bytes, path: str = "") -> Hits:
        if self._fast is not None:
            return self._fast.scan(data, path)
        self._left -= len(data)
        if self._left < 0 or self._patience <= 0 or (self._slow is None and self._comes_back()):
            return self._compiled().scan(data, path)
        self._slow = self._slow or RegexIndex(self._triggers)
        before = process_time()
        try:
            return self._slow.scan(data, path, self._patience)
        except TimeoutError:
            return self._compiled().scan(data, path)
        finally:
            self._patience -= process_time() - before

    @property
    def ready(self) -> bool:
        return self._fast is not None

    def prepare(self) -> None:
        self._compiled()

    def _compiled(self) -> HyperscanIndex:
        if self._fast is None:
            with timelimit.paused():  # no fault of the file's
                self._fast, self._slow = HyperscanIndex(self._triggers), None
        return self._fast

    def _comes_back(self) -> bool:
        """Tell whether so many runs found no database that one is worth its time; count this one."""
        key = sha256(f"runs of {digest(self._triggers)}".encode()).hexdigest()
        runs = int(cache.load("runs", key) or 0) + 1
        cache.store("runs", key, str(runs).encode())
        return runs > _RUNS


class Beside:
    """An index of all known triggers, of which only some are wanted, and beside it one of others."""

    def __init__(self, triggers: Sequence[Trigger], known: Sequence[Trigger], *, hyperscan: bool) -> None:
        places = {trigger: number for number, trigger in enumerate(known)}
        self._wanted: dict[int, list[int]] = {}  # our numbers, by those of the known ones
        self._other: dict[int, list[int]] = {}  # and by those of the others
        others: list[Trigger] = []
        for number, trigger in enumerate(triggers):
            if trigger in places:
                self._wanted.setdefault(places[trigger], []).append(number)
            else:
                self._other[len(others)] = [number]
                others.append(trigger)
        self._known = build_index(known, hyperscan=hyperscan)
        self._own = build_index(tuple(others), hyperscan=hyperscan)

    def scan(self, data: bytes, path: str = "") -> Hits:
        hits: dict[int, Sequence[int]] = {}
        for index, numbers in ((self._known, self._wanted), (self._own, self._other)):
            for fired, ends in index.scan(data, path).items():
                hits |= dict.fromkeys(numbers.get(fired, ()), ends)
        return hits

    @property
    def ready(self) -> bool:
        return self._known.ready and self._own.ready

    def prepare(self) -> None:
        self._known.prepare()
        self._own.prepare()
