"""The inventory for people at a terminal: a line a key, with what is to be known of it at a glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TextIO

from keytrace.lifecycle.key import Inventory, Key, Role

_MOST = 3  # names shown in a column
_HEADS = ("KEY", "PROVIDER", "SCOPE", "ENVIRONMENTS", "SERVICES", "OWNERS", "CHANGED", "PLACES")
_WIDEST = (44, 16, 11, 32, 28, 32, 10, 40)


def write(inventory: Inventory, stream: TextIO) -> None:
    from keytrace.reporters.layout import printable

    rows = [_HEADS, *map(_row, inventory.keys)]
    widths = [min(most, max(len(row[at]) for row in rows)) for at, most in enumerate(_WIDEST)]
    for row in rows if inventory.keys else ():
        cells = (_cut(printable(cell), width).ljust(width) for cell, width in zip(row, widths, strict=True))
        stream.write("  ".join(cells).rstrip() + "\n")
    stream.write(("\n" if inventory.keys else "") + summary(inventory) + "\n")
    stream.writelines(f"not read: {printable(error.path)}: {printable(error.message)}\n" for error in inventory.errors)
    stream.writelines(f"note: {printable(note)}\n" for note in inventory.notes)


def summary(inventory: Inventory) -> str:
    """Return in one line how many keys there are, and where."""
    roles = Counter(place.role for key in inventory.keys for place in key.places)
    files = len({place.path for key in inventory.keys for place in key.places})
    told = ", ".join(f"{roles[role]} {role}" for role in Role if roles[role])
    count, places = len(inventory.keys), sum(roles.values())
    if not count:
        return "no keys"
    return (
        f"{count} key{'' if count == 1 else 's'} at {places} place{'' if places == 1 else 's'}"
        f" in {files} file{'' if files == 1 else 's'}: {told}"
    )


def _row(key: Key) -> tuple[str, ...]:
    roles = Counter(place.role for place in key.places)
    return (
        key.id, key.provider, "" if key.scope == "unknown" else key.scope, _few(key.environments), _few(key.services),
        _few(key.owners), key.last_changed, ", ".join(f"{roles[role]} {role}" for role in Role if roles[role]),
    )  # fmt: skip


def _few(names: Sequence[str]) -> str:
    more = f" +{len(names) - _MOST}" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
