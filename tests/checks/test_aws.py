"""AWS keys name their account."""

from __future__ import annotations

import random
from base64 import b32encode, b64encode

import pytest

from keytrace.checks import CHECKS, Verdict

NOISE = random.Random(0).randbytes(200)


SECRET = b64encode(NOISE[:44])


def access_key(account: int, marker: str = "AKIA", top: int = 1) -> bytes:
    head = top << 47 | account << 7 | 5
    return marker.encode() + b32encode(head.to_bytes(6, "big") + NOISE[:4])


def bedrock(account: str) -> bytes:
    return b"ABSK" + b64encode(f"BedrockAPIKey-a1b2-at-{account}:".encode() + SECRET)


def short_bedrock(date: str) -> bytes:
    url = f"bedrock.amazonaws.com/?Action=CallWithBearerToken&X-Amz-Date={date}&X-Amz-Expires=43200"
    return b"bedrock-api-key-" + b64encode(url.encode())


CASES = [
    ("aws-access-key-id", access_key(1234), Verdict(None, "belongs to AWS account 000000001234")),
    ("aws-access-key-id", access_key(999_999_999_999, "ASIA"), Verdict(None, "belongs to AWS account 999999999999")),
    (
        "aws-access-key-id",
        access_key(10**12),
        Verdict(False, "not an AWS access key id: it names no possible AWS account"),
    ),
    (
        "aws-access-key-id",
        access_key(1234, top=0),
        Verdict(None, "an access key id of the old format, which does not tell its AWS account"),
    ),
    ("aws-access-key-id", access_key(1).lower(), Verdict(False, "not an AWS access key id: it does not decode")),
    ("aws-access-key-id", b"AKIA", Verdict(False, "not an AWS access key id: it does not decode")),
    ("aws-bedrock-key", bedrock("730470090363"), Verdict(True, "belongs to AWS account 730470090363")),
    ("aws-bedrock-key", bedrock("123456789012"), Verdict(False, "names the AWS account of documentation samples")),
    ("aws-bedrock-key", b"ABSK" + SECRET, Verdict(False, "not an Amazon Bedrock key: it does not decode")),
    (
        "aws-bedrock-key",
        short_bedrock("20250801T101112Z"),
        Verdict(None, "a short-term Bedrock key of 2025-08-01, expired by now", expired=True),
    ),
    ("aws-bedrock-key", short_bedrock("21000101T000000Z"), Verdict(True, "a short-term Bedrock key of 2100-01-01")),
    (
        "aws-bedrock-key",
        short_bedrock("99991231T235959Z"),
        Verdict(None, "a signed Bedrock URL without a readable date"),
    ),
    ("aws-bedrock-key", short_bedrock("x"), Verdict(None, "a signed Bedrock URL without a readable date")),
    (
        "aws-bedrock-key",
        b"bedrock-api-key-" + SECRET,
        Verdict(False, "not an Amazon Bedrock key: it does not decode"),
    ),
]


# The keys that Aidan Steele and Tal Be'ery published when they found the account in them.
@pytest.mark.parametrize(
    ("key", "account"), [("Y34FZKBOKMUTVV7A", "609629065308"), ("QNZGKIQY56JQ7WML", "029608264753")]
)
def test_published_access_keys(key: str, account: str) -> None:
    assert CHECKS["aws-access-key-id"](("ASIA" + key).encode()) == Verdict(None, f"belongs to AWS account {account}")


@pytest.mark.parametrize(("name", "value", "verdict"), CASES)
def test_aws_keys(name: str, value: bytes, verdict: Verdict) -> None:
    assert CHECKS[name](value) == verdict
