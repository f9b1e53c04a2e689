"""A `.gitleaks.toml` in the scanned tree, of any generation: its rules and allowlists hold beside ours."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from keytrace.config.generations import dump, modern
from keytrace.config.settings import Config
from keytrace.model import Allowlist
from keytrace.rules.load import load_builtin, read_rule_text
from keytrace.rules.select import named
from keytrace.rules.stored import ids
from keytrace.rules.toml import load_toml
from keytrace.rules.validate import RULE_KEYS, parse_rules

GITLEAKS_NAME = ".gitleaks.toml"
_GITLEAKS_DEPTH = 2  # files that `[extend] path` may chain, as in gitleaks


def with_gitleaks(config: Config, file: Path) -> Config:
    """Add the custom rules and allowlists of a `.gitleaks.toml` and of the files it extends; ours stay."""
    notes: list[str] = []
    rules: list[str] = []
    disabled: list[str] = []
    given: list[Allowlist] = []
    allowlists = 0
    current: Path | None = file
    for _ in range(_GITLEAKS_DEPTH + 1):
        if current is None:
            break
        origin, text = read_rule_text(current)
        text, unreported, lost = _as_ours(text, origin)
        parsed = parse_rules(text, origin)
        rules += [rule.id for rule in parsed.rules if rule.id not in disabled]
        disabled += [one for name in _disabled(parsed.extend) if name not in rules for one in _ours(name)]
        allowlists += _distinct(parsed.allowlists)
        given += parsed.allowlists
        notes += [*parsed.notes, *lost]
        disabled += unreported
        # What an extending file says comes later, and so wins over what it extends.
        config = replace(config, rule_files=((origin, text), *config.rule_files))
        extended = parsed.extend.get("path")
        if parsed.extend.get("url"):
            notes.append(f"{origin}: [extend] url is not fetched: keytrace works offline")
        current = _extended(current, extended) if isinstance(extended, str) and extended else None
    known = set(ids(load_builtin().rules))
    known.update(rule.id for origin, text in config.rule_files for rule in parse_rules(text, origin).rules)
    without = tuple(name for name in disabled if name in known)
    notes.insert(0, _honoured(len(rules), allowlists, without))
    notes += [*_unknown("targetRules", _targets(given), known), *_unknown("disabledRules", disabled, known)]
    return replace(config, exclude_rules=(*config.exclude_rules, *without), notes=(*config.notes, *notes))


def _as_ours(text: str, origin: str) -> tuple[str, list[str], list[str]]:
    """Return a configuration as our rule files have it, the ids of rules that are not reported, and notes; one that is
    like them stays as it is, so that errors can name its lines.
    """
    data = load_toml(text, origin)
    if not _is_well_formed(data):
        return text, [], []  # as an error that names the key
    result = modern(data, RULE_KEYS, _known)
    lost = [f"{origin}: {note}" for note in result.notes]
    return (text if _is_alike(data, result.data) else dump(result.data)), result.unreported, lost


def _is_well_formed(table: Mapping[str, Any]) -> bool:
    """Tell whether tables are where a configuration has tables, in a rule as in the file."""
    several = {key: table[key] for key in ("rules", "allowlists", "whitelists") if key in table}
    rules = several.get("rules", [])
    return (
        isinstance(table.get("extend", {}), dict)
        and all(isinstance(value, list) and all(isinstance(one, dict) for one in value) for value in several.values())
        and all(map(_is_well_formed, rules))
    )


def _is_alike(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Tell whether nothing was changed but how the table of the one allowlist is written."""
    return _one_spelling(old) == _one_spelling(new)


def _one_spelling(table: Mapping[str, Any]) -> dict[str, Any]:
    plain = {key: value for key, value in table.items() if key not in ("allowlist", "allowlists", "rules")}
    lists = [table[key] for key in ("allowlist",) if key in table] + list(table.get("allowlists", ()))
    rules = table.get("rules", ())
    return plain | {"allowlists": lists, "rules": [_one_spelling(rule) for rule in rules if isinstance(rule, dict)]}


def _known(name: str) -> list[str]:
    """Return the ids of our rules that a name of gitleaks is for, also where one of ours, which finds less, has it."""
    rules = load_builtin().rules
    return sorted({name}.intersection(ids(rules)).union(named(f"gitleaks:{name}", rules)))


def _ours(name: str) -> list[str]:
    """Return the ids of our rules that a name of gitleaks is for, else the name."""
    return _known(name) or [name]


def _disabled(extend: Mapping[str, Any]) -> list[str]:
    names = extend.get("disabledRules", [])
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _targets(allowlists: Iterable[Allowlist]) -> list[str]:
    return [name for one in allowlists for name in one.rules]


def _unknown(key: str, names: Iterable[str], known: Collection[str]) -> list[str]:
    """Return a note on the names that no rule has, if there are such."""
    missing = [f"'{name}'" for name in dict.fromkeys(names) if name not in known]
    return [f"{GITLEAKS_NAME}: {key}: no rule is known as {', '.join(missing)}"] if missing else []


def _extended(file: Path, name: str) -> Path:
    below = file.parent / name
    return below if below.exists() else Path(name)


def _distinct(allowlists: Iterable[Allowlist]) -> int:
    """Return how many allowlists there were in the file: one may have become several, for rules of ours."""
    return len({replace(one, rules=()) for one in allowlists})


def _honoured(rules: int, allowlists: int, without: Sequence[str]) -> str:
    counts = [_count_of(rules, "rule"), _count_of(allowlists, "allowlist")]
    names = dict.fromkeys(without)
    counts += [f"{_count_of(len(names), 'rule')} not applied ({', '.join(names)})"] if names else []
    return f"{GITLEAKS_NAME} is honoured: {', '.join(counts)}"


def _count_of(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
