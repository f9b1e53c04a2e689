"""A report without secrets, but for the values of its findings: in paths, messages, evidence, reasons and notes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from keytrace.engine import Engine, Setup, load_engine
from keytrace.model import (
    CommitProvenance,
    Confidence,
    Excerpt,
    Finding,
    Location,
    MemberProvenance,
    Provenance,
    Rule,
    ScanError,
    outermost,
)
from keytrace.redaction.masks import every_rule
from keytrace.redaction.spellings import Exact
from keytrace.redaction.texts import MASK, hide, without_random

_NAME = re.compile(rb"[A-Z][A-Z0-9]*(?:_[A-Z0-9]*)+")
_WORDS = re.compile(rb"[A-Za-z]+[0-9]{0,2}(?:[._ -][A-Za-z]+[0-9]{0,2}){0,3}")
_FEW = 200_000  # characters of texts up to which rules that were not selected are not worth compiling


@dataclass(frozen=True, slots=True)
class Cover:
    """Texts that hold secrets, and how they may be shown."""

    texts: Mapping[str, str]
    values: Exact  # of secrets, which may stand in an excerpt of another file
    own: frozenset[str] = frozenset()  # the user's rule files: what ours say is known

    def text(self, text: str) -> str:
        return self.texts.get(text, text)

    def path(self, path: str) -> str:
        """Return a path, in which only the secret part of a name is hidden."""
        return "/".join(map(self.text, path.split("/"))) if self.texts else path

    def error(self, error: ScanError) -> ScanError:
        path, file = self.path(error.path), self.path(error.file)
        return replace(error, path=path, message=self.text(error.message), file=file)

    def place(self, place: Location) -> Location:
        if not self.texts:
            excerpt = self.excerpt(place.excerpt)
            return place if excerpt is place.excerpt else replace(place, excerpt=excerpt)
        return replace(
            place,
            provenance=self.provenance(place.provenance),
            note=self.text(place.note),
            excerpt=self.excerpt(place.excerpt),
        )

    def provenance(self, provenance: Provenance) -> Provenance:
        path = self.path(provenance.path)
        if isinstance(provenance, MemberProvenance):
            return MemberProvenance(path, self.provenance(provenance.container))
        if isinstance(provenance, CommitProvenance):
            commit = provenance.commit
            return CommitProvenance(path, replace(commit, author=self.text(commit.author)))
        return replace(provenance, path=path)

    def excerpt(self, excerpt: Excerpt) -> Excerpt:
        """Return a line without the secrets that were found elsewhere."""
        text, start, end = excerpt.text, excerpt.start, excerpt.end
        for first, last in reversed(self.values.spans(text)):
            text = text[:first] + MASK + text[last:]
            moved = len(MASK) - (last - first)
            start, end = start + moved * (last <= start), end + moved * (last <= end)
        return Excerpt(text, start, end) if text != excerpt.text else excerpt

    def finding(self, finding: Finding) -> Finding:
        if not self.texts and all(self.place(place) is place for place in _places(finding)):
            return finding
        reason = finding.suppression
        return replace(
            finding,
            message=self.text(finding.message),
            location=self.place(finding.location),
            evidence=tuple(replace(item, text=self.text(item.text)) for item in finding.evidence),
            related=tuple(map(self.place, finding.related)),
            flow=tuple(map(self.place, finding.flow)),
            suppression=replace(reason, reason=self.text(reason.reason)) if reason else None,
        )

    def rules(self, rules: Sequence[Rule]) -> Sequence[Rule]:
        """Return rules with their documentation as it may be shown: only that of the user's own may hold secrets."""
        return tuple(map(self.rule, rules)) if self.own and self.texts else rules

    def rule(self, rule: Rule) -> Rule:
        if rule.origin not in self.own or self.texts.keys().isdisjoint(_words(rule)):
            return rule
        name, description, impact, remediation, *references = map(self.text, _words(rule))
        return replace(
            rule, name=name, description=description, impact=impact, remediation=remediation, references=(*references,)
        )


