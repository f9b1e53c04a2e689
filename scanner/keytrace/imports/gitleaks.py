"""Reports of gitleaks, which it takes as baselines: JSON or CSV, of version 7 too."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from io import StringIO
from typing import Any

from keytrace.errors import ScannerError
from keytrace.imports.foreign import Content, Entry, Foreign, digest_of, tables

_HEADER = "RuleID,Commit,File,"
_SECRETS, _FILES = ("Secret", "offender"), ("File", "file")


def read(content: Content) -> Foreign | None:
    """Return what a report accepts; one with masked secrets tells lines only."""
    if content.text.startswith(_HEADER):
        csv.field_size_limit(2**27)
        try:
            records: list[Mapping[str, Any]] = list(csv.DictReader(StringIO(content.text), strict=True))
        except csv.Error as error:
            raise ScannerError(f"{content.path}: not valid CSV: {error}") from error
    elif isinstance(content.json, list):
        records = tables(content.json)
        if len(records) != len(content.json) or not all(_first(one, _FILES) for one in records):
            return None
    else:
        return None
    entries = tuple(_entry(content, record) for record in records)
    clear = sum(bool(entry.digest) for entry in entries)
    note = f"it holds {clear} secrets in clear: delete it once they are imported"
    return Foreign(entries, notes=(note,) if clear else ())


def _entry(content: Content, record: Mapping[str, Any]) -> Entry:
    secret = str(_first(record, _SECRETS) or "")
    masked = not secret or "REDACTED" in secret or secret.endswith("...")
    rule = _first(record, ("RuleID",))
    return Entry(
        content.relative(_first(record, _FILES)),
        content.line(_first(record, ("StartLine", "lineNumber"))),
        "" if masked else digest_of(secret),
        _commit(_first(record, ("Commit", "commit"))),
        f"gitleaks:{rule}" if rule else "",
    )


def _first(record: Mapping[str, Any], keys: tuple[str, ...]) -> object:
    return next((record[key] for key in keys if record.get(key)), None)


def _commit(value: object) -> str:
    text = str(value or "").lower()
    return text if len(text) >= 7 and not text.strip("0123456789abcdef") else ""
