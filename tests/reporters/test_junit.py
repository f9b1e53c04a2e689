"""JUnit's XML: well-formed whatever paths hold, its numbers true."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema

from keytrace.model import Report, ScanError

SCHEMA = xmlschema.XMLSchema(
    str(Path(__file__).parent / "junit-10.xsd")
)  # of the xunit plugin for Jenkins; MIT licence


@pytest.mark.parametrize("clean", [False, True])
def test_the_schema(report: Report, rendered: Callable[..., str], clean: bool) -> None:
    """All but `file` and `line` of a case, which GitLab, CircleCI and GitHub's actions read and Jenkins passes over."""
    suites = ElementTree.fromstring(rendered("junit", replace(report, findings=(), errors=()) if clean else report))
    for case in suites.iter("testcase"):
        for name in {"file", "line"} & case.attrib.keys():
            del case.attrib[name]
    SCHEMA.validate(suites)


def test_each_finding_is_a_failure(report: Report, rendered: Callable[..., str]) -> None:
    suites = ElementTree.fromstring(rendered("junit", report))
    (suite,) = suites
    for element in (suites, suite):
        assert (int(element.attrib["failures"]), int(element.attrib["errors"])) == (
            len(suite.findall("testcase/failure")),
            len(suite.findall("testcase/error")),
        )
        assert int(element.attrib["tests"]) == len(suite.findall("testcase"))
    assert len(suite.findall("testcase/failure")) == len(report.active)
    assert len(suite.findall("testcase/error")) == len(report.errors)


def test_a_clean_report_has_a_case(report: Report, rendered: Callable[..., str]) -> None:
    (suite,) = ElementTree.fromstring(rendered("junit", replace(report, findings=(), errors=())))
    assert [len(case) for case in suite] == [0]


def test_what_xml_does_not_know(report: Report, rendered: Callable[..., str]) -> None:
    hostile = ScanError("a\x00\x1b\ufffe]]>&\"'<\udcff", "b\x08")
    ElementTree.fromstring(rendered("junit", replace(report, errors=(hostile,))))
