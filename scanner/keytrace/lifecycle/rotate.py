"""From a key of the inventory to the plan for its rotation.

The order is what keeps services running: the new key exists before anything uses it, whoever checks accepts both, and
the old one is revoked only when nothing holds it.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from keytrace.errors import ScannerError, suggest
from keytrace.lifecycle.environments import canonical
from keytrace.lifecycle.key import Holds, Inventory, Key, Place, Role
from keytrace.lifecycle.plan import Command, Plan, Step, Task
from keytrace.model import Report, Rule
from keytrace.rules.load import load_builtin
from keytrace.text.language import is_code
from keytrace.triage.providers import Providers

_DIGEST = re.compile(r"[0-9a-f]{8,}")
_PAGE = re.compile(r"https://[^\s)>\]]+[^\s)>\].,;]")
_LAST = ("preview", "qa", "uat", "demo", "sandbox", "staging", "canary", "production")  # the least risk first
_STORES = {  # where a reference in a format takes its value from
    "github-actions": "set the secret of this name at GitHub: Settings, Secrets and variables, Actions",
    "gitlab-ci": "set the variable of this name at GitLab: Settings, CI/CD, Variables",
    "circleci": "set the variable of this name at CircleCI, in the project or its context",
    "kubernetes": "set it in the Secret that this refers to, or in the store that it is made from",
    "compose": "set it where Compose takes it from: its environment, or a file",
    "terraform": "set the variable, or what is in the store, that this refers to",
}


def find(inventory: Inventory, wanted: str) -> Key:
    """Return the key of this id, name, or digest of a value; raise ScannerError where there is none, or several."""
    for same in (_by_id, _by_name, _by_digest):
        found = [key for key in inventory.keys if same(key, wanted)]
        if len(found) == 1:
            return found[0]
        if found:
            ids = ", ".join(key.id for key in found[:6])
            raise ScannerError(f"there are {len(found)} keys called {wanted}", f"say which: {ids}")
    known = [name for key in inventory.keys for name in (key.id, *key.names)]
    raise ScannerError(f"there is no key called {wanted}", suggest(wanted, known) or "`keytrace inventory` lists them")


def _by_id(key: Key, wanted: str) -> bool:
    return key.id == wanted


def _by_name(key: Key, wanted: str) -> bool:
    return wanted in key.names


def _by_digest(key: Key, wanted: str) -> bool:
    return _DIGEST.fullmatch(wanted) is not None and any(one.digest.startswith(wanted) for one in key.places)


def make_plan(
    key: Key,
    rule: Rule | None,
    environment: str = "",
    checked: Collection[tuple[str, int]] = (),
    notes: Sequence[str] = (),
    paths: Sequence[str] = (),
) -> Plan:
    """Return the plan for a key; `rule` is the one for keys of its provider, if that is known.

    Only what belongs to `environment`, or to none, is in it where one is given. `checked` are places (path, line) where
    a program compares something with a secret; `paths` are what is looked at. Raise
    ScannerError where the key is not in that environment.
    """
    environment = canonical(environment)
    if environment and environment not in key.environments:
        known = ", ".join(key.environments) or "none is known"
        raise ScannerError(f"{key.id} is not in an environment called {environment}", f"its environments: {known}")
    places = _of_environment(key.places, environment)
    old = tuple(sorted({one.digest for one in places if one.digest and one.holds is Holds.VALUE}))
    others = {one.digest for one in key.places if one not in places} & set(old)
    more = [f"another environment has the same value: give {environment} a key of its own"] if others else []
    steps = (
        _create(key, rule),
        _accept(rule, places, checked),
        _set(places),
        _redeploy(places),
        _prove(old, paths),
        _revoke(key, rule),
        _clean_up(places),
    )
    environments = (environment,) if environment else key.environments
    return Plan(key, rule.name if rule else "", environments, old, tuple(filter(None, steps)), (*notes, *more))


def _of_environment(places: Sequence[Place], environment: str) -> list[Place]:
    """Return what belongs to an environment, or to none: a value tells, where another environment has it alone."""
    if not environment:
        return list(places)
    own = {one.digest for one in places if one.environment == environment}
    foreign = {one.digest for one in places if one.environment not in ("", environment)} - own - {""}
    return [one for one in places if one.environment in ("", environment) and one.digest not in foreign]


def _create(key: Key, rule: Rule | None) -> Step:
    says = "The old key stays as it is until the last steps."
    if rule is None:
        says += " No provider is known by the value or the name: whatever gave out the old key gives out the new one."
    if key.scope in ("admin", "unscoped"):
        says += " The old one is broader than most uses need: give the new one only what the services below need."
    if len(key.services) > 1:
        says += f" {len(key.services)} services share it: better a key for each, that can be revoked alone."
    if len(key.environments) > 1:
        says += " Let no two environments have the same one."
    task = Task(f"create a new key{f' ({rule.name})' if rule else ''} beside the old one", owners=key.owners)
    return Step("create", "Create the new key beside the old one", says, (task,), page=_page(rule))


def _accept(rule: Rule | None, places: Iterable[Place], checked: Collection[tuple[str, int]]) -> Step:
    """Return the step for whoever checks the key: the provider, or services of one's own."""
    read = [one for one in places if one.role is Role.READ]
    checks = [one for one in read if (one.path, one.line) in checked]
    if rule and not checks and not _signs(rule):
        says = "The provider accepts both until the old one is revoked; nothing of yours has to be changed for it."
        return Step("accept-both", "Have both accepted", says)
    says = "Whoever checks requests, signatures or logins with this key accepts the old and the new one from here on."
    where = checks or read
    tasks = [_at(one, "accept both where it is checked") for one in _first_in_file(where)]
    return Step(
        "accept-both", "Have both accepted", says, tuple(tasks or [Task("accept both where the key is checked")])
    )


