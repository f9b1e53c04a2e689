"""All triggers in one database of Hyperscan's, compiled once and kept in the user's cache."""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, NamedTuple

from keytrace.cache import store as cache
from keytrace.match.plain import RegexIndex
from keytrace.match.trigger import Hits, Trigger, digest, ends_of
from keytrace.version import __version__

_LONG, _LOW = 24, 64  # repetitions: the most that go in as they are, and the most that are asked for
_MANY = 1000  # triggers that take seconds to compile
_LONG_REPEAT = re.compile(r"(?<!\\)\{(\d+),(\d*)\}")


class Compiled(NamedTuple):
    """The database (None if empty), and which triggers it only tells to be possible, or does not have at all."""

    approximate: frozenset[int]
    refused: tuple[int, ...]
    database: Any
    scratch: Any = None  # working memory for this thread


class HyperscanIndex:
    """All triggers in one Hyperscan database. What it cannot take exactly goes in by its prefilter mode; of this, and
    of what counts at some paths only, it tells no more than that it may be there, and `regex` looks for it then. What
    it cannot take at all is left to `RegexIndex`.
    """

    def __init__(self, triggers: Sequence[Trigger], compiled: Compiled | None = None) -> None:
        """Take what was `compiled` of the triggers; else what is in the cache, else compile them."""
        compiled = compiled or load(triggers) or _made(triggers)
        self._triggers = triggers
        self._approximate, self._refused, self._database = compiled.approximate, compiled.refused, compiled.database
        self._rest = RegexIndex(tuple(triggers[number] for number in self._refused)) if self._refused else None
        self._local = threading.local()
        self._local.scratch = compiled.scratch

    def scan(self, data: bytes, path: str = "") -> Hits:
        hits: dict[int, list[int]] = {}
        if self._database is not None and data:

            def on_match(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
                ends = hits.get(number)
                if ends is None:
                    hits[number] = [end]
                elif ends[-1] != end:  # two ways to match that end here
                    ends.append(end)

            self._database.scan(data, match_event_handler=on_match, scratch=self._scratch())
            hits.pop(len(self._triggers), None)  # the witness
        for number in [number for number in hits if number in self._approximate]:
            trigger = self._triggers[number]
            if trigger.is_for(path) and (ends := ends_of(trigger, data)):
                hits[number] = ends
            else:
                del hits[number]
        if self._rest is not None:
            hits |= {self._refused[number]: list(ends) for number, ends in self._rest.scan(data, path).items()}
        return hits

    ready = True

    def prepare(self) -> None:
        """All is made."""

    def _scratch(self) -> Any:
        """Return this thread's working memory: Hyperscan wants one for each scan under way."""
        scratch = getattr(self._local, "scratch", None)
        if scratch is None:
            import hyperscan

            scratch = self._local.scratch = hyperscan.Scratch(self._database)
        return scratch


def load(triggers: Sequence[Trigger]) -> Compiled | None:
    """Return what the cache has of these triggers; raise ImportError without Hyperscan."""
    import hyperscan

    key = _key(hyperscan, triggers)
    stored = cache.load_parts("patterns", key)
    if stored is None:
        return None
    try:
        return _restored(hyperscan, *stored, len(triggers), key)
    except (hyperscan.HyperscanError, hyperscan.error, ValueError, TypeError):
        cache.drop_damaged("patterns", key)
        return None


def _key(hyperscan: Any, triggers: Sequence[Trigger]) -> str:
    version = f"{__version__} {_LONG} {_LOW} {hyperscan.__version__} {_cpu()} {digest(triggers)}"
    return sha256(version.encode()).hexdigest()


def _made(triggers: Sequence[Trigger]) -> Compiled:
    """Compile; or wait for a process that does, and take what it made."""
    with _told():
        if len(triggers) < _MANY:
            return _compiled(triggers)
        with cache.alone():
            return load(triggers) or _compiled(triggers)


def _compiled(triggers: Sequence[Trigger]) -> Compiled:
    import hyperscan

    key = _key(hyperscan, triggers)
    loose = [_LONG_REPEAT.sub(_loosen, trigger.regex) for trigger in triggers]
    once = int(hyperscan.HS_FLAG_SINGLEMATCH)
    vague = [once * (bool(one.path) or one.regex != regex) for one, regex in zip(triggers, loose, strict=True)]
    flags = {number: vague[number] | _guess_flag(hyperscan, regex) for number, regex in enumerate(loose)}
    try:
        database = _compile(hyperscan, loose, flags, key)
    except (hyperscan.HyperscanError, hyperscan.error):
        flags = _probe_flags(hyperscan, loose, vague)
        database = _compile(hyperscan, loose, flags, key)
    dump = hyperscan.dumpb(database) if database else b""
    refused = [number for number in range(len(triggers)) if number not in flags]
    approximate = [number for number, flag in flags.items() if flag]
    content = json.dumps([len(flags), approximate, refused]).encode() + b"\n" + dump
    if not cache.store("patterns", key, content) and len(triggers) > _MANY:
        cache.complain_of_work()
    return Compiled(frozenset(approximate), tuple(refused), database)


def _restored(hyperscan: Any, head: bytes, dump: bytes, count: int, key: str) -> Compiled:
    """Return what was stored of `count` triggers; raise ValueError or Hyperscan's error where it is not that.

    Hyperscan loads any database of this machine's, and cannot say how many patterns are in it. So each holds one more,
    numbered behind the others, that fires on the digest of them all and on nothing else: its witness.
    """
    compiled, approximate, refused = json.loads(head)
    if (
        compiled + len(refused) != count
        or bool(dump) != bool(compiled)
        or not {*approximate, *refused} <= {*range(count)}
    ):
        raise ValueError
    if not dump:
        return Compiled(frozenset(approximate), tuple(refused), None)
    database = hyperscan.loadb(dump, mode=hyperscan.HS_MODE_BLOCK)
    fired: set[int] = set()
    scratch = hyperscan.Scratch(database)
    database.scan(key.encode(), match_event_handler=lambda number, *_: fired.add(number), scratch=scratch)
    if count not in fired:
        raise ValueError
    return Compiled(frozenset(approximate), tuple(refused), database, scratch)


def _loosen(repeat: re.Match[str]) -> str:
    """Drop the upper end of a long repeat; without it, the pattern matches more.

    Hyperscan takes seconds to compile a repeat of hundreds, and misses matches of some patterns in which a bounded
    repeat follows many names (seen with 5.4.12; tests/test_multipattern.py tries every name of every rule).
    """
    low, high = int(repeat[1]), int(repeat[2] or 0)
    return repeat[0] if max(low, high) <= _LONG else f"{{{min(low, _LOW)},}}"


_on_compile: list[Callable[[], None]] = []
_SILENCE = 1.0  # seconds


def tell_of_compiling(tell: Callable[[], None]) -> None:
    """Have `tell` called once, in a thread of its own, when patterns have been compiled for a second and still are."""
    _on_compile[:] = [tell]


def _tell() -> None:
    while _on_compile:
        _on_compile.pop()()


@contextmanager
def _told() -> Iterator[None]:
    timers = [threading.Timer(_SILENCE, _tell)] if _on_compile else []
    for timer in timers:
        timer.daemon = True
        timer.start()
    try:
        yield
    finally:
        for timer in timers:
            timer.cancel()


def _compile(hyperscan: Any, regexes: Sequence[str], flags: Mapping[int, int], witness: str) -> Any:
    """Return one database of the regexes that have a flag, each under its number, and of the literal `witness` behind
    them; None when none has.
    """
    if not flags:
        return None
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[*(regexes[number].encode() for number in flags), witness.encode()],
        ids=[*flags, len(regexes)],
        elements=len(flags) + 1,
        flags=[*flags.values(), 0],
    )
    return database


