"""Keys that nobody owns, that are too old, and that expire soon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from keytrace.lifecycle.checks.facts import Facts, Fault, is_test, with_value
from keytrace.lifecycle.expiry import expires
from keytrace.lifecycle.key import Role


def no_owner(facts: Facts) -> Iterator[Fault]:
    """Yield each key none of whose places has an owner, where something says who owns what."""
    for key, group in facts.each() if facts.has_owners else ():
        defined = sorted(
            (one for one in group if one.mention.role is Role.DEFINED and not is_test(one.path)),
            key=lambda one: one.place,
        )
        if defined and all(one.owned_by in ("", "git") for one in group):
            yield Fault("no-owner", defined[0], f"{key.name}: nothing says who owns it", tuple(defined[1:]))


def too_old(facts: Facts) -> Iterator[Fault]:
    """Yield each value that is older than is allowed, at each place."""
    oldest = (facts.today - timedelta(days=facts.max_age)).isoformat() if facts.max_age else ""
    for key, group in facts.each():
        for one in with_value(group):
            if one.day and one.day < oldest:
                days = (facts.today - date.fromisoformat(one.day)).days
                yield Fault("key-older-than", one, f"{key.name} is {days} days old; {facts.max_age} are allowed")


def expiring(facts: Facts) -> Iterator[Fault]:
    """Yield each value that tells that it expires soon, or has expired."""
    last = (facts.today + timedelta(days=facts.expires_within)).isoformat()
    for key, group in facts.each():
        for one in with_value(group):
            day = expires(one.value)
            if day and day <= last:
                when = "expired" if day < facts.today.isoformat() else "expires"
                yield Fault("expires-soon", one, f"{key.name} {when} on {day}")
