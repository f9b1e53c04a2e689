"""What all analyzers and decoders look for in one pass: triggers in their order, and whose they are.

That of the built-in rules is kept in the user's cache, so that a scan makes a rule, and imports an analyzer, only where
one of its triggers has fired.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from keytrace.analyzers import ANALYZERS
from keytrace.cache import shipped
from keytrace.cache import store as disk
from keytrace.match.trigger import StoredTriggers, Trigger, digest, to_json
from keytrace.model import Additions, Rule
from keytrace.rules.load import load_builtin
from keytrace.rules.stored import dump as dump_rules
from keytrace.rules.stored import of_analyzer

Owners = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Layout:
    """The triggers of all; the first and the last of each analyzer's; behind them, those of the decoders."""

    triggers: Sequence[Trigger]
    ranges: Mapping[str, tuple[int, int]]
    content: bytes  # of `owners`

    @property
    def encoded_from(self) -> int:
        return max(last for _, last in self.ranges.values()) if self.ranges else 0

    @cached_property
    def owners(self) -> Owners:
        """The numbers of the rules whose a trigger is: of the analyzer `pattern`, whose rules share them."""
        owners: Owners = json.loads(self.content)
        return owners


def lay_out(rules: Sequence[Rule]) -> Layout:
    """Return the layout of rules, sorted by id."""
    from keytrace.analyzers.pattern import lay_out as of_patterns
    from keytrace.decoders import TRIGGERS

    triggers: list[Trigger] = []
    ranges: dict[str, tuple[int, int]] = {}
    shared: Owners = ()
    for name, make in ANALYZERS.items():
        if own := of_analyzer(rules, name):
            first = len(triggers)
            if name == "pattern":
                more, shared = of_patterns(own)
                triggers += more
            else:
                triggers += make(own, Additions(), ()).triggers
            ranges[name] = (first, len(triggers))
    return Layout((*triggers, *TRIGGERS), ranges, json.dumps(shared).encode())


@cache
def builtin_layout() -> Layout:
    """Return the layout of the built-in rules."""
    if content := shipped.made("layout") or disk.load("layout", shipped.stamp()):
        try:
            return restore(content)
        except (ValueError, TypeError, AttributeError):
            disk.drop_damaged("layout", shipped.stamp())
    layout = lay_out(load_builtin().rules)
    content = dump(layout)
    disk.store("layout", shipped.stamp(), content)
    return restore(content)


def dump(layout: Layout) -> bytes:
    """Return a layout as it is kept: a line for what each scan reads, one for the triggers, one for their owners."""
    head = [digest(layout.triggers), len(layout.triggers), layout.ranges]
    lines = (json.dumps(head).encode(), json.dumps(to_json(layout.triggers)).encode(), layout.content)
    return b"\n".join(lines)


def restore(content: bytes) -> Layout:
    """Return what `dump` made; raise ValueError where it is not that."""
    head, triggers, owners = content.split(b"\n")
    known: tuple[str, int, dict[str, Any]] = json.loads(head)
    name, count, ranges = known
    return Layout(
        StoredTriggers(name, count, triggers), {own: (first, last) for own, (first, last) in ranges.items()}, owners
    )


def make_all() -> dict[str, bytes]:
    """Return, by kind, all that a built package brings along (shipped.made), made of the rule files."""
    rules = load_builtin().rules
    tables = {name: json.dumps(shipped.table(name)).encode() for name in ("names", "python", "shapes")}
    return {"rules": dump_rules(rules), "layout": dump(lay_out(rules)), **tables}
