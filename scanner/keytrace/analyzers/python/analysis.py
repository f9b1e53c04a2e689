"""One program: surveyed by its outline, and read where a policy may find something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from keytrace.analyzers.python.outline.imports import Import, definitions_of, imports_of
from keytrace.analyzers.python.paths import is_test
from keytrace.analyzers.python.program import Program
from keytrace.analyzers.python.project import Question, Reading, Survey
from keytrace.analyzers.python.seeds import load_seeds
from keytrace.analyzers.python.select import Selection
from keytrace.model import Additions, Match, Remarks
from keytrace.text.document import Document

_NOTHING_NEW = Question()


def survey(document: Document, additions: Additions, question: Question = _NOTHING_NEW) -> Survey:
    """Tell by its outline what there is to a program, for itself and for those that import it."""
    data = document.data
    imports = tuple(imports_of(data))
    selection = _select(document, additions, question)
    defines = definitions_of(data)
    if selection is None:
        return Survey(imports=imports, defines=defines)
    carries = (selection.exported | selection.signs) - question.foreign
    gives = _given_to_others(selection.given_away, imports)
    return Survey(bool(selection.wanted), imports, carries, gives, selection.takes, defines)


def _select(
    document: Document, additions: Additions, question: Question, takers: Iterable[str] = ()
) -> Selection | None:
    """Follow secrets through the outline of a program; None when there is nothing to begin with."""
    seeds, vocabulary = load_seeds(additions)
    data = document.data
    hits = seeds.scan(data)
    names = seeds.names(data, hits)
    if not names and not question.foreign and not question.asked and not seeds.may_begin(hits):
        return None
    program = Program(data, vocabulary)
    return Selection(
        program, seeds.blocks(program, names, hits), in_test=is_test(document.path), foreign=question.foreign,
        takers=takers, asked=question.asked,
    )  # fmt: skip


def _given_to_others(names: set[str], imports: tuple[Import, ...]) -> frozenset[str]:
    if any(not one.name or one.name == "*" or one.name.islower() for one in imports):
        return frozenset(names)  # of a module, maybe
    return frozenset(names).intersection(one.here for one in imports)


def analyze(document: Document, reading: Reading, additions: Additions, remarks: Remarks) -> Iterator[Match]:
    """Yield what is found in a program."""
    selection = _select(document, additions, Question(reading.foreign), reading.takers)
    if selection is None or not selection.wanted:
        return
    from keytrace.analyzers.python.reader import Reader

    yield from Reader(additions, reading).matches(document, selection, remarks)


def select_exports(document: Document, additions: Additions, names: Iterable[str]) -> Selection:
    """Follow secrets through a module of which names are imported."""
    seeds, vocabulary = load_seeds(additions)
    program = Program(document.data, vocabulary)
    hits = seeds.scan(document.data)
    return Selection(program, seeds.blocks(program, seeds.names(document.data, hits), hits), in_test=True, asked=names)
