"""Ansible: variables of groups, hosts, roles and playbooks, inventories; what a vault holds is encrypted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keytrace.lifecycle.definitions.entry import entry
from keytrace.lifecycle.definitions.tree import documents, settings
from keytrace.lifecycle.key import Holds, Mention, Role

_FILE = re.compile(r"(?:^|/)(?:group_vars|host_vars)/|(?:^|/)roles/[^/]+/(?:vars|defaults|tasks)/.*\.ya?ml$")
_NAMED = re.compile(
    r"(?:^|/)(?:ansible|playbooks?)/(?:.*/)?[\w.-]+\.(?:ya?ml|ini)$|(?:^|/)(?:site|playbook)[\w.-]*\.ya?ml$"
)
_PLAY = re.compile(rb"^- +(?:\w+: .*\n +)*hosts:", re.MULTILINE)
_INI = re.compile(r"(?:^|(?<=\s))([A-Za-z_]\w*)[ \t]*=[ \t]*(?:\"([^\"\n]*)\"|'([^'\n]*)'|([^\s#]+))")
_LOOKUP = re.compile(r"\b(?:lookup|query)\([ \t]*[\"'](?:ansible\.builtin\.)?env[\"'][ \t]*,[ \t]*[\"'](\w+)[\"']")
_SOURCE = re.compile(r"\{\{[- ]*(\w+)")


def claims(path: str, data: bytes) -> bool:
    if _FILE.search(path) or _NAMED.search(path):
        return True
    return path.endswith((".yml", ".yaml")) and _PLAY.search(data, 0, 4096) is not None


def read(path: str, data: bytes) -> Iterator[Mention]:
    if data.startswith(b"$ANSIBLE_VAULT"):
        return  # encrypted as a whole, its names too
    if path.endswith((".ini", ".cfg")) or path.rpartition("/")[2] in ("hosts", "inventory"):
        yield from _of_ini(data.decode("utf-8", "surrogateescape"))
        return
    for document in documents(data):
        for keys, line, value in settings(document):
            text = value or ""
            for name in _LOOKUP.findall(text):
                yield Mention(Role.READ, name, line, "ansible", holds=Holds.NAME)
            yield entry(keys[-1] if len(keys) == 1 else _name(keys), text, line, "ansible",
                        refers=tuple(_SOURCE.findall(text)))  # fmt: skip


def _of_ini(text: str) -> Iterator[Mention]:
    for number, line in enumerate(text.split("\n"), 1):
        for found in _INI.finditer(line) if not line.lstrip().startswith(("#", ";")) else ():
            value = next((one for one in found.groups()[1:] if one is not None), "")
            yield entry(found[1], value, number, "ansible")


def _name(keys: tuple[str, ...]) -> str:
    """Return the name of an entry: what stands below `vars` or in the arguments of a task is called as it is there."""
    return keys[-1] if keys[-1].isupper() or "vars" in keys or "environment" in keys else ".".join(keys)
