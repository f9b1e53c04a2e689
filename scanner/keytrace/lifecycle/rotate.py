"""From a key of the inventory to the plan for its rotation.

The order is what keeps services running: the new key exists before anything uses it, whoever checks accepts both, and
the old one is revoked, and refused, only when nothing holds it.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from keytrace.errors import ScannerError, suggest
from keytrace.lifecycle.checking import checks
from keytrace.lifecycle.key import Holds, Inventory, Key, Place, Role
from keytrace.lifecycle.plan import Command, Plan, Step, Task
from keytrace.lifecycle.revoking import advice, page_of
from keytrace.lifecycle.wording import opens_database, words_of
from keytrace.model import Artifact, Report, Rule
from keytrace.names.environments import canonical
from keytrace.rules.load import builtin_providers
from keytrace.text.language import is_code

_DIGEST = re.compile(r"[0-9a-f]{8,}")
_SIGNING = frozenset("webhook signing signature hmac jwt session cookie csrf".split())
_LAST = ("preview", "qa", "uat", "demo", "sandbox", "staging", "canary", "production")  # the least risk first
_STORES = {  # where a reference in a format takes its value from
    "github-actions": "set the secret of this name at GitHub: Settings, Secrets and variables, Actions",
    "gitlab-ci": "set the variable of this name at GitLab: Settings, CI/CD, Variables",
    "circleci": "set the variable of this name at CircleCI, in the project or its context",
    "kubernetes": "set it in the Secret that this refers to, or in the store that it is made from",
    "compose": "set it where Compose takes it from: its environment, or a file",
    "terraform": "set the variable, or what is in the store, that this refers to",
    "shell": "set it where the script takes it from",
}
_RUN_ANEW = {  # what reads a key without being deployed
    "shell": "the script reads it: run it anew, and whatever runs it",
    "gitlab-ci": "its jobs read it: run them anew",
    "circleci": "its jobs read it: run them anew",
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
    is_fixable: Callable[[str], bool] = lambda _: False,
) -> Plan:
    """Return the plan for a key; `rule` is the one for keys of its provider, if that is known.

    Only what belongs to `environment`, or to none, is in it where one is given. `checked` are places (path, line) where
    a program checks something by the key; `paths` are what is looked at; `is_fixable` tells by its path whether
    `keytrace fix` takes a value out of a file. Raise ScannerError where the key is not in that environment.
    """
    environment = canonical(environment)
    if environment and environment not in key.environments:
        known = ", ".join(key.environments) or "none is known"
        raise ScannerError(f"{key.id} is not in an environment called {environment}", f"its environments: {known}")
    places = _of_environment(key.places, environment)
    old = tuple(sorted({one.digest for one in places if one.digest and one.holds is Holds.VALUE}))
    others = {one.digest for one in key.places if one not in places} & set(old)
    more = [f"another environment has the same value: give {environment} a key of its own"] if others else []
    accepting = _accepting(key, rule, places, checked)
    steps = (
        _create(key, rule, is_own=bool(accepting)),
        _accept(key, rule, accepting),
        _set(places, is_fixable),
        _redeploy(places),
        _prove(old, paths, rule),
        _revoke(key, rule, is_own=bool(accepting)),
        _refuse(key, rule, accepting),
        _clean_up(places),
    )
    environments = (environment,) if environment else key.environments
    return Plan(
        key,
        rule.name if rule else "",
        environments,
        old,
        tuple(filter(None, steps)),
        (*notes, *more, *_half_done(places)),
    )


def _of_environment(places: Sequence[Place], environment: str) -> list[Place]:
    """Return what belongs to an environment, or to none: a value tells, where another environment has it alone."""
    if not environment:
        return list(places)
    own = {one.digest for one in places if one.environment == environment}
    foreign = {one.digest for one in places if one.environment not in ("", environment)} - own - {""}
    return [one for one in places if one.environment in ("", environment) and one.digest not in foreign]


def _half_done(places: Iterable[Place]) -> Iterator[str]:
    """Yield what to say where a service has values of different days in one environment: nobody ended that rotation."""
    groups: dict[tuple[str, str], list[Place]] = {}
    for one in places:
        if one.holds is Holds.VALUE and one.digest and one.changed:
            groups.setdefault((one.environment, one.service), []).append(one)
    for held in groups.values():
        newest = max(held, key=lambda one: one.changed)
        since = min(one.changed for one in held if one.digest == newest.digest)
        old = [one for one in held if one.digest != newest.digest and one.changed < since]
        if old:
            where = ", ".join(f"{one.path}:{one.line}" for one in old[:5])
            yield (
                f"{newest.path}:{newest.line} has a newer value, since {since}, than {where}: a rotation before this "
                f"one may be half done; end that first: keytrace inventory --check --old {old[0].digest}"
            )


def _create(key: Key, rule: Rule | None, *, is_own: bool) -> Step:
    says = "The old key stays as it is until the last steps."
    if rule is None and is_own:
        says += " It is one of your own: a new random value, no shorter than the old one."
    elif rule is None and not opens_database(key.name):
        says += " No provider is known by the value or the name: whatever gave out the old key gives out the new one."
    if key.scope in ("admin", "unscoped"):
        says += " The old one is broader than most uses need: give the new one only what the services below need."
    if len(key.services) > 1:
        says += f" {len(key.services)} services share it: better a key for each, that can be revoked alone."
    if len(key.environments) > 1:
        says += " Let no two environments have the same one."
    task = Task(f"create a new key{f' ({rule.name})' if rule else ''} beside the old one", owners=key.owners)
    return Step("create", "Create the new key beside the old one", says, (task,), page=page_of(rule))


def _accepting(
    key: Key, rule: Rule | None, places: Sequence[Place], checked: Collection[tuple[str, int]]
) -> list[Place]:
    """Return where the tree itself checks something by the key; none where it only sends it to who checks it."""
    read = [one for one in places if one.role is Role.READ]
    if checked:
        beside = {one.path: one for one in reversed(read)}
        return [_there(key, path, line, beside.get(path)) for path, line in sorted(checked)]
    is_signing = not _SIGNING.isdisjoint((*words_of(key.name), *(rule.id.split("-") if rule else ())))
    return list(_first_in_file(read)) if is_signing else []


def _there(key: Key, path: str, line: int, beside: Place | None) -> Place:
    """Return a place at which a key is checked, of whom that is who reads it in the same file."""
    known = next((one for one in key.places if (one.path, one.line) == (path, line)), None)
    if known is not None:
        return known
    service, owners = (beside.service, beside.owners) if beside else ("", ())
    return Place(Role.READ, path, line, key.name, "", Holds.NAME, service=service, owners=owners)


def _accept(key: Key, rule: Rule | None, accepting: Sequence[Place]) -> Step:
    """Return the step for whoever checks the key: services of one's own, the provider, a database, somebody else."""
    if accepting:
        says = "What checks requests, signatures or logins with this key accepts the old and the new one from here on."
        tasks = tuple(_at(one, "accept both where it is checked") for one in accepting)
        return Step("accept-both", "Have both accepted", says, tasks)
    if rule:
        says = "The provider accepts both until the old one is revoked; nothing of yours has to be changed for it."
    elif opens_database(key.name):
        says = (
            "A user of a database has one password: make a second user with the same rights and set both, name and "
            "password, below; or change the password and all places at once (ALTER ROLE, ALTER USER). MySQL 8 keeps "
            "both for a while (RETAIN CURRENT PASSWORD), Redis has several for a user. What is connected stays so."
        )
    else:
        says = (
            "Nothing here checks it: it is sent to who does. Let them accept the new one beside the old one; where "
            "there is room for one only, change both sides at once."
        )
    return Step("accept-both", "Have both accepted", says)


