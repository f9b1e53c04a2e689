"""The project's settings: `[tool.keytrace]` of pyproject.toml or keytrace.toml, and a `.gitleaks.toml` beside it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from keytrace.engine import DEFAULT_MAX_FILE_SIZE, Setup
from keytrace.errors import ScannerError, suggest
from keytrace.model import Additions, Allowlist, Confidence, Severity
from keytrace.rules.load import load_builtin, read_rule_text
from keytrace.rules.toml import load_toml
from keytrace.rules.validate import parse_allowlists, parse_rules

BASELINE_NAME = ".keytrace-baseline.jsonl"
GITLEAKS_NAME = ".gitleaks.toml"
_GITLEAKS_DEPTH = 2  # files that `[extend] path` may chain, as in gitleaks


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of a scan, from any of: command line, environment, file, default."""

    exclude: tuple[str, ...] = ()
    gitignore: bool = True
    trust_repo: bool = True  # False: neither configuration nor ignore files nor inline comments of the scanned tree
    max_file_size: int = DEFAULT_MAX_FILE_SIZE
    jobs: int = 0
    min_severity: Severity = Severity.LOW
    min_confidence: Confidence = Confidence.MEDIUM
    rules: tuple[str, ...] = ()
    exclude_rules: tuple[str, ...] = ()
    rule_files: tuple[tuple[str, str], ...] = ()  # (origin, text)
    allowlists: tuple[Allowlist, ...] = ()
    python: Additions = field(default_factory=Additions)  # to the model of Python programs
    baseline: str = ""  # absolute path; empty: BASELINE_NAME in the root, if it is there
    use_baseline: bool = True
    warn_unused_ignores: bool = False
    notes: tuple[str, ...] = ()

    def setup(self) -> Setup:
        """Return what a worker needs of it."""
        return Setup(
            rule_files=self.rule_files,
            only=self.rules,
            without=self.exclude_rules,
            allowlists=self.allowlists,
            inline_comments=self.trust_repo,
            list_comments=self.warn_unused_ignores and self.trust_repo,
            max_file_size=self.max_file_size,
            python=self.python,
        )


def load_config(root: str, explicit: str | None = None, *, trust_repo: bool = True) -> Config:
    """Read the configuration of the tree below `root`, or the file `explicit`; raise ScannerError when it is bad."""
    config = Config(trust_repo=trust_repo)
    if explicit:
        config = _from_file(config, Path(explicit).absolute())
    elif trust_repo:
        for name in ("keytrace.toml", "pyproject.toml"):
            file = Path(root, name)
            if file.is_file() and (name == "keytrace.toml" or b"keytrace" in file.read_bytes()):
                config = _from_file(config, file)
                break
    if trust_repo and Path(root, GITLEAKS_NAME).is_file():
        config = _with_gitleaks(config, Path(root, GITLEAKS_NAME))
    return config


def parse_size(text: str) -> int:
    """Return bytes for `500`, `64k`, `50MB` or `1.5 GiB` (powers of 1024); raise ValueError."""
    match = re.fullmatch(r"(?i)\s*(\d+(?:\.\d+)?)\s*([kmg]?)(?:i?b)?\s*", text)
    if match is None:
        raise ValueError(f"'{text}' is not a size; write for example 50MB")
    return int(float(match[1]) * 1024 ** " kmg".index(match[2].lower() or " "))


# --- our own file -----------------------------------------------------------------------------------------------------


def _from_file(config: Config, file: Path) -> Config:
    try:
        data = load_toml(file.read_bytes(), str(file))
    except OSError as error:
        raise ScannerError(f"cannot read the configuration {file}: {error.strerror}") from error
    if file.name == "pyproject.toml" or set(data) == {"tool"}:
        tools = data.get("tool", {})
        data = tools.get("keytrace", {}) if isinstance(tools, dict) else tools
    if not isinstance(data, dict):
        raise ScannerError(f"{file}: 'keytrace' must be a table", "write its settings below [tool.keytrace]")
    changes: dict[str, Any] = {}
    for key, value in data.items():
        if key not in _KEYS:
            raise ScannerError(f"{file}: unknown key '{key}'", suggest(key, _KEYS) or f"known keys: {', '.join(_KEYS)}")
        field, convert = _KEYS[key]
        try:
            changes[field] = convert(value, file)
        except (TypeError, ValueError) as error:
            raise ScannerError(f"{file}: '{key}': {error}") from error
    return replace(config, **changes)


def _strings(value: Any, _file: Path) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TypeError("must be a list of strings")
    return tuple(value)


def _boolean(value: Any, _file: Path) -> bool:
    if not isinstance(value, bool):
        raise TypeError("must be true or false")
    return value


