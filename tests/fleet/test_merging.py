"""One inventory of many repositories."""

from __future__ import annotations

from keytrace.fleet.merging import merged
from keytrace.fleet.work import Outcome
from keytrace.lifecycle.key import Holds, Inventory, Key, Place, Role
from keytrace.lifecycle.views.records import of_inventory
from keytrace.model import ScanError


def key(name: str, *digests: str, day: str = "2026-11-01", provider: str = "") -> Key:
    places = tuple(
        Place(Role.DEFINED, ".env", line, name, "dotenv", Holds.VALUE, digest=digest)
        for line, digest in enumerate(digests, 1)
    )
    return Key(f"id of {name}", (name,), provider, "", "live", (), (), (), "", day, day, "", places)


def outcome(name: str, *keys: Key, is_lost: bool = False, error: str = "") -> Outcome:
    errors = [{"type": "error", "path": "bad.env", "message": error}] if error else []
    inventory = None if is_lost else of_inventory(Inventory(keys, (), ("a note",), "key id"))
    return Outcome(name, errors, {}, is_lost, inventory)


def told(*outcomes: Outcome) -> list[tuple[tuple[str, ...], list[str]]]:
    return sorted((one.names, [place.path for place in one.places]) for one in merged(outcomes).keys)


def test_a_name_is_of_one_key_in_each() -> None:
    found = merged([outcome("a", key("TOKEN", "1")), outcome("b", key("TOKEN", "2"), key("OTHER", ""))]).keys
    assert len({one.id for one in found}) == 3
    assert [one.id for one in found] == sorted(one.id for one in found)
    assert {place.path for one in found for place in one.places} == {"a/.env", "b/.env"}


def test_a_value_is_of_one_key_in_all() -> None:
    assert told(outcome("a", key("A", "1")), outcome("b", key("B", "1", "2")), outcome("c", key("C", "2"))) == [
        (("A", "B", "C"), ["a/.env", "b/.env", "b/.env", "c/.env"])
    ]
    apart = outcome("a", key("A", "1"), key("B", "2")), outcome("b", key("C", "3"))
    (one,) = merged([*apart, outcome("c", key("D", "3", "2", "1"))]).keys
    assert (sorted(one.names), len(one.places)) == (["A", "B", "C", "D"], 6)


def test_what_is_known_of_one_is_known_of_all() -> None:
    first, second = key("A", "1", day="2026-11-07"), key("A", "1", day="2026-11-05", provider="acme")
    (one,) = merged([outcome("a", first), outcome("b", second)]).keys
    assert (one.provider, one.first_seen, one.last_changed) == ("acme", "2026-11-05", "2026-11-07")


def test_what_could_not_be_read_is_said() -> None:
    inventory = merged([outcome("a", is_lost=True, error="it is gone"), outcome("b", error="it is damaged")])
    assert inventory.errors == (ScanError("a", "it is gone"), ScanError("b/bad.env", "it is damaged"))
    assert (inventory.notes, inventory.digest_key, inventory.keys) == (("b: a note",), "key id", ())
