"""Credentials in the arguments of a command, where every process of the machine can read them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from keytrace.analyzers.python.events import Called
from keytrace.analyzers.python.finds import Flow
from keytrace.analyzers.python.interpret.site import Argument
from keytrace.analyzers.python.interpret.values import Step, Taint
from keytrace.analyzers.python.policies.context import Context, Policy, whole
from keytrace.analyzers.python.policies.sinks import sunk

_NAME_BEFORE = re.compile(r"(?:^|[\s'\"])(?:--?)?([A-Za-z][\w-]+)=['\"]?$")
RULE = "credential-in-command"
_TAKES_PATH = frozenset(
    "-i -inkey -signkey -CAkey -keyfile --key --keyfile --key-file --private-key --identity".split()
)


def _called(event: Called, context: Context) -> Iterator[Flow]:
    for sink, argument in sunk(event, RULE, context):
        paths = set(_paths(argument))
        for taint in (*argument.value.taints, *_assigned(argument, context)):
            if taint.key not in paths:
                yield Flow(RULE, argument.node, taint, sink.says)


def _paths(argument: Argument) -> Iterator[tuple[object, ...]]:
    """Yield the keys of what stands behind an option that takes the path of a key: `ssh -i private_key`."""
    for option, value in itertools.pairwise((argument.value.items or {}).values()):
        if isinstance(option.const, str) and option.const in _TAKES_PATH:
            yield from (taint.key for taint in value.taints if taint.kind == "name")


def _assigned(argument: Argument, context: Context) -> Iterator[Taint]:
    """Yield what a command is told under the name of a secret: `-e API_KEY={x}`, `--password={x}`."""
    for text in (argument.value, *(argument.value.items or {}).values()):
        for before, value in itertools.pairwise(text.parts):
            named = _NAME_BEFORE.search(before.const) if isinstance(before.const, str) else None
            if named is not None and value.is_open and context.names.is_setting(named[1].replace("-", "_")):
                step = Step(argument.node, f"given to the command as '{named[1]}'")
                yield Taint("name", named[1], (step,))


POLICY = Policy({Called: _called}, whole(RULE))
