"""Python programs: keys followed from where they come from to where they must not go, with LibCST.

The gate says which files are worth it, the guard which ones the parser cannot take; then a module is parsed, read
(interpret/) and what is told of it (events.py) judged (policies/); what was found becomes matches (finds.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from keytrace.analyzers.python.paths import is_python, is_test
from keytrace.match.multipattern import Hits, Trigger
from keytrace.model import Additions, Hidden, Match, Remarks, Rule, Span
from keytrace.text.document import Document
from keytrace.text.notebook import read_code


class PythonAnalyzer:
    """Follows secrets through Python programs. It has no triggers of the common pass: the gate is a pass of its own."""

    triggers: tuple[Trigger, ...] = ()

    def __init__(self, rules: tuple[Rule, ...], additions: Additions = Additions()) -> None:  # noqa: B008
        self._rules = frozenset(rule.id for rule in rules)
        self._names = {rule.id: rule.name for rule in rules}
        self._additions = additions

    def analyze(self, document: Document, _hits: Hits, remarks: Remarks) -> Iterator[Match]:
        """Yield what is found in a Python file; `remarks` takes notes, and the texts that constants come to."""
        if document.path.endswith(".ipynb"):
            yield from self._notebook(document, remarks)
        elif is_python(document):
            yield from self._program(document, remarks)

    def _program(self, document: Document, remarks: Remarks) -> Iterator[Match]:
        from keytrace.analyzers.python.gate import load_gate

        foreign = frozenset(want.here.encode() for want, _ in document.imports)
        interest = load_gate(self._additions).look(document.data, in_test=is_test(document.path), foreign=foreign)
        if interest is None:
            return
        if not document.imports:
            remarks.wants += interest.wants
        if not any(piece.wanted for piece in interest.pieces):
            return
        from keytrace.analyzers.python.analysis import analyze

        for match in analyze(document, interest, self._additions, remarks):
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
        for match in self._program(Document(document.provenance, notebook.code), inner):
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
        remarks.folded += [(*notebook.origin(start, end), text) for start, end, text in inner.folded]


def carries(data: bytes, name: str, additions: Additions) -> bool:
    """Tell by its text whether what a module calls `name` may hold a secret, return one, or hand one to a sink."""
    from keytrace.analyzers.python.gate import load_gate

    return load_gate(additions).carries(data, name.encode())
