"""What any generation of gitleaks writes in its configuration, as our rule files have it; gitleaks itself passes over
keys that it does not know, so nothing of that is an error here: what is left out is said in a note.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_FILE = ("title", "extend", "allowlist", "allowlists", "rules", "minVersion")
_EXTEND = ("useDefault", "path", "url", "disabledRules")
_OF_RULE = ("file", "entropies", "reportgroup", "whitelist", "whitelists", "required", "skipreport")  # besides ours
_LISTS = ("paths", "regexes", "stopwords", "commits", "targetRules")
_ALLOWLIST = ("description", *_LISTS, "regexTarget", "condition")
# What older generations called it; `files` and `file` are about names of files, ours about whole paths.
_OLD = {
    "whitelist": "allowlists",
    "whitelists": "allowlists",
    "regex": "regexes",
    "path": "paths",
    "commit": "commits",
    "stopword": "stopwords",
}
_FILES = ("file", "files")


@dataclass(slots=True)
class Modern:
    """A configuration as our rule files have it: `data`, the ids of rules `unreported` by themselves, and what of it is
    not honoured, each once.
    """

    data: dict[str, Any] = field(default_factory=dict)
    unreported: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def modern(data: Mapping[str, Any], ours: Collection[str], known: Callable[[str], Iterable[str]]) -> Modern:
    """Return the content of a configuration as our rule files have it. `ours` are the keys of a rule there; `known`
    returns the rules that an id of gitleaks stands for: none where there is no such rule.
    """
    result = Modern()
    file = _named(data, (*_FILE, "whitelist", "whitelists"), result, "the file")
    given = [_named(rule, (), result, "") for rule in _tables(file.get("rules"))]
    own = {str(rule.get("id", "")) for rule in given if rule.get("regex") or rule.get("path")}
    translation = _Translation(result, lambda name: [name] if name in own else [*known(name)])
    for key in ("title", "minVersion"):
        if key in file:
            result.data[key] = str(file[key])
    if isinstance(file.get("extend"), dict):
        result.data["extend"] = _named(file["extend"], _EXTEND, result, "[extend]")
    result.data |= translation.allowlists(file, "an allowlist")
    rules = [rule for number, table in enumerate(given, 1) for rule in translation.rule(table, number, ours)]
    if rules:
        result.data["rules"] = rules
    result.notes = list(dict.fromkeys(result.notes))
    return result


@dataclass(slots=True)
class _Translation:
    result: Modern
    known: Callable[[str], list[str]]

    def rule(self, given: dict[str, Any], number: int, ours: Collection[str]) -> list[dict[str, Any]]:
        """Return a rule as ours: several where it only adds allowlists to what stands for several of ours."""
        description = str(given.get("description", ""))
        name = str(given.get("id") or re.sub(r"[^a-z0-9]+", "-", description.lower()).strip("-"))
        where = f"rule '{name or number}'"
        rule = ({"id": name} if name else {}) | self._keys(given, ours, where)
        rule |= self.allowlists(given, f"an allowlist of {where}")
        if given.get("skipreport") is True and name:
            self.result.unreported.append(name)
        self._required(rule, _tables(given.get("required")), where)
        return [rule] if rule.get("regex") or rule.get("path") or not name else self._extended(rule, where)

    def _keys(self, given: dict[str, Any], ours: Collection[str], where: str) -> dict[str, Any]:
        """Return what a rule says of itself, without its id, its allowlists and other rules."""
        rule: dict[str, Any] = {}
        for key, value in _named(given, ours, self.result, where, _OF_RULE).items():
            if key in ("tags", "keywords"):
                rule[key] = _list(value)
            elif key in ("entropy", "secretGroup", "reportgroup"):
                rule["entropy" if key == "entropy" else "secretGroup"] = _number(value)
            elif key == "file":
                rule.setdefault("path", _of_name(str(value)))
            elif key == "entropies":
                self._entropies(rule, _tables(value), where)
            elif key not in (*_OF_RULE, "allowlist", "allowlists", "id"):
                rule[key] = value
        return rule

    def _extended(self, rule: dict[str, Any], where: str) -> list[dict[str, Any]]:
        """Return what a rule without a pattern adds to those that it extends: gitleaks' own are not among ours."""
        if not rule.keys() <= {"id", "description", "allowlists"}:
            self.result.notes.append(f"{where} changes one of gitleaks: only its allowlists are heeded")
        if "allowlists" not in rule:
            return []
        names = self.known(rule["id"]) or [rule["id"]]
        return [{"id": name, "allowlists": rule["allowlists"]} for name in names]

    def _entropies(self, rule: dict[str, Any], tables: list[dict[str, Any]], where: str) -> None:
        ranges = [_named(table, (), self.result, "") for table in tables]
        if ranges:
            rule["entropy"] = min(_number(one.get("min", 0)) for one in ranges)
            self.result.notes.append(f"{where}: of 'entropies' the lower end is heeded, for the secret as a whole")

    def _required(self, rule: dict[str, Any], tables: list[dict[str, Any]], where: str) -> None:
        names = [str(_named(table, (), self.result, "").get("id", "")) for table in tables]
        needed = [one for name in names for one in self.known(name)]
        if needed:
            rule["needs"] = needed
        if len(names) > 1 or len(needed) != len(names):
            self.result.notes.append(
                f"{where}: 'required': one of {', '.join(needed)} is enough"
                if needed else f"{where}: 'required': names no rule that is there; the rule holds without it"
            )  # fmt: skip
        if any({"withinlines", "withincolumns"} & {key.lower() for key in table} for table in tables):
            self.result.notes.append(f"{where}: 'required': near by is within 20 lines, whatever is asked for")

    def allowlists(self, table: Mapping[str, Any], where: str) -> dict[str, Any]:
        """Return the allowlists of a file or of a rule, as the one key that holds them all."""
        keys = ("allowlist", "whitelist", "whitelists", "allowlists")
        lists = [self._allowlist(one, where) for key in keys for one in _tables(table.get(key))]
        lists = [one for one in lists if any(one.get(key) for key in _LISTS[:4])]
        return {"allowlists": lists} if lists else {}

    def _allowlist(self, table: Mapping[str, Any], where: str) -> dict[str, Any]:
        given = _named(table, _ALLOWLIST, self.result, where, (*_OLD, *_FILES))
        allowlist: dict[str, Any] = {}
        for key, value in given.items():
            name = _OLD.get(key, key)
            if key in _FILES:
                allowlist["paths"] = [*allowlist.get("paths", []), *map(_of_name, _list(value))]
            elif name in _LISTS:
                allowlist[name] = [*allowlist.get(name, []), *_list(value)]
            elif value != "":  # as if it were not there
                allowlist[name] = str(value)
        if "targetRules" in allowlist:
            wanted = allowlist["targetRules"]
            allowlist["targetRules"] = [one for name in wanted for one in self.known(name) or [name]]
        return allowlist


