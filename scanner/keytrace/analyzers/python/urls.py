"""Credentials in URLs: before the host, in the query, in the path; literal or put in where the text is built."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from keytrace.analyzers.python import requests
from keytrace.analyzers.python.lattice import Step, Taint, Value
from keytrace.names.lexicon import Strength, judge, words
from keytrace.scoring import value as values

if TYPE_CHECKING:
    import libcst as cst

    from keytrace.analyzers.python.expressions import Expressions

_HOLE = "\x00"  # stands for a piece that is not constant
_URL = re.compile(
    r"(?i)\b(?:jdbc:)?(?P<scheme>[a-z][a-z0-9+.\-]{1,30})://(?:(?P<user>[^\s/?#@:\"'<>]*)(?P<colon>:(?P<password>[^\s/?#@\"'<>]*))?@)?"
    r"(?P<host>[^\s/?#\"'<>@]*)"
)
_PARAMETER = re.compile(r"[?&;#](?P<name>[A-Za-z_][\w.\-\[\]]{0,60})=(?P<value>[^&#;\s\"'<>]*)")
_PATH_KEYS = re.compile(
    rf"(?i)api\.telegram\.org/(?:file/)?bot(?P<a>[\w:\-{_HOLE}]+)|hooks\.slack\.com/(?:services|workflows|triggers)/(?P<b>[\w/\-{_HOLE}]+)|"
    rf"discord(?:app)?\.com/api/(?:v\d+/)?webhooks/(?P<c>[\w/\-{_HOLE}]+)|webhook\.office\.com/webhookb2/(?P<d>[\w@/\-{_HOLE}]+)"
)
_TOKEN_USERS = frozenset(
    "x-access-token oauth2 oauth token x-token-auth gitlab-ci-token x-oauth-basic __token__ user git api".split()
)
_PLACEHOLDER = re.compile(
    r"(?i)^(?:\*+|x{3,}|<.*>|\{.*\}|\[.*\]|\$\{?\w+\}?|%\w*%?|your.*|my.*|.*placeholder.*|.*example.*|pass(?:word)?|pwd|passwd|secret|user(?:name)?|token|changeme|redacted|\.\.\.|…|api_?key|key|none|null|true|false|masked|hidden|demo_key|test)$"
)
_NEVER = frozenset("sqlite file data mailto urn tag about chrome resource package pkg".split())


@dataclass(frozen=True, slots=True)
class _Text:
    """A text with holes; `pieces` are (start, end, value) of each piece that is not constant."""

    text: str
    pieces: tuple[tuple[int, int, Value], ...]

    def values(self, start: int, end: int) -> list[Value]:
        return [value for first, last, value in self.pieces if first < end and last > start]


def check(reader: Expressions, value: Value, node: cst.CSTNode) -> None:
    """Report the credentials in a text that is, or begins like, a URL."""
    text = _text(value)
    if text is None or ("://" not in text.text and "=" not in text.text and "/" not in text.text):
        return
    for url in _URL.finditer(text.text):
        if url["scheme"].lower() not in _NEVER and not text.text[: url.start()].endswith("="):
            _check_user(reader, text, url, node, value)
    if (
        ("://" in text.text and not text.text.startswith("Endpoint="))
        or text.text.startswith(("/", "?", _HOLE, "&"))
        or re.match(r"[\w./-]*\?", text.text)
    ):
        for parameter in _PARAMETER.finditer(text.text):
            _check_parameter(reader, text, parameter, node, value)
    for key in _PATH_KEYS.finditer(text.text):
        group = next(name for name in "abcd" if key[name] is not None)
        says = "put into the path of a URL that is a key by itself"
        pieces = text.values(*key.span(group))
        for piece in pieces:
            _report_taints(reader, piece, node, says)
        secret = key[group]
        if not pieces and _looks_random(secret) and not _PLACEHOLDER.match(secret) and "xxxx" not in secret.lower():
            _report_literal(reader, text, key.span(group), node, value, weak=False)
    if "?" in text.text:
        for _, end, piece in text.pieces:
            if piece.ref.endswith("urlencode()") and end:
                requests.query(reader, node, piece)


def _text(value: Value) -> _Text | None:
    if value.text is not None:
        return _Text(value.text, ()) if len(value.text) < 8192 else None
    if not value.parts:
        return None
    text = ""
    pieces: list[tuple[int, int, Value]] = []
    for part in value.parts:
        if isinstance(part.const, str):
            text += part.const
        else:
            pieces.append((len(text), len(text) + 1, part))
            text += _HOLE
    return _Text(text, tuple(pieces)) if len(text) < 8192 else None


def _check_user(reader: Expressions, text: _Text, url: re.Match[str], node: cst.CSTNode, value: Value) -> None:
    """Look at `user:password@` and `token@`."""
    if url["user"] is None:
        return
    group = "password" if url["colon"] else "user"
    secret = url[group]
    if not secret:
        if group == "password" and url["user"]:
            group, secret = "user", url["user"]
        else:
            return
    pieces = text.values(*url.span(group))
    says = "put before the host of a URL"
    if pieces:
        if any(_report_taints(reader, piece, node, says) for piece in pieces):
            return
        if group == "password":
            for piece in pieces:
                if piece.is_open and not any(taint.kind == "parameter" for taint in piece.taints):
                    _report_name(reader, "password of the URL", node, says)
                    return
        return
    secret = unquote(secret)
    if group == "user" and (secret.lower() in _TOKEN_USERS or not _looks_random(secret)):
        return
    if (
        _PLACEHOLDER.match(secret)
        or len(secret) < 3
        or (secret.lower() == unquote(url["user"] or "").lower() != "root" and group == "password")
    ):
        return
    if (
        values.is_template(secret.encode())
        or values.ruled_out(secret.encode(), quoted=True) == "the value is masked or cut short"
    ):
        return
    local = re.match(
        r"(?i)(?:localhost|127\.|\[?::1|0\.0\.0\.0|.*\bexample\.(?:com|org|net)|.*\.(?:test|invalid|example))",
        url["host"] or "",
    )
    _report_literal(reader, text, url.span(group), node, value, weak=bool(local))


def _looks_random(text: str) -> bool:
    return len(text) >= 16 and any(char.isdigit() for char in text)


def _check_parameter(
    reader: Expressions, text: _Text, parameter: re.Match[str], node: cst.CSTNode, value: Value
) -> None:
    name = parameter["name"]
    pieces = text.values(*parameter.span("value"))
    says = f"put into a URL as the query parameter '{name}'"
    if pieces:
        if any(_report_taints(reader, piece, node, says) for piece in pieces):
            return
        if name.lower() in ("key", "sig", "auth", "token", "appid") and any(_is_key(piece) for piece in pieces):
            _report_name(reader, pieces[0].shown, node, says)
            return
        if reader.names.is_secret(name) or name.lower() in ("token", "auth", "sig", "apikey", "appid"):
            for piece in pieces:
                if (
                    piece.is_open
                    and name.lower() not in ("sig", "token", "auth", "appid")
                    and parameter["value"].strip(_HOLE) == ""
                ) and (not any(taint.kind == "parameter" for taint in piece.taints) or reader.names.is_secret(name)):
                    _report_name(reader, name, node, says)
                    return
        return
    secret = unquote(parameter["value"])
    if _PLACEHOLDER.match(secret) or len(secret) < 6 or values.is_template(secret.encode()):
        return
    lower = name.lower()
    named = reader.names.is_secret(name) or lower in (
        "key",
        "sig",
        "auth",
        "token",
        "appid",
        "sign",
        "signature",
        "pwd",
        "pass",
        "hapikey",
        "access",
    )
    if named and reader.ledger.is_credential(
        name if reader.names.is_secret(name) else "api_key",
        secret,
        strict=not reader.names.is_secret(name) or lower == "token",
    ):
        _report_literal(reader, text, parameter.span("value"), node, value, weak=False)


def _is_key(piece: Value) -> bool:
    """Tell whether what is put in is called a key of something, such as `maps_key`."""
    parts = words(piece.shown)
    return (
        piece.is_open and len(parts) > 1 and parts[-1] in ("key", "token", "apikey")
        and judge(piece.shown).strength >= Strength.WEAK and not set(parts) & _OTHER_KEYS
    )  # fmt: skip


_OTHER_KEYS = frozenset(
    "sort cache primary partition foreign object page next group row item order s3 file storage dict map idempotency "
    "public site shard routing search continuation sync cursor".split()
)


def _report_taints(reader: Expressions, piece: Value, node: cst.CSTNode, says: str) -> bool:
    found = False
    for taint in piece.taints:
        if taint.kind == "dump" or taint.part:
            continue
        reader.sink_taint("credential-in-url", node, taint, says)
        found = found or taint.kind != "parameter"
    return found


def _report_name(reader: Expressions, name: str, node: cst.CSTNode, says: str) -> None:
    reader.ledger.flow("credential-in-url", node, Taint("name", name, (Step(node, says),)), says)


def _report_literal(
    reader: Expressions, text: _Text, span: tuple[int, int], node: cst.CSTNode, value: Value, *, weak: bool
) -> None:
    if value.text is not None and "\n" in value.text.strip():
        return  # documentation, a script
    if reader.in_test and not reader.ledger.is_credential("api_key", text.text[slice(*span)], strict=True):
        weak = True
    if value.text is not None:
        reader.ledger.url_literal(value, node, span, weak=weak)
    else:
        taint = Taint("literal", "credential", (Step(node, "a literal in a URL"),))
        reader.ledger.flow("credential-in-url", node, taint, "a literal in a URL")
