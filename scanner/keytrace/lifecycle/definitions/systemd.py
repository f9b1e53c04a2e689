"""Units of systemd: `Environment=` and credentials."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keytrace.lifecycle.definitions.entry import entry
from keytrace.lifecycle.key import Holds, Mention

_FILE = re.compile(r"\.(?:service|socket|timer|container)$|\.(?:service|container)\.d/[^/]+\.conf$|\.service\.j2$")
_LINE = re.compile(
    r"[ \t]*(?P<key>Environment|LoadCredential(?:Encrypted)?|SetCredential(?:Encrypted)?)[ \t]*=(?P<rest>.*)"
)
_SET = re.compile(
    r"\"(?P<d>[A-Za-z_]\w*)=(?P<double>(?:[^\"\\]|\\.)*)\"|'(?P<s>[A-Za-z_]\w*)=(?P<single>[^']*)'"
    r"|(?P<b>[A-Za-z_]\w*)=(?P<bare>\"[^\"]*\"|\S*)"
)


def claims(path: str, data: bytes) -> bool:
    return _FILE.search(path) is not None and b"=" in data


def read(path: str, data: bytes) -> Iterator[Mention]:
    service = path.rpartition("/")[2].partition(".")[0]
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), 1):
        found = _LINE.match(line)
        if not found:
            continue
        if found["key"] == "Environment":
            for one in _SET.finditer(found["rest"]):
                name = one["d"] or one["s"] or one["b"]
                value = one["double"] or one["single"] or (one["bare"] or "").strip('"')
                yield entry(name, value, number, "systemd", service=service)
        else:
            name, _, rest = found["rest"].strip().partition(":")
            what = Holds.ENCRYPTED if "Encrypted" in found["key"] else Holds.REFERENCE
            literal = found["key"] == "SetCredential"
            yield entry(name, rest if literal else None, number, "systemd", service=service, is_kept=True,
                        what=None if literal else what)  # fmt: skip
