"""How names lead from secrets to sinks in the text of a function, word by word: a quick guess, before anything is parsed.

It errs on the side of a flow: a name that is assigned from a line with the name of a secret is one that may hold it, and
so on; a sink is reached when one of these names is among its arguments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

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
_RETURN = re.compile(rb"^[ \t]*(?:return|yield)\b|[ \t=(]yield\b|\blambda\b[^:\n]*:", re.MULTILINE)
_PARAMETERS = re.compile(rb"\bdef[ \t]+(\w+)[ \t]*\(")
_NO_NAMES = frozenset((b"self", b"cls", b"if", b"else", b"in", b"for", b"and", b"or", b"not", b"None", b"True", b"False"))
_LONGEST = 4000  # bytes of an expression that are read


@dataclass(slots=True)
class Flow:
    """What a function does with names: which it gives to which, what it returns, what its sinks are handed."""

    name: bytes
    parameters: frozenset[bytes]
    given: list[tuple[frozenset[bytes], frozenset[bytes]]] = field(default_factory=list)  # targets, words
    returned: frozenset[bytes] = frozenset()
    sunk: frozenset[bytes] = frozenset()
    kept: frozenset[bytes] = frozenset()  # attributes and global names that it binds
    all_words: frozenset[bytes] = frozenset()

    def reached_from(self, seeds: Iterable[bytes], rounds: int = 3) -> set[bytes]:
        """Return the names that may hold what `seeds` hold, after so many steps or a few more."""
        reached = set(seeds)
        for _ in range(rounds):
            before = len(reached)
            for targets, words in self.given:
                if not words.isdisjoint(reached):
                    reached |= targets
            if len(reached) == before:
                break
        return reached


def read(data: bytes, start: int, end: int, sinks: Sequence[int]) -> Flow:
    """Read the function in [start, end); `sinks` are the ends of what calls a sink, its parenthesis included."""
    header = _PARAMETERS.search(data, start, end)
    name, parameters = b"", frozenset[bytes]()
    if header is not None:
        name = header[1]
        parameters = frozenset(_words(_expression(data, header.end(), end))) - _NO_NAMES
    flow = Flow(name, parameters)
    kept: set[bytes] = set()
    for found in _ASSIGNED.finditer(data, start, end):
        targets = found["targets"] or found["loop"] or found["context"] or found["holder"] or found["walrus"]
        words = _words(_expression(data, found.end(), end))
        names = frozenset(_WORD.findall(targets)) - _NO_NAMES
        flow.given.append((names, frozenset(words)))
        if targets.startswith((b"self.", b"cls.")) or (data[found.start() : found.start() + 1] not in b" \t" and len(names) == 1):
            kept |= names
    returned: set[bytes] = set()
    for found in _RETURN.finditer(data, start, end):
        returned |= _words(_expression(data, found.end(), end))
    sunk: set[bytes] = set()
    for sink in sinks:
        sunk |= _words(_expression(data, sink, end))
    flow.returned, flow.sunk = frozenset(returned), frozenset(sunk)
    flow.kept = frozenset(kept)
    flow.all_words = frozenset(_WORD.findall(data, start, end))
    return flow


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
