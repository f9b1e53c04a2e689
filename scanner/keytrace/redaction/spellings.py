r"""Known secrets found again in a text: the whole or a part of one, also backwards, percent-encoded, escaped (\x41,
\u0041, \101), as entities, quoted-printable, hex and base64, and one of these in another.
"""

from __future__ import annotations

import binascii
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from keytrace.decoders import entities, escapes, percent

PART = 8  # bytes of a secret that are too many to show
_LEAST = 4  # bytes; what is shorter is a part of words
_SHORT = 16  # bytes; what is shorter is looked for as a whole
_GLANCE = 512  # bytes of a secret that are little
_LONGEST = 8192  # bytes of a secret that are looked for
_BETWEEN_WORDS = b" -_.,:/"
_DEPTH = 2  # encodings in each other

_QUOTED = re.compile(rb"=([0-9A-Fa-f]{2})")
_TOKENS: tuple[tuple[bytes, re.Pattern[bytes], Callable[[re.Match[bytes]], bytes | None]], ...] = (
    (b"%", re.compile(percent.TOKEN), percent.decode),
    (b"\\", re.compile(escapes.TOKEN), escapes.decode),
    (b"&", re.compile(entities.TOKEN), entities.decode),
    (b"=", _QUOTED, lambda token: bytes.fromhex(token[1].decode())),
)
_HEX_RUN = rb"(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[ ,:;-]{0,2}){%d,}"
_HEX_BYTE = re.compile(rb"(?:0x|\\x)?([0-9A-Fa-f]{2})")
_BASE64_RUN = rb"[A-Za-z0-9+/_-]{%d,}"
_HEX_VALUE = re.compile(rb"[0-9A-Fa-f-]{16,}")
_STANDARD = bytes.maketrans(b"-_", b"+/")
_PUBLIC = re.compile(
    rb"[A-Za-z][\w+.-]*://(?:[^/@\s]*(?:/|$))?|-----[A-Z ]+-----|(?m:^(?:PuTTY-User-Key-File-\d|Encryption|Comment"
    rb"|Version|Proc-Type|DEK-Info|Key-Derivation|Argon2-[A-Za-z]+|(?:Public|Private)-Lines): [^\r\n]*\r?$)"
)  # and what stands above the lines of a key

Spans = list[tuple[int, int]]
Source = Callable[[int, int], tuple[int, int]]  # where a stretch of a decoded text comes from
View = tuple[bytes, Source]


class Values:
    """Secrets, to be looked for: short ones whole, of others also parts."""

    def __init__(self, values: Iterable[bytes]) -> None:
        self._parts: set[bytes] = set()  # of PART bytes
        self._whole: set[bytes] = set()
        for value in set(values):
            for form in _forms(value[:_LONGEST]):
                self._parts.update(parts(form))
                if _LEAST <= len(form) < _SHORT:
                    self._whole.add(form)
        self._lengths: dict[bytes, set[int]] = {}  # by how they begin
        for known in (self._parts, self._whole):
            for value in known:
                self._lengths.setdefault(value[:_LEAST], set()).add(len(value))
        self._least = min((len(value) for value in self._whole), default=PART)

    def spans(self, text: bytes) -> Spans:
        """Return where the secrets, or long parts of them, stand in `text`, sorted."""
        found: Spans = []
        if self._lengths:
            for view, source in views(text, self._least):
                found += [source(start, end) for start, end in self._in(view)]
        return merged(found)

    def _in(self, view: bytes) -> Iterator[tuple[int, int]]:
        lengths_of = self._lengths.get
        for at in range(len(view) - _LEAST + 1):
            for length in lengths_of(view[at : at + _LEAST], ()):
                value = view[at : at + length]
                if len(value) == length and (value in self._parts or value in self._whole):
                    yield at, at + length


class Beginnings:
    """Texts in which some secrets may stand: most can be told from these at a glance, and need no Values."""

    def __init__(self, texts: Iterable[bytes]) -> None:
        read = [view for text in set(texts) for view, _ in views(text, _LEAST)]
        self._known = {view[at : at + PART] for view in read for at in range(len(view) - PART + 1)}
        self._read = read

    def may_hold(self, value: bytes) -> bool:
        """Tell whether a part of a secret, in any form that Values looks for, stands in the texts."""
        pieces, short = _few_pieces(value) if len(value) <= _GLANCE else _pieces(value[:_LONGEST])
        return not self._known.isdisjoint(pieces) or any(form in view for form in short for view in self._read)


def _pieces(value: bytes) -> tuple[frozenset[bytes], tuple[bytes, ...]]:
    """Return what is looked for of a secret: all stretches of PART bytes, and forms that are shorter."""
    forms = tuple(_forms(value))
    parts_of = (form[at : at + PART] for form in forms for at in range(len(form) - PART + 1))
    return frozenset(parts_of), tuple(form for form in forms if _LEAST <= len(form) < PART)


@lru_cache(maxsize=1024)  # asked for by a block and its neighbours
def _few_pieces(value: bytes) -> tuple[frozenset[bytes], tuple[bytes, ...]]:
    return _pieces(value)


class Exact:
    """Many secrets, to be looked for as they are."""

    def __init__(self, values: Iterable[bytes]) -> None:
        self._values = {value.decode("utf-8", "replace") for value in values if not is_word(value)}
        self._lengths: dict[str, set[int]] = {}  # by how they begin
        for value in self._values:
            self._lengths.setdefault(value[:_LEAST], set()).add(len(value))

    def spans(self, text: str) -> Spans:
        """Return where the secrets stand in `text`, in characters, sorted."""
        if self._lengths.keys().isdisjoint(text[at : at + _LEAST] for at in range(len(text) - _LEAST + 1)):
            return []  # the usual case
        lengths_of = self._lengths.get
        return merged(
            (at, at + length)
            for at in range(len(text) - _LEAST + 1)
            for length in lengths_of(text[at : at + _LEAST], ())
            if at + length <= len(text) and text[at : at + length] in self._values
        )


