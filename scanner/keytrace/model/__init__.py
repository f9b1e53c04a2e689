"""The vocabulary of keytrace: frozen types shared by every stage of the pipeline.

    source -> artifact -> document -> analyzer -> match -> finding -> triage -> report -> reporter

Offsets are byte offsets into a document's canonical UTF-8 text. Lines and columns are 1-based; columns count
UTF-16 code units, as SARIF's default and the Language Server Protocol do; an end column is exclusive.
"""

from __future__ import annotations

from keytrace.model.found import (
    PIECES,
    Evidence,
    Finding,
    Hidden,
    Life,
    Liveness,
    Match,
    ProposedFix,
    Remarks,
    Replacement,
    Span,
    Suppression,
    SuppressionKind,
    Verification,
)
from keytrace.model.levels import Confidence, Severity
from keytrace.model.places import (
    NAME,
    Artifact,
    Commit,
    CommitProvenance,
    Excerpt,
    FileProvenance,
    Location,
    MemberProvenance,
    Outermost,
    Provenance,
    Region,
    StagedProvenance,
    StreamProvenance,
    outermost,
)
from keytrace.model.report import OWN_REASONS, Reason, Report, ScanError, Skipped, Statistics
from keytrace.model.rules import Additions, Allowlist, Answer, Probe, Rule
from keytrace.model.secret import Secret

__all__ = [
    "NAME",
    "OWN_REASONS",
    "PIECES",
    "Additions",
    "Allowlist",
    "Answer",
    "Artifact",
    "Commit",
    "CommitProvenance",
    "Confidence",
    "Evidence",
    "Excerpt",
    "FileProvenance",
    "Finding",
    "Hidden",
    "Life",
    "Liveness",
    "Location",
    "Match",
    "MemberProvenance",
    "Outermost",
    "Probe",
    "ProposedFix",
    "Provenance",
    "Reason",
    "Region",
    "Remarks",
    "Replacement",
    "Report",
    "Rule",
    "ScanError",
    "Secret",
    "Severity",
    "Skipped",
    "Span",
    "StagedProvenance",
    "Statistics",
    "StreamProvenance",
    "Suppression",
    "SuppressionKind",
    "Verification",
    "outermost",
]
