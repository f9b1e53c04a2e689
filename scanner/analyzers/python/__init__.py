"""Python programs: keys followed from where they come from to where they must not go, with LibCST.

The gate says which files are worth it, the guard which ones the parser cannot take; then a module is parsed, read twice
(statements.py, expressions.py, calls.py) and what the ledger holds becomes matches (report.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.bindings import extension
from scanner.document import Document
from scanner.model import Additions, Match, Remarks, Rule
from scanner.multipattern import Hits, Trigger

_SHEBANG = re.compile(rb"#![^\n]{0,100}\bpython[\d.]*\b")
_TEST = re.compile(r"(?:^|/)(?:tests?/|testing/|test_[^/]*$|conftest\.py$)|_test\.py$")
PYTHON = frozenset((".py", ".pyw", ".pyi"))


class PythonAnalyzer:
    """Follows secrets through Python programs. It has no triggers of the common pass: the gate is a pass of its own."""

    triggers: tuple[Trigger, ...] = ()

    def __init__(self, rules: tuple[Rule, ...], additions: Additions = Additions()) -> None:  # noqa: B008
        self._rules = frozenset(rule.id for rule in rules)
        self._additions = additions

    def analyze(self, document: Document, _hits: Hits, remarks: Remarks) -> Iterator[Match]:
        """Yield what is found in a Python file; `remarks` takes notes, and the texts that constants come to."""
        if not is_python(document):
            return
        from scanner.analyzers.python.gate import load_gate

        foreign = frozenset(want.here.encode() for want, _ in document.imports)
        interest = load_gate(self._additions).look(document.data, in_test=is_test(document.path), foreign=foreign)
        if interest is None:
            return
        if not document.imports:
            remarks.wants += interest.wants
        if not any(piece.wanted for piece in interest.pieces):
            return
        from scanner.analyzers.python.analysis import analyze

        for match in analyze(document, interest, self._additions, remarks):
            if match.rule_id in self._rules:
                yield match


def carries(data: bytes, name: str, additions: Additions) -> bool:
    """Tell by its text whether what a module calls `name` may hold a secret, return one, or hand one to a sink."""
    from scanner.analyzers.python.gate import load_gate

    return load_gate(additions).carries(data, name.encode())


def is_test(path: str) -> bool:
    """Tell by its path whether a program is a test: there, secrets are made up and compared."""
    return _TEST.search(path) is not None


def is_python(document: Document) -> bool:
    """Tell by its name, or by its first line, whether a document is a Python program."""
    ending = extension(document.path)
    return ending in PYTHON or (not ending and _SHEBANG.match(document.data) is not None)
