"""A rule for each provider that takes what only a name says is its: a password, a secret of an app, a key of another
form than the provider's other rules know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from keytrace.model import Confidence, Rule, Severity
from keytrace.names import tables
from keytrace.triage.naming import NAMED, called, documented, is_key


def with_derived(rules: Mapping[str, Rule]) -> dict[str, Rule]:
    """Return rules with those that follow from them, by id; one that is written out goes before one that follows."""
    return {rule.id: rule for rule in derived(rules.values())} | dict(rules)


def derived(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Yield a rule for each provider that has one for a key; what to do about a key holds for all of them."""
    every: dict[str, list[Rule]] = defaultdict(list)
    keys: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        every[rule.provider].append(rule)
        if is_key(rule):
            keys[rule.provider].append(rule)
    ambiguous = tables.providers()
    for provider, own in keys.items():
        plain = provider.replace("-", "")
        words = [] if plain in ambiguous else [plain]
        words += [name for rule in own for name in documented(rule)]
        if words:
            worst = max((rule for rule in own if not rule.part), key=lambda rule: rule.severity, default=own[0])
            yield _of(called(every[provider]), provider, tuple(dict.fromkeys(words)), worst)


def _of(name: str, provider: str, words: tuple[str, ...], worst: Rule) -> Rule:
    return Rule(
        id=f"{provider}-credential",
        name=f"{name} credential",
        severity=Severity.HIGH,
        confidence=Confidence.MEDIUM,
        analyzer=NAMED,
        near=words,
        description=f"A password or a key stands in the text as a literal; a name or a host beside it says: {name}.",
        impact=worst.impact,
        remediation=worst.remediation,
        references=worst.references,
        cwe=worst.cwe,
        tags=(NAMED, "product", "derived"),
        origin=worst.origin,
    )