def _set(places: Iterable[Place], is_fixable: Callable[[str], bool]) -> Step:
    defined = [one for one in places if one.role in (Role.DEFINED, Role.SHIPPED)]
    ordered = sorted(defined, key=lambda one: (_risk(one.environment), one.holds is Holds.VALUE, one.path, one.line))
    tasks = [_at(one, says) for one in ordered if (says := _how(one, is_fixable))]
    says = "In this order, each environment up to the redeployment before the next."
    if not tasks:
        return Step("set", "Set the new key", "", (Task("nothing here defines it: set it where it is kept"),))
    return Step("set", "Set the new key", says, tuple(tasks))


def _risk(environment: str) -> int:
    """Return a number by which environments are ordered; where none is known, it may be all: last but production."""
    if not environment:
        return len(_LAST) - 1
    return _LAST.index(environment) + 1 if environment in _LAST[:-1] else len(_LAST) * (environment == _LAST[-1])


def _how(place: Place, is_fixable: Callable[[str], bool]) -> str:
    """Return how the new value comes to a place; empty where there is nothing to do."""
    if place.role is Role.SHIPPED:
        return "it is in what clients get: build it without the key, every user has the old one"
    if place.holds is Holds.VALUE:
        if not is_code(place.path):
            return "replace the value"
        does = "`keytrace fix` does" if is_fixable(place.path) else "read it from the environment"
        return f"take the value out ({does})"
    if place.holds is Holds.ENCRYPTED:
        return "encrypt the new value, replace what is there"
    if place.holds is Holds.REFERENCE:
        return _STORES.get(place.form, "set it in what this refers to")
    return ""


