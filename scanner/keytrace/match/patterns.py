r"""Compiles the regular expressions of rules: one dialect for our own rule files and for gitleaks' (RE2) files.

Patterns run over UTF-8 bytes, so `\w`, `\b` and case folding are ASCII, as in RE2 and Hyperscan. A flag such as
`(?i)` in the middle of a pattern holds from there to the end of its group, also as in RE2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import regex

MAX_MATCH = 16_384  # bytes; no rule matches more than this
MATCH_TIMEOUT = 5.0  # seconds for one pattern over one window, and as many again
_TIMEOUT_EACH = 2**20  # for each so many bytes of it
_AFTER = 256  # bytes after a hit in which a greedy match may go on


@cache
def compile_pattern(source: str) -> regex.Pattern[bytes]:
    """Compile `source` for bytes; raise ValueError with the reason when it is not valid."""
    import regex  # 20 ms to import: only when something is to be confirmed

    try:
        return regex.compile(source.replace(r"\z", r"\Z").encode(), regex.VERSION1)
    except (regex.error, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from error


@cache
def compile_text_pattern(source: str) -> regex.Pattern[str]:
    """Compile `source` for text, such as paths; raise ValueError with the reason when it is not valid."""
    import regex

    try:
        return regex.compile(source.replace(r"\z", r"\Z"), regex.VERSION1)
    except (regex.error, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from error


def windows(ends: Sequence[int], size: int, before: int = MAX_MATCH, after: int = _AFTER) -> Iterator[tuple[int, int]]:
    """Merge the stretches around the hits, each wide enough for the longest match."""
    start = end = -1
    for hit in ends:
        if start < 0:
            start = max(0, hit - before)
        elif hit - before > end:
            yield start, end
            start = hit - before
        end = min(size, hit + after)
    if start >= 0:
        yield start, end


def time_for(size: int) -> float:
    """Return how many seconds a pattern may take over so many bytes; in it, matches are also weighed."""
    return MATCH_TIMEOUT * (1 + size / _TIMEOUT_EACH)


def secret_span(found: regex.Match[bytes], group: int) -> tuple[int, int]:
    """As gitleaks: without a number of a group, the first group that took part is the secret, else the whole match.

    A group named `checked` is not asked: it is what a check reads besides.
    """
    beside = found.re.groupindex.get("checked")
    took_part = (number for number, value in enumerate(found.groups(), 1) if value and number != beside)
    first, last = found.span(group or next(took_part, 0))
    return first, last
