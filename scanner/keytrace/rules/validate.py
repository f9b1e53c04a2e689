"""The text of a rule file (TOML, a superset of the gitleaks format) to rules, each key checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from keytrace.cache import shipped
from keytrace.errors import ScannerError, suggest
from keytrace.match.patterns import compile_pattern, compile_text_pattern
from keytrace.model import Allowlist, Confidence, Probe, Rule, Severity
from keytrace.rules.probes import parse_probe
from keytrace.rules.toml import Lines, load_toml

ANALYZERS = ("pattern", "keyword", "client", "path", "python", "tree", "named")  # the last two find nothing alone
SCOPES = ("", "live", "test", "admin", "unscoped", "restricted", "publishable")
Fail = Callable[..., ScannerError]  # (key, reason, hint) -> the error, with file and line
CUT = "[cut]"  # splits sample keys in rule files, so that no whole key stands in a repository

# TOML key -> field of Rule, for keys that are copied as they are after a type check
_STRINGS = {
    "id": "id",
    "name": "name",
    "analyzer": "analyzer",
    "regex": "regex",
    "path": "path",
    "checksum": "checksum",
    "scope": "scope",
    "description": "description",
    "impact": "impact",
    "remediation": "remediation",
}
_LISTS = {
    "keywords": "keywords",
    "references": "references",
    "tags": "tags",
    "aliases": "aliases",
    "examples": "examples",
    "negativeExamples": "negative_examples",
}
RULE_KEYS = {
    *_STRINGS, *_LISTS, "severity", "confidence", "secretGroup", "entropy", "cwe", "near", "host", "shape", "with",
    "needs", "part", "verify", "allowlist", "allowlists",
}  # fmt: skip
_EXTENSION_KEYS = {"id", "description", "allowlist", "allowlists"}
_GITLEAKS_ONLY = {"required", "skipReport"}
LISTS = ("paths", "regexes", "stopwords", "commits", "targetRules")
ALLOWLIST_KEYS = {"description", *LISTS, "regexTarget", "condition"}
_FILE_KEYS = {
    "title", "defaults", "rules", "allowlist", "allowlists", "extend", "minVersion", "python", "names", "shapes",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RuleFile:
    """The content of one rule file. `extend` is the table of that name in a gitleaks file."""

    rules: tuple[Rule, ...]
    allowlists: tuple[Allowlist, ...]
    extend: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    links: tuple[tuple[str, str, str], ...] = ()  # (place, rule, companion) of each id in `with` and `needs`


@lru_cache(maxsize=32)  # a user's file is asked for by the configuration, by the scan and by the baseline
def parse_rules(text: str, origin: str, *, check: bool = True) -> RuleFile:
    """Parse the text of a rule file; `origin` names it in errors. Without `check`, its patterns are not compiled."""
    data = load_toml(text, origin)
    where = Lines(text, origin)
    for key in data:
        if key not in _FILE_KEYS:
            raise ScannerError(f"{where.of_key(key)}: unknown key '{key}'", suggest(key, _FILE_KEYS))
    defaults = data.get("defaults", {})
    if not isinstance(defaults, dict):
        raise ScannerError(f"{where.of_key('defaults')}: 'defaults' must be a table")
    notes: list[str] = []
    links: list[tuple[str, str, str]] = []
    rules: dict[str, Rule] = {}
    allowlists = [
        _allowlist(table, partial(where.of_allowlist, nth)) for nth, table in enumerate(_allowlist_tables(data, where))
    ]
    for number, own in enumerate(_tables(data, "rules", where)):
        table = {**defaults, **own}
        if _only_extends(table):
            added = _allowlists_of_rule(table, number, where)
            allowlists += [replace(allowlist, rules=(table["id"],)) for allowlist in added]
            continue
        rule = _rule(table, number, where, notes, check=check)
        if rule.id in rules:
            raise ScannerError(f"{where.of_rule(number, 'id')}: duplicate rule id '{rule.id}'")
        if isinstance(shared := table.get("verify", {}), str):
            rule = replace(rule, verify=_shared(shared, rules, partial(where.of_rule, number, "verify")))
        elif not isinstance(shared, dict):
            raise ScannerError(
                f"{where.of_rule(number, 'verify')}: 'verify' must be a table, or the id of a rule above"
            )
        rules[rule.id] = rule
        for key, names in (("with", rule.companions or ()), ("needs", rule.needs)):
            links += [(where.of_rule(number, key), rule.id, name) for name in names]
    extend = data.get("extend", {})
    if not isinstance(extend, dict):
        raise ScannerError(f"{where.of_key('extend')}: 'extend' must be a table")
    return RuleFile(tuple(rules.values()), tuple(allowlists), extend, tuple(notes), tuple(links))


def _shared(name: str, rules: Mapping[str, Rule], place: Callable[[], str]) -> Probe:
    """Return the probe of a rule further up in the file."""
    if name in rules and (probe := rules[name].verify):
        return probe
    raise ScannerError(f"{place()}: 'verify': no rule '{name}' above has such a table", suggest(name, rules))


def parse_allowlists(tables: Iterable[Mapping[str, Any]], where: Lines) -> tuple[Allowlist, ...]:
    """Validate allowlists that stand in a configuration file; raise ScannerError."""
    return tuple(_allowlist(table, partial(where.of_allowlist, nth)) for nth, table in enumerate(tables))


def _only_extends(table: Mapping[str, Any]) -> bool:
    """Tell whether a rule only adds its allowlists to the rule of that name: gitleaks' way to extend."""
    keys = table.keys()
    return bool(table.get("id")) and keys <= _EXTENSION_KEYS and not keys.isdisjoint({"allowlist", "allowlists"})


