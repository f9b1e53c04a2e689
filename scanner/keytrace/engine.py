"""A document to its matches: all analyzers behind one multi-pattern pass, also over what is encoded in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from keytrace.analyzers import ANALYZERS, Analyzer
from keytrace.analyzers.layout import builtin_layout, lay_out
from keytrace.match.multipattern import Hits, build_index, expect_much
from keytrace.model import (
    PIECES,
    Additions,
    Allowlist,
    Evidence,
    FileProvenance,
    Match,
    Remarks,
    Span,
)
from keytrace.rules.load import load_builtin
from keytrace.rules.select import Ruleset, check_links
from keytrace.rules.stored import StoredRules, by_id, ids, of_analyzer, spoken
from keytrace.text.document import Document
from keytrace.triage import companions, dedupe

if TYPE_CHECKING:
    from keytrace.decoders.layers import Budget, Decoded
    from keytrace.triage.providers import Providers

DEFAULT_MAX_FILE_SIZE = 50 * 1024 * 1024
DEFAULT_FILE_TIMEOUT = 30.0  # seconds
DEFAULT_ARCHIVE_DEPTH = 5


@dataclass(frozen=True, slots=True)
class Setup:
    """All that a worker needs to know: small, picklable, hashable."""

    rule_files: tuple[tuple[str, str], ...] = ()  # (origin, text) of the user's rule files, in order
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    allowlists: tuple[Allowlist, ...] = ()
    inline_comments: bool = True
    list_comments: bool = False  # say where comments are that suppress, used or not
    max_file_size: int = DEFAULT_MAX_FILE_SIZE
    file_timeout: float = DEFAULT_FILE_TIMEOUT  # seconds for one file; 0: no limit
    hyperscan: bool = True
    max_archive_depth: int = DEFAULT_ARCHIVE_DEPTH  # how many archives may lie in one another; 0: none is opened
    exclude: tuple[str, ...] = ()  # what of their members is left out
    python: Additions = field(default_factory=Additions)
    follow_uses: bool = True  # say where secrets are used, too: in Python programs, by clients
    today: date | None = None  # None: the day of the run
    cached: bool = True  # what was scanned before, and had nothing to tell, is not scanned again


@lru_cache(maxsize=2)
def load_engine(setup: Setup) -> Engine:
    """Build the engine for a setup, once in each process; raise ScannerError for a bad rule file."""
    return Engine(load_ruleset(setup), setup)


def load_ruleset(setup: Setup) -> Ruleset:
    """Return the built-in and the user's rules, as selected; raise ScannerError for a bad rule file or unknown id."""
    ruleset = load_builtin()
    if setup.rule_files:
        from keytrace.rules.validate import parse_rules

        files = [parse_rules(text, origin) for origin, text in setup.rule_files]
        for file in files:
            ruleset = ruleset.with_file(file)
        for file in files:
            check_links(file, ids(ruleset.rules))
    ruleset = ruleset.linked().select(setup.only, setup.without)
    return replace(ruleset, allowlists=ruleset.allowlists + setup.allowlists)


def warm(setup: Setup) -> None:
    """Have all compiled that a scan may need: also for Python programs, and for binary files."""
    expect_much()
    engine = load_engine(setup)
    engine.prepare()
    for path in ("program.py", "binary"):
        document = Document(FileProvenance(path), b"import os\n", is_binary=path == "binary")
        for _ in engine.candidates(document):
            pass


@lru_cache(maxsize=2)
def known_rules(rule_files: tuple[tuple[str, str], ...]) -> frozenset[str]:
    """Return the ids of all rules there are, selected or not; raise ScannerError for a bad rule file."""
    return frozenset(ids(load_ruleset(Setup(rule_files=rule_files)).rules))


