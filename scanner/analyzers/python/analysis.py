"""One module, from its text to its matches."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from scanner.analyzers.python import is_about_tokens, tree
from scanner.analyzers.python.expressions import TooLongError
from scanner.analyzers.python.guard import refuse
from scanner.analyzers.python.knowledge import load_knowledge
from scanner.analyzers.python.ledger import Ledger
from scanner.analyzers.python.modules import Imported
from scanner.analyzers.python.names import Names
from scanner.analyzers.python.report import folds, matches
from scanner.analyzers.python.statements import Reader
from scanner.model import Additions, Match, Remarks


def analyze(data: bytes, path: str, additions: Additions, remarks: Remarks) -> Iterator[Match]:
    """Yield what is found in the module `data`, UTF-8 without byte order mark."""
    if reason := refuse(data):
        remarks.notes.append(f"{path}: {reason}: searched as text only, not read as a Python program")
        return
    config = cst.PartialParserConfig(encoding="utf-8")
    try:
        module = cst.parse_module(data, config)
    except (cst.ParserSyntaxError, RecursionError, UnicodeDecodeError, ValueError) as error:
        line = f" (line {error.raw_line})" if isinstance(error, cst.ParserSyntaxError) else ""
        remarks.notes.append(f"{path}: not valid Python 3{line}: searched as text only, not read as a Python program")
        return
    knowledge = load_knowledge(additions)
    names = Names(knowledge, about_tokens=is_about_tokens(data))
    ledger = Ledger(path, names)
    reader = Reader(path, knowledge, names, ledger, Imported())
    with tree.deep_recursion():
        try:
            reader.read(module)
        except TooLongError:
            remarks.notes.append(f"{path}: too long to be read to its end as a Python program")
        found = list(matches(ledger, module, data))
        remarks.folded += folds(ledger, module)
    yield from found
