from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from keytrace.fixers.edits import applied
from keytrace.fixers.plan import FilePlan
from tests.fixers.fixing import outcome

PROGRAM = '''
from flask import Flask, request

app = Flask(__name__)


@app.post("/{provider}/webhook")
def {provider}_webhook():
    """Take it."""
    event = request.get_json()
    handle(event)
    return "ok"
'''


@pytest.mark.parametrize(
    ("provider", "check"),
    [
        ("stripe", ("# the event is to be taken from here alone, not from the body once more\n"
                   "event = stripe.Webhook.construct_event(request.get_data(), "
                   'request.headers.get("Stripe-Signature", ""), os.environ["STRIPE_WEBHOOK_SECRET"])')),
        ("github", ('expected = "sha256=" + hmac.new(os.environ["GITHUB_WEBHOOK_SECRET"].encode(), request.get_data(), '
                   'hashlib.sha256).hexdigest()\nif not hmac.compare_digest(expected, '
                   'request.headers.get("X-Hub-Signature-256", "")):\n    abort(403)')),
        ("twilio", ('if not RequestValidator(os.environ["TWILIO_AUTH_TOKEN"]).validate(request.url, request.form, '
                   'request.headers.get("X-Twilio-Signature", "")):\n    abort(403)')),
    ],
)  # fmt: skip
def test_a_skeleton_is_shown_and_never_written(provider: str, check: str, tmp_path: Path) -> None:
    source = PROGRAM.format(provider=provider)
    (tmp_path / "app.py").write_text(source)
    done = outcome(tmp_path)
    assert done.changes == []
    (item,) = [one for one in done.left if one.fix]
    assert item.fix is not None
    assert item.fix.shown_only
    after = applied(source.encode(), item.fix.edits).decode()
    assert f'"""Take it."""\n{textwrap.indent(check, "    ")}\n    event = request.get_json()\n' in after
    compile(after, "app.py", "exec")
    shown = FilePlan("app.py", source.encode(), []).sketched(item.fix).decode()
    modules = {"stripe": ["os", "stripe"], "github": ["hashlib", "hmac", "os"], "twilio": ["os"]}[provider]
    assert [line for line in shown.splitlines() if line.startswith("import ")] == [f"import {one}" for one in modules]
    assert ("from flask import abort" in shown) == (provider != "stripe")
    assert ("from twilio.request_validator import RequestValidator" in shown) == (provider == "twilio")


def test_an_unknown_framework_has_none(tmp_path: Path) -> None:
    source = PROGRAM.format(provider="stripe").replace("from flask import Flask, request", "from bottle import *")
    (tmp_path / "app.py").write_text(source)
    assert all(item.fix is None for item in outcome(tmp_path).left)
