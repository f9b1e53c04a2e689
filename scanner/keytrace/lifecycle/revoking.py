"""What a provider's advice says of ending a key: what it says of making one is another step of a plan."""

from __future__ import annotations

import re

from keytrace.model import Rule

_PAGE = re.compile(r"https://[^\s)>\]]+[^\s)>\].,;]")
_ENDS = re.compile(
    r"(?:Revoke|Delete|Disable|Deactivate|Remove|Sign out|Log out|Invalidate|Cancel|Expire|End|Nothing to revoke)\b"
)
_MORE = re.compile(
    r"(?:,| and| or)(?: then)? (?:create|make|generate|add|issue|read|regenerate|authorize)\b.*", re.DOTALL
)
_CLAUSES = re.compile(r"(?<=[.;])\s+")
_ELSE = "End the old key where it was made, unless making the new one ended it"


def page_of(rule: Rule | None) -> str:
    """Return the page of the provider at which keys are made and ended, empty where none is known."""
    found = _PAGE.search(rule.remediation) if rule else None
    return found[0] if found else ""


def advice(rule: Rule) -> str:
    """Return how the provider of a rule ends a key, with its page."""
    clauses = [_MORE.sub("", one).rstrip(".; ") for one in _CLAUSES.split(rule.remediation) if _ENDS.match(one)]
    said, page = "; ".join(clauses) or _ELSE, page_of(rule)
    return f"{said}{f': {page}' if page and page not in said else ''}."