def is_no_name(finding: Finding) -> bool:
    """Tell whether the value of a finding is not written as a name of a variable: in an inventory, names are shown."""
    return _NAME.fullmatch(finding.secret.value) is None


def cover(
    setup: Setup,
    findings: Sequence[Finding] = (),
    errors: Sequence[ScanError] = (),
    notes: Iterable[str] = (),
    rules: Sequence[Rule] = (),
    reasons: Iterable[str] = (),
    names: Iterable[str] = (),
) -> Cover:
    """Return what of a report's texts holds a secret: by all rules, selected or not, and by what was found; in
    `reasons`, and those of the findings, also what looks random. `names` are those of other files and folders.
    """
    own = frozenset(origin for origin, _ in setup.rule_files)
    reasons = [*reasons, *(finding.suppression.reason for finding in findings if finding.suppression)]
    folders = {name for path in _paths(findings, errors) for name in path.split("/")}.union(names)
    texts = dict.fromkeys((*notes, *_told(findings, errors)))
    texts |= dict.fromkeys(_told_by(rules, own))
    distinct = list(filter(None, texts | dict.fromkeys(reasons)))
    if not (distinct or folders):
        return Cover({}, Exact(()))
    values = {finding.secret.value for finding in findings if _is_secret(finding)}
    engine = _engine(setup, sum(map(len, (*distinct, *folders))))
    # A password that is a word may be one in many names: a report with these masked would be of no use.
    hidden = hide(sorted(folders), engine, itertools.filterfalse(_is_word, values), are_names=True)
    hidden |= hide(distinct, engine, values)
    for reason in dict.fromkeys(reasons):
        if (shown := without_random(hidden.get(reason, reason))) != reason:
            hidden[reason] = shown
    return Cover(hidden, Exact(values), own)


def _told_by(rules: Sequence[Rule], own: frozenset[str]) -> Iterator[str]:
    """Yield what the user's own rules tell; without such, no rule need be made to see that it is none."""
    for rule in rules if own else ():
        if rule.origin in own:
            yield from _words(rule)


def _is_secret(finding: Finding) -> bool:
    """Tell whether what stands at the place of a finding is the secret, not an expression that uses one, nor a doubtful
    value that may be a word of any sentence.
    """
    if not finding.secret.value or finding.confidence < Confidence.MEDIUM:
        return False
    excerpt = finding.location.excerpt
    return excerpt.text[excerpt.start : excerpt.end] in ("", MASK)


def _engine(setup: Setup, size: int) -> Engine:
    everything = every_rule(setup)
    if everything is not setup and size < _FEW:
        everything = replace(everything, hyperscan=False)
    return load_engine(everything)


def _told(findings: Sequence[Finding], errors: Sequence[ScanError]) -> dict[str, None]:
    """Return the texts of findings and errors, each once: there may be many findings."""
    texts = dict.fromkeys(text for finding in findings for text in _texts(finding))
    return texts | dict.fromkeys(error.message for error in errors)


def _paths(findings: Sequence[Finding], errors: Sequence[ScanError]) -> set[str]:
    """Return the paths that findings and errors show."""
    return {place.provenance.path for one in findings for place in _places(one)}.union(one.path for one in errors)


def _is_word(value: bytes) -> bool:
    """Tell whether a secret is nothing but a word or a few: Wintergarden, open-sesame."""
    return _WORDS.fullmatch(value) is not None and without_random(value.decode()) == value.decode()


def _texts(finding: Finding) -> Iterator[str]:
    yield finding.message
    yield from (item.text for item in finding.evidence)
    for place in _places(finding):
        yield place.note
        if isinstance(commit := outermost(place.provenance), CommitProvenance):
            yield commit.commit.author


def _places(finding: Finding) -> tuple[Location, ...]:
    return (finding.location, *finding.related, *finding.flow)


def _words(rule: Rule) -> tuple[str, ...]:
    return (rule.name, rule.description, rule.impact, rule.remediation, *rule.references)


def is_masked(path: str) -> bool:
    """Tell whether a part of a path is hidden: there is no such file."""
    return MASK in path
