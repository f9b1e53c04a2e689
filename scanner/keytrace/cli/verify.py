"""`keytrace verify`."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import click

from keytrace.cli.live import ENDPOINT, asking
from keytrace.cli.options import Command, complete_rule, under
from keytrace.errors import ScannerError
from keytrace.model import (
    Confidence,
    Excerpt,
    Finding,
    Liveness,
    Location,
    Region,
    Report,
    Rule,
    Secret,
    Severity,
    StreamProvenance,
)

_asked = under("What is asked")
_MOST = 64_000  # bytes
_WORST_FIRST = {Liveness.LIVE: 1, Liveness.UNKNOWN: 3, Liveness.DEAD: 0}  # and the exit codes


@click.command(name="verify", cls=Command)
@_asked("--rule", metavar="ID", shell_complete=complete_rule, help="What kind of key it is, where it does not tell.")
@_asked("--dry-run", is_flag=True, help="Send nothing: show what would be sent, the key masked.")
@ENDPOINT
@under("The report")("-f", "--format", type=click.Choice(["text", "json"]), default="text", help="How to tell.")
def command(rule: str | None, dry_run: bool, format: str, **given: Any) -> int:  # noqa: A002 - the option's name
    """Ask the provider of a key whether it is live. The key comes from standard input, never from the command line.

    A credential of several parts is given as it stands in a file, a name and a value a line. Exit codes: 0 dead, 1
    live, 3 not known, 2 something for you to mend.

    \b
    pbpaste | keytrace verify                    the key says what it is
    keytrace verify --rule datadog-api-key       asks you for it, and does not show it
    grep AWS_ .env | keytrace verify             an id and its secret
    """  # noqa: D301
    from keytrace.reporters.layout import printable
    from keytrace.reporters.records import verification_record
    from keytrace.verifiers.run import described, verified

    ask = replace(asking(given), cached=False, min_severity=Severity.INFO)
    if rule and not (rule in ask.rules and ask.rules[rule].verify):
        raise ScannerError(
            f"no rule '{rule}' says how a key is verified", "`keytrace rules list --verify` has those that do"
        )
    report = _report(_read(), rule, ask.rules)
    if dry_run:
        for text in described(report, ask):
            click.echo("\n".join(map(printable, text.split("\n"))))
        return 0
    report = verified(report, ask)
    told = [(one.rule_id, one.verification) for one in report.findings if one.verification]
    if format == "json":
        click.echo(json.dumps([{"rule": name, **verification_record(one)} for name, one in told], indent=1))
    else:
        for name, one in told:
            click.echo(f"{name}: {printable(one.said)}")
    return next(code for status, code in _WORST_FIRST.items() if any(one.status is status for _, one in told))


def _read() -> str:
    """Return what stands on standard input; at a terminal the user is asked, and what they type is not shown."""
    if sys.stdin is None:
        raise ScannerError("standard input is closed", "give it the key to read")
    if sys.stdin.isatty():
        text: str = click.prompt("key", hide_input=True, err=True)
    else:
        data = sys.stdin.buffer.read(_MOST + 1)
        if len(data) > _MOST:
            raise ScannerError("that is more than a key", "`keytrace scan --verify` asks about the keys of files")
        text = data.decode("utf-8", "replace")
    if not text.strip():
        raise ScannerError("there is no key on standard input", "such as: pbpaste | keytrace verify")
    return text


def _report(text: str, rule: str | None, rules: Mapping[str, Rule]) -> Report:
    """Return the keys of a text that can be asked about; with a rule that finds none, the text itself is the key."""
    from keytrace.api import scan_text
    from keytrace.config import Config

    config = Config(use_baseline=False, trust_repo=False, min_severity=Severity.INFO, min_confidence=Confidence.LOW)
    report = scan_text(text, config=config)
    wanted = (one for one in report.findings if one.rule_id in rules and rules[one.rule_id].verify)
    found = {one.secret.value: one for one in wanted if rule in (None, one.rule_id)}
    if found:
        return replace(report, findings=tuple(found.values()), notes=())
    if not rule:
        raise ScannerError("it is not known what kind of key that is", "--rule says it; `keytrace rules list --verify`")
    _refuse_others(text.strip(), rules[rule], report)
    return replace(report, findings=(_as_told(text.strip(), rules[rule]),), rules=(rules[rule],), notes=())


def _refuse_others(value: str, rule: Rule, report: Report) -> None:
    """Raise ScannerError where a value is not of the rule's form: a key is shown to nobody but its own provider."""
    import regex

    from keytrace.rules.stored import by_id
    from keytrace.triage.dedupe import is_specific

    rules = by_id(report.rules)
    for one in report.findings:
        other = rules[one.rule_id]
        if (
            is_specific(other)
            and one.confidence >= Confidence.MEDIUM
            and other.verify
            and other.provider != rule.provider
        ):
            raise ScannerError(f"that is no {rule.name}, but: {one.message}", f"--rule {other.id}, or leave it out")
    form = regex.compile(rule.regex)
    fits = form.fullmatch if rule.near else form.search
    if not (rule.host or form.groups or fits(value, timeout=5)):  # with groups it is the form of more than the key
        raise ScannerError(f"that has not the form of a {rule.name}", f"`keytrace rules show {rule.id}` says what has")


def _as_told(value: str, rule: Rule) -> Finding:
    place = Location(StreamProvenance("stdin"), 0, 0, Region(1, 1, 1, 1), Excerpt("", 0, 0))
    secret = Secret(value.encode())
    return Finding(rule.id, rule.name, rule.severity, Confidence.HIGH, place, secret, fingerprint="")
