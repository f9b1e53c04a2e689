"""Statements of a block: what they bind, return, raise, and hand to functions inside of it."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable

from keytrace.analyzers.python.outline import containers
from keytrace.analyzers.python.outline.blocks import Block
from keytrace.analyzers.python.outline.facts import (
    ANSWERED,
    BUILT,
    FOLDS,
    OTHER,
    SHOWN,
    UNREADABLE,
    URL,
    WEBHOOK,
    Facts,
    attribute,
    plain,
)
from keytrace.analyzers.python.outline.handed import pair
from keytrace.analyzers.python.outline.imports import Imports
from keytrace.analyzers.python.outline.shapes import SELF, decorator, is_query, literals, text_of
from keytrace.analyzers.python.outline.targets import bound_name, targets
from keytrace.analyzers.python.outline.vocabulary import Vocabulary
from keytrace.analyzers.python.outline.words import Visitor, Words


def facts_of(data: bytes, block: Block, vocabulary: Vocabulary, imports: Imports) -> Facts:
    """Return the facts of a block of a program with these imports."""
    text = data[block.start : block.end]
    if block.members:
        text = text.rstrip() + b"\n" + block.members[0].indent + b"pass\n"
    if block.indent:
        text = b"if 1:\n" + text
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a program that is only looked at
            tree = ast.parse(text)
        return _Statements(vocabulary, block, imports).read(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        words = set(vocabulary.words_of(text))
        return Facts(words=words.union(map(attribute, words)), reasons={UNREADABLE})


class _Statements(Words):
    """Reads the statements of one block."""

    def __init__(self, vocabulary: Vocabulary, block: Block, imports: Imports) -> None:
        super().__init__(vocabulary, imports, _EXPRESSIONS)
        self.block = block
        self.inner: dict[str, list[str]] = {}  # functions in this one -> their parameters
        self.raised: list[str] = []
        self.globals: set[str] = set()
        self.in_class = block.is_field

    def read(self, tree: ast.Module) -> Facts:
        body: list[ast.stmt] = tree.body
        if self.block.indent and isinstance(body[0], ast.If):
            body = body[0].body
        self.run(body)
        facts = self.facts
        for name, parameters in self.inner.items():
            for call in facts.calls:
                if name == call.name or name in call.named:
                    self.note(parameters, call.words)
        self.note(self.lambdas, list(facts.words))
        facts.inner = [name for parameters in self.inner.values() for name in parameters]
        local = self.local.union(facts.parameters, facts.inner, self.lambdas)
        facts.stays |= self.changed - local
        facts.own = facts.own.union(facts.parameters) - self.globals
        facts.filled = self.changed.intersection(facts.parameters)
        return facts

    def run(self, body: Iterable[ast.stmt]) -> None:
        for statement in body:
            handler = _STATEMENTS.get(statement.__class__)
            if handler is not None:
                handler(self, statement)
            else:
                self.visit(statement)

    def bind(self, target: ast.AST, words: list[str], value: ast.AST | None = None) -> None:
        names = targets(self, target, is_local=self.depth > 0)
        self.note(names, words)
        self.hold(names, value)

    def assign(self, node: ast.Assign | ast.AnnAssign) -> None:
        bound: list[ast.expr] = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = [name for target in bound for name in targets(self, target, is_local=self.depth > 0)]
        before, first, given = self.exits_handed_on, len(self.named), self.given
        words = self.under(names, node.value) if node.value is not None else names
        self.note(names, words)
        if self.given > given:
            self.facts.clients.update(names)
        pair(self, names, node.value)
        if self._stores(bound):
            self.exit(OTHER, words)
        self._alias(bound, node.value, {*words, *self.named[first:]}, shows=self.exits_handed_on > before)
        if not self.vocabulary.queries.isdisjoint(map(plain, names)) or any(map(is_query, bound)):
            self.exit(URL, words)
        if not self.vocabulary.answers.isdisjoint(map(plain, names[:1])):
            self.exit(ANSWERED, words)
        self.hold(names, node.value)

    def _stores(self, bound: list[ast.expr]) -> bool:
        """Tell whether an entry of something is set that may write it to a file."""
        return any(isinstance(one, ast.Subscript) for one in bound) and OTHER in self.vocabulary.exits_of(
            "__setitem__", self.imports.modules
        )

    def _alias(self, bound: list[ast.expr], value: ast.expr | None, words: set[str], *, shows: bool) -> None:
        """Note what a name may be another name for: a function, and what is made of one."""
        for target in bound:
            name = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")
            if name and shows:
                self.facts.shows.add(name)
            if name and value is not None:
                for word in self._known_as(target, name):
                    self.facts.made.setdefault(word, set()).update(map(plain, words))

    def _known_as(self, target: ast.expr, name: str) -> list[str]:
        """Return the words by which a target of this name is known."""
        if isinstance(target, ast.Attribute):
            return [attribute(name)]
        return [name, attribute(name)] if self.in_class else [name]

    def augmented(self, node: ast.AugAssign) -> None:
        names = targets(self, node.target, is_local=self.depth > 0)
        words = self.under(names, node.value)
        self.note(names, words)
        self.exit(BUILT, words + names)
        if any(map(self.vocabulary.promises, names)) and any(True for _ in literals(node.value)):
            self.facts.reasons.add(FOLDS)

    def loop(self, node: ast.For | ast.AsyncFor) -> None:
        self.bind(node.target, self.expression(node.iter), node.iter)
        self.run(node.body)
        self.run(node.orelse)

    def with_(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            words = self.expression(item.context_expr)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, words)
        self.run(node.body)

    def expression_statement(self, node: ast.Expr) -> None:
        self.visit(node.value)
        if isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name | ast.Attribute):
            names = [one.id for one in node.value.args if isinstance(one, ast.Name) and one.id not in SELF]
            function = node.value.func
            word = function.id if isinstance(function, ast.Name) else attribute(function.attr)
            self.note(names, [word])  # it may put something into them
            self.changed.update(names)

    def returned(self, node: ast.Return) -> None:
        self.in_return = True
        words = self.under([self.vocabulary.noun_of(self.block.name)], node.value)
        self.in_return = False
        self.facts.returned += words
        self.exit(ANSWERED, words)

    def raise_(self, node: ast.Raise) -> None:
        words = self.expression(node.exc)
        if isinstance(node.exc, ast.Call):
            words = self.argument_words
        if node.cause is not None:
            self.visit(node.cause)
        self.raised += words
        self.exit(SHOWN, words)

    def assert_(self, node: ast.Assert) -> None:
        self.visit(node.test)
        self.exit(SHOWN, self.expression(node.msg))

    def try_(self, node: ast.Try) -> None:
        outer, self.raised = self.raised, []
        self.run(node.body)
        raised, self.raised = self.raised, outer
        for handler in node.handlers:
            if handler.name:
                self.note(bound_name(self, handler.name, is_local=self.depth > 0), raised)
            self.run(handler.body)
        self.run(node.orelse)
        self.run(node.finalbody)

    def branch(self, node: ast.If | ast.While) -> None:
        self.visit(node.test)
        self.run(node.body)
        self.run(node.orelse)

    def global_(self, node: ast.Global | ast.Nonlocal) -> None:
        self.facts.stays.update(node.names)
        self.globals.update(node.names if isinstance(node, ast.Global) else ())

    # --- match ---

    def match(self, node: ast.Match) -> None:
        subject = self.expression(node.subject)
        for case in node.cases:
            captured, mentioned, texts = _pattern(case.pattern)
            mentioned = [*map(attribute, mentioned)]
            self.facts.words.update(mentioned)
            for word in (*subject, *mentioned):
                if self.vocabulary.promises(word):
                    self.facts.offers.update((plain(word), text, False) for text in texts)
            for name in captured:
                bound_name(self, name, is_local=self.depth > 0)
            self.note(captured, subject + mentioned)
            if case.guard is not None:
                self.visit(case.guard)
            self.run(case.body)

    # --- functions and classes ---

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for one in node.decorator_list:
            self.visit(one)
        is_block = self.depth == 0 and node.name == self.block.name
        self.facts.words.add(node.name)
        self._parameters(node, is_block=is_block)
        before, headers = len(self.facts.returned), self.headers
        self.headers = False
        outer, self.in_class = self.in_class, False
        self.depth += 1
        self.run(node.body)
        self.depth -= 1
        self.in_class = outer
        vocabulary = self.vocabulary
        is_view = vocabulary.is_view(node, self.block)
        self.facts.is_view = self.facts.is_view or is_view
        if is_view and (self.headers or vocabulary.is_webhook(node, self.block)):
            self.facts.reasons.add(WEBHOOK)
        self.headers = self.headers or headers
        if not is_block:
            names = [node.name, attribute(node.name)] if self.in_class else [node.name]
            self.note(names, self.facts.returned[before:])
            if not self.depth or self.in_class:
                self.facts.stays.update(names)

    def _parameters(self, node: ast.FunctionDef | ast.AsyncFunctionDef, *, is_block: bool) -> None:
        arguments = node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        named = [*positional, *arguments.kwonlyargs]
        every = [one.arg for one in (*named, arguments.vararg, arguments.kwarg) if one is not None]
        parameters = [name for name in every if name not in SELF]
        self.facts.words.update(parameters)
        if is_block:
            self.facts.parameters = parameters
            self.facts.decorators = [decorator(one) for one in node.decorator_list]
            self.facts.positional = sum(one.arg not in SELF for one in positional)
        else:
            self.inner[node.name] = parameters
        defaults = [None] * (len(positional) - len(arguments.defaults)) + [*arguments.defaults, *arguments.kw_defaults]
        for one in named:
            if one.annotation is not None:
                types = [part.id for part in ast.walk(one.annotation) if isinstance(part, ast.Name)]
                self.facts.words.update(types)
                self.note([one.arg], types)
        for one, default in zip(named, defaults, strict=True):
            if default is not None:
                self.note([one.arg], self.under([one.arg], default))
                self.hold([one.arg], default)

    def class_(self, node: ast.ClassDef) -> None:
        for base in (*node.decorator_list, *node.bases, *node.keywords):
            self.visit(base)
        self.facts.words.add(node.name)
        outer, self.in_class = self.in_class, self.in_class or self.depth > 0
        self.run(node.body)
        self.in_class = outer


def _pattern(pattern: ast.pattern) -> tuple[list[str], list[str], list[str]]:
    """Return the names that a pattern captures, the keys and attributes that it mentions, and the texts in it."""
    captured: list[str] = []
    mentioned: list[str] = []
    texts: list[str] = []
    for part in ast.walk(pattern):
        if isinstance(part, ast.MatchAs | ast.MatchStar) and part.name:
            captured.append(part.name)
        elif isinstance(part, ast.MatchMapping):
            mentioned += (text for text in map(text_of, part.keys) if text is not None)
            captured += [part.rest] if part.rest else []
        elif isinstance(part, ast.MatchClass):
            mentioned += part.kwd_attrs
        elif (text := text_of(part)) is not None:
            texts.append(text)
    return captured, mentioned, texts


_STATEMENTS: dict[type, Visitor] = {
    ast.Assign: _Statements.assign, ast.AnnAssign: _Statements.assign, ast.AugAssign: _Statements.augmented,
    ast.For: _Statements.loop, ast.AsyncFor: _Statements.loop, ast.With: _Statements.with_,
    ast.AsyncWith: _Statements.with_, ast.Return: _Statements.returned, ast.Raise: _Statements.raise_,
    ast.Assert: _Statements.assert_, ast.Try: _Statements.try_, ast.TryStar: _Statements.try_,
    ast.FunctionDef: _Statements.function, ast.AsyncFunctionDef: _Statements.function,
    ast.ClassDef: _Statements.class_, ast.Global: _Statements.global_, ast.Nonlocal: _Statements.global_,
    ast.Match: _Statements.match, ast.Expr: _Statements.expression_statement,
    ast.If: _Statements.branch, ast.While: _Statements.branch,
}  # fmt: skip
_EXPRESSIONS: dict[type, Visitor] = {
    ast.Name: Words.name, ast.Attribute: Words.attribute, ast.Subscript: Words.subscript, ast.Constant: Words.constant,
    ast.Call: Words.call, ast.JoinedStr: Words.built, ast.BinOp: Words.binary, ast.Compare: containers.compare,
    ast.UnaryOp: containers.unary, ast.Dict: containers.dictionary, ast.List: containers.sequence,
    ast.Tuple: containers.sequence, ast.Set: containers.sequence, ast.ListComp: containers.comprehended,
    ast.SetComp: containers.comprehended, ast.DictComp: containers.comprehended,
    ast.GeneratorExp: containers.comprehended, ast.Lambda: containers.lambda_, ast.Yield: containers.yielded,
    ast.YieldFrom: containers.yielded, ast.NamedExpr: containers.walrus, ast.IfExp: containers.conditional,
}  # fmt: skip
