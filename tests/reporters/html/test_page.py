"""The page: complete without its script, loads nothing, and stays the same page whatever is reported."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest

from keytrace.model import (
    Commit,
    Confidence,
    Evidence,
    Excerpt,
    FileProvenance,
    Finding,
    Life,
    Location,
    Region,
    Report,
    Rule,
    ScanError,
    Secret,
    Severity,
    Suppression,
    SuppressionKind,
)

from .parsing import Page

HOSTILE = [
    "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", 'x" onmouseover="alert(1)',
    "'><svg/onload=alert(1)>", "<!--", "-->", "]]>", "&lt;b&gt;", "</style><style>*{display:none}</style>", "</title>",
    "</pre></article>", "`${alert(1)}`", "a\u2028b\u2029c", "\u202egnp.exe", "\x1b[31mred\x07\x00", "\udcff\udc80",
    "\ufeff", "L" * 100_000, "a\r\nb", "\\u003c/script>",
]  # fmt: skip


@pytest.fixture(scope="module")
def page(report: Report, rendered: Callable[..., str]) -> Page:
    return Page(rendered("html", report))


def digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_only_its_own_script_and_style_may_run(page: Page) -> None:
    (script,), (style,) = page.parts("script"), page.parts("style")
    rules = dict(rule.strip().partition(" ")[::2] for rule in page.policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["script-src"] == digest(script)
    assert rules["style-src"] == digest(style)
    names = [tag for tag, _ in page.elements]
    assert names.index("meta") < names.index("style")
    assert "http-equiv" in page.elements[names.index("meta") + 1][1]


def test_it_loads_nothing(page: Page) -> None:
    loading = {"src", "srcset", "style", "action", "formaction", "data", "poster", "background", "ping"}
    for tag, attributes in page.elements:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base", "video", "audio", "source", "use")
        assert attributes.keys().isdisjoint(loading), tag
        assert not [name for name in attributes if name.startswith("on")]
        if "href" in attributes:
            assert tag == "a"
            assert re.match("#|https?://", attributes["href"] or "")
    assert not re.search(r"url\(|@import", page.parts("style")[0])
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|fetch\(|XMLHttp|import\(|eval", page.parts("script")[0]
    )


def test_all_is_there_without_the_script(page: Page, report: Report) -> None:
    said = page.said()
    for finding in report.findings:
        assert finding.location.region.start_line
        for item in finding.evidence:
            assert item.text in said
        for step in (*finding.flow, *finding.related):
            assert f"line {step.region.start_line} {step.note}".strip() in said
        if finding.suppression:
            assert finding.suppression.reason in said
    for rule in report.rules:
        assert rule.description in said
        assert rule.remediation in said
    assert r"odd/\x1b[31m\u202e[bold]100%\xff name#?.env:1:17" in said
    assert "src/settings.py:3:16" in said
    assert "live: pay.example accepts it" in said
    assert "caf\\xe9.txt Permission denied" in said
    assert "'exclud' is not a setting" in said
    assert sum(tag == "article" for tag, _ in page.elements) == len(report.findings)


def test_each_link_within_leads_somewhere(page: Page) -> None:
    names = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(set(names)) == len(names)
    links = {attributes["href"] for _, attributes in page.elements if (attributes.get("href") or "").startswith("#")}
    assert links
    assert {(link or "").removeprefix("#") for link in links} <= {*names}


def test_the_index_has_a_row_a_card(page: Page, report: Report) -> None:
    index = page.index
    cards = [attributes["id"] for tag, attributes in page.elements if tag == "article"]
    assert [row[0] for row in index["findings"]] == cards
    assert {row[0]: row[4] for row in index["findings"]} == {
        one.fingerprint: one.location.region.start_line for one in report.findings
    }
    for row, name in zip(index["findings"], cards, strict=True):
        (finding,) = (one for one in report.findings if one.fingerprint == name)
        assert index["severities"][row[1]] == finding.severity.label
        assert index["rules"][row[2]][0] == finding.rule_id
        assert row[7] == (finding.suppression is not None)
    assert [row[7] for row in index["findings"]] == sorted(row[7] for row in index["findings"])


def test_equal_secrets_are_one_key_and_expressions_none(page: Page, report: Report) -> None:
    keys = {row[0]: row[5] for row in page.index["findings"]}
    by_value: dict[bytes, set[int]] = {}
    for finding in report.findings:
        by_value.setdefault(finding.secret.value, set()).add(keys[finding.fingerprint])
    assert by_value.pop(b"headers") == by_value.pop(b"") == {0}
    numbers = [number for (number,) in by_value.values()]
    assert 0 not in numbers
    assert len(set(numbers)) == len(numbers)


def planted(text: str) -> Report:
    """Return a report with a text in each place that takes one."""
    path = FileProvenance(f"{text}/{text}")
    one = Rule("r", f"n{text}", Severity.HIGH, Confidence.LOW, "pattern",
               description=text, impact=text, remediation=text,
               references=(f"https://a.example/{text}", f"x{text}"))  # fmt: skip
    excerpt = Excerpt(f"a{text}********{text}", 1 + len(text), 9 + len(text))
    place = Location(path, 0, 8, Region(1, 1, 2, 9), excerpt, f"n{text}")
    finding = Finding(
        "r", f"m{text}", one.severity, one.confidence, place, Secret(b"secret"), "f" * 32,
        evidence=(Evidence(f"e{text}", -1.5),), related=(place,), flow=(place,),
        suppression=Suppression(SuppressionKind.INLINE, text),
        life=Life(Commit("c" * 40, f"a{text}", "2026-01-01"), None, ((f"p{text}", 1),), (f"u{text}",)),
    )  # fmt: skip
    findings = (finding, replace(finding, suppression=None))
    return Report(f"/r{text}", findings, (ScanError(f"p{text}", f"m{text}"),), (one,), notes=(f"n{text}",))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_text_stays_text(text: str, rendered: Callable[..., str]) -> None:
    plain = Page(rendered("html", planted("plain"), owners=lambda path: ("plain",)))
    markup = rendered("html", planted(text), owners=lambda path: (text,))
    hostile = Page(markup)
    assert hostile.shape == plain.shape
    assert hostile.policy == plain.policy
    assert "<" not in "".join(held for _, one, held in hostile.held if one.get("type"))
    assert all(char.isprintable() or char == "\n" for char in markup)
    assert hostile.index.keys() == plain.index.keys()
    if text.isprintable():
        assert hostile.index["paths"] == [f"{text}/{text}"]
        assert hostile.index["owners"] == [text]
        assert text in hostile.text


def test_equal_fingerprints_have_names_of_their_own(report: Report, rendered: Callable[..., str]) -> None:
    page = Page(rendered("html", replace(report, findings=report.active[:1] * 3)))
    name = report.active[0].fingerprint
    assert [one["id"] for tag, one in page.elements if tag == "article"] == [name, f"{name}-2", f"{name}-3"]
    assert [row[0] for row in page.index["findings"]] == [name] * 3


def test_owners_are_said_where_they_are_known(page: Page, report: Report, rendered: Callable[..., str]) -> None:
    assert page.index["owners"] == [""]
    owned = Page(rendered("html", report, owners=lambda path: ("@shop/pay", "@eve") if path.startswith("src/") else ()))
    assert sorted(owned.index["owners"]) == ["", "@shop/pay, @eve"]
    assert "@shop/pay, @eve" in owned.text


def test_what_cannot_be_a_link_is_text(report: Report, rendered: Callable[..., str]) -> None:
    rule = replace(
        report.rules[0], references=("javascript:alert(1)", "//evil.example", "https://[bad", "https://a.example/?a&b")
    )
    page = Page(rendered("html", replace(report, rules=(rule, *report.rules[1:]))))
    links = {one.get("href") for _, one in page.elements}
    assert "https://a.example/?a&b" in links
    assert links.isdisjoint(rule.references[:3])
    assert "javascript:alert(1)" in page.text


@pytest.mark.parametrize(
    ("errors", "said"), [((), "No secrets found"), ((ScanError("a", "b"),), "Not everything could be scanned")]
)
def test_a_clean_report(errors: tuple[ScanError, ...], said: str, rendered: Callable[..., str]) -> None:
    page = Page(rendered("html", Report("/srv/shop", (), errors)))
    assert f"{said} in shop" in page.said()
    assert page.index["findings"] == []


def test_a_stopped_scan_says_so(report: Report, rendered: Callable[..., str]) -> None:
    assert "The scan was stopped" in Page(rendered("html", replace(report, stopped_by=2))).said()
