"""Every check survives whatever bytes it is given, in bounded time, and its note stays on one printable line."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrace.checks import CHECKS, Verdict
from tests.growing import grows_linearly

DASHES = b"-" * 5
MARKERS = [
    b"", b"ghs_eyJ", b"npm_", b"glpat-", b"pypi-", b"AKIA", b"ABSK", b"bedrock-api-key-", b"ops_", b"AGE-SECRET-KEY-1",
    DASHES + b"BEGIN PRIVATE KEY" + DASHES, DASHES + b"BEGIN OPENSSH PRIVATE KEY" + DASHES,
    DASHES + b"BEGIN PGP PRIVATE KEY BLOCK" + DASHES, b'private_key":"' + DASHES + b"BEGIN PRIVATE KEY" + DASHES,
]  # fmt: skip
# what decodes reaches deeper than what does not
PIECES = st.one_of(
    st.binary(max_size=80),
    st.binary(max_size=80).map(urlsafe_b64encode),
    st.sampled_from(
        [b".", b":", b"=", b"\\n", b"\n", DASHES + b"END", b"eyJhbGciOiJIUzI1NiJ9.", b"MA", b"b3BlbnNzaC1rZXktdjEA"]
    ),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
        lambda inner: st.dictionaries(
            st.sampled_from(["alg", "iss", "sub", "aud", "exp", "name", "role", "a", "t", "s"]), inner
        ),
    ).map(lambda data: urlsafe_b64encode(str(data).replace("'", '"').encode(errors="replace"))),
)


@given(marker=st.sampled_from(MARKERS), pieces=st.lists(PIECES, max_size=6))
@settings(max_examples=300)
def test_every_check_survives_any_bytes(marker: bytes, pieces: list[bytes]) -> None:
    value = marker + b"".join(pieces)
    for check in CHECKS.values():
        verdict = check(value)
        assert isinstance(verdict, Verdict)
        assert verdict.note.isprintable()
        assert len(verdict.note) < 300


REPEATED = [
    b"\0",
    b"a",
    b"\\",
    b"\\n",
    b'"',
    b"' ",
    b".",
    b"-",
    b"\n",
    b"[",
    b'{"a":',
    b"=",
    b"eyJ",
    b"DEK-Info:",
    b'private_key"',
]


@pytest.mark.parametrize("unit", REPEATED)
@pytest.mark.parametrize("marker", MARKERS)
def test_every_check_takes_hostile_values_in_proportion_to_their_size(marker: bytes, unit: bytes) -> None:
    def work(size: int) -> None:
        value = (marker + unit * size)[:size]
        for check in CHECKS.values():
            check(value)

    assert grows_linearly(work, 4096)
