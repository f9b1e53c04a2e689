"""Encodings with a checksum: what it covers when it holds, nothing when it does not."""

from __future__ import annotations

from keytrace.scoring.checksummed import base58check, bech32, crc16_base32, ethereum_address, unbase58


def test_base58() -> None:
    assert unbase58(b"11233QC4") == bytes.fromhex("000028 7fb4cd".replace(" ", ""))
    assert unbase58(b"0OIl") is None
    assert unbase58(b"2" * 200) is None
    assert base58check(b"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa") == bytes.fromhex(
        "0062e907b15cbf27d5425399ebf6f0fb50ebb88f18"
    )
    assert base58check(b"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb") is None
    assert base58check(b"rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh") is None
    assert base58check(b"rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh", ripple=True) is not None


def test_bech32() -> None:
    assert bech32(b"A12UEL5L") == ("a", "")  # BIP 173
    assert bech32(b"a1lqfn3a") == ("a", "")  # BIP 350
    for bad in (b"A12UEL5l", b"A1G7SGD8", b"1pzry9x0s0muk", b"x1b4n0q5v", b"", b"\xff1qqqqqq"):
        assert bech32(bad) is None


def test_base32_with_a_crc() -> None:
    assert crc16_base32(b"GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ") is not None  # SEP 23
    assert crc16_base32(b"GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGY") is None
    assert crc16_base32(b"AE") is None
    assert crc16_base32(b"G1!") is None


def test_addresses_of_ethereum() -> None:
    for address in (
        b"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        b"0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ):  # EIP 55
        assert ethereum_address(address)
        assert not ethereum_address(address.lower())
        assert not ethereum_address(address.swapcase().replace(b"X", b"x"))
