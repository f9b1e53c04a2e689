"""Fixes that prove themselves: findings → places → edits → proof → files.

A fixer takes a `Target` and returns a `Fix`, or raises `Refused` with the reason. It reads nothing but the text it is
given, and changes nothing: `plan` asks the fixers, `prove` scans the result, `writing` writes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from keytrace.fixers import (
    appsettings,
    command,
    compared,
    compose,
    default,
    dockerfile,
    dotenv,
    environ,
    envrc,
    go,
    in_url,
    javascript,
    kubernetes,
    languages,
    logged,
    npmrc,
    properties,
    serverless,
    shell,
    terraform,
    webhook,
    workflow,
)
from keytrace.fixers.edits import Fix, Refused, Target
from keytrace.fixers.kinds import kind_of
from keytrace.fixers.naming import Names
from keytrace.fixers.reasons import of_file, of_rule

Fixer = Callable[[Target, Names, str], Fix]

FIXERS: Mapping[str, Fixer] = {  # by the kind of file; for Python, the rules that have one of their own come first
    "python:credential-compared": compared.fix,
    "python:weak-signature-check": compared.fix,
    "python:logged-credential": logged.fix,
    "python:partial-credential": logged.fix,
    "python:credential-in-url": in_url.fix,
    "python:credential-in-command": command.fix,
    "python:logged-environment": environ.fix,
    "python:unverified-webhook": webhook.fix,
    "python": default.fix,
    "javascript": javascript.fix,
    "go": go.fix,
    "languages": languages.fix,
    "shell": shell.fix,
    "appsettings": appsettings.fix,
    "npmrc": npmrc.fix,
    "dotenv": dotenv.fix,
    "envrc": envrc.fix,
    "properties": properties.fix,
    "compose": compose.fix,
    "serverless": serverless.fix,
    "kubernetes": kubernetes.fix,
    "terraform": terraform.fix,
    "workflow": workflow.fix,
    "dockerfile": dockerfile.fix,
}


_DEPENDENCIES = re.compile(
    r"(?:^|/)(?:node_modules|bower_components|site-packages|dist-packages|vendor/(?:bundle|[\w-]+\.[a-z]{2,}))/"
)


def fixer_of(target: Target) -> Fixer:
    """Return what fixes a place; raise Refused where nothing does."""
    if _DEPENDENCIES.search(target.path):
        raise Refused("it is the code of a dependency: the next installation would bring it back")
    kind = kind_of(target.path, target.data)
    if own := FIXERS.get(f"{kind}:{target.rule}"):
        return own
    if kind not in FIXERS:
        raise Refused(of_file(target))
    if not target.is_secret:
        raise Refused(of_rule(target))
    return FIXERS[kind]
