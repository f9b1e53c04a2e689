"""CircleCI: the `environment` of jobs, executors, images and steps."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keytrace.lifecycle.definitions.entry import entry
from keytrace.lifecycle.definitions.scripts import read_in
from keytrace.lifecycle.definitions.tree import Tree, documents
from keytrace.lifecycle.key import Holds, Mention, Role
from keytrace.lifecycle.wording import interpolated
from keytrace.names.environments import in_names

_FILE = re.compile(r"(?:^|/)\.circleci/.*\.ya?ml$")
_DEEPEST = 20


def claims(path: str, _data: bytes) -> bool:
    return _FILE.search(path) is not None


def read(_path: str, data: bytes) -> Iterator[Mention]:
    for document in documents(data):
        for name, _, job in found.items() if (found := document.get("jobs")) else ():
            yield from _below(job, in_names([name]), 0)
        for part in ("executors", "commands", "orbs"):
            if found := document.get(part):
                yield from _below(found, "", 0)


def _below(node: Tree, environment: str, depth: int) -> Iterator[Mention]:
    """Yield the variables of all that has an environment below a node, and what its commands read."""
    foreign = depth > 0 and node.get("image") is not None
    for key, _, value in node.items() if depth < _DEEPEST else ():
        if key == "environment" and value.is_map:
            for name, line, own in value.items():
                yield entry(name, own.text, line, "circleci", environment=environment, is_foreign=foreign)
        elif key in ("run", "command") and value.text is not None:
            yield from read_in(value, "circleci")
        elif value.text is not None:
            for name, _, _ in interpolated(value.text):
                yield Mention(Role.READ, name, value.line, "circleci", holds=Holds.NAME)
        else:
            for one in value.parts() if value.is_list else [value]:
                yield from _below(one, environment, depth + 1)
