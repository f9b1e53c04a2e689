"""Changed files as a patch: whole, for `git apply`, or with every secret masked, to be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from keytrace.engine import Setup, load_engine
from keytrace.model import Span, StreamProvenance
from keytrace.redaction.masks import masks
from keytrace.text.document import Document
from keytrace.text.encoding import decode

_CONTEXT = 3  # lines around a change
_NO_END = b"\\ No newline at end of file\n"
_MASK = b"********"
_LEAST, _PIECE = 4, 8  # bytes of a secret, and of a piece of one, that is masked wherever it stands


@dataclass(frozen=True, slots=True)
class Change:
    """A file before and after; `before` is None for a new one."""

    path: str
    before: bytes | None = field(repr=False)
    after: bytes = field(repr=False)


def patch(change: Change) -> bytes:
    """Return a change as `git diff` shows it, with all that the file holds."""
    old, new = _lines(change.before or b""), _lines(change.after)
    return b"".join(_hunks(change, old, new, old, new))


def redacted(change: Change, setup: Setup, values: Sequence[str] = ()) -> bytes:
    """Return a change without secrets; `values` are masked wherever they stand, and what is masked before is after."""
    old, new = _lines(change.before or b""), _lines(change.after)
    known = [value.encode("utf-8", "replace") for value in values if len(value) >= _LEAST]
    shown_old, hidden = _masked(change.path, change.before or b"", setup, known)
    shown_new, _ = _masked(change.path, change.after, setup, [*known, *hidden])
    return b"".join(_hunks(change, old, new, shown_old, shown_new))


def _lines(data: bytes) -> list[bytes]:
    return re.findall(rb"[^\n]*\n|[^\n]+\Z", data)


def _hunks(
    change: Change, old: list[bytes], new: list[bytes], shown_old: list[bytes], shown_new: list[bytes]
) -> Iterator[bytes]:
    before, after = _name("a", change.path), _name("b", change.path)
    yield b"diff --git " + before + b" " + after + b"\n"
    if change.before is None:
        yield b"new file mode 100644\n"
    if not old and not new:
        return
    yield b"--- " + (_tabbed(before) if change.before is not None else b"/dev/null") + b"\n"
    yield b"+++ " + _tabbed(after) + b"\n"
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(_CONTEXT):
        first, last = group[0], group[-1]
        spans = (_span(first[1], last[2]), _span(first[3], last[4]))
        yield b"@@ -%b +%b @@\n" % spans
        for tag, low, high, new_low, new_high in group:
            if tag == "equal":
                yield from _shown(b" ", shown_old[low:high])
            else:
                yield from _shown(b"-", shown_old[low:high])
                yield from _shown(b"+", shown_new[new_low:new_high])


def _shown(sign: bytes, lines: Sequence[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield sign + line
        if not line.endswith(b"\n"):
            yield b"\n" + _NO_END


def _span(start: int, end: int) -> bytes:
    size = end - start
    return b"%d,%d" % (start + (size > 0), size)


def _name(side: str, path: str) -> bytes:
    """Return a path as git quotes it."""
    raw = f"{side}/{path}".encode("utf-8", "surrogateescape")
    if not re.search(rb'[\x00-\x1f"\\\x7f-\xff]', raw):
        return raw
    escaped = re.sub(rb'["\\]', rb"\\\g<0>", raw)
    return b'"' + re.sub(rb"[\x00-\x1f\x7f-\xff]", lambda byte: b"\\%03o" % byte[0][0], escaped) + b'"'


def _tabbed(name: bytes) -> bytes:
    return name + b"\t" if b" " in name and not name.startswith(b'"') else name


def _masked(path: str, raw: bytes, setup: Setup, values: Sequence[bytes]) -> tuple[list[bytes], set[bytes]]:
    """Return the lines of a file with every secret masked, what any rule calls one and `values`; and what was masked:
    the second half of a key says nothing any more where the first one is gone.
    """
    data = decode(raw)
    if data is None or raw.count(b"\n") != data.count(b"\n"):
        return [b"(not shown)\n"] * len(_lines(raw)), set()
    engine = load_engine(setup)
    document = Document(StreamProvenance(path), data)
    matches = [match for match in engine.candidates(document) if match.confidence is not None]
    lines = [Span(*document.line_span(number)) for number in range(1, len(document.line_starts) + 1)]
    spans = masks(engine, document, matches, lines)
    for value in set(values):
        spans += [(found.start(), found.end()) for found in re.finditer(re.escape(value), data)]
    hidden = {data[start:end] for start, end in spans if end - start >= _PIECE}
    return _lines(_blotted(data, sorted(spans))), hidden


def _blotted(data: bytes, spans: Sequence[tuple[int, int]]) -> bytes:
    """Return a text with a mask in the place of each span, and of each line of one."""
    pieces, at = [], 0
    for start, end in spans:
        if end > at:
            pieces += [data[at : max(at, start)], re.sub(rb"[^\r\n]+", _MASK, data[max(at, start) : end])]
            at = end
    return b"".join([*pieces, data[at:]])
