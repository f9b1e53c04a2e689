"""The page in a browser, where there is one: its script runs under its policy, filters, follows links, compares."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from keytrace.model import Report

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Any, report: Report, rendered: Callable[..., str], tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Open the page of a report at a link; nothing may be said on the console, nothing asked for, no dialog opened."""
    wrong: list[str] = []

    def visit(link: str = "", **settings: Any) -> Any:
        (tmp_path / "page.html").write_text(rendered("html", report, owners=lambda path: (path.split("/")[0],)))
        page = browser.new_context(**settings).new_page()
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.goto(f"{(tmp_path / 'page.html').as_uri()}{link}")
        page.on("request", lambda request: wrong.append(request.url))
        return page

    yield visit
    assert wrong == []


def shown(page: Any) -> list[str]:
    """Return the places that are shown."""
    places: list[str] = page.locator("#findings article:visible h3 > a").all_text_contents()
    return places


def test_all_findings_are_there_with_and_without_script(visit: Callable[..., Any], report: Report) -> None:
    assert len(shown(visit())) == len(report.active)
    without = visit(java_script_enabled=False)
    assert len(shown(without)) == len(report.findings)
    assert not without.locator("#tools").is_visible()


def test_filters_and_groups(visit: Callable[..., Any]) -> None:
    page = visit()
    page.locator("#levels button", has_text="high").click()
    assert shown(page) == ["src/settings.py:5:17", "src/tls.py:1:10"]
    page.get_by_label("Search in").fill("CLOUD_ID")
    assert shown(page) == ["src/settings.py:5:17"]
    assert page.locator("#status").inner_text().startswith("1 of 8 findings")
    page.get_by_text("Clear the filters").click()
    assert len(shown(page)) == 8
    page.get_by_label("Group by").select_option("file")
    headings = page.locator("#findings h2").all_inner_texts()
    assert "src/settings.py 2" in headings
    page.get_by_label("Show").select_option("suppressed")
    assert all(place.startswith("tests/") for place in shown(page))
    again = visit(page.evaluate("location.hash"))
    assert shown(again) == shown(page)


def test_links_lead_to_findings_rules_and_keys(visit: Callable[..., Any], report: Report) -> None:
    (hidden,) = (one for one in report.suppressed if one.location.provenance.path == "tests/b.py")
    page = visit(f"#{hidden.fingerprint}")
    assert page.locator(".here").get_attribute("id") == hidden.fingerprint
    page = visit("#rule-demo-payment-key")
    assert page.locator("#rule-demo-payment-key dl").is_visible()
    page.locator("article a[href^='#key-']").first.click()
    assert len(shown(page)) == 2


@pytest.mark.parametrize(
    "link", ["#%", "#?group=constructor&show=__proto__&severity=toString", "#?q=%", "#?rule=no-such"]
)
def test_no_link_breaks_the_page(link: str, visit: Callable[..., Any]) -> None:
    page = visit(link)
    page.get_by_label("Search in").fill("settings")
    page.get_by_label("Search in").fill("")
    assert page.locator("#tools").is_visible()
    assert "object" not in page.locator("#findings").inner_text()


def test_an_older_report_is_compared(
    visit: Callable[..., Any], report: Report, rendered: Callable[..., str], tmp_path: Path
) -> None:
    lost = replace(report.active[0], fingerprint="0" * 32, message="</script><img src=x onerror=alert(1)>")
    older = replace(report, findings=(lost, *report.active[3:]))
    for kind in ("json", "jsonl", "html"):
        (tmp_path / f"old.{kind}").write_text(rendered(kind, older))
        page = visit()
        page.locator("input[type=file]").set_input_files(tmp_path / f"old.{kind}")
        page.locator("#older").wait_for()
        assert page.locator("#older").inner_text().split("\n")[1:] == [
            "3 new",
            "1 gone",
            "5 unchanged",
            "Stop comparing",
        ]
        assert len(shown(page)) == 3
        page.locator("#older button", has_text="gone").click()
        assert page.locator("article.gone .facts").text_content() == "It is not reported any more."
        page.get_by_text("Stop comparing").click()
        assert len(shown(page)) == len(report.active)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"findings": []}', '{"tool": {"name": "other"}, "findings": []}', "\x00"]
)
def test_what_is_no_report_is_refused(text: str, visit: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text(text)
    page = visit()
    page.locator("input[type=file]").set_input_files(tmp_path / "old.json")
    page.locator("#older").wait_for()
    assert "is no report of keytrace that can be compared" in page.locator("#older").inner_text()


def test_a_phone_need_not_scroll_sideways(visit: Callable[..., Any]) -> None:
    page = visit(viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_on_a_phone_the_secret_of_a_long_line_is_in_sight(visit: Callable[..., Any]) -> None:
    page = visit(viewport={"width": 360, "height": 740})
    beyond = "all => all.filter(one => one.getBoundingClientRect().right > 360).length"
    assert page.locator("pre mark").evaluate_all(beyond) == 0
