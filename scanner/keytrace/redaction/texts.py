"""What is hidden in the words of a report and of errors, which may quote what they speak of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from functools import cache

from keytrace.engine import Engine, Setup, load_engine
from keytrace.errors import ScannerError
from keytrace.model import Rule, StreamProvenance
from keytrace.redaction.spellings import Beginnings, Spans, Values, is_word, merged, views
from keytrace.scoring.rarity import bits_per_letter
from keytrace.text.document import Document

MASK = "********"

_FEW = 6  # bytes of a secret by which it is known that it may stand in a text
_SYLLABLES = 12  # letters that a secret may have by chance with a name of a file
_SUSPECT = re.compile(rb"(?=\S*[0-9=:])\S{8}|\S{16}")
BETWEEN = b"\n" * 6  # what stands in one text says nothing of another
_TOKEN = re.compile(rb"(?=[^0-9]{0,200}[0-9])(?=[^A-Za-z]{0,200}[A-Za-z])[A-Za-z0-9+=]{16,}")
_RANDOM = 5.0  # bits a letter; words have less


def hide(
    texts: Iterable[str], engine: Engine, values: Iterable[bytes] = (), *, are_names: bool = False
) -> dict[str, str]:
    """Return those of `texts` that hold what a rule calls a secret, or one of `values`, each with it masked. In
    names of files a few letters that a secret has, too, stay: masked they name no file, and tell nothing of it.
    """
    distinct = [text for text in dict.fromkeys(texts) if text]
    encoded = [as_bytes(text) for text in distinct]
    told = _told(encoded, values)
    known = Values(filter(Beginnings(encoded).may_hold, told) if told else ())
    hidden: dict[str, str] = {}
    for text, data, spans in zip(distinct, encoded, found_in(encoded, engine), strict=True):
        again = [one for one in known.spans(data) if not (are_names and _is_syllable(data[slice(*one)]))]
        masked = merged([*spans, *again])
        if masked:
            hidden[text] = mask(text, masked)
    return hidden


def _is_syllable(part: bytes) -> bool:
    return len(part) < _SYLLABLES and part.isalpha()


def as_bytes(text: str) -> bytes:
    """Return a text, such as a name of a file, as bytes of one line."""
    return text.encode("utf-8", "surrogateescape").replace(b"\n", b" ")


def found_in(texts: list[bytes], engine: Engine) -> list[Spans]:
    """Return for each text where it holds what a rule calls a secret."""
    starts: list[int] = []
    size = 0
    for text in texts:
        starts.append(size)
        size += len(text) + len(BETWEEN)
    document = Document(StreamProvenance("text"), BETWEEN.join(texts))
    spans = sorted(
        (match.start, match.end)
        for match in engine.candidates(document)
        if match.confidence is not None and match.is_secret and match.start < match.end
    )
    found: list[Spans] = [[] for _ in texts]
    number = 0
    for start, end in spans:
        while number + 1 < len(starts) and starts[number + 1] <= start:
            number += 1
        found[number].append((start - starts[number], min(end - starts[number], len(texts[number]))))
    return found


def mask(text: str, spans: Spans) -> str:
    """Return `text` with each of the `spans` of its bytes masked."""
    data = text.encode("utf-8", "surrogateescape")
    pieces: list[bytes] = []
    last = 0
    for start, end in spans:
        pieces += [data[last:start], MASK.encode()]
        last = end
    return b"".join([*pieces, data[last:]]).decode("utf-8", "surrogateescape")


def _told(texts: list[bytes], values: Iterable[bytes]) -> list[bytes]:
    """Return those of `values` a part of which may stand in one of `texts`: there may be many of them."""
    values = [value for value in values if not is_word(value)]
    if not values:
        return []
    read = [view for text in texts for view, _ in views(text, _FEW)]
    seen = {view[at : at + _FEW] for view in read for at in range(len(view) - _FEW + 1)}
    seen |= {part[::-1] for part in seen}
    return [one for one in values if not seen.isdisjoint(one[at : at + _FEW] for at in range(len(one) - _FEW + 1))]


# --- one text, of an error --------------------------------------------------------------------------------------------


@cache
def _small_engine() -> Engine:
    """Return all rules ready for a short text: nothing is compiled beforehand."""
    return load_engine(Setup(hyperscan=False))


def safe(text: str, engine: Engine | None = None) -> str:
    """Return a message with what may be a secret masked: by all built-in rules, and by its letters alone. `engine` is
    one that has them and is there already.
    """
    data = as_bytes(text)
    if not _SUSPECT.search(data):
        return text  # most messages: the rules need a third of a second to be made ready
    try:
        spans = merged(found_in([data], engine or _small_engine())[0])
    except (ScannerError, TimeoutError):  # without rules, long words are all there is to go by
        spans = [token.span() for token in _TOKEN.finditer(data)]
    return without_random(mask(text, spans) if spans else text)


def without_random(text: str) -> str:
    """Return a text with each long word masked the letters of which look random."""
    tokens = _TOKEN.finditer(as_bytes(text))
    spans = [token.span() for token in tokens if bits_per_letter(token[0].decode()) >= _RANDOM]
    return mask(text, spans) if spans else text


@contextmanager
def without_secrets() -> Iterator[None]:
    """Have message and hint of a ScannerError quote no secret."""
    try:
        yield
    except ScannerError as error:
        raise ScannerError(safe(error.message), safe(error.hint)) from None


def safe_rule(rule: Rule) -> Rule:
    """Return a rule of the user's own as it may be shown: each of its texts may quote a secret."""
    texts: dict[str, object] = {}
    for name in (field.name for field in fields(rule)):
        value = getattr(rule, name)
        if isinstance(value, str):
            texts[name] = safe(value)
        elif isinstance(value, tuple):
            texts[name] = tuple(safe(item) if isinstance(item, str) else item for item in value)
    return replace(rule, **texts)  # type: ignore[arg-type]