def _signs(rule: Rule) -> bool:
    return not {"webhook", "signing", "hmac", "jwt"}.isdisjoint(rule.id.split("-"))


def _set(places: Iterable[Place]) -> Step:
    defined = [one for one in places if one.role in (Role.DEFINED, Role.SHIPPED)]
    ordered = sorted(defined, key=lambda one: (_risk(one.environment), one.holds is Holds.VALUE, one.path, one.line))
    tasks = [_at(one, says) for one in ordered if (says := _how(one))]
    says = "In this order, each environment up to the redeployment before the next."
    if not tasks:
        return Step("set", "Set the new key", "", (Task("nothing here defines it: set it where it is kept"),))
    return Step("set", "Set the new key", says, tuple(tasks))


def _risk(environment: str) -> int:
    """Return a number by which environments are ordered; where none is known, it may be all: last but production."""
    if not environment:
        return len(_LAST) - 1
    return _LAST.index(environment) + 1 if environment in _LAST[:-1] else len(_LAST) * (environment == _LAST[-1])


def _how(place: Place) -> str:
    """Return how the new value comes to a place; empty where there is nothing to do."""
    if place.role is Role.SHIPPED:
        return "it is in what clients get: build it without the key, every user has the old one"
    if place.holds is Holds.VALUE:
        return "take the value out (`keytrace fix` does)" if is_code(place.path) else "replace the value"
    if place.holds is Holds.ENCRYPTED:
        return "encrypt the new value, replace what is there"
    if place.holds is Holds.REFERENCE:
        return _STORES.get(place.form, "set it in what this refers to")
    return ""


def _redeploy(places: Iterable[Place]) -> Step:
    """Return the step for the services that get or read the key, each with who owns what reads it there."""
    of_service: dict[str, list[Place]] = {}
    for one in sorted(places, key=lambda one: (one.service, one.role is Role.DEFINED)):
        if one.service and one.role is not Role.DOCUMENTED:
            of_service.setdefault(one.service, []).append(one)
    tasks = [
        Task("redeploy, and see that it works", service=name, owners=_owners(of_service[name])) for name in of_service
    ]
    tasks = tasks or [Task("restart whatever reads it: nothing here tells which service that is")]
    says = "What runs keeps the old key until it starts anew."
    return Step("redeploy", "Redeploy what uses it", says, tuple(tasks))


def _owners(places: Sequence[Place]) -> tuple[str, ...]:
    """Return who owns places of a service: those that only define something count where there are no others."""
    own = [one for one in places if one.role is not Role.DEFINED] or places
    return tuple(dict.fromkeys(owner for one in own for owner in one.owners))


def _prove(old: Sequence[str], paths: Sequence[str]) -> Step:
    runs = [shlex.join(("keytrace", "inventory", *paths, "--check", "--old", digest)) for digest in old or ["FILE"]]
    exits = ((0, "no place holds the old value: it may be revoked"), (1, "it lists the places that still hold it"))
    says = "Run it on what is deployed; on another machine with a file that holds the old value: `--old FILE`."
    task = Task("see at the provider that nothing uses the old key any more, if it tells when a key was used last")
    return Step(
        "prove", "Prove that nothing holds the old key", says, (task,), tuple(Command(one, exits) for one in runs)
    )


def _revoke(key: Key, rule: Rule | None) -> Step:
    says = rule.remediation if rule else "Revoke the old key where it was given out."
    approve = "approve the revocation" if key.owners else "nobody is known to own it: name who approves the revocation"
    tasks = (
        Task(approve, owners=key.owners),
        Task("revoke the old key, and watch for errors for as long as the slowest job takes"),
    )
    return Step("revoke", "Revoke the old key", says, tasks, page=_page(rule))


def _clean_up(places: Iterable[Place]) -> Step | None:
    """Return the step for git history, where a value was committed."""
    committed = [one for one in places if one.holds is Holds.VALUE and one.changed]
    if not committed:
        return None
    days = sorted(one.changed for one in committed)
    says = f"It was committed on {days[0]} or before. Once it is revoked it opens nothing; decide whether it may stay."
    command = Command("keytrace history --clean-up secrets.txt")
    return Step("clean-up", "Clean up the history", says, (Task("rewrite the history, or decide not to"),), (command,))


def _at(place: Place, says: str) -> Task:
    return Task(says, place.path, place.line, place.environment, place.service, place.owners)


def _first_in_file(places: Iterable[Place]) -> Iterator[Place]:
    seen: set[str] = set()
    for one in places:
        if one.path not in seen:
            seen.add(one.path)
            yield one


def _page(rule: Rule | None) -> str:
    found = _PAGE.search(rule.remediation) if rule else None
    return found[0] if found else ""


def rule_of(key: Key, rules: Mapping[str, Rule]) -> Rule | None:
    """Return the rule for keys of this kind: that which found a value, else of the provider that documents the name."""
    if key.provider:
        return rules.get(key.rule)
    owner = Providers(load_builtin().rules).owner(key.name)
    if owner is None or not owner.is_documented:
        return None
    return min(owner.rules, key=lambda rule: (rule.scope in ("test", "admin", "publishable"), -rule.severity, rule.id))


def compared(report: Report) -> frozenset[tuple[str, int]]:
    """Return the places of what programs compare with something, or verify by it."""
    found = (one for one in report.findings if one.rule_id in ("credential-compared", "unverified-webhook"))
    steps = (step for one in found for step in (one.location, *one.flow))
    return frozenset((step.provenance.path, step.region.start_line) for step in steps)