def _guess_flag(hyperscan: Any, regex: str) -> int:
    """Look-around is what rules use that Hyperscan does not take; compiling each rule to find out costs seconds."""
    around = any(start in regex for start in ("(?=", "(?!", "(?<=", "(?<!", "++", "*+", "?+", "}+", r"\Z", r"\z"))
    return _prefilter(hyperscan) if around else 0


def _prefilter(hyperscan: Any) -> int:
    return int(hyperscan.HS_FLAG_PREFILTER | hyperscan.HS_FLAG_SINGLEMATCH)


def _probe_flags(hyperscan: Any, regexes: Sequence[str], vague: Sequence[int]) -> dict[int, int]:
    """Return the flags with which each regex compiles, by itself; those that never do are missing."""
    flags: dict[int, int] = {}
    for number, regex in enumerate(regexes):
        for flag in (vague[number], _prefilter(hyperscan)):
            try:
                _compile(hyperscan, (regex,), {0: flag}, "witness")
            except (hyperscan.HyperscanError, hyperscan.error):
                continue
            flags[number] = flag
            break
    return flags


def _cpu() -> str:
    """Return what tells one kind of processor from another: Hyperscan's databases are for one kind."""
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as stream:
            flags = next((line for line in stream if line.startswith(("flags", "Features"))), "")
    except OSError:
        import platform

        flags = f"{platform.machine()} {platform.processor()}"
    return f"{sys.platform} {sha256(flags.encode()).hexdigest()[:8]}"
