"""Files that SOPS encrypted, by their content: YAML, JSON, dotenv and INI, whatever they are called."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keytrace.lifecycle.definitions.entry import entry, named
from keytrace.lifecycle.definitions.tree import documents, settings
from keytrace.lifecycle.key import Mention
from keytrace.names.environments import in_names

_MARK = b"ENC[AES256_GCM,data:"  # of each value
_LINE = re.compile(r"^[ \t]*([A-Za-z_][\w.-]*)[ \t]*=[ \t]*(.*)", re.MULTILINE)
_ITSELF = "sops"  # its own settings: how the file was encrypted


def claims(_path: str, data: bytes) -> bool:
    return _MARK in data and _ITSELF.encode() in data and b"apiVersion" not in data  # manifests have their own reader


def read(_path: str, data: bytes) -> Iterator[Mention]:
    if re.search(rb"^[ \t\"]*sops\"?[ \t]*:", data, re.MULTILINE):
        for document in documents(data):
            for keys, line, value in settings(document):
                if keys[0] != _ITSELF:
                    yield entry(named(keys), value, line, "sops", environment=in_names(keys[:-1]))
        return
    text = data.decode("utf-8", "surrogateescape").partition("[sops]")[0]
    for found in _LINE.finditer(text):
        if not found[1].startswith(f"{_ITSELF}_"):
            yield entry(found[1], found[2].strip(), text.count("\n", 0, found.start(1)) + 1, "sops")
