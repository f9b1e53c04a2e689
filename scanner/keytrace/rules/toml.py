"""TOML files with errors that say file, line and reason."""

from __future__ import annotations

import re
from typing import Any

from keytrace.errors import ScannerError

_HEADER = re.compile(r"\s*\[{1,2}\s*([\w.\-]+)\s*\]{1,2}")
_PLACE = re.compile(r" \(at line (\d+), column \d+\)$")


def load_toml(content: bytes | str, origin: str) -> dict[str, Any]:
    """Parse TOML; `origin` names the file in the ScannerError that is raised when it is not valid."""
    import tomllib  # 5 ms to import: most runs have everything in a cache

    try:
        return tomllib.loads(content if isinstance(content, str) else content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ScannerError(f"{origin}: not UTF-8 (byte {error.start})") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        reason = str(error)
        place = _PLACE.search(reason)
        where = f"{origin}:{place[1]}" if place else origin
        raise ScannerError(f"{where}: not valid TOML: {_PLACE.sub('', reason)}") from error


class Lines:
    """Finds the line of a key in a TOML file, for messages; tomllib does not keep it. With `table`, only what stands in
    that table is looked at, and called as if it were a file of its own.
    """

    def __init__(self, text: str, origin: str, table: str = "") -> None:
        self._lines = text.splitlines()
        self.origin = origin
        headers = [(n, found[1]) for n, line in enumerate(self._lines) if (found := _HEADER.match(line))]
        starts = [(0, ""), *headers]
        ends = [n for n, _ in headers] + [len(self._lines)]
        blocks = [(name, start, end) for (start, name), end in zip(starts, ends, strict=True)]
        if table:
            prefix = f"{table}."
            blocks = [(name.removeprefix(prefix) if name != table else "", start, end) for name, start, end in blocks
                      if name == table or name.startswith(prefix)]  # fmt: skip
        self._blocks = blocks

    def of_key(self, *path: str) -> str:
        """Return the place of a table or key of the file itself, or of a key of such a table."""
        *tables, key = path
        table = ".".join(tables)
        for name, start, end in self._blocks:
            if name == ".".join(path):
                return self._place(start)
            if name == table and (found := self._find(key, start, end)):
                return found
        return self.of_key(*tables) if tables else self._place(self._blocks[0][1] if self._blocks else 0)

    def of_rule(self, number: int, key: str = "") -> str:
        """Return the place of a rule, or of a key of it, which may stand in [defaults]."""
        owner = -1
        for name, start, end in self._blocks:
            owner += name == "rules"
            if owner == number and key and name == f"rules.{key}":
                return self._place(start)
            if owner == number and name == "rules" and (found := self._find(key, start, end)):
                return found
        rules = [start for name, start, _ in self._blocks if name == "rules"]
        if number >= len(rules):  # written as an inline table
            return self.origin
        defaults = next(((start, end) for name, start, end in self._blocks if name == "defaults"), (0, 0))
        return self._find(key, *defaults) or self._place(rules[number])

    def of_allowlist(self, number: int, key: str, rule: int | None = None) -> str:
        """Return the place of a key of an allowlist: of the file, or of a rule of it."""
        owner = -1
        lists: list[tuple[int, int]] = []
        for name, start, end in self._blocks:
            owner += name == "rules"
            mine = ("allowlist", "allowlists") if rule is None else ("rules.allowlist", "rules.allowlists")
            if name in mine and (rule is None or owner == rule):
                lists.append((start, end))
        if number >= len(lists):
            return self.origin if rule is None else self.of_rule(rule)
        return self._find(key, *lists[number]) or self._place(lists[number][0])

    def _find(self, key: str, start: int, end: int) -> str:
        if not key:
            return ""
        pattern = re.compile(rf"""\s*(['"]?){re.escape(key)}\1\s*=""")
        return next((self._place(n) for n in range(start, end) if pattern.match(self._lines[n])), "")

    def _place(self, number: int) -> str:
        return f"{self.origin}:{number + 1}"
