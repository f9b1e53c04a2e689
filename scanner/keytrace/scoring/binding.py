"""What binds a value to a name that promises a secret, in any language or configuration format.

`find` reads the text again where a trigger of shapes.py fired, and cuts name and value out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING

from keytrace.match.patterns import MATCH_TIMEOUT
from keytrace.scoring.form import (
    bare_in_code,
    form_of,
    handed_through,
    is_coordinate,
    is_expression,
    on_next_line,
    start_of_name,
)
from keytrace.scoring.shapes import BARE, BEHIND, CANDIDATE, NAME_BEHIND, QUOTED, SCHEMES, WORD
from keytrace.text.embedded import programs
from keytrace.text.language import extension, is_code

if TYPE_CHECKING:
    import regex

_NEAR, _REACH = 48, 240  # bytes before a hit in which its name starts: mostly, and at most


@dataclass(frozen=True, slots=True)
class Binding:
    """A literal bound to a name: `value` is `data[first:last]`, `start` is where the name starts.

    `form` says how it is bound: assign, colon, arrow, default, pair, list, call, compare, element, value, space,
    option, url, prose, or the tag of the rule whose regex found it. `wrap` names what the literal is handed through:
    decoder, constructor, function, or nothing.
    """

    name: str
    start: int
    first: int
    last: int
    value: bytes
    form: str
    quoted: bool
    wrap: str = ""
    in_string: bool = False  # of the code around it
    comment: bool = False
    user: bytes = b""  # whose password it is, and
    host: bytes = b""  # where, if the text says so


_WORD = re.compile(WORD.encode())
_SCHEME = re.compile(rf"(?i)(?:{SCHEMES})\s+(?=\S{{4}})".encode())
_GIVES = re.compile(rb"[=:>]|\s-|[\"']-")  # what a value without quotes follows in a string or comment of code
_COMMENT = re.compile(rb"\s*(?:#|//|\*|--|;|<!--|%|rem\b|/\*)", re.IGNORECASE)
_RAW_QUOTES = {
    **dict.fromkeys((".go", ".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".vue", ".svelte"), (b"`",)),
    **dict.fromkeys(
        (".py", ".pyi", ".kt", ".kts", ".scala", ".java", ".groovy", ".gradle", ".swift", ".ex", ".exs", ".jl", ".pyx"),
        (b'"""', b"'''"),
    ),
}


_SCRIPTS = frozenset(".js .jsx .ts .tsx .mjs .cjs .vue .svelte .rb .coffee".split())
_WHOLE = re.compile(rb"\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|`(?:[^`\\]|\\.)*+`")
_WHOLE_OF_SCRIPTS = re.compile(  # a regular expression may hold quotes
    _WHOLE.pattern + rb"|(?<![\w)\]}$])\s*/(?![/*\s])(?:[^/\\\[]|\\.|\[(?:[^\]\\]|\\.)*+\])++/[a-z]*"
)


def find(data: bytes, path: str, hits: Mapping[int, Iterable[int]]) -> Iterator[Binding]:
    """Yield the bindings at `hits` (end offsets by the number of the trigger), in order, none inside another."""
    text = _Text(data, path)
    for hit in hits.get(BEHIND, ()):
        yield from _behind(data, hit)
    done = 0  # text up to here was read: the next hit may lie in the same name or value
    past: set[int] = set()  # words whose value ends before the last hit
    for hit, quoted, bare in _ends(hits):
        if hit <= done:
            continue
        code = text.is_code(hit)
        if code and not quoted and not (bare and text.may_hold_bare(hit)):
            continue
        found = _candidate_at(data, hit, done, past)
        if found:
            binding = _binding(found, text, code)
            done = found.end() if binding and found["long"] is None else found.end("close")
            if binding:
                yield binding
                if _URL.match(binding.value):
                    done = binding.first  # what it holds may be bound to a name of its own
                elif _is_list(found):
                    yield from _others(data, binding, found.end())


def _behind(data: bytes, hit: int) -> Iterator[Binding]:
    """Yield the value of a record whose name, at `hit`, stands behind it."""
    for found in _name_behind().finditer(data, max(0, hit - 900), hit + 120, timeout=MATCH_TIMEOUT):
        if found.start("name") < hit <= found.end("name"):
            name = found["name"].decode("utf-8", "replace")
            group = "bare" if found["bare"] else "quoted"
            if found["around"] or _beside(data, found):
                first, last = found.span(group)
                yield Binding(name, found.start(), first, last, found[group], "value", quoted=group == "quoted")


