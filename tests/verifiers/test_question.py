"""From a finding to a question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keytrace.errors import ScannerError
from keytrace.model import Secret
from keytrace.verifiers.question import UnfitError, endpoints, question
from tests.verifiers.samples import KEY, PROBE, RULE, finding


def test_equal_keys_are_one_question() -> None:
    one, other = question(finding(), RULE, PROBE, {}), question(finding(), RULE, PROBE, {})
    assert one == other
    assert len({one, other}) == 1
    assert KEY not in repr(one)


def test_parts_of_a_credential() -> None:
    probe = replace(PROBE, basic="{acme-id}:{secret}")
    whole = finding(parts=(("acme-id", Secret(b"id-1")), ("acme-other", Secret(b"x"))))
    assert dict(question(whole, RULE, probe, {}).values) == {"acme-id": "id-1", "secret": KEY}
    with pytest.raises(UnfitError, match=r"^acme-id would be needed, too$"):
        question(finding(), RULE, probe, {})


@pytest.mark.parametrize("value", ["a b\n", "tab\t", "umlaut-ä", "\x00", "nul\x00", ""])
def test_a_value_that_cannot_stand_in_a_request(value: str) -> None:
    with pytest.raises(UnfitError, match=r"^it cannot stand in a request$"):
        question(finding(value), RULE, PROBE, {})


def test_a_host_that_the_key_tells() -> None:
    probe = replace(PROBE, url="https://{dc}.api.acme.example/me", take=(("dc", "-(.*)$"),))
    assert question(finding("key-us6"), RULE, probe, {}).bases == ("https://us6.api.acme.example",)
    for bad in ("key-evil.com/", "key-evil.com#", "key-a@b", "key-", "key-US6"):
        with pytest.raises(UnfitError, match=r"^the dc of the key is no name of a host$"):
            question(finding(bad), RULE, probe, {})
    with pytest.raises(UnfitError, match=r"^the key does not tell its dc$"):
        question(finding("key"), RULE, probe, {})


def test_regions_are_asked_in_turn_unless_a_host_is_named() -> None:
    probe = replace(PROBE, regions=("https://api.eu.acme.example",))
    assert question(finding(), RULE, probe, {}).bases == ("https://api.acme.example", "https://api.eu.acme.example")
    named = question(finding(), RULE, probe, {"acme": "https://acme.corp.example/api"})
    assert named.bases == ("https://acme.corp.example/api",)
    assert named.named
    assert question(finding(), RULE, probe, {"acme-key": "https://x.example"}).bases == ("https://x.example",)


def test_endpoints() -> None:
    given = ("acme=https://acme.corp.example/api/", "acme-key=http://127.0.0.1:8080")
    found = endpoints(given, {"acme-key": "acme"})
    assert found == {"acme": "https://acme.corp.example/api", "acme-key": "http://127.0.0.1:8080"}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("acme", "not of the form NAME=URL"),
        ("acme=", "not of the form NAME=URL"),
        ("acne=https://x.example", "nothing is asked of 'acne'"),
        ("acme=http://acme.example", "must begin with https://"),
        ("acme=acme.example", "is not plain"),
        ("acme=https://user:pw@acme.example", "is not plain"),
        ("acme=https://acme.example/?a=b", "is not plain"),
        ("acme=https://acme.example/#a", "is not plain"),
        ("acme=https://acme example/", "is not plain"),
        ("acme=https://[", "is no address"),
        ("acme=https://x:99999", "is no address"),
        ("acme=file:///etc/passwd", "is not plain"),
        ("acme=http://127.0.0.1.evil.example", "must begin with https://"),
    ],
)
def test_bad_endpoints(given: str, reason: str) -> None:
    with pytest.raises(ScannerError) as caught:
        endpoints((given,), {"acme-key": "acme"})
    assert reason in caught.value.message
    assert caught.value.hint
    assert "pw" not in caught.value.one_line
