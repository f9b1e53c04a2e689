"""How names lead from secrets to sinks in the text of a function, word by word: a guess, before anything is parsed.

It errs on the side of a flow: a name that is assigned from a line with the name of a secret is one that may hold it,
and so on; a sink is reached when one of these names is among its arguments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property

_STRING = re.compile(
    rb"""(?P<before>(?:\[|(?:get\w*|pop|config|env\w*|str|Field|secret\w*)\(|getattr\([\w.]+,)\s*)?(?P<prefix>[fFrRbBtT]{0,2})
    (?P<body>\"{3}(?:[^\\"]|\\.|"(?!""))*+\"{3}|'{3}(?:[^\\']|\\.|'(?!''))*+'{3}|"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+')|\#[^\n]*""",
    re.VERBOSE | re.DOTALL,
)
_FIELD = re.compile(rb"\{([^{}]*)")
_WORD = re.compile(rb"[A-Za-z_][\w\-]*")
_ASSIGNED = re.compile(
    rb"""^[ \t]*(?:
        (?:async[ \t]+)?for[ \t]+(?P<loop>[\w,() \t*]+?)[ \t]+in\b
      | (?:async[ \t]+)?with\b(?=[^\n]*[ \t]as[ \t]+(?P<context>\w+))
      | (?P<targets>[A-Za-z_(\[][\w.,()\[\]"'@ \t*\-]*?)[ \t]*(?::[ \t]*[\w.\[\], |"']+)?[ \t]*(?:[+|]|:)?=(?!=)
      | (?P<holder>[A-Za-z_][\w.]*)\.(?:append|add|update|extend|insert|setdefault|put|write)\(
      | (?:if|while|elif|return|print)\b[^\n]*\((?P<walrus>\w+)[ \t]*:=
    )""",
    re.VERBOSE | re.MULTILINE,
)
_RETURN = re.compile(rb"\b(?:return|yield)\b")
_PARAMETERS = re.compile(rb"\bdef[ \t]+(\w+)[ \t]*\(")
_NO_NAMES = frozenset(
    (b"self", b"cls", b"if", b"else", b"in", b"for", b"and", b"or", b"not", b"None", b"True", b"False")
)
_LONGEST = 4000  # bytes of an expression that are read


class Flow:
    """What the function in [start, end) of a text does with names; each thing is looked for when it is asked for."""

    def __init__(self, data: bytes, start: int, end: int, sinks: Sequence[int]) -> None:
        """`sinks` are the ends of what calls a sink, its parenthesis included."""
        self._data, self._start, self._end, self._sinks = data, start, end, sinks

    @cached_property
    def _header(self) -> tuple[bytes, frozenset[bytes]]:
        found = _PARAMETERS.search(self._data, self._start, self._end)
        if found is None:
            return b"", frozenset()
        return found[1], frozenset(_words(_expression(self._data, found.end(), self._end))) - _NO_NAMES

    @property
    def name(self) -> bytes:
        return self._header[0]

    @property
    def parameters(self) -> frozenset[bytes]:
        return self._header[1]

    @cached_property
    def sunk(self) -> frozenset[bytes]:
        """The names among the arguments of sinks."""
        return self._union(self._sinks)

    @cached_property
    def returned(self) -> frozenset[bytes]:
        """The names in what it returns or yields."""
        data = self._data
        if data.find(b"return", self._start, self._end) < 0 and data.find(b"yield", self._start, self._end) < 0:
            return frozenset()
        return self._union(found.end() for found in _RETURN.finditer(data, self._start, self._end))

    @cached_property
    def words(self) -> frozenset[bytes]:
        """All words of it, those of comments and texts too."""
        return frozenset(_WORD.findall(self._data, self._start, self._end))

    @cached_property
    def _given(self) -> list[tuple[frozenset[bytes], set[bytes], bool]]:
        """Which names are assigned from which, and whether they outlive the function."""
        data = self._data
        given: list[tuple[frozenset[bytes], set[bytes], bool]] = []
        for found in _ASSIGNED.finditer(data, self._start, self._end):
            targets = found["targets"] or found["loop"] or found["context"] or found["holder"] or found["walrus"]
            names = frozenset(_WORD.findall(targets)) - _NO_NAMES
            is_global = data[found.start() : found.start() + 1] not in b" \t" and len(names) == 1
            stays = targets.startswith((b"self.", b"cls.")) or is_global
            given.append((names, _words(_expression(data, found.end(), self._end)), stays))
        return given

    def kept(self, names: AbstractSet[bytes]) -> set[bytes]:
        """Return the attributes and globals that are assigned from one of `names`."""
        kept: set[bytes] = set()
        for targets, words, stays in self._given:
            if stays and not words.isdisjoint(names):
                kept |= targets
        return kept

    def reached_from(self, seeds: Iterable[bytes], rounds: int = 3) -> set[bytes]:
        """Return the names that may hold what `seeds` hold, after so many readings."""
        reached = set(seeds)
        for _ in range(rounds):
            before = len(reached)
            for targets, words, _ in self._given:
                if not words.isdisjoint(reached):
                    reached |= targets
            if len(reached) == before:
                break
        return reached

    def _union(self, starts: Iterable[int]) -> frozenset[bytes]:
        found: set[bytes] = set()
        for start in starts:
            found |= _words(_expression(self._data, start, self._end))
        return frozenset(found)


def _expression(data: bytes, start: int, end: int) -> bytes:
    """Return the text from `start` to where its line, or the bracket that it is in, ends."""
    depth = 0
    position = start
    limit = min(end, start + _LONGEST)
    for found in _BRACKET.finditer(data, start, limit):
        char = found[0]
        if char in b"([{":
            depth += 1
        elif char in b")]}":
            depth -= 1
            if depth < 0:
                return data[start : found.start()]
        elif char == b"\n" and depth <= 0 and data[found.start() - 1 : found.start()] not in (b"\\", b"("):
            return data[start : found.start()]
        position = found.end()
    return data[start : max(position, limit)]


_BRACKET = re.compile(rb"[()\[\]{}\n]")


def _words(text: bytes) -> set[bytes]:
    """Return the names in an expression; of texts, those that are put into them, and keys that are looked up."""
    if b'"' in text or b"'" in text or b"#" in text:
        text = _STRING.sub(_inner, text)
    return set(_WORD.findall(text))


def _inner(found: re.Match[bytes]) -> bytes:
    body = found["body"]
    if body is None:
        return b" "
    before = found["before"] or b""
    if b"f" in found["prefix"].lower():
        return before + b" " + b" ".join(_FIELD.findall(body)) + b" "
    return before + b" " + (body if before else b"") + b" "
