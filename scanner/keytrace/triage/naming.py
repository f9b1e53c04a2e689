"""What rules tell of names: which are for keys, what their provider is called, where it says that keys are kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from keytrace.model import Rule
from keytrace.names import tables
from keytrace.triage.dedupe import is_specific

_ABBREVIATED = 3  # letters of an abbreviation, as in HF_TOKEN
NAMED = "named"  # the analyzer of rules that nothing looks for: findings are told to be theirs
_DOCUMENTED = re.compile(r"\b[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+\b")  # the variable that remediations read a key from


def is_key(rule: Rule) -> bool:
    """Tell whether a rule is for keys, not for the ids that belong to them."""
    return is_whole(rule) and not rule.id.endswith("-id")


def is_whole(rule: Rule) -> bool:
    """Tell whether a rule is for a format that is no part of a credential, or is one that anybody may see."""
    return is_specific(rule) and (not rule.part or rule.scope == "publishable")


def names_in(rule: Rule) -> Iterator[str]:
    """Yield the names under which a rule says that its keys are kept."""
    yield from rule.near
    yield from _DOCUMENTED.findall(rule.remediation)


def documented(rule: Rule) -> Iterator[str]:
    """Yield the names of variables under which a provider says its key is kept, less those of keys in general."""
    for name in names_in(rule):
        words = tables.split(name)
        words = words[words[:1] == ("x",) :]  # of headers: X-Auth-Token
        if len(words) > 1 and not is_general(words) and words[-1] != "id" and _is_own(words, rule):
            yield name


def _is_own(words: tables.Words, rule: Rule) -> bool:
    """Tell whether a documented name says whose it is: DD_API_KEY and HF_TOKEN do, SIGNER_KEY may be anybody's."""
    return len(words) > 2 or len(words[0]) <= _ABBREVIATED or words[0] in rule.provider


def is_general(words: tables.Words) -> bool:
    """Tell whether words speak of keys in general: PRIVATE_KEY is in the documentation of many."""
    known = tables.words()
    each = all(word in known.promising or word in known.key_of or word in known.pass_of for word in words)
    return each or words in tables.programs().secret


def called(rules: Sequence[Rule]) -> str:
    """Return the name of a provider: the words that the names of all its rules begin with."""
    names = [rule.name.split() for rule in rules]
    common = list(takewhile(lambda words: len(set(words)) == 1, zip(*names, strict=False)))
    proper = list(takewhile(lambda word: not word.islower() and word != "API", (words[0] for words in common)))
    return " ".join(proper or names[0][:1])
