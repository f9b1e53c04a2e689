"""Of which characters a value is made."""

from __future__ import annotations

import pytest

from keytrace.scoring.alphabet import ALPHABETS, alphabet


@pytest.mark.parametrize(
    ("value", "label"),
    [
        (b"4711", "digits"), (b"kestrel", "lower"), (b"9f86d081aa", "hex"), (b"9F86D081AA", "HEX"),
        (b"kestrel41", "word+digits"), (b"Kestrel41", "capital+digits"), (b"k3str3l", "lower+digits"),
        (b"tr-condor", "dashed"), (b"tr.condor", "dotted"), (b"tr8-condor", "url"), (b"a b", "spaces"),
        (b"abcd+EFGH/12==", "base64"), (b"!!4", "strange"), (b"ke!strel", "letters+punctuation"),
        (b"ke!9", "punctuation"),
    ],
)  # fmt: skip
def test_alphabet(value: bytes, label: str) -> None:
    assert alphabet(value) == label
    assert label in ALPHABETS
