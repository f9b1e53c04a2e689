"""Which names promise a secret, by their words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrace.names.lexicon import Strength, judge, strength, words


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("dbPassword2", ("db", "password")),
        ("DB_PASSWORD", ("db", "password")),
        ("db-password", ("db", "password")),
        ("APIKey", ("api", "key")),
        ("getHTTPToken", ("get", "http", "token")),
        ("x", ("x",)),
        ("", ()),
        ("123", ()),
    ],
)
def test_words(name: str, parts: tuple[str, ...]) -> None:
    assert words(name) == parts


STRONG = (
    "password Password PASSWORD passwd pwd db_password dbPassword DB-PASSWORD spring.datasource.password "
    "self._password userPwd passphrase client_secret clientSecret SECRET_KEY secret secrets api_key apiKey "
    "X-Api-Key apikeys access_key access_token refresh_token auth_token token AUTH_TOKENS bearer "
    "private_key signing_key encryptionKey masterKey session_secret jwt jwt_secret credentials dsn rootpassword "
    "set_password setToken MYSQL_ROOT_PASSWORD webhook_secret storageKey"
)
WEAK = "key pass pw auth authorization pin psk seed my_key cert hmac totp key_bytes"
ABOUT = (
    "password_hash password_field passwordLength PASSWORD_MIN_LENGTH token_url tokenUrl secret_name secretId "
    "key_file key_path is_secret has_password use_token public_key publicKey primary_key foreignKey cache_key "
    "sort_key csrf_token csrfToken xsrf_token next_page_token pad_token eos_token max_tokens num_tokens "
    "get_password password_reset_url forgotPassword password_policy token_type api_key_header api_key_name "
    "encrypted_password hashed_password websocket_key password_input label_password_text salt "
    "AWS_SECRET_ACCESS_KEY_ID"
)
NONE = "user name author keyboard monkeys monkey passenger tokenizer keyword turkey compass"


@pytest.mark.parametrize("name", STRONG.split())
def test_strong(name: str) -> None:
    assert strength(name) is Strength.STRONG


@pytest.mark.parametrize("name", WEAK.split())
def test_weak(name: str) -> None:
    assert strength(name) is Strength.WEAK


@pytest.mark.parametrize("name", ABOUT.split())
def test_about(name: str) -> None:
    assert strength(name) is Strength.ABOUT
    assert judge(name).about in words(name)


@pytest.mark.parametrize("name", NONE.split())
def test_none(name: str) -> None:
    assert strength(name) is Strength.NONE


@pytest.mark.parametrize("name", STRONG.split())
def test_the_way_of_writing_does_not_matter(name: str) -> None:
    parts = words(name.rpartition(".")[2])
    written = {"_".join(parts), "-".join(parts).upper(), parts[0] + "".join(map(str.title, parts[1:]))}
    assert {strength(form) for form in written} == {Strength.STRONG}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("db_password", "password"),
        ("smtpPwd", "password"),
        ("contrasena", "password"),
        ("client_secret", "secret"),
        ("refresh_token", "token"),
        ("tokenValue", "token"),
        ("apiKey", "api-key"),
        ("AWS_ACCESS_KEY", "api-key"),
        ("signing_key", "key"),
        ("credentials", "credential"),
        ("auth", "auth"),
        ("seed", "other"),
    ],
)
def test_kind(name: str, kind: str) -> None:
    assert judge(name).kind == kind


def test_made_up_and_alone() -> None:
    assert judge("fake_password").made_up
    assert not judge("db_password").made_up
    assert judge("tokenValue").alone
    assert not judge("db_password").alone


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_any_name(name: str) -> None:
    assert strength(name) in Strength
