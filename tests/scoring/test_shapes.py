"""The shapes of bindings: what Hyperscan and the cut agree on."""

from __future__ import annotations

import regex

from keytrace.scoring import shapes

BOUND = (
    'password = "~"', "password: ~", 'api_key /* old */ = "~"', 'secret = ( # old\n "~")', "token=\\\n~",
    '"key": "token", "type": "x", "value": "~"', '"token": {"sig": "~"}', "- **token**: ~", "proxyPass   = '~'",
)  # fmt: skip
VALUE = "Kx82" + "mQp91Zvb"


def test_what_can_be_cut_out_fires_a_trigger() -> None:
    candidate = regex.compile(shapes.CANDIDATE.encode(), regex.VERSION1)
    triggers = [regex.compile(shape.encode(), regex.VERSION1) for shape in shapes.TRIGGERS]
    for text in BOUND:
        data = text.replace("~", VALUE).encode()
        found = candidate.finditer(data, overlapped=True)
        ends = [cut.end() for cut in found if VALUE.encode() in (cut["quoted"], cut["bare"])]
        assert ends, text
        assert any(trigger.search(data[: ends[-1]]) for trigger in triggers), text


def test_an_equals_sign_at_the_end_of_a_line_binds_nothing() -> None:
    candidate = regex.compile(shapes.CANDIDATE.encode(), regex.VERSION1)
    found = candidate.match(b"password: " + VALUE.encode() + b"=\nrootPassword: y")
    assert found is not None
    assert found["bare"] == VALUE.encode() + b"="
