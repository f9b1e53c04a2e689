"""Keys that encode something readable: accounts, dates, user names."""

from __future__ import annotations

import json
import random
from base64 import b64encode, urlsafe_b64encode

import pytest

from keytrace.checks import CHECKS, Verdict

NOISE = random.Random(0).randbytes(200)
SECRET = b64encode(NOISE[:44])
UUID = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"


def json64(data: object) -> bytes:
    return b64encode(json.dumps(data).encode())


def discord(number: str) -> bytes:
    return urlsafe_b64encode(number.encode()).rstrip(b"=") + b".Gabc12." + urlsafe_b64encode(NOISE[:28]).rstrip(b"=")


def jfrog(expiry: str) -> bytes:
    return b64encode(f"reftkn:01:{expiry}:".encode() + SECRET[:27])


def teamcity(last: str = UUID) -> bytes:
    return b".".join(
        [b64encode(b'{"typ": "TCV2"}'), b64encode(b"abcdefghijklmnopqrstuvwxyz1"), b64encode(last.encode())]
    )


ONEPASSWORD = {"signInAddress": "acme.1password.com", "userAuth": {"method": "SRPg-4096"}, "secretKey": "A3-X"}
TUNNEL = {"a": "0123456789abcdef" * 2, "t": UUID, "s": b64encode(NOISE[:32]).decode()}


SLACK = b64encode(b"2-2-" + b"1234567890123-" * 4 + NOISE[:32].hex().encode()).rstrip(b"=")
SAS = b"sp=r&se=%s&sv=2024-11-04&sr=b&sig=" + SECRET[:43] + b"%%3D"
CASES = [
    (
        "slack-rotated-token",
        b"xoxe.xoxp-1-" + SLACK,
        Verdict(True, "decodes to the numbers of a Slack workspace and app, and a secret"),
    ),
    ("slack-rotated-token", b"xoxe-1-" + SECRET, Verdict(False, "not a Slack token: it does not decode")),
    (
        "azure-shared-access-signature",
        SAS % b"2021-03-01T16:00:00Z",
        Verdict(False, "a signature that expired on 2021-03-01", expired=True),
    ),
    (
        "azure-shared-access-signature",
        SAS % b"2199-03-01T16%3A00%3A00Z",
        Verdict(None, "a signature that expires on 2199-03-01"),
    ),
    (
        "azure-shared-access-signature",
        SAS % b"2021-03-01",
        Verdict(False, "a signature that expired on 2021-03-01", expired=True),
    ),
    (
        "azure-shared-access-signature",
        b"SharedAccessSignature sr=x&sig=y&se=1600000000&skn=send",
        Verdict(False, "a signature that expired on 2020-09-13", expired=True),
    ),
    ("azure-shared-access-signature", SAS % b"later", Verdict(None)),
    (
        "azure-shared-access-signature",
        b"sv=2024-11-04&si=readers&sig=y",
        Verdict(None, "its expiry stands in a stored access policy, if it has one"),
    ),
    (
        "discord-bot-token",
        discord("800000000000000000"),
        Verdict(True, "belongs to a Discord bot created on 2021-01-16"),
    ),
    (
        "discord-bot-token",
        discord("198622483471925248"),
        Verdict(False, "the sample token of Discord's documentation"),
    ),
    (
        "discord-bot-token",
        discord("99999999999999999999"),
        Verdict(False, "not a Discord token: its bot would be of the future"),
    ),
    (
        "discord-bot-token",
        discord("not a number at all"),
        Verdict(False, "not a Discord token: its first part is not a bot's number"),
    ),
    (
        "jfrog-reference-token",
        jfrog("4102444800"),
        Verdict(True, "decodes to a JFrog reference that expires on 2100-01-01"),
    ),
    (
        "jfrog-reference-token",
        jfrog("1000000000"),
        Verdict(None, "decodes to a JFrog reference that expired on 2001-09-09", expired=True),
    ),
    ("jfrog-reference-token", jfrog("0000000000"), Verdict(True, "decodes to a JFrog reference that never expires")),
    ("jfrog-reference-token", jfrog("soon"), Verdict(False, "not a JFrog reference token: it does not decode")),
    ("teamcity-token", teamcity(), Verdict(True, "its three parts decode as TeamCity makes them")),
    ("teamcity-token", teamcity("made up"), Verdict(False, "not a TeamCity token: its parts do not decode")),
    (
        "onepassword-token",
        b"ops_" + json64(ONEPASSWORD),
        Verdict(True, "decodes to a 1Password service account of acme.1password.com"),
    ),
    (
        "onepassword-token",
        b"ops_" + json64({"signInAddress": "x"}),
        Verdict(False, "not a 1Password service account token: it does not decode"),
    ),
    (
        "intercom-token",
        b64encode(f"tok:{UUID.replace('-', '_')}:1:0".encode()),
        Verdict(True, "decodes as Intercom makes its tokens"),
    ),
    ("intercom-token", b"dG9rO" + SECRET[:55], Verdict(False, "not an Intercom token: it does not decode")),
    (
        "jira-dc-token",
        b64encode(b"123456789012:" + NOISE[:20]),
        Verdict(True, "decodes to the number of a token and 20 random bytes"),
    ),
    (
        "jira-dc-token",
        b"BBDC-" + b64encode(b"123456789012:" + NOISE[:20]),
        Verdict(True, "decodes to the number of a token and 20 random bytes"),
    ),
    ("jira-dc-token", b64encode(NOISE[:33]), Verdict(False, "not a Data Center token: it does not decode")),
    (
        "cloudflare-tunnel-token",
        json64(TUNNEL),
        Verdict(True, "decodes to a tunnel of Cloudflare account 0123456789abcdef0123456789abcdef"),
    ),
    (
        "cloudflare-tunnel-token",
        json64({**TUNNEL, "a": "x"}),
        Verdict(False, "not a Cloudflare Tunnel token: it does not decode"),
    ),
    (
        "cloudflare-tunnel-token",
        json64({**TUNNEL, "s": "\ud800"}),
        Verdict(False, "not a Cloudflare Tunnel token: its secret does not decode"),
    ),
]


