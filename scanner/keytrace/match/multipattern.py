"""One pass over a document says which triggers fired and where: Hyperscan, or `regex` where it cannot be had.

Both return the same: for each trigger that fired, the offsets at which a match of it ends, ascending.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, Protocol

from keytrace.cache import store as cache
from keytrace.match.patterns import compile_pattern, time_for
from keytrace.version import __version__

_LONG, _LOW = 24, 64  # repetitions: the most that go in as they are, and the most that are asked for
_NAME = 240  # characters of a name that a trigger begins with
_LONG_REPEAT = re.compile(r"(?<!\\)\{(\d+),(\d*)\}")

Hits = Mapping[int, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Trigger:
    """A regex over bytes and literals (lower case), one of which any match of it holds; none means unknown."""

    regex: str
    keywords: tuple[str, ...] = ()
    overlapping: bool = False  # a match may begin inside another


class Index(Protocol):
    def scan(self, data: bytes) -> Hits:
        """Return the end offsets of the matches of each trigger, by the trigger's number."""


@lru_cache(maxsize=4)
def build_index(triggers: tuple[Trigger, ...], *, hyperscan: bool = True) -> Index:
    """Return the fastest index to be had for `triggers`."""
    if hyperscan:
        try:
            return HyperscanIndex(triggers)
        except ImportError:
            pass
    return RegexIndex(triggers)


class HyperscanIndex:
    """All triggers in one Hyperscan database. What it cannot take exactly goes in by its prefilter mode and is
    looked for again by `regex`; what it cannot take at all is left to `RegexIndex`.
    """

    def __init__(self, triggers: tuple[Trigger, ...]) -> None:
        import hyperscan  # ImportError is for the caller

        self._triggers = triggers
        self._approximate, self._refused, self._database = _load(hyperscan, triggers)
        self._rest = RegexIndex(tuple(triggers[number] for number in self._refused)) if self._refused else None
        self._new_scratch = hyperscan.Scratch
        self._local = threading.local()

    def scan(self, data: bytes) -> Hits:
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
            ends = _ends(self._triggers[number], data)
            if ends:
                hits[number] = ends
            else:
                del hits[number]
        if self._rest is not None:
            hits |= {self._refused[number]: list(ends) for number, ends in self._rest.scan(data).items()}
        return hits

    def _scratch(self) -> Any:
        """Return this thread's working memory: Hyperscan wants one for each scan under way."""
        scratch = getattr(self._local, "scratch", None)
        if scratch is None:
            scratch = self._local.scratch = self._new_scratch(self._database)
        return scratch


def _load(hyperscan: Any, triggers: tuple[Trigger, ...]) -> tuple[frozenset[int], tuple[int, ...], Any]:
    """Return the triggers taken approximately, those refused, and the database (None if empty), cached on disk."""
    version = f"{__version__} {_LONG} {_LOW} {hyperscan.__version__} {_cpu()}"
    key = sha256("\0".join([version, *(trigger.regex for trigger in triggers)]).encode()).hexdigest()
    stored = cache.load("patterns", key)
    if stored is not None:
        try:
            return _restored(hyperscan, stored, len(triggers), key)
        except (hyperscan.HyperscanError, hyperscan.error, ValueError, TypeError):
            cache.complain("patterns")
    loose = [_LONG_REPEAT.sub(_loosen, trigger.regex) for trigger in triggers]
    flags = {number: _guess_flag(hyperscan, regex) for number, regex in enumerate(loose)}
    with _told():
        try:
            database = _compile(hyperscan, loose, flags, key)
        except (hyperscan.HyperscanError, hyperscan.error):
            flags = _probe_flags(hyperscan, loose)
            database = _compile(hyperscan, loose, flags, key)
    dump = hyperscan.dumpb(database) if database else b""
    refused = [number for number in range(len(triggers)) if number not in flags]
    approximate = [number for number, flag in flags.items() if flag or loose[number] != triggers[number].regex]
    cache.store("patterns", key, json.dumps([len(flags), approximate, refused]).encode() + b"\n" + dump)
    return frozenset(approximate), tuple(refused), database


