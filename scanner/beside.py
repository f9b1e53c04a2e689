"""Values that only their surroundings tell: bound to a provider's name, or in a URL to its host.

The surroundings are one pattern for all rules; a rule brings its names, its hosts and the shape of its value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from scanner.patterns import MATCH_TIMEOUT, compile_pattern

if TYPE_CHECKING:
    import regex

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


def near_trigger(names: Iterable[str]) -> str:
    """Return a regex that fires between each name and the value bound to it.

    Names are plain words, case does not matter, and `_` stands for any one separator or none.
    """
    return rf"(?i:{_spelled(names)})[\w.-]*[\\\"'`\])]{{0,4}}\s*[=:,(<>|?v-]"


def host_trigger(hosts: Iterable[str]) -> str:
    """Return a regex that fires at each host."""
    return f"(?i:{'|'.join(map(re.escape, hosts))})"


def find_near(
    data: bytes, start: int, end: int, names: tuple[str, ...], value: str
) -> Iterator[tuple[int, regex.Match[bytes]]]:
    """Yield where a binding starts, and the match of `value` in it, for each of `names` in [start, end).

    The forms: `name = value`, `name: value`, `name: type = value`, `"name": "value"`, `name => value`, `name, value`,
    `name("value")`, `<name>value`, name and value as a pair of attributes; the name may start another word of an
    identifier, and up to 40 more characters of it may follow.
    """
    shape = compile_pattern(value)
    for name in _names(names).finditer(data, start, end):
        before = data[name.start() - 1 : name.start()]
        inside = before.isalpha() and data[name.start() - 2 : name.start() - 1] not in (b"\\", b"-")  # \nKEY=, -Dkey=
        if inside and not (before.islower() and name[0][:1].isupper()):
            continue
        for to_value in _TO_VALUE:
            gap = to_value.match(data, name.end())
            found = shape.match(data, gap.end(), timeout=MATCH_TIMEOUT) if gap else None
            if found:
                yield name.start(), found
                break


def find_at_host(
    data: bytes, start: int, end: int, hosts: tuple[str, ...], value: str
) -> Iterator[tuple[int, regex.Match[bytes]]]:
    """Yield where a URL's host or user starts, and the match of `value` in it, for each of `hosts` in [start, end).

    The forms: `https://host/…/value`, `https://host/…?name=value`, `https://value@host`, `https://value:@host`,
    `https://user:value@host`.
    """
    shape = compile_pattern(value)
    for name in _hosts(hosts).finditer(data, start, end):
        stop = _end_of_url(data, name.end())
        for part in _URL_PARTS.finditer(data, name.end(), stop):
            found = shape.match(data, part.end(), timeout=MATCH_TIMEOUT)
            if found and found.end() <= stop:
                yield name.start(), found
                break
        if data[name.start() - 1 : name.start()] == b"@":
            user = data.rfind(b"://", max(0, name.start() - _LONGEST_URL), name.start()) + 3
            for found in shape.finditer(data, user, name.start() - 1, timeout=MATCH_TIMEOUT) if user > 2 else ():
                if (
                    data[found.end() : name.start()] in (b"@", b":@")
                    and data[found.start() - 1 : found.start()] in b"/:"
                ):
                    yield user, found


def _end_of_url(data: bytes, start: int) -> int:
    stop = _NOT_IN_URL.search(data, start, start + _LONGEST_URL)
    return stop.start() if stop else min(len(data), start + _LONGEST_URL)


@cache
def _names(names: tuple[str, ...]) -> re.Pattern[bytes]:
    return re.compile(_spelled(names).encode(), re.IGNORECASE)


@cache
def _hosts(hosts: tuple[str, ...]) -> re.Pattern[bytes]:
    return re.compile(rb"\b(?:" + "|".join(map(re.escape, hosts)).encode() + rb")(?![\w-])(?!\.\w)", re.IGNORECASE)


def _spelled(names: Iterable[str]) -> str:
    longest_first = sorted(names, key=len, reverse=True)
    return "|".join(re.escape(name).replace("_", "[ _.-]?") for name in longest_first)
