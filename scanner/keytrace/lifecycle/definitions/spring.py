"""Settings of Spring and of others that take theirs from `application.yml` or from properties, with profiles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keytrace.lifecycle.definitions.entry import entry, named
from keytrace.lifecycle.definitions.tree import Tree, documents, settings
from keytrace.lifecycle.key import Holds, Mention
from keytrace.lifecycle.wording import holds

_FILE = re.compile(r"(?:^|/)(?:application|bootstrap)(?:-[\w-]+)?\.(?:ya?ml|properties)$|\.properties$")
_TEXTS = re.compile(
    r"(?i)(?:^|/)(?:messages|labels|i18n|lang|locales?|translations?|strings|text)[\w.-]*(?:/|\.properties$)"
    r"|_[a-z]{2}(?:_[a-z]{2})?\.properties$"
)
_PAIR = re.compile(r"[ \t]*(?:%(?P<profile>[\w-]+)\.)?(?P<name>[^\s#!=:][^\s=:]*)[ \t]*[=:][ \t]*(?P<value>.*)")
_REFERENCE = re.compile(r"\$\{(?P<name>[A-Za-z_][\w.-]*)(?::(?P<default>[^{}]*))?\}")
_PROFILE = re.compile(r"^spring\.(?:config\.activate\.on-profile|profiles)[ \t]*=[ \t]*([\w-]+)", re.MULTILINE)


def claims(path: str, _data: bytes) -> bool:
    return _FILE.search(path) is not None and not _TEXTS.search(path)


def read(path: str, data: bytes) -> Iterator[Mention]:
    if path.endswith(".properties"):
        yield from _properties(data.decode("utf-8", "surrogateescape"))
        return
    for document in documents(data):
        profile = _profile(document)
        for keys, line, value in settings(document):
            own = keys[0][1:].strip('"') if keys[0].startswith("%") else profile
            names = keys[1:] if keys[0].startswith("%") else keys
            if names:
                yield _entry(named(names), value or "", line, own)


def _entry(name: str, value: str, line: int, profile: str) -> Mention:
    """Return a setting; what takes its value from another one, or its default, refers to that."""
    if found := _REFERENCE.fullmatch(value):
        default = found["default"] or ""
        what = Holds.VALUE if holds(default.encode("utf-8", "surrogateescape")) is Holds.VALUE else Holds.REFERENCE
        refers = (found["name"],)
        return entry(name, default, line, "spring", environment=profile, refers=refers, what=what)
    return entry(name, value, line, "spring", environment=profile)


def _profile(document: Tree) -> str:
    ways = (
        ("spring", "config", "activate", "on-profile"),
        ("spring", "profiles"),
        ("spring.config.activate.on-profile",),
    )
    return next(filter(None, (document.say(*way) for way in ways)), "")


def _properties(text: str) -> Iterator[Mention]:
    number = 1
    for part in re.split(r"^(?=#---)", text, flags=re.MULTILINE):
        found = _PROFILE.search(part)
        lines = part.split("\n")
        for at, line in enumerate(lines):
            pair = _PAIR.match(line.rstrip("\r"))
            if pair and not line.lstrip().startswith(("#", "!")) and not (at and lines[at - 1].endswith("\\")):
                profile = pair["profile"] or (found[1] if found else "")
                yield _entry(pair["name"], pair["value"].strip(), number + at, profile)
        number += len(lines) - 1
