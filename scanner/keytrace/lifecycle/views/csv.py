"""The inventory for spreadsheets: a row a place, with what is known of its key."""

from __future__ import annotations

import csv
from typing import TextIO

from keytrace.lifecycle.key import Inventory
from keytrace.reporters.layout import printable

_HEADS = (
    "key", "name", "role", "path", "line", "holds", "format", "environment", "service", "place_owners", "changed",
    "digest", "provider", "rule", "scope", "owners", "owned_by", "first_seen", "last_changed", "expires",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(inventory: Inventory, stream: TextIO) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_HEADS)
    for key in inventory.keys:
        for place in key.places:
            row = (
                key.id, place.name, place.role, place.path, place.line, place.holds, place.form, place.environment,
                place.service, " ".join(place.owners), place.changed, place.digest, key.provider, key.rule, key.scope,
                " ".join(key.owners), key.owned_by, key.first_seen, key.last_changed, key.expires,
            )  # fmt: skip
            writer.writerow([_cell(str(value)) for value in row])


def _cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{printable(text)}" if text.startswith(_FORMULA) else printable(text)
