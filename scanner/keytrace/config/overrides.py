"""Settings by keyword: what the command line and Python callers lay over the configuration of a project."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypedDict

from keytrace.config.settings import Config, parse_size
from keytrace.errors import ScannerError, suggest
from keytrace.model import Confidence, Severity
from keytrace.rules.load import read_own_rules


class Options(TypedDict, total=False):
    """What `keytrace.scan` takes by keyword; each is named like its setting in keytrace.toml."""

    exclude: Iterable[str]  # added to those of the project, as are exclude_rules and rule_files
    gitignore: bool
    trust_repo: bool
    max_file_size: int | str  # bytes, or as in "50MB"
    file_timeout: float  # seconds; 0 means no limit
    max_archive_depth: int  # 0 means that no archive is opened
    jobs: int
    cached: bool
    min_severity: Severity | str
    min_confidence: Confidence | str
    rules: Iterable[str]
    exclude_rules: Iterable[str]
    rule_files: Iterable[str | os.PathLike[str]]
    baseline: str | os.PathLike[str]
    use_baseline: bool
    warn_unused_ignores: bool


def named(paths: object) -> list[str]:
    """Return the paths that a caller gives, one or several; raise TypeError, or ScannerError when there is none."""
    given = [paths] if isinstance(paths, str | os.PathLike) else paths
    if isinstance(given, bytes) or not isinstance(given, Iterable):
        raise TypeError(f"a path or several, not {type(paths).__name__}")
    if not (names := [os.fspath(path) for path in given]):
        raise ScannerError("there is nothing to scan: no path was given", "give a file or folder")
    return names


def override(config: Config, options: Mapping[str, Any]) -> Config:
    """Return `config` with options laid over it; raise ScannerError for a bad one, TypeError for one that is none."""
    known = list(Options.__annotations__)
    changes: dict[str, Any] = {}
    for name, value in options.items():
        if name not in known:
            raise TypeError(f"there is no option '{name}'; {suggest(name, known) or ', '.join(known)}")
        if isinstance(value, str | bytes) and name in ("exclude", "rules", "exclude_rules", "rule_files"):
            raise TypeError(f"'{name}' takes a list, not one text")
        try:
            changes[name] = _converted(config, name, value)
        except ValueError as error:
            raise ScannerError(f"{name}: {error}") from error
    return replace(config, **changes)


def _converted(config: Config, name: str, value: Any) -> Any:
    if name in ("exclude", "exclude_rules"):
        return (*getattr(config, name), *value)
    if name == "rules":
        return tuple(value)
    if name == "rule_files":
        return (*config.rule_files, *(read_own_rules(Path(file)) for file in value))
    if name == "max_file_size":
        return value if isinstance(value, int) else parse_size(value)
    if name in ("jobs", "max_archive_depth") and value < 0:
        raise ValueError("0 or more")
    if name == "baseline":
        return os.path.abspath(value)
    if name in ("min_severity", "min_confidence"):
        return _level(Severity if name == "min_severity" else Confidence, value)
    return value


def _level(kind: type[Severity | Confidence], value: Severity | Confidence | str) -> Severity | Confidence:
    if not isinstance(value, str):
        return kind(value)
    if value.upper() not in kind.__members__:
        raise ValueError(f"'{value}' is not one of {', '.join(member.label for member in kind)}")
    return kind[value.upper()]
