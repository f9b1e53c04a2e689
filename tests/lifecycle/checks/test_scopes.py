"""One key an environment."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from keytrace.lifecycle.checks import scopes
from keytrace.lifecycle.checks.facts import Facts, Fault
from keytrace.lifecycle.seen import Seen
from keytrace.model import Severity
from tests.lifecycle.checks.making import facts, placed
from tests.samples import unmarked

VALUE = unmarked(1)


def found(check: Callable[[Facts], Iterable[Fault]], *group: Seen) -> list[tuple[str, str]]:
    return [(fault.rule, fault.at.path) for fault in check(facts(group))]


def test_one_value_in_two_environments() -> None:
    shared = (placed("A_KEY", VALUE, "p", "production"), placed("A_KEY", VALUE, "s", "staging"))
    (fault,) = scopes.same_in_two(facts(shared))
    assert (fault.at.path, [one.path for one in fault.others]) == ("s", ["p"])
    assert fault.message == "A_KEY has one value in production, staging"
    assert VALUE not in fault.message


@pytest.mark.parametrize(
    "other",
    [
        placed("A_KEY", unmarked(2), "s", "staging"), placed("A_KEY", VALUE, "s"),
        placed("A_KEY", VALUE, "s", "production"),
        placed("A_KEY", VALUE, "tests/s", "staging"), placed("A_KEY", VALUE, "s", "staging", scope="test"),
        placed("A_KEY", VALUE, "s", "staging", scope="publishable"),
        placed("A_KEY", f"http://localhost/{VALUE}", "s", "staging"),
    ],
)  # fmt: skip
def test_what_is_no_key_in_two(other: Seen) -> None:
    assert found(scopes.same_in_two, placed("A_KEY", VALUE, "p", "production"), other) == []


def test_on_machines_of_developers_and_in_tests_it_may_be_the_same() -> None:
    local = (placed("A_KEY", VALUE, "d", "development"), placed("A_KEY", VALUE, "t", "test"))
    assert found(scopes.same_in_two, *local) == []


def test_live_and_test_keys() -> None:
    live, test = (
        placed("A_KEY", VALUE, name, name, scope=scope) for name, scope in (("staging", "live"), ("production", "test"))
    )
    assert found(scopes.live_elsewhere, live) == [("live-key-outside-production", "staging")]
    assert found(scopes.live_elsewhere, test) == [("test-key-in-production", "production")]
    assert found(scopes.live_elsewhere, placed("A_KEY", VALUE, "p", "production", scope="live")) == []
    assert found(scopes.live_elsewhere, placed("A_KEY", VALUE, "p", "", scope="live")) == []


@pytest.mark.parametrize("name", ["ALGOLIA_ADMIN_KEY", "SUPABASE_SERVICE_ROLE_KEY", "NOTIFY_ROOT_TOKEN"])
def test_broad_by_name(name: str) -> None:
    assert found(scopes.broad, placed(name)) == [("broad-key", ".env")]


@pytest.mark.parametrize(
    "name",
    ["MYSQL_ROOT_PASSWORD", "RAILS_MASTER_KEY", "LOCKBOX_MASTER_KEY", "ADMIN_KEY", "MASTER_ENCRYPTION_KEY", "A_KEY"],
)
def test_not_broad_by_name(name: str) -> None:
    assert found(scopes.broad, placed(name)) == []


def test_a_format_that_is_not_sure_tells_nothing() -> None:
    one = placed("A_KEY", VALUE, scope="admin")
    one.is_sure = False
    assert found(scopes.broad, one) == []
    one.is_sure = one.is_guessed = True  # a key of the provider's, of which nothing says that it is this one
    assert found(scopes.broad, one) == []


def test_broad_by_format() -> None:
    (fault,) = scopes.broad(facts([placed("A_KEY", VALUE, scope="admin")]))
    assert (fault.severity, fault.message) == (
        None,
        "A_KEY opens more than it needs: its format is that of an admin's key",
    )
    (fault,) = scopes.broad(facts([placed("A_KEY", VALUE, scope="unscoped")]))
    assert fault.severity is Severity.MEDIUM
