"""The inventory as JSON."""

from __future__ import annotations

import io
import json as standard
from pathlib import Path

import jsonschema  # type: ignore[import-untyped,unused-ignore]

import keytrace
from keytrace.lifecycle.key import Holds, Role
from keytrace.lifecycle.views import json
from keytrace.lifecycle.views.records import to_keys
from tests.lifecycle.views.test_records import INVENTORY, KEY


def test_it_is_read_again() -> None:
    stream = io.StringIO()
    json.write(INVENTORY, stream)
    data = standard.loads(stream.getvalue())
    assert to_keys(data) == (KEY,)
    assert data["errors"] == [{"path": "x", "message": "why"}]


def test_it_is_as_the_published_schema_says() -> None:
    schema = standard.loads((Path(keytrace.__file__).parent / "inventory.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    stream = io.StringIO()
    json.write(INVENTORY, stream)
    jsonschema.validate(standard.loads(stream.getvalue()), schema)
    place = schema["$defs"]["place"]["properties"]
    assert (place["role"]["enum"], place["holds"]["enum"]) == ([*Role], [*Holds])
