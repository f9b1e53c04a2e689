"""Keys and places."""

from __future__ import annotations

from keytrace.lifecycle.key import Holds, Key, Mention, Place, Role


def place(role: Role, path: str = "a") -> Place:
    return Place(role, path, 1, "A_KEY", "dotenv", Holds.NAME)


def test_places_by_role() -> None:
    places = (place(Role.READ), place(Role.DEFINED), place(Role.DOCUMENTED))
    key = Key("a", ("A_KEY", "B"), "", "", "unknown", (), (), (), "", "", "", "", places)
    assert key.name == "A_KEY"
    assert key.at(Role.DEFINED, Role.DOCUMENTED) == places[1:]


def test_a_value_is_not_in_what_is_printed() -> None:
    assert "hidden" not in repr(Mention(Role.READ, "A", 1, "x", b"hidden"))
