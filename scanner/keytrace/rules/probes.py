"""The table `verify` of a rule: how its provider is asked whether a key is live, each key checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from keytrace.errors import ScannerError, suggest
from keytrace.match.patterns import compile_text_pattern
from keytrace.model import Answer, Probe

SIGNERS = ("aws-sts",)
TELLS = ("account", "organization", "scopes", "expires", "mode")
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9-]*)\}")
_URL = re.compile(r"https://(?:\{(?P<taken>[a-z]+)\}\.)?(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)(?P<path>/\S*)?")
_BASE = re.compile(r"https://[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_TEXTS = ("basic", "body", "elsewhere")
_TABLES = ("headers", "take", "tells")
_KEYS = {"get", "post", "sign", "live", "dead", "source", "regions", *_TEXTS, *_TABLES}
_ANSWER_KEYS = {"status", "json", "text"}
Fail = Callable[..., ScannerError]  # (key, reason, hint) -> the error, with file and line


def parse_probe(table: Mapping[str, Any], fail_of_rule: Fail) -> Probe:
    """Validate the table `verify` of a rule; raise ScannerError."""

    def fail(reason: str, hint: str = "") -> ScannerError:
        return fail_of_rule("verify", f"'verify': {reason}", hint)

    for key in table:
        if key not in _KEYS:
            raise fail(f"unknown key '{key}'", suggest(key, _KEYS))
    method, url = _target(table, fail)
    sign = table.get("sign", "")
    if sign and sign not in SIGNERS:
        raise fail(f"'sign' must be one of {', '.join(SIGNERS)}")
    rest: dict[str, Any] = {key: _text(table, key, fail) for key in _TEXTS}
    rest |= {key: _pairs(table, key, fail) for key in _TABLES}
    probe = Probe(
        method=method,
        url=url,
        live=tuple(_answers(table, "live", fail)),
        dead=tuple(_answers(table, "dead", fail)),
        source=_text(table, "source", fail),
        sign=sign,
        regions=_regions(table, fail),
        **rest,
    )
    _check(probe, fail)
    return probe


def placeholders(probe: Probe) -> set[str]:
    """Return the names of what is put into a request."""
    texts = (probe.url, probe.basic, probe.body, *(value for _, value in probe.headers))
    return {name for text in texts for name in PLACEHOLDER.findall(text)}


def _check(probe: Probe, fail: Fail) -> None:
    """Raise ScannerError where the parts of a probe do not go together."""
    if not probe.source.startswith("https://"):
        raise fail("'source' must be the address of the provider's documentation")
    for key, answers in (("live", probe.live), ("dead", probe.dead)):
        if not all(one.json or one.text for one in answers):
            raise fail(f"'{key}' must say what stands in the answer: anybody may answer with its status")
    if unknown := [name for name, _ in probe.tells if name not in TELLS]:
        raise fail(f"'tells' knows no '{unknown[0]}'", f"one of {', '.join(TELLS)}")
    taken = {name for name, pattern in probe.take if _has_one_group(name, pattern, fail)}
    if not probe.sign and placeholders(probe).isdisjoint({"secret", *taken}):
        raise fail("the request holds no {secret}")
    found = _URL.fullmatch(probe.url)
    if found and found["taken"] not in {None, *taken}:
        raise fail("only what 'take' names may stand in a host")


def _has_one_group(name: str, pattern: str, fail: Fail) -> bool:
    try:
        groups = compile_text_pattern(pattern).groups
    except ValueError as error:
        raise fail(f"'take': bad regex of '{name}': {error}") from error
    if groups != 1:
        raise fail(f"'take': the regex of '{name}' must have one group")
    return True


def _target(table: Mapping[str, Any], fail: Fail) -> tuple[str, str]:
    methods = [key for key in ("get", "post") if key in table]
    if len(methods) != 1:
        raise fail("one of 'get' and 'post' must be the address")
    url = table[methods[0]]
    found = _URL.fullmatch(url) if isinstance(url, str) else None
    if not found or not found["path"]:
        raise fail(f"'{methods[0]}' must be an address such as https://api.example.com/v1/me")
    return methods[0].upper(), url


def _regions(table: Mapping[str, Any], fail: Fail) -> tuple[str, ...]:
    regions = table.get("regions", [])
    if not isinstance(regions, list) or not all(isinstance(one, str) and _BASE.fullmatch(one) for one in regions):
        raise fail("'regions' must be a list of hosts, such as https://api.eu.example.com")
    return tuple(regions)


def _answers(table: Mapping[str, Any], key: str, fail: Fail) -> Iterator[Answer]:
    given = table.get(key, [])
    answers = [given] if isinstance(given, dict) else given
    if not isinstance(answers, list) or not all(isinstance(one, dict) for one in answers):
        raise fail(f"'{key}' must be a table or a list of tables: what that answer is")
    if not answers and key == "live":
        raise fail("'live' must say what the answer is then")
    yield from (_answer(one, key, fail) for one in answers)


def _answer(table: Mapping[str, Any], key: str, fail: Fail) -> Answer:
    if unknown := table.keys() - _ANSWER_KEYS:
        raise fail(f"'{key}': unknown key '{min(unknown)}'", suggest(min(unknown), _ANSWER_KEYS))
    status, fields = table.get("status"), table.get("json", {})
    if not isinstance(status, list) or not status or not all(type(code) is int for code in status):
        raise fail(f"'{key}': 'status' must be a list of numbers")
    if not isinstance(fields, dict):
        raise fail(f"'{key}': 'json' must be a table: path = value")
    conditions = tuple((path, tuple(_values(value, key, fail))) for path, value in fields.items())
    return Answer(tuple(status), conditions, _text(table, "text", fail))


def _values(value: object, key: str, fail: Fail) -> Iterator[str | int | bool]:
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, str | int | bool):
            raise fail(f"'{key}': a value in 'json' must be a string, a number, true or false, or a list of such")
        yield one


def _text(table: Mapping[str, Any], key: str, fail: Fail) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise fail(f"'{key}' must be a string")
    return value


def _pairs(table: Mapping[str, Any], key: str, fail: Fail) -> tuple[tuple[str, str], ...]:
    pairs = table.get(key, {})
    if not isinstance(pairs, dict) or not all(isinstance(value, str) for value in pairs.values()):
        raise fail(f"'{key}' must be a table of strings")
    return tuple(pairs.items())
