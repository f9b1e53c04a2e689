"""Binary files: only formats with a marker are looked for, in printable runs, also of two bytes a character.

Random bytes have no marker, and symbols of programs are told from keys by what is around them: a key begins and ends
where letters do, is as long as the byte before it says (strings of .pyc and .class files, of messages), or has a
checksum that holds. In a database, where columns stand side by side, one that does not read like words is enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from keytrace.analyzers.pattern import CERTAIN, weigh
from keytrace.match.multipattern import Index, Trigger, build_index
from keytrace.match.patterns import (
    MATCH_TIMEOUT,
    compile_pattern,
    compile_text_pattern,
    secret_span,
    time_for,
    windows,
)
from keytrace.model import Confidence, Hidden, Match, Rule, Span
from keytrace.scoring import weigh as scoring
from keytrace.text.document import Document

if TYPE_CHECKING:
    import regex

_SHORTEST_MARKER = 3  # characters
_FIRST_BOUNDARY = re.compile(r"^(?:\\b|\(\?<!\[[^\]]*\]\))+")
_LAST_BOUNDARY = re.compile(r"(?:\\b|\(\?!\[[^\]]*\]\))+$")
_WIDE = re.compile(rb"(?:[\x20-\x7e]\t)+")
_WIDE_CHARACTER = re.compile(rb"[\x20-\x7e]\t")
_WIDE_REACH = 2**14  # bytes around a marker
_DATABASE = b"SQLite format 3"


class BinaryAnalyzer:
    """Applies the rules that go by a marker to what `text.encoding.readable` leaves of a binary file."""

    triggers: tuple[Trigger, ...] = ()  # of the common pass: this one has its own

    def __init__(self, rules: Sequence[Rule], *, hyperscan: bool, known: Sequence[Rule] = ()) -> None:
        """`known` are rules most of which are among ours, so that their database can be shared."""
        self._every = rules
        self._known = known
        self._hyperscan = hyperscan

    @cached_property
    def _rules(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self._every if _has_marker(rule))

    @cached_property
    def _regexes(self) -> tuple[str, ...]:
        return tuple(_LAST_BOUNDARY.sub("", _FIRST_BOUNDARY.sub("", rule.regex)) for rule in self._rules)

    @cached_property
    def _index(self) -> Index:
        others = BinaryAnalyzer(self._known, hyperscan=self._hyperscan).formats() if self._known else ()
        return build_index(self.formats(), hyperscan=self._hyperscan, known=others)

    def formats(self) -> tuple[Trigger, ...]:
        """Return what is looked for: each format without its boundaries, then each with its marker in two bytes a
        character.
        """
        narrow = [Trigger(regex, rule.keywords) for regex, rule in zip(self._regexes, self._rules, strict=True)]
        return (*narrow, *map(_wide_trigger, self._rules))

    def analyze(self, document: Document, *_: object) -> Iterator[Match]:
        """Yield what is at least of medium confidence."""
        count = len(self._rules)
        for number, ends in self._index.scan(document.data).items():
            rule = self._rules[number % count]
            if rule.path and not compile_text_pattern(rule.path).search(document.path):
                continue
            found = self._narrow(number, document.data, ends) if number < count else _wide(rule, document.data, ends)
            yield from (match for match in found if match.confidence and match.confidence > Confidence.LOW)

    def _narrow(self, number: int, data: bytes, ends: Sequence[int]) -> Iterator[Match]:
        rule, loose = self._rules[number], compile_pattern(self._regexes[number])
        is_database = data.startswith(_DATABASE)
        for start, end in windows(ends, len(data)):
            for found in loose.finditer(data, start, end, timeout=time_for(end - start)):
                whole = compile_pattern(rule.regex).match(data, found.start(), timeout=MATCH_TIMEOUT)
                if whole is None and found.start():
                    last = found.start() + data[found.start() - 1]  # where a string of that length ends
                    whole = loose.fullmatch(data, found.start(), last, timeout=MATCH_TIMEOUT) if last <= end else None
                match = _weighed(rule, data, whole or found)
                if whole or _is_certain(match) or (is_database and _looks_random(data[match.start : match.end])):
                    yield match


def _has_marker(rule: Rule) -> bool:
    return bool(rule.analyzer == "pattern" and rule.keywords and not rule.near and not rule.host) and (
        min(map(len, rule.keywords)) >= _SHORTEST_MARKER
    )


def _wide_trigger(rule: Rule) -> Trigger:
    words = ["".join(f"{char}\t" for char in word.lower()) for word in rule.keywords]
    regexes = ["".join(re.escape(char) + r"\t" for char in word.lower()) for word in rule.keywords]
    return Trigger(f"(?i:{'|'.join(regexes)})", tuple(words))


def _wide(rule: Rule, data: bytes, ends: Sequence[int]) -> Iterator[Match]:
    """Yield matches in runs of two bytes a character around the markers, as of text that is decoded."""
    done = 0
    for end in ends:
        if end <= done:
            continue
        start = end
        while start > max(done, end - _WIDE_REACH) and _WIDE_CHARACTER.match(data, start - 2):
            start -= 2
        run = _WIDE.match(data, start, end + _WIDE_REACH)
        if run is None:
            continue
        done = run.end()
        text = run[0][::2]
        for found in compile_pattern(rule.regex).finditer(text, timeout=time_for(len(text))):
            match = _weighed(rule, text, found)
            hidden = Hidden(text[match.start : match.end], found[0], ("UTF-16",))
            first, last = start + 2 * match.start, start + 2 * match.end
            whole = Span(start + 2 * found.start(), start + 2 * found.end())
            yield replace(match, start=first, end=last, whole=whole, hidden=hidden)


def _weighed(rule: Rule, data: bytes, found: regex.Match[bytes]) -> Match:
    return weigh(rule, data, Span(*secret_span(found, rule.secret_group)), found, found.start())


def _is_certain(match: Match) -> bool:
    return any(item.weight >= CERTAIN for item in match.evidence)


def _looks_random(value: bytes) -> bool:
    return any(map(value.__contains__, b"0123456789")) and scoring.not_random(value) is None
