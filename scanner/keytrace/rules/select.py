"""Which rules a scan has: those of several files together, selected, with what belongs to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from keytrace.errors import ScannerError, suggest
from keytrace.model import Allowlist, Rule
from keytrace.rules.stored import StoredRules, by_id, ids

if TYPE_CHECKING:
    from keytrace.rules.validate import RuleFile

# How the id of a rule tells what belongs to it: the rule `acme-client-secret` is joined with the part `acme-client-id`.
_PARTS_OF = {
    "access-key-secret": ("access-key-id",),
    "api-key-secret": ("api-key-id", "api-key-sid"),
    "api-secret": ("api-key-id", "api-key"),
    "app-secret": ("app-id", "app-key"),
    "application-secret": ("application-id", "application-key-id"),
    "auth-secret": ("auth-key-id",),
    "client-secret": ("client-id",),
    "consumer-secret": ("consumer-key",),
    "key-secret": ("key-id",),
    "secret-access-key": ("access-key-id",),
    "secret-key": ("access-key-id", "secret-id"),
    "token-secret": ("token-id",),
}


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The rules of a scan, sorted by id, and the allowlists that hold for all of them.

    `companions` are rules that were not selected but that a selected one names: they only bear witness.
    """

    rules: Sequence[Rule]
    allowlists: tuple[Allowlist, ...] = ()
    companions: tuple[Rule, ...] = ()

    def __getitem__(self, rule_id: str) -> Rule:
        return by_id(self.rules)[rule_id]

    def with_file(self, file: RuleFile) -> Ruleset:
        """Add the rules and allowlists of a file; a rule of the same id replaces ours."""
        rules = {rule.id: rule for rule in self.rules} | {rule.id: rule for rule in file.rules}
        return Ruleset(tuple(sorted(rules.values(), key=lambda rule: rule.id)), self.allowlists + file.allowlists)

    def select(self, only: Iterable[str] = (), without: Iterable[str] = ()) -> Ruleset:
        """Keep the rules in `only` (all when empty) less those in `without`; raise ScannerError for an unknown id."""
        known = by_id(self.rules)
        only, without = self._meant(only), self._meant(without)
        for name in sorted((only | without).difference(known)):
            raise ScannerError(f"unknown rule '{name}'", _nearest(name, known))
        if not only and not without:
            return self
        kept = tuple(known[name] for name in known if (not only or name in only) and name not in without)
        return replace(self, rules=kept).beside(self.rules, without)

    def _meant(self, names: Iterable[str]) -> frozenset[str]:
        """Return the ids that are meant: of what is none, those of the rules that other scanners call so."""
        known = by_id(self.rules)
        return frozenset(
            one for name in names for one in ([name] if name in known else named(name, self.rules) or [name])
        )

    def linked(self) -> Ruleset:
        """Give each rule that does not say what belongs to it the parts that its id tells of, if there are such."""
        if isinstance(self.rules, StoredRules):
            return replace(self, rules=self.rules.changed(partial(_linked, parts=self.rules.parts)))
        parts = {rule.id for rule in self.rules if rule.part}
        return replace(self, rules=tuple(_linked(rule, parts) for rule in self.rules))

    def beside(self, others: Sequence[Rule], without: Collection[str] = ()) -> Ruleset:
        """Add those of `others` that the rules name, and in turn what these need; and, less those in `without`, the
        general ones where a rule says whose it is what they find.
        """
        known = by_id(others)
        own = set(ids(self.rules))
        wanted = [name for rule in self.rules for name in (*(rule.companions or ()), *rule.needs)]
        if any(rule.analyzer == "named" for rule in self.rules):
            general = (rule.id for rule in others if rule.id == "hardcoded-credential" or "generic" in rule.tags)
            wanted += [name for name in general if name not in without]
        added: dict[str, Rule] = {}
        for name in wanted:  # grows on the way
            if name in known and name not in own and name not in added:
                added[name] = known[name]
                wanted += known[name].needs
        return replace(self, companions=tuple(added.values()))


def named(alias: str, rules: Iterable[Rule]) -> list[str]:
    """Return the ids of the rules that another scanner, or that one of `scanner:id`, calls so."""
    return [rule.id for rule in rules if any(alias in (one, one.partition(":")[2]) for one in rule.aliases)]


def _linked(rule: Rule, parts: Collection[str]) -> Rule:
    if rule.companions is not None:
        return rule
    for secret, endings in _PARTS_OF.items():
        if rule.id.endswith("-" + secret):
            names = (rule.id.removesuffix(secret) + ending for ending in endings)
            return replace(rule, companions=tuple(name for name in names if name in parts) or None)
    return rule


def check_links(file: RuleFile, known: Iterable[str]) -> None:
    """Raise ScannerError when a rule of `file` names a companion that is not in `known`."""
    known = frozenset(known)
    for place, rule_id, companion in file.links:
        if companion not in known:
            raise ScannerError(f"{place}: rule '{rule_id}': there is no rule '{companion}'", _nearest(companion, known))


def _nearest(name: str, known: Collection[str]) -> str:
    """Return a hint to what may be meant by an id that is none."""
    family = sorted(one for one in known if one.startswith(f"{name}-"))
    if family:
        more = f" and {len(family) - 3} more" if len(family) > 3 else ""
        return f"there are {', '.join(family[:3])}{more}: `keytrace rules list {name}`"
    return suggest(name, known) or "`keytrace rules list` shows all rules"
