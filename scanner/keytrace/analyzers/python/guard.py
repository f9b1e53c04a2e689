"""What the parser cannot take: LibCST's native code recurses, and a hostile file would end the process or stall it.

Python's own parser, which is ten times as fast, fails cleanly where LibCST would crash, so it goes first: what it
refuses is no program that keytrace could read, and of what it accepts the depth is known. Measured with LibCST 1.9: a
few thousand levels of anything kill the process; time grows with the square of the depth of calls and containers (400
take 0.9 s) and doubles with each level of patterns.
"""

from __future__ import annotations

import ast
import sys
import warnings

MAX_BYTES = 4_000_000  # of a module; LibCST reads about one megabyte a second
MAX_DEPTH = 400  # nodes one in another: operators, attributes, branches in a row
MAX_NESTED = 100  # arguments, elements, subscripts, fields of f-strings one in another
MAX_PATTERN = 6  # patterns of a `case` one in another

_NESTING = frozenset(
    (ast.Call, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.Subscript, ast.JoinedStr, ast.FormattedValue, ast.ListComp,
     ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda, ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.Await)
)  # fmt: skip
_PATTERNS = frozenset((ast.MatchSequence, ast.MatchMapping, ast.MatchClass, ast.MatchOr, ast.MatchAs, ast.MatchStar))
_IN_A_ROW = frozenset(("func", "value", "left"))  # fields by which chains go on: a.b().c, a + b + c
_LEAVES = frozenset((ast.Name, ast.Constant, ast.Load, ast.Store, ast.alias, ast.Pass))


def refuse(data: bytes) -> str:
    """Return why a module must not be parsed, or an empty string."""
    if len(data) > MAX_BYTES:
        return f"larger than {MAX_BYTES // 1_000_000} MB"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a program that is only read
            tree = ast.parse(data.decode("utf-8", "replace"))
    except SyntaxError as error:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        return f"not valid Python {version} (line {error.lineno or 1})"
    except (ValueError, MemoryError, RecursionError):
        return "nested too deep, or not valid Python"
    return _depth(tree)


def _depth(tree: ast.AST) -> str:
    """Look at how deep a tree is, of anything, of what brackets nest, and of patterns."""
    waiting: list[tuple[ast.AST, int, int, int]] = [(tree, 0, 0, 0)]
    while waiting:
        node, depth, nested, pattern = waiting.pop()
        kind = node.__class__
        if kind in _LEAVES:
            continue
        depth += 1
        if kind in _PATTERNS:
            pattern += 1
        if depth > MAX_DEPTH or nested > MAX_NESTED or pattern > MAX_PATTERN:
            return "expressions or blocks are nested too deep, or too long chains of them"
        inner = nested + 1 if kind in _NESTING else nested
        for name in kind._fields:
            value = getattr(node, name, None)
            if value.__class__ is list:
                waiting += [(item, depth, inner, pattern) for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST):
                waiting.append((value, depth, nested if name in _IN_A_ROW else inner, pattern))
    return ""