def _beside(data: bytes, found: regex.Match[bytes]) -> bool:
    """Tell whether the keys of a name without quotes and of its value belong to one mapping of YAML."""
    first, label = found.start(), found.start("label")
    column = label - data.rfind(b"\n", 0, label)
    return found["label"].lower() in (b"name", b"key") and first - data.rfind(b"\n", 0, first) == column


def _ends(hits: Mapping[int, Iterable[int]]) -> list[tuple[int, bool, bool]]:
    """Return the ends of the hits, in order, and whether a trigger for quoted and one for bare values hit."""
    quoted = {end for number in QUOTED for end in hits.get(number, ())}
    bare = {end for number in BARE for end in hits.get(number, ())}
    return [(end, end in quoted, end in bare) for end in sorted({end for ends in hits.values() for end in ends})]


class _Text:
    """What the text around a place is: a string of the code, a comment, or the code itself."""

    def __init__(self, data: bytes, path: str) -> None:
        self.data, self._path = data, path
        self._is_code = is_code(path)
        self._raw = _RAW_QUOTES.get(extension(path), ())
        self._whole = _WHOLE_OF_SCRIPTS if extension(path) in _SCRIPTS else _WHOLE
        self._counted = (0, False)  # up to where the quotes in `_raw` were counted, and whether they are odd

    @cached_property
    def _programs(self) -> list[tuple[int, int]]:
        return programs(self.data, self._path)

    def is_code(self, offset: int) -> bool:
        """Tell whether a literal has to be quoted at `offset`."""
        if self._is_code or not self._programs:
            return self._is_code
        number = bisect_right(self._programs, (offset, len(self.data))) - 1
        return number >= 0 and offset < self._programs[number][1]

    def in_raw_string(self, offset: int) -> bool:
        """Tell whether an odd number of the quotes of many-line strings stand before `offset`."""
        if not self._raw:
            return False
        seen, odd = self._counted  # hits lie near each other: counted on from the last
        low, high = min(seen, offset), max(seen, offset)
        odd ^= sum(self.data.count(quote, low, high) for quote in self._raw) % 2 == 1
        self._counted = (offset, odd)
        return odd

    def before(self, offset: int) -> bytes:
        """Return the line up to `offset`; of a long line, the last 400 bytes."""
        start = self.data.rfind(b"\n", max(0, offset - 400), offset) + 1
        return self.data[start or max(0, offset - 400) : offset]

    def may_hold_bare(self, offset: int) -> bool:
        """Tell whether a value without quotes can end at `offset` of a source: in a string or a comment only."""
        if not _GIVES.search(self.data, max(0, offset - 28), offset):
            return False  # the usual case: only next to each other
        return self.in_string(offset) or self.in_comment(offset)

    def in_string(self, offset: int) -> bool:
        before = self.before(offset)
        for quote in (b'"', b"'", b"`"):
            if (before.count(quote) - before.count(b"\\" + quote)) % 2:
                rest = self._whole.sub(b"", before)
                return any(mark in rest for mark in (b'"', b"'", b"`"))
        return self.in_raw_string(offset)

    def in_comment(self, offset: int) -> bool:
        return _COMMENT.match(self.before(offset)) is not None


def _binding(found: regex.Match[bytes], text: _Text, code: bool) -> Binding | None:
    """Return the binding, or None where the value is only next to the name."""
    data = text.data
    start = start_of_name(data, found.start())
    name = data[start : found.end("name")].decode("utf-8", "replace").strip("-.$")
    group = next(group for group in ("quoted", "long", "bare") if found[group] is not None)
    quoted = group != "bare"
    form = form_of(found, start, name, group)
    if not form or is_coordinate(found, name, group) or (code and not _in_code(found, form, group, text)):
        return None
    in_string = text.in_string(start) if code or not quoted else False
    comment = text.in_comment(start)
    wrap = handed_through(found) if quoted else ""
    if wrap == "lookup" or (not quoted and not _holds_bare(found, form, text.before(start), code, in_string, comment)):
        return None
    first, last = found.span(group)
    scheme = _SCHEME.match(data, first, last)
    first = scheme.end() if scheme else first
    return Binding(name, start, first, last, _plain(data[first:last]), form, quoted, wrap, in_string, comment)


