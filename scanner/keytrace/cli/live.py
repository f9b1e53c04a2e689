"""The options by which providers are asked about keys. No variable and no configuration sets them."""

from __future__ import annotations

from collections import ChainMap
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from keytrace.cli.options import under
from keytrace.errors import ScannerError
from keytrace.model import Report

if TYPE_CHECKING:
    from keytrace.config import Config
    from keytrace.model import Rule
    from keytrace.verifiers.run import Asking

_asked = under("Is it live?")
ENDPOINT = _asked(
    "--verify-endpoint",
    "endpoints",
    metavar="NAME=URL",
    multiple=True,
    help="Ask this address about the keys of a provider or rule: a server of your own. Repeatable.",
)
VERIFY_OPTIONS = [
    _asked("--verify", is_flag=True, help="Send each key to its provider, to see whether it is live. Needs httpx."),
    _asked("--only-live", is_flag=True, help="Report only keys that a provider accepts."),
    _asked("--verify-suppressed", is_flag=True, help="Verify what the baseline, comments and allowlists accept, too."),
    ENDPOINT,
]  # fmt: skip
_NEED = {"only_live": "--only-live", "verify_suppressed": "--verify-suppressed", "endpoints": "--verify-endpoint"}


def asking_of(given: dict[str, Any], config: Config) -> Asking | None:
    """Return what is to be asked, nothing without --verify; raise ScannerError for options that do not go together."""
    if given["verify"]:
        return replace(
            asking(given),
            suppressed=given["verify_suppressed"],
            only_live=given["only_live"],
            cached=config.cached,
            min_severity=config.min_severity,
        )
    for name, option in _NEED.items():
        if given[name]:
            raise ScannerError(f"{option} needs --verify", "--verify sends the keys that are found to their providers")
    return None


def asking(given: dict[str, Any]) -> Asking:
    """Return what our rules ask, and those of files that the command line names."""
    from keytrace.rules.load import load_builtin, read_rule_files
    from keytrace.rules.stored import by_id
    from keytrace.verifiers.exchange import need_httpx
    from keytrace.verifiers.question import endpoints
    from keytrace.verifiers.run import Asking

    need_httpx()
    ours = cast("dict[str, Rule]", by_id(load_builtin().rules))
    rules = ChainMap(read_rule_files(map(Path, given.get("rule_files") or ())), ours)
    providers = {name: rule.provider for name, rule in rules.items() if rule.verify} if given["endpoints"] else {}
    return Asking(rules, endpoints(given["endpoints"], providers))


def verified(report: Report, asking: Asking | None, keep: bool) -> Report:
    """Return a report with what the providers say of its keys, where somebody wants to know; `keep` is what a signal
    does.
    """
    if asking is None or not report.findings or report.stopped_by:
        return report
    from keytrace.verifiers import run

    return run.verified(report, asking, keep=keep)
