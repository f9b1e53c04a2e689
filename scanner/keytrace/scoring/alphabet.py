"""The class of the characters of a value: digits, letters, base64, words and dashes."""

from __future__ import annotations

import re
from functools import lru_cache

ALPHABETS = {
    "digits": "digits only", "lower": "lower-case letters", "upper": "upper-case letters", "letters": "letters",
    "hex": "hexadecimal digits", "HEX": "upper-case hexadecimal digits",
    "lower+digits": "lower-case letters and digits",
    "upper+digits": "upper-case letters and digits", "letters+digits": "letters and digits",
    "capital+digits": "a capitalised word and digits", "word+digits": "lower-case letters, then digits",
    "base64": "base64", "url": "letters, digits, '-' and '_'", "dotted": "words and dots", "dashed": "words and dashes",
    "punctuation": "letters, digits and punctuation", "letters+punctuation": "letters and punctuation",
    "strange": "mostly punctuation", "spaces": "several words",
}  # fmt: skip


@lru_cache(maxsize=1024)  # asked for several times in a row
def alphabet(value: bytes) -> str:
    """Return the class of the characters of `value`, a key of ALPHABETS."""
    return next(label for label, shape in _ALPHABET_SHAPES if shape.fullmatch(value))


_ALPHABET_SHAPES = tuple(
    (label, re.compile(shape))
    for label, shape in (
        ("digits", rb"[0-9]+"),
        ("lower", rb"[a-z]+"),
        ("upper", rb"[A-Z]+"),
        ("letters", rb"[A-Za-z]+"),
        ("hex", rb"(?:0x)?[0-9a-f]{8,}"),
        ("HEX", rb"[0-9A-F]{8,}"),
        ("word+digits", rb"[a-z]+[0-9]{1,6}"),
        ("capital+digits", rb"[A-Z][a-z]+[0-9]{1,6}"),
        ("lower+digits", rb"[a-z0-9]+"),
        ("upper+digits", rb"[A-Z0-9]+"),
        ("letters+digits", rb"[A-Za-z0-9]+"),
        ("base64", rb"(?=.{12})(?=[^A-Z]*[A-Z])[A-Za-z0-9+/]+={0,2}"),  # chance would write a capital
        ("dashed", rb"[A-Za-z]+(?:[_-][A-Za-z]+)+"),
        ("dotted", rb"[A-Za-z]+(?:[._/:\\-][A-Za-z]+)+"),
        ("url", rb"[A-Za-z0-9_-]+"),
        ("spaces", rb"(?s).*\s.*"),
        ("strange", rb"(?s)[^A-Za-z]{0,200}[A-Za-z]?[^A-Za-z]*"),
        ("letters+punctuation", rb"(?s)[^0-9]*"),
        ("punctuation", rb"(?s).*"),
    )
)
