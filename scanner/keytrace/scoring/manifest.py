"""The entries of a Kubernetes Secret: each value is one, unless its name says that it is not."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator

from keytrace.names.lexicon import Strength, strength, words
from keytrace.names.tables import words as known_words
from keytrace.scoring.binding import Binding
from keytrace.scoring.value import reads_as_words

TRIGGER = r"\bkind[\"']?[ \t]{0,4}:[ \t]{0,4}[\"']?Secret\b"
_MOST = 65_536  # bytes of a manifest before and after its kind

_KIND = re.compile(rb"kind[\"']?[ \t]{0,4}:[ \t]{0,4}[\"']?Secret[\"']?(?=[ \t]*(?:[,}\]#\r\n]|\Z))")
_HOLDERS = (b"data", b"stringData")
_LINE = re.compile(rb"(?P<lead>[ \t]*(?:-[ \t]+)?)(?P<key>[\"']?[\w.\-/]+[\"']?)[ \t]*:(?P<rest>[ \t][^\r\n]*|)\r?\Z")
_SCALAR = re.compile(
    rb"[ \t]*(?:\"(?P<double>(?:[^\"\\]|\\.)*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s#|>&!{\[][^#\r\n]*?)),?[ \t]*"
    rb"(?:#.*)?\Z"
)
_PAIR = re.compile(rb"[\"']?(?P<key>[\w.\-/]+)[\"']?\s{0,8}:\s{0,8}[\"']?(?P<value>[^\s\"',{}\[\]]+)")
_OBJECT = re.compile(rb"[\"']?(?:stringData|data)[\"']?\s{0,8}:\s{0,8}\{(?P<inner>[^{}]{0,65536})\}")
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)")
# Names, besides those that tell about a secret, under which a Secret holds what is none.
_PLAIN = frozenset(
    "user username login email mail port region database db dbname bucket namespace realm issuer crt pub cert ca "
    "domain driver dialect schema environment tenant account project org organization zone protocol ssl tls "
    "debug".split()
)


Entry = tuple[int, int, str, bool]  # where a value begins and ends, its name, and whether it is in base64


def find(data: bytes, hits: Iterable[int]) -> Iterator[Binding]:
    """Yield the values of the Secrets whose kind is told at `hits`, decoded where the manifest has them in base64."""
    done = 0  # what stands before was read
    for hit in hits:
        kind = _KIND.search(data, max(0, hit - 40), hit + 40) if hit > done else None
        if kind:
            done, entries = _entries(data, kind.start())
            for first, last, name, coded in entries:
                if binding := _bound(data, first, last, name, coded=coded):
                    yield binding


def _bound(data: bytes, first: int, last: int, name: str, *, coded: bool) -> Binding | None:
    value = data[first:last]
    if coded and _BASE64.fullmatch(value):
        text = binascii.a2b_base64(value)
        value = text.strip() if text.isascii() and text.strip().decode().isprintable() else value
    if strength(name) in (Strength.NONE, Strength.ABOUT):
        parts = words(name)
        if not parts or _is_plain(parts[-1]) or reads_as_words(value):
            return None
        name = "secret"
    return Binding(name, first, first, last, value, "manifest", quoted=True)


def _is_plain(word: str) -> bool:
    return word in _PLAIN or word in known_words().last or word.endswith("name")


def _entries(data: bytes, at: int) -> tuple[int, list[Entry]]:
    """Return the entries of the Secret whose kind stands at `at`, and where it ends."""
    start = data.rfind(b"\n", 0, at) + 1
    lead = data[start:at]
    if lead.strip(b" \t-") or lead.endswith((b'"', b"'")):
        return _of_object(data, at)
    lines = _mapping(data, start, at - start)
    return lines[-1][0] + len(lines[-1][1]), list(_of_lines(lines, at - start))


def _of_object(data: bytes, at: int) -> tuple[int, list[Entry]]:
    """Return the entries of the object in braces that holds the kind at `at`, and where it ends."""
    low, high = _object_around(data, at)
    return high, [
        (*pair.span("value"), pair["key"].decode("latin-1"), b"stringData" not in found[0][:12])
        for found in _OBJECT.finditer(data, low, high)
        for pair in _PAIR.finditer(data, found.start("inner"), found.end("inner"))
    ]


def _object_around(data: bytes, at: int) -> tuple[int, int]:
    """Return where the object in braces around `at` begins and ends."""
    low, depth = at, 0
    while low > max(0, at - _MOST) and depth >= 0:
        low -= 1
        depth += (data[low] == 125) - (data[low] == 123)  # } and {
    high, depth = at, 0
    while high < min(len(data), at + _MOST) and depth >= 0:
        depth += (data[high] == 123) - (data[high] == 125)
        high += 1
    return low, high


def _of_lines(lines: list[tuple[int, bytes]], column: int) -> Iterator[Entry]:
    """Yield the entries of the block mapping of these lines, whose keys stand at `column`."""
    holder, depth = b"", 0  # the key whose entries are read, and the column of its entries
    for first, line in lines:
        found = _LINE.match(line)
        if not found:
            continue
        at = len(found["lead"])
        if at <= column:
            holder, depth = found["key"].strip(b"\"'"), 0
        elif holder in _HOLDERS and depth in (0, at):
            depth = at
            scalar = _SCALAR.match(found["rest"])
            if scalar and scalar.lastgroup:
                low, high = scalar.span(scalar.lastgroup)
                base = first + found.start("rest")
                yield base + low, base + high, found["key"].strip(b"\"'").decode("latin-1"), holder == b"data"


def _mapping(data: bytes, start: int, column: int) -> list[tuple[int, bytes]]:
    """Return the lines, and where they begin, of the block mapping around the line at `start`."""
    lines: list[tuple[int, bytes]] = []
    first = start
    while first > max(0, start - _MOST) and not _is_head(data, first, column):
        above = data.rfind(b"\n", 0, first - 1) + 1
        if _ends_mapping(data[above : first - 1], column):
            break
        first = above
    at = first
    while at < min(len(data), start + _MOST):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        line = data[at:end]
        if (at > first and _ends_mapping(line, column)) or (at > start and _is_head(data, at, column)):
            break
        lines.append((at, line))
        at = end + 1
    return lines


def _is_head(data: bytes, at: int, column: int) -> bool:
    """Tell whether the mapping is an item of a list that begins on this line: `- kind: Secret`."""
    return column >= 2 and data[at + column - 2 : at + column] == b"- "


def _ends_mapping(line: bytes, column: int) -> bool:
    """Tell whether a line belongs to no mapping whose keys stand at `column`."""
    text = line.strip()
    if not text or text.startswith((b"#", b"{{")):
        return False
    is_item = line[max(0, column - 2) :].startswith(b"- ")
    return text.startswith((b"---", b"...")) or (len(line) - len(line.lstrip()) < column and not is_item)
