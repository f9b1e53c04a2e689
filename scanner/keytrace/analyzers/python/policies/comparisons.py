"""What kind of comparison one is: with a literal, of signatures, or of anything else."""

from __future__ import annotations

from collections.abc import Iterator

from keytrace.analyzers.python.events import Bound, Compared, Operand
from keytrace.analyzers.python.interpret.values import UNKNOWN, Value
from keytrace.analyzers.python.policies.context import Context
from keytrace.names.lexicon import words

_SIGNATURE = frozenset("signature sig hmac digest hexdigest mac".split())
_SIGNED = frozenset("signature signatures sig sigs sign signed hmac mac".split())
_HASH = "a hash over a secret"
_LISTS = ("split()", "getlist()", "get_all()")


def is_open(event: Compared) -> bool:
    """Tell whether two values are compared by == of which neither is constant or a container."""
    sides = (event.left.value, event.right.value)
    if event.operator != "==" or any(side.const is not UNKNOWN or side.items is not None for side in sides):
        return False
    return not any(leaf.text is not None for side in sides for leaf in side.leaves)


def of_signatures(event: Compared, context: Context) -> str:
    """Say what is compared: an HMAC, a hash over a secret, what a webhook calls a signature; empty if none is."""
    if event.operator == "in":
        return _among(event.left, event.right)
    if not is_open(event):
        return ""
    sides = (event.left, event.right)
    if any(_is_mac(side.value) for side in sides):
        return "an HMAC"
    named = [not _SIGNATURE.isdisjoint(words(side.name)) for side in sides]
    if any(side.value.hashed and _is_signed(other) for side, other in (sides, sides[::-1])):
        return _HASH
    view = context.views.of(event.function) if any(named) else None
    return "a webhook's signature" if view is not None and view.webhook and (all(named) or view.signs) else ""


def _among(one: Operand, several: Operand) -> str:
    """Say what is looked for among signatures, or is one that is looked for among those of a request."""
    if one.value.const is not UNKNOWN or one.value.items is not None:
        return ""
    entries = [several.value, *(several.value.items or {}).values()]
    if any(map(_is_mac, entries)):
        return "an HMAC"
    if any(entry.hashed for entry in entries) and _is_signed(one):
        return _HASH
    listed = several.value.ref.endswith(_LISTS) or _is_signed(several)
    return "an HMAC" if _is_mac(one.value) and listed else ""


def _is_signed(side: Operand) -> bool:
    return not _SIGNED.isdisjoint(words(side.name))


def _is_mac(value: Value) -> bool:
    return any(True for _ in keys_of(value))


def derives_key(event: Bound, context: Context) -> bool:
    """Tell whether a secret is signed with a constant, to make a key of it: hmac.new(b"WebAppData", token)."""
    site = event.site
    if site is None or not context.knowledge.macs.find(site.ref, site.written):
        return False
    others = (one.value for one in site.arguments if one.value is not event.value)
    return any(taint.kind != "parameter" for other in others for taint in other.taints)


def keys_of(value: Value) -> Iterator[Value]:
    """Yield the keys with which the signatures were made that a value is, or may be."""
    yield from (piece.mac for piece in (value, *value.parts, *value.options) if piece.mac is not None)
