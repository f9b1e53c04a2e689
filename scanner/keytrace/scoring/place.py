"""What stands around a value: a user and a host beside a password, the labels of a form, a call that logs in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keytrace.names.lexicon import judge
from keytrace.scoring import locale
from keytrace.scoring import value as values
from keytrace.scoring.binding import Binding

_BESIDE = 320  # bytes before and after a binding that are looked at, and
_LINES = 4  # lines of them

_GIVEN = rb"[\"'`\])]{0,2}\s{0,8}(?:=>|:=|[=:,(>])"
_USER = re.compile(rb"(?i)(?:user(?:[_-]?(?:name|id))?|login|account|e?mail|principal|rolname)" + _GIVEN)
_USER_VALUE = re.compile(_USER.pattern + rb"\s{0,4}[\"'`]?([\w.@-]{3,40})")
_HOST = re.compile(
    rb"(?i)(?:host(?:[_-]?name)?|port|server|addr(?:ess)?|url|database|db(?:[_-]?name)?|driver|endpoint|service)"
    + _GIVEN
)
_CALL = re.compile(
    rb"(?i)(?:connect\w*|log_?in\w*|log_?on\w*|auth\w*|sign_?in\w*|session\w*|credentials?|ssh\w*|register\w*|"
    rb"create_?user\w*|account\w*|connection\w*|datasource\w*|set_?password|user\w*)"
    rb"(?:\.(?:new|create|build|of))?[!?]?\s?[({][^(){}\n]{0,160}$"
)
# Neighbours that are shown to somebody: words with spaces between them, or in another script.
_LABEL = re.compile(
    rb"(?:[:=,(>]|\")\s{0,8}[\"'`>][^\"'`<>\n=:{}]{0,80}(?:[A-Za-z\x80-\xff]{2} [A-Za-z\x80-\xff]|[\x80-\xff]{2})"
    rb"[^\"'`<>\n{}]{0,160}[\"'`<]"
)
_SCHEMA = re.compile(
    rb"(?i)(?:\b|[\"'`])(?:type|required|label|placeholder|title|description|min_?length|max_?length|pattern|"
    rb"autocomplete|validat\w{1,6}|format|widget|component|html_?for|input)[\"'`]?\s{0,2}[:=(]"
)
_CHECKS = re.compile(rb"(?i)\b(?:assert\w*|expect\w*|should\w*|refute|verify|throws|errors?|invalid|message|msg)\b")


_GOES_ON = re.compile(rb",?[ \t]+[A-Za-z(]{2,}(?![\w-]*[=:])")


def in_a_sentence(data: bytes, binding: Binding) -> bool:
    """Tell whether a word without quotes behind a colon is followed by another: `the name of a password: any word`."""
    if binding.quoted or not binding.value.isalpha():
        return False
    if binding.form not in ("colon", "element") and not (binding.form == "assign" and binding.comment):
        return False
    return _GOES_ON.match(data, binding.last) is not None


_NEXT = re.compile(rb"[\"'],\s{0,20}[\"']")
_OPENED = re.compile(rb"[\[({]\s{0,20}[\"']\Z")


def in_a_list_of_words(data: bytes, binding: Binding) -> bool:
    """Tell whether a word is one of many: `secret = ["authorization", "seed_phrase", …]`."""
    if not binding.quoted or binding.form not in ("assign", "colon") or not values.reads_as_words(binding.value):
        return False
    before = data[max(0, binding.first - 24) : binding.first]
    follows = _NEXT.match(data, binding.last) is not None
    return bool(re.search(_NEXT.pattern + rb"\Z", before)) or (follows and _OPENED.search(before) is not None)


def around(data: bytes, binding: Binding, path: str) -> Iterator[tuple[str, str]]:
    """Yield what stands around a value: names of features, and what to say of them."""
    before, line, after = _beside(data, binding)
    beside = before + line + after
    if binding.user or _USER.search(beside):
        yield "user", "a user name stands beside it"
    if same := _USER_VALUE.search(beside):
        yield from [("same", "the user beside it is called the same")] if same[1] == binding.value else ()
    if binding.host or _HOST.search(beside):
        yield "host", "a host or a database stands beside it"
    if _CALL.search(before[-200:] + line[: max(0, line.find(binding.value))]):
        yield "login", "it is handed to what logs in"
    if len(_LABEL.findall(before + b"\n" + after)) >= 2:
        yield "labels", "its neighbours are texts to be shown"
    if _SCHEMA.search(beside):
        yield "schema", "its neighbours describe a field"
    if _CHECKS.search(line):
        yield "checked", "the line tests something or tells of an error"
    if locale.by_path(path):
        yield "locale", "the file holds texts of a language"


_LOGIN = re.compile(
    rb"(?i)\b[\w.-]{0,40}(?:user(?:[_-]?name)?|login)[\"']?[ \t]{0,8}[:=][ \t]{0,8}"
    rb"(?:[\"'][^\"'\n]{2,60}[\"'][,;]?|[\w.@+-]{2,60}[ \t]{0,8}\r?\n)\s{0,40}[\"']?\Z"
)


def logs_in(data: bytes, binding: Binding) -> bool:
    """Tell whether a user's name stands right before it: `{ user: "ada", pass: "…" }` logs in, whatever the word."""
    if judge(binding.name).kind != "password":
        return False
    return _LOGIN.search(data[max(0, binding.start - 160) : binding.start]) is not None


def pair(data: bytes, binding: Binding) -> bytes:
    """Return the user's name beside a value and the value, a colon between them, in lower case; nothing if none is."""
    same = None if binding.user else _USER_VALUE.search(b"".join(_beside(data, binding)))
    user = binding.user or (same[1] if same else b"")
    return (user + b":" + binding.value).lower() if user else b""


def is_called_as_user(data: bytes, binding: Binding) -> bool:
    """Tell whether the value is also the name of the user beside it, as where somebody only tries something out."""
    user, _, value = pair(data, binding).partition(b":")
    return bool(user) and user == value


def _beside(data: bytes, binding: Binding) -> tuple[bytes, bytes, bytes]:
    """Return the lines before a binding, its own, and the lines after it."""
    low, high = max(0, binding.start - _BESIDE), min(len(data), binding.last + _BESIDE)
    start = max(low, data.rfind(b"\n", low, binding.start) + 1)
    end = data.find(b"\n", binding.last, high)
    end = high if end < 0 else end
    before = b"\n".join(data[low:start].split(b"\n")[-_LINES - 1 :])
    after = b"\n".join(data[end:high].split(b"\n")[: _LINES + 1])
    return before, data[start:end], after
