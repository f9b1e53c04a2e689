"""Jenkinsfiles: what `environment` and `withCredentials` bind, and what their steps read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keytrace.lifecycle.definitions.entry import entry
from keytrace.lifecycle.key import Holds, Mention, Role

_FILE = re.compile(r"(?:^|/)Jenkinsfile[\w.-]*$|\.jenkinsfile$")
_SET = re.compile(
    r"\b(?P<name>[A-Z][A-Z0-9_]*)[ \t]*=[ \t]*(?:(?P<kept>credentials[ \t]*\()|([\"'])(?P<value>[^\"'\n]*)\3)"
)
_BOUND = re.compile(r"\b(?:variable|\w+Variable)[ \t]*:[ \t]*[\"'](?P<name>[A-Za-z_]\w*)[\"']")
_READ = re.compile(r"(?:\benv\.|\$\{?(?:env\.)?)(?P<name>[A-Z][A-Z0-9]*_[A-Z0-9_]+)\b")


def claims(path: str, _data: bytes) -> bool:
    return _FILE.search(path) is not None


def read(_path: str, data: bytes) -> Iterator[Mention]:
    for line, text in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), 1):
        if text.lstrip().startswith("//"):
            continue
        for found in _SET.finditer(text):
            what = Holds.REFERENCE if found["kept"] else None
            yield entry(found["name"], found["value"], line, "jenkins", is_kept=bool(found["kept"]), what=what)
        for found in _BOUND.finditer(text):
            yield entry(found["name"], None, line, "jenkins", is_kept=True, what=Holds.REFERENCE)
        for found in _READ.finditer(text):
            yield Mention(Role.READ, found["name"], line, "jenkins", holds=Holds.NAME)
