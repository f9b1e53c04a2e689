"""keytrace finds API keys and other credentials in source code before they ship.

from keytrace import scan
report = scan(["src"])
for finding in report.active: ...
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from keytrace.version import __version__

if TYPE_CHECKING:
    from keytrace.api import scan
    from keytrace.model import Confidence, Finding, Report, Severity
    from keytrace.rules.select import Ruleset

__all__ = ["Confidence", "Finding", "Report", "Ruleset", "Severity", "__version__", "scan"]

_HOMES = {"scan": "api", "Ruleset": "rules.select"}


def __getattr__(name: str) -> Any:  # imported when asked for: start-up time is a feature
    if name not in __all__:
        raise AttributeError(f"module 'keytrace' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(f"keytrace.{_HOMES.get(name, 'model')}"), name)
