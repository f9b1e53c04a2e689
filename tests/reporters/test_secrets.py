"""No secret leaves through a reporter, in no encoding, unless the user asks for it."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest

from keytrace.errors import ScannerError
from keytrace.model import Report
from keytrace.reporters import REPORTERS

WINDOW = 10  # so many characters of a secret in a row are a leak


def leaks(text: str, secrets: list[str]) -> set[str]:
    return {secret for secret in secrets for form in forms(secret) for part in windows(form) if part in text}


def forms(secret: str) -> Iterator[str]:
    raw = secret.encode()
    yield secret
    yield json.dumps(secret)[1:-1]
    yield quote(secret, safe="")
    yield raw.hex()
    for shift in range(3):
        yield b64encode(raw[shift : len(raw) - (len(raw) - shift) % 3]).decode()


def windows(form: str) -> Iterator[str]:
    return (form[start : start + WINDOW] for start in range(len(form) - WINDOW + 1))


@pytest.mark.parametrize("kind", REPORTERS)
@pytest.mark.parametrize("verbose", [False, True])
def test_no_secret_is_written(
    kind: str, verbose: bool, report: Report, rendered: Callable[..., str], secrets: list[str]
) -> None:
    assert leaks(rendered(kind, report, verbose=verbose), secrets) == set()


@pytest.mark.parametrize("kind", ["text", "json"])
def test_secrets_are_shown_on_request(
    kind: str, report: Report, rendered: Callable[..., str], secrets: list[str]
) -> None:
    assert leaks(rendered(kind, report, show_secrets=True), secrets) == set(secrets)


@pytest.mark.parametrize("kind", [kind for kind in REPORTERS if kind not in ("text", "line", "json")])
def test_formats_that_leave_the_machine_refuse(kind: str, report: Report, rendered: Callable[..., str]) -> None:
    with pytest.raises(ScannerError) as caught:
        rendered(kind, report, show_secrets=True)
    assert "never show secrets" in caught.value.message
    assert "made to be" in caught.value.hint
