"""Names and values."""

from __future__ import annotations

import pytest

from keytrace.lifecycle.wording import (
    holds,
    identity_of,
    interpolated,
    is_automatic,
    is_key,
    is_plain,
    may_be_key,
    opens_database,
    password_in,
    words_of,
)


@pytest.mark.parametrize(
    "name",
    ["STRIPE_SECRET_KEY", "stripe-secret-key", "stripeSecretKey", "Stripe:SecretKey", "Stripe__SecretKey",
     "stripe.secret-key", "secrets.stripeSecretKey", "api.env.STRIPE_SECRET_KEY", "TF_VAR_stripe_secret_key"],
)  # fmt: skip
def test_spellings_of_one_name(name: str) -> None:
    assert words_of(name) == ("stripe", "secret", "key")


def test_other_names() -> None:
    assert words_of("database.password") == ("database", "password")
    assert words_of("mail.password") != words_of("database.password")
    assert words_of("") == ()


@pytest.mark.parametrize("name", ["STRIPE_SECRET_KEY", "DB_PASSWORD", "AWS_ACCESS_KEY_ID", "GH_TOKEN", "JWT_SECRET",
                                  "NEXT_PUBLIC_OPENAI_API_KEY", "spring.datasource.password",
                                  "SECRET_KEY_BASE"])  # fmt: skip
def test_names_of_keys(name: str) -> None:
    assert is_key(name)


@pytest.mark.parametrize("name", ["LOG_LEVEL", "PORT", "MAX_TOKENS", "GITHUB_TOKEN", "TOKEN_URL", "PATH", "NODE_ENV",
                                  "BASE_URL", "KEY_NAME", "GEMINI_MAX_OUTPUT_TOKENS", "model.max-tokens"])  # fmt: skip
def test_names_of_others(name: str) -> None:
    assert not is_key(name)


def test_addresses() -> None:
    assert may_be_key("DATABASE_URL")
    assert may_be_key("SENTRY_DSN")
    assert not may_be_key("BASE_URL")
    assert password_in(b"postgres://me:%s@host/db" % b"x1") == b"x1"
    assert password_in(b"postgres://host/db") == b""
    assert is_automatic("GITHUB_TOKEN")
    assert is_plain("DOCKERHUB_USERNAME")
    assert not is_plain("AWS_ACCESS_KEY_ID")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"sunrise", "value"), (b"", "empty"), (b"changeme", "placeholder"), (b"<your key>", "placeholder"),
        (b"your_api_key_here", "placeholder"), (b"true", "placeholder"), (b"5432", "placeholder"),
        (b"postgres://u:changeme@h/d", "placeholder"), (b"postgres://u:${PW}@h/d", "reference"),
        (b"password", "placeholder"),
        (b"arn:aws:secretsmanager:eu:1:secret:a", "reference"), (b"op://vault/item/field", "reference"),
        (b"@Microsoft.KeyVault(SecretUri=x)", "reference"), (b"{{ vault_key }}", "reference"),
        (b"var.key", "reference"),
        (b"ENC[AES256_GCM,data:a]", "encrypted"), (b"$ANSIBLE_VAULT;1.1;AES256", "encrypted"),
        (b"xxxxxxxx", "placeholder"),
    ],
)  # fmt: skip
def test_what_values_are(value: bytes, expected: str) -> None:
    assert str(holds(value)) == expected


def test_interpolation() -> None:
    assert interpolated("${A:-b}") == [("A", "b", True)]
    assert interpolated("${A:?say it}") == interpolated("${A?say it}") == interpolated("${A:+b}") == [("A", "", True)]
    assert interpolated("x${A}/$B") == [("A", "", False), ("B", "", False)]
    assert interpolated("$${A} 5$") == []
    assert interpolated("${{ secrets.A }}") == [("A", "", True)]


def test_numbers_tell_names_apart() -> None:
    assert identity_of("DB1_PASSWORD") == identity_of("db1Password") != identity_of("DB2_PASSWORD")
    assert identity_of("services.api2.DB_PASSWORD") == identity_of("DB_PASSWORD") == ("db", "password")
    assert identity_of("API_KEYS[0]") == identity_of("API_KEYS__0") == ("api", "key", "0")
    assert identity_of("0") == ()


def test_names_of_passwords_of_databases() -> None:
    names = ("POSTGRES_PASSWORD", "DATABASE_URL", "spring.datasource.password", "DB_PASS", "ConnectionStrings:Main")
    assert all(map(opens_database, names))
    assert not any(map(opens_database, ("API_KEY", "SMTP_PASSWORD", "DATABASE_ENCRYPTION_KEY", "DB_HOST")))
