"""`keytrace verify`: one key from standard input."""

from __future__ import annotations

import random
import string
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.samples import marked
from tests.verifiers.server import Provider, says, serving

if TYPE_CHECKING:
    from tests.cli.conftest import Keytrace

LETTERS = random.Random(12)
AWS_ID = "AKIA" + "".join(LETTERS.choices(string.ascii_uppercase + "234567", k=16))
AWS_SECRET = "".join(LETTERS.choices(string.ascii_letters + string.digits, k=40))
HEX = "".join(LETTERS.choices("0123456789abcdef", k=32))


def endpoint(name: str, provider: Provider) -> list[str]:
    return ["--verify-endpoint", f"{name}={provider.url}"]


@pytest.mark.parametrize(
    ("status", "answer", "code", "said"),
    [
        (200, {"login": "octocat", "id": 1}, 1, "live: 127.0.0.1"),
        (401, {"message": "Bad credentials"}, 0, "dead: 127.0.0.1"),
        (401, {"message": "Unauthorized"}, 3, "unknown: 127.0.0.1"),
        (500, {}, 3, "unknown: 127.0.0.1"),
        (200, "<html>", 3, "unknown: 127.0.0.1"),
    ],
)
def test_a_key(status: int, answer: object, code: int, said: str, keytrace: Keytrace, project: Path) -> None:
    with serving(says(status, answer)) as provider:
        run = keytrace("verify", *endpoint("github", provider), stdin=marked(1).encode())
    assert run.code == code
    assert run.out.startswith(f"github-personal-access-token: {said}")
    assert marked(1) not in run.out + run.err


def test_json(keytrace: Keytrace, project: Path) -> None:
    with serving(says(200, {"login": "octocat", "id": 1})) as provider:
        run = keytrace("verify", "-f", "json", *endpoint("github", provider), stdin=f"T={marked(1)}\n".encode())
    (record,) = run.json
    assert record["rule"] == "github-personal-access-token"
    assert (record["status"], record["told"]) == ("live", {"account": "octocat"})


def test_a_rule_tells_what_the_key_does_not(keytrace: Keytrace, project: Path) -> None:
    with serving(says(200, {"valid": True})) as provider:
        run = keytrace("verify", "--rule", "datadog-api-key", *endpoint("datadog", provider), stdin=f"{HEX}\n".encode())
    assert run.code == 1
    assert provider.seen[0].headers["DD-API-KEY"] == HEX


def test_an_id_and_its_secret(keytrace: Keytrace, project: Path) -> None:
    text = f"AWS_ACCESS_KEY_ID={AWS_ID}\nAWS_SECRET_ACCESS_KEY={AWS_SECRET}\n"
    answer = "<r><GetCallerIdentityResult><Arn>arn:aws:iam::12:user/ann</Arn></GetCallerIdentityResult></r>"
    with serving(says(200, answer)) as provider:
        run = keytrace("verify", *endpoint("aws", provider), stdin=text.encode())
    assert run.code == 1
    assert "account arn:aws:iam::12:user/ann" in run.out
    (seen,) = provider.seen
    assert seen.body == b"Action=GetCallerIdentity&Version=2011-06-15"
    assert f"Credential={AWS_ID}/" in seen.headers["Authorization"]
    assert AWS_SECRET not in str(seen)
    run = keytrace("verify", "--rule", "aws-secret-access-key", stdin=AWS_SECRET.encode())
    assert run.code == 3
    assert "aws-access-key-id would be needed, too" in run.out


def test_dry_run_sends_nothing(keytrace: Keytrace, project: Path) -> None:
    with serving(says(200, {})) as provider:
        run = keytrace("verify", "--dry-run", *endpoint("github", provider), stdin=marked(1).encode())
    assert run.code == 0
    assert run.out.startswith(f"GET {provider.url}/user\n")
    assert "Authorization: Bearer ********\n" in run.out
    assert provider.seen == []


@pytest.mark.parametrize(
    ("arguments", "text", "reason"),
    [
        ([], b"", "there is no key on standard input"),
        ([], b" \n", "there is no key on standard input"),
        ([], b"hello", "it is not known what kind of key that is"),
        ([], b"x" * 70_000, "that is more than a key"),
        (["--rule", "datadog-api-key"], b"a1b2c3", "that has not the form of a Datadog API key"),
        (["--rule", "stripe-live-secret-key"], marked(1).encode(), "that is no Stripe live secret key, but"),
        (["--rule", "nonsense"], b"x", "no rule 'nonsense' says how a key is verified"),
        (["--rule", "pem-private-key"], b"x", "says how a key is verified"),
    ],
)
def test_mistakes(arguments: list[str], text: bytes, reason: str, keytrace: Keytrace, project: Path) -> None:
    run = keytrace("verify", *arguments, stdin=text)
    assert run.code == 2
    assert reason in run.err
    assert "hint: " in run.err


def test_the_rules_that_ask_are_listed(keytrace: Keytrace, project: Path) -> None:
    known = keytrace("rules", "list", "--verify", "-f", "json").json
    assert len({rule["provider"] for rule in known}) >= 60
    shown = keytrace("rules", "show", "github-personal-access-token").out
    assert "live if accepted by: GET https://api.github.com/user" in shown