def _count(value: Any, _file: Path) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError("must be a whole number, 0 for all processors")
    return value


def _size(value: Any, _file: Path) -> int:
    return parse_size(str(value))


def _level(kind: type[Severity | Confidence]) -> Callable[[Any, Path], Any]:
    def convert(value: Any, _file: Path) -> Any:
        if not isinstance(value, str) or value.upper() not in kind.__members__:
            raise ValueError(f"must be one of {', '.join(member.label for member in kind)}")
        return kind[value.upper()]

    return convert


def _path(value: Any, file: Path) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError("must be a path")
    return os.path.join(file.parent, value)


def _rule_files(value: Any, file: Path) -> tuple[tuple[str, str], ...]:
    return tuple(read_rule_text(Path(file.parent, name)) for name in _strings(value, file))


def _allowlists(value: Any, file: Path) -> tuple[Allowlist, ...]:
    if not isinstance(value, list):
        raise TypeError("must be an array of tables ([[tool.keytrace.allowlists]])")
    return parse_allowlists(value, str(file))


_PYTHON_KEYS = {one.name: one.name for one in fields(Additions)}
_PARAMETERS = re.compile(r"\*?[\w.()]+:\s*\w+(?:@\d+)?(?:\s*,\s*\w+(?:@\d+)?)*")


def _python(value: Any, file: Path) -> Additions:
    if not isinstance(value, dict):
        raise TypeError("must be a table ([tool.keytrace.python])")
    given: dict[str, tuple[str, ...]] = {}
    for key, names in value.items():
        if key not in _PYTHON_KEYS:
            known = f"known keys: {', '.join(_PYTHON_KEYS)}"
            raise ValueError(f"unknown key '{key}'; {suggest(key, _PYTHON_KEYS) or known}")
        try:
            given[key] = _strings(names, file)
        except TypeError as error:
            raise TypeError(f"'{key}' {error}") from error
    for name in given.get("sdk", ()):
        if not _PARAMETERS.fullmatch(name):
            raise ValueError(f"'sdk': write '{name}' as in \"acme.Client: token@0\" (call: parameter@position)")
    return Additions(**given)


_KEYS: dict[str, tuple[str, Callable[[Any, Path], Any]]] = {
    "exclude": ("exclude", _strings),
    "gitignore": ("gitignore", _boolean),
    "max-file-size": ("max_file_size", _size),
    "jobs": ("jobs", _count),
    "min-severity": ("min_severity", _level(Severity)),
    "min-confidence": ("min_confidence", _level(Confidence)),
    "rules": ("rules", _strings),
    "exclude-rules": ("exclude_rules", _strings),
    "rule-files": ("rule_files", _rule_files),
    "allowlists": ("allowlists", _allowlists),
    "baseline": ("baseline", _path),
    "warn-unused-ignores": ("warn_unused_ignores", _boolean),
    "python": ("python", _python),
}


# --- a gitleaks configuration in the tree -----------------------------------------------------------------------------


def _with_gitleaks(config: Config, file: Path) -> Config:
    """Add the custom rules and allowlists of a `.gitleaks.toml` and of the files it extends; ours stay."""
    notes: list[str] = []
    rules: list[str] = []
    disabled: list[str] = []
    allowlists = 0
    current: Path | None = file
    for _ in range(_GITLEAKS_DEPTH + 1):
        if current is None:
            break
        origin, text = read_rule_text(current)
        parsed = parse_rules(text, origin)
        rules += [rule.id for rule in parsed.rules if rule.id not in disabled]
        disabled += [name for name in _disabled(parsed.extend) if name not in rules]
        allowlists += len(parsed.allowlists)
        notes += parsed.notes
        # What an extending file says comes later, and so wins over what it extends.
        config = replace(config, rule_files=((origin, text), *config.rule_files))
        extended = parsed.extend.get("path")
        if parsed.extend.get("url"):
            notes.append(f"{origin}: [extend] url is not fetched: keytrace works offline")
        current = _extended(current, extended) if isinstance(extended, str) and extended else None
    known = {rule.id for rule in load_builtin().rules}
    known.update(rule.id for origin, text in config.rule_files for rule in parse_rules(text, origin).rules)
    notes.insert(
        0, f"{GITLEAKS_NAME} is honoured: {_count_of(len(rules), 'rule')}, {_count_of(allowlists, 'allowlist')}"
    )
    without = tuple(name for name in disabled if name in known)
    return replace(config, exclude_rules=(*config.exclude_rules, *without), notes=(*config.notes, *notes))


def _disabled(extend: Mapping[str, Any]) -> list[str]:
    names = extend.get("disabledRules", [])
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _extended(file: Path, name: str) -> Path:
    below = file.parent / name
    return below if below.exists() else Path(name)


def _count_of(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
