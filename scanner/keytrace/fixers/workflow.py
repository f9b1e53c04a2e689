"""A secret in a workflow of GitHub Actions becomes one of the repository's secrets."""

from __future__ import annotations

import re

from keytrace.fixers.edits import Fix, Refused, Target
from keytrace.fixers.naming import Names
from keytrace.fixers.textual import keys_of, named, referred, refuse_in_comment

_UNSAFE = "the secret has to be set in the repository: gh secret set NAME"
_SECRETS = re.compile(  # where GitHub has the context `secrets`, by its table of contexts
    r"env\b|jobs\.[^.]+\.(?:(?:(?:container|services\.[^.]+)\.(?:env|credentials)|env|outputs|secrets)"
    r"|steps\.(?:env|name|run|with|working-directory))\b"
)


def fix(target: Target, names: Names, reader: str) -> Fix:  # noqa: ARG001 - as all fixers
    """Return the fix of a value; raise Refused where it is in a comment."""
    refuse_in_comment(target, b"#")
    if not _SECRETS.match(where := ".".join(keys_of(target.data, target.start))):
        raise Refused(
            f"GitHub has no secrets at '{where}': hand it over in env:, in with: of a step, or in secrets: of a job"
        )
    if (name := named(target)).startswith("GITHUB_"):
        raise Refused(f"{name} is a name that GitHub keeps for itself")
    return referred(target, names, "${{ secrets.NAME }}", _UNSAFE, name)
