"""What policies may ask besides the event at hand, and what a policy is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from keytrace.analyzers.python.finds import Find
from keytrace.analyzers.python.interpret.values import Node, Taint, Value
from keytrace.analyzers.python.knowledge import Knowledge, Sink
from keytrace.analyzers.python.literals import Literals
from keytrace.analyzers.python.meaning import Uses
from keytrace.analyzers.python.names import Names
from keytrace.analyzers.python.policies.views import Views


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the module that is read, and of the world."""

    names: Names
    knowledge: Knowledge
    literals: Literals
    views: Views
    value_of: Callable[[Node], Value]  # what a node came to
    sinks_of: Callable[[str, str], list[Sink]]
    uses: Uses
    in_test: bool


Check = Callable[[Any, Context], Iterable[Find]]


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """What one rule, or a tight pair, wants of events: a check for each kind of event.

    `takes` returns the id of the rule by which a secret is reported that reaches a sink, empty where it is not;
    `reaches` tells of one that a function hands to a sink whether that is worth telling its callers.
    """

    checks: Mapping[type, Check]
    takes: Callable[[Taint], str]
    reaches: Callable[[Taint, Context], bool] = lambda _taint, _context: True


def whole(rule: str) -> Callable[[Taint], str]:
    """Return what takes secrets as they are: no parts of them, no whole environments."""
    return lambda taint: "" if taint.part or taint.kind == "dump" else rule
