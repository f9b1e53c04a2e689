"""One program: surveyed by its outline, and read where a policy may find something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from keytrace.analyzers.python.outline.facts import Handed
from keytrace.analyzers.python.outline.imports import Import, definitions_of, imports_of
from keytrace.analyzers.python.project import Question, Reading, Survey
from keytrace.analyzers.python.seeds import select, select_among
from keytrace.analyzers.python.select import Selection
from keytrace.model import Additions, Match, Remarks
from keytrace.text.document import Document


def survey(document: Document, additions: Additions, question: Question | None = None) -> Survey:
    """Tell by its outline what there is to a program, for itself and for those that import it."""
    imports = tuple(imports_of(document.data))
    if question is not None:
        return _answer(document, additions, question, imports)
    defines = definitions_of(document.data)
    selection = select(document, additions)
    if selection is None:
        return Survey(imports=imports, defines=defines)
    return replace(_told_by(selection, imports), imports=imports, defines=defines)


def _answer(document: Document, additions: Additions, question: Question, imports: tuple[Import, ...]) -> Survey:
    """Tell what a question asks; it is answered alone, since what words lead to does not depend on what others do."""
    found = Survey()
    if question.passing and (selection := select(document, additions, passing=question.passing)) is not None:
        found = _told_by(selection, imports)
    foreign = [word for word in question.foreign if word.encode() in document.data]
    if foreign:
        found = found.with_(_told_by(select_among(document, additions, foreign, Question()), imports))
    if question.asked:
        selection = select_among(document, additions, (), question)
        gives = _given_to_others(selection.given_away, imports)
        found = found.with_(Survey(gives=gives, takes=selection.takes, passes=selection.passes))
    return found


def _told_by(selection: Selection, imports: tuple[Import, ...]) -> Survey:
    carries = selection.exported | selection.signs
    says = frozenset(filter(selection.program.vocabulary.promises, carries))
    gives = _given_to_others(selection.given_away, imports)
    return Survey(bool(selection.wanted), carries=carries, members=selection.members, says=says, gives=gives)


def _given_to_others(given: set[Handed], imports: tuple[Import, ...]) -> frozenset[Handed]:
    if any(not one.name or one.name == "*" or one.name.islower() for one in imports):
        return frozenset(given)  # of a module, maybe
    names = frozenset(one.here for one in imports)
    return frozenset(one for one in given if one[0] in names)


def analyze(document: Document, reading: Reading, additions: Additions, remarks: Remarks) -> Iterator[Match]:
    """Yield what is found in a program."""
    selection = select(document, additions, reading.foreign, reading.passing, reading.takers)
    if selection is None or not selection.wanted:
        return
    from keytrace.analyzers.python.needs import needed
    from keytrace.analyzers.python.reader import Reader

    part = selection.program.slice_of(needed(selection))
    yield from Reader(additions, reading).matches(document, part, remarks)
