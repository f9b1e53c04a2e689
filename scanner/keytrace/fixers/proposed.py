"""Findings with their fixes, for reports: what is to be replaced where, without a secret."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from keytrace.fixers.edits import Edit, Fix
from keytrace.fixers.plan import Planned, edits_of
from keytrace.model import ProposedFix, Replacement, Report, StreamProvenance
from keytrace.redaction.texts import safe
from keytrace.text.document import Document


def with_fixes(report: Report, items: Iterable[Planned], contents: dict[str, bytes]) -> Report:
    """Return a report with the fixes of its findings, those among `items`; `contents` are the files as scanned."""
    fixes = {id(item.finding): item.fix for item in items if item.fix is not None}
    findings = []
    for finding in report.findings:
        fix = fixes.get(id(finding))
        path = finding.location.provenance.path
        proposed = tuple(_proposed(fix, path, contents[path])) if fix and path in contents else ()
        findings.append(replace(finding, fixes=proposed) if proposed else finding)
    return replace(report, findings=tuple(findings))


def _proposed(fix: Fix, path: str, raw: bytes) -> Iterator[ProposedFix]:
    data = raw.removeprefix(b"\xef\xbb\xbf")
    document = Document(StreamProvenance(path), data)
    replacements = tuple(_replacement(document, edit) for edit in edits_of(data, [fix]))
    if replacements:
        title = f"{fix.title} ({fix.unsafe})" if fix.unsafe else fix.title
        yield ProposedFix(title, replacements)


def _replacement(document: Document, edit: Edit) -> Replacement:
    return Replacement(document.region(edit.start, edit.end), safe(edit.text.decode("utf-8", "replace")))
