"""Rules from files: the built-in ones, from the user's cache while they are as they were, and any others."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, fields
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from keytrace.cache import shipped
from keytrace.cache import store as disk
from keytrace.errors import ScannerError
from keytrace.model import Allowlist, Confidence, Rule, Severity
from keytrace.rules.select import Ruleset
from keytrace.rules.validate import RuleFile, parse_rules

builtin_folder = shipped.folder


def builtin_files() -> list[Path]:
    """Return the built-in rule files by name."""
    return sorted(builtin_folder().glob("*.toml"))


@cache
def load_builtin() -> Ruleset:
    """Load the built-in rules; parsed once per change of a rule file, then read from the user's cache."""
    with os.scandir(builtin_folder()) as entries:  # a thousand files: faster than to ask for each
        stamps = sorted((entry.name, (stat := entry.stat()).st_mtime_ns, stat.st_size) for entry in entries)
    files = [builtin_folder() / name for name, _, _ in stamps if name.endswith(".toml")]
    if not files:
        raise ScannerError("the built-in rules are missing", "reinstall keytrace")
    ours = [Path(__file__).with_name(name).stat().st_mtime_ns for name in ("load.py", "validate.py")]
    key = sha256(json.dumps([str(builtin_folder()), stamps, ours]).encode()).hexdigest()
    cached = disk.load("rules", key)
    if cached is not None:
        try:
            if known := tuple(_from_json(record) for record in json.loads(cached)):
                return Ruleset(known)
        except (ValueError, TypeError, KeyError):
            pass  # of another version: parse anew
        disk.complain("rules")
    rules = read_rule_files(files, check=False)  # the tests do: compiling all patterns takes seconds
    ordered = tuple(rules[name] for name in sorted(rules))
    disk.store("rules", key, json.dumps([_to_json(rule) for rule in ordered]).encode())
    return Ruleset(ordered)


def load_python_model() -> dict[str, Any]:
    """Return what the Python analyzer knows: the table [python] of rules/python.toml."""
    return shipped.table("python")


def _to_json(rule: Rule) -> dict[str, Any]:
    """Return the fields of a rule that are not what they are by default: start-up reads them all."""
    usual = {field.name: field.default for field in fields(Rule)}
    return {name: value for name, value in asdict(rule).items() if value != usual[name]}


def _from_json(record: dict[str, Any]) -> Rule:
    record = _tuples(record)
    record["severity"] = Severity(record["severity"])
    record["confidence"] = Confidence(record["confidence"])
    if "allowlists" in record:
        record["allowlists"] = tuple(Allowlist(**_tuples(entry)) for entry in record["allowlists"])
    return Rule(**record)


def _tuples(record: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if value.__class__ is list else value for name, value in record.items()}


# --- one file ---------------------------------------------------------------------------------------------------------


def read_rule_file(path: Path, *, check: bool = True) -> RuleFile:
    """Read and validate a rule file; raise ScannerError with file, line and reason."""
    origin, text = read_rule_text(path)
    return parse_rules(text, origin, check=check)


def read_rule_files(paths: Iterable[Path], *, check: bool = True) -> dict[str, Rule]:
    """Return the rules of several files by id; raise ScannerError when two have the same."""
    rules: dict[str, Rule] = {}
    for path in paths:
        for rule in read_rule_file(path, check=check).rules:
            if rule.id in rules:
                raise ScannerError(f"{path.name}: rule '{rule.id}' is also in {rules[rule.id].origin}")
            rules[rule.id] = rule
    return rules


def read_rule_text(path: Path) -> tuple[str, str]:
    """Return (origin, text) of a rule file; raise ScannerError when it cannot be read."""
    try:
        return str(path), path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ScannerError(f"cannot read the rule file {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ScannerError(f"{path}: not UTF-8 (byte {error.start})") from error


def read_own_rules(path: Path) -> tuple[str, str]:
    """Return a rule file that the user names, as (origin, text); raise ScannerError for one that extends another file,
    which is followed only where gitleaks' own file does so.
    """
    origin, text = read_rule_text(path)
    if parse_rules(text, origin).extend.get("path"):
        hint = "leave it out here, and name both files with --rules-file or rule-files"
        raise ScannerError(f"{origin}: [extend] path is followed only in .gitleaks.toml", hint)
    return origin, text
