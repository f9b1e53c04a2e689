"""Rules as the user's cache keeps them: a line of JSON each, made into a rule when it is asked for.

A scan asks for few of them, and most of what each says is documentation.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from functools import cached_property
from typing import Any, overload

from keytrace.model import Allowlist, Answer, Confidence, Probe, Rule, Severity
from keytrace.triage.spoken import Spoken, speak


class StoredRules(Sequence[Rule]):
    """Rules in the order of their ids."""

    def __init__(
        self,
        records: Mapping[str, bytes],
        analyzers: Mapping[str, Collection[str]],
        parts: Collection[str],
        words: bytes = b"",
    ) -> None:
        """Take what is known of all: `records` by id, the rules of each analyzer, `parts` of credentials, and the words
        that speak of them.
        """
        self.records = records
        self.ids = tuple(records)
        self.parts = frozenset(parts)
        self._analyzers = analyzers
        self._words = words
        self._made: dict[str, Rule] = {}
        self._finish: Callable[[Rule], Rule] | None = None

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, number: int) -> Rule: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[Rule, ...]: ...
    def __getitem__(self, number: int | slice) -> Rule | tuple[Rule, ...]:
        if isinstance(number, slice):
            return tuple(map(self.rule, self.ids[number]))
        return self.rule(self.ids[number])

    def __iter__(self) -> Iterator[Rule]:
        return map(self.rule, self.ids)

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, StoredRules | tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.ids)

    def rule(self, rule_id: str) -> Rule:
        """Return a rule; raise KeyError where there is none of that id."""
        made = self._made.get(rule_id)
        if made is None:
            made = _from_record(json.loads(self.records[rule_id]))
            made = self._made[rule_id] = self._finish(made) if self._finish else made
        return made

    def changed(self, change: Callable[[Rule], Rule]) -> StoredRules:
        """Return the same rules, each changed when it is made."""
        changed = StoredRules(self.records, self._analyzers, self.parts, self._words)
        changed._finish = change
        return changed

    @cached_property
    def spoken(self) -> Spoken:
        """What speaks of the rules."""
        return Spoken(*json.loads(self._words)) if self._words else speak(self)

    def of(self, analyzer: str) -> StoredRules:
        """Return the rules of an analyzer."""
        known = self._analyzers.get(analyzer, ())
        own = StoredRules({name: self.records[name] for name in known}, {analyzer: known}, self.parts)
        own._made, own._finish = self._made, self._finish
        return own


class _ById(Mapping[str, Rule]):
    def __init__(self, rules: StoredRules) -> None:
        self._rules = rules

    def __getitem__(self, rule_id: str) -> Rule:
        return self._rules.rule(rule_id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules.ids)

    def __len__(self) -> int:
        return len(self._rules)

    def __contains__(self, rule_id: object) -> bool:
        return rule_id in self._rules.records


def by_id(rules: Sequence[Rule]) -> Mapping[str, Rule]:
    """Return rules by their ids, none made before it is asked for."""
    return _ById(rules) if isinstance(rules, StoredRules) else {rule.id: rule for rule in rules}


def ids(rules: Sequence[Rule]) -> tuple[str, ...]:
    """Return the ids of rules, in their order."""
    return rules.ids if isinstance(rules, StoredRules) else tuple(rule.id for rule in rules)


def of_analyzer(rules: Sequence[Rule], analyzer: str) -> Sequence[Rule]:
    """Return the rules of an analyzer, in their order."""
    if isinstance(rules, StoredRules):
        return rules.of(analyzer)
    return tuple(rule for rule in rules if rule.analyzer == analyzer)


def spoken(rules: Sequence[Rule]) -> Spoken:
    """Return what speaks of rules."""
    return rules.spoken if isinstance(rules, StoredRules) else speak(rules)


def dump(rules: Sequence[Rule]) -> bytes:
    """Return rules, sorted by id, as they are kept: what is known of all, what speaks of them, then a rule a line."""
    analyzers: dict[str, list[str]] = {}
    lines: list[str] = []
    parts: list[str] = []
    for rule in rules:
        analyzers.setdefault(rule.analyzer, []).append(rule.id)
        parts += [rule.id] if rule.part else []
        lines.append(json.dumps(_to_record(rule)))
    return "\n".join([json.dumps([analyzers, parts]), json.dumps(speak(rules)), *lines]).encode()


def restore(content: bytes) -> StoredRules:
    """Return what `dump` made; raise ValueError where it is not that."""
    head, words, *lines = content.split(b"\n")
    analyzers, parts = json.loads(head)
    known = sorted(rule_id for own in analyzers.values() for rule_id in own)
    if not known or len(known) != len(lines):
        raise ValueError("not as many rules as there should be")
    return StoredRules(dict(zip(known, lines, strict=True)), analyzers, parts, words)


def _to_record(rule: Rule) -> dict[str, Any]:
    """Return the fields of a rule that are not what they are by default."""
    usual = {field.name: field.default for field in fields(Rule)}
    return {name: value for name, value in asdict(rule).items() if value != usual[name]}


def _from_record(record: dict[str, Any]) -> Rule:
    record = _tuples(record)
    record["severity"] = Severity(record["severity"])
    record["confidence"] = Confidence(record["confidence"])
    if "allowlists" in record:
        record["allowlists"] = tuple(Allowlist(**_tuples(entry)) for entry in record["allowlists"])
    if "verify" in record:
        record["verify"] = _probe(record["verify"])
    return Rule(**record)


def _probe(record: dict[str, Any]) -> Probe:
    answers = {key: tuple(Answer(**_deep(one)) for one in record[key]) for key in ("live", "dead")}
    return Probe(**{**_deep(record), **answers})


def _deep(value: Any) -> Any:
    """Return a value with all its lists as tuples."""
    if isinstance(value, dict):
        return {name: _deep(item) for name, item in value.items()}
    return tuple(map(_deep, value)) if isinstance(value, list) else value


def _tuples(record: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if value.__class__ is list else value for name, value in record.items()}
