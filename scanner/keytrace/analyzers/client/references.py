r"""Where a program, a configuration or a build names a value that clients are handed.

process.env.NEXT_PUBLIC_X   import.meta.env.VITE_X   VITE_X=…   ARG VITE_X   BuildConfig.X
buildConfigField("String", "X", …)   <key>X</key><string>$(X)</string>   apiKey: …, dangerouslyAllowBrowser: true
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from keytrace.match.multipattern import Trigger
from keytrace.names import tables
from keytrace.text.document import Document
from keytrace.text.language import is_code


def _prefixes() -> str:
    return "|".join("_".join(prefix).upper() for prefix in tables.words().shipped)


_AROUND = 400  # bytes around a place in which braces are looked for

# What stands before a name that is read, or defined without a value; and behind one that is defined.
_READ = re.compile(
    rb"(?:\.|[\w\])]\??\.?\[[\"'`]|\$\{?|\b(?:getenv|env|get|require|var|optional)\([\"'`]|\b(?:ARG|ENV|export)[ \t]+"
    rb"|--build-arg[ =]|\b(?:name|key|variable)[\"']?[ \t]*[:=][ \t]*[\"']?|\{\s*|,\s*)\Z"
)
_IN_PLACE = re.compile(rb"[{,]\s*\Z")  # `const { VITE_X } = import.meta.env`: only where the environment is taken apart
_TAKEN_APART = re.compile(
    rb"[^{}=]{0,300}\}\s*=\s*(?:process|import\.meta)\.env\b|[^{}=]{0,300}\}\s*from\s*[\"']\$env/"
)
_DEFINED = re.compile(rb"[\"'`]?\]?[ \t]*(?:\?:|[:=](?![=:]))[ \t]*(?:[\"'`])?([^\s\"'`,;#)}]{0,200})")
_NO_SECRET = re.compile(rb"(?i)(?:true|false|yes|no|on|off|null|none|\d{1,6}[smhd]?|https?://.*|\.{0,2}/.*)")
_COMMENTED = re.compile(rb"[ \t]*(?:#|//|\*|/\*|<!--|;)")
# It is asked whether there is a value, and a build leaves no more of it than that.
_ASKED = re.compile(
    rb"(?:!|\btypeof\s|\bBoolean\(|\b(?:else )?if\s{0,4}\(\s{0,9}(?P<whole>))(?:process|import\.meta)\.env\.\Z"
)
_NO_MORE = re.compile(rb"\s{0,9}\)")
_SVELTE = re.compile(rb"\$env/(?:static|dynamic)/public")


@dataclass(frozen=True, slots=True)
class Reference:
    """A name that a client is handed the value of: `name` tells it from others in the document, `key` is judged.

    `says` goes on the message, `how` is evidence; a `doubt` lowers the confidence or takes it away.
    """

    name: str
    key: str
    start: int
    end: int
    says: str
    how: str
    sure: bool = False
    doubt: str = ""
    doubt_lowers: bool = True


Reader = Callable[[Document, int, int], Iterator[Reference]]  # what reads a stretch of a document around a hit


# --- names with a prefix ----------------------------------------------------------------------------------------------


@cache
def prefixed() -> re.Pattern[bytes]:
    """Return a pattern of names with a prefix that has bundlers build them in."""
    return re.compile(rf"(?<![A-Za-z0-9_])(?:{_prefixes()})_[A-Z][A-Z0-9_]{{1,80}}(?![A-Za-z0-9_])".encode())


def _prefixed(document: Document, start: int, end: int) -> Iterator[Reference]:
    data = document.data
    for found in prefixed().finditer(data, start, end):
        before = data[max(0, found.start() - 40) : found.start()]
        defined = _DEFINED.match(data, found.end())
        if not defined and not _is_read(data, found.end(), before):
            continue
        value = defined[1] if defined and not before.endswith((b".", b"$", b"${")) else b""
        name = found[0].decode()
        doubt, lowers = _doubt_of(document, found.start(), name, value)
        if _is_asked(data, *found.span()):
            doubt, lowers = "it is only asked whether there is a value", False
        yield Reference(
            name, name, *found.span(), "is built into what every browser loads", "the prefix has it built in",
            doubt=doubt, doubt_lowers=lowers, sure=flag_beside(data, found.start(), found.end()),
        )  # fmt: skip


def _is_read(data: bytes, end: int, before: bytes) -> bool:
    if _IN_PLACE.search(before):
        return _TAKEN_APART.match(data, end) is not None
    return _READ.search(before) is not None


def _is_asked(data: bytes, start: int, end: int) -> bool:
    asked = _ASKED.search(data, max(0, start - 60), start)
    return asked is not None and (asked["whole"] is None or _NO_MORE.match(data, end) is not None)


def _doubt_of(document: Document, start: int, name: str, value: bytes) -> tuple[str, bool]:
    """Return what speaks against a place, and whether it only lowers how sure it is."""
    if _NO_SECRET.fullmatch(value):
        return "what is bound to the name is a switch, a number or an address", False
    first = document.line_span(document.line_at(start))[0]
    if _COMMENTED.match(document.data, max(first, start - 200), start):
        return "it stands in a comment", True
    if name.startswith("PUBLIC_") and is_code(document.path) and not _is_of_bundler(document.data, start):
        return "only some build tools take this prefix", True
    return "", True


def _is_of_bundler(data: bytes, start: int) -> bool:
    return data.endswith(b"import.meta.env.", 0, start) or _SVELTE.search(data) is not None


# --- clients of an API that are told to run in browsers ---------------------------------------------------------------

_FLAG = re.compile(rb"(?i)dangerously-?_?allow-?_?browser[\"']?\s{0,9}[:=]\s{0,9}[\"']?true")
_TAKEN = re.compile(
    rb"(?i)\b(?:api_?key|auth_?token|token)[\"']?\s*[:=]\s*[^,\n]{0,20}?"
    rb"\b(?:process\.env|import\.meta\.env|\benv|Deno\.env\.get)(?:\.|\[[\"']|\([\"'])(\w{2,80})"
)


def _beside_flag(document: Document, start: int, end: int) -> Iterator[Reference]:
    for flag in _FLAG.finditer(document.data, start, end):
        first, last = around(document.data, flag.start())
        taken = _TAKEN.search(document.data, first, last)
        if taken and prefixed().fullmatch(taken[1]):
            continue  # its name is told of
        key = taken[1].decode() if taken else "API_KEY"
        doubt = "" if taken else "where the key comes from is not told here: one that each user brings along is fine"
        yield Reference(
            f"{flag.start()}", key, *flag.span(), "is handed to a client that runs in browsers",
            "the client of an API is told to run in browsers", sure=taken is not None, doubt=doubt, doubt_lowers=False,
        )  # fmt: skip


def around(data: bytes, place: int, reach: int = _AROUND) -> tuple[int, int]:
    """Return where the braces around a place begin and end; nothing, at the place, where they are not near."""
    first = _brace(data, range(place - 1, max(-1, place - reach), -1), opening=125, closing=123)
    last = _brace(data, range(place, min(len(data), place + reach)), opening=123, closing=125)
    return (first, last) if first is not None and last is not None else (place, place)


def _brace(data: bytes, way: range, opening: int, closing: int) -> int | None:
    """Return where the brace stands that closes what is around the way's beginning."""
    depth = 0
    for at in way:
        depth += (data[at] == opening) - (data[at] == closing)
        if depth < 0:
            return at
    return None


def flag_beside(data: bytes, start: int, end: int) -> bool:
    """Tell whether a place stands in braces with the flag that lets a client run in browsers."""
    if not re.search(rb"(?i)allow-?_?browser", data[max(0, start - _AROUND) : end + _AROUND]):
        return False
    return _FLAG.search(data, *around(data, start)) is not None


READERS: tuple[tuple[Trigger, Reader], ...] = (
    (Trigger(rf"\b(?:{_prefixes()})_[A-Z]", tuple(f"{one.lower()}_" for one in _prefixes().split("|"))), _prefixed),
    (Trigger(r"(?i)dangerously-?_?allow-?_?browser", ("browser",)), _beside_flag),
)
