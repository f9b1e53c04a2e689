"""What is seen of keys in the files of a tree: entries of formats, names that programs read, what the scan found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from keytrace.errors import ScannerError
from keytrace.lifecycle import documented, handed, shipped
from keytrace.lifecycle.definitions import definitions, dotenv, format_of, of_lines
from keytrace.lifecycle.definitions.entry import MOST
from keytrace.lifecycle.definitions.tree import BrokenError
from keytrace.lifecycle.key import Holds, Mention, Role
from keytrace.lifecycle.naming import name_before
from keytrace.lifecycle.reads import language_of, reads
from keytrace.lifecycle.wording import holds, password_in
from keytrace.model import Artifact, Confidence, Finding, Rule, ScanError, Severity, SuppressionKind
from keytrace.redaction.texts import MASK
from keytrace.text.encoding import decode
from keytrace.text.language import extension

_PASSED_OVER = frozenset(
    ".png .jpg .jpeg .gif .svg .ico .webp .woff .woff2 .ttf .eot .pdf .zip .gz .tgz .jar .whl .so .dll .exe .pyc .css "
    ".scss .less .html .htm .lock .po .pot .mo .csv .parquet .npy .bin .class .o .a .mp4 .mp3 .sum .map .snap".split()
)
_FLOWS = {
    "logged-credential": Role.LOGGED,
    "credential-in-url": Role.SENT,
    "credential-over-http": Role.SENT,
    "credential-in-response": Role.SENT,
}
_BELOW = 3  # lines that a value may stand below its name, that of the name among them
_SHORTEST = 6  # characters of a value that is compared


@dataclass(slots=True, eq=False)
class Seen:
    """A mention in its file, with what is known of it besides."""

    path: str
    mention: Mention
    text: bytes = field(repr=False)  # the line, of a value that stands below its name that of the value
    value: bytes = field(default=b"", repr=False)  # the secret itself, empty where there is none that counts
    by: str = ""  # the file that hands this one to a service
    rule: Rule | None = None
    is_sure: bool = False  # the scan takes the value for a secret
    is_guessed: bool = False  # it has a name of the rule's provider, and the shape of the rule's keys
    environment: str = ""
    service: str = ""
    owners: tuple[str, ...] = ()
    owned_by: str = ""
    day: str = ""
    number: int = 0  # of the commit that brought the line
    related: tuple[tuple[str, int], ...] = ()  # places of other parts of the same credential

    @property
    def name(self) -> str:
        return self.mention.name

    @property
    def scope(self) -> str:
        """What the key may do, empty where its format and name do not tell."""
        return self.rule.scope if self.rule is not None and not self.is_guessed else ""

    @property
    def place(self) -> tuple[str, int]:
        return self.path, self.mention.line


def look(
    artifacts: Collection[Artifact],
    findings: Iterable[Finding],
    rules: Mapping[str, Rule],
    limit: int,
    errors: list[ScanError],
) -> Iterator[Seen]:
    """Yield what is seen in files, each read once; what cannot be understood goes to `errors`."""
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.suppression is None or finding.suppression.kind is SuppressionKind.BASELINE:
            found[finding.location.provenance.path].append(finding)
    hands = handed.handed(artifacts, limit)
    for artifact in artifacts:
        path = artifact.provenance.path
        own = found.pop(path, [])
        if not own and (extension(path) in _PASSED_OVER or "/node_modules/" in path or "/vendor/" in path):
            continue
        try:
            data = decode(artifact.read(limit))
        except (OSError, ScannerError):
            continue  # the scan has told of it
        if data is not None:
            whose = hands.get(path, ())
            yield from _handed_on(_in_file(path, data, own, rules, errors, "dotenv" if whose else ""), whose)
    for path, own in found.items():  # members of archives
        for finding in own:
            if _is_value(finding, rules):
                yield _of_finding(path, finding, b"", rules)


def _handed_on(every: Iterable[Seen], hands: Sequence[handed.Hand]) -> Iterator[Seen]:
    """Yield what stands in a file once for each service that gets it; an example is handed to nobody."""
    for one in every:
        if not hands or one.mention.role is not Role.DEFINED:
            yield one
            continue
        for hand in hands:
            told = replace(one.mention, service=hand.service, environment=hand.environment, is_foreign=hand.is_foreign)
            yield replace(one, mention=told, by=hand.by)


def _in_file(
    path: str, data: bytes, findings: list[Finding], rules: Mapping[str, Rule], errors: list[ScanError], form: str
) -> Iterator[Seen]:
    mentions = list(_mentions(path, data, errors, form))
    if not mentions and not findings:
        return
    lines = data.split(b"\n")
    values = [finding for finding in findings if _is_value(finding, rules)]
    used: set[int] = set()
    for mention in mentions:
        seen = Seen(path, mention, _line_of(mention, lines))
        if mention.value is not None:
            _weigh(seen, values, used, rules)
        yield seen
    for finding in values:
        if id(finding) not in used:
            yield _of_finding(path, finding, lines[finding.location.region.start_line - 1], rules)
    for finding in findings:
        if finding.rule_id in _FLOWS:
            yield from _of_flow(path, finding, lines, mentions)


def _line_of(mention: Mention, lines: Sequence[bytes]) -> bytes:
    """Return the line of a value, which may stand below its name: `- name: A_KEY` and `value: …`; else that of it."""
    first = mention.line - 1
    if value := mention.value:
        for text in lines[max(first, 0) : first + _BELOW]:
            if value in text:
                return text
    return lines[first] if 0 <= first < len(lines) else b""


def _mentions(path: str, data: bytes, errors: list[ScanError], form: str) -> Iterator[Mention]:
    """Yield what the format or the language of a file says; a `form` that is given is that of another file's word."""
    if form := format_of(path, data[:MOST]) or form:
        try:
            yield from definitions(form, path, data)
        except BrokenError as error:
            if b"{{" not in data and b"{%" not in data:
                kind = "JSON" if path.endswith(".json") else "YAML"
                why = f"this is no valid {kind}; its entries are read line by line"
                errors.append(ScanError(path, f"line {error.line}: {why}"))
            yield from of_lines(form, data[:MOST])
        return
    if language := language_of(path, data):
        yield from reads(language, data)
    elif documented.claims(path):
        yield from documented.read(data)


