"""One page for a browser, complete in itself: it loads nothing, sends nothing, and is all there without its script.

The script (page.js) moves the cards that are there about: it searches, filters, groups, and compares with an older
report that is dropped onto the page. The policy of the page names the digests of that script and of the style sheet, so
that nothing else runs; what comes from a scanned tree is text, in markup (cards.py) and in the index for the script.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files
from typing import Any, TextIO

from keytrace.model import Report, Severity
from keytrace.reporters import ReporterOptions
from keytrace.reporters.html.cards import Card, card, rule_section, shown_place
from keytrace.reporters.html.markup import element, said
from keytrace.reporters.layout import counted, joined_notes, printable, readable_size, shows_key, worst_first
from keytrace.reporters.records import TOOL
from keytrace.rules.stored import by_id

_FORMAT = "keytrace-html/1"


def write(report: Report, stream: TextIO, options: ReporterOptions) -> None:
    cards = _cards(report, options)
    style, script = _part("page.css"), _part("page.js")
    stream.write(f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n{_policy(style, script)}')
    stream.write(
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        '<meta name="robots" content="noindex">\n'
        f"{element('title', f'keytrace: {_verdict(report)} in {_project(report)}')}\n<style>{style}</style>\n"
        "</head>\n<body>\n"
    )
    for piece in (_header(report), _TOOLS, _findings(cards), _rules(report), _keys(cards), _rest(report), _FOOTER):
        stream.writelines(piece)
    stream.write(f'<script type="application/json" id="data">{_inert(_index(report, cards))}</script>\n')
    stream.write(f"<script>{script}</script>\n</body>\n</html>\n")


def _part(name: str) -> str:
    return "\n" + files(__package__).joinpath(name).read_text("utf-8")


def _policy(style: str, script: str) -> str:
    digest = {part: b64encode(sha256(part.encode()).digest()).decode() for part in (style, script)}
    policy = (
        f"default-src 'none'; script-src 'sha256-{digest[script]}'; style-src 'sha256-{digest[style]}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    return f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'


def _inert(value: Any) -> str:
    """Return JSON that ends no element and opens none, whatever it holds."""
    text = json.dumps(value, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _cards(report: Report, options: ReporterOptions) -> list[Card]:
    """Return what is shown of each finding, the worst first and what is suppressed last; equal secrets share a key."""
    rules, keys, names = by_id(report.rules), dict[bytes, int](), set[str]()
    cards = []
    for finding in sorted(report.findings, key=lambda one: (one.suppression is not None, worst_first(one))):
        number = 1
        while (name := finding.fingerprint if number == 1 else f"{finding.fingerprint}-{number}") in names:
            number += 1
        names.add(name)
        key = keys.setdefault(finding.secret.value, len(keys) + 1) if shows_key(finding) else 0
        owner = ", ".join(options.owners(finding.location.provenance.path)) if options.owners else ""
        cards.append(Card(name, finding, rules[finding.rule_id], key, owner))
    return cards


# --- the head of the page ---------------------------------------------------------------------------------------------


def _verdict(report: Report) -> str:
    if report.active:
        return counted(len(report.active), "finding")
    return "not everything could be scanned" if report.errors or report.stopped_by else "no secrets found"


def _project(report: Report) -> str:
    return (report.shown_root or report.root).replace("\\", "/").rstrip("/").rpartition("/")[2] or "/"


def _header(report: Report) -> Iterator[str]:
    verdict, statistics = _verdict(report), report.statistics
    when = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    members = f", {counted(statistics.members, 'member')} of archives" if statistics.members else ""
    lead = f"{counted(statistics.files, 'file')}{members}, {readable_size(statistics.bytes)} scanned"
    yield '<header>\n<p class="brand">keytrace</p>\n'
    yield f"<h1>{said(verdict[:1].upper() + verdict[1:])} <span>in {said(_project(report))}</span></h1>\n"
    yield f"<p>{said(f'{lead} in {statistics.seconds:.2f} s')} <time>{when}</time></p>\n"
    if report.stopped_by:
        yield '<p class="alert">The scan was stopped: what is here is what was found before.</p>\n'
    if report.errors:
        files_left = counted(len(report.errors), "place")
        yield f'<p class="alert"><a href="#errors">{files_left} could not be scanned</a>, so there may be more.</p>\n'
    if report.active:
        yield '<ul id="levels">\n'
        for level in reversed(Severity):
            if number := sum(finding.severity is level for finding in report.active):
                yield f'<li class="{level.label}"><b>{number:,}</b> {level.label}</li>\n'
        yield "</ul>\n"
    yield "</header>\n"


_TOOLS = (
    '<form id="tools" role="search" hidden>\n'
    '<input id="query" type="search" placeholder="Search" aria-label="Search in paths, rules, code and steps"'
    ' autocomplete="off" spellcheck="false" maxlength="200">\n'
    '<div id="choices"></div>\n'
    '<p id="status" role="status"></p>\n'
    '<p id="older" role="status" hidden></p>\n'
    "</form>\n"
)
_FOOTER = (
    "<footer>\n<p>Secrets are masked. This page loads nothing and sends nothing; an older report that is dropped onto "
    f'it stays in the browser.</p>\n<p>keytrace {TOOL["version"]}</p>\n</footer>\n'
)  # fmt: skip


# --- what was found ---------------------------------------------------------------------------------------------------


def _findings(cards: Sequence[Card]) -> Iterator[str]:
    yield '<main id="findings">\n'
    places: dict[int, int] = {}
    for one in cards:
        places[one.key] = places.get(one.key, 0) + 1
    heading = ""
    for one in cards:
        group = "Suppressed" if one.finding.suppression else one.finding.severity.label.capitalize()
        if group != heading:
            heading = group
            yield f"<h2>{group}</h2>\n"
        yield card(one, places[one.key] if one.key else 0)
    if not cards:
        yield "<p>Nothing was found.</p>\n"
    yield "</main>\n"


def _rules(report: Report) -> Iterator[str]:
    """Say what each rule means, once, with how often it was broken: the worst and most frequent first."""
    numbers: dict[str, list[int]] = {}
    for finding in report.findings:
        row = numbers.setdefault(finding.rule_id, [-1, 0])
        if finding.suppression is None:
            row[0], row[1] = max(row[0], finding.severity), row[1] + 1
    if not numbers:
        return
    rules = by_id(report.rules)
    yield '<section id="rules">\n<h2>What to do, by rule</h2>\n'
    for rule_id, (worst, number) in sorted(numbers.items(), key=lambda row: (-row[1][0], -row[1][1], row[0])):
        rule = rules[rule_id]
        yield rule_section(rule, Severity(worst) if worst >= 0 else rule.severity, number)
    yield "</section>\n"


def _keys(cards: Sequence[Card]) -> Iterator[str]:
    """List the keys that stand in several places, with all of these."""
    same: dict[int, list[Card]] = {}
    for one in cards:
        same.setdefault(one.key, []).append(one)
    several = {key: places for key, places in same.items() if key and len(places) > 1}
    if not several:
        return
    yield '<section id="keys">\n<h2>Keys in several places</h2>\n'
    for key, places in several.items():
        first = places[0]
        yield f'<details id="key-{key}"><summary><b>Key {key}</b> <code>{said(first.finding.secret.redacted)}</code> '
        yield f"{said(first.rule.name)} <i>{len(places)} places</i></summary>\n<ul>\n"
        yield from (f'<li><a href="#{one.name}">{shown_place(one.finding.location)}</a></li>\n' for one in places)
        yield "</ul></details>\n"
    yield "</section>\n"


def _rest(report: Report) -> Iterator[str]:
    """Say what was not looked at, and why."""
    yield from _list("errors", "Could not be scanned", [(one.path, one.message) for one in report.errors])
    yield from _list("notes", "Notes", [("", note) for note in joined_notes(report.notes)])
    yield from _list("skipped", "Left out", [(one.path, one.reason.value) for one in report.skipped])


def _list(name: str, title: str, rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    if not rows:
        return
    yield f'<section id="{name}">\n<details{" open" if len(rows) <= 20 else ""}>'
    yield f"<summary><h2>{title} <span>{len(rows):,}</span></h2></summary>\n<ul>\n"
    yield from (f"<li>{element('code', path) + ' ' if path else ''}{said(text)}</li>\n" for path, text in rows)
    yield "</ul>\n</details>\n</section>\n"


# --- the index for the script -----------------------------------------------------------------------------------------


def _index(report: Report, cards: Sequence[Card]) -> dict[str, Any]:
    """Return what the script filters by, a row a card in the order of the page; names stand once, rows have numbers."""
    rules, paths, owners = ({**dict.fromkeys(names)} for names in (
        (one.finding.rule_id for one in cards), (one.finding.location.provenance.path for one in cards),
        (one.owner for one in cards),
    ))  # fmt: skip
    numbers = [{name: number for number, name in enumerate(names)} for names in (rules, paths, owners)]
    known = by_id(report.rules)
    return {
        "format": _FORMAT,
        "tool": TOOL,
        "severities": [level.label for level in Severity],
        "rules": [[rule, known[rule].name] for rule in rules],
        "paths": list(map(printable, paths)),
        "owners": list(map(printable, owners)),
        "keys": {one.key: f"{one.finding.secret.redacted} {one.rule.name}" for one in reversed(cards) if one.key},
        "findings": list(_rows(cards, *numbers)),
    }


def _rows(
    cards: Iterable[Card], rules: dict[str, int], paths: dict[str, int], owners: dict[str, int]
) -> Iterator[list[Any]]:
    for one in cards:
        finding, place = one.finding, one.finding.location
        yield [
            finding.fingerprint, finding.severity.value, rules[finding.rule_id], paths[place.provenance.path],
            place.region.start_line, one.key, owners[one.owner], int(finding.suppression is not None),
            finding.verification.status.value if finding.verification else "",
        ]  # fmt: skip
