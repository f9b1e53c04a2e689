"""`keytrace rules`."""

from __future__ import annotations

import textwrap
from pathlib import Path

import click

from scanner.engine import Setup, load_ruleset
from scanner.model import Rule
from scanner.ruleset import (
    Ruleset,
    builtin_files,
    check_links,
    load_builtin,
    read_rule_file,
    read_rule_files,
    read_rule_text,
)  # fmt: skip


@click.group(name="rules")
def command() -> None:
    """List, show and test the rules."""


def _ruleset(files: tuple[str, ...]) -> Ruleset:
    return load_ruleset(Setup(rule_files=tuple(read_rule_text(Path(name)) for name in files)))


_FILES = click.option(
    "--rules-file", "files", metavar="FILE", multiple=True, help="Add the rules of a file. Repeatable."
)


@command.command(name="list")
@_FILES
@click.option("--tag", help="Only rules with this tag.")
@click.option("--ids", is_flag=True, help="Only the ids, one a line.")
@click.argument("words", nargs=-1)
def list_rules(files: tuple[str, ...], tag: str | None, ids: bool, words: tuple[str, ...]) -> None:
    """List the rules by rule file; with WORDS, those whose id or name holds all of them."""
    chosen = [
        rule
        for rule in _ruleset(files).rules
        if (tag is None or tag in rule.tags) and all(word.lower() in f"{rule.id} {rule.name}".lower() for word in words)
    ]
    if ids:
        for rule in chosen:
            click.echo(rule.id)
        return
    by_file: dict[str, list[Rule]] = {}
    for rule in chosen:
        by_file.setdefault(rule.origin, []).append(rule)
    width = max((len(rule.id) for rule in chosen), default=0)
    for origin in sorted(by_file):
        click.echo(click.style(origin.removesuffix(".toml"), bold=True))
        for rule in by_file[origin]:
            click.echo(f"  {rule.id:{width}}  {rule.severity.label:8}  {rule.name}")
    click.echo(f"\n{len(chosen)} rules in {len(by_file)} files; `keytrace rules show ID` tells more", err=True)


@command.command(name="show")
@_FILES
@click.argument("rule_id", metavar="ID")
def show_rule(files: tuple[str, ...], rule_id: str) -> None:
    """Show a rule: what it finds, why it matters, what to do."""
    ruleset = _ruleset(files)
    ruleset.select(only=(rule_id,))  # an unknown id is said with a suggestion
    rule = ruleset[rule_id]
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
    secrets = [other.id for other in ruleset.rules if rule.part and rule.id in (other.companions or ())]
    facts = [
        ("scope", rule.scope),
        ("verified offline by", rule.checksum),
        ("joined with", ", ".join(rule.companions or ())),
        ("counts only near", " or ".join(rule.needs)),
        ("part of", ", ".join(secrets)),
        ("entropy at least", f"{rule.entropy:g}" if rule.entropy else ""),
        ("keywords", ", ".join(rule.keywords)),
        ("path", rule.path),
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
    from scanner.ruletest import failures

    paths = [Path(name) for name in files] or builtin_files()
    rules = read_rule_files(paths)
    for path in paths:
        check_links(read_rule_file(path), {*rules, *(rule.id for rule in load_builtin().rules)})
    count = 0
    for failure in failures(tuple(rules.values())):
        click.echo(f"{failure.rule.origin}: {failure.rule.id}: {failure.message}")
        count += 1
    samples = sum(len(rule.examples) + len(rule.negative_examples) for rule in rules.values())
    click.echo(f"{len(rules)} rules, {samples} samples: {count or 'no'} failure{'' if count == 1 else 's'}")
    return 1 if count else 0
