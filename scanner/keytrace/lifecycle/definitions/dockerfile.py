"""Dockerfiles: `ENV`, `ARG`, where commands read these, and secrets that are mounted while an image is built."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keytrace.lifecycle.definitions.entry import entry
from keytrace.lifecycle.key import Holds, Mention, Role

_FILE = re.compile(r"(?:^|/)(?:[\w.-]+\.)?(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?$|\.dockerfile$")
_INSTRUCTION = re.compile(r"(?im)^[ \t]*(?P<word>ENV|ARG)[ \t]+(?P<rest>(?:[^\\\n]|\\[^\n]|\\[ \t]*\n)*)")
_COMMAND = re.compile(r"(?im)^[ \t]*(?:RUN|CMD|ENTRYPOINT|HEALTHCHECK)[ \t]+(?:[^\\\n]|\\[^\n]|\\[ \t]*\n)*")
_DECLARED = re.compile(r"(?im)^[ \t]*(?:ARG|ENV)[ \t]+([A-Za-z_]\w*)")
_USED = re.compile(r"\$\{?([A-Za-z_]\w*)")
_PAIR = re.compile(
    r"(?P<name>[A-Za-z_]\w*)=(?:\"(?P<double>(?:[^\"\\]|\\.)*)\"|'(?P<single>[^']*)'|(?P<bare>(?:\\.|[^\s\\])*))"
)
_ALONE = re.compile(r"\s*(?P<name>[A-Za-z_]\w*)(?:[ \t]+(?P<value>[^\n]*))?\s*\Z")
_MOUNT = re.compile(r"--mount=type=secret,(?:[^\s]*,)?id=(?P<name>[\w.-]+)")


def claims(path: str, _data: bytes) -> bool:
    return _FILE.search(path) is not None


def read(_path: str, data: bytes) -> Iterator[Mention]:
    text = data.decode("utf-8", "surrogateescape")
    for found in _INSTRUCTION.finditer(text):
        first = text.count("\n", 0, found.start("rest")) + 1
        pairs = list(_PAIR.finditer(found["rest"]))
        for pair in pairs:
            value = next((pair[group] for group in ("double", "single", "bare") if pair[group] is not None), "")
            line = first + found["rest"].count("\n", 0, pair.start())
            yield entry(pair["name"], value, line, "dockerfile")
        if not pairs and (alone := _ALONE.match(found["rest"])):
            what = Holds.REFERENCE if alone["value"] is None else None
            yield entry(alone["name"], alone["value"], first, "dockerfile", what=what)
    yield from _reads(text)
    for found in _MOUNT.finditer(text):
        yield entry(found["name"], None, text.count("\n", 0, found.start()) + 1, "dockerfile", is_kept=True,
                    what=Holds.REFERENCE)  # fmt: skip


def _reads(text: str) -> Iterator[Mention]:
    """Yield where commands read what the file declares, each name once a line."""
    declared, told = set(_DECLARED.findall(text)), set()
    for command in _COMMAND.finditer(text):
        for found in _USED.finditer(command[0]):
            line = text.count("\n", 0, command.start() + found.start()) + 1
            if found[1] in declared and (found[1], line) not in told:
                told.add((found[1], line))
                yield Mention(Role.READ, found[1], line, "dockerfile", holds=Holds.NAME)
