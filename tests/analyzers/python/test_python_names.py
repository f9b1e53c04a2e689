"""Which names of programs hold secrets, which functions return them, and what headers carry."""

from __future__ import annotations

import pytest

from keytrace.analyzers.python.knowledge import load_knowledge
from keytrace.analyzers.python.names import Names
from keytrace.model import Additions
from keytrace.names.lexicon import confirms

KNOWLEDGE = load_knowledge(Additions())
NAMES = Names(KNOWLEDGE)

SECRETS = """
password passwd Password PASSWORD db_password dbPassword DB_PASSWORD password1 old_password new_password
user_password password_value password_plain password_str raw_password passphrase passcode secret client_secret
clientSecret CLIENT_SECRET app_secret api_key apiKey API_KEY APIKEY OPENAI_API_KEY api_key_value secret_key
SECRET_KEY aws_secret_access_key access_token accessToken ACCESS_TOKEN auth_token github_token bot_token
refresh_token bearer_token private_key signing_key encryption_key master_key credentials creds jwt dsn mnemonic
user_pwd db_pass smtp_pass contrasena senha kennwort
""".split()

NO_SECRETS = """
user username name url path key keys tokens api_keys max_tokens num_tokens token_count password_hash hashed_password
password_hasher encrypted_password masked_password password_length password_field password_policy password_url
password_reset_url is_password has_password show_password ask_password secret_name secret_id secrets api_key_id
api_key_name public_key primary_key foreign_key cache_key sort_key partition_key next_token next_page_token page_token
continuation_token eos_token pad_token csrf_token token_type token_url token_limit tokenizer monkey turkey keyboard
keyword bypass compass pass x i passenger secretary password_enabled enable_password missing_password credential_type
auth_type token_provider api_key_scanning private_key_path
""".split()

RETURNS = """
get_password fetch_api_key load_secret read_private_key create_access_token generate_api_key getPassword
decrypt_password get_secret_key obtain_auth_token get_password_for_user get_api_key_from_env get_client_secret_async
password api_key
""".split()

RETURNS_NOTHING = """
set_password check_password verify_password validate_token hash_password reset_password update_password save_token
store_secret delete_api_key is_password has_secret mask_password redact_secret encrypt_password print_password
log_secret send_token compare_password Password APIKey GetPassword get_user get get_tokens count_tokens
get_password_hash get_password_length assert_password require_api_key change_password list_secrets revoke_token
""".split()


@pytest.mark.parametrize("name", SECRETS)
def test_secret(name: str) -> None:
    assert NAMES.is_secret(name)


@pytest.mark.parametrize("name", NO_SECRETS)
def test_no_secret(name: str) -> None:
    assert not NAMES.is_secret(name)


@pytest.mark.parametrize("name", ["", "_", "__", "1", "é", "🔑", "a" * 10_000, "\n", "\0", "pass\nword"])
def test_what_is_hardly_a_name(name: str) -> None:
    assert not NAMES.is_secret(name)
    assert not NAMES.is_setting(name)
    assert not NAMES.returns_secret(name)


@pytest.mark.parametrize("name", ["token", "tok", "Token", "_token", "TOKEN", "pwd"])
def test_a_bare_word_of_two_meanings(name: str) -> None:
    assert NAMES.is_secret(name)


@pytest.mark.parametrize("name", ["get_token", "fetch_token", "create_token"])
def test_a_function_that_returns_a_bare_token(name: str) -> None:
    assert NAMES.returns_secret(name)


def test_the_folder_of_a_shell() -> None:
    assert not NAMES.is_secret("PWD")
    assert NAMES.is_secret("db_pwd")


@pytest.mark.parametrize("name", [*SECRETS, "STRIPE_KEY", "DB_PASS", "GITHUB_PAT", "WIFI_PSK", "REGISTRY_AUTH"])
def test_setting(name: str) -> None:
    assert NAMES.is_setting(name)


@pytest.mark.parametrize("name", ["KEY", "PUBLIC_KEY", "CACHE_KEY", "BUCKET_KEY", "DB_HOST", "PATH", "PASS", "HOME"])
def test_no_setting(name: str) -> None:
    assert not NAMES.is_setting(name)


@pytest.mark.parametrize("name", RETURNS)
def test_function_that_returns_a_secret(name: str) -> None:
    assert NAMES.returns_secret(name)


@pytest.mark.parametrize("name", ["", *RETURNS_NOTHING])
def test_function_that_returns_none(name: str) -> None:
    assert not NAMES.returns_secret(name)


@pytest.mark.parametrize(
    ("function", "noun"),
    [
        ("get_password", "password"),
        ("get_new_password", "password"),
        ("fetch_api_key_async", "api_key"),
        ("get_password_for_user", "password"),
        ("password", "password"),
        ("get", "get"),
        ("set_password", ""),
        ("Password", ""),
        ("", ""),
    ],
)
def test_noun(function: str, noun: str) -> None:
    assert NAMES.noun_of(function) == noun


@pytest.mark.parametrize(
    ("header", "carries"),
    [
        ("Authorization", True),
        ("authorization", True),
        ("Proxy-Authorization", True),
        ("X-Api-Key", True),
        ("x-api-key", True),
        ("Private-Token", True),
        ("X-Auth-Token", True),
        ("Content-Type", False),
        ("X-Request-Id", False),
        ("Key", False),
        ("Authorization-Type", False),
        ("", False),
        ("X-Api-Key\n", False),
    ],
)
def test_header(header: str, carries: bool) -> None:
    assert NAMES.is_header(header) is carries


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("password", "password_confirm", True),
        ("password", "password_confirmation", True),
        ("password1", "password2", True),
        ("password", "repeat_password", True),
        ("new_password", "old_password", True),
        ("password", "expected_password", False),
        ("password", "password", False),
        ("token", "secret", False),
    ],
)
def test_asked_for_twice(one: str, other: str, same: bool) -> None:
    assert confirms(one, other) is same
    assert confirms(other, one) is same


def test_names_of_a_project() -> None:
    extra = Names(load_knowledge(Additions(names=("acme_blob",))))
    assert extra.is_secret("acme_blob")
    assert extra.is_secret("ACME_BLOB")
    assert extra.is_secret("acmeBlob")
    assert not extra.is_secret("acme_blobs")
    assert not NAMES.is_secret("acme_blob")
