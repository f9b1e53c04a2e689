"""What kind of comparison one is: with a literal, of signatures, or of anything else."""

from __future__ import annotations

import re

from keytrace.analyzers.python.events import Compared
from keytrace.analyzers.python.interpret.values import UNKNOWN, Value
from keytrace.analyzers.python.policies.context import Context
from keytrace.names.lexicon import words

_SIGNATURE = frozenset("signature sig hmac digest hexdigest mac".split())
_MAC = re.compile(r"(?:hmac\.(?:new|HMAC|digest)|Crypto\w*\.Hash\.HMAC\.new)\(\)")


def is_open(event: Compared) -> bool:
    """Tell whether two values are compared by == of which neither is constant or a container."""
    sides = (event.left.value, event.right.value)
    if event.operator != "==" or any(side.const is not UNKNOWN or side.items is not None for side in sides):
        return False
    return not any(leaf.text is not None for side in sides for leaf in side.leaves)


def has_mac(event: Compared) -> bool:
    return _is_mac(event.left.value) or _is_mac(event.right.value)


def of_signatures(event: Compared, context: Context) -> bool:
    """Tell whether an open comparison is one of an HMAC, or of what a webhook calls a signature."""
    if has_mac(event):
        return True
    named = [not _SIGNATURE.isdisjoint(words(side.name)) for side in (event.left, event.right)]
    if not any(named):
        return False
    view = context.views.of(event.function)
    return bool(view.webhook) and (all(named) or view.signs)


def _is_mac(value: Value) -> bool:
    pieces = (value, *value.parts, *value.options)
    return any(piece.mac or _MAC.match(piece.ref) for piece in pieces)
