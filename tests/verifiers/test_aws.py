"""Signed requests, compared with what AWS publishes."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from hashlib import sha256

from keytrace.verifiers.aws import signed

NOW = datetime(2026, 11, 29, 12, 30, 0, tzinfo=UTC)
VALUES = {"secret": "s3" * 20, "aws-access-key-id": "AKIA" + "Q" * 16}
BODY = b"Action=GetCallerIdentity&Version=2011-06-15"


def test_headers() -> None:
    headers = signed("POST", "https://sts.amazonaws.com/", BODY, VALUES, NOW)
    assert headers["X-Amz-Date"] == "20261129T123000Z"
    assert headers["Host"] == "sts.amazonaws.com"
    kind, credential, names, signature = headers["Authorization"].replace(",", "").split()
    assert kind == "AWS4-HMAC-SHA256"
    assert credential == f"Credential={VALUES['aws-access-key-id']}/20261129/us-east-1/sts/aws4_request"
    assert names == "SignedHeaders=host;x-amz-date"
    assert VALUES["secret"] not in str(headers)
    assert signature == f"Signature={expected('us-east-1', 'sts.amazonaws.com')}"


def expected(region: str, host: str) -> str:
    """The signature, step by step as the documentation has it."""
    digest = sha256(BODY).hexdigest()
    canonical = f"POST\n/\n\nhost:{host}\nx-amz-date:20261129T123000Z\n\nhost;x-amz-date\n{digest}"
    scope = f"20261129/{region}/sts/aws4_request"
    text = f"AWS4-HMAC-SHA256\n20261129T123000Z\n{scope}\n{sha256(canonical.encode()).hexdigest()}"
    key = hmac.new(("AWS4" + VALUES["secret"]).encode(), b"20261129", sha256).digest()
    for part in (region, "sts", "aws4_request"):
        key = hmac.new(key, part.encode(), sha256).digest()
    return hmac.new(key, text.encode(), sha256).hexdigest()


def test_regions() -> None:
    host = "sts.cn-north-1.amazonaws.com.cn"
    headers = signed("POST", f"https://{host}/", BODY, VALUES, NOW)
    assert "/cn-north-1/sts/" in headers["Authorization"]
    assert headers["Authorization"].endswith(expected("cn-north-1", host))


def test_a_session_token_is_signed_too() -> None:
    headers = signed("POST", "https://sts.amazonaws.com/", BODY, {**VALUES, "aws-session-token": "T" * 20}, NOW)
    assert headers["X-Amz-Security-Token"] == "T" * 20
    assert "SignedHeaders=host;x-amz-date;x-amz-security-token" in headers["Authorization"]
