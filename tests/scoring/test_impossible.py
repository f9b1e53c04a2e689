"""Values that cannot be secrets where they stand, whatever the weights are."""

from __future__ import annotations

import pytest

from keytrace.scoring.binding import Binding
from keytrace.scoring.impossible import PROMISES_LITTLE, impossible


def why(name: str, value: bytes, form: str = "assign", *, quoted: bool = True, user: bytes = b"") -> str:
    return impossible(Binding(name, 0, 0, len(value), value, form, quoted, user=user))


@pytest.mark.parametrize(
    ("name", "value", "form"),
    [
        ("auth_mode_password", b"LDAP", "compare"),
        ("token", b"comment.doc.tag", "colon"),
        ("password", b"JBSWY3DPEHPK3PXP" * 2, "assign"),
        ("update_password", b"always", "compare"),
        ("pass", b"otter", "colon"),
    ],
)
def test_impossible(name: str, value: bytes, form: str) -> None:
    assert why(name, value, form)


def test_a_constant_has_no_quotes() -> None:
    assert why("passphrase", b"CURLOPT_SSLKEYPASSWD", "arrow", quoted=False) == "the value is the name of a constant"
    assert why("passphrase", b"KESTREL_41_LAMP", "arrow") == ""
    assert why("password", b"MY_GITHUB_TOKEN", "connection-string") == "the value is the name of a variable"
    assert why("password", b"KESTREL_41_LAMP", "connection-string") == ""
    assert why("password", b"KESTREL_41_LAMP", "connection-string", user=b"POLICY_NAME")


def test_a_user_is_no_password_of_its_own() -> None:
    assert why("password", b"kes" + b"trel41", user=b"Kes" + b"trel41") == "the value repeats the user name"


def test_a_word_with_digits_under_pass_may_be_one() -> None:
    assert why("pass", b"kes" + b"trel41", "colon") == ""
    assert why("auth", b"kes" + b"trel41", "colon") == PROMISES_LITTLE


def test_what_a_setter_is_handed_may_be_one() -> None:
    assert why("update_password", b"always", "colon", quoted=False)
    assert why("update_password", b"kes" + b"trel", "call") == ""
    assert why("update_password", b"kes" + b"trel41-lamp", "colon", quoted=False) == ""
    assert why("store_password", b"kes" + b"trel", quoted=False) == ""