def _plain(value: bytes) -> bytes:
    """Return a value without what only groups its letters for the eye."""
    return value.replace(b" ", b"") if _GROUPS.fullmatch(value) else value


def _in_code(found: regex.Match[bytes], form: str, group: str, text: _Text) -> bool:
    """Tell whether what binds in settings does so in a program, too."""
    start, before = found.start(), text.before(found.start())
    named = found["close"].startswith((b'"', b"'", b"`", b"\\"))
    if not named and b"\n" in text.data[found.end("close") : found.start(group)] and text.in_string(start):
        return text.in_raw_string(start)  # else the string with the name has ended
    operator = found["op"] or b""
    if form == "colon":
        return b"\n" not in operator and not before.lstrip().startswith(b"case ")
    if form == "value":  # not f(token, value="x"): that is another parameter
        return bool(found["close"] or b"{" in operator) and not operator.startswith(b":")
    return True


_URL = re.compile(rb"[a-z][a-z0-9+.\-]{1,20}://[^\s?]{1,300}\?")
_ELEMENT = re.compile(rb"\s{0,20},\s{0,20}([\"'])((?:(?!\1)[^\\\r\n]){4,400})\1(?!\s{0,4}:)")
_ITEM = re.compile(rb"[ \t]*\r?\n[ \t]{0,40}-[ \t]+([\"']?)([^\s\"'#:]{4,400})\1[ \t]*(?=\r?\n|\Z)")
_GROUPS = re.compile(rb"(?:[A-Za-z2-7]{4} ){3,15}[A-Za-z2-7]{4}")  # base32, as an app shows the secret of its codes
_MOST_ELEMENTS = 500


def _is_list(found: regex.Match[bytes]) -> bool:
    """Tell whether the value is the first of several: an array, or a list of YAML."""
    wrap, operator = found["wrap"], found["op"]
    if wrap is not None and wrap.rstrip().endswith((b"[", b"{")):
        return b"[" in wrap
    return operator is not None and operator.endswith(b"- ") and b"\n" in operator


def _others(data: bytes, binding: Binding, end: int) -> Iterator[Binding]:
    """Yield the further values of a list that begins with `binding`, whose first value ends at `end`."""
    shape = _ITEM if not binding.quoted or data[end : end + 1] in (b"\n", b"\r") else _ELEMENT
    for _ in range(_MOST_ELEMENTS):
        found = shape.match(data, end)
        if not found:
            return
        end = found.end()
        yield replace(binding, first=found.start(2), last=found.end(2), value=found[2])


def _holds_bare(
    found: regex.Match[bytes], form: str, before: bytes, code: bool, in_string: bool, comment: bool
) -> bool:
    """Tell whether a value without quotes can be one where it stands."""
    if form == "space" and (len(before.split()) > 1 or found["bare"].isupper()):
        return False  # `ENV PASSWORD x` begins a line; other words in a row are a list
    if is_expression(found) or not on_next_line(found, found.start()):
        return False
    return not code or bare_in_code(found, form, in_string=in_string, comment=comment)


def _candidate_at(data: bytes, hit: int, done: int, past: set[int]) -> regex.Match[bytes] | None:
    """Return the candidate whose value holds the offset `hit`; its name is mostly close by."""
    candidate = _candidate()
    for reach in (_NEAR, _REACH):
        for word in _WORD.finditer(data, max(done, hit - reach), hit):
            if word.start() in past:
                continue
            found = candidate.match(data, word.start(), timeout=MATCH_TIMEOUT)
            if found and found.end() >= hit:
                return found
            past.add(word.start())
        if hit - reach <= done:
            break
    return None


@cache
def _name_behind() -> regex.Pattern[bytes]:
    import regex

    return regex.compile(NAME_BEHIND.encode(), regex.VERSION1)


@cache
def _candidate() -> regex.Pattern[bytes]:
    import regex

    return regex.compile(CANDIDATE.encode(), regex.VERSION1)
