"""`.secrets.baseline` of detect-secrets: the SHA-1 of each secret by file, with what an audit said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from keytrace.imports.foreign import Content, Entry, Foreign, regexes, tables

_FILTER = "detect_secrets.filters.regex.should_exclude_"
# All tokens of these have the same digest there, that of a prefix: https://github.com/Yelp/detect-secrets/issues/858
_BY_LINE = ("GitHub Token",)


def read(content: Content) -> Foreign | None:
    """Return what a baseline accepts, and what its filters pass over."""
    data = content.json
    if not isinstance(data, dict) or not isinstance(data.get("results"), dict) or "version" not in data:
        return None
    if str(data["version"]).partition(".")[0] not in ("0", "1"):
        raise content.of_unknown_version(data["version"])
    known = [(path, one) for path, found in data["results"].items() for one in content.tables(found, "results")]
    entries = tuple(_entry(content, path, one) for path, one in known)
    real = sum(one.get("is_secret") is True for _, one in known)
    notes = [f"{real} of its entries are audited as real secrets: have them revoked"] if real else []
    passes, odd = regexes(_patterns(data, "file"), _patterns(data, "secret"))
    if any(_patterns(data, "line")):
        notes.append('its filter of lines is not honoured: put it into [[allowlists]] with regexTarget = "line"')
    other = sorted({str(one.get("path")) for one in tables(data.get("filters_used")) if _is_unknown(one)})
    notes += [f"its filter {name:.80} is not honoured" for name in other]
    return Foreign(entries, passes, (*notes, *odd))


def _entry(content: Content, path: str, found: Mapping[str, Any]) -> Entry:
    digest = "" if found.get("type") in _BY_LINE else str(found.get("hashed_secret", "")).lower()
    return Entry(content.relative(path), content.line(found.get("line_number")), digest)


def _patterns(data: Mapping[str, Any], kind: str) -> Iterator[str]:
    """Yield the regexes of a filter; before version 1 they stood in `exclude`."""
    for one in tables(data.get("filters_used")):
        if one.get("path") == f"{_FILTER}{kind}":
            given = one.get("pattern", [])
            yield from (str(pattern) for pattern in (given if isinstance(given, list) else [given]))
    old = data.get("exclude")
    if isinstance(old, dict) and isinstance(old.get(f"{kind}s"), str):
        yield old[f"{kind}s"]


def _is_unknown(one: Mapping[str, Any]) -> bool:
    name = str(one.get("path"))
    return name.startswith("file:") or "wordlist" in name or not name.startswith("detect_secrets.")
