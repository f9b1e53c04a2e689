"""What Python programs read by name, seen in their syntax: os.environ, django-environ, decouple, pydantic, click.

Imports are followed to what they import, as the analyzer of programs does, and names that are constants of the file to
their values. What cannot be parsed is read by patterns.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

from keytrace.analyzers.python.outline.shapes import dotted
from keytrace.lifecycle.key import Holds, Mention, Role
from keytrace.lifecycle.reads.sending import sends

_WORDS = (b"environ", b"getenv", b"nv(", b"nv.", b"onfig(", b"Settings", b"envvar", b"secret")
_SENDS = (b"requests", b"httpx", b"aiohttp", b"urllib", b"ession", b"lient")
_BY_PATTERN = re.compile(rb"(?:\benviron(?:\.get)?[\[(]|getenv\(|\benv\()\s*[\"'](\w+)[\"']")
_CALLS = re.compile(
    r"(?:os\.)?(?:getenvb?|environb?\.(?:get|pop|setdefault|__getitem__))|(?:[\w.]*\.)?(?:env|environ|Env\(\)|environment)"
    r"(?:\.(?:str|get|get_value|url|db|db_url|cache|cache_url|email_url|bytes|json|bool|int|list|require|read|secret))?"
    r"|(?:decouple\.)?config|(?:[\w.]*\.)?(?:config|settings|conf)\.get|(?:[\w.]*\.)?(?:\w*get_?env\w*|\w*require_?env\w*"
    r"|\w*env_?var\w*|get_secret\w*|read_secret|get_setting|from_env|env_or_\w+|must_env|require_var|required|load_secret)"
)
_MAPPINGS = re.compile(r"(?:[\w.]*\.)?(?:environb?|env|environment|dotenv_values\(\)|config|secrets)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")
_ALIASES = ("alias", "validation_alias", "env", "envvar", "auto_envvar")


def may_read(data: bytes) -> bool:
    """Tell whether a program may read a setting."""
    return any(word in data for word in _WORDS)


def reads(data: bytes) -> Iterator[Mention]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        for found in _BY_PATTERN.finditer(data):
            line = data.count(b"\n", 0, found.start(1)) + 1
            yield Mention(Role.READ, found[1].decode("latin-1"), line, "python", holds=Holds.NAME)
        return
    program = _Program(tree)
    for node in ast.walk(tree):
        yield from program.of(node)
    if any(word in data for word in _SENDS):
        yield from sends(tree, program.looked_up)


class _Program:
    """A parsed program: what names stand for in it, and what reads a setting."""

    def __init__(self, tree: ast.Module) -> None:
        self._constants: dict[str, str] = {}
        self._imported: dict[str, str] = {}
        self._wrappers: set[str] = set()
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                self._constants |= {one.id: node.value.value for one in node.targets if isinstance(one, ast.Name)}
            elif isinstance(node, ast.ImportFrom):
                self._imported |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
            elif isinstance(node, ast.Import):
                self._imported |= {one.asname: one.name for one in node.names if one.asname}
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and self._hands_on(node):
                self._wrappers.add(node.name)

    def _hands_on(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        """Tell whether a function looks up in the environment what it is asked for."""
        asked = {one.arg for one in node.args.args[:2]}
        return any(
            isinstance(key, ast.Name) and key.id in asked for one in ast.walk(node) for key in self._looked_up(one)
        )

    def _looked_up(self, node: ast.AST) -> Iterator[ast.expr]:
        """Yield what a node looks up by name."""
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            if _MAPPINGS.fullmatch(self._called(node.value)):
                yield node.slice
        elif isinstance(node, ast.Call) and node.args and _CALLS.fullmatch(self._called(node.func)):
            yield node.args[0]

    def _called(self, node: ast.expr) -> str:
        """Return the dotted name of what is called, as it was imported."""
        name = dotted(node)
        head, dot, rest = name.partition(".")
        return f"{self._imported[head]}{dot}{rest}" if head in self._imported else name

    def of(self, node: ast.AST) -> Iterator[Mention]:
        """Yield the names that a node reads."""
        yield from self.looked_up(node)
        if isinstance(node, ast.Call):
            for key in _aliases(node):
                yield from self._mention(key)
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In) and _is_environ(node.comparators[0]):
            yield from self._mention(node.left)
        elif isinstance(node, ast.ClassDef) and any("Settings" in dotted(base) for base in node.bases):
            yield from _fields(node)

    def looked_up(self, node: ast.AST) -> Iterator[Mention]:
        """Yield the names that a node looks up, those of settings declared elsewhere left out."""
        for key in self._looked_up(node):
            yield from self._mention(key)
        if isinstance(node, ast.Call) and self._is_wrapper(node):
            yield from self._mention(node.args[0])

    def _is_wrapper(self, node: ast.Call) -> bool:
        """Tell whether a call is one of a function of the file that hands on the look-up, and has not been seen yet."""
        is_own = isinstance(node.func, ast.Name) and node.func.id in self._wrappers and bool(node.args)
        return is_own and not _CALLS.fullmatch(self._called(node.func))

    def _mention(self, key: ast.expr) -> Iterator[Mention]:
        name = key.value if isinstance(key, ast.Constant) else self._constants.get(dotted(key).rpartition(".")[2])
        name = name.decode("latin-1") if isinstance(name, bytes) else name
        if isinstance(name, str) and _NAME.fullmatch(name):
            yield Mention(Role.READ, name, key.lineno, "python", holds=Holds.NAME)


def _aliases(node: ast.Call) -> Iterator[ast.expr]:
    """Yield what an argument calls the variable that is read: click's envvar, an alias of pydantic's."""
    for one in node.keywords:
        if one.arg in _ALIASES and (one.arg != "alias" or _is_upper(one.value)):
            yield from one.value.elts if isinstance(one.value, ast.List | ast.Tuple) else [one.value]


def _is_upper(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isupper()


def _is_environ(node: ast.expr) -> bool:
    return dotted(node).endswith("environ")


def _fields(node: ast.ClassDef) -> Iterator[Mention]:
    """Yield the fields of a class of settings: pydantic reads a variable of that name, in any case, for each."""
    prefix = ""
    for one in ast.walk(node):
        if isinstance(one, ast.keyword) and one.arg == "env_prefix" and isinstance(one.value, ast.Constant):
            prefix = str(one.value.value)
        elif isinstance(one, ast.Assign) and any(
            isinstance(to, ast.Name) and to.id == "env_prefix" for to in one.targets
        ):
            prefix = str(one.value.value) if isinstance(one.value, ast.Constant) else ""
    for field in node.body:
        if not (isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)):
            continue
        if not field.target.id.startswith("_") and not _has_alias(field.value):
            name = f"{prefix}{field.target.id}".upper()
            yield Mention(Role.READ, name, field.lineno, "python", holds=Holds.NAME)


def _has_alias(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Call) and any(one.arg in _ALIASES for one in value.keywords)
