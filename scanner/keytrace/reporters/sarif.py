"""SARIF 2.1.0, for code scanning services: what was found, by which rules, in which revision."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import PurePath
from typing import Any, TextIO
from urllib.parse import quote, urlsplit

import attr
import sarif_om as om

from keytrace import git
from keytrace.errors import ScannerError
from keytrace.model import (
    Confidence,
    Finding,
    Location,
    MemberProvenance,
    ProposedFix,
    Provenance,
    Region,
    Report,
    Rule,
    Severity,
    Suppression,
    SuppressionKind,
    outermost,
)
from keytrace.redaction.addresses import without_user
from keytrace.redaction.texts import safe
from keytrace.reporters import ReporterOptions
from keytrace.reporters.records import life_record, valid, verification_record, write_object
from keytrace.reporters.saying import addresses, file_and_member, full_message, placed_error
from keytrace.rules.stored import by_id
from keytrace.version import __version__

# The second is the only one GitHub looks at; without it, its uploader makes one up from the line's text.
FINGERPRINTS = ("keytraceFingerprint/v1", "primaryLocationLineHash")
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
HOMEPAGE = "https://github.com/keytrace/keytrace"

_MOST_RESULTS = 25_000
_ROOT = "%SRCROOT%"
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
_SECURITY_SEVERITIES = {  # in the middle of the bands by which GitHub and GitLab tell severities apart
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "3.0",
    Severity.INFO: "0.0",
}
_PRECISIONS = {Confidence.HIGH: "high", Confidence.MEDIUM: "medium", Confidence.LOW: "low"}
_EXPLICIT = {"level", "kind"}  # an absent level means the rule's, which need not be the schema's default


def write(report: Report, stream: TextIO, options: ReporterOptions) -> None:
    write_runs(_runs(report, options), stream)


def _runs(report: Report, options: ReporterOptions) -> Iterator[dict[str, Any]]:
    """Yield a report as one run, or as several of as many results as GitHub takes, told apart by their category."""
    parts = [report.findings[start : start + _MOST_RESULTS] for start in range(0, len(report.findings), _MOST_RESULTS)]
    for number, findings in enumerate(parts or [()], 1):
        run = run_of(replace(report, findings=findings), options)
        if len(parts) > 1:
            run["automationDetails"] = {"id": f"keytrace-part-{number}/"}
        yield run


def write_runs(runs: Iterable[dict[str, Any]], stream: TextIO) -> None:
    """Write runs as one document."""
    stream.write(f'{{"$schema": {json.dumps(SCHEMA)}, "version": "2.1.0", "runs": [')
    for number, run in enumerate(runs):
        stream.write(",\n" if number else "")
        write_object(run, stream)
    stream.write("]}\n")


def run_of(report: Report, options: ReporterOptions) -> dict[str, Any]:
    """Return a report as a run, its results as an iterator."""
    used = {finding.rule_id for finding in report.findings}
    known = by_id(report.rules)
    rules = [known[name] for name in known if options.all_rules or name in used]
    numbers = {rule.id: number for number, rule in enumerate(rules)}
    run: dict[str, Any] = _plain(_run(report, rules, options))
    artifacts, indexes = _artifacts(finding.location.provenance for finding in report.findings)
    if artifacts:
        run["artifacts"] = list(map(_plain, artifacts))
    run["results"] = (_plain(_result(finding, numbers[finding.rule_id], indexes)) for finding in report.findings)
    return run


def _plain(value: Any) -> Any:
    """Return sarif-om objects as JSON values, without what is not set."""
    if isinstance(value, str):
        return valid(value)
    if fields := _fields(value.__class__):
        return {
            name: _plain(item)
            for attribute, name, default in fields
            if (item := getattr(value, attribute)) is not None and (item != default or attribute in _EXPLICIT)
        }
    if isinstance(value, dict):
        return {valid(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


@cache
def _fields(kind: type) -> tuple[tuple[str, str, Any], ...]:
    """Return attribute, name and default of what a class of sarif-om holds; nothing for other classes."""
    if not attr.has(kind):
        return ()
    return tuple((field.name, field.metadata["schema_property_name"], _default(field)) for field in attr.fields(kind))


def _default(field: Any) -> Any:
    return field.default.factory() if isinstance(field.default, attr.Factory) else field.default  # type: ignore[arg-type]


def _run(report: Report, rules: Sequence[Rule], options: ReporterOptions) -> Any:
    weaknesses = sorted({number for rule in rules for number in rule.cwe})
    root = report.shown_root or report.root
    return om.Run(
        tool=om.Tool(
            driver=om.ToolComponent(
                name="keytrace",
                version=__version__,
                semantic_version=__version__,
                information_uri=HOMEPAGE,
                rules=[_descriptor(rule) for rule in rules],
                supported_taxonomies=[om.ToolComponentReference(name="CWE")] if weaknesses else None,
            )
        ),
        invocations=[_invocation(report, options)],
        original_uri_base_ids={_ROOT: _base(root)},
        version_control_provenance=_revision(report.root),
        column_kind="utf16CodeUnits",
        newline_sequences=["\r\n", "\n", "\r"],
        redaction_tokens=["********"],
        taxonomies=[_taxonomy(weaknesses)] if weaknesses else None,
    )


def _base(root: str) -> Any:
    """Return the folder that paths are relative to; of one that is not here only what it is."""
    if not os.path.isabs(root):
        return om.ArtifactLocation(description=om.Message(text=root))
    uri = PurePath(root).as_uri()
    return om.ArtifactLocation(uri=uri if uri.endswith("/") else uri + "/")


# --- rules ------------------------------------------------------------------------------------------------------------


def _descriptor(rule: Rule) -> Any:
    sections = {
        "What it is": rule.description or rule.name,
        "Why it matters": rule.impact,
        "What to do": rule.remediation,
        "References": "\n".join(f"- <{reference}>" for reference in rule.references),
    }
    plain = "\n\n".join(f"{title}\n{text}" for title, text in sections.items() if text)
    markdown = "\n\n".join(f"## {title}\n\n{text}" for title, text in sections.items() if text)
    return om.ReportingDescriptor(
        id=rule.id,
        name="".join(word[:1].upper() + word[1:] for word in re.split(r"[^0-9A-Za-z]+", rule.id)),
        short_description=om.MultiformatMessageString(text=rule.name),
        full_description=om.MultiformatMessageString(text=rule.description or rule.name),
        help=om.MultiformatMessageString(text=plain, markdown=markdown),
        help_uri=next(iter(addresses(rule)), None),
        default_configuration=om.ReportingConfiguration(level=_LEVELS[rule.severity]),
        properties={
            "precision": _PRECISIONS[rule.confidence],
            "security-severity": _SECURITY_SEVERITIES[rule.severity],
            "tags": list(
                dict.fromkeys(["security", *(f"external/cwe/cwe-{number:03}" for number in rule.cwe), *rule.tags])
            ),
        },
        relationships=[
            om.ReportingDescriptorRelationship(
                target=om.ReportingDescriptorReference(
                    id=f"CWE-{number}", tool_component=om.ToolComponentReference(name="CWE")
                ),
                kinds=["superset"],
            )
            for number in rule.cwe
        ]
        or None,
    )


def _taxonomy(weaknesses: Iterable[int]) -> Any:
    return om.ToolComponent(
        name="CWE",
        full_name="Common Weakness Enumeration",
        organization="MITRE",
        information_uri="https://cwe.mitre.org/",
        taxa=[
            om.ReportingDescriptor(id=f"CWE-{number}", help_uri=f"https://cwe.mitre.org/data/definitions/{number}.html")
            for number in weaknesses
        ],
    )


# --- results ----------------------------------------------------------------------------------------------------------


def _result(finding: Finding, number: int, indexes: Mapping[str, int]) -> Any:
    related = [_location(place, place.note or "related", id=index) for index, place in enumerate(finding.related, 1)]
    links = "".join(f" See [{_escape_link(place.message.text)}]({place.id})." for place in related)
    steps = [om.ThreadFlowLocation(location=_location(step, step.note)) for step in finding.flow]
    return om.Result(
        rule_id=finding.rule_id,
        rule_index=number,
        level=_LEVELS[finding.severity],
        kind="fail",
        message=om.Message(text=f"{full_message(finding).rstrip('.')}.{links}"),
        locations=[_location(finding.location, index=indexes.get(outermost(finding.location.provenance).path, -1))],
        related_locations=related or None,
        code_flows=[om.CodeFlow(thread_flows=[om.ThreadFlow(locations=steps)])] if steps else None,
        partial_fingerprints=dict.fromkeys(FINGERPRINTS, finding.fingerprint),
        suppressions=[_suppression(finding.suppression)] if finding.suppression else None,
        fixes=[_fix(one, finding.location.provenance.path) for one in finding.fixes] or None,
        properties={
            "confidence": finding.confidence.label,
            "severity": finding.severity.label,
            **({"history": life_record(finding.life)} if finding.life else {}),
            **({"verification": verification_record(finding.verification)} if finding.verification else {}),
        },
    )


def _fix(fix: ProposedFix, path: str) -> Any:
    replacements = [
        om.Replacement(deleted_region=_region(one.region), inserted_content=om.ArtifactContent(text=one.text))
        for one in fix.replacements
    ]
    change = om.ArtifactChange(artifact_location=_artifact(path), replacements=replacements)
    return om.Fix(description=om.Message(text=fix.title), artifact_changes=[change])


def _region(region: Region, snippet: Any = None) -> Any:
    return om.Region(
        start_line=region.start_line,
        start_column=region.start_column,
        end_line=region.end_line,
        end_column=region.end_column,
        snippet=snippet,
    )


def _escape_link(text: str) -> str:
    return re.sub(r"([\\\[\]])", r"\\\1", text)


def _location(
    place: Location,
    note: str = "",
    id: int = -1,  # noqa: A002 - the word of the schema
    index: int = -1,
) -> Any:
    """Return a place; one in an archive as one of the archive, because services ask for a file that is there, with
    the member beside it. `index` is that of the archive among the artifacts: as the specification has it, of what
    the URI names.
    """
    file, member = file_and_member(place.provenance)
    held = om.LogicalLocation(name=member, fully_qualified_name=place.provenance.path, kind="resource")
    return om.Location(
        id=id,
        message=om.Message(text=note) if note else None,
        physical_location=om.PhysicalLocation(
            artifact_location=_artifact(file, index),
            region=_region(place.region, om.ArtifactContent(text=place.excerpt.text) if place.excerpt.text else None),
        ),
        logical_locations=[held] if member else None,
    )


def _artifact(path: str, index: int = -1) -> Any:
    if os.path.isabs(path):
        return om.ArtifactLocation(uri=PurePath(path).as_uri(), index=index)
    return om.ArtifactLocation(uri=quote(os.fsencode(path)), uri_base_id=_ROOT, index=index)


def _artifacts(places: Iterable[Provenance]) -> tuple[list[Any], Mapping[str, int]]:
    """Return the archives among places and their members, each of these after the archive that it lies in, and the
    index of each by its path.
    """
    artifacts: list[Any] = []
    numbers: dict[str, int] = {}

    def number(place: Provenance) -> int:
        if place.path not in numbers:
            parent, location = -1, _artifact(outermost(place).path)
            if isinstance(place, MemberProvenance):
                parent = number(place.container)
                location = om.ArtifactLocation(uri=quote(os.fsencode(place.name)))  # within the archive
            numbers[place.path] = len(artifacts)
            artifacts.append(om.Artifact(location=location, parent_index=parent))
        return numbers[place.path]

    for place in places:
        if isinstance(place, MemberProvenance):
            number(place)
    return artifacts, numbers


def _suppression(suppression: Suppression) -> dict[str, str]:
    kind = "inSource" if suppression.kind is SuppressionKind.INLINE else "external"
    return {"kind": kind, "status": "accepted", "justification": suppression.reason}  # sarif-om knows no status


# --- the run ----------------------------------------------------------------------------------------------------------


def _invocation(report: Report, options: ReporterOptions) -> Any:
    errors = [
        om.Notification(
            message=om.Message(text=said),
            level="error",
            locations=[om.Location(physical_location=om.PhysicalLocation(artifact_location=_artifact(file)))],
        )
        for file, said in map(placed_error, report.errors)
    ]
    if report.stopped_by:
        name = signal.Signals(report.stopped_by).name
        text = f"The scan was stopped by {name}; the results are those found before."
        errors.append(om.Notification(message=om.Message(text=text), level="error"))
    notes = [om.Notification(message=om.Message(text=note), level="note") for note in report.notes]
    return om.Invocation(
        execution_successful=not report.errors and not report.stopped_by,
        exit_code=options.exit_code,
        tool_execution_notifications=errors + notes or None,
        properties={"skipped": report.statistics.skipped, "skippedPaths": _skipped(report)} if report.skipped else None,
    )


def _skipped(report: Report) -> dict[str, list[str]]:
    """Return what was left out as URIs relative to the root, by reason."""
    paths: dict[str, list[str]] = {}
    for one in report.skipped:
        paths.setdefault(one.reason.value, []).append(quote(os.fsencode(one.path)))
    return paths


def _revision(root: str) -> list[Any] | None:
    """Say which commit was checked out, where `root` is the top of a git work tree with a remote."""
    if not git.is_top(root):
        return None
    try:
        remote = git.run(["config", "--get", "remote.origin.url"], root, accept=(0, 1))
        commit = git.head(root)
        branch = git.run(["symbolic-ref", "--short", "--quiet", "HEAD"], root, accept=(0, 1))
    except ScannerError:
        return None  # without git the report lacks this and nothing else
    uri = repository_uri(os.fsdecode(remote).strip())
    if uri is None:
        return None
    return [
        om.VersionControlDetails(
            repository_uri=safe(uri),
            revision_id=commit or None,
            branch=safe(os.fsdecode(branch).strip()) or None,
            mapped_to=om.ArtifactLocation(uri_base_id=_ROOT),
        )
    ]


def repository_uri(remote: str) -> str | None:
    """Return a git remote as URI without user, password, query and fragment, any of which may hold a secret."""
    remote = without_user(remote)
    if short := re.fullmatch(r"([\w.-]{2,}):(?!:|//)([^@]+)", remote):  # host:path, not a drive letter
        remote = f"ssh://{short[1]}/{short[2].lstrip('/')}"
    try:
        parts = urlsplit(remote)
        place = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https", "ssh", "git") or not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{place}{quote(os.fsencode(parts.path), safe='/%~')}"
