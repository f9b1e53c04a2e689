"""What the reports of services say alike of a finding: in which file it is, and what it is about."""

from __future__ import annotations

import re

from keytrace.model import Finding, Provenance, Rule, ScanError, outermost

_ADDRESS = re.compile(r"https?://[!-~]+")


def addresses(rule: Rule) -> list[str]:
    """Return those references of a rule that are addresses: a service refuses a whole report for one that is none."""
    return [reference for reference in rule.references if _ADDRESS.fullmatch(reference)]


def file_and_member(provenance: Provenance) -> tuple[str, str]:
    """Return the path of the file that is there, and the path in it of the member of an archive, empty if it is none.

    Services look for the file that they are told, and have no word for what lies in one.
    """
    file = outermost(provenance).path
    return file, _member(provenance.path, file)


def full_message(finding: Finding) -> str:
    """Return what a finding says: its message, and what the provider of the key says if it was asked."""
    verification = finding.verification
    return f"{finding.message} ({verification.said})" if verification and verification.host else finding.message


def placed_message(finding: Finding) -> str:
    """Return what a finding says where only the file is named, and its line: those are the member's in an archive."""
    member = file_and_member(finding.location.provenance)[1]
    line = finding.location.region.start_line
    return f"{full_message(finding)}, in line {line} of {member}" if member else full_message(finding)


def placed_error(error: ScanError) -> tuple[str, str]:
    """Return the path of the file that an error is of, and what it says: also of which member, in an archive."""
    file = error.file or error.path
    member = _member(error.path, file)
    return file, f"{member}: {error.message}" if member else error.message


def _member(path: str, file: str) -> str:
    return path.removeprefix(f"{file}!") if path != file else ""


def beyond_name(finding: Finding, rule: Rule) -> str:
    """Return what a finding says beside the name of its rule."""
    return finding.message.removeprefix(rule.name).lstrip(":;, ")
