"""JSON web tokens: header, claims, expiry, and what kind of token the claims tell of."""

from __future__ import annotations

import re
from hmac import compare_digest, digest

from keytrace.checks.verdict import Verdict, is_past, json_object, moment, plain, unbase64
from keytrace.scoring import value as values

# bytes of the signature; a token with another length cannot be valid
_SIGNATURES = {"HS256": 32, "HS384": 48, "HS512": 64, "ES256": 64, "ES384": 96, "ES512": 132, "EdDSA": 64}
_SMALLEST_RSA = 128  # 1024 bits


def json_web_token(value: bytes) -> Verdict:
    parts = value.split(b".", 5)
    header = json_object(unbase64(parts[0]))
    if header is None or not plain(header.get("alg")) or len(parts) < 3:
        return Verdict(False, "not a JWT: its header does not decode")
    if len(parts) == 5 and "enc" in header:
        return Verdict(None, "an encrypted JWT: its claims cannot be read")
    claims = json_object(unbase64(parts[1]))
    if claims is None or len(parts) != 3:
        return Verdict(False, "not a JWT: its claims do not decode")
    if known_to_all := _published(claims) or _signed_by_all(plain(header["alg"]), value):
        return Verdict(False, known_to_all)
    return _judge(header, claims, parts[2])


def _judge(header: dict[str, object], claims: dict[str, object], signature: bytes) -> Verdict:
    algorithm, about = plain(header["alg"]), _about(claims)
    if algorithm.lower() == "none":
        return Verdict(None, f"{about}; unsigned (alg: none), so anyone can make one")
    if not _signature_fits(algorithm, signature):
        return Verdict(False, f"{about}; its signature is not as long as {algorithm} makes it: made up, or cut")
    expiry = moment(claims.get("exp"))
    if expiry is None:
        return Verdict(True, f"{about}; has no expiry date")
    if is_past(expiry):
        return Verdict(None, f"{about}; expired on {expiry:%Y-%m-%d}", expired=True)
    return Verdict(True, f"{about}; expires on {expiry:%Y-%m-%d}")


def _published(claims: dict[str, object]) -> str:
    """Say why a token is no secret: every copy of a program has it, or it is made to be public."""
    if claims.get("iss") == "supabase-demo":
        return "the key that every local Supabase has"
    if claims.get("iss") == "supabase" and claims.get("role") == "anon":
        return "a Supabase anon key: made to be public"
    return _sample(claims)


def _sample(claims: dict[str, object]) -> str:
    """Say so when a token stands for one in documentation: by whom and what it speaks of."""
    if claims.get("sub") == "1234567890" or claims.get("name") in _NOBODIES:
        return "the sample token of JWT documentation"
    said = [(name, claim) for name, claim in claims.items() if name not in _TIMES]
    if said and all(isinstance(claim, str) and (name, claim) in _TOYS for name, claim in said):
        return "a sample token: it says nothing but 'foo' and 'bar'"
    if any(isinstance(part, str) and _RESERVED.search(part) for pair in said for part in pair):
        return "a sample token: it names a host that is kept for documentation"
    return ""


_NOBODIES = ("John Doe", "Jane Doe", "Jon Doe", "Joe Coder")
_TOYS = {("foo", "bar"), ("some", "payload"), ("hello", "world"), ("key", "value"), ("iss", "joe")}
_TIMES = ("exp", "iat", "nbf")
_RESERVED = re.compile(r"(?:^|[/@.])example\.(?:com|org|net)(?![\w.-])|\.(?:example|invalid)(?![\w.-])")  # RFC 2606
_HASHES = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}
# What documentation signs with: jwt.io, and the first pages of libraries.
_SECRETS = (
    "", "secret", "your-256-bit-secret", "your-384-bit-secret", "your-512-bit-secret", "key", "test", "changeme",
    "a-string-secret-at-least-256-bits-long", "a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long",
    "shhhhh", "shhhhhared-secret", "my-secret", "mysecret", "my_secret", "supersecret", "super-secret", "secret_key",
    "secret-key", "secretkey", "jwt_secret", "jwt-secret", "your_secret_key", "your-secret-key", "s3cr3t",
)  # fmt: skip


def _signed_by_all(algorithm: str, value: bytes) -> str:
    """Say so when a token is signed with a word that everyone tries first."""
    text, _, signature = value.rpartition(b".")
    expected, hashed_by = unbase64(signature), _HASHES.get(algorithm)
    if expected and hashed_by:
        for word in (*_SECRETS, *values.example_passwords()):
            if compare_digest(digest(word.encode(), text, hashed_by), expected):
                return "signed with the secret of documentation: anyone can make one"
    return ""


def _about(claims: dict[str, object]) -> str:
    issuer, subject, audience = plain(claims.get("iss")), plain(claims.get("sub")), claims.get("aud")
    if issuer == "supabase" and claims.get("role") == "service_role":
        return "a Supabase service_role key: passes by row level security"
    if issuer == "kubernetes/serviceaccount" or subject.startswith("system:serviceaccount:"):
        namespace = subject.split(":")[2] if subject.count(":") == 3 else ""
        return "a Kubernetes service account token" + (f" of namespace {namespace}" if namespace else "")
    about = _kind(issuer, claims)
    if issuer:
        about += f", issued by {issuer}"
    if audience := plain(audience[0] if isinstance(audience, list) and audience else audience):
        about += f", for {audience}"
    return about


# Who issues what, by how the issuer begins; the rest of it names the tenant.
_ISSUERS = {
    "https://securetoken.google.com/": "a Firebase ID token",  # firebase.google.com/docs/auth/admin/verify-id-tokens
    "https://accounts.google.com": "a Google ID token",  # developers.google.com/identity/openid-connect
    "https://cognito-idp.": "an Amazon Cognito token",  # docs.aws.amazon.com/cognito, verifying a JSON web token
    "https://sts.windows.net/": "a Microsoft Entra access token",  # learn.microsoft.com/entra/identity-platform
    "https://login.microsoftonline.com/": "a Microsoft Entra token",
    "https://token.actions.githubusercontent.com": "a GitHub Actions token",  # docs.github.com, OpenID Connect
    "https://appleid.apple.com": "an Apple ID token",  # developer.apple.com, sign in with Apple
}
_FIREBASE_AUDIENCE = "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit"


def _kind(issuer: str, claims: dict[str, object]) -> str:
    if claims.get("aud") == _FIREBASE_AUDIENCE:
        return "a Firebase custom token"  # firebase.google.com/docs/auth/admin/create-custom-tokens
    for beginning, kind in _ISSUERS.items():
        if issuer.startswith(beginning):
            return kind
    return "a JWT that decodes"


def _signature_fits(algorithm: str, signature: bytes) -> bool:
    size = len(unbase64(signature) or b"")
    if algorithm in _SIGNATURES:
        return size == _SIGNATURES[algorithm]
    return size >= _SMALLEST_RSA if algorithm.startswith(("RS", "PS")) else size > 0
