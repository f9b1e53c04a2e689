"""Comments in the scanned text that suppress a finding: ours, and those of other scanners.

On a line of the finding, on the one that opens the value below it (`key: |`, `key = (`, three quotes), or, below
one of several lines, on the line that begins with its closing quote or bracket:

    keytrace:ignore                                 every rule; a blank behind the colon does no harm
    keytrace:ignore[rule-id, other-rule]            these rules only
    keytrace:ignore -- why                          the reason is shown in reports
    keytrace:ignore until=2027-01-31 -- why         holds through that day
    gitleaks:allow  betterleaks:allow  trufflehog:ignore  kingfisher:ignore  ggignore
    pragma: allowlist secret  secretlint-disable-line
    nosec           in a comment; alone, or with a test for hardcoded credentials (B105 B106 B107, gosec's G101)
    nosemgrep, nosem  alone, or with an id that ends with the id of our rule or its name elsewhere, or speaks of secrets
    noqa            with one of the same tests of flake8-bandit (S105 S106 S107)

On the line above all that: `pragma: allowlist nextline secret` and `secretlint-disable-next-line` anywhere;
`keytrace:ignore`, `kingfisher:ignore` and `nosemgrep` where that line is a comment that starts with them, because a
comment behind code is about that code. What stands inside the secret itself or in a string is not a comment; what
cannot be understood does not hold. A comment in text of another language (a fence of Markdown, the cell of a notebook,
a block of YAML) is about lines, never about a block or the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from keytrace.errors import suggest
from keytrace.model import Rule, Suppression, SuppressionKind
from keytrace.text.document import Document
from keytrace.triage.comments import Standing, standing

_REACH = 1024  # bytes looked at on either side of a secret: a line of minified code may be megabytes long

_MARKER = re.compile(
    rb"""
      \b (?P<own> keytrace:[ ]?ignore ) (?! -(?:start|end|file)\b )
    | \b (?P<either> kingfisher:ignore ) \b
    | \b (?P<semgrep> nosem(?:grep)? ) \b
    | \b (?P<below> secretlint-disable-next-line | pragma:[ ]?(?:allow|white)list[ -]nextline[ -]secret ) \b
    | \b (?P<here> (?:gitleaks|betterleaks):allow | trufflehog:ignore | ggignore | secretlint-disable-line
        | pragma:[ ]?(?:allow|white)list[ -]secret ) \b
    | (?:\#|//|/\*)[ \t]* (?P<bandit> nosec ) \b
    | \#[ \t]* (?P<flake> noqa ) \b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_WORDS = (b"ignore", b"nosem", b"nosec", b"noqa", b"secretlint", b":allow", b"pragma:")  # one is in each of them
_AREA = re.compile(rb"\bkeytrace:[ ]?ignore-(start|end|file)\b")
_FILE_LINES = 20  # from the top, in which a comment for the whole file may stand
_OWN = re.compile(rb"(?:\#|//|/\*|--|;|%|<!--|\brem\b)[^\n\r]{0,200}?\b(keytrace:[ ]?ignore)(?!-end\b)", re.IGNORECASE)
# What ends a line when the value is on the next one, before a comment; the value must begin that line.
_OPENING = re.compile(
    rb"""
    (?: \"{3} | '{3} | ` | [(=\\:] | [=:][ \t]*["'] | (?<=[ \t:])[|>][+-]?\d?[+-]?
      | <<[-~]?[ \t]*["']?\w+["']?[ \t]*(?:[>|&].*)?
      | <[A-Za-z][^<>]*> )
    [ \t]* (?: (?:\#|//|/\*|<!--) .* )?
    """,
    re.VERBOSE,
)
_BEGINNING = re.compile(rb"[ \t]*(?:[rbfu]{0,2}[\"'`]{1,3})?", re.IGNORECASE)
_COMMENT_LINE = re.compile(rb"[ \t]*(?:\#|//|/\*|--|;|<!--)")
_MOST_ABOVE = 3  # lines between the one that opens a value and the value: comments
_CLOSING = re.compile(rb"[ \t]*(?:[\"'`)\]}]|</)")
_COMMENT_START = re.compile(rb"[ \t]*(?:[^\w\s]{1,4}|@?rem|dnl)[ \t]*", re.IGNORECASE)
_COMMENT_END = re.compile(rb"\*/|--!?>|[#%]\}|[%?]>|\*\)")

_RULES = re.compile(r"\s*\[([^\]]*)\]")
_RULE_ID = re.compile(r"\s*([\w./:-]+)\s*", re.ASCII)
_UNTIL = re.compile(r"\buntil\s*[=:]\s*(\S*)")
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?![\w-])", re.ASCII)
_UNCLEAR = re.compile(r"[\w\[(:.]|-(?!-)")  # how a tail begins that is neither a reason nor another comment

