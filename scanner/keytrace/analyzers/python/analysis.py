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


def survey(document: Document, additions: Additions, question: Question | None = None) -> Survey:
    """Tell by its outline what there is to a program, for itself and for those that import it.

    A question is answered alone: what words lead to does not depend on what others do.
    """
    data = document.data
    imports = tuple(imports_of(data))
    selection = _select(document, additions) if question is None else _answer(document, additions, question)
    defines = definitions_of(data) if question is None else frozenset()
    if selection is None:
        return Survey(imports=imports, defines=defines)
    gives = _given_to_others(selection.given_away, imports)
    carries = selection.exported
    says = frozenset(filter(selection.program.vocabulary.promises, carries))
    return Survey(bool(selection.wanted), imports, carries, says, gives, selection.takes, defines)


def _select(
    document: Document, additions: Additions, foreign: Iterable[str] = (), takers: Iterable[str] = ()
) -> Selection | None:
    """Follow secrets through the outline of a program; None when there is nothing to begin with."""
    seeds, vocabulary = load_seeds(additions)
    data = document.data
    hits = seeds.scan(data)
    names = seeds.names(data, hits)
    if not names and not foreign and not seeds.may_begin(hits):
        return None
    program = Program(data, vocabulary)
    return Selection(
        program, seeds.blocks(program, names, hits), in_test=is_test(document.path), foreign=foreign, takers=takers
    )


def _answer(document: Document, additions: Additions, question: Question) -> Selection | None:
    """Follow what a question asks about through the outline of a program; None when it knows nothing of it."""
    data = document.data
    foreign = [word for word in question.foreign if word.encode() in data]
    if not foreign and not question.asked:
        return None
    _, vocabulary = load_seeds(additions)
    program = Program(data, vocabulary)
    return Selection(program, (), in_test=is_test(document.path), foreign=foreign, asked=question.asked)


def _given_to_others(names: set[str], imports: tuple[Import, ...]) -> frozenset[str]:
    if any(not one.name or one.name == "*" or one.name.islower() for one in imports):
        return frozenset(names)  # of a module, maybe
    return frozenset(names).intersection(one.here for one in imports)


def analyze(document: Document, reading: Reading, additions: Additions, remarks: Remarks) -> Iterator[Match]:
    """Yield what is found in a program."""
    selection = _select(document, additions, reading.foreign, reading.takers)
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
