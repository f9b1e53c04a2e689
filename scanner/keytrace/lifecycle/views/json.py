"""The inventory as JSON, for other programs: an object with one key a line."""

from __future__ import annotations

import json
from typing import TextIO

from keytrace.lifecycle.key import Inventory
from keytrace.lifecycle.views.records import of_inventory
from keytrace.reporters.records import valid


def write(inventory: Inventory, stream: TextIO) -> None:
    stream.write(valid(json.dumps(of_inventory(inventory), indent=1, ensure_ascii=False)) + "\n")
