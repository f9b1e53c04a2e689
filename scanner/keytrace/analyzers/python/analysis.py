"""One program: surveyed by its outline, and read where a policy may find something."""

from __future__ import annotations

from collections.abc import Iterator

from keytrace.analyzers.python.outline.blocks import Block
from keytrace.analyzers.python.outline.imports import Import, definitions_of, imports_of
from keytrace.analyzers.python.paths import is_test
from keytrace.analyzers.python.project import Question, Reading, Survey
from keytrace.analyzers.python.seeds import keep, program_of, select, select_foreign
from keytrace.analyzers.python.select import Selection
from keytrace.analyzers.python.telling import answered, told
from keytrace.model import Additions, Match, Remarks
from keytrace.text.document import Document


def survey(document: Document, additions: Additions, question: Question | None = None) -> Survey:
    """Tell by its outline what there is to a program, for itself and for those that import it."""
    imports = tuple(imports_of(document.data))
    if question is not None:
        return _answer(document, additions, question, imports)
    defines = definitions_of(document.data)
    found = Survey(imports=imports, defines=defines)
    for selection in select(document, additions):
        found = found.with_(told(selection, imports))
    if found.wanted:
        keep(document.data, additions)
    return found


def _answer(document: Document, additions: Additions, question: Question, imports: tuple[Import, ...]) -> Survey:
    """Tell what a question asks; it is answered alone, since what words lead to does not depend on what others do."""
    found = Survey()
    for selection in select(document, additions, Question(passing=question.passing)) if question.passing else ():
        found = found.with_(told(selection, imports))
    program, in_test = program_of(document.data, additions), is_test(document.path)
    for selection in select_foreign(program, question, in_test=in_test):
        found = found.with_(told(selection, imports))
    if question.asked:
        found = found.with_(answered(Selection(program, (), question, in_test=in_test), imports))
    return found


def analyze(document: Document, reading: Reading, additions: Additions, remarks: Remarks) -> Iterator[Match]:
    """Yield what is found in a program."""
    selections = [one for one in select(document, additions, reading.known) if one.wanted]
    if not selections:
        return
    from keytrace.analyzers.python.needs import needed, touched
    from keytrace.analyzers.python.reader import Reader

    blocks = set[Block]().union(*map(needed, selections))
    names = set[str]().union(*(touched(selection, blocks) for selection in selections))
    part = selections[0].program.slice_of(blocks)
    yield from Reader(additions, reading).matches(document, part, remarks, names)
