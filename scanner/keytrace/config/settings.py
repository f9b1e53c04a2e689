"""The settings of a project: one table says which keys a configuration may have, what each takes and means.

What reads a file, what is said about a bad value, `keytrace config` and the JSON Schema for editors are made from it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from keytrace.config.inventory import SCHEMA, InventorySettings
from keytrace.config.inventory import parse as parse_inventory
from keytrace.engine import DEFAULT_ARCHIVE_DEPTH, DEFAULT_FILE_TIMEOUT, DEFAULT_MAX_FILE_SIZE, Setup
from keytrace.errors import ScannerError, suggest
from keytrace.model import Additions, Allowlist, Confidence, Severity
from keytrace.rules.load import read_own_rules
from keytrace.rules.toml import Lines
from keytrace.rules.validate import parse_allowlists


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of a scan, from any of: command line, environment, file, default."""

    exclude: tuple[str, ...] = ()
    gitignore: bool = True
    trust_repo: bool = True  # False: neither configuration nor ignore files nor inline comments of the scanned tree
    max_file_size: int = DEFAULT_MAX_FILE_SIZE
    file_timeout: float = DEFAULT_FILE_TIMEOUT  # seconds for one file; 0: no limit
    max_archive_depth: int = DEFAULT_ARCHIVE_DEPTH  # 0: no archive is opened
    jobs: int = 0
    cached: bool = True  # what was scanned before, and had nothing to tell, is not scanned again
    min_severity: Severity = Severity.LOW
    min_confidence: Confidence = Confidence.MEDIUM
    rules: tuple[str, ...] = ()
    exclude_rules: tuple[str, ...] = ()
    rule_files: tuple[tuple[str, str], ...] = ()  # (origin, text)
    allowlists: tuple[Allowlist, ...] = ()
    python: Additions = field(default_factory=Additions)  # to the model of Python programs
    inventory: InventorySettings = field(default_factory=InventorySettings)
    inline_comments: bool = True  # no setting: what an agent writes does not excuse itself
    follow_uses: bool = True  # no setting: a scan of history is about secrets, not their uses
    baseline: str = ""  # absolute path; empty: BASELINE_NAME in the root, if it is there
    use_baseline: bool = True
    warn_unused_ignores: bool = False
    notes: tuple[str, ...] = ()
    # What does not change a scan, but what is said of it: where fields were set, and (place, rule id) of targetRules.
    origins: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    targets: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    def setup(self) -> Setup:
        """Return what a worker needs of it."""
        return Setup(
            rule_files=self.rule_files,
            only=self.rules,
            without=self.exclude_rules,
            allowlists=self.allowlists,
            inline_comments=self.trust_repo and self.inline_comments,
            list_comments=self.warn_unused_ignores and self.trust_repo,
            max_file_size=self.max_file_size,
            file_timeout=self.file_timeout,
            max_archive_depth=self.max_archive_depth,
            exclude=self.exclude,
            python=self.python,
            follow_uses=self.follow_uses,
            cached=self.cached,
        )


