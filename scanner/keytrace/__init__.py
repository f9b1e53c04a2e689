"""keytrace finds API keys and other credentials in source code before they ship.

import keytrace
for finding in keytrace.scan("src").active: ...

`docs/python-api.md` in the repository shows what else there is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from keytrace.version import __version__

if TYPE_CHECKING:
    from keytrace.api import scan, scan_text
    from keytrace.config import Config, load_config
    from keytrace.errors import ScannerError
    from keytrace.model import (
        Confidence,
        Evidence,
        Finding,
        Location,
        Region,
        Report,
        Rule,
        ScanError,
        Secret,
        Severity,
        Statistics,
        Suppression,
        SuppressionKind,
    )
    from keytrace.rules.select import Ruleset

__all__ = [
    "Confidence", "Config", "Evidence", "Finding", "Location", "Region", "Report", "Rule", "Ruleset", "ScanError",
    "ScannerError", "Secret", "Severity", "Statistics", "Suppression", "SuppressionKind", "__version__", "load_config",
    "scan", "scan_text",
]  # fmt: skip

_HOMES = {
    "scan": "api",
    "scan_text": "api",
    "Config": "config",
    "load_config": "config",
    "ScannerError": "errors",
    "Ruleset": "rules.select",
}  # of all else: model


def __getattr__(name: str) -> Any:  # imported when asked for: start-up time is a feature
    if name not in __all__:
        raise AttributeError(f"module 'keytrace' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(f"keytrace.{_HOMES.get(name, 'model')}"), name)


def __dir__() -> list[str]:
    return __all__