@pytest.mark.parametrize(("name", "value", "verdict"), CASES)
def test_encoded_keys(name: str, value: bytes, verdict: Verdict) -> None:
    assert CHECKS[name](value) == verdict


# --- who it belongs to ------------------------------------------------------------------------------------------------


def in_base64(data: object) -> bytes:
    return urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=")


def test_mapbox() -> None:
    check = CHECKS["mapbox-token"]
    claims = in_base64({"u": "acme", "a": "c" + "k" * 24})
    assert check(b"sk." + claims + b"." + b"x" * 22) == Verdict(True, "belongs to Mapbox account acme")
    assert check(b"sk." + in_base64({"u": 5, "a": 1}) + b".x").note == "decodes as Mapbox makes its tokens"
    wrong = Verdict(False, "not a Mapbox token: it does not decode")
    assert check(b"sk." + in_base64({"u": "acme"}) + b".x") == wrong
    assert check(claims) == wrong


def test_sentry() -> None:
    check = CHECKS["sentry-organization-token"]
    claims: dict[str, object] = {"iat": 1_760_000_000.4, "url": "https://sentry.io", "region_url": "", "org": "acme"}
    note = "of the Sentry organization acme at https://sentry.io, issued on 2025-10-09"
    assert check(b"sntrys_" + in_base64(claims) + b"_" + b"x" * 43) == Verdict(True, note)
    claims["iat"] = "today"
    assert check(b"sntrys_" + in_base64(claims) + b"_" + b"x" * 43).holds is False


def test_grafana() -> None:
    cloud = {"o": "871204", "n": "writer", "k": "x" * 24, "m": {"r": "us"}}
    assert CHECKS["grafana-cloud-token"](b"glc_" + in_base64(cloud)) == Verdict(
        True, "of Grafana Cloud organization 871204, named writer"
    )
    assert CHECKS["grafana-cloud-token"](b"glc_" + in_base64({"o": "1"})).holds is False
    key = {"k": "x" * 32, "n": "deploy", "id": 1}
    assert CHECKS["grafana-api-key"](in_base64(key)) == Verdict(True, "decodes to a Grafana API key named deploy")
    assert CHECKS["grafana-api-key"](in_base64({"k": 1})).holds is False


def test_elastic() -> None:
    check = CHECKS["elastic-api-key"]
    value = urlsafe_b64encode(b"x" * 20 + b":" + b"y" * 22)
    assert check(value) == Verdict(True, "decodes to the id and the secret of an Elasticsearch API key")
    assert check(urlsafe_b64encode(b"x" * 43)).holds is False


def test_docker_config() -> None:
    check = CHECKS["docker-config"]
    auths: dict[str, object] = {"https://index.docker.io/v1/": {"auth": "x"}, "ghcr.io": {}}
    assert check(in_base64({"auths": auths})) == Verdict(True, "logins for https://index.docker.io/v1/, ghcr.io")
    auths |= {"a.io": {}, "b.io": {}}
    assert check(in_base64({"auths": auths})).note.endswith(", a.io and more")
    assert check(in_base64({"auths": {}})).holds is None
    assert check(in_base64({"auths": auths})[:40]).holds is None


NO_BOT = Verdict(False, "not a Telegram token: it does not start with a bot's number")
NO_APP = Verdict(False, "not an app access token: it does not start with an app's number")


@pytest.mark.parametrize(
    ("value", "check", "verdict"),
    [
        (b"987654321:AAx", "telegram-bot-token", Verdict(None, "belongs to Telegram bot 987654321")),
        (b"123456789:AAx", "telegram-bot-token", Verdict(False, "names the bot of documentation samples")),
        (b"01234567:AA", "telegram-bot-token", NO_BOT),
        (b"4615020642577348|x", "facebook-app-token", Verdict(None, "belongs to Facebook app 4615020642577348")),
        (b"4615020642577348%7Cx", "facebook-app-token", Verdict(None, "belongs to Facebook app 4615020642577348")),
        (b"0|x", "facebook-app-token", NO_APP),
    ],
)  # fmt: skip
def test_numbers_in_front(value: bytes, check: str, verdict: Verdict) -> None:
    assert CHECKS[check](value) == verdict
