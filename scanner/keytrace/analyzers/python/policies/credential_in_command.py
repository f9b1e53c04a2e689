"""Credentials in the arguments of a command, where every process of the machine can read them."""

from __future__ import annotations

from collections.abc import Iterator

from keytrace.analyzers.python.events import Called
from keytrace.analyzers.python.finds import Flow
from keytrace.analyzers.python.policies.context import Context, Policy, whole
from keytrace.analyzers.python.policies.sinks import sunk

RULE = "credential-in-command"


def _called(event: Called, context: Context) -> Iterator[Flow]:
    for sink, argument in sunk(event, RULE, context):
        for taint in argument.value.taints:
            yield Flow(RULE, argument.node, taint, sink.says)


POLICY = Policy({Called: _called}, whole(RULE))