_BANDIT_ID = r"(?:[A-Z]\d{3}|[a-z]+(?:_[a-z]+)+)"
_BANDIT_IDS = re.compile(rf"\s*:?\s*({_BANDIT_ID}(?:[\s,]+{_BANDIT_ID})*)\b")
_BANDIT_OURS = re.compile(r"\b(?:B10[567]|G101|hardcoded_password_(?:string|funcarg|default))\b")
_FLAKE_OURS = re.compile(r"\s*:[^#]*\bS10[567]\b", re.IGNORECASE)
_SEMGREP_IDS = re.compile(r"\s*:\s*([\w.-]+(?:\s*,\s*[\w.-]+)*)", re.ASCII)
_SEMGREP_OURS = re.compile(r"secret|passw|credential|hardcode|api-?key|private-?key", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the comments near a finding say; `note` tells of one of ours that does not hold although it may seem to."""

    suppression: Suppression | None = None
    note: str = ""


_NOTHING = Verdict()


Ids = Callable[[], Collection[str]]  # of all rules there are, selected or not


def suppression(document: Document, start: int, end: int, rule: Rule, today: date, ids: Ids) -> Verdict:
    """Return what the comments near the secret at [start, end) say about a finding of `rule`, else what those say that
    hold for more than one line.
    """
    if not _may_suppress(document):
        return _NOTHING
    first, last = document.line_at(start), document.line_at(max(start, end - 1))
    note = ""
    for verdict in (*_near(document, start, end, rule, today, ids), *_around(document, first, last, rule, today, ids)):
        if verdict.suppression:
            return verdict
        note = note or verdict.note
    return Verdict(note=note) if note else _NOTHING


@lru_cache(maxsize=1)  # asked for by each finding of a document
def _may_suppress(document: Document) -> bool:
    """Tell whether there may be a comment of any kind in a document: in most there is none."""
    text = document.data.lower()
    return any(word in text for word in _WORDS)


def _near(document: Document, start: int, end: int, rule: Rule, today: date, ids: Ids) -> Iterator[Verdict]:
    """Yield what the comments on the lines of a secret and on the line above them say."""
    data = document.data
    first, last = document.line_at(start), document.line_at(max(start, end - 1))
    head = _head(document, first, start)
    if head < last < len(document.line_starts) and _CLOSING.match(data, document.line_starts[last]):
        last += 1
    low = max(document.line_span(max(head - 1, 1))[0], start - _REACH)
    high = min(document.line_span(last)[1], end + _REACH)
    text = data[low:high].lower()
    if not any(word in text for word in _WORDS):
        return  # the usual case
    for marker in _MARKER.finditer(data, low, high):
        number = document.line_at(marker.start())
        in_secret = marker.start() < end and marker.end() > start
        between = number < first and _COMMENT_LINE.match(data, document.line_span(number)[0]) is not None
        if not in_secret and _applies(document, marker, number, above=number < head or between):
            tail = _tail(document, marker, number, start)
            yield _placed(document, marker, number, _read(marker, tail, number, rule, today, ids))


def _placed(document: Document, marker: re.Match[bytes], number: int, verdict: Verdict) -> Verdict:
    """Return the verdict of a marker, unless it would hold and is not in a comment."""
    kind = marker.lastgroup or ""
    place = standing(document, marker.start(kind)) if verdict.suppression else Standing.COMMENT
    if place in (Standing.COMMENT, Standing.QUOTED):
        return verdict
    return Verdict(note=_fails(marker[kind].decode("ascii"), number, place.value))


def _fails(name: str, number: int, why: str) -> str:
    return f"line {number}: '{name}' does not hold: {why}"


def _head(document: Document, first: int, start: int) -> int:
    """Return the line that opens the value at `start`, which begins line `first`; that line itself if none does."""
    data = document.data
    if start - document.line_span(first)[0] > _REACH or not _BEGINNING.fullmatch(
        data, document.line_span(first)[0], start
    ):
        return first
    for number in range(first - 1, max(first - 1 - _MOST_ABOVE, 0), -1):
        line_start, line_end = document.line_span(number)
        if line_end - line_start > _REACH:
            break
        if _COMMENT_LINE.match(data, line_start, line_end):
            continue
        return number if _opens(data[line_start:line_end]) else first
    return first


def _opens(line: bytes) -> bool:
    return any(_OPENING.fullmatch(line, found.start()) for found in _OPENING.finditer(line))


def _around(document: Document, first: int, last: int, rule: Rule, today: date, ids: Ids) -> Iterator[Verdict]:
    """Yield what the comments say that hold for a block or for the whole file."""
    for area in _areas(document):
        if area.first <= first and last <= area.last:
            name = area.marker[0].decode()
            if area.why:
                yield Verdict(note=_fails(name, area.number, area.why))
                continue
            tail = _tail(document, area.marker, area.number, len(document.data))
            yield _read_own(name, tail, area.number, rule, today, ids)


@dataclass(frozen=True, slots=True)
class _Area:
    """The lines for which a comment holds, or would if there were not the reason `why`."""

    marker: re.Match[bytes]
    number: int
    first: int
    last: int
    why: str = ""


@lru_cache(maxsize=1)  # asked for by each finding of a document
def _areas(document: Document) -> tuple[_Area, ...]:
    data, end = document.data, len(document.line_starts)
    if b"ignore-" not in data:
        return ()
    areas: list[_Area] = []
    opened: tuple[re.Match[bytes], int] | None = None
    for marker in _AREA.finditer(data):
        number = document.line_at(marker.start())
        if not _is_alone(document, marker, number):
            continue
        if why := standing(document, marker.start()).value:
            areas += [_Area(marker, number, 1 if marker[1] == b"file" else number, end, why)] * (marker[1] != b"end")
        elif marker[1] == b"file":
            why = "" if number <= _FILE_LINES else f"it must stand in the first {_FILE_LINES} lines"
            areas.append(_Area(marker, number, 1, end, why))
        elif marker[1] == b"start":
            opened = opened or (marker, number)
        elif opened:
            areas.append(_Area(*opened, opened[1], number))
            opened = None
    if opened:
        areas.append(_Area(*opened, opened[1], end, "there is no keytrace:ignore-end below it"))
    return tuple(areas)


def own_comments(document: Document) -> Iterator[int]:
    """Yield the lines with a comment of ours, each once."""
    last = 0
    for marker in _OWN.finditer(document.data) if b"ignore" in document.data else ():
        number = document.line_at(marker.start(1))
        if number != last and standing(document, marker.start(1)) is not Standing.STRING:
            yield number
        last = number


def _tail(document: Document, marker: re.Match[bytes], number: int, start: int) -> str:
    """Return what follows a marker in its comment, up to the secret that begins at `start`: it may be shown."""
    line_end = document.line_span(number)[1]
    if marker.end() <= start < line_end:
        line_end = start
    tail = document.data[marker.end() : min(line_end, marker.end() + _REACH)]
    return _COMMENT_END.split(tail, maxsplit=1)[0].decode("utf-8", "replace")


def _applies(document: Document, marker: re.Match[bytes], number: int, *, above: bool) -> bool:
    """Tell whether a marker of this kind may stand where it stands."""
    if marker.lastgroup == "below":
        return above
    if not above:
        return True
    return marker.lastgroup not in ("here", "bandit", "flake") and _is_alone(document, marker, number)


def _is_alone(document: Document, marker: re.Match[bytes], number: int) -> bool:
    """Tell whether a line is nothing but a comment that begins with a marker."""
    line_start, line_end = document.line_span(number)
    if not _COMMENT_START.fullmatch(document.data, line_start, marker.start()):
        return False
    comment_end = _COMMENT_END.search(document.data, marker.end(), line_end)
    return comment_end is None or not re.search(rb"[^\s})]", document.data[comment_end.end() : line_end])


def _read(marker: re.Match[bytes], tail: str, number: int, rule: Rule, today: date, ids: Ids) -> Verdict:
    """Judge a marker by what follows it in its comment."""
    kind = marker.lastgroup or ""
    name = marker[kind].decode("ascii")
    if kind == "own":
        return _read_own(name, tail, number, rule, today, ids)
    if kind == "bandit" and (tests := _BANDIT_IDS.match(tail)) and not _BANDIT_OURS.search(tests[1]):
        return _NOTHING
    if kind == "flake" and not _FLAKE_OURS.match(tail):
        return _NOTHING
    if kind == "semgrep" and tail.lstrip().startswith(":"):
        listed = _SEMGREP_IDS.match(tail)
        if not listed or not any(_is_semgreps(one, rule, ids) for one in re.split(r"\s*,\s*", listed[1])):
            return _NOTHING
    return _holds(name, number)


def _is_semgreps(name: str, rule: Rule, ids: Ids) -> bool:
    """Tell whether an id of semgrep is for a finding of `rule`: by its end, as a rule of ours or of gitleaks is called,
    of which semgrep has all; else whether it is about secrets at all.
    """
    last = name.rpartition(".")[2]
    known = {rule.id, *(one.partition(":")[2] or one for one in rule.aliases)}
    if last in known:
        return True
    of_another = last in ids() or (".gitleaks." in name and any(one.startswith("gitleaks:") for one in rule.aliases))
    return not of_another and _SEMGREP_OURS.search(name) is not None


def _read_own(name: str, tail: str, number: int, rule: Rule, today: date, ids: Ids) -> Verdict:
    def fails(why: str) -> Verdict:
        return Verdict(note=_fails(name, number, why))

    if listed := _RULES.match(tail):
        if why := _about_others(listed[1], rule, ids):
            return fails(why)
        tail = tail[listed.end() :]
    for value in _UNTIL.findall(tail):
        try:
            last_day = date.fromisoformat(found[1] if (found := _DATE.match(value)) else "")
        except ValueError:
            return fails("its date must have the form until=YYYY-MM-DD")
        if last_day < today:
            return fails(f"it expired on {last_day}")
    tail = " ".join(_UNTIL.sub("", tail).split())
    if _UNCLEAR.match(tail):
        return fails("it may be followed by [rule-id], until=YYYY-MM-DD and '-- reason'")
    return _holds(name, number, tail[2:].strip() if tail.startswith("--") else "")


def _about_others(listed: str, rule: Rule, ids: Ids) -> str:
    """Return why a comment with these rules is not about a finding of `rule`; nothing if it is."""
    found = [_RULE_ID.fullmatch(item) for item in listed.split(",")]
    names = [item[1] for item in found if item]
    if len(names) < len(found):
        return "the brackets must list rule ids, separated by commas"
    if rule.id in names or any(one in names or one.partition(":")[2] in names for one in rule.aliases):
        return ""
    unknown = next((one for one in names if one not in ids()), None)
    if unknown is None:
        return f"it names {', '.join(names)}; this is {rule.id}"
    return f"there is no rule '{unknown}'; {suggest(unknown, ids()) or f'this is {rule.id}'}"


def _holds(name: str, number: int, reason: str = "") -> Verdict:
    where = f"{name} on line {number}"
    return Verdict(Suppression(SuppressionKind.INLINE, f"{where}: {reason}" if reason else where, number))
