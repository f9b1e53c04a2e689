"""Every report that a service reads names a file that is there, and says which member of an archive is meant."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from keytrace.model import FileProvenance, Finding, MemberProvenance, Report, ScanError
from keytrace.reporters.saying import beyond_name, file_and_member, placed_error, placed_message

JAR = MemberProvenance("dist/a!b.tgz!lib/app.jar", FileProvenance("dist/a!b.tgz"))
MEMBER = MemberProvenance(f"{JAR.path}!conf/app.env", JAR)
NAME = "lib/app.jar!conf/app.env"


def in_member(finding: Finding) -> Finding:
    return replace(finding, location=replace(finding.location, provenance=MEMBER))


@pytest.fixture(scope="module")
def held(report: Report) -> Report:
    return replace(report, findings=tuple(map(in_member, report.active)), errors=())


def _junit(text: str) -> list[tuple[str, str]]:
    cases = ElementTree.fromstring(text).iter("testcase")
    return [(one.attrib["file"], "".join(one.itertext())) for one in cases]


def _sarif(text: str) -> list[tuple[str, str]]:
    places = [one["locations"][0] for one in json.loads(text)["runs"][0]["results"]]
    return [(one["physicalLocation"]["artifactLocation"]["uri"].replace("%21", "!"),
             one["logicalLocations"][0]["fullyQualifiedName"]) for one in places]  # fmt: skip


def _annotations(text: str) -> list[tuple[str, str]]:
    return [
        (one.partition("file=")[2].partition("::")[0].partition(",")[0], one.rpartition("::")[2])
        for one in text.splitlines()
    ]


def _diagnostics(text: str) -> list[tuple[str, str]]:
    return [(one["location"]["path"], one["message"]) for one in json.loads(text)["diagnostics"]]


def _vulnerabilities(text: str) -> list[tuple[str, str]]:
    return [(one["location"]["file"], one["description"]) for one in json.loads(text)["vulnerabilities"]]


def _issues(text: str) -> list[tuple[str, str]]:
    return [(one["location"]["path"], one["description"]) for one in json.loads(text)]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("sarif", _sarif),
        ("gitlab", _vulnerabilities),
        ("codequality", _issues),
        ("rdjson", _diagnostics),
        ("junit", _junit),
        ("github", _annotations),
    ],
)
def test_the_file_of_a_member(name: str, read: Any, held: Report, rendered: Callable[..., str]) -> None:
    places = read(rendered(name, held))
    assert len(places) == len(held.active)
    assert {file for file, _ in places} == {"dist/a!b.tgz"}
    assert all(NAME in said for _, said in places)


def _junit_errors(text: str) -> list[tuple[str, str]]:
    found = [(case, case.find("error")) for case in ElementTree.fromstring(text).iter("testcase")]
    return [(case.attrib["file"], error.attrib["message"]) for case, error in found if error is not None]


def _sarif_errors(text: str) -> list[tuple[str, str]]:
    told = json.loads(text)["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    return [(one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].replace("%21", "!"),
             one["message"]["text"]) for one in told if one["level"] == "error"]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "read"), [("sarif", _sarif_errors), ("junit", _junit_errors), ("github", _annotations)]
)
def test_the_file_of_an_error(name: str, read: Any, held: Report, rendered: Callable[..., str]) -> None:
    broken = ScanError(MEMBER.path, "cannot be read", "dist/a!b.tgz")
    alone = replace(held, findings=(), notes=(), errors=(broken, ScanError("a!b.env", "is gone")))
    assert read(rendered(name, alone)) == [("dist/a!b.tgz", f"{NAME}: cannot be read"), ("a!b.env", "is gone")]
    assert placed_error(broken) == ("dist/a!b.tgz", f"{NAME}: cannot be read")


def test_members_are_told_apart(held: Report, rendered: Callable[..., str]) -> None:
    """GitLab takes two of one rule and line of a file for one, unless they are tracked by something else."""
    items = [one["tracking"]["items"][0] for one in json.loads(rendered("gitlab", held))["vulnerabilities"]]
    assert {one["file"] for one in items} == {"dist/a!b.tgz"}
    assert [one["signatures"] for one in items] == [
        [{"algorithm": "hash", "value": finding.fingerprint}] for finding in held.active
    ]


def test_file_and_member(report: Report) -> None:
    assert file_and_member(MEMBER) == ("dist/a!b.tgz", NAME)
    assert file_and_member(FileProvenance("a!b.env")) == ("a!b.env", "")
    finding = in_member(report.active[0])
    assert placed_message(finding).endswith(f", in line {finding.location.region.start_line} of {NAME}")


def test_a_name_is_said_once(report: Report) -> None:
    finding = report.active[0]
    rule = next(rule for rule in report.rules if rule.id == finding.rule_id)
    assert beyond_name(replace(finding, message=f"{rule.name}: the checksum holds"), rule) == "the checksum holds"
    assert beyond_name(replace(finding, message=rule.name), rule) == ""
    assert beyond_name(replace(finding, message="something else"), rule) == "something else"


def test_a_reference_that_is_no_address_is_no_link(report: Report, rendered: Callable[..., str]) -> None:
    address = "https://example.org/keys"
    rules = tuple(replace(rule, references=("docs/key.md", "see the wiki", address)) for rule in report.rules)
    other = replace(report, rules=rules)
    issues = json.loads(rendered("gitlab", other))["vulnerabilities"]
    assert [one["links"] for one in issues] == [[{"url": address}]] * len(issues)
    assert {one["code"]["url"] for one in json.loads(rendered("rdjson", other))["diagnostics"]} == {address}
    (run,) = json.loads(rendered("sarif", other))["runs"]
    assert {one["helpUri"] for one in run["tool"]["driver"]["rules"]} == {address}
