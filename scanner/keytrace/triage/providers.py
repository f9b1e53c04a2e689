"""Whose secret is it? What a name and a value made a match is told by the provider that name, host or file speak of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from keytrace.match.patterns import MATCH_TIMEOUT, compile_pattern
from keytrace.model import Evidence, Match, Rule, Severity
from keytrace.names import tables
from keytrace.text.document import Document
from keytrace.triage import naming
from keytrace.triage.spoken import Ids, Spoken, provider, short
from keytrace.triage.whose import Whose

_PROGRAM = "hardcoded-credential"  # the rule of programs for a name and a literal
_OF_MANY = frozenset(("generic", "of-many"))  # tags of rules for passwords of any product
_HOST = re.compile(rb"https?://([\w.-]{4,80})")
_AROUND = 200  # bytes before and behind a value, on its line, in which a host may stand
_BEFORE = 48  # bytes before it in which a word may name the provider
_NAME = 120  # bytes of a name
_QUOTES = 4  # bytes that may open a literal
_PIECES = 6  # words that a name of a provider's has at most
_SHORTEST = 5  # letters of a provider's own name where it stands alone: many shorter ones are words


class Owner(NamedTuple):
    """Whose key it is by its name: the rules that the name speaks of, and all for keys of that provider."""

    rules: tuple[Rule, ...]
    every: tuple[Rule, ...]
    is_documented: bool  # the provider documents this name


class Providers:
    """The rules for formats, by the names under which their keys are kept."""

    def __init__(self, rules: Mapping[str, Rule], spoken: Spoken) -> None:
        """Take the rules there are, by id, and what speaks of them: most are never asked for."""
        self._rules = rules
        self._words = spoken
        self._whose = Whose(rules, spoken)
        self._names: dict[str, str] = {}  # by the names of their files
        self._spoken = lru_cache(maxsize=4096)(self._of_name)  # the same names stand all over a code base
        self._before = lru_cache(maxsize=4096)(self._of_text)
        self._called_like = lru_cache(maxsize=16)(self._of_file)

    def named(self, match: Match, rule: Rule, document: Document) -> Match:
        """Return a match of `rule` as one of a provider's rule, where the value has its shape, or with words on whose
        it is, where only its name tells.
        """
        by_name = rule.analyzer == "keyword" or rule.id == _PROGRAM
        if match.confidence is None or not match.is_secret or not by_name:
            return match
        words, spoken = self._spoken(_name(match, document))
        other = self._of_shape(match, words, (*spoken, *self._of_place(match, document)), document)
        if other and other.severity is Severity.INFO:
            return match  # its own rule tells that it is public
        if other:
            told = Evidence(f"it stands beside the provider's name, and has the shape of: {other.name}")
            return replace(match, rule_id=other.id, found_by=rule.id, evidence=(*match.evidence, told), message="")
        if not _OF_MANY.isdisjoint(rule.tags) or rule.id == _PROGRAM:
            return self._told(match, rule, document)
        owner = next((one for one in spoken if _is_named(one, words)), None)
        said = match.message or rule.name
        return replace(match, message=f"{said}, for {self.called(owner.provider)} by its name") if owner else match

    def _of_shape(
        self, match: Match, words: tuple[str, ...], beside: Sequence[Rule], document: Document
    ) -> Rule | None:
        """Return the first of the rules that a value stands `beside` whose shape it has, those that name most first."""
        value = match.hidden.value if match.hidden else document.data[match.start : match.end]
        by_words = sorted(beside, key=lambda one: -len(frozenset(words).intersection(one.id.split("-"))))
        return next((one for one in by_words if one.near and _has_shape(one, value)), None)

    def _told(self, match: Match, rule: Rule, document: Document) -> Match:
        """Return a match of a general rule as one of the rule that says whose the secret is, or what it is for."""
        told = self._whose.told(_name(match, document), match, document)
        if told is None:
            return match
        said = match.message or rule.name
        whose = told.rule.name.removesuffix(" credential")
        message = f"{said}, for {whose} by {told.by}" if whose != told.rule.name else f"{said}: {whose}, by {told.by}"
        return replace(
            match,
            rule_id=told.rule.id,
            found_by=rule.id,
            severity=match.severity if match.severity is not None else rule.severity,
            message=message,
            evidence=(*match.evidence, Evidence(f"{told.by} says whose it is: {told.rule.name}")),
        )

    def owner(self, name: str) -> Owner | None:
        """Return whose key a name is, by the longest piece that a provider documents, else by a provider's name."""
        words = tables.split(name)
        pieces = [
            words[at : at + size]
            for size in range(min(_PIECES, len(words)), 0, -1)
            for at in range(len(words) - size + 1)
        ]
        for piece in pieces:
            if rules := () if naming.is_general(piece) else tuple(self._of(self._words.keys, short("".join(piece)))):
                return Owner(rules, tuple(self._of(self._words.keys_of, provider(rules[0]))), is_documented=True)
        for piece in pieces:
            if len(one := "".join(piece)) >= _SHORTEST and (rules := tuple(self._of(self._words.keys_of, one))):
                return Owner(rules, rules, is_documented=False)
        return None

    def _of_name(self, name: str) -> tuple[tuple[str, ...], tuple[Rule, ...]]:
        """Return the words of a name and the rules that it speaks of, those of its longest piece first."""
        words = tables.split(name)
        found: list[Rule] = []
        for size in range(min(_PIECES, len(words)), 0, -1):
            for at in range(len(words) - size + 1):
                piece = "".join(words[at : at + size])
                found += self._of(self._words.formats, piece)
                if len(piece) >= _SHORTEST:
                    found += self._of(self._words.formats_of, piece)
        return words, tuple(found)

    def _of_place(self, match: Match, document: Document) -> Iterator[Rule]:
        """Yield the rules of the providers that a host or a word on the line, or the name of the file, speaks of."""
        first, last = document.line_span(document.line_at(match.start))
        line = document.data[max(first, match.start - _AROUND) : min(last, match.end + _AROUND)]
        for host in _HOST.findall(line) if b"://" in line else ():
            yield from self._of_places(host.decode("latin-1").lower().split(".")[-3:-1])
        yield from self._called_like(document.path)
        yield from self._before(document.data[max(first, match.start - _BEFORE) : match.start])

    def _of_file(self, path: str) -> tuple[Rule, ...]:
        name = path.rpartition("/")[2].partition(".")[0]
        return tuple(self._of_places(["".join(tables.split(name))]))

    def _of_text(self, before: bytes) -> tuple[Rule, ...]:
        """Return the rules of the providers that a word before a value speaks of, or two, the nearest first."""
        words = tables.split(before.decode("latin-1"))
        pieces = ("".join(words[at : at + size]) for at in reversed(range(len(words))) for size in (1, 2))
        return tuple(self._of_places(pieces))

    def _of_places(self, places: Iterable[str]) -> Iterator[Rule]:
        for place in places:
            if len(place) >= _SHORTEST:
                yield from self._of(self._words.formats_of, place.replace("-", ""))

    def called(self, file: str) -> str:
        """Return the name of a provider: the words that the names of all rules of its file begin with."""
        if file not in self._names:
            self._names[file] = naming.called(tuple(self._of(self._words.all_of, file)))
        return self._names[file]

    def _of(self, ids: Ids, word: str) -> Iterator[Rule]:
        """Yield the rules that a word speaks of."""
        return map(self._rules.__getitem__, ids.get(word, ()))


def _name(match: Match, document: Document) -> str:
    """Return what stands before a value as its name: in the match or, of a literal of a program, on its line."""
    if match.hidden:
        return match.hidden.whole.partition(match.hidden.value)[0][-_NAME:].decode("latin-1")
    first = match.whole.start
    if match.start - first <= _QUOTES:
        first = document.line_span(document.line_at(match.start))[0]
    return document.data[max(first, match.start - _NAME) : match.start].decode("latin-1")


def _is_named(rule: Rule, words: tuple[str, ...]) -> bool:
    """Tell whether a name holds that of a rule's provider before a word such as `token`."""
    own = provider(rule)
    known = tables.words()
    ends = (end for end, word in enumerate(words) if word in known.promising or word in known.key_of)
    return any("".join(words[first:end]) == own for end in ends for first in range(end))


def _has_shape(rule: Rule, value: bytes) -> bool:
    return compile_pattern(rule.regex).fullmatch(value, timeout=MATCH_TIMEOUT) is not None
