"""Which rules a word speaks of: the names that providers document for their keys, their own names, and the words of
rules that say whose a secret is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from keytrace.model import Rule
from keytrace.triage.naming import NAMED, is_key, is_whole, names_in

Ids = Mapping[str, Sequence[str]]  # of rules, in the order of the rules, by a word


class Spoken(NamedTuple):
    """The ids of rules by what speaks of them. A provider is the name of a rule's file, without hyphens."""

    formats: Ids  # rules for a format, by names that their providers document, without separators
    formats_of: Ids  # and by provider
    keys: Ids  # rules for keys, not for the ids that belong to them, by such names in short
    keys_of: Ids  # and by provider
    all_of: Ids  # rules that are looked for, by the name of their file
    products: Mapping[str, str]  # rules that say which product a secret is for, by their words
    roles: Mapping[str, str]  # and what it is for


def speak(rules: Iterable[Rule]) -> Spoken:
    """Return what speaks of rules."""
    rules = tuple(rules)
    formats, keys = tuple(filter(_is_format, rules)), tuple(filter(is_key, rules))
    named = tuple(rule for rule in rules if rule.analyzer == NAMED)
    return Spoken(
        _by(formats, lambda rule: map(plain, names_in(rule))),
        _by(formats, lambda rule: [provider(rule)]),
        _by(keys, lambda rule: map(short, map(plain, names_in(rule)))),
        _by(keys, lambda rule: [provider(rule)]),
        _by(rules, lambda rule: [rule.provider] if rule.analyzer != NAMED else []),
        _by_word(rule for rule in named if "role" not in rule.tags),
        _by_word(rule for rule in named if "role" in rule.tags),
    )


def plain(name: str) -> str:
    """Return a documented name without what parts its words."""
    return re.sub(r"[_. -]", "", name).lower()


def short(name: str) -> str:
    """Return a joined name without what is as often left out: OPENAI_KEY is OPENAI_API_KEY."""
    return name.replace("apikey", "key").replace("apitoken", "token").replace("accesstoken", "token")


def provider(rule: Rule) -> str:
    """Return the name of a rule's provider in one word."""
    return rule.provider.replace("-", "")


def _is_format(rule: Rule) -> bool:
    """Tell whether a rule's shape may be told by a name beside it."""
    return is_whole(rule) and not rule.needs and not rule.checksum


def _by(rules: Iterable[Rule], words: Callable[[Rule], Iterable[str]]) -> Ids:
    """Return the ids of rules by the words of each."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for rule in rules:
        for word in words(rule):
            found[word][rule.id] = None
    return {word: tuple(own) for word, own in found.items()}


def _by_word(rules: Iterable[Rule]) -> dict[str, str]:
    """Return rules by their words; of two with the same, one that is written out goes before one that follows."""
    found: dict[str, str] = {}
    written: tuple[str, ...] = ()
    for rule in sorted(rules, key=lambda one: "derived" in one.tags):
        is_derived = "derived" in rule.tags
        if is_derived:
            written = written or tuple(found)
        for word in rule.near:
            one = re.sub(r"[^a-z0-9]", "", word.lower())
            if is_derived and rule.provider.partition("-")[0] not in one and one.startswith(written):
                continue  # EMAIL_HOST_PASSWORD is documented by AWS, too, but is of any mail server
            found.setdefault(one, rule.id)
    return found
