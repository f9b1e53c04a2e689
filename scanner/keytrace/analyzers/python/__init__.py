"""Python programs: keys followed from where they come from to where they must not go, with LibCST.

Each program is surveyed by its outline (outline/, seeds.py, select.py); the surveys of all tell which are to be read,
and with which others (project.py). These are parsed (reader.py) and interpreted (interpret/), what is told of them
(events.py) is judged (policies/), and what was found becomes matches (finds.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from keytrace.analyzers.python.paths import is_python
from keytrace.match.multipattern import Hits, Trigger
from keytrace.model import Additions, Hidden, Match, Remarks, Rule, Span
from keytrace.text.document import Document
from keytrace.text.notebook import read_code


class PythonAnalyzer:
    """Follows secrets through Python programs. It has no triggers of the common pass: the gate is a pass of its own."""

    triggers: tuple[Trigger, ...] = ()

    def __init__(self, rules: Sequence[Rule], additions: Additions = Additions()) -> None:  # noqa: B008
        self._rules = frozenset(rule.id for rule in rules)
        self._names = {rule.id: rule.name for rule in rules}
        self._additions = additions

    def analyze(self, document: Document, _hits: Hits, remarks: Remarks) -> Iterator[Match]:
        """Yield what is found in a Python file; `remarks` takes notes, and the texts that constants come to.

        What the document's context asks is done: without one it is surveyed, with a Question surveyed again, with a
        Reading read.
        """
        if document.path.endswith(".ipynb"):
            yield from self._notebook(document, remarks)
        elif is_python(document):
            yield from self._program(document, remarks)

    def _program(self, document: Document, remarks: Remarks) -> Iterator[Match]:
        from keytrace.analyzers.python.analysis import analyze, survey
        from keytrace.analyzers.python.project import Question, Reading

        context = document.context
        if not isinstance(context, Reading):
            remarks.survey = survey(document, self._additions, context if isinstance(context, Question) else None)
            return
        for match in analyze(document, context, self._additions, remarks):
            if match.rule_id in self._rules:
                yield match

    def _notebook(self, document: Document, remarks: Remarks) -> Iterator[Match]:
        """Yield what is found in the code cells of a notebook, which are one program."""
        try:
            notebook = read_code(document.data)
        except ValueError:
            remarks.notes.append(f"{document.path}: not a notebook: searched as text only")
            return
        if notebook is None:
            return
        inner = Remarks(remarks.notes)
        program = Document(document.provenance, notebook.code, context=document.context)
        for match in self._program(program, inner):
            start, end = notebook.origin(match.start, match.end)
            hidden = match.hidden
            if (
                hidden is None
                and match.is_secret
                and document.data[start:end] != notebook.code[match.start : match.end]
            ):
                hidden = Hidden(
                    notebook.code[match.start : match.end],
                    notebook.code[match.whole.start : match.whole.end],
                    ("JSON",),
                )
            flow = tuple(
                Span(*notebook.origin(step.start, step.end), f"{step.note} ({notebook.place(step.start)})")
                if isinstance(step, Span) else step
                for step in match.flow
            )  # fmt: skip
            yield replace(
                match,
                start=start,
                end=end,
                whole=Span(*notebook.origin(match.whole.start, match.whole.end)),
                related=tuple(
                    Span(*notebook.origin(place.start, place.end), f"{place.note} ({notebook.place(place.start)})")
                    for place in match.related
                ),
                flow=flow,
                hidden=hidden,
                message=f"{match.message or self._names[match.rule_id]}, {notebook.place(match.start)}",
            )
        remarks.survey = inner.survey
        remarks.folded += [(*notebook.origin(start, end), text) for start, end, text in inner.folded]
