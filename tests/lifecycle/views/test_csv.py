"""The inventory for spreadsheets."""

from __future__ import annotations

import csv as standard
import io
from dataclasses import replace

from keytrace.lifecycle.key import Inventory
from keytrace.lifecycle.views import csv
from tests.lifecycle.views.test_records import INVENTORY, KEY


def test_a_row_a_place() -> None:
    stream = io.StringIO()
    csv.write(INVENTORY, stream)
    (row,) = standard.DictReader(io.StringIO(stream.getvalue()))
    assert (row["key"], row["path"], row["line"], row["environment"]) == ("A_KEY", ".env", "3", "production")
    assert row["place_owners"] == "'@a"


def test_no_formula() -> None:
    stream = io.StringIO()
    csv.write(Inventory((replace(KEY, id="=1+1"),)), stream)
    assert stream.getvalue().splitlines()[1].startswith("'=1+1,")
