"""Names whose values clients are handed, where they stand in programs, configuration and builds."""

from __future__ import annotations

import pytest

from keytrace.analyzers.client import RULE
from keytrace.engine import Engine
from keytrace.findings import find
from keytrace.model import Confidence, FileProvenance, Severity
from keytrace.text.document import Document

KEY = "OPENAI_" + "API_KEY"
SHIPPED = "NEXT_PUBLIC_" + KEY
VITE = "VITE_" + KEY


def exposed(engine: Engine, path: str, text: str, lines: frozenset[int] | None = None) -> list[tuple[int, str, str]]:
    """Return line, severity and confidence of what is reported by default."""
    found = find(engine, Document(FileProvenance(path), text.encode(), lines), [])
    return [
        (one.location.region.start_line, one.severity.label, one.confidence.label)
        for one in found
        if one.rule_id == RULE and one.confidence >= Confidence.MEDIUM and one.severity >= Severity.LOW
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.ts", f"const key = process.env.{SHIPPED}"),
        ("a.ts", f"const key = process.env['{SHIPPED}']"),
        ("a.tsx", f"new OpenAI({{ apiKey: import.meta.env.{VITE} }})"),
        ("a.js", f"headers: {{ Authorization: `Bearer ${{import.meta.env.{VITE} || ''}}` }}"),
        ("a.js", f"const {{ NODE_ENV, {VITE} }} = import.meta.env"),
        ("a.ts", "import { PUBLIC_" + KEY + " } from '$env/static/public'"),
        ("a.ts", "const secret = import.meta.env.WXT_" + "API_SECRET"),
        ("a.ts", f"if (ready && process.env.{SHIPPED}) use(process.env.{SHIPPED})"),
        ("a.ts", f"if (process.env.{SHIPPED} === key) {{}}"),
        ("vite-env.d.ts", f"readonly {VITE}: string"),
        (".env.example", f"{VITE}="),
        (".env", f"export {VITE}=$KEY\r"),
        (".env", "PUBLIC_" + KEY + "=abc"),
        ("ci.yml", f"  {VITE}: ${{{{ secrets.KEY }}}}"),
        ("render.yaml", f"- key: {VITE}\n  sync: false"),
        ("docker-compose.yml", f"- {VITE}=${{KEY}}"),
        ("Dockerfile", f"ARG {VITE}"),
        ("Dockerfile", f"ENV {VITE} $KEY"),
        ("Makefile", f"docker build --build-arg {VITE} ."),
        ("env.ts", f'"{VITE}": z.string()'),
        ("a.js", "new OpenAI({ apiKey: process.env." + KEY + ", dangerouslyAllowBrowser: true })"),
        ("a.js", "new OpenAI({\n  apiKey: import.meta.env.VITE_" + "API_KEY,\n  dangerouslyAllowBrowser: true })"),
    ],
)
def test_found(engine: Engine, path: str, text: str) -> None:
    assert len(exposed(engine, path, text)) == 1, exposed(engine, path, text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.ts", "const key = process.env." + KEY),  # no client gets it
        ("README.md", f"Never set `{SHIPPED}=sk-…`: it ends up in the bundle."),
        ("turbo.json", f'"globalEnv": ["{SHIPPED}"]'),
        ("a.ts", f'throw new Error("{SHIPPED} is missing")'),
        ("a.ts", f"// apiKey: import.meta.env.{VITE},"),
        ("a.ts", f"if (process.env.{SHIPPED}) throw new Error('no secrets here')"),
        ("a.ts", f"const isSet = !!import.meta.env.{VITE}; if (!process.env.{SHIPPED}) warn()"),
        (".env", "VITE_SHOW_" + "SECRET=true"),
        (".env", "VITE_MAGIC_" + "PASSWORD=false"),
        (".env", "NEXT_PUBLIC_SECRET_URL=https://acme.io"),
        ("a.ts", "process.env.NEXT_PUBLIC_API_KEY"),  # some are made for clients
        ("a.ts", "process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY"),
        ("a.ts", "new OpenAI({ apiKey: userKey, dangerouslyAllowBrowser: true })"),
        ("a.ts", "new OpenAI({ apiKey: process.env." + KEY + ", dangerouslyAllowBrowser: false })"),
        ("a.c", "#define " + "MY_PUBLIC_" + "SECRET 1"),
        ("a.py", "class PUBLIC_" + "SECRET: pass"),
    ],
)
def test_not_reported(engine: Engine, path: str, text: str) -> None:
    assert exposed(engine, path, text) == []


def test_once_in_a_file(engine: Engine) -> None:
    text = f"a(import.meta.env.{VITE})\nb(import.meta.env.{VITE})\nc(import.meta.env.{VITE})\n"
    assert exposed(engine, "a.ts", text) == [(1, "high", "high")]
    assert exposed(engine, "a.ts", text, frozenset({3})) == [(3, "high", "high")]
    assert exposed(engine, "a.ts", text, frozenset({4})) == []
    document = Document(FileProvenance("a.ts"), text.encode())
    [message] = [one.message for one in find(engine, document, []) if one.rule_id == RULE]
    assert message.endswith("a key for OpenAI by its name; here and in 2 more places of this file")
    others = [match for match in engine.matches(document) if match.rule_id == RULE and match.confidence is None]
    assert [match.evidence[0].text for match in others] == [
        "the name is told of on line 1, where it stands in this file first"
    ] * 2


def test_a_comment_hides_no_other_place(engine: Engine) -> None:
    text = f"// import.meta.env.{VITE}\nuse(import.meta.env.{VITE})\n"
    assert exposed(engine, "a.ts", text) == [(2, "high", "high")]
