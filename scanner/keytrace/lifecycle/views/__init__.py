"""How an inventory is shown, one file a format. No value is, and a digest only where the user's key makes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

from keytrace.lifecycle.key import Inventory
from keytrace.lifecycle.views import csv, cyclonedx, json, markdown, table

View = Callable[[Inventory, TextIO], None]

VIEWS: dict[str, View] = {
    "table": table.write,
    "json": json.write,
    "csv": csv.write,
    "markdown": markdown.write,
    "cyclonedx": cyclonedx.write,
}
