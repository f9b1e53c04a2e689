"""JSON web tokens: what decodes, what is public, what is over."""

from __future__ import annotations

import json
import random
from base64 import urlsafe_b64encode
from hmac import digest

import pytest

from keytrace.checks import CHECKS, Verdict

RESERVED = "a sample token: it names a host that is kept for documentation"
FUTURE, PAST = 4_102_444_800, 1_000_000_000  # 2100-01-01 and 2001-09-09


def encode(data: object) -> str:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def token(claims: object, alg: object = "HS256", signature: int = 32) -> bytes:
    header = encode({"alg": alg, "typ": "JWT"})
    return f"{header}.{encode(claims)}.{encode(random.Random(0).randbytes(signature))}".encode()


def check(value: bytes) -> Verdict:
    return CHECKS["jwt"](value)


@pytest.mark.parametrize(
    ("claims", "verdict"),
    [
        ({"sub": "17"}, Verdict(True, "a JWT that decodes; has no expiry date")),
        (
            {"iss": "https://auth.acme.dev/", "aud": ["api", "web"], "exp": FUTURE},
            Verdict(True, "a JWT that decodes, issued by https://auth.acme.dev/, for api; expires on 2100-01-01"),
        ),
        (
            {"iss": "https://securetoken.google.com/shop-7", "aud": "shop-7", "exp": PAST},
            Verdict(
                None,
                "a Firebase ID token, issued by https://securetoken.google.com/shop-7, for shop-7; "
                "expired on 2001-09-09",
                expired=True,
            ),
        ),
        (
            {"iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x", "exp": FUTURE},
            Verdict(
                True,
                "an Amazon Cognito token, issued by https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x; "
                "expires on 2100-01-01",
            ),
        ),
        ({"exp": FUTURE * 1000}, Verdict(True, "a JWT that decodes; expires on 2100-01-01")),
        ({"exp": PAST}, Verdict(None, "a JWT that decodes; expired on 2001-09-09", expired=True)),
        (
            {"iss": "kubernetes/serviceaccount", "sub": "system:serviceaccount:prod:deployer"},
            Verdict(True, "a Kubernetes service account token of namespace prod; has no expiry date"),
        ),
        (
            {"iss": "supabase", "role": "service_role", "exp": FUTURE},
            Verdict(True, "a Supabase service_role key: passes by row level security; expires on 2100-01-01"),
        ),
        (
            {"iss": "supabase", "role": "anon", "exp": FUTURE},
            Verdict(False, "a Supabase anon key: made to be public"),
        ),
        ({"iss": "supabase-demo", "role": "service_role"}, Verdict(False, "the key that every local Supabase has")),
        ({"sub": "1234567890", "name": "John Doe"}, Verdict(False, "the sample token of JWT documentation")),
        ({"sub": "1234567890", "admin": True}, Verdict(False, "the sample token of JWT documentation")),
        ({"some": "payload", "iat": PAST}, Verdict(False, "a sample token: it says nothing but 'foo' and 'bar'")),
        ({"iss": "joe", "http://example.com/is_root": True}, Verdict(False, RESERVED)),
        ({"email": "ann@acme.example"}, Verdict(False, RESERVED)),
        ({"email": "ann@myexample.com", "iat": PAST}, Verdict(True, "a JWT that decodes; has no expiry date")),
        ({"iat": PAST}, Verdict(True, "a JWT that decodes; has no expiry date")),
        # what may not be shown is not shown
        ({"iss": "a\x1b[31m\nb", "aud": {"x": 1}}, Verdict(True, "a JWT that decodes; has no expiry date")),
        ({"iss": "a" * 81, "exp": True}, Verdict(True, "a JWT that decodes; has no expiry date")),
        ({"sub": 1234567890, "name": ["John Doe"]}, Verdict(True, "a JWT that decodes; has no expiry date")),
        ({"exp": 1e400}, Verdict(True, "a JWT that decodes; has no expiry date")),
    ],
)
def test_claims(claims: dict[str, object], verdict: Verdict) -> None:
    assert check(token(claims)) == verdict


@pytest.mark.parametrize(("alg", "size"), [("HS512", 64), ("ES256", 64), ("EdDSA", 64), ("RS256", 256), ("XX1", 9)])
def test_signatures_of_the_right_length(alg: str, size: int) -> None:
    assert check(token({}, alg, size)) == Verdict(True, "a JWT that decodes; has no expiry date")


@pytest.mark.parametrize(("alg", "size"), [("HS256", 31), ("ES256", 70), ("RS256", 64), ("HS256", 0), ("XX1", 0)])
def test_signatures_of_a_wrong_length(alg: str, size: int) -> None:
    note = f"a JWT that decodes; its signature is not as long as {alg} makes it: made up, or cut"
    assert check(token({}, alg, size)) == Verdict(False, note)


def test_tokens_signed_with_a_word_that_everyone_knows() -> None:
    text = f"{encode({'alg': 'HS384'})}.{encode({'user': 7})}".encode()
    for word, holds in ((b"secret", False), (b"password", False), (b"kX9", True)):
        verdict = check(text + b"." + encode(digest(word, text, "sha384")).encode())
        assert verdict.holds is holds
    assert check(token({"user": 7})).holds is True


def test_unsigned_tokens_stay_open() -> None:
    note = "a JWT that decodes; unsigned (alg: none), so anyone can make one"
    assert check(token({}, "none", 0)) == Verdict(None, note)


def test_encrypted_tokens_stay_open() -> None:
    header = encode({"alg": "RSA-OAEP", "enc": "A256GCM"})
    value = f"{header}.{encode(b'key')}.{encode(b'iv')}.{encode(b'text')}.{encode(b'tag')}".encode()
    assert check(value) == Verdict(None, "an encrypted JWT: its claims cannot be read")


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"eyJ.eyJ.sig",
        f"{encode([1])}.{encode({})}.{encode(b'x')}".encode(),
        f"{encode({'typ': 'JWT'})}.{encode({})}.{encode(b'x')}".encode(),
        token({}, alg=5),
        token({}).rpartition(b".")[0],
    ],
)
def test_what_is_no_token(value: bytes) -> None:
    assert check(value) == Verdict(False, "not a JWT: its header does not decode")


def test_a_part_too_many() -> None:
    assert check(token({}) + b".AAAA") == Verdict(False, "not a JWT: its claims do not decode")


@pytest.mark.parametrize("claims", [b"not json", [1], b'{"a":' * 3000])
def test_claims_that_do_not_decode(claims: object) -> None:
    assert check(token(claims)) == Verdict(False, "not a JWT: its claims do not decode")


def test_stateless_installation_tokens_of_github() -> None:
    value = b"ghs_12345_" + token({"iss": "github", "exp": PAST}, "RS256", 256)
    note = "a JWT that decodes, issued by github; expired on 2001-09-09"
    assert CHECKS["github-token"](value) == Verdict(None, note, expired=True)
    assert CHECKS["github-token"](b"ghs_12345_" + b"eyJhbGciOi.abc.def").holds is False
