"""From an answer to a verdict. What a rule does not know is unknown: neither an error nor a page is an answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from keytrace.model import Answer, Liveness, Verification
from keytrace.redaction.spellings import Values
from keytrace.redaction.texts import mask, safe
from keytrace.verifiers.exchange import Reply
from keytrace.verifiers.question import Question

_NOTHING = object()
_LONGEST = 200  # characters of what a provider tells
_DEEPEST = 8


def judged(asked: Question, host: str, reply: Reply) -> Verification:
    """Return what an answer says of a key."""
    probe, content = asked.probe, _content(reply.body)
    if any(_fits(one, reply, content) for one in probe.live):
        told = tuple(_told(asked, reply, content))
        return Verification(Liveness.LIVE, f"{host} accepts it", host, told)
    if any(_fits(one, reply, content) for one in probe.dead):
        refused = f"{host} refuses it ({reply.status})" if reply.status >= 400 else f"{host} refuses it"
        if not probe.elsewhere or asked.named:
            return Verification(Liveness.DEAD, refused, host)
        reason = f"{refused}, but it may be of {probe.elsewhere}: --verify-endpoint names where to ask"
        return Verification(Liveness.UNKNOWN, reason, host)
    return Verification(Liveness.UNKNOWN, f"{host} answered {reply.status}, which says neither", host)


def _fits(answer: Answer, reply: Reply, content: Any) -> bool:
    """Tell whether all holds that an answer must be."""
    if reply.status not in answer.status:
        return False
    if answer.text and answer.text.encode() not in reply.body:
        return False
    return all(_is_one(_at(content, path), values) for path, values in answer.json)


def _is_one(value: Any, values: tuple[str | int | bool, ...]) -> bool:
    if value is _NOTHING or value is None:
        return False
    return "*" in values or any(type(value) is type(one) and value == one for one in values)


def _content(body: bytes) -> Any:
    """Return an answer's JSON, or nothing where it is none."""
    try:
        return json.loads(body.decode())
    except (ValueError, RecursionError):
        return _NOTHING


def _at(content: Any, path: str) -> Any:
    """Return what stands at a path such as data.0.id; nothing where there is no such; "." is the whole."""
    for step in path.split(".") if path != "." else ():
        if isinstance(content, dict):
            content = content.get(step, _NOTHING)
        elif isinstance(content, list) and step.isdecimal() and int(step) < len(content):
            content = content[int(step)]
        else:
            return _NOTHING
    return content


def _told(asked: Question, reply: Reply, content: Any) -> Iterator[tuple[str, str]]:
    """Yield what a provider tells of a key; a liar may tell the key itself."""
    values = Values(value.encode() for _, value in asked.values)
    for name, place in asked.probe.tells:
        kind, _, key = place.rpartition(":")
        if kind == "header":
            found: Any = reply.headers.get(key.lower(), "")
        elif kind == "xml":
            text = re.search(rf"<{re.escape(key)}>([^<>]{{1,{_LONGEST}}})</", reply.body.decode("utf-8", "replace"))
            found = text[1] if text else ""
        else:
            found = _at(content, key)
        if text_of := _text(found):
            spans = values.spans(text_of.encode())
            yield name, safe(mask(text_of, spans) if spans else text_of)


def _text(value: Any) -> str:
    """Return a value in words, in one line and not for long; nothing where it is none."""
    if value is True or value is False:
        text = "yes" if value else "no"
    elif isinstance(value, str | int | float):
        text = str(value)
    elif isinstance(value, list):
        text = " ".join(filter(None, map(_text, value[:50])))
    else:
        text = ""
    text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
