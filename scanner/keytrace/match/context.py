"""Values that only their surroundings tell: bound to a provider's name, or in a URL to its host.

The surroundings are one pattern for all rules; a rule brings its names, its hosts and the shape of its value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from keytrace.match.patterns import MATCH_TIMEOUT, compile_pattern

if TYPE_CHECKING:
    import regex

_SEPARATOR = "[ _.-]?"  # what `_` in a name stands for
REACH = (128, 1)  # bytes before and behind a trigger in which a name or host stands; the value may lie behind

# Between a name and its value: the rest of the name, quotes, a type, an operator, an authentication scheme.
_UP_TO_OPERATOR = rb"""
    [\w.-]{0,40} [\\"'`\])]{0,4}
    (?:[ \t]?:[ \t]?[A-Za-z&][\w.\[\]]{1,20}(?=[ \t]?=))?
    [ \t]{0,20}
    (?: ,?\s{0,20}(?:-[ ])?["']?(?i:value|default)["']?[ \t]{0,4}[=:] | </\w{1,16}>\s{0,20}<\w{1,16}>
      | => | := | \?\?= | \|\|= | ={2,3} | [=:,(>] )
    [ \t]{0,20}
"""
_ARGUMENT = rb"""\{?[ \t]{0,4}["']?\w{1,30}["']?[ \t]?[=:][ \t]?"""  # Client(api_key="x"), new Client({apiKey: "x"})
_OPEN = rb"""[\\"'`]{0,3} (?:(?i:bearer|token|basic|api-?key|app|key|secret)[ \t]{1,3})?"""
_TO_VALUE = tuple(re.compile(gap, re.VERBOSE) for gap in (_UP_TO_OPERATOR + _OPEN, _UP_TO_OPERATOR + _ARGUMENT + _OPEN))
_NOT_IN_URL = re.compile(rb"[\s\"'`<>]")
_URL_PARTS = re.compile(rb"[/=:?]")
_LONGEST_URL = 240  # bytes of it that are read from the host on, and before it


def near_triggers(names: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield regexes that fire between one of some names and the value bound to it, each with words one of which is in
    whatever it matches. Names are plain words, case does not matter, and `_` stands for any one separator or none.

    Those that begin with the same word share a regex: a database of one for each name takes a third longer to compile.
    """
    alike: dict[str, list[str]] = {}
    for name in names:
        alike.setdefault(name.partition("_")[0], []).append(name)
    for first, group in alike.items():
        rests = sorted({name[len(first) :] for name in group})
        spelled = [rest if rest.isidentifier() else re.escape(rest) for rest in rests]  # start-up asks for thousands
        ends = "|".join(spelled).replace("_", _SEPARATOR)
        begin = first if first.isidentifier() else re.escape(first)
        shape = f"{begin}(?:{ends})" if len(rests) > 1 else begin + ends
        yield (
            rf"(?i:{shape})[\w. \\\"'`\])-]*[=:,(<>|?\r\n]",
            tuple(dict.fromkeys(max(name.lower().split("_"), key=len) for name in group)),
        )


def host_trigger(host: str) -> str:
    """Return a regex that fires at a host."""
    return f"(?i:{re.escape(host)})"


class Near:
    """Finds a value of a shape bound to one of some names.

    The forms: `name = value`, `name: value`, `name: type = value`, `"name": "value"`, `name => value`, `name, value`,
    `name("value")`, `<name>value`, name and value as a pair of attributes; the name may start another word of an
    identifier, and up to 40 more characters of it may follow.
    """

    def __init__(self, names: tuple[str, ...], value: str) -> None:
        self._names = re.compile(_spelled(names).encode(), re.IGNORECASE)
        self._value = compile_pattern(value)

    def find(self, data: bytes, start: int, end: int) -> Iterator[tuple[int, regex.Match[bytes]]]:
        """Yield where a binding starts and the match of its value, for each name in [start, end)."""
        at = start
        while name := self._names.search(data, at, end):
            at = name.end()
            before = data[name.start() - 1 : name.start()]
            inside = before.isalpha() and data[name.start() - 2 : name.start() - 1] not in (
                b"\\",
                b"-",
            )  # \nKEY=, -Dkey=
            if inside and not (before.islower() and name[0][:1].isupper()):
                at = name.start() + 1  # another name may begin inside this one
                continue
            for to_value in _TO_VALUE:
                gap = to_value.match(data, name.end())
                found = self._value.match(data, gap.end(), timeout=MATCH_TIMEOUT) if gap else None
                if found:
                    yield name.start(), found
                    break


class AtHost:
    """Finds a value of a shape in a URL to one of some hosts: in its path or query, or before the host as the user.

    The forms: `https://host/…/value`, `https://host/…?name=value`, `https://value@host`, `https://value:@host`,
    `https://user:value@host`.
    """

    def __init__(self, hosts: tuple[str, ...], value: str) -> None:
        names = "|".join(map(re.escape, hosts)).encode()
        self._hosts = re.compile(rb"\b(?:" + names + rb")(?![\w-])(?!\.\w)", re.IGNORECASE)
        self._value = compile_pattern(value)

    def find(self, data: bytes, start: int, end: int) -> Iterator[tuple[int, regex.Match[bytes]]]:
        """Yield where the host or the user starts and the match of the value, for each host in [start, end)."""
        done = 0  # up to here there is no value: a URL may hold its host many times
        for host in self._hosts.finditer(data, start, end):
            stop = _end_of_url(data, host.end())
            for part in _URL_PARTS.finditer(data, max(host.end(), done), stop):
                found = self._value.match(data, part.end(), timeout=MATCH_TIMEOUT)
                if found and found.end() <= stop:
                    yield host.start(), found
                    break
                if not found:
                    done = part.end()
            if data[host.start() - 1 : host.start()] == b"@":
                yield from self._user(data, host.start())

    def _user(self, data: bytes, host: int) -> Iterator[tuple[int, regex.Match[bytes]]]:
        user = data.rfind(b"://", max(0, host - _LONGEST_URL), host) + 3
        for found in self._value.finditer(data, user, host - 1, timeout=MATCH_TIMEOUT) if user > 2 else ():
            if data[found.end() : host] in (b"@", b":@") and data[found.start() - 1 : found.start()] in b"/:":
                yield user, found


def _end_of_url(data: bytes, start: int) -> int:
    stop = _NOT_IN_URL.search(data, start, start + _LONGEST_URL)
    return stop.start() if stop else min(len(data), start + _LONGEST_URL)


def _spelled(names: Iterable[str]) -> str:
    longest_first = sorted(names, key=len, reverse=True)
    return "|".join(re.escape(name).replace("_", _SEPARATOR) for name in longest_first)
