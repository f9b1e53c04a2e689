"""`keytrace config`."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import Any

import click

from keytrace.cli import Group, say
from keytrace.cli.options import SCAN_OPTIONS, Command, apply, build_config, unknown_variables
from keytrace.config import Config
from keytrace.config.settings import SETTINGS, json_schema
from keytrace.model import Confidence, Severity
from keytrace.reporters.layout import printable


@click.group(name="config", cls=Group)
def command() -> None:
    """Show the configuration and where it comes from; print its schema for editors."""


@command.command(name="show", cls=Command)
@click.argument("paths", nargs=-1, type=click.Path())
@apply(SCAN_OPTIONS)
def show(paths: tuple[str, ...], **given: Any) -> None:
    """Show what holds in a scan of PATHS (by default the current folder) and where it was set: by an option, a
    variable of the environment, a line of a file, or by default.
    """
    from keytrace.api import baseline_path, common_root
    from keytrace.redaction.texts import safe

    root = common_root(list(paths) or ["."])
    config = build_config(root, given)
    origins: dict[str, list[str]] = {}
    for field, place in config.origins:
        origins.setdefault(field, []).append(_near(place))
    rows = []
    for key, setting in SETTINGS.items():
        value = _in_toml(setting.field, config)
        said = _winning(setting.field, origins.get(setting.field, ["default"]))
        if setting.field == "baseline":
            path = baseline_path(root, config)
            value = json.dumps(_near(path))
            said += "" if os.path.exists(path) else "; it is not there"
        rows.append((safe(f"{key} = {value}"), said))
    width = min(max(len(text) for text, _ in rows), 60)
    click.echo(f"# {printable(safe(root))}")
    for text, place in rows:
        click.echo(f"{printable(text):<{width}}  # {printable(safe(place))}")
    for note in (*unknown_variables(), *config.notes):
        say(f"note: {safe(note)}")


def _winning(field: str, places: list[str]) -> str:
    """Return where a setting comes from: lists add up, of anything else the last one holds."""
    return ", ".join(places) if field in ("exclude", "exclude_rules", "rule_files") else places[-1]


def _near(place: str) -> str:
    """Return a path relative to the current folder when it is below."""
    return place.removeprefix(os.getcwd() + os.sep)


def _in_toml(field: str, config: Config) -> str:
    value = getattr(config, field)
    if isinstance(value, Severity | Confidence):
        return json.dumps(value.label)
    if field == "rule_files":
        return json.dumps([_near(origin) for origin, _ in value])
    if field == "allowlists":  # its regexes may hold what is secret
        return f"[{len(value)} of them]" if value else "[]"
    if field == "inventory":
        given = {
            name.replace("_", "-"): dict(one) if isinstance(one, tuple) else one for name, one in asdict(value).items()
        }
        return "{" + ", ".join(f"{name} = {json.dumps(one)}" for name, one in given.items() if one) + "}"
    if field == "python":
        given = {name: list(names) for name, names in asdict(value).items() if names}
        return "{" + ", ".join(f"{name} = {json.dumps(names)}" for name, names in given.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


@command.command(name="schema")
def schema() -> None:
    """Print the JSON Schema of keytrace.toml, with which editors complete and check it."""
    click.echo(json.dumps(json_schema(), indent=2))
