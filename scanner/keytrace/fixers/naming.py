"""Which variable of the environment a value moves to: what the project calls it, else what it is bound to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from keytrace.fixers.destinations import Destinations
from keytrace.fixers.edits import Refused
from keytrace.names.lexicon import Strength, judge, words

_GENERIC = frozenset("generic hardcoded default credential bearer basic private command connection sql url".split())
_ANYBODYS = frozenset("API KEY SECRET ACCESS TOKEN ID AUTH".split())  # what a name says nothing of its owner by
_SCHEMES = ("authorization", "auth", "proxy-authorization")  # headers that hold something besides the secret
_ADDRESSES = ("URL", "URI", "DSN", "ADDRESS", "ENDPOINT")
_ADDRESS = re.compile(r"([a-z]\w*)[\w+.-]*://", re.IGNORECASE)
_WEB = re.compile(r"https?|wss?|ftp|", re.IGNORECASE)  # schemes that say nothing of whose an address is
_READ = re.compile(
    rb"""(?:\b(?:os\.)?environ(?:\.get)?|\bgetenv|\bprocess\.env|\bENV(?:\.fetch)?|\b(?:Getenv|LookupEnv))"""
    rb"""[.(\[]\s{0,9}['"]?([A-Za-z_]\w{1,80})"""
)
_DECLARED = re.compile(rb'^variable[ \t]+"?([\w-]+)"?[ \t]*\{', re.MULTILINE)


class Names:
    """The variables that a project has, with their values where these are known, and those that fixes add.

    A name has one value in each file that values go to: `of` returns the names of that for a path.
    """

    def __init__(
        self,
        known: Iterable[str] = (),
        values: Mapping[str, str] | None = None,
        destinations: Destinations | None = None,
    ) -> None:
        self._known = set(known)
        self._values = dict(values or {})
        self._destinations = destinations
        self._of_files: dict[str, Names] = {}
        self._chosen: dict[str, str] = {}  # by value
        self._declared: dict[tuple[str, str], tuple[str, str]] = {}  # by folder and name: the file, and the value

    def file_of(self, path: str) -> str:
        """Return the file that the values of a path go to, empty where that is not known."""
        return self._destinations.of(path) if self._destinations is not None else ""

    def of(self, path: str) -> Names:
        """Return the names for the values of a path: what the project knows is known to all, values are their own."""
        if self._destinations is None:
            return self
        file = self._destinations.of(path)
        if file not in self._of_files:
            values = self._destinations.held(path)
            names = Names(self._known | values.keys(), values)
            names._declared = self._declared
            self._of_files[file] = names
        return self._of_files[file]

    def learn(self, data: bytes) -> None:
        """Learn the variables that a program reads."""
        self._known.update(name.decode() for name in _READ.findall(data))

    def learn_module(self, path: str, data: bytes) -> None:
        """Learn the variables that a file of Terraform declares for all of its folder."""
        for name in _DECLARED.findall(data):
            self._declared[path.rpartition("/")[0], name.decode()] = path, ""

    def declare(self, path: str, name: str, value: str) -> bool:
        """Tell whether a file may declare a variable of this name for a value: no other one of its folder has it."""
        known = self._declared.setdefault((path.rpartition("/")[0], name), (path, value))
        return known == (path, value) and self._values.get(f"TF_VAR_{name}", value) in ("", value)

    def learn_all(self, each: Iterable[Iterable[str]]) -> None:
        """Learn variables by their names."""
        self._known.update(name for names in each for name in names)

    def say(self, value: str, name: str) -> None:
        """Have a value go by this name, wherever it goes: the user says so."""
        for names in (self, *self._of_files.values()):
            names._chosen[value] = name

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
            scheme = _ADDRESS.match(value)
            candidates = list(_candidates(path, rule, bound, owner, scheme[1] if scheme else ""))
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


def _candidates(path: str, rule: str, bound: str, owner: str, scheme: str) -> Iterator[str]:
    """Yield names for a value, the best first; `scheme` is that of an address."""
    stem = variable(PurePosixPath(path).name.split(".")[0])
    own, first = _own(bound, stem, scheme), rule.split("-", maxsplit=1)[0]
    whose = _opened(scheme) if first in _GENERIC else first
    around = list(filter(None, (variable(whose), variable(owner), stem)))
    if own:
        is_alone = bound.isupper() and not scheme and around == [stem]
        yield from _prefixed(own, around, is_clear=is_alone or _is_clear(own, whose, bound))
    if first in _GENERIC:
        kind = "token" if bound.lower() in _SCHEMES else judge(rule).kind or "secret"
        yield from (f"{word}_{variable(kind)}" for word in around)
    if not own and not (first in _GENERIC and around):  # GENERIC_TOKEN says nothing
        yield _of_rule(rule, scheme)


def _is_clear(own: str, whose: str, bound: str) -> bool:
    """Tell whether a name says whose a value is; `whose` it is as its rule says."""
    is_anybodys = bool(whose) and not bound.isupper() and _ANYBODYS.issuperset(own.split("_"))
    return len(words(own)) > 1 and not is_anybodys


def _of_rule(rule: str, scheme: str) -> str:
    """Return the name by a rule: without what only one of its keys is, and of a part of an address not that of all."""
    plain = re.sub(r"_(?:LIVE|TEST)(?=_)", "", variable(rule))
    stem, _, last = plain.rpartition("_")
    return f"{stem}_SECRET" if last in _ADDRESSES and not scheme else plain


def _own(bound: str, stem: str, scheme: str) -> str:
    """Return the name by what a value is bound to, empty where that does not say what it is."""
    is_told = bound.lower() not in _SCHEMES and (scheme or judge(bound).strength >= Strength.ABOUT)
    own = variable(bound) if is_told else ""
    if not scheme and own.endswith(_ADDRESSES):
        return ""  # of an address it is only a part
    return _address(own or stem) if scheme else own


def _opened(scheme: str) -> str:
    """Return what an address of a scheme opens; of the web's schemes that is not known."""
    return "" if _WEB.fullmatch(scheme) else scheme


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
