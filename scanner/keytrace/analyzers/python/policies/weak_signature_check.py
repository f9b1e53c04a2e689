"""Signatures that are compared with ==, or checked with a secret that stands in the program."""

from __future__ import annotations

from collections.abc import Iterator

from keytrace.analyzers.python.events import Bound, Compared
from keytrace.analyzers.python.finds import Fact, Literal
from keytrace.analyzers.python.policies.comparisons import derives_key, keys_of, of_signatures
from keytrace.analyzers.python.policies.context import Context, Policy, whole
from keytrace.analyzers.python.policies.weighing import literals
from keytrace.model import Confidence, Evidence

RULE = "weak-signature-check"


def _compared(event: Compared, context: Context) -> Iterator[Fact | Literal]:
    for side in (event.left, event.right):
        for key in keys_of(side.value):
            yield from literals(RULE, "secret_key", key, "call", context, sdk=True)
    what = "" if context.in_test else of_signatures(event, context)
    if not what:
        return
    mac = what == "an HMAC"
    evidence = Evidence(f"{what} is compared", 3.0)
    message = f"A signature is compared with {event.operator}, not in constant time"
    yield Fact(RULE, event.node, message, Confidence.HIGH if mac else Confidence.MEDIUM, (evidence,))


def _bound(event: Bound, context: Context) -> Iterator[Literal]:
    """Look at the secret that a webhook's signature is checked with."""
    if not event.sdk or event.site is None or derives_key(event, context):
        return
    site = event.site
    checks = bool(context.knowledge.checks.find(site.ref, site.written))
    if checks or ("hmac" in site.ref and context.views.of(event.function).webhook):
        yield from literals(RULE, event.name, event.value, event.form, context, sdk=True)


POLICY = Policy({Compared: _compared, Bound: _bound}, whole(RULE))
