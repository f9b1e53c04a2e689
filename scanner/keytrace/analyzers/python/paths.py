"""What the path of a program tells, or its first line."""

from __future__ import annotations

import re

from keytrace.text.document import Document
from keytrace.text.language import extension

_SHEBANG = re.compile(rb"#![^\n]{0,100}\bpython[\d.]*\b")
_TEST = re.compile(r"(?:^|/)(?:tests?/|testing/|fixtures/|test_[^/]*$|conftest\.py$)|_tests?\.py$")
PYTHON = frozenset((".py", ".pyw", ".pyi"))


def is_test(path: str) -> bool:
    """Tell by its path whether a program is a test: there, secrets are made up and compared."""
    return _TEST.search(path) is not None


def is_python(document: Document) -> bool:
    """Tell by its name, or by its first line, whether a document is a Python program."""
    ending = extension(document.path)
    return ending in PYTHON or (not ending and _SHEBANG.match(document.data) is not None)
