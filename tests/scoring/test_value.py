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
    assert ruled_out(b"%RANDOM%@%RANDOM%", quoted=False)
    assert ruled_out(b"%kes7%trel", quoted=True) == ""


def test_a_value_that_repeats_its_name() -> None:
    assert repeats_name(b"db_password", "DB_PASSWORD")
    assert not repeats_name(b"q8Zr2mVw7KpL", "DB_PASSWORD")


def test_paths_of_files_are_ruled_out() -> None:
    for value in (
        b"uploads/9c2f7ad1-40be-4a55-8d21-6f3f0b7a9e14.png",
        b"/srv/keys/9f86d081884c7d65.json",
        b"a/b.tar.gz",
    ):
        assert ruled_out(value, quoted=True) == "the value is the path of a file", value
    for value in (
        b"9f86d081/884c7d65",
        b"q8Zr2mVw/7KpL.x",
        b"1//0gKz.aQ8zr2mVw7KpL",
        b"kestrel.png41",
        b"q8Zr2mVw7KpL/a.py",
    ):
        assert ruled_out(value, quoted=True) == "", value


def test_encodings_are_ruled_out() -> None:
    for value in (b"cp1251", b"windows-1252", b"KOI8-R", b"shift_jis", b"iso-8859-15", b"utf-16le"):
        assert ruled_out(value, quoted=True) == "the value is the name of an encoding or an algorithm", value
    assert ruled_out(b"cp1251x", quoted=True) == ""


def test_paths_and_labels_are_ruled_out() -> None:
    assert ruled_out(b"/rsw/shm/u6rib-pib", quoted=True) == "the value is a path"
    assert ruled_out(b"node-role.kubernetes.io/control-plane", quoted=True).startswith("the value is a name under a")
    assert ruled_out(b"/qZ8vT3nL/k2Wb7Ry", quoted=True) == ""
    assert ruled_out(b"q8zr.mvw/7KpLx2Wb", quoted=True) == ""


def test_packets_of_public_keys_are_ruled_out() -> None:
    body = "AqZ8vT3nLk2Wb7RyXc5Ju9HsPM4eGaF1xQ" * 2
    for begin, says in (
        ("mDMEYL8k", "the value is a public key or a certificate"),
        ("mQINBFzZ", "the value is a public key or a certificate"),
        ("lFgEYL8k", ""),  # of a secret one
    ):
        assert ruled_out(begin.encode() + body.encode(), quoted=False) == says, begin


def test_pairs_again_and_again_are_made_up() -> None:
    assert placeholder(b"48E92789-57A3-466A-9959-" + b"1A" * 6)[1]
    assert placeholder(b"q8Zr2mVw7KpL1A1A1A1Ax3Yt9WcQ") == ("", False)


def test_a_directive_of_printf_by_chance() -> None:
    assert ruled_out(b"uq4895" + b"738!@#$%dfd", quoted=True) == ""
    assert ruled_out(b"hX9%q" + b"Lz7Wm2v", quoted=True) == ""
    assert ruled_out(b"user-%d-token", quoted=True)
    assert ruled_out(b"User%sToken2", quoted=True)
    assert ruled_out(b"p4ss!@%s", quoted=True)


@pytest.mark.parametrize("scheme", ["SSHA", "SHA-256", "ssha512", "bcrypt", "pbkdf2@SpringSecurity_v5_8", "CRYPT"])
def test_hashes_that_say_their_scheme(scheme: str) -> None:
    assert ruled_out(f"{{{scheme}}}q8Zr2mVw7KpL".encode(), quoted=True)
    assert ruled_out(b"{noop}q8Zr2mVw7KpL", quoted=True) == ""
