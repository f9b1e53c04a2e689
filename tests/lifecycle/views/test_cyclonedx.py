"""The inventory as CycloneDX."""

from __future__ import annotations

import io
import json

import pytest

from keytrace.lifecycle.views import cyclonedx
from tests.lifecycle.views.test_records import INVENTORY


def document() -> str:
    stream = io.StringIO()
    cyclonedx.write(INVENTORY, stream)
    return stream.getvalue()


def test_what_it_says() -> None:
    data = json.loads(document())
    (component,) = data["components"]
    material = component["cryptoProperties"]["relatedCryptoMaterialProperties"]
    assert (component["name"], component["type"], material["type"]) == ("A_KEY", "cryptographic-asset", "secret-key")
    assert component["evidence"]["occurrences"][0]["line"] == 3
    assert data["dependencies"] == [{"ref": "service:api", "dependsOn": ["key:A_KEY"]}]


def test_it_is_valid() -> None:
    pytest.importorskip("cyclonedx", reason="cyclonedx-python-lib is not installed")
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(document()) is None
