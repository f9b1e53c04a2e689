"""Comments in the scanned text that suppress a finding: ours, and those of other scanners.

On a line of the finding (or, below one of several lines, on the line that begins with its closing quote or bracket):

    keytrace:ignore                                 every rule
    keytrace:ignore[rule-id, other-rule]            these rules only
    keytrace:ignore -- why                          the reason is shown in reports
    keytrace:ignore until=2027-01-31 -- why         holds through that day
    gitleaks:allow  betterleaks:allow  trufflehog:ignore  kingfisher:ignore  ggignore
    pragma: allowlist secret  secretlint-disable-line
    nosec           in a comment; alone, or with a test for hardcoded credentials (B105 B106 B107, gosec's G101)
    nosemgrep       alone, or with an id that holds the id of our rule or speaks of secrets

On the line above: `pragma: allowlist nextline secret` and `secretlint-disable-next-line` anywhere; `keytrace:ignore`,
`kingfisher:ignore` and `nosemgrep` where that line is a comment that starts with them, because a comment behind code is
about that code. What stands inside the secret itself is not a comment; what cannot be understood does not hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from keytrace.model import Rule, Suppression, SuppressionKind
from keytrace.text.document import Document

_REACH = 1024  # bytes looked at on either side of a secret: a line of minified code may be megabytes long

_MARKER = re.compile(
    rb"""
      \b (?P<own> keytrace:ignore )
    | \b (?P<either> kingfisher:ignore ) \b
    | \b (?P<semgrep> nosemgrep ) \b
    | \b (?P<below> secretlint-disable-next-line | pragma:[ ]?(?:allow|white)list[ -]nextline[ -]secret ) \b
    | \b (?P<here> (?:gitleaks|betterleaks):allow | trufflehog:ignore | ggignore | secretlint-disable-line
        | pragma:[ ]?(?:allow|white)list[ -]secret ) \b
    | (?:\#|//|/\*)[ \t]* (?P<bandit> nosec ) \b
    """,
    re.IGNORECASE | re.VERBOSE,
)
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
_SEMGREP_OURS = re.compile(r"secret|passw|credential|hardcode|api-?key|private-?key", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the comments near a finding say; `note` tells of one of ours that does not hold although it may seem to."""

    suppression: Suppression | None = None
    note: str = ""


_NOTHING = Verdict()


def suppression(document: Document, start: int, end: int, rule: Rule, today: date) -> Verdict:
    """Return what the comments near the secret at [start, end) say about a finding of `rule`."""
    data = document.data
    first, last = document.line_at(start), document.line_at(max(start, end - 1))
    if first < last < len(document.line_starts) and _CLOSING.match(data, document.line_starts[last]):
        last += 1
    low = max(document.line_span(max(first - 1, 1))[0], start - _REACH)
    high = min(document.line_span(last)[1], end + _REACH)
    note = ""
    for marker in _MARKER.finditer(data, low, high):
        number = document.line_at(marker.start())
        in_secret = marker.start() < end and marker.end() > start
        if in_secret or not _applies(document, marker, number, above=number < first):
            continue
        line_end = document.line_span(number)[1]
        if marker.end() <= start < line_end:
            line_end = start  # what follows the marker may be shown as its reason: never the secret
        tail = _COMMENT_END.split(data[marker.end() : min(line_end, marker.end() + _REACH)], maxsplit=1)[0]
        verdict = _read(marker, tail.decode("utf-8", "replace"), number, rule, today)
        if verdict.suppression:
            return verdict
        note = note or verdict.note
    return Verdict(note=note) if note else _NOTHING


def _applies(document: Document, marker: re.Match[bytes], number: int, *, above: bool) -> bool:
    """Tell whether a marker of this kind may stand where it stands."""
    if marker.lastgroup == "below":
        return above
    if not above:
        return True
    if marker.lastgroup in ("here", "bandit"):
        return False
    line_start, line_end = document.line_span(number)
    if not _COMMENT_START.fullmatch(document.data, line_start, marker.start()):
        return False
    comment_end = _COMMENT_END.search(document.data, marker.end(), line_end)
    return comment_end is None or not re.search(rb"[^\s})]", document.data[comment_end.end() : line_end])


def _read(marker: re.Match[bytes], tail: str, number: int, rule: Rule, today: date) -> Verdict:
    """Judge a marker by what follows it in its comment."""
    kind = marker.lastgroup or ""
    name = marker[kind].decode("ascii")
    if kind == "own":
        return _read_own(name, tail, number, rule, today)
    if kind == "bandit" and (ids := _BANDIT_IDS.match(tail)) and not _BANDIT_OURS.search(ids[1]):
        return _NOTHING
    if kind == "semgrep" and tail.lstrip().startswith(":") and not (rule.id in tail or _SEMGREP_OURS.search(tail)):
        return _NOTHING
    return _holds(name, number)


def _read_own(name: str, tail: str, number: int, rule: Rule, today: date) -> Verdict:
    def fails(why: str) -> Verdict:
        return Verdict(note=f"line {number}: '{name}' does not hold: {why}")

    if listed := _RULES.match(tail):
        ids = [_RULE_ID.fullmatch(item) for item in listed[1].split(",")]
        if any(item is None for item in ids):
            return fails("the brackets must list rule ids, separated by commas")
        if rule.id not in (item[1] for item in ids if item):
            return _NOTHING
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


def _holds(name: str, number: int, reason: str = "") -> Verdict:
    where = f"{name} on line {number}"
    return Verdict(Suppression(SuppressionKind.INLINE, f"{where}: {reason}" if reason else where))
