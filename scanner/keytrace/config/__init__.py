"""The project's settings: `[tool.keytrace]` of pyproject.toml or keytrace.toml, and a `.gitleaks.toml` beside it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from keytrace.config.gitleaks import GITLEAKS_NAME, with_gitleaks
from keytrace.config.settings import SETTINGS, Config, Reading, parse_size
from keytrace.errors import ScannerError, suggest
from keytrace.redaction.texts import without_secrets
from keytrace.rules.toml import Lines, load_toml

__all__ = ["BASELINE_NAME", "Config", "is_heeded_in_the_root", "load_config", "parse_size", "unknown_targets"]

BASELINE_NAME = ".keytrace-baseline.jsonl"
_OWN_NAME, _SHARED_NAME = "keytrace.toml", "pyproject.toml"
_TABLE = "tool.keytrace"
_OUR_TABLE = re.compile(rb"^[ \t]*\[+[ \t]*[\"']?tool[\"']?[ \t]*\.[ \t]*[\"']?keytrace\b", re.MULTILINE)
_OF_GITLEAKS = ("title", "extend", "allowlist", "minVersion")


@without_secrets()
def load_config(root: str, explicit: str | None = None, *, trust_repo: bool = True) -> Config:
    """Read the configuration of the tree below `root`, or the file `explicit`; raise ScannerError when it is bad."""
    config = Config(trust_repo=trust_repo)
    if explicit:
        config = _from_file(config, Path(explicit).absolute(), explicit=explicit)
    elif trust_repo:
        own, shared = Path(root, _OWN_NAME), Path(root, _SHARED_NAME)
        if own.is_file():
            config = _from_file(config, own)
            if _has_table(shared):
                note = f"{_OWN_NAME} holds; [{_TABLE}] of {_SHARED_NAME} beside it is not heeded"
                config = replace(config, notes=(*config.notes, note))
        elif shared.is_file() and b"keytrace" in shared.read_bytes():
            config = _from_file(config, shared)
    if trust_repo and Path(root, GITLEAKS_NAME).is_file():
        config = with_gitleaks(config, Path(root, GITLEAKS_NAME))
    return config


def unknown_targets(config: Config, known: Collection[str]) -> Iterator[str]:
    """Yield a note for each rule that an allowlist is for and that is not there."""
    for place, rule in config.targets:
        if rule not in known:
            yield f"{place}: targetRules: there is no rule '{rule}'; {suggest(rule, known) or 'it matches nothing'}"


def is_heeded_in_the_root(path: str, root: str) -> bool:
    """Tell whether a file below a root is a configuration that would hold if it stood in the root."""
    name = path.rpartition("/")[2]
    return name in (_OWN_NAME, GITLEAKS_NAME) or (name == _SHARED_NAME and _has_table(Path(root, path)))


def _has_table(file: Path) -> bool:
    try:
        return file.is_file() and _OUR_TABLE.search(file.read_bytes()) is not None
    except OSError:
        return False


def _from_file(config: Config, file: Path, explicit: str = "") -> Config:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ScannerError(f"cannot read the configuration {file}: {error.strerror}") from error
    data = load_toml(content, str(file))
    table = ""
    if file.name == _SHARED_NAME or set(data) == {"tool"}:
        tools = data.get("tool", {})
        data = tools.get("keytrace", {}) if isinstance(tools, dict) else tools
        table = _TABLE
    reading = Reading(file, Lines(content.decode("utf-8-sig"), str(file), table))
    if not isinstance(data, dict):
        raise ScannerError(f"{file}: 'keytrace' must be a table", f"write its settings below [{_TABLE}]")
    if explicit and _is_of_gitleaks(data):
        hint = f"use --rules-file {explicit}; a {GITLEAKS_NAME} in the root is read without being named"
        raise ScannerError(f"{file}: this is a configuration of gitleaks", hint)
    changes = dict(_changes(data, reading))
    origins = tuple((SETTINGS[key].field, reading.where.of_key(key)) for key in data)
    return replace(
        config,
        **changes,
        notes=(*config.notes, *reading.notes),
        origins=origins,
        targets=tuple(reading.targets),
    )


def _changes(data: Mapping[str, Any], reading: Reading) -> Iterator[tuple[str, Any]]:
    """Yield the fields that the keys of a file set, in their order, each checked."""
    for key, value in data.items():
        place = reading.where.of_key(key)
        setting = SETTINGS.get(key)
        if setting is None:
            hint = suggest(key, SETTINGS) or f"known keys: {', '.join(SETTINGS)}"
            if key in _OF_GITLEAKS:
                hint = f"that is a key of gitleaks: its rules go into a file named by rule-files, or {GITLEAKS_NAME}"
            raise ScannerError(f"{place}: unknown key '{key}'", hint)
        try:
            yield setting.field, setting.kind.convert(value, reading)
        except (TypeError, ValueError) as error:
            raise ScannerError(f"{place}: '{key}': {error}") from error


def _is_of_gitleaks(data: Mapping[str, Any]) -> bool:
    rules = data.get("rules")
    return any(key in data for key in _OF_GITLEAKS) or (
        isinstance(rules, list) and any(isinstance(rule, dict) for rule in rules)
    )
