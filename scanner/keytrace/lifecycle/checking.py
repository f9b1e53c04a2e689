"""Where programs check what comes with a key: there, the old one and the new one are accepted for a while.

Seen in the text of any language: the name, or what it is bound to in a file, beside a comparison that takes as long for
all, a check of signatures, or a plain comparison with something that is no literal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from keytrace.lifecycle.checks.facts import is_test
from keytrace.lifecycle.key import Key, Role
from keytrace.lifecycle.reading import text_of
from keytrace.lifecycle.wording import words_of
from keytrace.model import Artifact
from keytrace.text.language import is_code

_COMPARES = (
    "compare_digest|constant_time_compare|timingSafeEqual|secure_compare|ConstantTimeCompare|MessageDigest.isEqual"
    "|hash_equals|FixedTimeEquals|hmac.Equal"
)
_CHECKS = re.compile(
    rf"{_COMPARES}|\b(?i:jwt|jws|jose|jsonwebtoken)s?(?:\.|::)(?:decode|verify|parse|require)|\bverify\w*\s*\("
    r"|construct_?[eE]vent\b|setSigningKey|verifyWith|IssuerSigningKey"
)
_MAC = re.compile(r"\bhmac\.(?:new|digest|New)\b|createHmac|OpenSSL::HMAC|hash_hmac|Mac\.getInstance")
_EQUALS = re.compile(r"[!=]==?+[ \t]*+(?![\"'`\d=]|null\b|undefined\b|nil\b|None\b|true\b|false\b)")
_BOUND = re.compile(r"[ \t]*(?:[\w<>\[\]?]+[ \t]+)*(?:self\.|this\.|@)?(\w+)[ \t]*(?::[^=\n]+)?:?=(?!=)")
_ABOVE = 2  # lines above a name on which the call may begin that it is handed to


def checks(key: Key, artifacts: Mapping[str, Artifact], limit: int) -> Iterator[tuple[str, int]]:
    """Yield the places (path, line) at which programs check something by a key, but those of tests."""
    names = {name for name in key.names if len(words_of(name)) > 1}
    reads: dict[str, set[int]] = {}
    for place in key.at(Role.READ):
        reads.setdefault(place.path, set()).add(place.line)
    for path, artifact in sorted(artifacts.items()):
        if is_code(path) and not is_test(path) and names:
            text = text_of(artifact, limit).decode("utf-8", "replace")
            yield from ((path, line) for line in _in_text(text, names, reads.get(path, set())))


def _in_text(text: str, names: set[str], reads: set[int]) -> Iterator[int]:
    if not any(name in text for name in names):
        return
    lines = text.split("\n")
    bound = {found[1] for at in reads if at <= len(lines) and (found := _bound(lines[at - 1]))}
    used = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names | bound)))})\b")
    compares = re.search(_COMPARES, text) is not None
    for number, line in enumerate(lines):
        if used.search(line):
            around = "\n".join(lines[max(0, number - _ABOVE) : number + 1])
            if _CHECKS.search(around) or _EQUALS.search(line) or (compares and _MAC.search(around)):
                yield number + 1


def _bound(line: str) -> re.Match[str] | None:
    """Return what a line binds to the key itself, not to what is made of it."""
    return None if _MAC.search(line) or _CHECKS.search(line) else _BOUND.match(line)
