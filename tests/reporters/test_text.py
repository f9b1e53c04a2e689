"""The report for people: colours, hostile content, paths, the frame and the summary."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO, StringIO, TextIOWrapper

import pytest

from keytrace.model import Report, ScanError, Statistics
from keytrace.reporters import ReporterOptions, write
from keytrace.reporters.layout import cells
from keytrace.reporters.text import has_colors

STYLE = re.compile(r"\x1b\[[0-9;]*m")


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def on_terminal(report: Report, **options: object) -> str:
    stream = Terminal()
    write("text", report, stream, ReporterOptions(width=100, **options))  # type: ignore[arg-type]
    return stream.getvalue()


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


def test_a_terminal_gets_the_same_text_with_styles(report: Report, rendered: Callable[..., str]) -> None:
    styled = on_terminal(report, verbose=True)
    assert STYLE.search(styled)
    assert STYLE.sub("", styled) == rendered("text", report, verbose=True, width=100)


def test_no_color_is_honoured_and_an_option_overrules_it(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in on_terminal(report)
    assert STYLE.search(on_terminal(report, color=True))
    monkeypatch.delenv("NO_COLOR")
    assert "\x1b" not in on_terminal(report, color=False)


@pytest.mark.parametrize("color", [False, True])
def test_scanned_content_cannot_reach_the_terminal(color: bool, report: Report, rendered: Callable[..., str]) -> None:
    text = STYLE.sub("", rendered("text", report, verbose=True, color=color))
    assert all(char.isprintable() or char == "\n" for char in text)
    assert r"odd/\x1b[31m\u202e[bold]100%\xff name#?.env:1:" in text
    assert r"\x1b]0;gotcha\x07\u202eKEY=******** # [red]x[/red]" in text


def test_a_stream_that_cannot_express_a_character_gets_an_escape(report: Report) -> None:
    raw = BytesIO()
    stream = TextIOWrapper(raw, encoding="ascii", newline="\n")
    write("text", report, stream, ReporterOptions())
    stream.flush()
    assert rb'"\U0001f511 \u6f22\u5b57": "********"' in raw.getvalue()


@pytest.mark.parametrize(
    ("relative_to", "expected"),
    [
        ("/home/dev/shop", "src/settings.py:3:16"),
        ("/home/dev/shop/src/", "settings.py:3:16"),
        ("/home/dev", "shop/src/settings.py:3:16"),
        ("/home/dev/shop/sr", "/home/dev/shop/src/settings.py:3:16"),
        ("/elsewhere", "/home/dev/shop/src/settings.py:3:16"),
    ],
)
def test_paths_start_where_the_user_is(
    relative_to: str, expected: str, report: Report, rendered: Callable[..., str]
) -> None:
    assert f"critical  {expected}  Demo payment key" in rendered("text", report, relative_to=relative_to)


def test_the_mark_stands_under_the_mask(report: Report, rendered: Callable[..., str]) -> None:
    assert (
        '     1 |     "🔑 漢字": "********",\n'
        "       |                 ^^^^^^^^\n"  # 🔑 and 漢字 are two columns wide each
    ) in rendered("text", report)


def test_what_to_do_is_said_once_for_each_rule(report: Report, rendered: Callable[..., str]) -> None:
    text = rendered("text", report)
    assert text.count("Roll the key at") == 1
    assert text.count("[demo-payment-key, high confidence]") == 3
    assert "as for" not in text


def test_the_worst_comes_first_then_file_by_file(report: Report, rendered: Callable[..., str]) -> None:
    heads = re.findall(r"^(critical|high|medium|low|info)  /?\S.*?:(\d+):\d+  ", rendered("text", report), re.MULTILINE)
    levels = [level for level, _ in heads]
    assert levels == sorted(levels, key=["critical", "high", "medium", "low", "info"].index)
    assert len(heads) == len(report.active)
    table = rendered("text", report).partition("scanned:")[2].splitlines()[4:9]
    assert [re.split(r" {2,}", line) for line in table] == [
        ["critical", "3", "demo-payment-key", r"odd/\x1b[31m\u202e[bold]100%\xff name#?.env and 2 more files"],
        ["high", "2", "demo-cloud-credentials", "src/settings.py and 1 more file"],
        ["medium", "1", "secret-is-logged", "src/client.py"],
        ["low", "1", "their-rule", "stdin"],
        ["info", "1", "keystore-file", "app.keystore"],
    ]


def test_a_message_does_not_repeat_the_name_of_its_rule(report: Report, rendered: Callable[..., str]) -> None:
    finding = next(one for one in report.active if one.rule_id == "demo-payment-key")
    more = replace(finding, message="Demo payment key, decoded from base64")
    text = rendered("text", replace(report, findings=(more,)))
    assert "\n    decoded from base64\n" in text


def test_nothing_but_addresses_is_wider_than_the_page(report: Report, rendered: Callable[..., str]) -> None:
    for width in (80, 120):
        lines = rendered("text", report, width=width, verbose=True).splitlines()
        wide = [line for line in lines if cells(line) > width]
        assert [line for line in wide if HOSTILE not in line] == []
    assert max(map(len, rendered("text", report).splitlines())) > 100, "what goes to a file is not cut"


HOSTILE = r"name#?.env:1:17"


@pytest.mark.parametrize(
    ("environment", "terminal", "styled"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"TERM": "dumb"}, True, False),
        ({"CLICOLOR": "0"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"CLICOLOR_FORCE": "1"}, False, True),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, False, True),
        ({"FORCE_COLOR": "0"}, True, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
        ({"GITHUB_ACTIONS": "true"}, False, False),  # not standard output: a file, or a text in memory
    ],
)
def test_when_there_are_colours(
    environment: dict[str, str], terminal: bool, styled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert has_colors(Terminal() if terminal else StringIO()) is styled


def last_lines(report: Report, rendered: Callable[..., str]) -> list[str]:
    return rendered("text", report).rstrip().split("\n\n")[-1].splitlines()


def test_summary_of_findings(report: Report, rendered: Callable[..., str]) -> None:
    assert rendered("text", report).rstrip().split("\n\n")[-3].splitlines() == [
        "note: keytrace.toml: 'exclud' is not a setting",
        "could not be scanned:",
        r"    caf\xe9.txt: Permission denied",
        "    /mnt/big.log: larger than 50 MB",
    ]
    assert last_lines(report, rendered) == [
        "8 findings: 3 critical, 2 high, 1 medium, 1 low, 1 info; scanned 1234 files, 5.7 MB in 0.50 s",
        "1 binary file searched only for keys with a format of their own",
        "left out: 2 by .gitignore, 1 special file; --list-skipped names them",
        "4 suppressed: 2 baseline, 1 allowlist, 1 inline",
        "4 below the thresholds; --min-severity info --min-confidence low shows them",
        "Why one is reported: keytrace explain FILE:LINE",
        "No secret? Add the comment  keytrace:ignore[rule-id] -- why  to its line",
    ]


def test_clean_result_is_one_line(rendered: Callable[..., str]) -> None:
    clean = Report("/r", (), statistics=Statistics(files=1, bytes=999, seconds=0.034))
    assert rendered("text", clean) == "No secrets found in 1 file, 999 B in 0.03 s\n"


def test_a_scan_of_nothing_or_with_errors_is_not_called_clean(rendered: Callable[..., str]) -> None:
    assert rendered("text", Report("/r", ())) == "Nothing to scan: no files\n"
    failed = Report("/r", (), errors=(ScanError("a", "Permission denied"),))
    assert rendered("text", failed) == (
        "could not be scanned:\n    a: Permission denied\n"
        "No findings, but not everything could be scanned; scanned 0 files, 0 B in 0.00 s\n"
    )


def test_sizes(report: Report, rendered: Callable[..., str]) -> None:
    for size, expected in [(0, "0 B"), (1000, "1.0 kB"), (999_999, "1000.0 kB"), (2_500_000_000, "2.5 GB")]:
        statistics = Statistics(files=1, bytes=size)
        assert f", {expected} in" in rendered("text", replace(report, findings=(), statistics=statistics))


def test_a_related_place_on_the_line_that_is_shown_already(report: Report, rendered: Callable[..., str]) -> None:
    (finding,) = (one for one in report.findings if one.related)
    same = replace(finding, related=(replace(finding.location, note="the key id"),))
    lines = rendered("text", replace(report, findings=(same,))).splitlines()
    assert f"    together with line {finding.location.region.start_line}, the key id" in lines


def test_a_step_on_the_line_that_is_shown_needs_no_code(report: Report, rendered: Callable[..., str]) -> None:
    finding = next(one for one in report.findings if one.flow)
    flow = (*finding.flow, replace(finding.location, note="logged"))
    text = rendered("text", replace(report, findings=(replace(finding, flow=flow),)))
    assert f"\n    -> line {finding.location.region.start_line}, logged\n" in text
    far = replace(finding.location.region, start_column=finding.location.region.start_column + 1000)
    flow = (*finding.flow, replace(finding.location, note="logged", region=far))
    text = rendered("text", replace(report, findings=(replace(finding, flow=flow),)))
    assert f"\n    -> line {far.start_line}, logged: log.info(" in text
