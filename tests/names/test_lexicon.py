"""Which names promise a secret, by their words."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrace.cache import shipped
from keytrace.names.lexicon import (
    Role,
    Strength,
    asks_for_password,
    confirms,
    judge,
    noun_of,
    promise,
    spellings,
    strength,
    trigger_words,
    words,
)


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
    "pubkey updater_pubkey authenticity_token "
    "sort_key csrf_token csrfToken xsrf_token next_page_token pad_token eos_token max_tokens num_tokens "
    "get_password password_reset_url forgotPassword password_policy token_type api_key_header api_key_name "
    "encrypted_password hashed_password websocket_key publicKeyToken public_api_key "
    "APIKEY_PUBLIC lookup_key password_input label_password_text salt "
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


NOT_ABOUT = """
PRIMARY_DB_PASSWORD CACHE_REDIS_PASSWORD GROUP_DEPLOY_TOKEN NEXT_AUTH_SECRET NON_PROD_DB_PASSWORD WEBSOCKET_SECRET
KEYWORD_API_KEY CSRF_SECRET LOGFLARE_PUBLIC_ACCESS_TOKEN NEXT_PUBLIC_API_TOKEN PUBLIC_API_SECRET
"""


@pytest.mark.parametrize("name", NOT_ABOUT.split())
def test_a_first_word_does_not_make_a_password_something_else(name: str) -> None:
    assert (judge(name).strength, judge(name).about) == (Strength.STRONG, "")


def test_a_primary_key_may_encrypt() -> None:
    assert judge("ENCRYPTION_PRIMARY_KEY").strength is Strength.WEAK
    assert judge("USER_PRIMARY_KEY").strength is Strength.ABOUT


def test_what_is_asked_of_a_secret_leaves_what_it_would_be() -> None:
    found = judge("VALIDATE_API_KEY")
    assert (found.strength, found.place, found.rest) == (Strength.ABOUT, "first", Strength.STRONG)


@pytest.mark.parametrize(
    ("name", "shipped"),
    [
        ("NEXT_PUBLIC_DB_PASSWORD", True),
        ("VITE_SECRET_KEY", True),
        ("REACT_APP_TOKEN", True),
        ("PUBLIC_API_SECRET", True),
        ("next_public_token", False),
        ("VITE_KEY", False),
        ("PUBLIC_SIGNING_KEY", False),
    ],
)
def test_what_is_shipped_to_browsers(name: str, shipped: bool) -> None:
    assert judge(name).shipped is shipped


def test_made_up_and_alone() -> None:
    assert judge("fake_password").made_up
    assert not judge("db_password").made_up
    assert judge("tokenValue").alone
    assert not judge("db_password").alone


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_any_name(name: str) -> None:
    assert strength(name) in Strength


# --- names in programs ------------------------------------------------------------------------------------------------

PROMISED = """
password db_password dbPassword DB_PASSWORD password_value api_key apiKey API_KEY app_key appKey webhook_key WEBHOOK_KEY
signing_secret privKey dbPass db_pass apiToken auth_token sessionToken refresh_token last_refresh_token
azure_storage_key storage_account_key context.api_token connection_string pw
"""
NOT_PROMISED = """
storage_key session_key cache_key sort_key primary_key partition_key translation_key resource_key token_value
decoded_token colon_token next_token tokens keys api_keys max_tokens password_hash is_password show_password PWD
a::token ns::password api::key auth0[key
"""


@pytest.mark.parametrize("role", [Role.VARIABLE, Role.SETTING, Role.PARAMETER])
@pytest.mark.parametrize("name", PROMISED.split())
def test_promised(name: str, role: Role) -> None:
    found = promise(name, role)
    assert (found.is_secret, found.sure, found.about) == (True, True, "")
    assert found.kind


@pytest.mark.parametrize("role", [Role.VARIABLE, Role.SETTING, Role.PARAMETER, Role.HEADER])
@pytest.mark.parametrize("name", NOT_PROMISED.split())
def test_not_promised(name: str, role: Role) -> None:
    assert not promise(name, role).is_secret


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", ["a::token", "::password", "x::api_key", "", "password\n", "é", "password" * 10])
def test_what_is_no_name_promises_nothing(name: str, role: Role) -> None:
    assert promise(name, role).strength is Strength.NONE


@pytest.mark.parametrize("role", [Role.VARIABLE, Role.SETTING, Role.PARAMETER, Role.QUERY])
@pytest.mark.parametrize("name", ["token", "Token", "_token", "tok", "pwd"])
def test_a_bare_word_is_not_sure(name: str, role: Role) -> None:
    found = promise(name, role)
    assert (found.is_secret, found.sure) == (True, False)


@pytest.mark.parametrize(
    ("name", "role", "promised"),
    [
        ("STRIPE_KEY", Role.SETTING, True),
        ("STRIPE_KEY", Role.VARIABLE, False),
        ("stripe-key", Role.SETTING, True),
        ("stripeKey", Role.SETTING, False),
        ("GITHUB_PAT", Role.SETTING, True),
        ("SESSION_KEY", Role.SETTING, True),
        ("SESSION_KEY", Role.VARIABLE, False),
        ("S3_KEY", Role.SETTING, False),
        ("X-Acme-Key", Role.HEADER, True),
        ("X-Acme-Key", Role.VARIABLE, False),
        ("apikey", Role.HEADER, True),
        ("Idempotency-Key", Role.HEADER, False),
        ("X-CSRF-Token", Role.HEADER, False),
        ("Sec-WebSocket-Key", Role.HEADER, False),
        ("api_key", Role.HEADER, False),
        ("key", Role.QUERY, True),
        ("sig", Role.QUERY, True),
        ("_key", Role.QUERY, False),
        ("key", Role.VARIABLE, False),
        ("access_token", Role.QUERY, True),
        ("get_password", Role.FUNCTION, True),
        ("getApiKey", Role.FUNCTION, True),
        ("check_password", Role.FUNCTION, False),
        ("login_password", Role.FUNCTION, False),
        ("cleanup_invalid_passwords", Role.FUNCTION, False),
        ("Password", Role.FUNCTION, False),
    ],
)
def test_role(name: str, role: Role, promised: bool) -> None:
    assert promise(name, role).is_secret is promised


@pytest.mark.parametrize("role", [Role.VARIABLE, Role.SETTING, Role.HEADER, Role.FUNCTION])
def test_names_of_a_project(role: Role) -> None:
    own = frozenset({words("acme_blob")})
    assert promise("acmeBlob", role, own).is_secret
    assert not promise("acmeBlobs", role, own).is_secret
    assert not promise("acmeBlob", role).is_secret
    assert {"acme_blob", "acmeblob"} <= set(trigger_words(role, own=own))


def test_what_is_weak_or_about_stays_so() -> None:
    assert promise("storage_key", Role.VARIABLE).strength is Strength.WEAK
    assert promise("password_hash", Role.VARIABLE).strength is Strength.ABOUT
    assert promise("api_keys", Role.VARIABLE).strength is Strength.ABOUT
    assert promise("user", Role.VARIABLE).strength is Strength.NONE


@pytest.mark.parametrize(
    ("function", "noun"),
    [
        ("get_new_password", "password"),
        ("fetch_api_key_async", "api_key"),
        ("get_password_for_user", "password"),
        ("set_password", ""),
        ("a::get_password", ""),
        ("", ""),
    ],
)
def test_noun(function: str, noun: str) -> None:
    assert noun_of(function) == noun


def test_asked_for_twice() -> None:
    assert confirms("password1", "password2")
    assert confirms("password", "repeat_password")
    assert not confirms("password", "expected_password")


# --- spellings and triggers -------------------------------------------------------------------------------------------


def holds_a_trigger(name: str, role: Role, triggers: tuple[str, ...]) -> bool:
    text = f"?{name}=" if role is Role.QUERY else name
    return any(trigger in text.lower() for trigger in triggers)


def test_spellings_are_promised_in_every_role() -> None:
    assert all(promise(name, role).is_secret for name, role in spellings())
    assert {role for _, role in spellings()} == set(Role)
    assert 300 < len(spellings()) < 1000
    wanted = {
        ("api_key", Role.VARIABLE), ("apiKey", Role.VARIABLE), ("API_KEY", Role.SETTING), ("db_pass", Role.VARIABLE),
        ("X-Auth-Token", Role.HEADER), ("Authorization", Role.HEADER), ("key", Role.QUERY), ("token", Role.VARIABLE),
        ("get_client_secret", Role.FUNCTION), ("password", Role.PARAMETER),
    }  # fmt: skip
    assert wanted <= set(spellings())


def test_every_spelling_holds_a_trigger() -> None:
    for name, role in spellings():
        assert holds_a_trigger(name, role, trigger_words()), name
        assert holds_a_trigger(name, role, trigger_words(role)), (name, role)


def test_what_any_text_and_a_program_say_of_a_name() -> None:
    for name in ("ansible_become_pass", "SMTP_PASS", "dbPass", "truststore-pass"):
        assert judge(name) == replace(judge("x_password"), words=judge(name).words), name
        assert promise(name, Role.VARIABLE).is_secret, name
    for name in ("hash_key", "objectKey", "deduplication_key"):
        assert judge(name).strength is Strength.ABOUT, name
        assert not promise(name, Role.SETTING).is_secret, name
    assert judge("render_pass").strength is Strength.WEAK
    assert judge("google_map_key").strength is Strength.WEAK
    assert promise("GOOGLE_MAP_KEY", Role.SETTING).is_secret


def test_no_trigger_is_a_common_word() -> None:
    for bare in ("key", "pass", "auth", "pat", "sig"):
        assert bare not in trigger_words()
    assert "_key" not in trigger_words(Role.VARIABLE)
    assert "api_key" in trigger_words(Role.VARIABLE)


TABLE = tomllib.loads((shipped.folder() / "names.toml").read_text("utf-8"))["names"]
WORDS = sorted(
    {
        *TABLE["words"]["strong"], *TABLE["words"]["weak"], *TABLE["words"]["key_of"], *TABLE["about"]["last"],
        *TABLE["variable"]["suffixes"], *TABLE["variable"]["other_tokens"], *TABLE["words"]["pass_of"],
        *TABLE["function"]["verbs"], "s3", "auth0", "x", "acme", "keys", "tokens",
    }
)  # fmt: skip


@settings(max_examples=1000)
@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4),
    st.sampled_from(["_", "-", "", " ", ".", "__", "2", "["]),
    st.sampled_from([str, str.upper, str.title]),
    st.sampled_from(Role),
)
def test_whatever_is_promised_holds_a_trigger(parts: list[str], sign: str, style: type[str], role: Role) -> None:
    name = sign.join(map(style, parts))
    if promise(name, role).is_secret:
        assert holds_a_trigger(name, role, trigger_words(role))
        assert holds_a_trigger(name, role, trigger_words())


def test_the_names_in_the_standard_library_that_are_promised_hold_a_trigger() -> None:
    source = "\n".join(path.read_text("utf-8", "replace") for path in Path(os.__file__).parent.glob("*.py"))
    names = set(re.findall(r"[A-Za-z_][\w.-]*", source))
    promised = {(name, role) for name in names for role in Role if promise(name, role).is_secret}
    assert len(promised) > 50
    for name, role in promised:
        assert holds_a_trigger(name, role, trigger_words(role)), (name, role)


def test_names_of_what_is_done_with_a_password() -> None:
    names = ("RESET_PASSWORD", "reset_token", "PASSWORD_RESET", "PASSWORD")
    assert [name for name in names if asks_for_password(name)] == ["RESET_PASSWORD"]
