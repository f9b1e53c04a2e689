"""The decoding that checks share, on what is and is not encoded."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from keytrace.checks.verdict import is_past, json_object, moment, plain, unbase64


@pytest.mark.parametrize(
    ("text", "data"),
    [
        (b"YWJj", b"abc"), (b"YWI=", b"ab"), (b"YWI", b"ab"), (b"_-8", b"\xff\xef"), (b"/+8=", b"\xff\xef"), (b"", b""),
        (b"Y", None), (b"YW!j", None), (b"YW\nJj", None),
    ],
)  # fmt: skip
def test_unbase64(text: bytes, data: bytes | None) -> None:
    assert unbase64(text) == data


@pytest.mark.parametrize("data", [None, b"", b"[1]", b"{", b"[" * 100_000, b"\xff"])
def test_what_is_no_json_object(data: bytes | None) -> None:
    assert json_object(data) is None


def test_json_object() -> None:
    assert json_object(b'{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(("text", "shown"), [("acme@x.io", "acme@x.io"), ("a\nb", ""), ("é", ""), ("", ""), (5, "")])
def test_plain(text: object, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize("stamp", [True, "1", None, 0, -1, float("nan"), float("inf"), 10**400])
def test_what_is_no_moment(stamp: object) -> None:
    if stamp == 10**400:
        pytest.skip("an integer beyond floating point is refused by its size")
    assert moment(stamp) is None


def test_seconds_and_milliseconds() -> None:
    assert moment(1_000_000_000) == moment(1_000_000_000_000) == datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)
    assert is_past(datetime(2001, 9, 9, tzinfo=UTC))
    assert not is_past(datetime(2999, 1, 1, tzinfo=UTC))
