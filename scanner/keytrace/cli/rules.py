"""`keytrace rules`."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from keytrace.cli import Group
from keytrace.cli.options import complete_rule
from keytrace.engine import Engine, Setup, load_ruleset
from keytrace.errors import ScannerError, suggest
from keytrace.model import Rule
from keytrace.redaction.texts import safe, safe_rule
from keytrace.rules.load import builtin_files, load_builtin, read_rule_file, read_rule_files, read_rule_text
from keytrace.rules.select import Ruleset, check_links


@click.group(name="rules", cls=Group)
def command() -> None:
    """List, show and test the rules."""


def _ruleset(files: tuple[str, ...]) -> Ruleset:
    return load_ruleset(Setup(rule_files=tuple(read_rule_text(Path(name)) for name in files)))


_FILES = click.option(
    "--rules-file", "files", metavar="FILE", multiple=True, help="Add the rules of a file. Repeatable."
)


@command.command(name="list")
@_FILES
@click.option("--tag", help="Only the rules with this tag: a group, such as ai or payments.")
@click.option("--ids", is_flag=True, help="Only the ids, one a line.")
@click.option("-f", "--format", "kind", type=click.Choice(["text", "json", "markdown"]), default="text",
              help="How to list them.")  # fmt: skip
@click.option("--verify", "live", is_flag=True, help="Only rules whose keys can be asked about: `scan --verify`.")
@click.option("--all", "every", is_flag=True, help="Each rule, not only their groups.")
@click.argument("words", nargs=-1)
def list_rules(
    files: tuple[str, ...], tag: str | None, ids: bool, kind: str, live: bool, every: bool, words: tuple[str, ...]
) -> None:
    """Show the groups of rules; with WORDS or --tag, the rules whose provider, id or name holds all of them."""
    ruleset = _ruleset(files)
    chosen = _shown(files, (rule for rule in ruleset.rules if _is_wanted(rule, tag, live, words)))
    if not chosen:
        raise _no_such_rule(ruleset, tag, words)
    if kind == "json":
        click.echo(json.dumps([_record(rule) for rule in chosen], indent=2))
    elif kind == "markdown":
        click.echo("\n".join(_page(chosen)))
    elif ids:
        for rule in chosen:
            click.echo(rule.id)
    elif every or tag or words or live:
        _list_each(chosen)
    else:
        _list_groups(chosen)


def _is_wanted(rule: Rule, tag: str | None, live: bool, words: Iterable[str]) -> bool:
    if (live and not rule.verify) or (tag is not None and tag not in rule.tags):
        return False
    said = f"{rule.origin} {rule.id} {rule.name}".lower()
    return all(word.lower() in said for word in words)


def _shown(files: Sequence[str], rules: Iterable[Rule]) -> list[Rule]:
    """Return rules as they may be shown: those of the user's own `files` may hold what they look for."""
    own = {str(Path(name)) for name in files}
    return [safe_rule(rule) if rule.origin in own else rule for rule in rules]


def _no_such_rule(ruleset: Ruleset, tag: str | None, words: tuple[str, ...]) -> ScannerError:
    hint = suggest(tag, {one for rule in ruleset.rules for one in rule.tags}) if tag else ""
    if words and not hint:
        hint = suggest(words[0], {rule.provider for rule in ruleset.rules})
    if words and words[0].lower() == "inventory":
        hint = "those of `inventory --check`: keytrace rules list --tag lifecycle"
    asked = f" tagged '{tag}'" if tag else ""
    asked += f" with '{' '.join(words)}'" if words else ""
    return ScannerError(f"there is no rule{asked}", hint or "`keytrace rules list` shows the groups and providers")


def _record(rule: Rule) -> dict[str, Any]:
    """Return what a rule says of itself; its examples are left out, they look like secrets."""
    return {
        "id": rule.id,
        "name": rule.name,
        "provider": rule.provider,
        "severity": rule.severity.label,
        "confidence": rule.confidence.label,
        "recognised_by": _recognised_by(rule),
        "scope": rule.scope,
        "description": rule.description,
        "impact": rule.impact,
        "remediation": rule.remediation,
        "references": list(rule.references),
        "cwe": list(rule.cwe),
        "tags": list(rule.tags),
    }


def _page(rules: Sequence[Rule]) -> Iterator[str]:
    """Yield the lines of a page in Markdown with a row for each rule."""
    listed = [rule for rule in rules if "derived" not in rule.tags]
    yield from (
        "# The rules",
        "",
        f"{len(listed)} rules, by provider, as `keytrace rules list -f markdown` prints them.",
    )
    yield "`keytrace rules show ID` tells what one finds, why that matters, and what to do."
    if count := len(rules) - len(listed):
        yield from (
            "",
            f"{count} more are not in the table: `PROVIDER-credential`, for what stands beside a provider's name",
        )
        yield "without the form that its own rules know: a password, a secret of an app."
    yield from ("", "| provider | id | finds | severity |", "|---|---|---|---|")
    for rule in sorted(listed, key=lambda one: (one.provider.lower(), one.id)):
        cells = (rule.provider, f"`{rule.id}`", rule.name, rule.severity.label)
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _list_each(rules: Sequence[Rule]) -> None:
    by_file: dict[str, list[Rule]] = {}
    for rule in rules:
        by_file.setdefault(rule.origin, []).append(rule)
    width = max((len(rule.id) for rule in rules), default=0)
    for origin in sorted(by_file):
        click.echo(click.style(by_file[origin][0].provider, bold=True))
        for rule in by_file[origin]:
            severity = click.style(f"{rule.severity.label:8}", fg=_COLORS.get(rule.severity.label))
            click.echo(f"  {rule.id:{width}}  {severity}  {_recognised_by(rule):12}  {rule.name}")
    count = (
        f"{len(rules)} rule{'' if len(rules) == 1 else 's'} in {len(by_file)} file{'' if len(by_file) == 1 else 's'}"
    )
    click.echo(f"\n{count}; `keytrace rules show ID` tells more", err=True)


