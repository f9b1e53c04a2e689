"""Does each rule find its examples and leave its counter-examples alone?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from keytrace.model import Confidence, FileProvenance, Match, Rule
from keytrace.text.document import Document

Find = Callable[[Document], Sequence[Match]]  # every match and every rejected candidate of a document


@dataclass(frozen=True, slots=True)
class Failure:
    rule: Rule
    message: str


def failures(rules: Iterable[Rule], find: Find) -> Iterator[Failure]:
    """Yield what the samples of `rules` show to be wrong. Samples are cited by number: they look like secrets."""
    rules = tuple(rules)
    specific = {rule.id for rule in rules if "generic" not in rule.tags and rule.analyzer != "named"}
    for rule in rules:
        for number, sample in enumerate(rule.examples, 1):
            yield from (Failure(rule, f"example {number} {fault}") for fault in _faults(rule, sample, find))
        for number, sample in enumerate(rule.negative_examples, 1):
            if fired := _fired(rule, sample, specific, find):
                yield Failure(rule, f"negative example {number} is found by {', '.join(fired)}")


def _faults(rule: Rule, sample: str, find: Find) -> Iterator[str]:
    """Yield what is wrong with an example."""
    found = [match for match in find(_document(rule, sample)) if rule.id in (match.rule_id, match.found_by)]
    if not found:
        yield "is not found"
    elif not any(_counts(match) for match in found):
        reasons = "; ".join(item.text for item in found[0].evidence if item.weight <= 0)
        yield f"is found, but without confidence: {reasons}"
    if rule.keywords and not any(word.lower() in sample.lower() for word in rule.keywords):
        yield "holds none of the rule's keywords"


def _fired(rule: Rule, sample: str, specific: Collection[str], find: Find) -> list[str]:
    """Return the rules that find a counter-example and must not; a keyword rule may see what this one leaves to it."""
    counting = {match.known_as for match in find(_document(rule, sample)) if _counts(match)}
    related = (*(rule.companions or ()), *rule.needs)
    return sorted(name for name in counting & {*specific, rule.id} if name not in related)


def _document(rule: Rule, sample: str) -> Document:
    """Return a sample as what its rule looks at: a program, or a text of no known kind."""
    return Document(FileProvenance("app.py" if rule.analyzer == "python" else "file"), sample.encode())


def _counts(match: Match) -> bool:
    return match.confidence is not None and match.confidence >= Confidence.MEDIUM
