"""Serverless: the `environment` of provider and functions, parameters and custom settings of stages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keytrace.lifecycle.definitions.entry import entry, named
from keytrace.lifecycle.definitions.tree import documents, settings
from keytrace.lifecycle.key import Mention
from keytrace.names.environments import in_names

_FILE = re.compile(r"(?:^|/)serverless[\w.-]*\.(?:ya?ml|json)$")


def claims(path: str, _data: bytes) -> bool:
    return _FILE.search(path) is not None


def read(_path: str, data: bytes) -> Iterator[Mention]:
    for document in documents(data):
        for path, line, value in settings(document):
            if path[0] in ("provider", "functions", "custom", "params") or "environment" in path:
                name = named(path[1:] or path)
                yield entry(name, value, line, "serverless", environment=in_names(path[:-1]))
