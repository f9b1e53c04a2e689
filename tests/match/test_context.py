"""Values beside a provider's name or host: which forms count."""

from __future__ import annotations

import pytest

from keytrace.match import context as beside
from keytrace.match.multipattern import RegexIndex, Trigger

VALUE = "0123" + "abcd"


def near(text: str) -> list[str]:
    """The values that are bound to the name, found where the trigger fires."""
    data = text.encode()
    (hits,) = (RegexIndex((Trigger(next(beside.near_triggers(["acme_api_key"]))[0]),)).scan(data).values()) or ((),)
    found = beside.Near(("acme_api_key",), "[0-9]{4}[a-d]{4}").find(data, 0, len(data)) if hits else ()
    return [match[0].decode() for _, match in found]


def at_host(text: str) -> list[str]:
    data = text.encode()
    return [match[0].decode() for _, match in beside.AtHost(("api.acme.io",), "[0-9a-f]{8}").find(data, 0, len(data))]


@pytest.mark.parametrize(
    "text",
    [
        f"acme_api_key = {VALUE}",
        f"acme_api_key={VALUE}",
        f'ACME_API_KEY="{VALUE}"',
        f"AcmeApiKey: '{VALUE}'",
        f"acme-api-key: {VALUE}",
        f"acme.api.key={VALUE}",
        f"acme api key: {VALUE}",
        f'"acmeApiKey": "{VALUE}"',
        f'{{\\"acme_api_key\\": \\"{VALUE}\\"}}',
        f"'acme_api_key' => '{VALUE}'",
        f'acme_api_key := "{VALUE}"',
        f'config["acme_api_key"] = "{VALUE}"',
        f'set("acme_api_key", "{VALUE}")',
        f'acme_api_key("{VALUE}")',
        f"<acmeApiKey>{VALUE}</acmeApiKey>",
        f"ACME_API_KEY_PRODUCTION={VALUE}",
        f"my_acme_api_key={VALUE}",
        f"acme_api_key: Bearer {VALUE}",
        f'acme_api_key: str = "{VALUE}"',
        f'const acmeApiKey: string = "{VALUE}"',
        f'{{"name": "ACME_API_KEY", "value": "{VALUE}"}}',
        f"- name: ACME_API_KEY\n  value: {VALUE}",
        f'<add key="AcmeApiKey" value="{VALUE}" />',
        f"<key>AcmeApiKey</key>\n<string>{VALUE}</string>",
        f'AcmeApiKey({{ apiKey: "{VALUE}" }})',
        f'acme_api_key(token="{VALUE}")',
        f"-Dacme.api.key={VALUE}",
    ],
)
def test_near(text: str) -> None:
    assert near(text) == [VALUE]


@pytest.mark.parametrize(
    "text",
    [
        f"acme_key = {VALUE}",
        f"placme_api_key = {VALUE}",
        f"acme_api_key {VALUE}",
        f"acme_api_key =\n{VALUE}",
        f"acme__api_key = {VALUE}",
        f"acme_api_key = other {VALUE}",
        f"acme_api_key{'_x' * 21} = {VALUE}",
    ],
)
def test_not_near(text: str) -> None:
    assert near(text) == []


@pytest.mark.parametrize(
    "text",
    [
        f"https://api.acme.io/{VALUE}",
        f"https://eu.api.acme.io/v1/items?limit=3&key={VALUE}",
        f"https://{VALUE}@api.acme.io/v1",
        f"https://user:{VALUE}@api.acme.io",
        f"https://{VALUE}:@api.acme.io/v1",
        f"wss://API.acme.io:443/bot{'/'}{VALUE}",
    ],
)
def test_host(text: str) -> None:
    assert at_host(text) == [VALUE]


@pytest.mark.parametrize("text", [f"https://api.acme.iox/{VALUE}", f"https://acme.io/{VALUE}", f"api.acme.io {VALUE}"])
def test_not_at_the_host(text: str) -> None:
    assert at_host(text) == []


def test_a_name_that_begins_inside_another_word_hides_none_that_follows() -> None:
    finder = beside.Near(("captcha_site", "site_key"), "[0-9]{4}[a-d]{4}")
    data = f"RECAPTCHA_SITE_KEY={VALUE}".encode()
    assert [match[0].decode() for _, match in finder.find(data, 0, len(data))] == [VALUE]
