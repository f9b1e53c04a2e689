"""Azure keys: their decoded length, and the annotation that newer ones carry; their Marvin32 is not verified."""

from __future__ import annotations

import re
from hashlib import sha256

from keytrace.checks.verdict import Verdict, unbase64

# Published keys, by SHA-256 so that this file holds none.
_EMULATORS = {
    "0011cc25eb4320717494d2703e8cba85743e71b500283c21c8b88147992f9059": "Azurite storage",
    "aa6547439583c3a275d4542a0df6c1ad6a863971be9f2a2220f027cc02aef615": "Cosmos DB",
}
_COMMON = re.compile(rb"[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{26}")
_SIGNATURE_AT = {44: 33, 52: 42, 56: 44, 88: 76}  # by the length of the key
_SIGNATURES = {
    b"+ASt": "Storage", b"ACDb": "Cosmos DB", b"+ABa": "Batch", b"APIM": "API Management", b"+AMC": "Machine Learning",
    b"AzCa": "Cache for Redis", b"+ASb": "Service Bus", b"+AEh": "Event Hubs", b"+ARm": "Relay", b"AIoT": "IoT",
    b"AzEG": "Event Grid", b"AzSe": "AI Search", b"+ACR": "Container Registry", b"AzFu": "Functions",
}  # fmt: skip


def storage_key(value: bytes) -> Verdict:
    return _of_length(value, 88, 64)


def key_of_32_bytes(value: bytes) -> Verdict:
    return _of_length(value, 44, 32)


def _of_length(value: bytes, characters: int, size: int) -> Verdict:
    if len(value) != characters or len(unbase64(value) or b"") != size:
        return Verdict(False, f"not an Azure key: it does not decode to {size} bytes")
    if emulator := _EMULATORS.get(sha256(value).hexdigest()):
        return Verdict(False, f"the published key of the {emulator} emulator")
    return Verdict(None, f"decodes to {size} bytes, as such a key must")


def annotated_key(value: bytes) -> Verdict:
    """Azure writes into a key what service it is for, at a place that depends on the key's length."""
    if _COMMON.fullmatch(value):
        return Verdict(None, "has the layout of an annotated Azure key")
    start = _SIGNATURE_AT.get(len(value), 0)
    service = _SIGNATURES.get(value[start : start + 4])
    if not start or not service or unbase64(value) is None:
        return Verdict(False, "not an annotated Azure key: its mark is not where it must be")
    return Verdict(None, f"has the layout of an annotated key of Azure {service}")