def _redeploy(places: Iterable[Place]) -> Step:
    """Return the step for the services that get or read the key, each with who owns what reads it there."""
    of_service: dict[str, list[Place]] = {}
    scripts = [one for one in places if one.form in _RUN_ANEW and one.role is not Role.DOCUMENTED]
    for one in sorted(places, key=lambda one: (one.service, one.role is Role.DEFINED)):
        if one.service and one.role is not Role.DOCUMENTED:
            of_service.setdefault(one.service, []).append(one)
    tasks = [
        Task("redeploy, and see that it works", service=name, owners=_owners(of_service[name])) for name in of_service
    ]
    tasks += [_at(one, _RUN_ANEW[one.form]) for one in _first_in_file(scripts)]
    tasks = tasks or [Task("restart whatever reads it: nothing here tells which service that is")]
    says = "What runs keeps the old key until it starts anew."
    return Step("redeploy", "Redeploy what uses it", says, tuple(tasks))


def _owners(places: Sequence[Place]) -> tuple[str, ...]:
    """Return who owns places of a service: those that only define something count where there are no others."""
    own = [one for one in places if one.role is not Role.DEFINED] or places
    return tuple(dict.fromkeys(owner for one in own for owner in one.owners))


def _prove(old: Sequence[str], paths: Sequence[str], rule: Rule | None) -> Step:
    runs = [shlex.join(("keytrace", "inventory", *paths, "--check", "--old", digest)) for digest in old or ["FILE"]]
    exits = ((0, "no place holds the old value: it may be revoked"), (1, "it lists the places that still hold it"))
    says = "Run it on what is deployed; on another machine with a file that holds the old value: `--old FILE`."
    who = "at the provider" if rule else "where it is checked"
    task = Task(f"see {who} that nothing uses the old key any more, if that tells when a key was used last")
    return Step(
        "prove", "Prove that nothing holds the old key", says, (task,), tuple(Command(one, exits) for one in runs)
    )


def _revoke(key: Key, rule: Rule | None, *, is_own: bool) -> Step | None:
    """Return the step for whoever gave out the key; none where nobody else did."""
    if rule is None and is_own:
        return None
    if rule is not None:
        says = advice(rule)
    elif opens_database(key.name):
        says = "Drop the old user; where its password was changed, the old one opens nothing any more."
    else:
        says = "Revoke the old key where it was given out."
    tasks = (_approval(key), Task("revoke the old key, and watch for errors for as long as the slowest job takes"))
    return Step("revoke", "Revoke the old key", says, tasks, page=page_of(rule))


def _approval(key: Key) -> Task:
    says = "approve the revocation" if key.owners else "nobody is known to own it: name who approves the revocation"
    return Task(says, owners=key.owners)


def _refuse(key: Key, rule: Rule | None, accepting: Sequence[Place]) -> Step | None:
    """Return the step that ends the acceptance of the old key, where there is one."""
    if not accepting:
        return None
    says = "The old key is refused from here on; watch for errors for as long as the slowest job takes."
    tasks = [_at(one, "accept only the new one, and deploy that") for one in accepting]
    return Step("refuse-old", "Accept only the new key", says, (*([] if rule else [_approval(key)]), *tasks))


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


def rule_of(key: Key, rules: Mapping[str, Rule]) -> Rule | None:
    """Return the rule for keys of this kind: that which found a value, else of the provider that documents the name."""
    if key.provider:
        return rules.get(key.rule)
    owner = builtin_providers().owner(key.name)
    if owner is None or not owner.is_documented:
        return None
    return min(owner.rules, key=lambda rule: (rule.scope in ("test", "admin", "publishable"), -rule.severity, rule.id))


def compared(report: Report) -> frozenset[tuple[str, int]]:
    """Return the places of what Python programs compare with something, or verify by it."""
    found = (one for one in report.findings if one.rule_id in ("credential-compared", "unverified-webhook"))
    steps = (step for one in found for step in (one.location, *one.flow))
    return frozenset((step.provenance.path, step.region.start_line) for step in steps)


def checked(key: Key, report: Report, artifacts: Mapping[str, Artifact], limit: int) -> frozenset[tuple[str, int]]:
    """Return the places at which programs check something by a key, seen in their text or in a finding of the scan."""
    found = frozenset(checks(key, artifacts, limit))
    files = {path for path, _ in found}
    read = {(one.path, one.line) for one in key.at(Role.READ) if one.path not in files}
    return found | (compared(report) & read)
