"""What is seen of keys in a tree, joined and completed to an inventory: services, environments, owners, dates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from keytrace.lifecycle.changes import Changes
from keytrace.lifecycle.digests import Digests
from keytrace.lifecycle.environments import Environments
from keytrace.lifecycle.expiry import expires
from keytrace.lifecycle.joining import counts
from keytrace.lifecycle.key import Holds, Key, Place, Role
from keytrace.lifecycle.owners import Owners
from keytrace.lifecycle.seen import Seen
from keytrace.lifecycle.services import Services
from keytrace.lifecycle.wording import identity_of
from keytrace.model import Rule
from keytrace.redaction.report import Cover

_RANK = ("admin", "unscoped", "live", "restricted", "test", "publishable")
_GIT = "git"


def complete(every: Iterable[Seen], services: Services, environments: Environments, owners: Owners) -> None:
    """Give each place its service, environment and owners."""
    called, service_of, owners_of = cache(services.called), cache(services.of), cache(owners.of)  # many are in one file
    for one in every:
        one.service = called(one.mention.service) or service_of(one.path)
        one.environment = environments.of(one.path, one.mention, one.by)
        one.owners, one.owned_by = owners_of(one.path)


def date(every: Iterable[Seen], changes: Changes) -> None:
    """Give each place the day on which its line came, and for an owner who wrote it where nobody else is."""
    last = max((change.number for change in changes.brought.values()), default=0)
    for one in every:
        change = changes.of(one.path, one.text)
        if change is not None:
            one.day, one.number = change.day, change.number
            if not one.owners:
                one.owners, one.owned_by = (change.author,), _GIT
        elif changes.brought:
            one.number = last + 1  # not committed yet


def keys(groups: Iterable[Sequence[Seen]], digests: Digests, cover: Cover) -> dict[str, tuple[Key, Sequence[Seen]]]:
    """Return the keys of groups of places by their ids, each with its group; `cover` hides what may not be shown."""
    made: list[tuple[str, str, Sequence[Seen]]] = []
    for group in groups:
        names = [cover.text(name) for name in names_of(group)]
        made.append((names[0] if names else "", _main_service(group), group))
    usual = Counter(name for name, _, _ in made)
    found: dict[str, tuple[Key, Sequence[Seen]]] = {}
    for name, service, group in sorted(made, key=lambda one: (one[0], one[1], _first(one[2]))):
        stem = name if name and usual[name] == 1 else "@".join(filter(None, (name or _unnamed(group), service)))
        ident, number = stem, 1
        while ident in found:
            number += 1
            ident = f"{stem}#{number}"
        found[ident] = _key(ident, name or _unnamed(group), group, digests, cover), group
    return {ident: found[ident] for ident in sorted(found)}


def names_of(group: Iterable[Seen]) -> tuple[str, ...]:
    """Return the names of a key, that of most places and in the usual spelling of a variable first."""
    often = Counter(one.name for one in group if one.name)
    return tuple(sorted(often, key=lambda name: (re.fullmatch(r"[A-Z][A-Z0-9_]*", name) is None, -often[name], name)))


def _unnamed(group: Sequence[Seen]) -> str:
    rule = next((one.rule for one in group if one.rule), None)
    return rule.id if rule else "key"


def _first(group: Iterable[Seen]) -> tuple[str, int]:
    return min(one.place for one in group)


def _main_service(group: Iterable[Seen]) -> str:
    often = Counter(one.service for one in group if one.service)
    return min(often, key=lambda name: (-often[name], name), default="")


def _key(ident: str, name: str, group: Sequence[Seen], digests: Digests, cover: Cover) -> Key:
    ordered = sorted(group, key=lambda one: (*one.place, one.mention.role, one.name, one.environment, one.service))
    defined = [one for one in ordered if one.mention.role is Role.DEFINED] or ordered
    rules = _rules(ordered)
    owners, owned_by = _owners(defined)
    days = _days(ordered)
    changed = _days(one for one in defined if one.mention.holds is Holds.VALUE) or days
    return Key(
        id=ident,
        names=tuple(map(cover.text, names_of(group))) or (name,),
        provider=_provider(rules),
        rule=rules[0].id if rules else "",
        scope=scope_of(ordered),
        environments=_known((one.environment for one in ordered), cover),
        services=_known((one.service for one in ordered), cover),
        owners=tuple(map(cover.text, owners)),
        owned_by=owned_by,
        first_seen=days[0] if days else "",
        last_changed=changed[-1] if changed else "",
        expires=expires_first(ordered),
        places=tuple(_place(one, digests, cover) for one in ordered),
    )


def _rules(group: Iterable[Seen]) -> list[Rule]:
    """Return the rules that found values of a key, that of a format and of the widest scope first."""
    return sorted((one.rule for one in group if one.rule), key=_rank)


def scope_of(group: Iterable[Seen]) -> str:
    """Return what a key may do, as far as its values tell."""
    return next((rule.scope for rule in _rules(one for one in group if one.scope)), "unknown")


def expires_first(group: Iterable[Seen]) -> str:
    """Return the day on which the first value of a key expires."""
    return min(filter(None, (expires(one.value) for one in group if one.value)), default="")


def _owners(defined: Sequence[Seen]) -> tuple[tuple[str, ...], str]:
    """Return who owns the places where a key is defined, those who wrote them only where nobody else does."""
    owned = [one for one in defined if one.owners and one.owned_by != _GIT] or [one for one in defined if one.owners]
    return tuple(dict.fromkeys(owner for one in owned for owner in one.owners)), owned[0].owned_by if owned else ""


def _days(every: Iterable[Seen]) -> list[str]:
    return sorted(one.day for one in every if one.day)


def _known(names: Iterable[str], cover: Cover) -> tuple[str, ...]:
    return tuple(sorted({cover.text(name) for name in names if name}))


def _provider(rules: Sequence[Rule]) -> str:
    """Return the provider of a key, empty where its rule is for all."""
    return next((rule.provider for rule in rules if rule.analyzer == "pattern" and "generic" not in rule.tags), "")


def _rank(rule: Rule) -> tuple[bool, int, str]:
    scope = _RANK.index(rule.scope) if rule.scope in _RANK else len(_RANK)
    return rule.analyzer != "pattern", scope, rule.id


def _place(one: Seen, digests: Digests, cover: Cover) -> Place:
    mention = one.mention
    return Place(
        role=mention.role,
        path=cover.path(one.path),
        line=mention.line,
        name=cover.text(one.name),
        form=mention.form,
        holds=mention.holds,
        environment=cover.text(one.environment),
        service=cover.text(one.service),
        owners=tuple(map(cover.text, one.owners)),
        digest=digests.of(one.value) if digests.may_be_shown and counts(one) else "",
        changed=one.day,
    )


def by_words(group: Iterable[Seen]) -> Mapping[tuple[str, ...], list[Seen]]:
    """Return the places of a key by its names."""
    found: dict[tuple[str, ...], list[Seen]] = {}
    for one in group:
        found.setdefault(identity_of(one.name), []).append(one)
    return found
