"""Values of Helm charts, also of helmfile, and those that are encrypted with SOPS."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keytrace.lifecycle.definitions.entry import entry, named
from keytrace.lifecycle.definitions.tree import documents, settings
from keytrace.lifecycle.key import Holds, Mention
from keytrace.names.environments import in_names

_FILE = re.compile(r"(?:^|/)(?:[\w.-]*values[\w.-]*|secrets[\w.-]*)\.ya?ml(?:\.dec)?$|(?:^|/)values/[\w./-]+\.ya?ml$")


def claims(path: str, _data: bytes) -> bool:
    return _FILE.search(path) is not None


def read(_path: str, data: bytes) -> Iterator[Mention]:
    for document in documents(data):
        encrypted = Holds.ENCRYPTED if document.get("sops") is not None else None
        for path, line, value in settings(document):
            what = encrypted or (Holds.REFERENCE if value is None else None)
            if path[0] != "sops":
                yield entry(named(path), value, line, "helm", environment=in_names(path[:-1]), what=what)