class Engine:
    """All analyzers behind one multi-pattern pass."""

    def __init__(self, ruleset: Ruleset, setup: Setup) -> None:
        self.ruleset = ruleset
        self.setup = setup
        self.today = setup.today or date.today()
        self.rules = by_id(ruleset.rules)
        every = (*ruleset.rules, *ruleset.companions) if ruleset.companions else ruleset.rules
        self.every = by_id(every)  # with those that only bear witness
        self._every = every
        self._analyzers: dict[str, Analyzer] = {}  # made when they have something to look at
        whole = isinstance(every, StoredRules)
        self._layout = builtin_layout() if whole else lay_out(every)
        self._ranges = dict(self._layout.ranges)
        for use in () if setup.follow_uses else ("python", "client"):
            self._ranges.pop(use, None)
        builtin = load_builtin().rules
        self._shared = builtin if not whole and len(every) * 2 > len(builtin) else ()  # most of them are among ours
        known = builtin_layout().triggers if self._shared else ()
        self._index = build_index(self._layout.triggers, hyperscan=setup.hyperscan, known=known)

    def _analyzer(self, name: str) -> Analyzer:
        if name not in self._analyzers:
            rules = of_analyzer(self._every, name)
            owners = self._layout.owners if name == "pattern" else ()
            self._analyzers[name] = ANALYZERS[name](rules, self.setup.python, owners)
        return self._analyzers[name]

    @cached_property
    def _providers(self) -> Providers:
        from keytrace.triage.providers import Providers

        without = self.setup.without  # those that say whose a secret is go on saying it, so that it is left out
        every = load_ruleset(Setup(rule_files=self.setup.rule_files)).rules if without else ()
        left_out = [rule for rule in of_analyzer(every, "named") if rule.id in without]
        rules = [*self.ruleset.rules, *left_out] if left_out else self.ruleset.rules
        return Providers(by_id(rules), spoken(rules))

    @cached_property
    def _binary(self) -> tuple[Analyzer, ...]:
        """What looks at binary files: formats with a marker, and what the path alone says."""
        from keytrace.analyzers.binary import BinaryAnalyzer

        paths = (self._analyzer("path"),) if "path" in self._layout.ranges else ()
        return BinaryAnalyzer(self._every, hyperscan=self.setup.hyperscan, known=self._shared), *paths

    @property
    def ready(self) -> bool:
        """Whether all is made that much text asks for; until then, a little text is scanned without."""
        return self._index.ready

    def prepare(self) -> None:
        """Make now what is made for much text, and what processes to come can share."""
        self._index.prepare()

    def ids(self) -> frozenset[str]:
        """Return the ids of all rules there are, selected or not."""
        return known_rules(self.setup.rule_files)

    @property
    def goes_by_paths(self) -> bool:
        """Tell whether there are rules that match a file whatever it holds."""
        return "path" in self._ranges

    def survey(self, document: Document) -> list[object]:
        """Return what analyzers must know of a document to look at others closely."""
        found: list[object] = []
        for name, (first, last) in self._ranges.items():
            remarks = Remarks()
            if first == last and not any(True for _ in self._analyzer(name).analyze(document, {}, remarks)):
                found += [remarks.survey] if remarks.survey is not None else []
        return found

    def matches(self, document: Document, notes: list[str] | None = None) -> list[Match]:
        """Return every match and every rejected candidate, overlapping ones and those of companions included."""
        return self.settle(list(self.candidates(document, notes)), document)

    def settle(self, matches: Sequence[Match], document: Document) -> list[Match]:
        """Return matches with what others in the document make of them: companions, and clients that get them."""
        settled = companions.settle(matches, self.every, document)
        if not settled or "client" not in self._ranges or document.is_binary:
            return settled
        from keytrace.analyzers.client.values import exposed, merged

        more = exposed(document, self.stay(settled), self.rules)
        return merged(settled, more) if more else settled

    def stay(self, matches: Sequence[Match]) -> list[Match]:
        """Return the matches that stay, one for each stretch of text, and those of companions, as witnesses."""
        credible = [match for match in matches if match.confidence is not None]
        own = [match for match in credible if match.rule_id in self.rules]
        kept = dedupe.deduplicate([match for match in own if match.is_secret], self.rules)
        kept += [match for match in own if not match.is_secret]  # places where a secret is used
        return kept + [match for match in credible if match.rule_id not in self.rules]

    def candidates(
        self, document: Document, notes: list[str] | None = None, surveys: list[tuple[str, object]] | None = None
    ) -> Iterator[Match]:
        """Yield every match and every rejected candidate, before companions are asked for, also in what is encoded.

        Say in `notes` what was not decoded.
        """
        if document.is_binary:
            for analyzer in self._binary:
                for match in analyzer.analyze(document, {}, Remarks()):
                    yield _disclosed(match, match.hidden.encodings) if match.hidden else match
            return
        notes = notes if notes is not None else []
        told = False
        for match in self._search(document, None, notes, surveys):
            if match.confidence is None and not told and (why := self._too_long(match)):
                told = True
                notes.append(f"{document.path}: line {document.line_at(match.start)}: {why}")
            told_whose = self._providers.named(match, self.every[match.rule_id], document)
            if told_whose.rule_id not in self.every:
                continue  # it is of a rule that was left out
            yield _disclosed(told_whose, match.hidden.encodings) if match.hidden else told_whose

    def _too_long(self, match: Match) -> str:
        """Say why a candidate was rejected of which only the beginning of its value was read."""
        if self.every[match.rule_id].analyzer != "keyword":
            return ""
        from keytrace.scoring.value import LONGEST

        size = len(match.hidden.value) if match.hidden else match.end - match.start
        return f"a value longer than {LONGEST} bytes was not weighed" if size > LONGEST else ""

    def _search(
        self,
        document: Document,
        budget: Budget | None,
        notes: list[str],
        surveys: list[tuple[str, object]] | None = None,
    ) -> Iterator[Match]:
        """Yield the matches of a document, or of one decoded from it: then there is a `budget` for more of these."""
        hits = self._index.scan(document.data, document.path)
        judged: list[Span] = []  # what the rules for a format matched
        known: set[tuple[str, int, int]] = set()
        remarks = Remarks(notes)
        for match in self._analyzed(document, hits, remarks, whole=budget is None):
            if match.confidence is not None and dedupe.is_specific(self.every[match.rule_id]):
                judged.append(match.whole)
            known.add((match.rule_id, match.start, match.end))
            yield match
        if surveys is not None and remarks.survey is not None:
            surveys.append((document.path, remarks.survey))
        behind = self._layout.encoded_from
        encoded = {number - behind: ends for number, ends in hits.items() if number >= behind}
        if not encoded and not remarks.folded:
            return
        from keytrace.decoders.layers import Budget, folded, layers  # 5 ms to import: only when something is encoded

        budget_here = budget or Budget(len(document.data))
        inners = chain(folded(document, remarks.folded, budget_here), layers(document, encoded, judged, budget_here))
        for inner in inners:
            yield from self._inside(inner, known, budget_here, notes)
        if budget is None:
            notes += [f"{document.path}: some encoded text was not decoded: {reason}" for reason in budget_here.cut]

    def is_quiet(self, text: bytes, path: str) -> bool:
        """Tell whether nothing fires in a text, and no analyzer looks at it all the same."""
        return all(first < last for first, last in self._ranges.values()) and not self._index.scan(text, path)

    def _analyzed(self, document: Document, hits: Hits, remarks: Remarks, *, whole: bool) -> Iterator[Match]:
        """Yield what each analyzer finds; one without triggers looks at `whole` documents only."""
        for name, (first, last) in self._ranges.items():
            own = {number - first: ends for number, ends in hits.items() if first <= number < last}
            if own or (first == last and whole):
                yield from self._analyzer(name).analyze(document, own, remarks)

    def _inside(
        self, inner: Decoded, known: Collection[tuple[str, int, int]], budget: Budget, notes: list[str]
    ) -> Iterator[Match]:
        """Yield the matches of a decoded document as such of the one that it was decoded from, where these are news."""
        for match in self._search(inner, budget, notes):
            outer = inner.outward(match)
            if outer and ((outer.rule_id, outer.start, outer.end) not in known or inner.hides(outer)):
                yield outer


def _disclosed(match: Match, encodings: Sequence[str]) -> Match:
    """Return a match in encoded text with evidence that says so."""
    return replace(match, evidence=(*match.evidence, Evidence(in_words(encodings))))


def in_words(encodings: Sequence[str]) -> str:
    """Return how a text came to be in words, from outside in."""
    verb = "put together" if encodings[0] == PIECES else "decoded"
    return f"{verb} from {', then from '.join(encodings)}"
