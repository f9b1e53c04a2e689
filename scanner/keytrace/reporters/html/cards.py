"""What the page says of one finding, and of one rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from keytrace.model import (
    Commit,
    CommitProvenance,
    Evidence,
    Excerpt,
    Finding,
    Life,
    Liveness,
    Location,
    Rule,
    Severity,
    outermost,
)
from keytrace.reporters.html.markup import element, link, said
from keytrace.reporters.layout import counted
from keytrace.reporters.saying import beyond_name

_BADGE = '<span class="badge live">live</span> '
_STRONGEST = 10  # bars of evidence come in so many widths


@dataclass(frozen=True, slots=True)
class Card:
    """A finding with its name in the page, the number of its key (0: it shows none) and its owner, if any."""

    name: str
    finding: Finding
    rule: Rule
    key: int
    owner: str


def card(one: Card, places: int) -> str:
    """Return a finding as an article; its key stands in so many `places`."""
    return "".join(_card(one, places))


def _card(one: Card, places: int) -> Iterator[str]:
    finding, rule = one.finding, one.rule
    is_live = finding.verification is not None and finding.verification.status is Liveness.LIVE
    kind = "suppressed" if finding.suppression else finding.severity.label
    yield f'<article id="{one.name}" class="{kind}" tabindex="-1">\n'
    yield f'<h3><b>{finding.severity.label}</b> {said(rule.name)} {_BADGE if is_live else ""}<a href="#{one.name}">'
    yield f"{shown_place(finding.location)}</a></h3>\n"
    if more := beyond_name(finding, rule):
        yield element("p", more[:1].upper() + more[1:]) + "\n"
    if told := finding.verification:
        yield f"<p><b>Is it live?</b> {said(told.said)}</p>\n"
    yield _code(finding.location)
    if finding.flow:
        yield _steps("flow", "How it gets there", finding.flow, finding.location)
    if finding.related:
        yield _steps("related", "Together with", finding.related, finding.location)
    if finding.life:
        yield _life(finding.life)
    if finding.suppression:
        yield f"<p><b>Suppressed</b> ({finding.suppression.kind.value}): {said(finding.suppression.reason)}</p>\n"
    if finding.evidence:
        yield '<details><summary>Why it is reported</summary>\n<ul class="evidence">\n'
        yield from map(_evidence, finding.evidence)
        yield "</ul>\n</details>\n"
    yield f'<p class="facts"><a href="#rule-{said(rule.id)}">{said(rule.id)}</a>'
    yield f" <span>{finding.confidence.label} confidence</span>"
    if places > 1:
        yield f' <a href="#key-{one.key}">Key {one.key}, in {places} places</a>'
    if one.owner:
        yield f" <span>{said(one.owner)}</span>"
    yield "</p>\n</article>\n"


def shown_place(location: Location) -> str:
    """Return path and line, with the commit where it is of history."""
    folder, slash, name = location.provenance.path.rpartition("/")
    place = outermost(location.provenance)
    commit = f"{place.commit.id[:10]}:" if isinstance(place, CommitProvenance) and place.commit.id else ""
    region = location.region
    return f"<code><i>{said(commit + folder + slash)}</i>{said(name)}:{region.start_line}:{region.start_column}</code>"


def _code(location: Location) -> str:
    if not location.excerpt.text.strip():
        return ""
    more = location.region.end_line - location.region.start_line
    rest = f"\n<i></i><s>{counted(more, 'more line')}</s>" if more else ""
    return f"<pre><i>{location.region.start_line}</i>{_marked(location.excerpt)}{rest}</pre>\n"


def _marked(excerpt: Excerpt) -> str:
    before, marked, after = excerpt.text[: excerpt.start], excerpt.text[excerpt.start : excerpt.end], ""
    after = excerpt.text[excerpt.end :].rstrip()
    return _line(before) + (f"<mark>{_line(marked)}</mark>" if marked else "") + _line(after)


def _line(text: str) -> str:
    return said(text.replace("\t", "    "))


def _steps(kind: str, title: str, steps: tuple[Location, ...], origin: Location) -> str:
    items = []
    for step in steps:
        place = f"line {step.region.start_line}"
        if step.provenance != origin.provenance:
            place = f"{step.provenance.path} {place}"
        code = f" <code>{_marked(step.excerpt).strip()}</code>" if step.excerpt.text.strip() else ""
        items.append(f"<li><b>{said(place)}</b> {said(step.note)}{code}</li>\n")
    return f'<p class="title">{title}</p>\n<ol class="{kind}">\n{"".join(items)}</ol>\n'


def _life(life: Life) -> str:
    """Return what became of a secret in history."""
    items = [("Brought", _commit(life.introduced))] if life.introduced.id else []
    if life.removed:
        items.append(("Taken out", _commit(life.removed)))
    items += [("Still in", f"{path}:{line}") for path, line in life.present]
    items += [("Still in", f"{path}, which git does not track") for path in life.untracked]
    items += [("Also in", what) for what in life.beside]
    rows = "".join(f"<li><b>{title}</b> {said(text)}</li>\n" for title, text in items)
    return f'<p class="title">In history</p>\n<ol class="life">\n{rows}</ol>\n' if rows else ""


def _commit(commit: Commit) -> str:
    return f"{commit.date} by {commit.author} in {commit.id[:10]}"


def _evidence(item: Evidence) -> str:
    width = min(round(2 * abs(item.weight)), _STRONGEST)
    side = "for" if item.weight >= 0 else "against"
    return f'<li class="{side} w{width}"><b>{item.weight:+.1f}</b> {said(item.text)}</li>\n'


def rule_section(rule: Rule, worst: Severity, number: int) -> str:
    """Return the documentation of a rule that was broken so often, at worst so badly."""
    count = counted(number, "finding") if number else "suppressed"
    parts = {
        "What it is": said(rule.description),
        "Why it matters": said(rule.impact),
        "What to do": said(rule.remediation),
        "More": "<br>".join(map(link, rule.references)),
    }
    rows = "".join(f"<dt>{title}</dt><dd>{text}</dd>\n" for title, text in parts.items() if text)
    return (
        f'<details id="rule-{said(rule.id)}" class="{worst.label}"><summary><b>{worst.label}</b> {said(rule.name)} '
        f"<code>{said(rule.id)}</code> <i>{count}</i></summary>\n<dl>\n{rows}</dl>\n</details>\n"
    )
