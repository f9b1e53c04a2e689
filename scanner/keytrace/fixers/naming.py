"""Which variable of the environment a value moves to: what the project calls it, else what it is bound to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from keytrace.fixers.edits import Refused
from keytrace.names.lexicon import Strength, judge, words

_GENERIC = frozenset("generic hardcoded default credential bearer basic private command connection sql url".split())
_SCHEMES = ("authorization", "auth", "proxy-authorization")  # headers that hold something besides the secret
_ADDRESSES = ("URL", "URI", "DSN", "ADDRESS", "ENDPOINT")
_ADDRESS = re.compile(r"[a-z][\w+.-]*://", re.IGNORECASE)
_READ = re.compile(
    rb"""(?:\b(?:os\.)?environ(?:\.get)?|\bgetenv|\bprocess\.env|\bENV(?:\.fetch)?|\b(?:Getenv|LookupEnv))"""
    rb"""[.(\[]\s{0,9}['"]?([A-Za-z_]\w{1,80})"""
)


class Names:
    """The variables that a project has, with their values where these are known, and those that fixes add."""

    def __init__(self, known: Iterable[str] = (), values: Mapping[str, str] | None = None) -> None:
        self._known = set(known)
        self._values = dict(values or {})
        self._chosen: dict[str, str] = {}  # by value

    def learn(self, data: bytes) -> None:
        """Learn the variables that a program reads."""
        self._known.update(name.decode() for name in _READ.findall(data))

    def learn_all(self, each: Iterable[Iterable[str]]) -> None:
        """Learn variables by their names."""
        self._known.update(name for names in each for name in names)

    def say(self, value: str, name: str) -> None:
        """Have a value go by this name: the user says so."""
        self._chosen[value] = name

    def keep(self, value: str, name: str) -> str:
        """Have a value go by the name that it has already; raise Refused where that has another value."""
        if self._values.get(name, value) not in ("", value):
            raise Refused(f"{name} has another value already")
        self._values[name] = value
        return name

    def choose(self, value: str, path: str, rule: str, bound: str = "", owner: str = "") -> str:
        """Return the name for a value that is bound to `bound`, in a class or section `owner`; always the same one."""
        if value not in self._chosen:
            told = next((name for name, known in self._values.items() if known == value), "")
            is_address = _ADDRESS.match(value) is not None
            candidates = list(_candidates(path, rule, bound, owner, is_address=is_address))
            self._chosen[value] = told or self._free(value, candidates)
            self._values.setdefault(self._chosen[value], value)
        return self._chosen[value]

    def _free(self, value: str, candidates: list[str]) -> str:
        """Return a name that the project reads already, else the first one; none that has another value."""
        free = [name for name in candidates if self._values.get(name, value) in ("", value)]
        if read := [name for name in free if name in self._known]:
            return read[0]
        if free and (free[0] == candidates[0] or "_" in free[0]):  # of one word alone nobody knows whose it is
            return free[0]
        numbered = (f"{candidates[0]}_{number}" for number in range(2, 10_000))
        return next(name for name in numbered if self._values.get(name, value) in ("", value))


def _candidates(path: str, rule: str, bound: str, owner: str, *, is_address: bool) -> Iterator[str]:
    """Yield names for a value, the best first."""
    is_scheme = bound.lower() in _SCHEMES
    own = variable(bound) if not is_scheme and (is_address or judge(bound).strength >= Strength.ABOUT) else ""
    stem = variable(PurePosixPath(path).name.split(".")[0])
    first = rule.split("-", maxsplit=1)[0]
    around = list(filter(None, ("" if first in _GENERIC else variable(first), variable(owner), stem)))
    if is_address:
        own = _address(own or stem)
    if own:
        yield from _prefixed(own, around, is_clear=len(words(own)) > 1 or bound.isupper())
    if first in _GENERIC:
        kind = "token" if is_scheme else judge(rule).kind or "secret"
        yield from (f"{word}_{variable(kind)}" for word in around)
    if not own:
        yield variable(rule)


def _prefixed(own: str, around: Iterable[str], *, is_clear: bool) -> list[str]:
    """Return a name by itself and with words in front; by itself first, where it is clear."""
    prefixed = [f"{word}_{own}" for word in around if word not in own.split("_")]
    return [own, *prefixed] if is_clear else [*prefixed, own]


def _address(name: str) -> str:
    return name if name.endswith(_ADDRESSES) else f"{name}_URL"


def variable(name: str) -> str:
    """Return a name as variables of the environment are written."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    spelled = re.sub(r"[^A-Z0-9]+", "_", apart.upper()).strip("_")
    return f"_{spelled}" if spelled[:1].isdigit() else spelled