def _tables(data: Mapping[str, Any], key: str, where: Lines) -> list[dict[str, Any]]:
    tables = data.get(key, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ScannerError(f"{where.of_key(key)}: '{key}' must be an array of tables ([[{key}]])")
    return tables


def _allowlist_tables(data: Mapping[str, Any], where: Lines) -> list[dict[str, Any]]:
    tables = _tables(data, "allowlists", where)
    if "allowlist" not in data:
        return tables
    if not isinstance(data["allowlist"], dict):
        raise ScannerError(f"{where.of_key('allowlist')}: 'allowlist' must be a table")
    return [data["allowlist"], *tables]  # gitleaks before 8.25 had this one


def _rule(table: Mapping[str, Any], number: int, where: Lines, notes: list[str], *, check: bool) -> Rule:
    def fail(key: str, reason: str, hint: str = "") -> ScannerError:
        name = table.get("id")
        of = f"rule '{name}': " if isinstance(name, str) else ""
        return ScannerError(f"{where.of_rule(number, key)}: {of}{reason}", hint)

    for key in table:
        if key in _GITLEAKS_ONLY:
            notes.append(f"{where.of_rule(number, key)}: '{key}' is not supported; the rule holds without it")
        elif key not in RULE_KEYS:
            raise fail(key, f"unknown key '{key}'", suggest(key, RULE_KEYS))
    table = _shaped(table, fail)
    fields = _texts(table, fail) | _numbers(table, fail)
    fields["origin"] = Path(where.origin).name
    if not fields.get("id"):
        raise fail("", "a rule without 'id'")
    fields.setdefault("name", fields.get("description") or fields["id"])
    _kinds(table, fields, fail)
    if "near" in table or "host" in table:
        _beside(table, fields, fail)
    needed = {"pattern": "regex", "path": "path"}.get(fields["analyzer"], "id")
    if not fields.get(needed):
        raise fail("", "a rule needs 'regex' or 'path'")
    if check:
        _check_patterns(fields, fail)
    _relations(table, fields, fail)
    if isinstance(table.get("verify"), dict):
        fields["verify"] = parse_probe(table["verify"], fail)
    fields["allowlists"] = _allowlists_of_rule(table, number, where)
    return Rule(**fields)


def _shaped(table: Mapping[str, Any], fail: Fail) -> Mapping[str, Any]:
    """Return a rule with the regex of the shape that it names, and with its entropy unless it gives one of its own."""
    if "shape" not in table:
        return table
    name, shapes = table["shape"], shipped.table("shapes")
    if not isinstance(name, str) or name not in shapes:
        raise fail("shape", f"unknown shape '{name}'", suggest(str(name), shapes) or f"one of {', '.join(shapes)}")
    if "regex" in table or not ("near" in table or "host" in table):
        raise fail("shape", "'shape' stands in place of 'regex', beside 'near' or 'host'")
    return {**shapes[name], **table}


def _kinds(table: Mapping[str, Any], fields: dict[str, Any], fail: Fail) -> None:
    """Take in what is one of a list: the analyzer, the check, the scope."""
    default = "pattern" if "regex" in fields or "near" in table or "host" in table else "path"
    if fields.setdefault("analyzer", default) not in ANALYZERS:
        raise fail("analyzer", f"unknown analyzer '{fields['analyzer']}'", f"one of {', '.join(ANALYZERS)}")
    if fields.get("checksum") and fields["checksum"] not in (checks := _checks()):
        raise fail("checksum", f"unknown checksum '{fields['checksum']}'", suggest(fields["checksum"], checks))
    if fields.get("scope", "") not in SCOPES:
        raise fail("scope", f"unknown scope '{fields['scope']}'", f"one of {', '.join(filter(None, SCOPES))}")


def _beside(table: Mapping[str, Any], fields: dict[str, Any], fail: Fail) -> None:
    """Take in the names and hosts that a value must stand beside; `regex` is its shape alone."""
    keywords = []
    for key in ("near", "host"):
        if key not in table:
            continue
        words = _strings(table[key], key, fail)
        if not words or not all(words) or not (fields.get("regex") or fields["analyzer"] == "named"):
            raise fail(key, f"'{key}' must list names, and 'regex' must be the shape of the value")
        fields[key] = words
        keywords += [max(word.lower().split("_"), key=len) for word in words]
    fields["keywords"] = tuple(keywords)


def _relations(table: Mapping[str, Any], fields: dict[str, Any], fail: Fail) -> None:
    for key, field in (("with", "companions"), ("needs", "needs")):
        if key in table:  # in [defaults] it may name a rule of the file itself
            fields[field] = tuple(name for name in _strings(table[key], key, fail) if name != fields["id"])
    fields["part"] = table.get("part", fields["severity"] is Severity.INFO)
    if not isinstance(fields["part"], bool):
        raise fail("part", "'part' must be true or false")


def _checks() -> Iterable[str]:
    from keytrace.checks import CHECKS

    return CHECKS.keys()


def _texts(table: Mapping[str, Any], fail: Fail) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for key, field in _STRINGS.items():
        if key in table:
            if not isinstance(table[key], str):
                raise fail(key, f"'{key}' must be a string")
            fields[field] = table[key]
    for key, field in _LISTS.items():
        if key in table:
            fields[field] = _strings(table[key], key, fail)
    for key in ("examples", "negative_examples"):
        fields[key] = tuple(sample.replace(CUT, "") for sample in fields.get(key, ()))
    return fields


def _numbers(table: Mapping[str, Any], fail: Fail) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for key, kind in (("severity", Severity), ("confidence", Confidence)):
        word = table.get(key, "high" if key == "severity" else "medium")
        if not isinstance(word, str) or word.upper() not in kind.__members__:
            labels = ", ".join(member.label for member in kind)
            raise fail(key, f"'{key}' must be one of {labels}", suggest(str(word), labels.split(", ")))
        fields[key] = kind[word.upper()]
    fields["entropy"] = table.get("entropy", 0.0)
    if not isinstance(fields["entropy"], int | float) or isinstance(fields["entropy"], bool):
        raise fail("entropy", "'entropy' must be a number (bits per character)")
    fields["secret_group"] = table.get("secretGroup", 0)
    if type(fields["secret_group"]) is not int or fields["secret_group"] < 0:
        raise fail("secretGroup", "'secretGroup' must be the number of a group")
    fields["cwe"] = table.get("cwe", [798])
    if not isinstance(fields["cwe"], list) or not all(type(cwe) is int for cwe in fields["cwe"]):
        raise fail("cwe", "'cwe' must be a list of numbers")
    fields["cwe"] = tuple(fields["cwe"])
    return fields


def _check_patterns(fields: Mapping[str, Any], fail: Fail) -> None:
    if fields.get("regex"):
        try:
            pattern = compile_pattern(fields["regex"])
        except ValueError as error:
            raise fail("regex", f"bad regex: {error}") from error
        if fields["secret_group"] > pattern.groups:
            raise fail("secretGroup", f"'secretGroup' is {fields['secret_group']}, the regex has {pattern.groups}")
    if fields.get("path"):
        try:
            compile_text_pattern(fields["path"])
        except ValueError as error:
            raise fail("path", f"bad regex: {error}") from error


def _allowlists_of_rule(table: Mapping[str, Any], number: int, where: Lines) -> tuple[Allowlist, ...]:
    return tuple(
        _allowlist(entry, partial(where.of_allowlist, nth, rule=number))
        for nth, entry in enumerate(_allowlist_tables(table, where))
    )


def _allowlist(table: Mapping[str, Any], place: Callable[[str], str]) -> Allowlist:
    def fail(key: str, reason: str, hint: str = "") -> ScannerError:
        return ScannerError(f"{place(key)}: allowlist: {reason}", hint)

    for key in table:
        if key not in ALLOWLIST_KEYS:
            raise fail(key, f"unknown key '{key}'", suggest(key, ALLOWLIST_KEYS))
    lists = {key: _strings(table.get(key, []), key, fail) for key in LISTS}
    target = str(table.get("regexTarget", "secret")) or "secret"
    if target not in ("secret", "match", "line"):
        raise fail("regexTarget", f"regexTarget '{target}'", "one of secret, match, line")
    condition = {"OR": "OR", "||": "OR", "AND": "AND", "&&": "AND"}.get(str(table.get("condition", "OR")).upper())
    if condition is None:
        raise fail("condition", f"condition '{table['condition']}'", "one of OR, AND")
    for kind, compiler in (("paths", compile_text_pattern), ("regexes", compile_pattern)):
        for source in lists[kind]:
            try:
                compiler(source)
            except ValueError as error:
                raise fail(kind, f"bad regex in '{kind}': {error}") from error
    return Allowlist(
        description=str(table.get("description", "")),
        paths=lists["paths"],
        regexes=lists["regexes"],
        stopwords=tuple(word.lower() for word in lists["stopwords"]),
        regex_target=target,
        condition=condition,
        rules=lists["targetRules"],
        commits=tuple(word.lower() for word in lists["commits"]),
    )


def _strings(value: object, key: str, fail: Fail) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise fail(key, f"'{key}' must be a list of strings")
    return tuple(value)
