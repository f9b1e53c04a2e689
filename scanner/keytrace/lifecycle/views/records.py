"""An inventory as plain data, and back: what the JSON format holds."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from keytrace.lifecycle.key import Holds, Inventory, Key, Place, Role

FORMAT = "keytrace-inventory/1"


def of_inventory(inventory: Inventory) -> dict[str, Any]:
    """Return an inventory as JSON knows it."""
    return {
        "format": FORMAT,
        "digest_key": inventory.digest_key,
        "keys": [of_key(key) for key in inventory.keys],
        "errors": [{"path": error.path, "message": error.message} for error in inventory.errors],
        "notes": list(inventory.notes),
    }


def of_key(key: Key) -> dict[str, Any]:
    """Return a key as JSON knows it."""
    record: dict[str, Any] = {"id": key.id}
    for one in fields(Key):
        value = getattr(key, one.name)
        record[one.name] = [_of_place(place) for place in value] if one.name == "places" else _plain(value)
    return record


def _of_place(place: Place) -> dict[str, Any]:
    return {one.name: _plain(getattr(place, one.name)) for one in fields(Place)}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else str(value) if isinstance(value, Role | Holds) else value


def to_keys(data: Any) -> tuple[Key, ...]:
    """Return the keys of what `of_inventory` made; raise ValueError where it is not that."""
    if not isinstance(data, dict) or data.get("format") != FORMAT or not isinstance(data.get("keys"), list):
        raise ValueError(f"its format is not {FORMAT}")
    try:
        return tuple(_to_key(record) for record in data["keys"])
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError("a key in it has other fields than it should") from error


def _to_key(record: dict[str, Any]) -> Key:
    places = tuple(
        Place(**{**_tuples(one), "role": Role(one["role"]), "holds": Holds(one["holds"])}) for one in record["places"]
    )
    return Key(**{**_tuples(record), "places": places})


def _tuples(record: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in record.items()}