def parts(value: bytes) -> Iterator[bytes]:
    """Yield each stretch of a secret that tells something: of PART bytes, or twice as many where they are words."""
    phrase = len(value) >= _SHORT and value.isalpha()
    for at in range(len(value) - PART + 1):
        part = value[at : at + PART]
        if len(set(part)) <= 2:
            continue
        if phrase or not _are_words(part):
            yield part
        elif at + _SHORT <= len(value):
            yield value[at : at + _SHORT]


def _are_words(part: bytes) -> bool:
    letters = part.translate(None, _BETWEEN_WORDS)
    return not letters or (letters.isalpha() and letters.islower())


def is_word(value: bytes) -> bool:
    """Tell whether a secret is so much like a word that it cannot be told from one in a sentence."""
    return len(value) < 6 or (len(value) < 12 and value.isalpha() and (value.islower() or value.istitle()))


def _forms(value: bytes) -> Iterator[bytes]:
    """Yield what of a secret is to be found again: without the public scheme, host or frame of it, also backwards."""
    written = [value]
    if b"\\" in value:
        written += [text for text, _ in _decoded(value, _itself)]
    if _HEX_VALUE.fullmatch(value):
        written += [value.lower(), value.upper()]
    for form in written:
        for piece in _PUBLIC.split(form):
            yield piece
            yield piece[::-1]


def merged(spans: Iterable[tuple[int, int]]) -> Spans:
    """Return spans sorted, those that touch as one."""
    found: Spans = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def views(text: bytes, least: int = PART) -> Iterator[View]:
    """Yield a text as it stands and as what is encoded in it decodes to, where that is `least` bytes or more."""
    level: list[View] = [(text, _itself)]
    for depth in range(_DEPTH + 1):
        for view in level:
            yield view
            yield from _of_hex(*view, least)
            yield from _of_base64(*view, least)
        if depth < _DEPTH:
            level = [inner for view in level for inner in _decoded(*view)]


def _itself(start: int, end: int) -> tuple[int, int]:
    return start, end


def _decoded(text: bytes, outer: Source) -> Iterator[View]:
    """Yield a text with the tokens of each encoding decoded, where it has any."""
    for sign, token, decode in _TOKENS:
        found = list(token.finditer(text)) if sign in text else []
        if not found:
            continue
        pieces: list[bytes] = []
        ends = [0]  # of the pieces, in the decoded text
        starts = [0]  # of the pieces, in the text
        last = 0
        for one in found:
            pieces += [text[last : one.start()], decode(one) or one[0]]
            starts += [one.start(), one.end()]
            ends += [ends[-1] + len(pieces[-2]), ends[-1] + len(pieces[-2]) + len(pieces[-1])]
            last = one.end()
        pieces.append(text[last:])
        yield b"".join(pieces), _source(ends, starts, outer)


def _source(ends: Sequence[int], starts: Sequence[int], outer: Source) -> Source:
    """Return the way back from a text of pieces, of which every second one is a token."""

    def place(at: int) -> tuple[int, int]:
        number = bisect_right(ends, at) - 1
        if number % 2:
            return starts[number], starts[number + 1]
        start = starts[number] + at - ends[number]
        return start, start + 1

    return lambda start, end: outer(place(start)[0], place(end - 1)[1])


def _of_hex(text: bytes, outer: Source, least: int) -> Iterator[View]:
    """Yield what runs of hexadecimal bytes come to, from both characters at which the first may begin."""
    for run in re.finditer(_HEX_RUN % least, text):
        for skip in (0, 1):
            found = list(_HEX_BYTE.finditer(text, run.start() + skip, run.end()))
            if len(found) >= least:
                places = [one.span() for one in found]
                yield bytes.fromhex(b"".join(one[1] for one in found).decode()), _of_places(places, outer)


def _of_places(places: Sequence[tuple[int, int]], outer: Source) -> Source:
    return lambda start, end: outer(places[start][0], places[end - 1][1])


def _of_base64(text: bytes, outer: Source, least: int) -> Iterator[View]:
    """Yield what runs of base64 come to, from each of the four characters at which the encoding may begin."""
    shortest = (least * 4 + 2) // 3
    for run in re.finditer(_BASE64_RUN % shortest, text):
        letters = run[0].translate(_STANDARD)
        if letters.islower() or letters.isupper():
            continue  # a word: encoded bytes of a secret have letters of both cases
        for skip in range(4):
            chosen = letters[skip : len(letters) - 1 if (len(letters) - skip) % 4 == 1 else None]
            if len(chosen) < shortest:
                break
            data = binascii.a2b_base64(chosen + b"=" * (-len(chosen) % 4))
            yield data, _of_base64_at(run.start() + skip, 1, 0, outer)
            if data.count(0) >= least:  # UTF-16
                yield from ((data[odd::2], _of_base64_at(run.start() + skip, 2, odd, outer)) for odd in (0, 1))


def _of_base64_at(first: int, width: int, skipped: int, outer: Source) -> Source:
    def source(start: int, end: int) -> tuple[int, int]:
        start, last = start * width + skipped, (end - 1) * width + skipped
        return outer(first + start * 4 // 3, first + last * 4 // 3 + 2)

    return source
