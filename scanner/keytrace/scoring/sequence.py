"""Values that nobody drew by lot: they count, repeat themselves, or follow the keyboard."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

_KEYBOARD = (b"0123456789", b"abcdefghijklmnopqrstuvwxyz", b"qwertyuiop", b"asdfghjkl", b"zxcvbnm", b"9876543210")
_COUNTED = (b"0123456789", b"9a", b"90", b"f0", b"abcdefghijklmnopqrstuvwxyz", b"za")  # one follows the other
_FARTHEST = 4  # characters between those that count together
_REPEATED = re.compile(rb"(.{4,20}?)\1+")
_BETWEEN = re.compile(rb"\\x|\\u00|0x|[-_.:, ]")  # what stands between the digits of a value, and is none of them


def share_of_runs(value: bytes, least: int = 5) -> float:
    """Return how much of `value` is ascending, descending or keyboard runs of at least `least` characters."""
    lower = value.lower()
    grams = _grams(least)
    covered = last = 0
    for end in range(least, len(lower) + 1):
        if lower[end - least : end] in grams:
            covered += end - max(last, end - least)
            last = end
    return covered / max(1, len(lower))


@cache
def _grams(size: int) -> frozenset[bytes]:
    """Return all pieces of `size` characters of the runs."""
    return frozenset(run[at : at + size] for run in _KEYBOARD for at in range(len(run) - size + 1))


def share_foretold(value: bytes) -> float:
    """Return how much of `value` follows from what is before it: by counting up, down, or repeating. Dashes apart.

    Foretold is what goes on as two characters before it, all equally far apart (1234, a1b2c3, 001122), and what repeats
    the piece before it: most of `11111111-2222-3333` and `abcd1234abcd1234`, of random values nearly nothing.
    """
    text = _BETWEEN.sub(b"", value.lower())
    steps_of = _steps()
    foretold = 0  # a bit for each character
    for apart in range(1, _FARTHEST + 1):
        steps = [steps_of[first << 8 | second] for first, second in zip(text, text[apart:], strict=False)]
        if len(steps) - steps.count(0) < 2:
            continue  # the usual case
        for at, step in enumerate(steps):
            if step and at >= apart and steps[at - apart] == step:
                foretold |= 1 << at + apart
    for repeated in _REPEATED.finditer(text):
        foretold |= (1 << repeated.end()) - (1 << repeated.end(1))
    return foretold.bit_count() / max(1, len(text))


@cache
def _steps() -> bytes:
    """Return for each two characters how one leads to the other: 1 up, 2 down, 3 the same, 0 not at all."""
    table = bytearray(1 << 16)
    for run in _COUNTED:
        for first, second in pairwise(run):
            table[first << 8 | second], table[second << 8 | first] = 1, 2
    for same in range(256):
        table[same << 8 | same] = 3
    return bytes(table)
