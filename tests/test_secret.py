"""What a secret shows of itself."""

from __future__ import annotations

from keytrace.model import Secret


def test_it_is_the_one_of_the_vocabulary() -> None:
    from keytrace import secret

    assert secret.Secret is Secret
    assert f"{Secret(b'hidden', 'ghp_')}" == str(Secret(b"hidden", "ghp_")) == "ghp_********"