_COLORS = {"critical": "red", "high": "red", "medium": "yellow", "low": "cyan"}


def _recognised_by(rule: Rule) -> str:
    """Return in a word or two what a rule goes by."""
    if rule.checksum:
        return "checked"  # a checksum or a structure that can be verified offline
    if rule.analyzer == "pattern" and (rule.near or rule.host):
        return "beside name" if rule.near else "at host"
    return {"keyword": "weighed", "path": "file name", "tree": "whole tree", "named": "by name"}.get(
        rule.analyzer, "format"
    )


def _list_groups(rules: Sequence[Rule]) -> None:
    groups: dict[str, dict[str, int]] = {}
    for rule in rules:
        files = groups.setdefault(rule.tags[0] if rule.tags else "other", {})
        name = rule.provider
        files[name] = files.get(name, 0) + 1
    for group, files in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        count = sum(files.values())
        click.echo(click.style(group, bold=True) + f"  {count} rule{'' if count == 1 else 's'}")
        names = ", ".join(sorted(files))
        click.echo(textwrap.fill(names, 100, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False))
    providers = len({rule.origin for rule in rules})
    click.echo(
        f"\n{len(rules)} rules in {providers} files, one a provider or format. "
        "`keytrace rules list openai` lists those of one,\n"
        "`--tag ai` those of a group, `--all` every one; `keytrace rules show ID` tells more.",
        err=True,
    )


@command.command(name="show")
@_FILES
@click.argument("rule_id", metavar="ID", shell_complete=complete_rule)
def show_rule(files: tuple[str, ...], rule_id: str) -> None:
    """Show a rule: what it finds, why it matters, what to do. For the name of a provider, list its rules."""
    ruleset = _ruleset(files)
    known = {rule.id for rule in ruleset.rules}
    family = [rule for rule in ruleset.rules if rule.id.startswith(f"{rule_id}-") or rule.provider == rule_id]
    if rule_id not in known and family:
        _list_each(_shown(files, family))
        return
    ruleset.select(only=(rule_id,))  # an unknown id is said with a suggestion
    rule = ruleset[rule_id]
    of = [other for other in ruleset.rules if rule.part and rule.id in (other.companions or ())]
    _show(_shown(files, [rule])[0], [other.id for other in _shown(files, of)])


def _show(rule: Rule, secrets: Sequence[str]) -> None:
    click.echo(click.style(rule.name, bold=True) + f"  ({rule.id})")
    click.echo(f"severity {rule.severity.label}, confidence {rule.confidence.label}, from {rule.origin}")
    for title, text in (
        ("What it is", rule.description),
        ("Why it matters", rule.impact),
        ("What to do", rule.remediation),
    ):
        if text:
            click.echo("\n" + click.style(title, bold=True))
            click.echo(textwrap.fill(text, 100, initial_indent="  ", subsequent_indent="  "))
    facts = [
        ("scope", rule.scope),
        ("verified offline by", rule.checksum),
        ("live if accepted by", f"{rule.verify.method} {rule.verify.url}" if rule.verify else ""),
        ("joined with", ", ".join(rule.companions or ())),
        ("counts only near", " or ".join(rule.needs)),
        ("part of", ", ".join(secrets)),
        ("entropy at least", f"{rule.entropy:g}" if rule.entropy else ""),
        ("called elsewhere", ", ".join(rule.aliases)),
        ("keywords", ", ".join(rule.keywords)),
        ("path", rule.path),
        ("beside one of the names", ", ".join(rule.near)),
        ("in a URL to", ", ".join(rule.host)),
        ("regex", rule.regex),
        ("CWE", ", ".join(f"CWE-{number}" for number in rule.cwe)),
        ("tags", ", ".join(rule.tags)),
    ]
    click.echo()
    for name, fact in facts:
        if fact:
            click.echo(f"  {name}: {fact}")
    for reference in rule.references:
        click.echo(f"  {reference}")


@command.command(name="test")
@click.argument("files", nargs=-1, metavar="[FILE]...")
def test_rules(files: tuple[str, ...]) -> int:
    """Check rule FILES (by default the built-in ones): are they valid, does each rule find its examples and nothing
    in its negativeExamples? Exit 1 when one does not.
    """
    from keytrace.findings import matches_alone
    from keytrace.rules.check import failures

    paths = [Path(name) for name in files] or builtin_files()
    rules = read_rule_files(paths)
    for path in paths:
        check_links(read_rule_file(path), {*rules, *(rule.id for rule in load_builtin().rules)})
    count = 0
    engine = Engine(Ruleset(tuple(rules.values())).linked().beside(load_builtin().rules), Setup())
    for failure in failures(rules.values(), partial(matches_alone, engine)):
        told = f"{failure.rule.origin}: {failure.rule.id}: {failure.message}"
        click.echo(safe(told) if files else told)
        count += 1
    samples = sum(len(rule.examples) + len(rule.negative_examples) for rule in rules.values())
    click.echo(f"{len(rules)} rules, {samples} samples: {count or 'no'} failure{'' if count == 1 else 's'}")
    return 1 if count else 0
