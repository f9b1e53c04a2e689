"""Results of trufflehog's `--json`: an object a line, in which lines of its log may stand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from keytrace.errors import ScannerError
from keytrace.imports.foreign import Content, Entry, Foreign, digest_of


def read(content: Content) -> Foreign | None:
    """Return what they tell, by the secret; of a credential of two parts, by either."""
    results = _results(content)
    if results is None:
        return None
    entries = tuple(entry for result in results for entry in _entries(content, result))
    notes = [f"it holds {len(results)} secrets in clear: delete it once they are imported"] if results else []
    if live := sum(result.get("Verified") is True for result in results):
        notes.append(f"{live} of them were live when trufflehog asked: revoke these")
    return Foreign(entries, notes=tuple(notes))


def _results(content: Content) -> list[Mapping[str, Any]] | None:
    """Return the results; None where the first line is neither one nor of the log."""
    results: list[Mapping[str, Any]] = []
    for place, line in enumerate(content.text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line) if line.lstrip().startswith("{") else None
        except (ValueError, RecursionError) as error:
            if not results:
                return None  # an object over several lines, perhaps
            raise ScannerError(f"{content.path}:{place}: not valid JSON", "write it anew with trufflehog") from error
        if isinstance(value, dict) and {"SourceMetadata", "DetectorName"} <= value.keys():
            results.append(value)
        elif not (isinstance(value, dict) and {"level", "msg"} <= value.keys()):
            if not results:
                return None
            raise ScannerError(f"{content.path}:{place}: not a result of trufflehog", "write it anew with trufflehog")
    return results or None


def _entries(content: Content, result: Mapping[str, Any]) -> Iterator[Entry]:
    metadata = result["SourceMetadata"]
    data = metadata.get("Data") if isinstance(metadata, dict) else None
    source = next(iter(data.values()), None) if isinstance(data, dict) else None
    place = source if isinstance(source, dict) else {}
    whole, raw = str(result.get("RawV2") or ""), str(result.get("Raw") or "")
    values = {raw, whole.replace(raw, "", 1).strip(":") if raw else whole} - {""}
    path, commit = content.relative(place.get("file") or ""), str(place.get("commit") or "")
    rule = f"trufflehog:{result['DetectorName']}"
    for digest in map(digest_of, sorted(values)):
        yield Entry(path, content.line(place.get("line")), digest, commit, rule)
    if not values:
        yield Entry(path, content.line(place.get("line")), "", commit, rule)
