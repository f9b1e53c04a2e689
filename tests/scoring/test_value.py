"""What a value looks like by itself."""

from __future__ import annotations

import pytest

from keytrace.scoring.value import placeholder, repeats_name, ruled_out, shannon


@pytest.mark.parametrize(
    ("value", "bits"), [(b"", 0), (b"aaaa", 0), (b"abab", 1), (b"abcd", 2), (bytes(range(256)), 8)]
)
def test_shannon(value: bytes, bits: float) -> None:
    assert shannon(value) == pytest.approx(bits)


@pytest.mark.parametrize(
    ("value", "certain"),
    [(b"xxxxxxxxxxxx", True), (b"abcabcabcabcabcabcabcabc", False), (b"your-key-here", False), (b"1234567890", False)],
)
def test_what_looks_made_up(value: bytes, certain: bool) -> None:
    reason, sure = placeholder(value)
    assert reason
    assert sure is certain


def test_what_looks_real() -> None:
    assert placeholder(b"q8Zr2mVw7KpL") == ("", False)
    assert ruled_out(b"q8Zr2mVw7KpL", quoted=True) == ""


def test_templates_are_ruled_out() -> None:
    assert ruled_out(b"${DB_PASSWORD}", quoted=True)


def test_a_value_that_repeats_its_name() -> None:
    assert repeats_name(b"db_password", "DB_PASSWORD")
    assert not repeats_name(b"q8Zr2mVw7KpL", "DB_PASSWORD")
