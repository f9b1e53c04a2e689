"""Rules from files: the built-in ones, from the user's cache while they are as they were, and any others."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keytrace.cache import shipped
from keytrace.cache import store as disk
from keytrace.errors import ScannerError
from keytrace.model import Rule
from keytrace.rules.derived import with_derived
from keytrace.rules.select import Ruleset
from keytrace.rules.stored import by_id, dump, restore, spoken
from keytrace.rules.validate import RuleFile, parse_rules

if TYPE_CHECKING:
    from keytrace.triage.providers import Providers

builtin_folder = shipped.folder


def builtin_files() -> list[Path]:
    """Return the built-in rule files by name."""
    return sorted(builtin_folder().glob("*.toml"))


@cache
def load_builtin() -> Ruleset:
    """Load the built-in rules: as the package was built with, else parsed once per change of a rule file and cached."""
    cached = shipped.made("rules")
    if cached is None:
        cached = disk.load("rules", shipped.stamp())
    if cached is not None:
        try:
            return Ruleset(restore(cached))
        except (ValueError, TypeError, AttributeError):
            disk.drop_damaged("rules", shipped.stamp())  # of another version: parse anew
    files = builtin_files()
    if not files:
        raise ScannerError("the built-in rules are missing", "reinstall keytrace")
    rules = with_derived(read_rule_files(files, check=False))  # the tests check: compiling all patterns takes seconds
    content = dump([rules[name] for name in sorted(rules)])
    disk.store("rules", shipped.stamp(), content)
    return Ruleset(restore(content))


@cache
def builtin_providers() -> Providers:
    """Return the built-in rules by the names under which their keys are kept."""
    from keytrace.triage.providers import Providers  # not needed to load rules

    rules = load_builtin().rules
    return Providers(by_id(rules), spoken(rules))


def load_python_model() -> dict[str, Any]:
    """Return what the Python analyzer knows: the table [python] of rules/python.toml."""
    return shipped.table("python")


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
