"""Secrets in the names of files and folders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from keytrace.engine import Engine
from keytrace.model import (
    NAME,
    Artifact,
    Excerpt,
    Finding,
    Location,
    Match,
    MemberProvenance,
    Provenance,
    Region,
    Secret,
    StreamProvenance,
)
from keytrace.redaction.texts import BETWEEN, as_bytes
from keytrace.text.document import Document
from keytrace.triage.allowlist import allowed
from keytrace.triage.fingerprint import Fingerprints

_SHORTEST = 8  # characters of a name that may hold a secret

Found = Mapping[str, list[tuple[Match, bytes]]]  # by name: what rules found in it, with the value


def findings_in_names(artifacts: Mapping[str, Artifact], engine: Engine) -> Iterator[Finding]:
    """Yield a finding for each name that holds a secret, at the first of the files in whose path it stands."""
    names_of = {path: _names(artifact.provenance) for path, artifact in artifacts.items()}
    found = _found([name for names in names_of.values() for name in names if len(name) >= _SHORTEST], engine)
    told: set[tuple[str, ...]] = set()
    for path in sorted(artifacts) if found else ():
        lines = artifacts[path].lines
        if lines is not None and NAME not in lines:  # a file that was there before
            continue
        names = names_of[path]
        fingerprints = Fingerprints(path)
        for number, name in enumerate(names):
            if name in found and names[: number + 1] not in told:
                told.add(names[: number + 1])
                what = "file" if number + 1 == len(names) else "folder"
                for match, value in found[name]:
                    yield _finding(artifacts[path], engine, match, value, what, fingerprints)


def _names(provenance: Provenance) -> tuple[str, ...]:
    """Return the names of a file and of the folders around it; for a member, those inside of its archive."""
    outside = len(provenance.container.path) + 1 if isinstance(provenance, MemberProvenance) else 0
    return tuple(provenance.path[outside:].split("/"))


def _found(names: list[str], engine: Engine) -> Found:
    names = list(dict.fromkeys(names))
    found: dict[str, list[tuple[Match, bytes]]] = {}
    if not names:
        return found
    data = [as_bytes(name) for name in names]
    document = Document(StreamProvenance("name"), BETWEEN.join(data))
    ends, end = [], 0
    for item in data:
        end += len(item) + len(BETWEEN)
        ends.append(end)
    number = 0
    for match in sorted(engine.stay(engine.matches(document)), key=lambda one: one.start):
        if match.is_secret and match.start < match.end and match.rule_id in engine.rules:
            while ends[number] <= match.start:
                number += 1
            value = match.hidden.value if match.hidden else document.data[match.start : match.end]
            found.setdefault(names[number], []).append((match, value))
    return found


def _finding(
    artifact: Artifact, engine: Engine, match: Match, value: bytes, what: str, fingerprints: Fingerprints
) -> Finding:
    assert match.confidence is not None
    rule = engine.rules[match.rule_id]
    path = artifact.provenance.path
    allowlists = rule.allowlists + engine.ruleset.allowlists
    if match.found_by:
        allowlists += engine.every[match.found_by].allowlists
    ids = (rule.id, match.found_by) if match.found_by else (rule.id,)
    reasons = (allowed(one, path, value, value, as_bytes(path), allowlists) for one in ids)
    return Finding(
        rule_id=rule.id,
        message=f"{match.message or rule.name}; it stands in the name of the {what}",
        severity=match.severity if match.severity is not None else rule.severity,
        confidence=match.confidence,
        location=Location(artifact.provenance, 0, 0, Region(1, 1, 1, 1), Excerpt("", 0, 0)),
        secret=Secret(value),
        fingerprint=fingerprints.next(match.known_as, b"in the name of a " + what.encode()),
        evidence=match.evidence,
        suppression=next((reason for reason in reasons if reason), None),
        found_by=match.found_by,
    )
