"""Procfile: variables set before a command, and those that the command reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keytrace.lifecycle.definitions.entry import entry
from keytrace.lifecycle.key import Holds, Mention, Role

_FILE = re.compile(r"(?:^|/)Procfile(?:\.\w+)?$")
_SET = re.compile(r"(?<=[\s:])(?P<name>[A-Z][A-Z0-9_]+)=(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>\S*))")
_READ = re.compile(r"(?<!=)\$\{?([A-Z][A-Z0-9]*_[A-Z0-9_]+)")


def claims(path: str, _data: bytes) -> bool:
    return _FILE.search(path) is not None


def read(_path: str, data: bytes) -> Iterator[Mention]:
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), 1):
        if line.lstrip().startswith("#"):
            continue
        for found in _SET.finditer(line):
            value = next((found[group] for group in ("double", "single", "bare") if found[group] is not None), "")
            yield entry(found["name"], value, number, "procfile")
        for found in _READ.finditer(line):
            yield Mention(Role.READ, found[1], number, "procfile", holds=Holds.NAME)