def _named(
    table: Mapping[str, Any], keys: Collection[str], result: Modern, where: str, old: Collection[str] = ()
) -> dict[str, Any]:
    """Return a table with its keys spelled as in `keys`, for gitleaks does not look at capitals; of others, but those
    in `old`, it is noted that they are not honoured. Without `where` all are kept.
    """
    spelled = {key.lower(): key for key in keys}
    known: dict[str, Any] = {}
    for key, value in table.items():
        lower = key.lower()
        if lower in spelled or lower in old or not where:
            known[spelled.get(lower, lower)] = value
        else:
            result.notes.append(f"'{key}' of {where} is not honoured")
    return known


def _tables(value: object) -> list[dict[str, Any]]:
    tables = value if isinstance(value, list) else [value]
    return [table for table in tables if isinstance(table, dict)]


def _list(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else str(value).split(",")


def _number(value: object) -> float | int:
    try:
        number = float(str(value))
    except ValueError:
        return 0
    return int(number) if number.is_integer() else number


def _of_name(pattern: str) -> str:
    """Return the pattern of a file's name as one of its path."""
    return f"(?:^|/){pattern[1:]}" if pattern.startswith("^") else pattern


def dump(data: Mapping[str, Any]) -> str:
    """Return a file in TOML, a key a line."""
    return "".join(f"{key} = {_dumped(value)}\n" for key, value in data.items())


def _dumped(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_dumped(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_dumped, value)) + "]"
    if isinstance(value, str):  # JSON's strings are TOML's, but for surrogates, which tomllib never returns, and DEL
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    return json.dumps(value, default=str)
