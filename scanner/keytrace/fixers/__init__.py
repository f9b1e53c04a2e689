"""Fixes that prove themselves: findings → places → edits → proof → files.

A fixer takes a `Target` and returns a `Fix`, or raises `Refused` with the reason. It reads nothing but the text it is
given, and changes nothing: `plan` asks the fixers, `prove` scans the result, `writing` writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from keytrace.fixers import (
    compared,
    compose,
    default,
    dockerfile,
    dotenv,
    go,
    in_url,
    javascript,
    kubernetes,
    logged,
    properties,
    terraform,
    webhook,
    workflow,
)
from keytrace.fixers.edits import Fix, Refused, Target
from keytrace.fixers.kinds import kind_of
from keytrace.fixers.naming import Names

Fixer = Callable[[Target, Names, str], Fix]

FIXERS: Mapping[str, Fixer] = {  # by the kind of file; for Python, the rules that have one of their own come first
    "python:credential-compared": compared.fix,
    "python:weak-signature-check": compared.fix,
    "python:logged-credential": logged.fix,
    "python:partial-credential": logged.fix,
    "python:credential-in-url": in_url.fix,
    "python:unverified-webhook": webhook.fix,
    "python": default.fix,
    "javascript": javascript.fix,
    "go": go.fix,
    "dotenv": dotenv.fix,
    "properties": properties.fix,
    "compose": compose.fix,
    "kubernetes": kubernetes.fix,
    "terraform": terraform.fix,
    "workflow": workflow.fix,
    "dockerfile": dockerfile.fix,
}


def fixer_of(target: Target) -> Fixer:
    """Return what fixes a place; raise Refused where nothing does."""
    kind = kind_of(target.path, target.data)
    if own := FIXERS.get(f"{kind}:{target.rule}"):
        return own
    if kind not in FIXERS:
        raise Refused(f"there is no fix for {kind or 'this kind of file'}")
    if not target.is_secret:
        raise Refused(f"there is no fix for '{target.rule}'")
    return FIXERS[kind]
