"""Azure keys have a length, and newer ones a mark."""

from __future__ import annotations

import random
from base64 import b64encode

import pytest

from keytrace.checks import CHECKS, Verdict

NOISE = random.Random(0).randbytes(200)


AZURE_64, AZURE_32 = b64encode(NOISE[:64]), b64encode(NOISE[:32])


COMMON = b"a1" * 26 + b"JQQJ99" + b"BCACYeBjFXJ3w3AAABACOGabcd"


CASES = [
    ("azure-storage-key", AZURE_64, Verdict(None, "decodes to 64 bytes, as such a key must")),
    ("azure-storage-key", AZURE_64[:-4], Verdict(False, "not an Azure key: it does not decode to 64 bytes")),
    (
        "azure-storage-key",
        b"Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50u" + b"SRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
        Verdict(False, "the published key of the Azurite storage emulator"),
    ),
    (
        "azure-storage-key",
        b"C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5" + b"DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==",
        Verdict(False, "the published key of the Cosmos DB emulator"),
    ),
    ("azure-32-byte-key", AZURE_32, Verdict(None, "decodes to 32 bytes, as such a key must")),
    ("azure-32-byte-key", b"x" * 44, Verdict(False, "not an Azure key: it does not decode to 32 bytes")),
    ("azure-annotated-key", COMMON, Verdict(None, "has the layout of an annotated Azure key")),
    (
        "azure-annotated-key",
        AZURE_64[:76] + b"+ASt" + AZURE_64[80:],
        Verdict(None, "has the layout of an annotated key of Azure Storage"),
    ),
    (
        "azure-annotated-key",
        AZURE_32[:33] + b"+AEh" + AZURE_32[37:],
        Verdict(None, "has the layout of an annotated key of Azure Event Hubs"),
    ),
    (
        "azure-annotated-key",
        b"b" + COMMON,
        Verdict(False, "not an annotated Azure key: its mark is not where it must be"),
    ),
]


@pytest.mark.parametrize(("name", "value", "verdict"), CASES)
def test_azure_keys(name: str, value: bytes, verdict: Verdict) -> None:
    assert CHECKS[name](value) == verdict
