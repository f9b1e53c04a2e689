"""The inventory as a page: a table of the keys, and below it the places of each."""

from __future__ import annotations

import re
from typing import TextIO

from keytrace.lifecycle.key import Inventory, Key
from keytrace.lifecycle.views.table import summary
from keytrace.reporters.layout import printable

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~])")


def write(inventory: Inventory, stream: TextIO) -> None:
    stream.write(f"# Keys\n\n{summary(inventory)}\n")
    if inventory.keys:
        stream.write("\n| key | provider | scope | environments | services | owners | changed | expires |\n")
        stream.write("|---|---|---|---|---|---|---|---|\n")
    for key in inventory.keys:
        cells = (
            key.id, key.provider, key.scope, ", ".join(key.environments), ", ".join(key.services),
            ", ".join(key.owners), key.last_changed, key.expires,
        )  # fmt: skip
        stream.write("| " + " | ".join(map(_text, cells)) + " |\n")
    for key in inventory.keys:
        _places(key, stream)
    stream.writelines(f"\n> {_text(error.path)}: {_text(error.message)}\n" for error in inventory.errors)
    stream.writelines(f"\n> {_text(note)}\n" for note in inventory.notes)


def _places(key: Key, stream: TextIO) -> None:
    stream.write(f"\n## {_text(key.id)}\n\n")
    if len(key.names) > 1:
        stream.write(f"Also called {', '.join(map(_text, key.names[1:]))}.\n\n")
    for place in key.places:
        told = ", ".join(filter(None, (place.environment, place.service, place.holds, " ".join(place.owners))))
        stream.write(f"- {place.role} {_text(f'{place.path}:{place.line}')} ({_text(told)})\n")


def _text(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", printable(text))
