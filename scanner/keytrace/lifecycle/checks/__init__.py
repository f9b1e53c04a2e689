"""What may be wrong with the keys of a tree, a function each; rules/lifecycle.toml has the documentation.

A new one is a function in a file here, a line in the dict and a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from keytrace.lifecycle.checks import keeping, scopes, stale, usage
from keytrace.lifecycle.checks.facts import Facts, Fault

Check = Callable[[Facts], Iterator[Fault]]

CHECKS: dict[tuple[str, ...], Check] = {  # by the rules whose faults they yield
    ("same-key-in-two-environments",): scopes.same_in_two,
    ("live-key-outside-production", "test-key-in-production"): scopes.live_elsewhere,
    ("broad-key",): scopes.broad,
    ("stale-value",): stale.stale,
    ("defined-never-read",): usage.never_read,
    ("read-never-defined",): usage.never_defined,
    ("undocumented-key",): usage.undocumented,
    ("no-owner",): keeping.no_owner,
    ("key-older-than",): keeping.too_old,
    ("expires-soon",): keeping.expiring,
}


def faults(facts: Facts) -> Iterator[Fault]:
    """Yield all that is wrong."""
    for check in CHECKS.values():
        yield from check(facts)
