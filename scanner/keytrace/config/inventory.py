"""The table [inventory] of a configuration: environments and owners of paths, how old keys may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keytrace.errors import suggest

Patterns = tuple[tuple[str, tuple[str, ...]], ...]

_LISTS = {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}
_DAYS = {"type": "integer", "minimum": 0}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "environments": {**_LISTS, "description": "Patterns of paths (.gitignore syntax) by environment."},
        "owners": {**_LISTS, "description": "Owners by pattern of paths (as in CODEOWNERS); the last that matches."},
        "max-age-days": {**_DAYS, "description": "How old a value may be; 0: any age."},
        "expires-within-days": {**_DAYS, "description": "How soon a key that expires is told of."},
        "in-scan": {
            "type": "boolean",
            "description": "Check keys in `keytrace scan` of the whole tree, too.",
        },
    },
}


@dataclass(frozen=True, slots=True)
class InventorySettings:
    """What a project says of its keys."""

    environments: Patterns = ()
    owners: Patterns = ()
    max_age_days: int = 0
    expires_within_days: int = 30
    in_scan: bool = False  # a scan of the whole tree checks its keys, too


def parse(value: Any, _reading: object) -> InventorySettings:
    """Return the settings of a table; raise TypeError with what is wrong with it."""
    if not isinstance(value, dict):
        raise TypeError("must be a table ([inventory], in pyproject.toml [tool.keytrace.inventory])")
    known = SCHEMA["properties"]
    for key in value:
        if key not in known:
            raise TypeError(f"has no key '{key}'; {suggest(key, known) or 'it may have ' + ', '.join(known)}")
    return InventorySettings(
        _patterns(value.get("environments", {}), "environments"),
        _patterns(value.get("owners", {}), "owners"),
        _days(value.get("max-age-days", 0), "max-age-days"),
        _days(value.get("expires-within-days", 30), "expires-within-days"),
        _boolean(value.get("in-scan", False), "in-scan"),
    )


def _patterns(value: Any, key: str) -> Patterns:
    def fails(items: Any) -> bool:
        return not isinstance(items, list) or not all(isinstance(item, str) for item in items)

    if not isinstance(value, Mapping) or any(map(fails, value.values())):
        raise TypeError(f"'{key}' must be a table of lists of strings")
    return tuple((name, tuple(items)) for name, items in value.items())


def _boolean(value: Any, key: str) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"'{key}' must be true or false")
    return value


def _days(value: Any, key: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(f"'{key}' must be a number of days")
    return value
