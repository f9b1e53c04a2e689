"""Settings of .NET: `appsettings.json` of each environment, user secrets, launch profiles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keytrace.lifecycle.definitions.entry import entry, named
from keytrace.lifecycle.definitions.tree import documents, settings
from keytrace.lifecycle.key import Mention
from keytrace.names.environments import in_names

_FILE = re.compile(r"(?i)(?:^|/)(?:appsettings|launchsettings|secrets|local\.settings|connectionstrings)[\w.-]*\.json$")
_COMMENT = re.compile(rb"^([ \t]*)//[^\n]*|/\*.*?\*/", re.MULTILINE | re.DOTALL)


def claims(path: str, _data: bytes) -> bool:
    return _FILE.search(path) is not None


def read(_path: str, data: bytes) -> Iterator[Mention]:
    for document in documents(_COMMENT.sub(lambda found: b"\n" * found[0].count(b"\n"), data)):
        for path, line, value in settings(document):
            name = path[-1] if "environmentVariables" in path else named(path, ":")
            yield entry(name, value, line, "appsettings", environment=in_names(path[:-1]))
