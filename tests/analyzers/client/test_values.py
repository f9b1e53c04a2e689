"""Secrets that other rules find, in what clients get."""

from __future__ import annotations

import json
import random
import string

import pytest

from keytrace.analyzers.client import RULE
from keytrace.engine import Engine
from keytrace.findings import find
from keytrace.model import Confidence, FileProvenance, Finding, Severity
from keytrace.text.document import Document

DRAWN = random.Random(13)
RANDOM = "".join(DRAWN.choices(string.ascii_letters + string.digits, k=40))
LIVE, TEST, PUBLISHED = ("sk" + f"_{kind}_" + RANDOM[:24] for kind in ("live", "test", "x"))
PUBLISHED = "pk" + "_live_" + RANDOM[:24]
SUPABASE = "sb" + "_secret_" + RANDOM[:22] + "_" + RANDOM[22:30]
MAPS = "AI" + "za" + RANDOM[:35]
NAMED = "VITE_STRIPE_" + "SECRET_KEY"
BUNDLE = 'var e=document.createElement("a"),t="{}";'


def reported(engine: Engine, path: str, text: str) -> list[Finding]:
    found = find(engine, Document(FileProvenance(path), text.encode()), [])
    return [one for one in found if one.confidence >= Confidence.MEDIUM and one.severity >= Severity.LOW]


def exposed(engine: Engine, path: str, text: str) -> list[tuple[str, str]]:
    return [(one.severity.label, one.message) for one in reported(engine, path, text) if one.rule_id == RULE]


@pytest.mark.parametrize(
    ("path", "text", "severity", "message"),
    [
        (".env", f"VITE_PAY={LIVE}", "critical", "VITE_PAY is built into what every browser loads: Stripe live"),
        (".env", f"{NAMED}={TEST}", "high", f"{NAMED} is built into"),  # the name is worse
        ("a.ts", f'const k = process.env.NEXT_PUBLIC_PAY || "{LIVE}"', "critical", "NEXT_PUBLIC_PAY is built"),
        (".env", f"VITE_API_TOKEN={RANDOM}", "high", "VITE_API_TOKEN is built into"),  # its kind is not told
        ("dist/index.js", BUNDLE.format(LIVE), "critical", "Stripe live secret key in a bundle for browsers"),
        ("public/env.js", f'window.env={{"KEY":"{SUPABASE}"}}', "critical", "Supabase secret key in a file that"),
        ("res/values/strings.xml", f'<string name="pay">{LIVE}</string>', "critical", "Stripe live secret key in res"),
        (
            "app/build.gradle",
            f'buildConfigField "String", "P", "\\"{LIVE}\\""',
            "critical",
            "Stripe live secret key in",
        ),
        ("ios/Info.plist", f"<key>Pay</key>\n<string>{TEST}</string>", "medium", "Stripe test key in the conf"),
        ("a.ts", f'new OpenAI({{ apiKey: "{LIVE}", dangerouslyAllowBrowser: true }})', "critical", "Stripe live"),
    ],
)
def test_exposed(engine: Engine, path: str, text: str, severity: str, message: str) -> None:
    [(how_bad, said)] = exposed(engine, path, text)
    assert how_bad == severity
    assert said.startswith(message)


def test_in_the_sources_of_a_source_map(engine: Engine) -> None:
    source = json.dumps({"version": 3, "sourcesContent": [f'const a = {{\n key: "{LIVE}" }}']})
    assert exposed(engine, "dist/main.js.map", source) == [("critical", "Stripe live secret key in a source map")]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".env", f"PAY={LIVE}"),
        ("server/index.js", BUNDLE.format(LIVE)),
        ("dist/index.js", BUNDLE.format('",secret="' + RANDOM[:18])),  # bundles are full of names
        (".env", f"VITE_STRIPE_KEY={PUBLISHED}"),
        ("dist/index.js", BUNDLE.format(PUBLISHED)),
        ("res/values/google_maps_api.xml", f'<string name="google_maps_key">{MAPS}</string>'),
        ("app/google-services.json", f'{{"api_key": [{{"current_key": "{MAPS}"}}]}}'),
        ("public/config.json", f'{{"apiKey": "{MAPS}", "authDomain": "a.firebaseapp.com"}}'),
    ],
)
def test_not_exposed(engine: Engine, path: str, text: str) -> None:
    assert exposed(engine, path, text) == []


def test_the_secret_is_masked_and_found_by_its_own_rule(engine: Engine) -> None:
    found = reported(engine, "dist/index.js", BUNDLE.format(LIVE))
    assert [one.rule_id for one in found] == [RULE, "stripe-live-secret-key"]
    assert not any(LIVE[8:] in one.location.excerpt.text + one.message for one in found)
