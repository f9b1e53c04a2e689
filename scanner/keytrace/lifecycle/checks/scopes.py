"""One key an environment: equal values, keys that are live where they should not be, keys that may too much."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from keytrace.lifecycle.checks.facts import Facts, Fault, is_test, with_value
from keytrace.lifecycle.key import Role
from keytrace.lifecycle.seen import Seen
from keytrace.lifecycle.wording import words_of
from keytrace.model import Severity
from keytrace.names.environments import PRODUCTION

_BROAD: dict[str, tuple[str, Severity | None]] = {
    "admin": ("its format is that of an admin's key", None),
    "unscoped": ("it may do all that its owner may, and there are narrower ones", Severity.MEDIUM),
}
_LOCAL = frozenset({"development", "test"})
_HERE = (b"localhost", b"127.0.0.1", b"::1", b"host.docker.internal")
_WIDE = (("service", "role"), ("admin",), ("root",), ("superuser",))  # a master key may be one that encrypts
_KINDS = ("key", "token")
_OF_ONE_APP = frozenset("rails django jwt encryption signing session cookie nextauth password".split())


def same_in_two(facts: Facts) -> Iterator[Fault]:
    """Yield each value that is in use in two environments, at its place in the lesser one."""
    for key, group in facts.each():
        by_value: dict[bytes, list[Seen]] = defaultdict(list)
        for one in with_value(group):
            if one.environment and not _may_be_shared(one):
                by_value[one.value].append(one)
        for places in by_value.values():
            environments = {one.environment for one in places}
            if len(environments) > 1 and not environments <= _LOCAL:
                at = min(places, key=_lesser)
                others = tuple(one for one in places if one.environment != at.environment)
                told = ", ".join(sorted(environments))
                severity = None if PRODUCTION in environments else Severity.MEDIUM
                yield Fault("same-key-in-two-environments", at, f"{key.name} has one value in {told}", others, severity)


def _lesser(one: Seen) -> tuple[bool, str, int]:
    return one.environment == PRODUCTION, one.path, one.mention.line


def _may_be_shared(one: Seen) -> bool:
    """Tell whether a value may be the same everywhere: that of a sandbox, what is public, what is on one's machine."""
    if one.rule is not None and one.rule.scope in ("publishable", "test"):
        return True
    return any(host in (one.mention.value or b"") for host in _HERE)


def live_elsewhere(facts: Facts) -> Iterator[Fault]:
    """Yield each live key in an environment that is not production, and each test key in production."""
    for key, group in facts.each():
        for one in with_value(group):
            scope = one.scope if one.environment else ""
            if scope == "live" and one.environment != PRODUCTION:
                yield Fault("live-key-outside-production", one, f"{key.name}: a live key in {one.environment}")
            elif scope == "test" and one.environment == PRODUCTION:
                yield Fault("test-key-in-production", one, f"{key.name}: a test key in production")


def broad(facts: Facts) -> Iterator[Fault]:
    """Yield each key that may do more than a service needs, once, where it is defined."""
    for key, group in facts.each():
        defined = [one for one in group if one.mention.role is Role.DEFINED and not is_test(one.path)]
        found = [one for one in defined if _scope(one) in _BROAD] or [one for one in defined if _is_wide(one)]
        if found:
            at = min(found, key=lambda one: (one.environment != PRODUCTION, one.place))
            why, severity = _BROAD.get(_scope(at), ("its name says so", Severity.MEDIUM))
            others = tuple(one for one in found if one is not at)
            yield Fault("broad-key", at, f"{key.name} opens more than it needs: {why}", others, severity)


def _scope(one: Seen) -> str:
    return one.scope if one.is_sure else ""


def _is_wide(one: Seen) -> bool:
    """Tell whether a key is an admin's or root's by its name, and one that services of the tree get."""
    return not one.mention.is_foreign and _says_wide(words_of(one.name))


def _says_wide(words: Sequence[str]) -> bool:
    """Tell whether a name is that of an admin's or root's key."""
    if len(words) < 3 or words[-1] not in _KINDS or not _OF_ONE_APP.isdisjoint(words):
        return False
    return any(tuple(words[at : at + len(wide)]) == wide for wide in _WIDE for at in range(len(words)))
