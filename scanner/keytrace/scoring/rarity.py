"""How unlike natural language and code identifiers is a word? Letter trigrams, trained by benchmarks/train_rarity.py.

`trigrams.bin` holds one byte for each of 27**3 trigrams over a-z and the word boundary: -log2 p(third | first two),
in eighths of a bit, at most 255.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("trigrams.bin")
_SYLLABLES = re.compile(r"[a-z]+|[A-Z]+(?![a-z])|[A-Z][a-z]+")


@cache
def _table() -> bytes:
    return TABLE.read_bytes()


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