@dataclass(slots=True)
class Reading:
    """A file that is being read: where its keys stand, and what there is to say of it besides its settings."""

    file: Path
    where: Lines
    notes: list[str] = field(default_factory=list)
    targets: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a setting takes: as JSON Schema, and as a function that returns the field or raises with the reason."""

    schema: Mapping[str, Any]
    convert: Callable[[Any, Reading], Any]


@dataclass(frozen=True, slots=True)
class Setting:
    """A key of the configuration and the field of Config that it sets."""

    field: str
    kind: Kind
    text: str


def parse_size(text: str) -> int:
    """Return bytes for `500`, `64k`, `50MB` or `1.5 GiB` (powers of 1024); raise ValueError."""
    match = re.fullmatch(_SIZE, text, re.IGNORECASE)
    if match is None:
        raise ValueError(f"'{text}' is not a size; write for example 50MB")
    return int(float(match[1]) * 1024 ** " kmg".index(match[2].lower() or " "))


_SIZE = r"\s*(\d+(?:\.\d+)?)\s*([kmg]?)(?:i?b)?\s*"
_SIZE_OF_SCHEMA = r"^\s*\d+(\.\d+)?\s*[kKmMgG]?([iI]?[bB])?\s*$"  # JSON Schema has no flags


def _strings(value: Any, _reading: Reading) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TypeError("must be a list of strings")
    return tuple(value)


def _boolean(value: Any, _reading: Reading) -> bool:
    if not isinstance(value, bool):
        raise TypeError("must be true or false")
    return value


def _count(none: str) -> Kind:
    """Return what takes a number; 0 stands for `none`."""

    def convert(value: Any, _reading: Reading) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise TypeError(f"must be a whole number, 0 for {none}")
        return value

    return Kind({"type": "integer", "minimum": 0}, convert)


def _seconds(value: Any, _reading: Reading) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1_000_000:
        raise TypeError("must be a number of seconds, 0 for no limit")
    return float(value)


def _size(value: Any, _reading: Reading) -> int:
    return parse_size(str(value))


def _level(kind: type[Severity | Confidence]) -> Kind:
    labels = [member.label for member in kind]

    def convert(value: Any, _reading: Reading) -> Any:
        if not isinstance(value, str) or value.lower() not in labels:
            raise ValueError(f"must be one of {', '.join(labels)}")
        return kind[value.upper()]

    return Kind({"enum": labels}, convert)


def _path(value: Any, reading: Reading) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError("must be a path")
    return os.path.join(reading.file.parent, value)


def _rules(value: Any, reading: Reading) -> tuple[str, ...]:
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        hint = 'put them into a file of their own and name it: rule-files = ["keytrace-rules.toml"]'
        raise ScannerError(f"{reading.where.of_key('rules')}: rules of your own do not stand here", hint)
    return _strings(value, reading)


def _rule_files(value: Any, reading: Reading) -> tuple[tuple[str, str], ...]:
    return tuple(read_own_rules(Path(reading.file.parent, name)) for name in _strings(value, reading))


def _allowlists(value: Any, reading: Reading) -> tuple[Allowlist, ...]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise TypeError("must be an array of tables ([[allowlists]], in pyproject.toml [[tool.keytrace.allowlists]])")
    lists = parse_allowlists(value, reading.where)
    for number, one in enumerate(lists):
        reading.targets += [(reading.where.of_allowlist(number, "targetRules"), rule) for rule in one.rules]
        if not (one.paths or one.regexes or one.stopwords):
            place = reading.where.of_allowlist(number, "")
            reading.notes.append(f"{place}: this allowlist allows nothing: give it paths, regexes or stopwords")
    return lists


_PYTHON_KEYS = [one.name for one in fields(Additions)]
_PARAMETERS = r"\*?[\w.()]+:\s*\w+(?:@\d+)?(?:\s*,\s*\w+(?:@\d+)?)*"


def _python(value: Any, reading: Reading) -> Additions:
    if not isinstance(value, dict):
        raise TypeError("must be a table ([python], in pyproject.toml [tool.keytrace.python])")
    given: dict[str, tuple[str, ...]] = {}
    for key, names in value.items():
        place = reading.where.of_key("python", key)
        if key not in _PYTHON_KEYS:
            known = f"known keys: {', '.join(_PYTHON_KEYS)}"
            raise ScannerError(f"{place}: 'python': unknown key '{key}'", suggest(key, _PYTHON_KEYS) or known)
        try:
            given[key] = _strings(names, reading)
        except TypeError as error:
            raise ScannerError(f"{place}: 'python': '{key}' {error}") from error
        for name in given[key]:
            if key == "sdk" and not re.fullmatch(_PARAMETERS, name):
                hint = 'write it as in "acme.Client: token@0" (call: parameter@position)'
                raise ScannerError(f"{place}: 'python': 'sdk': '{name}' names no parameter", hint)
            if key != "sdk" and not re.fullmatch(r"\*?[\w.()]+", name):
                raise ScannerError(
                    f"{place}: 'python': '{key}': '{name}' is no name", 'write it as it is imported, as in "acme.log"'
                )
    return Additions(**given)


_LIST = {"type": "array", "items": {"type": "string"}}
_STRINGS = Kind(_LIST, _strings)
_BOOLEAN = Kind({"type": "boolean"}, _boolean)
ALLOWLIST: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "description": {"type": "string"},
        "paths": {**_LIST, "description": "regexes of paths, relative to the root"},
        "regexes": {**_LIST, "description": "regexes of what regexTarget says"},
        "stopwords": {**_LIST, "description": "words in the secret"},
        "commits": {
            **_LIST,
            "description": "ids of commits in history, or their first 7 characters and more",
        },
        "regexTarget": {"enum": ["secret", "match", "line"], "default": "secret"},
        "condition": {"enum": ["OR", "AND", "||", "&&"], "default": "OR"},
        "targetRules": {**_LIST, "description": "ids of the rules it is for; all when there are none"},
    },
}

SETTINGS: dict[str, Setting] = {
    "exclude": Setting("exclude", _STRINGS, "Paths to leave out; .gitignore syntax, relative to the root."),
    "gitignore": Setting("gitignore", _BOOLEAN, "Leave out what .gitignore excludes."),
    "max-file-size": Setting(
        "max_file_size",
        Kind({"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": _SIZE_OF_SCHEMA}]}, _size),
        "Larger text files are reported as not scanned: bytes, or as in 50MB.",
    ),
    "file-timeout": Setting(
        "file_timeout",
        Kind({"type": "number", "minimum": 0, "maximum": 1_000_000}, _seconds),
        "Files that take longer are reported as not scanned to their end: seconds, 0 for no limit.",
    ),
    "max-archive-depth": Setting(
        "max_archive_depth",
        _count("no archives"),
        "How many archives that lie in one another are opened; 0 opens none.",
    ),
    "jobs": Setting("jobs", _count("all processors"), "Processes; 0 means one a processor."),
    "min-severity": Setting("min_severity", _level(Severity), "Hide what is less severe."),
    "min-confidence": Setting("min_confidence", _level(Confidence), "Hide what is less sure."),
    "rules": Setting("rules", Kind(_LIST, _rules), "Ids of the only rules to apply; all when there are none."),
    "exclude-rules": Setting("exclude_rules", _STRINGS, "Ids of rules not to apply."),
    "rule-files": Setting("rule_files", Kind(_LIST, _rule_files), "Files with rules of your own, beside this file."),
    "allowlists": Setting(
        "allowlists", Kind({"type": "array", "items": ALLOWLIST}, _allowlists), "What all rules are to pass over."
    ),
    "baseline": Setting(
        "baseline", Kind({"type": "string", "minLength": 1}, _path), "The baseline, relative to this file."
    ),
    "warn-unused-ignores": Setting(
        "warn_unused_ignores", _BOOLEAN, "Tell of comments keytrace:ignore that suppress nothing."
    ),
    "python": Setting(
        "python",
        Kind(
            {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    name: {"type": "array", "items": {"type": "string", "pattern": f"^{_PARAMETERS}$"}}
                    if name == "sdk" else _LIST
                    for name in _PYTHON_KEYS
                },
            },
            _python,
        ),
        "What the project adds to the model of Python programs.",
    ),
    "inventory": Setting(
        "inventory", Kind(SCHEMA, parse_inventory), "What the project says of its keys, for `keytrace inventory`."
    ),
}  # fmt: skip


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 7, as editors read it) of keytrace.toml."""
    usual = Config()
    properties: dict[str, Any] = {}
    for key, setting in SETTINGS.items():
        properties[key] = {**setting.kind.schema, "description": setting.text}
        default = getattr(usual, setting.field)
        if isinstance(default, Severity | Confidence):
            properties[key]["default"] = default.label
        elif isinstance(default, bool | int | float):
            properties[key]["default"] = default
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "keytrace.toml",
        "description": "The configuration of keytrace; in pyproject.toml the table [tool.keytrace].",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }
