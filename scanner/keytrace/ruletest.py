"""Does each rule find its examples and leave its counter-examples alone?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from keytrace.engine import Engine, Setup
from keytrace.model import Confidence, FileProvenance, Match, Rule
from keytrace.rules.load import Ruleset, load_builtin
from keytrace.text.document import Document


@dataclass(frozen=True, slots=True)
class Failure:
    rule: Rule
    message: str


def failures(rules: tuple[Rule, ...]) -> Iterator[Failure]:
    """Yield what the samples of `rules` show to be wrong. Samples are cited by number: they look like secrets."""
    engine = Engine(Ruleset(rules).linked().beside(load_builtin().rules), Setup())
    specific = {rule.id for rule in rules if "generic" not in rule.tags}
    for rule in rules:
        for number, sample in enumerate(rule.examples, 1):
            found = [match for match in _matches(engine, sample) if match.rule_id == rule.id]
            if not found:
                yield Failure(rule, f"example {number} is not found")
            elif not any(_counts(match) for match in found):
                reasons = "; ".join(item.text for item in found[0].evidence if item.weight <= 0)
                yield Failure(rule, f"example {number} is found, but without confidence: {reasons}")
            if rule.keywords and not any(word.lower() in sample.lower() for word in rule.keywords):
                yield Failure(rule, f"example {number} holds none of the rule's keywords")
        for number, sample in enumerate(rule.negative_examples, 1):
            counting = {match.rule_id for match in _matches(engine, sample) if _counts(match)}
            fired = sorted(counting & (specific | {rule.id}))  # a keyword rule may see what this one leaves to it
            fired = [name for name in fired if name not in (*(rule.companions or ()), *rule.needs)]
            if fired:
                yield Failure(rule, f"negative example {number} is found by {', '.join(fired)}")


def _matches(engine: Engine, sample: str) -> list[Match]:
    return engine.matches(Document(FileProvenance("file"), sample.encode()))


def _counts(match: Match) -> bool:
    return match.confidence is not None and match.confidence >= Confidence.MEDIUM
