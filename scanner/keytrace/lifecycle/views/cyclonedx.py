"""The inventory as CycloneDX 1.6: each key is a cryptographic asset, with its places as evidence; services use keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

from keytrace.lifecycle.key import Inventory, Key, Role
from keytrace.names.lexicon import judge
from keytrace.reporters.records import valid
from keytrace.version import __version__

_TYPES = {"key": "secret-key", "secret": "shared-secret", "auth": "credential", "other": "unknown", "": "unknown"}


def write(inventory: Inventory, stream: TextIO) -> None:
    services = sorted({service for key in inventory.keys for service in key.services})
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"tools": {"components": [{"type": "application", "name": "keytrace", "version": __version__}]}},
        "components": [_component(key) for key in inventory.keys],
        "services": [{"bom-ref": f"service:{name}", "name": name} for name in services],
        "dependencies": [_uses(name, inventory) for name in services],
    }
    stream.write(valid(json.dumps(document, indent=1, ensure_ascii=False)) + "\n")


def _component(key: Key) -> dict[str, Any]:
    material: dict[str, Any] = {"type": _kind(key), "id": key.id, "state": "active"}
    for field, day in (
        ("creationDate", key.first_seen),
        ("updateDate", key.last_changed),
        ("expirationDate", key.expires),
    ):
        if day:
            material[field] = f"{day}T00:00:00Z"
    return {
        "type": "cryptographic-asset",
        "bom-ref": f"key:{key.id}",
        "name": key.name,
        "cryptoProperties": {
            "assetType": "related-crypto-material",
            "relatedCryptoMaterialProperties": material,
        },
        "evidence": {
            "occurrences": [
                {"location": place.path, "line": place.line, "additionalContext": f"{place.role} {place.name}".strip()}
                for place in key.places
            ]
        },
        "properties": [{"name": f"keytrace:{name}", "value": value} for name, value in _properties(key)],
    }


def _kind(key: Key) -> str:
    if re.search(r"private-key|\bpem\b", key.rule):
        return "private-key"
    if key.scope == "publishable":
        return "public-key"
    kind = judge(key.name).kind.removeprefix("api-")
    return _TYPES.get(kind, kind)  # of what names promise, the others are called so here, too


def _properties(key: Key) -> Iterator[tuple[str, str]]:
    yield from (("alias", name) for name in key.names[1:])
    yield from (("owner", owner) for owner in key.owners)
    yield from (("environment", name) for name in key.environments)
    for name in ("owned_by", "provider", "rule", "scope"):
        if value := getattr(key, name):
            yield name, value


def _uses(service: str, inventory: Inventory) -> dict[str, Any]:
    """Return which keys a service reads or is given."""
    used = [
        f"key:{key.id}"
        for key in inventory.keys
        if any(place.service == service and place.role is not Role.DOCUMENTED for place in key.places)
    ]
    return {"ref": f"service:{service}", "dependsOn": used}
