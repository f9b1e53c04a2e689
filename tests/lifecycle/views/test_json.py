"""The inventory as JSON."""

from __future__ import annotations

import io
import json as standard

from keytrace.lifecycle.views import json
from keytrace.lifecycle.views.records import to_keys
from tests.lifecycle.views.test_records import INVENTORY, KEY


def test_it_is_read_again() -> None:
    stream = io.StringIO()
    json.write(INVENTORY, stream)
    data = standard.loads(stream.getvalue())
    assert to_keys(data) == (KEY,)
    assert data["errors"] == [{"path": "x", "message": "why"}]
