"""A secret in a file of Serverless becomes `${env:NAME}`, which it takes from its environment when it deploys."""

from __future__ import annotations

from keytrace.fixers.edits import Fix, Refused, Target
from keytrace.fixers.naming import Names
from keytrace.fixers.textual import (
    keys_of,
    named,
    referred,
    refuse_in_comment,
    refuse_named_for_others,
    refuse_of_others,
)

_UNSAFE = "Serverless takes the variable from its environment when it deploys, from .env only with useDotenv: true"


def fix(target: Target, names: Names, reader: str) -> Fix:  # noqa: ARG001 - as all fixers
    """Return the fix of a value; raise Refused where it is in a comment or of one stage."""
    refuse_of_others(target.path)
    refuse_in_comment(target, b"#")
    refuse_named_for_others(keys_of(target.data, target.start))
    if b"$" in target.value:
        raise Refused("it has a $, which may be a variable of Serverless")
    return referred(target, names, "${env:NAME}", _UNSAFE, named(target))