def _weigh(seen: Seen, findings: list[Finding], used: set[int], rules: Mapping[str, Rule]) -> None:
    """Give a place its value, and the rule that found it there."""
    value = seen.mention.value or b""
    seen.value = password_in(value) or value
    for finding in findings:
        region = finding.location.region
        if region.start_line <= seen.mention.line + 1 and seen.mention.line <= region.end_line:
            secret = finding.secret.value
            if secret and (secret in value or value in secret):
                used.add(id(finding))
                _found(seen, finding, rules)
    if len(seen.value) < _SHORTEST:
        seen.value = b""


def _found(seen: Seen, finding: Finding, rules: Mapping[str, Rule]) -> None:
    rule = rules.get(finding.rule_id)
    if rule is None or (seen.rule is not None and seen.rule.analyzer == "pattern" and rule.analyzer != "pattern"):
        return
    seen.rule, seen.is_guessed = rule, bool(finding.found_by)
    seen.value = finding.secret.value
    seen.is_sure = finding.confidence >= Confidence.MEDIUM and finding.severity > Severity.INFO
    seen.related += tuple((one.provenance.path, one.region.start_line) for one in finding.related)


def _is_value(finding: Finding, rules: Mapping[str, Rule]) -> bool:
    """Tell whether the secret itself stands at the place of a finding; what clients get, another rule found there."""
    if finding.rule_id in rules and rules[finding.rule_id].analyzer == "client":
        return False
    excerpt = finding.location.excerpt
    return bool(finding.secret.value) and excerpt.text[excerpt.start : excerpt.end] == MASK


def _of_finding(path: str, finding: Finding, text: bytes, rules: Mapping[str, Rule]) -> Seen:
    """Return a value that the scan found where no format tells of it."""
    role = Role.DEFINED
    if dotenv.is_example(path) or documented.is_prose(path):
        role = Role.DOCUMENTED
    elif shipped.claims(path):
        role = Role.SHIPPED
    line = finding.location.region.start_line
    value = finding.secret.value
    mention = Mention(role, name_before(text, value), line, "code", value, holds(value))
    seen = Seen(path, mention, text, value)
    _found(seen, finding, rules)
    return seen


def _of_flow(path: str, finding: Finding, lines: list[bytes], mentions: list[Mention]) -> Iterator[Seen]:
    """Yield the place where a program sends or logs what it read, under the name that it reads there."""
    line = finding.location.region.start_line
    steps = {(step.provenance.path, step.region.start_line) for step in (*finding.flow, finding.location)}
    for mention in mentions:
        if mention.role is Role.READ and (path, mention.line) in steps:
            told = replace(mention, role=_FLOWS[finding.rule_id], line=line, holds=Holds.NAME)
            yield Seen(path, told, lines[line - 1])
