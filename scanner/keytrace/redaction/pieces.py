"""What goes on where a secret ends: the other literals it is put together with, a continued line, the rest of what a
setting holds, the body of a key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_REACH = 2048  # bytes that are looked at on either side of a secret
_MOST = 64  # pieces on either side
_WORD = 10  # letters; longer ones are no word

_OPEN = rb"""(?P<quote>["'`])"""
_TEXT = rb"""(?P<text>(?:(?!(?P=quote))[^\\\r\n]|\\.){1,600})"""
# How literals are put together: an operator, a continued line, or nothing but space.
_JOINED = (
    rb"""\s*+(?:\\\r?\n\s*+)?(?P<joint>\+=?(?:\s*+[\w.]{1,64}\s*+\+)?|\.\.?|&|\|\||<>|,|_|)"""
    rb"""\s*+(?:\\\r?\n\s*+)?(?:(?:\#|//)[^\r\n"'`]*\r?\n\s*+)?"""
)
_NEXT = re.compile(rb"""["'`]""" + _JOINED + rb"[bBfFrRuUlL@$]{0,2}" + _OPEN + _TEXT)
_BEFORE = re.compile(_OPEN + _TEXT + rb"(?P=quote)" + _JOINED + rb"""[bBfFrRuUlL@$]{0,2}["'`]\Z""")
_JOINT = re.compile(_JOINED + rb"""[bBfFrRuUlL@$]{0,2}["'`]""")
_QUOTES = (b'"', b"'", b"`")
_CONTINUED = re.compile(rb"""\\\r?\n[ \t]*(?P<text>[^\s"'`;]+)""")
_MATERIAL = re.compile(rb"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9+/=_.-]{12,}")  # of an element of a list

_SETS = re.compile(
    rb"""[ \t]*(?:-[ \t]+)?(?:(?:export|set|ENV|ARG)[ \t]+)?[\w.-]{1,80}[ \t]{0,20}(?:=|:[ \t]|:=)[ \t]{0,20}"""
)
_REST = re.compile(  # without a comment
    rb"(?![ \t]+(?:#|//|;)|[ \t]*\\?(?:[\r\n]|\Z))[^\r\n]{1,600}?(?=[ \t]+(?:#|//|;)|[ \t]*\\?(?:[\r\n]|\Z))"
)
_LEADS = tuple(b"%c" % char for char in b" =:/@?&")  # `"Bearer " + "…"`, `"https://host/?key=" + "…"`
_FOLLOWS = tuple(b"%c" % char for char in b" @&?")
_KEY = re.compile(rb"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_BODY = 16384  # bytes of a key at most
_BODY_END = re.compile(rb"-----|\n[^\S\n]*\n[^\S\n]*\n")
_BODY_LINE = re.compile(rb"[A-Za-z0-9+/=]{16,}")

Spans = list[tuple[int, int]]


def beside(data: bytes, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the other pieces of the literals that the secrets at `spans` are pieces of."""
    for start, end in spans:
        yield from _behind(data, end)
        yield from _rest(data, start, end)
        yield from _ahead(data, start)


def _behind(data: bytes, end: int) -> Iterator[tuple[int, int]]:
    for _ in range(_MOST):
        limit = end + _REACH
        piece = _NEXT.match(data, end, limit) or _CONTINUED.match(data, end, limit)
        if piece is None:
            return
        text = piece["text"]
        if not _is_material(piece.groupdict().get("joint", b""), text) or text[:1] in _FOLLOWS:
            return
        yield piece.span("text")
        end = piece.end("text")


def _rest(data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield what follows a secret without quotes that begins the value of a setting: the other words of a phrase."""
    line = data.rfind(b"\n", max(0, start - _REACH), start) + 1
    if data[end : end + 1] not in (b"", b"\r", b"\n") and _SETS.fullmatch(data, line, start):
        rest = _REST.match(data, end)
        yield from [rest.span()] if rest else []


def _ahead(data: bytes, start: int) -> Iterator[tuple[int, int]]:
    for _ in range(_MOST):
        piece = _before(data, start)
        if piece is None:
            return
        text = piece["text"]
        if not _is_material(piece["joint"], text) or text[-1:] in _LEADS:
            return
        yield piece.span("text")
        start = piece.start("text")


def _before(data: bytes, start: int) -> re.Match[bytes] | None:
    """Return the literal before the one that begins at `start`: on its line, or at the end of the one before."""
    low = max(0, start - _REACH)
    close = max(data.rfind(quote, low, start - 1) for quote in _QUOTES)  # what joins literals holds no quote
    if close < 0 or data.count(b"\n", close, start) > 1 or not _JOINT.fullmatch(data, close + 1, start):
        return None
    low = max(low, data.rfind(b"\n", low, close) + 1)
    first = data.rfind(data[close : close + 1], low, close)
    while first > low and data[first - 1] == ord("\\"):  # it may be escaped: what opens the literal is further ahead
        first = data.rfind(data[close : close + 1], low, first)
    return _BEFORE.search(data, max(low, first), start)


def _is_material(joint: bytes, text: bytes) -> bool:
    """Tell whether a literal goes on where another ends: of a list, only what looks like a part of a key."""
    if joint in (b"", b","):
        return _MATERIAL.fullmatch(text) is not None
    return len(text) > _WORD or not text.isalpha() or not (text.islower() or text.istitle())


def key_bodies(data: bytes) -> Spans:
    """Return where the lines of private keys stand that have a beginning, with or without an end."""
    found: Spans = []
    for begin in _KEY.finditer(data) if b"PRIVATE KEY" in data else ():
        end = _BODY_END.search(data, begin.end(), begin.end() + _BODY)
        stop = end.start() if end else min(len(data), begin.end() + _BODY)
        found += [line.span() for line in _BODY_LINE.finditer(data, begin.end(), stop)]
    return found
