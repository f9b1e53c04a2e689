"""Hands each event to the policies that want it, and what they find to the finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from keytrace.analyzers.python.events import Built, Compared, Event, Reached, Started
from keytrace.analyzers.python.finds import Find, Finds, Flow
from keytrace.analyzers.python.interpret.values import Effect, Taint
from keytrace.analyzers.python.policies import POLICIES
from keytrace.analyzers.python.policies.context import Check, Context
from keytrace.analyzers.python.policies.logged_credential import IN_MESSAGE


def _wanted() -> Mapping[type, tuple[Check, ...]]:
    wanted: dict[type, list[Check]] = {}
    for policy in dict.fromkeys(POLICIES.values()):
        for kind, check in policy.checks.items():
            wanted.setdefault(kind, []).append(check)
    return {kind: tuple(checks) for kind, checks in wanted.items()}


class Review:
    """Listens to the interpreter."""

    def __init__(self, context: Context, finds: Finds) -> None:
        self._context = context
        self._finds = finds
        self._checks = _wanted()

    def listen(self, event: Event) -> None:
        for check in self._checks.get(event.__class__, ()):
            for find in check(event, self._context):
                self._take(find)
        if isinstance(event, Compared):
            self._finds.compare(event.left.value, event.right.value)
        elif isinstance(event, Built):
            if event.value.folded:
                self._finds.fold(event.value, event.pieces)
        elif isinstance(event, Reached):
            if POLICIES[event.rule].reaches(event.taint, self._context):
                shown = event.says.startswith(IN_MESSAGE)
                self._take(
                    Flow(
                        event.rule, event.place, event.taint, event.says, mild=event.mild, in_message=shown,
                        doubt=event.doubt,
                    )
                )  # fmt: skip
        elif isinstance(event, Started):
            self._finds.clear()
            self._context.views.start(event.module)

    def _take(self, find: Find) -> None:
        """Keep a find; what a function does with its argument is the callers' to answer for."""
        if not isinstance(find, Flow):
            self._finds.add(find)
            return
        taint = find.taint
        if taint.kind == "parameter" and taint.owner is not None:
            taint.owner.summary.add(
                Effect(
                    taint.index, find.rule, find.place, find.says, taint.steps, taint.part, taint.at, find.mild,
                    find.doubt or self._doubt(taint),
                )
            )  # fmt: skip
        elif rule := POLICIES[find.rule].takes(taint):
            self._finds.add(find if rule == find.rule else replace(find, rule=rule))

    def _doubt(self, taint: Taint) -> str:
        """Say why what a function is handed may be no secret, whatever callers call it; empty where nothing says so."""
        is_path = self._context.names.is_path(taint.name) or self._context.uses.is_path(taint.name)
        return f"'{taint.name}' is the path of a file there" if is_path and not taint.at else ""
