"""A name that promises a secret, bound to a literal, in any language or configuration format.

scoring/binding.py finds the literals, names/lexicon.py judges the names, scoring/weigh.py weighs the values; a rule
says how to report them. A rule with a regex of its own adds a form in which a value stands without a name: it is
weighed under what its group `name` holds, else under the last word of the rule's id, as given in the form that the
rule's first tag names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

from keytrace.match.multipattern import Hits, Trigger
from keytrace.match.patterns import (
    MAX_MATCH,
    compile_pattern,
    time_for,
    windows,
)
from keytrace.model import Evidence, Match, Remarks, Rule, Severity, Span
from keytrace.names.lexicon import Strength, strength
from keytrace.rules.load import load_builtin
from keytrace.rules.stored import of_analyzer
from keytrace.scoring import binding as bindings
from keytrace.scoring import columns, exempt, manifest, shapes, stated, table
from keytrace.scoring import weigh as scoring
from keytrace.scoring.binding import Binding
from keytrace.text.document import Document

# What is read as a whole: rows of named columns, tables, the entries of a manifest.
_BLOCKS = ((columns.TRIGGER, columns.find), (table.TRIGGER, table.find), (manifest.TRIGGER, manifest.find))


class KeywordAnalyzer:
    """Weighs each literal that is bound to a secret-looking name; one rule says how to report it."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._forms = tuple(rule for rule in rules if rule.regex)
        self._rules = {rule.id: rule for rule in rules if not rule.regex}
        self._of_name = lru_cache(maxsize=8192)(self._rule_for)
        names = [Trigger(shape, shapes.TRIGGER_KEYWORDS, overlapping=True) for shape in shapes.TRIGGERS]
        blocks = [Trigger(shape) for shape, _ in _BLOCKS]
        self.triggers = (*names, *blocks, *(Trigger(rule.regex, rule.keywords, path=rule.path) for rule in self._forms))

    def analyze(self, document: Document, hits: Hits, _remarks: Remarks) -> Iterator[Match]:
        for rule, binding in self.bindings(document, hits):
            evidence = _weigh(binding, document)
            confidence = scoring.confidence_of(evidence, scoring.most(binding))
            whole = Span(binding.start, binding.last)
            severity = None
            if confidence is not None and scoring.chosen_by_a_test(binding, document.path):
                severity = min(rule.severity, Severity.LOW)
                evidence = (*evidence, Evidence("a test has chosen the password: of low severity"))
            yield Match(rule.id, binding.first, binding.last, confidence, whole, evidence, severity=severity)

    def bindings(self, document: Document, hits: Hits) -> Iterator[tuple[Rule, Binding]]:
        """Yield what there is to weigh, and the rule to report it by."""
        names = len(shapes.TRIGGERS)
        forms = names + len(_BLOCKS)
        bound = {number: ends for number, ends in hits.items() if number < names}
        listed = [
            binding
            for number, (_, read) in enumerate(_BLOCKS, names)
            for binding in read(document.data, hits.get(number, ()))
        ]
        places = {binding.first for binding in listed}
        found = bindings.find(document.data, document.path, bound) if bound and self._rules else ()
        for binding in (*listed, *(binding for binding in found if binding.first not in places)):
            rule = self._of_name(binding.name)
            if rule is not None:
                yield rule, binding
        for number, ends in hits.items():
            if number >= forms:
                rule = self._forms[number - forms]
                yield from ((rule, binding) for binding in _in_form(rule, document, ends))

    def _rule_for(self, name: str) -> Rule | None:
        """Return the rule to report a name by; None when it promises no secret, or when that rule was not selected."""
        if strength(name) is Strength.NONE:
            return None
        lower = name.lower()
        meant = (rule.id for rule in self._every if any(word in lower for word in rule.keywords))
        return self._rules.get(next(meant, "generic-secret"))

    @cached_property
    def _every(self) -> tuple[Rule, ...]:
        """The rules for names that there are, selected or not, by their ids."""
        builtin = {rule.id: rule for rule in of_analyzer(load_builtin().rules, "keyword") if not rule.regex}
        return tuple(rule for _, rule in sorted((builtin | self._rules).items()))


def _weigh(binding: Binding, document: Document) -> tuple[Evidence, ...]:
    """Return the evidence: of the value, then of what the text around it says of it."""
    evidence = tuple(scoring.weigh(binding, document.path, document.data))
    if len(evidence) == 1:
        return evidence
    more = stated.lift(binding, evidence, document.path, document.data)
    if more is None and scoring.confidence_of(evidence) is None:
        return evidence
    if reason := exempt.reason(document.data, binding, document.path):
        return (Evidence(reason, scoring.REJECT),)
    return (*evidence, more) if more else evidence


def _in_form(rule: Rule, document: Document, ends: Sequence[int]) -> Iterator[Binding]:
    """Yield the values that a rule's own regex finds; its groups `name`, `user`, `host` say what, whose, where."""
    pattern = compile_pattern(rule.regex)
    data = document.data
    name = rule.id.rpartition("-")[2]
    form = rule.tags[0] if rule.tags else "form"
    beside = {pattern.groupindex.get(group) for group in ("name", "user", "host")}
    for start, end in windows(ends, len(data)):
        for found in pattern.finditer(data, start, end, timeout=time_for(end - start)):
            group = next(
                (number for number in range(1, pattern.groups + 1) if found[number] and number not in beside), 0
            )
            if found[group] and found.end() - found.start() <= MAX_MATCH:
                named = found.groupdict()
                yield Binding(
                    named["name"].decode() if named.get("name") else name,
                    found.start(),
                    found.start(group),
                    found.end(group),
                    found[group],
                    form,
                    quoted=False,
                    user=named.get("user") or b"",
                    host=named.get("host") or b"",
                )
