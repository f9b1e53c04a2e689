"""Addresses and public keys prove themselves; private keys and altered ones do not."""

from __future__ import annotations

from keytrace.scoring.public import proves_public

# From the documentation of NATS, Stellar (SEP 23), Bitcoin (BIP 173, BIP 32), age, Nostr (NIP 19), Ethereum, IPFS, XRP.
PUBLIC = """
UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4  GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ
1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa  bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4  rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh
BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU
age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p  0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48
npub180cvv07tjdrrgpa0j7j7tmnyl2yr6yr7l8j4s3evf6u64th6gkwsyjh6w6  QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG
xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8
"""


def test_public_values() -> None:
    assert [word[:6] for word in PUBLIC.split() if not proves_public(word.encode())] == []


def test_altered_ones_prove_nothing() -> None:
    words = [word for word in PUBLIC.split() if not word.startswith("Qm")]
    assert [
        word[:6] for word in words if proves_public(word[:-2].encode() + word[-1:].encode() + word[-2:-1].encode())
    ] == []


# From NIP 19, BIP 32, the wiki of Bitcoin and the documentation of NATS.
PRIVATE = """
nsec1vl029mgpspedva04g90vltkh6fvh24[cut]0zqtv9k0t9af8935ke9laqsnlfe5
KwDiBf89QgGbjEhKnhXJ[cut]uH7LrciVrZi3qYjgd9M7rFU73sVHnoWn
xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33[cut]yuGBxrMPHi
SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6B[cut]FDTJ7M6USDXIEDNPPQYYYCU3VY  5f4dcc3b5aa765d6[cut]1d8327deb882cf99
"""


def test_private_keys_are_not_public() -> None:
    words = PRIVATE.replace("[cut]", "").split()
    assert [word[:6] for word in words if proves_public(word.encode())] == []
    assert not proves_public(b"")
