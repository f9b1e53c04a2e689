"""How unlike natural language and code identifiers is a word? Letter trigrams, trained by benchmarks/train_rarity.py.

`trigrams.bin` holds one byte for each of 27**3 trigrams over a-z and the word boundary: -log2 p(third | first two),
in eighths of a bit, at most 255.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

TABLE = Path(__file__).with_name("trigrams.bin")
_SYLLABLES = re.compile(r"[a-z]+|[A-Z]+(?![a-z])|[A-Z][a-z]+")


@cache
def _table() -> bytes:
    return TABLE.read_bytes()


@lru_cache(maxsize=1024)  # asked for several times in a row
def bits_per_letter(text: str) -> float:
    """Return the mean surprise of the letters of `text` in bits; 0.0 when it has none.

    Words of prose and identifiers lie near 3, random letters near 6.5. Runs of letters are told apart by digits,
    punctuation and camel case.
    """
    table = _table()
    total = letters = 0
    for word in _SYLLABLES.findall(text):
        first = second = 0
        for char in word.lower():
            third = ord(char) - 96
            total += table[(first * 27 + second) * 27 + third]
            first, second = second, third
        letters += len(word)
    return total / letters / 8 if letters else 0.0


_PIECES = re.compile(r"[A-Za-z0-9+/]+")
_SEPARATORS = re.compile("[-_]")
_ALL_KINDS = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[A-Za-z0-9]+")
_HEX = re.compile(r"(?=[0-9]*[A-Fa-f])(?=[A-Fa-f]*[0-9])(?:[0-9a-f]+|[0-9A-F]+)")
_CHANGES = re.compile(r"(?<=[a-z])[A-Z]|(?<=[A-Za-z])[0-9]|(?<=[0-9])[A-Za-z]")
_SERIAL = re.compile(r"[A-Z0-9]{4,6}(?:-[A-Z0-9]{4,6}){2,7}")
_UUID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_random(text: str) -> bool:
    """Tell whether a piece of `text` is made by chance, whatever words may stand in it or beside it.

    Letters, digits and both cases change places in it as in no identifier, or its letters follow no language. Of
    hexadecimal digits only their number and variety say something.
    """
    if _UUID.fullmatch(text):
        return len(set(text)) > 9
    if 2 * sum(len(piece) for piece in _PIECES.findall(text) if _is_random(piece)) >= max(1, len(text)):
        return True
    joined = _SEPARATORS.sub("", text)  # base64 of URLs
    if _SERIAL.fullmatch(text):
        return _is_random(joined)
    return (
        len(joined) >= 16
        and _ALL_KINDS.fullmatch(joined) is not None
        and len(_CHANGES.findall(joined)) > len(joined) / 3
    )


def _is_random(piece: str) -> bool:
    size = len(piece)
    if size < 12:
        return False
    if _HEX.fullmatch(piece):
        return len(set(piece)) > 6
    letters = sum(map(str.isalpha, piece))
    if len(set(piece)) < min(size, 24) / 3 or letters < size / 4:
        return False
    changes = len(_CHANGES.findall(piece)) / size
    bits = bits_per_letter(piece)
    if letters == size:
        return size >= 16 and (bits > 5.4 or (changes > 0.15 and bits > 4.6))
    return changes > 0.3 or bits > 5.4 or (changes > 0.18 and bits > 4.4)
