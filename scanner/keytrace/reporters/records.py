"""The records of the JSON formats, version 1: fields are added in later versions, never renamed or dropped.

    finding     rule, name, severity, confidence, message, those of a place, fingerprint, secret (redacted unless
                secrets are to be shown), cwe [int], evidence [{text, weight}], related [place],
                flow [place, in order], suppression null | {kind: inline|allowlist|baseline, reason}; of a secret in
                history also history {introduced commit, removed null | commit, present [{path, line}], untracked
                [path], versions}; of a key whose provider was to be asked also verification {status live|dead|unknown,
                reason, host (empty: nobody was asked), told {account, scopes, expiry and such: text}}
    commit      id, author, date: 2026-11-29, UTC
    place       path, provenance file|staged|stdin|commit|member (of an archive, its path is ARCHIVE!NAME), of a commit
                also commit, start_line, start_column, end_line, end_column, excerpt (the first line, secrets masked),
                note; lines and columns count from 1, columns in UTF-16 code units, the end column is exclusive
    error       path, message: what could not be scanned
    skipped     path (of a folder, with a slash at its end), reason: what was left out, or not scanned by all rules
    statistics  files, members (of archives), bytes, binary_files, skipped {reason: number}, hidden_findings (below the
                thresholds), not_live (left out by --only-live), seconds
    incomplete  whether a signal stopped the scan before its end
    summary     active, suppressed and errors (numbers), severities {severity: number of active findings}, exit_code

Paths are relative to the root, with forward slashes.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

from keytrace.model import (
    Commit,
    CommitProvenance,
    FileProvenance,
    Finding,
    Life,
    Location,
    MemberProvenance,
    Report,
    Rule,
    ScanError,
    Severity,
    Skipped,
    StagedProvenance,
    StreamProvenance,
    Verification,
)  # fmt: skip
from keytrace.reporters import ReporterOptions
from keytrace.version import __version__

VERSION = 1
TOOL = {"name": "keytrace", "version": __version__}

_PROVENANCES = {
    FileProvenance: "file",
    StagedProvenance: "staged",
    StreamProvenance: "stdin",
    CommitProvenance: "commit",
    MemberProvenance: "member",
}
_SURROGATE = re.compile("[\ud800-\udfff]")


def valid(text: str) -> str:
    r"""Return `text` with each undecodable byte of a file name as \xNN: strict parsers refuse lone surrogates."""
    return text if text.isascii() else _SURROGATE.sub(_escaped, text)


def _escaped(surrogate: re.Match[str]) -> str:
    code = ord(surrogate[0])
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"


def write_object(fields: Mapping[str, Any], stream: TextIO) -> None:
    """Write a JSON object, one of its fields a line; of an iterator, one item a line, so that none waits for all."""
    before = "{\n"
    for name, value in fields.items():
        stream.write(f"{before}{json.dumps(name)}: ")
        if isinstance(value, Iterator):
            joint = "[\n"
            for item in value:
                stream.write(joint + json.dumps(item))
                joint = ",\n"
            stream.write("[]" if joint == "[\n" else "\n]")
        else:
            stream.write(json.dumps(value))
        before = ",\n"
    stream.write("\n}")


def finding_record(finding: Finding, rule: Rule, options: ReporterOptions) -> dict[str, Any]:
    secret = finding.secret.value.decode("utf-8", "replace") if options.show_secrets else finding.secret.redacted
    suppression = finding.suppression
    return {
        "rule": finding.rule_id,
        "name": rule.name,
        "severity": finding.severity.label,
        "confidence": finding.confidence.label,
        "message": valid(finding.message),
        **_place(finding.location),
        "fingerprint": finding.fingerprint,
        "secret": secret,
        "cwe": list(rule.cwe),
        "evidence": [{"text": valid(item.text), "weight": item.weight} for item in finding.evidence],
        "related": [_place(location) for location in finding.related],
        "flow": [_place(location) for location in finding.flow],
        "suppression": {"kind": suppression.kind.value, "reason": valid(suppression.reason)} if suppression else None,
        **({"history": life_record(finding.life)} if finding.life else {}),
        **({"verification": verification_record(finding.verification)} if finding.verification else {}),
    }


def verification_record(verification: Verification) -> dict[str, Any]:
    return {
        "status": verification.status.value,
        "reason": valid(verification.reason),
        "host": verification.host,
        "told": {name: valid(text) for name, text in verification.told},
    }


def life_record(life: Life) -> dict[str, Any]:
    return {
        "introduced": _commit(life.introduced),
        "removed": _commit(life.removed) if life.removed else None,
        "present": [{"path": valid(path), "line": line} for path, line in life.present],
        "untracked": [valid(path) for path in life.untracked],
        "beside": [valid(what) for what in life.beside],
        "versions": life.versions,
    }


def _commit(commit: Commit) -> dict[str, str]:
    return {"id": commit.id, "author": valid(commit.author), "date": commit.date}


def _place(location: Location) -> dict[str, Any]:
    region, provenance = location.region, location.provenance
    return {
        "path": valid(provenance.path),
        "provenance": _PROVENANCES[type(provenance)],
        "start_line": region.start_line,
        "start_column": region.start_column,
        "end_line": region.end_line,
        "end_column": region.end_column,
        "excerpt": valid(location.excerpt.text),
        "note": valid(location.note),
        **({"commit": _commit(provenance.commit)} if isinstance(provenance, CommitProvenance) else {}),
    }


def error_record(error: ScanError) -> dict[str, str]:
    return {"path": valid(error.path), "message": valid(error.message)}


def skipped_record(skipped: Skipped) -> dict[str, str]:
    return {"path": valid(skipped.path), "reason": skipped.reason.value}


def notes_record(report: Report) -> list[str]:
    return [valid(note) for note in report.notes]


def summary_record(report: Report, options: ReporterOptions) -> dict[str, Any]:
    severities = Counter(finding.severity for finding in report.active)
    return {
        "active": len(report.active),
        "suppressed": len(report.suppressed),
        "errors": len(report.errors),
        "severities": {severity.label: severities[severity] for severity in reversed(Severity)},
        "exit_code": report.exit_code if options.exit_code is None else options.exit_code,
    }
