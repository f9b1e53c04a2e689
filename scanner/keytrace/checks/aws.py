"""AWS keys: which account they belong to."""

from __future__ import annotations

import binascii
import re
from base64 import b32decode
from datetime import UTC, datetime, timedelta

from keytrace.checks.verdict import Verdict, is_past, unbase64

_SAMPLE_ACCOUNTS = {"000000000000", "111122223333", "123456789012"}  # of the AWS documentation
_LONG_TERM = re.compile(rb"[\w+=,.@-]{1,128}-at-(\d{12}):([A-Za-z0-9+/=]{16,})")
_SHORT_TERM = re.compile(rb"bedrock\.amazonaws\.com/?\?")
_ISSUED = re.compile(rb"X-Amz-Date=(\d{8}T\d{6})Z")
_LONGEST_LIFE = timedelta(hours=12)


def access_key_id(value: bytes) -> Verdict:
    try:
        head = int.from_bytes(b32decode(value[4:])[:6], "big")
    except binascii.Error:
        head = -1
    if head < 0 or len(value) != 20:
        return Verdict(False, "not an AWS access key id: it does not decode")
    if not head >> 47:  # the top bit tells the format of 2019 on from the older one
        return Verdict(None, "an access key id of the old format, which does not tell its AWS account")
    account = (head & 0x7FFFFFFFFF80) >> 7
    if account > 999_999_999_999:
        return Verdict(False, "not an AWS access key id: it names no possible AWS account")
    return Verdict(None, f"belongs to AWS account {account:012d}")


def bedrock_key(value: bytes) -> Verdict:
    if value.startswith(b"bedrock-api-key-"):
        return _short_term(unbase64(value[len(b"bedrock-api-key-") :]) or b"")
    found = _LONG_TERM.fullmatch(unbase64(value.removeprefix(b"ABSK")) or b"")
    if not found:
        return Verdict(False, "not an Amazon Bedrock key: it does not decode")
    account = found[1].decode()
    if account in _SAMPLE_ACCOUNTS:
        return Verdict(False, "names the AWS account of documentation samples")
    return Verdict(True, f"belongs to AWS account {account}")


def _short_term(url: bytes) -> Verdict:
    if not _SHORT_TERM.match(url):
        return Verdict(False, "not an Amazon Bedrock key: it does not decode")
    try:
        issued = datetime.strptime(_ISSUED.findall(url)[0].decode(), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        expired = is_past(issued + _LONGEST_LIFE)
    except (IndexError, ValueError, OverflowError):
        return Verdict(None, "a signed Bedrock URL without a readable date")
    if expired:
        return Verdict(None, f"a short-term Bedrock key of {issued:%Y-%m-%d}, expired by now", expired=True)
    return Verdict(True, f"a short-term Bedrock key of {issued:%Y-%m-%d}")
