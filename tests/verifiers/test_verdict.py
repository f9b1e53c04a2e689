"""What an answer says of a key; whatever a rule does not know is unknown."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest

from keytrace.model import Answer, Liveness, Probe
from keytrace.rules.load import load_builtin
from keytrace.verifiers.exchange import Reply
from keytrace.verifiers.question import Question, question
from keytrace.verifiers.verdict import judged
from tests.verifiers.samples import KEY, PROBE, REFUSED, RULE, finding

HOST = "api.acme.example"
RULES = {rule.id: rule for rule in load_builtin().rules}
ASKED = [name for name, rule in RULES.items() if rule.verify]
OF_OTHERS: tuple[object, ...] = (
    b"",
    b"Unauthorized",
    b"<html>Log in: your session is invalid</html>",
    b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>",
    {},
    {"error": "unauthorized"},
    {"error": "Unauthorized", "code": 401},
    {"error": "proxy authentication required", "code": 401, "status": 401, "success": False, "ok": False},
    {"message": "Unauthorized"},
    {"message": "Unauthorized", "statusCode": 401, "request_id": "7f"},
    {"message": "Authentication failed", "status": "error", "valid": False},
    {"message": "Invalid authentication credentials"},
    {"message": "Forbidden"},
    {"message": "Access Denied", "code": 403, "status": 403},
    {"detail": "Unauthorized"},
    {"detail": "Invalid authentication credentials"},
    {"title": "Unauthorized", "status": 401, "detail": "log in", "type": "about:blank"},
    {"errors": [{"message": "Unauthorized", "code": 401}]},
    {"errors": ["Unauthorized"]},
    {"error": {"message": "Unauthorized", "code": 401, "type": "error", "status": "UNAUTHENTICATED"}},
    {"status": "login required", "url": "https://portal.example", "success": True, "result": "ok"},
    {"ok": True, "status": True, "success": True, "active": True, "detail": "fine", "message": "OK"},
    [],
)


def asked(probe: Probe = PROBE, **endpoints: str) -> Question:
    return question(finding(), RULE, probe, endpoints)


def reply(status: int, content: object = None, headers: dict[str, str] | None = None) -> Reply:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Reply(status, headers or {}, body)


def test_live() -> None:
    verdict = judged(asked(), HOST, reply(200, {"login": "ann"}, {"x-scopes": "read write"}))
    assert verdict.status is Liveness.LIVE
    assert verdict.told == (("account", "ann"), ("scopes", "read write"))
    assert verdict.said == f"live: {HOST} accepts it; account ann, scopes read write"


def test_dead() -> None:
    verdict = judged(asked(), HOST, reply(401, REFUSED))
    assert (verdict.status, verdict.reason) == (Liveness.DEAD, f"{HOST} refuses it (401)")


@pytest.mark.parametrize("name", ASKED)
def test_what_others_answer_proves_nothing(name: str) -> None:
    """A proxy, a gateway or the page of a network knows nothing of keys, whatever status and words it has for that."""
    rule = RULES[name]
    assert rule.verify
    one = Question(rule.verify, (f"https://{HOST}",), (("secret", KEY),), named=True)
    statuses = {status for answer in (*rule.verify.live, *rule.verify.dead) for status in answer.status}
    for status in statuses:
        for body in OF_OTHERS:
            assert judged(one, HOST, reply(status, body)).status is Liveness.UNKNOWN, (status, body)


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (200, b"<html>Log in</html>"),
        (200, b""),
        (200, b"\xff\xfe"),
        (200, {"login": None}),
        (200, {"name": "ann"}),
        (200, ["login"]),
        (200, b"[" * 100_000),
        (201, {"login": "ann"}),
        (204, b""),
        (302, b""),
        (400, {"login": "ann"}),
        (403, {}),
        (404, {}),
        (500, {"login": "ann"}),
        (503, b"<html>"),
    ],
)
def test_all_else_is_unknown(status: int, content: object) -> None:
    verdict = judged(asked(), HOST, reply(status, content))
    assert verdict.status is Liveness.UNKNOWN
    assert verdict.reason == f"{HOST} answered {status}, which says neither"
    assert verdict.told == ()


@pytest.mark.parametrize(
    ("conditions", "content", "holds"),
    [
        ((("ok", (True,)),), {"ok": True}, True),
        ((("ok", (True,)),), {"ok": 1}, False),
        ((("ok", (True,)),), {"ok": "true"}, False),
        ((("code", (7, 8)),), {"code": 8}, True),
        ((("code", (7, 8)),), {"code": "8"}, False),
        ((("a.0.b", ("x",)),), {"a": [{"b": "x"}]}, True),
        ((("a.1.b", ("x",)),), {"a": [{"b": "x"}]}, False),
        ((("a.b", ("x",)),), {"a": "b"}, False),
        (((".", ("*",)),), [], True),
        ((("a", ("*",)), ("b", ("*",))), {"a": 0, "b": False}, True),
        ((("a", ("*",)), ("b", ("*",))), {"a": 0}, False),
    ],
)
def test_fields(conditions: object, content: object, holds: bool) -> None:
    probe = replace(PROBE, live=(Answer((200,), conditions),))  # type: ignore[arg-type]
    assert (judged(asked(probe), HOST, reply(200, content)).status is Liveness.LIVE) is holds


def test_text() -> None:
    probe = replace(PROBE, live=(Answer((200,), text="<Ok>"),), tells=(("account", "xml:Arn"),))
    verdict = judged(asked(probe), HOST, reply(200, b"<Ok><Arn>arn:aws:iam::1:user/ann</Arn></Ok>"))
    assert verdict.told == (("account", "arn:aws:iam::1:user/ann"),)
    assert judged(asked(probe), HOST, reply(200, b"<No>")).status is Liveness.UNKNOWN


def test_a_refusal_is_not_the_last_word_where_others_may_have_issued_the_key() -> None:
    probe = replace(PROBE, elsewhere="a server of your own")
    verdict = judged(asked(probe), HOST, reply(401, REFUSED))
    assert verdict.status is Liveness.UNKNOWN
    assert "it may be of a server of your own" in verdict.reason
    assert judged(asked(probe, acme="https://acme.corp.example"), HOST, reply(401, REFUSED)).status is Liveness.DEAD


def test_nothing_proves_dead_where_no_rule_says_so() -> None:
    assert judged(asked(replace(PROBE, dead=())), HOST, reply(401, REFUSED)).status is Liveness.UNKNOWN


@pytest.mark.parametrize(
    "told",
    [KEY, f"user {KEY} x", KEY[::-1], KEY.encode().hex(), base64.b64encode(KEY.encode()).decode(), [KEY], KEY[4:20]],
)
def test_a_provider_that_tells_the_key_does_not_get_it_printed(told: object) -> None:
    verdict = judged(asked(), HOST, reply(200, {"login": told}, {"x-scopes": str(told)}))
    assert verdict.status is Liveness.LIVE
    said = verdict.said
    for form in (KEY, KEY[::-1], KEY.encode().hex(), base64.b64encode(KEY.encode()).decode()):
        assert not any(form[at : at + 10] in said for at in range(len(form) - 9))


def test_what_a_provider_tells_is_one_short_line() -> None:
    verdict = judged(asked(), HOST, reply(200, {"login": "a\x1b[31m\n" + "ab " * 500}))
    ((_, told),) = verdict.told
    assert told.isprintable()
    assert len(told) <= 201
