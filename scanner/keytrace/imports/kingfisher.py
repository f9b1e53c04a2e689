"""A baseline of kingfisher: YAML, findings of repositories or, in its first version, one list of matches."""

from __future__ import annotations

from keytrace.imports.foreign import Content, Entry, Foreign


def read(content: Content) -> Foreign | None:
    """Return what it accepts: lines, for its fingerprints are of no use to others."""
    data = content.yaml
    if not isinstance(data, dict):
        return None
    old = data.get("ExactFindings")
    if "repositories" in data:
        if data.get("version", 2) not in (1, 2):
            raise content.of_unknown_version(data["version"])
        found = [
            one
            for repository in content.tables(data["repositories"], "repositories")
            for one in content.tables(repository.get("findings"), "findings")
        ]
    elif isinstance(old, dict):
        found = content.tables(old.get("matches"), "matches")
    else:
        return None
    entries = (
        Entry(
            content.relative(one.get("path") or one.get("filepath") or ""),
            content.line(one.get("line") or one.get("linenum")),
            rule=f"kingfisher:{one['rule_id']}" if one.get("rule_id") else "",
        )
        for one in found
    )
    return Foreign(tuple(entries))
