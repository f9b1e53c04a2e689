"""The inventory at a terminal."""

from __future__ import annotations

import io

from keytrace.lifecycle.key import Inventory
from keytrace.lifecycle.views import table
from tests.lifecycle.views.test_records import INVENTORY


def test_a_line_a_key() -> None:
    stream = io.StringIO()
    table.write(INVENTORY, stream)
    head, row, _, told, error, note = stream.getvalue().splitlines()
    assert head.split()[:3] == ["KEY", "PROVIDER", "SCOPE"]
    assert row.split()[:6] == ["A_KEY", "stripe", "live", "production", "api", "@a"]
    assert told == "1 key at 1 place in 1 file: 1 defined"
    assert (error, note) == ("not read: x: why", "note: note")


def test_nothing_is_one_line() -> None:
    stream = io.StringIO()
    table.write(Inventory(()), stream)
    assert stream.getvalue() == "no keys\n"
