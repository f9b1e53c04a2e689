"""From a question to a request, for samples and for every rule that asks."""

from __future__ import annotations

import random
import string
from base64 import b64decode
from dataclasses import replace
from urllib.parse import unquote_plus, urlsplit

import pytest

from keytrace.model import Rule, Secret
from keytrace.rules.load import load_builtin
from keytrace.rules.probes import placeholders
from keytrace.verifiers.question import Question, question
from keytrace.verifiers.request import render, shown
from tests.verifiers.samples import KEY, PROBE, RULE, finding

RULES = {rule.id: rule for rule in load_builtin().rules if rule.verify}
_LETTERS = random.Random(9)


def asked(**changes: object) -> Question:
    return question(finding(), RULE, replace(PROBE, **changes), {})  # type: ignore[arg-type]


def headers_of(one: Question) -> dict[str, str]:
    return dict(render(one, one.bases[0]).headers)


def test_a_header() -> None:
    request = render(asked(), "https://api.acme.example")
    assert (request.method, request.url, request.body) == ("GET", "https://api.acme.example/v1/me", b"")
    names = dict(request.headers)
    assert names.pop("User-Agent").startswith("keytrace/")
    assert names == {"Accept-Encoding": "identity", "Authorization": f"Bearer {KEY}"}
    assert KEY not in repr(request)


def test_basic_and_a_form() -> None:
    assert b64decode(headers_of(asked(basic="{secret}:"))["Authorization"].split()[1]).decode() == f"{KEY}:"
    one = question(finding("a&b=c +%"), RULE, replace(PROBE, body="key={secret}&f=json"), {})
    request = render(one, one.bases[0])
    assert request.body == b"key=a%26b%3Dc%20%2B%25&f=json"
    assert dict(request.headers)["Content-Type"] == "application/x-www-form-urlencoded"


def test_an_address_is_quoted() -> None:
    probe = replace(PROBE, url="https://api.acme.example/bot{secret}/me?k={secret}")
    request = render(question(finding("1:a/../b?c#d&e"), RULE, probe, {}), "https://api.acme.example")
    parts = urlsplit(request.url)
    assert parts.path == "/bot1:a%2F..%2Fb%3Fc%23d%26e/me"
    assert parts.query == "k=1:a%2F..%2Fb%3Fc%23d%26e"
    assert not parts.fragment


def test_an_endpoint_takes_the_place_of_what_stands_before_the_path() -> None:
    one = question(finding(), RULE, PROBE, {"acme": "https://ghe.example/api/v3"})
    assert render(one, one.bases[0]).url == "https://ghe.example/api/v3/v1/me"


def test_shown() -> None:
    one = asked(url="https://api.acme.example/{secret}", basic="{secret}:", body="a={secret}", headers=())
    text = shown(one)
    assert text.startswith("GET https://api.acme.example/********\n")
    assert "Authorization: Basic ********" in text
    assert text.endswith("\n\na=********")
    assert KEY not in text


# --- every rule -------------------------------------------------------------------------------------------------------


def example(rule: Rule) -> tuple[Question, str]:
    """Return what is asked about a key of this rule's kind, with every other part of the credential."""
    assert rule.verify
    value = "".join(_LETTERS.choices(string.ascii_letters + string.digits, k=40))
    value = {"mailchimp-api-key": f"{value}-us6"}.get(rule.id, value)
    if rule.id == "discord-webhook-url":
        number, token = "1" * 18, "".join(_LETTERS.choices(string.ascii_letters, k=68))
        value = f"https://discord.com/api/webhooks/{number}/{token}"
    parts = tuple((name, Secret(b"part0123")) for name in rule.companions or ())
    return question(finding(value, rule, parts=parts), rule, rule.verify, {}), value


def test_there_are_many_providers() -> None:
    assert len({rule.provider for rule in RULES.values()}) >= 60


@pytest.mark.parametrize("name", RULES)
def test_the_request_of_every_rule(name: str) -> None:
    rule = load_builtin().linked()[name]
    one, value = example(rule)
    declared = urlsplit(one.probe.url).netloc
    for base in one.bases:
        request = render(one, base)
        host = urlsplit(request.url).netloc
        assert urlsplit(request.url).scheme == "https"
        assert request.host == host
        assert host in {declared.replace("{dc}", "us6"), *(urlsplit(region).netloc for region in one.probe.regions)}
        assert value not in host
        sent = [unquote_plus(request.url), request.body.decode(), *(text for _, text in request.headers)]
        if one.probe.basic:
            sent.append(b64decode(dict(request.headers)["Authorization"].split()[1]).decode())
        taken = value.rpartition("/")[2]
        assert one.probe.sign or any(taken in text for text in sent)
        assert not any("{" in text for text in (request.url, *(text for _, text in request.headers)))
        assert all(text.isascii() and text.isprintable() for _, text in request.headers)
    assert value not in shown(one)
    assert placeholders(one.probe) - {"secret", "id", "rest", "dc"} <= set(rule.companions or ())


@pytest.mark.parametrize("name", RULES)
def test_every_rule_says_what_live_is(name: str) -> None:
    probe = RULES[name].verify
    assert probe
    assert probe.method == "GET" or "query" in probe.body or probe.url in READ_ONLY_POSTS
    for answer in (*probe.live, *probe.dead):
        assert answer.json or answer.text
    assert not set(probe.live) & set(probe.dead)
    assert all(200 <= status < 500 for answer in (*probe.live, *probe.dead) for status in answer.status)


READ_ONLY_POSTS = {  # calls that ask and change nothing, though they are posted
    "https://slack.com/api/auth.test",
    "https://api.dropboxapi.com/2/users/get_current_account",
    "https://oauth2.googleapis.com/tokeninfo",
    "https://sts.amazonaws.com/",
    "https://api.uptimerobot.com/v2/getAccountDetails",
}
