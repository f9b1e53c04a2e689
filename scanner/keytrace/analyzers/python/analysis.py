"""One program: surveyed by its outline, and read where a policy may find something."""

from __future__ import annotations

from collections.abc import Iterator

from keytrace.analyzers.python.outline.imports import Import, definitions_of, imports_of
from keytrace.analyzers.python.project import Question, Reading, Survey
from keytrace.analyzers.python.seeds import answer, select
from keytrace.model import Additions, Match, Remarks
from keytrace.text.document import Document


def survey(document: Document, additions: Additions, question: Question | None = None) -> Survey:
    """Tell by its outline what there is to a program, for itself and for those that import it.

    A question is answered alone: what words lead to does not depend on what others do.
    """
    data = document.data
    imports = tuple(imports_of(data))
    selection = select(document, additions) if question is None else answer(document, additions, question)
    defines = definitions_of(data) if question is None else frozenset()
    if selection is None:
        return Survey(imports=imports, defines=defines)
    gives = _given_to_others(selection.given_away, imports)
    carries = selection.exported
    says = frozenset(filter(selection.program.vocabulary.promises, carries))
    return Survey(bool(selection.wanted), imports, carries, says, gives, selection.takes, defines)


def _given_to_others(names: set[str], imports: tuple[Import, ...]) -> frozenset[str]:
    if any(not one.name or one.name == "*" or one.name.islower() for one in imports):
        return frozenset(names)  # of a module, maybe
    return frozenset(names).intersection(one.here for one in imports)


def analyze(document: Document, reading: Reading, additions: Additions, remarks: Remarks) -> Iterator[Match]:
    """Yield what is found in a program."""
    selection = select(document, additions, reading.foreign, reading.takers)
    if selection is None or not selection.wanted:
        return
    from keytrace.analyzers.python.reader import Reader

    yield from Reader(additions, reading).matches(document, selection, remarks)