def _restored(hyperscan: Any, stored: bytes, count: int, key: str) -> tuple[frozenset[int], tuple[int, ...], Any]:
    """Return what was stored of `count` triggers; raise ValueError or Hyperscan's error where it is not that.

    Hyperscan loads any database of this machine's, and cannot say how many patterns are in it. So each holds one more,
    numbered behind the others, that fires on the digest of them all and on nothing else: its witness.
    """
    head = stored.index(b"\n")
    compiled, approximate, refused = json.loads(stored[:head])
    dump = stored[head + 1 :]
    if (
        compiled + len(refused) != count
        or bool(dump) != bool(compiled)
        or not {*approximate, *refused} <= {*range(count)}
    ):
        raise ValueError
    if not dump:
        return frozenset(approximate), tuple(refused), None
    database = hyperscan.loadb(dump, mode=hyperscan.HS_MODE_BLOCK)
    fired: set[int] = set()
    scratch = hyperscan.Scratch(database)
    database.scan(key.encode(), match_event_handler=lambda number, *_: fired.add(number), scratch=scratch)
    if count not in fired:
        raise ValueError
    return frozenset(approximate), tuple(refused), database


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
    """Have `tell` called, in a thread of its own, whenever patterns have been compiled for a second and still are."""
    _on_compile[:] = [tell]


@contextmanager
def _told() -> Iterator[None]:
    timers = [threading.Timer(_SILENCE, tell) for tell in _on_compile]
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
    return int(hyperscan.HS_FLAG_PREFILTER) if around else 0


def _probe_flags(hyperscan: Any, regexes: Sequence[str]) -> dict[int, int]:
    """Return the flag with which each regex compiles, by itself; those that never do are missing."""
    flags: dict[int, int] = {}
    for number, regex in enumerate(regexes):
        for flag in (0, hyperscan.HS_FLAG_PREFILTER):
            try:
                _compile(hyperscan, (regex,), {0: flag}, "witness")
            except (hyperscan.HyperscanError, hyperscan.error):
                continue
            flags[number] = flag
            break
    return flags


class RegexIndex:
    """The same result from `regex`, behind a search for each trigger's keywords."""

    def __init__(self, triggers: tuple[Trigger, ...]) -> None:
        self._triggers = triggers
        self._keywords = [tuple(word.lower().encode() for word in trigger.keywords) for trigger in triggers]

    def scan(self, data: bytes) -> Hits:
        lower = data.lower()
        hits: dict[int, list[int]] = {}
        for number, trigger in enumerate(self._triggers):
            words = self._keywords[number]
            if words and not any(word in lower for word in words):
                continue
            if ends := _ends(trigger, data):
                hits[number] = ends
        return hits


def _ends(trigger: Trigger, data: bytes) -> list[int]:
    pattern = compile_pattern(bounded(trigger))
    found = pattern.finditer(data, overlapped=trigger.overlapping, timeout=time_for(len(data)))
    return sorted({match.end() for match in found}) if trigger.overlapping else [match.end() for match in found]


def bounded(trigger: Trigger) -> str:
    """Return the regex of a trigger, with an end to what `*` repeats where a match may begin inside another: `regex`
    would read a long name anew from each of its characters, and no analyzer looks so far back for a name.
    """
    if not trigger.overlapping:
        return trigger.regex
    return trigger.regex.replace("]*", f"]{{0,{_NAME}}}").replace(r"\w*", rf"\w{{0,{_NAME}}}")


def _cpu() -> str:
    """Return what tells one kind of processor from another: Hyperscan's databases are for one kind."""
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as stream:
            flags = next((line for line in stream if line.startswith(("flags", "Features"))), "")
    except OSError:
        import platform

        flags = f"{platform.machine()} {platform.processor()}"
    return f"{sys.platform} {sha256(flags.encode()).hexdigest()[:8]}"
