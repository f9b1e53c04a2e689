"""Procfile."""

from __future__ import annotations

from keytrace.lifecycle.definitions.procfile import claims, read


def test_what_is_set_and_read() -> None:
    text = 'web: A_KEY=$A_KEY B_KEY="x y" run --key $C_TOKEN\n# D_KEY=1\n'
    found = [(one.role, one.name, one.line, str(one.holds)) for one in read("p", text.encode())]
    assert found == [
        ("defined", "A_KEY", 1, "reference"), ("defined", "B_KEY", 1, "value"), ("read", "C_TOKEN", 1, "name"),
    ]  # fmt: skip
    assert claims("a/Procfile.dev", b"")
    assert not claims("Profile", b"")
