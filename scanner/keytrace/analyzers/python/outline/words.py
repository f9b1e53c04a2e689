"""Expressions of a block: the words in them, what they hand on, and the literals under names for secrets."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from keytrace.analyzers.python.outline.facts import (
    BUILT,
    COMPARED,
    DUMP,
    FOLDS,
    LOCALS,
    SENDS,
    SETTING,
    SHOWS,
    TEXT,
    URL,
    Call,
    Comparison,
    Facts,
)
from keytrace.analyzers.python.outline.imports import Imports
from keytrace.analyzers.python.outline.shapes import (
    FOLDING,
    MOST_NAMES,
    OF_NUMBERS,
    SELF,
    called,
    compared_in,
    dotted,
    holders_of,
    literals,
    named,
    secret_of,
    sides_of,
    text_of,
)
from keytrace.analyzers.python.outline.vocabulary import Vocabulary

URLISH = re.compile(  # where a secret may be put into a URL: before the host, in the query, or in a path that is a key
    r"://[^/?#\s]*@|[?&;#][\w.\-\[\]\x00%{}]*=(?:\x00|%|\{|\$|\Z)|(?i:api\.telegram\.org|hooks\.slack\.com|/webhooks/|webhook\.office\.com)"
    r"|\?(?:\x00|\Z)|://\Z|://[\w.\-]*\x00?:\Z|\b(?:http|ws)s?://[^\s?#]*/[^\s?#]*\x00|\b(?:http|ws)s?://[\w.\-/:]+\Z"
)
_HOLE = "\x00"
_BUILDERS = frozenset("format format_map substitute safe_substitute join".split())
_LONGEST_NAME = 80
_LEAST = 4  # characters of a literal that counts


class Words:
    """Visits expressions; `words` grows, so what an expression mentions is a stretch of it."""

    def __init__(self, vocabulary: Vocabulary, imports: Imports) -> None:
        self.vocabulary = vocabulary
        self.imports = imports
        self.facts = Facts()
        self.words: list[str] = []
        self.lambdas: list[str] = []  # the parameters of all of them: whoever calls one may be handed anything
        self.headers = False  # of webhooks are looked at
        self.argument_words: list[str] = []  # of the last call
        self._names: list[tuple[str, bool]] = []  # under which literals stand: (name, of a parameter for secrets)
        self._texts: list[list[str]] = []  # the constant pieces of the texts that are being built

    # --- what others ask ---

    def expression(self, node: ast.AST | None) -> list[str]:
        """Return the words of an expression."""
        begin = len(self.words)
        if node is not None:
            self.visit(node)
        return self.words[begin:]

    def under(self, names: Iterable[str], node: ast.AST | None, *, sdk: bool = False) -> list[str]:
        """Return the words of what is bound to names; literals in it are offered under those that promise a secret."""
        own = [(name, sdk) for name in names if sdk or self.vocabulary.promises(name)][:MOST_NAMES]
        self._names += own
        words = self.expression(node)
        if own:
            del self._names[-len(own) :]
        return words

    def note(self, targets: list[str], words: list[str]) -> None:
        if targets and words:
            self.facts.flows.append((targets, words))
            if SETTING in words:  # a literal that stands in for it is bound to the same name
                settings = filter(self.vocabulary.names.is_setting, words)
                self.facts.aliases.update((setting, name, False) for setting in settings for name in targets)

    def exit(self, kind: str, words: list[str]) -> None:
        if words:
            self.facts.exits.append((kind, words))

    def visit(self, node: ast.AST) -> None:
        visitor = _VISITORS.get(node.__class__)
        if visitor is not None:
            visitor(self, node)
        else:
            for child in ast.iter_child_nodes(node):
                self.visit(child)

    def aside(self, node: ast.AST) -> None:
        """Visit what takes no part in what the expression around it holds."""
        begin = len(self.words)
        self.visit(node)
        del self.words[begin:]

    # --- targets ---

    def targets(self, target: ast.AST, *, is_local: bool) -> list[str]:
        """Return the names that a target binds; attributes, entries and globals are seen elsewhere, too."""
        facts = self.facts
        if isinstance(target, ast.Name):
            facts.words.add(target.id)
            if not is_local:
                facts.stays.add(target.id)
            return [target.id]
        if isinstance(target, ast.Attribute):
            self._stays(target.attr)
            return [target.attr, *self._holders(target.value)]
        if isinstance(target, ast.Subscript):
            found = self._holders(target.value)
            if (key := text_of(target.slice)) is not None:
                self._stays(key)
                found.append(key)
            else:
                self.visit(target.slice)
            return found
        if isinstance(target, ast.Tuple | ast.List):
            return [name for element in target.elts for name in self.targets(element, is_local=is_local)]
        return self.targets(target.value, is_local=is_local) if isinstance(target, ast.Starred) else []

    def _stays(self, word: str) -> None:
        self.facts.words.add(word)
        self.facts.stays.add(word)

    def _holders(self, node: ast.AST) -> list[str]:
        """Return the names of what an attribute or entry belongs to: they hold it, too."""
        found: list[str] = []
        while isinstance(node, ast.Attribute | ast.Subscript):
            if isinstance(node, ast.Attribute):
                found.append(node.attr)
                self.facts.stays.add(node.attr)
            else:
                self.visit(node.slice)
            node = node.value
        if not isinstance(node, ast.Name):
            self.visit(node)
        elif node.id not in SELF:
            found.append(node.id)
        self.facts.words.update(found)
        return found

    # --- names and literals ---

    def mention(self, word: str) -> None:
        self.words.append(word)
        self.facts.words.add(word)
        for name, sdk in self._names:
            if name != word:
                self.facts.aliases.add((name, word, sdk))

    def name(self, node: ast.Name) -> None:
        vocabulary = self.vocabulary
        if node.id in vocabulary.environments:
            self.words.append(DUMP)
        if node.id in vocabulary.shows and vocabulary.is_sink(node):
            self.facts.reasons.add(SHOWS)
        if node.id not in SELF:
            self.mention(node.id)

    def attribute(self, node: ast.Attribute) -> None:
        vocabulary = self.vocabulary
        begin = len(self.words)
        self.part_of(node.value)
        if node.attr not in vocabulary.keeps and not vocabulary.promises(node.attr):
            del self.words[begin:]  # another attribute of what holds a secret is none
        if vocabulary.is_dump(node, self.imports.modules):
            self.words.append(DUMP)
        if node.attr in vocabulary.shows and vocabulary.is_sink(node):
            self.facts.reasons.add(SHOWS)
        self.mention(node.attr)

    def part_of(self, node: ast.AST) -> None:
        """Visit what only a part is taken of: that is no dump."""
        begin = len(self.words)
        self.visit(node)
        if DUMP in self.words[begin:]:
            self.words[begin:] = [word for word in self.words[begin:] if word != DUMP]

    def subscript(self, node: ast.Subscript) -> None:
        begin = len(self.words)
        self.part_of(node.value)
        key = text_of(node.slice)
        if key is None:
            self.visit(node.slice)
            if isinstance(node.slice, ast.Slice) and self._names and isinstance(node.value, ast.Constant):
                self.folded(node)
            return
        if key.lower() not in self.vocabulary.keeps and not self.vocabulary.promises(key):
            del self.words[begin:]
        self.mention(key)
        if self.vocabulary.looks_up_setting(node.value, key):
            self.words.append(SETTING)

    def constant(self, node: ast.Constant) -> None:
        value = node.value
        if isinstance(value, bytes):
            value = value.decode("latin-1")
        elif not isinstance(value, str):
            return
        if self._texts:
            self._texts[-1].append(value)
        for name, sdk in self._names:
            self.facts.offers.add((name, value, sdk))
        if self.vocabulary.is_webhook_header(value):
            self.headers = True
        if ("=" in value or "/" in value) and self.vocabulary.is_credential(value):
            self.facts.reasons.add(TEXT)

    def folded(self, node: ast.AST) -> None:
        """Note that a name for a secret is bound to what is made of literals."""
        if any(len(text) >= _LEAST for text in literals(node)) or any(
            isinstance(part, ast.Call) and called(part) in OF_NUMBERS for part in ast.walk(node)
        ):
            self.facts.reasons.add(FOLDS)

    # --- calls ---

    def call(self, node: ast.Call) -> None:
        vocabulary, function, last = self.vocabulary, node.func, called(node)
        outset = len(self.words)
        is_text = last in _BUILDERS
        if is_text:
            self._texts.append([])
        if isinstance(function, ast.Attribute):
            if last in vocabulary.keeps_all:
                self.visit(function.value)
            else:
                self.part_of(function.value)
        elif not isinstance(function, ast.Name):
            if isinstance(function, ast.Call) and called(function) == "getattr":
                last = "log"  # getattr(logger, level)(…)
            self.visit(function)
        else:
            last = self.imports.aliases.get(last, last)
        begin = len(self.words)
        arguments = self._arguments(node, last)
        words = self.argument_words = self.words[begin:]
        self._compared(sides_of(node), self.words[outset:])
        if is_text:
            self._text(self._texts.pop(), self.words[outset:])
        if isinstance(function, ast.Attribute) and last in vocabulary.adders:
            holders = holders_of(function.value)
            self.note(holders, words)
            if not vocabulary.queries.isdisjoint(holders[:1]):
                self.exit(URL, words)
        if last in vocabulary.url_calls:
            self.exit(URL, words)
        for kind in vocabulary.exits_of(last, self.imports.modules):
            self.exit(kind, words)
        names = {called(node) or last, last}  # here, and where it comes from
        if words:
            self.facts.calls += (Call(name, arguments, words) for name in sorted(names))
        if last and last not in vocabulary.passes:  # only a function of the program itself hands on what it is given
            self.note([f"{last}()"], self.words[outset:])
            del self.words[outset:]
            self.words.append(f"{last}()")
        for name in filter(None, names):
            self.mention(name)
        if vocabulary.is_dump_call(node, last):
            self.words.append(LOCALS if last in vocabulary.all_variables else DUMP)

    def _arguments(self, node: ast.Call, last: str) -> tuple[tuple[int | str, list[str]], ...]:
        """Visit the arguments; texts that name a secret are names for the others, as in set("password", x)."""
        vocabulary = self.vocabulary
        texts = [text for one in node.args if (text := text_of(one)) is not None and len(text) < _LONGEST_NAME]
        own = [(text.lstrip("-"), False) for text in texts if vocabulary.promises(text.lstrip("-"))]
        if vocabulary.promises(noun := vocabulary.setter_noun(last)):
            own.append((noun, False))
        own = own[:MOST_NAMES]
        takes = vocabulary.takes_secret(last)
        if takes or own:
            function = node.func
            self.facts.receivers.update(holders_of(function.value if isinstance(function, ast.Attribute) else function))
        self._names += own
        found: list[tuple[int | str, list[str]]] = []
        starred = False
        for number, one in enumerate(node.args):
            starred = starred or isinstance(one, ast.Starred)
            words = self.under([takes[number]], one, sdk=True) if number in takes else self.expression(one)
            found.append((-1 if starred else number, words))
            if (text := text_of(one)) is not None and not starred and len(text) >= _LEAST:
                self.facts.given.add((called(node), number, text))
        found += [(keyword.arg or -1, self._keyword(keyword, takes)) for keyword in node.keywords]
        if own:
            del self._names[-len(own) :]
        for text in texts if last in vocabulary.lookups else ():
            self.mention(text)
            if vocabulary.asks_for_setting(node, last, text):
                self.words.append(SETTING)
        if self._names and last in FOLDING:
            self.folded(node)
        return tuple((place, words) for place, words in found if words)

    def _keyword(self, keyword: ast.keyword, takes: dict[int | str, str]) -> list[str]:
        name = keyword.arg
        if name is None:
            return self.expression(keyword.value)
        self.facts.words.add(name)
        if self.vocabulary.promises(name):
            self.mention(name)
        words = self.under([name], keyword.value, sdk=name in takes)
        self.pair([name], keyword.value)
        if name in self.vocabulary.queries:
            self.exit(URL, words)
        elif name in self.vocabulary.credentials:
            self.facts.reasons.add(SENDS)
        return words

    def pair(self, names: Iterable[str], node: ast.AST | None) -> None:
        """Offer the secret of a pair that is given to a name for one: auth=("alice", "…")."""
        secret = secret_of(node) if not self.vocabulary.pairs.isdisjoint(names) else None
        if secret is not None:
            begin = len(self.words)
            self.under(["password"], secret, sdk=True)
            del self.words[begin:]

    # --- texts ---

    def built(self, node: ast.JoinedStr | ast.BinOp) -> None:
        """Visit a text that is built of pieces."""
        begin = len(self.words)
        outer = bool(self._texts) and isinstance(node, ast.BinOp)
        if not outer:
            self._texts.append([])
        self._pieces(node)
        if outer:
            return
        pieces, words = self._texts.pop(), self.words[begin:]
        if self._names and len(pieces) > 1 and not words:
            self.folded(node)
        self._text(pieces, words)

    def _text(self, pieces: list[str], words: list[str]) -> None:
        """Look at a text made of these pieces, with words between them."""
        text = _HOLE.join(pieces) + _HOLE
        if URLISH.search(text) is None:
            self.exit(BUILT, words)
        elif self.vocabulary.is_open_url(text, words, pieces):
            self.facts.reasons.add(TEXT)
        else:
            self.exit(URL, words)

    def _pieces(self, node: ast.JoinedStr | ast.BinOp) -> None:
        if isinstance(node, ast.BinOp):
            self.visit(node.left)
            self.visit(node.right)
            return
        for piece in node.values:
            if isinstance(piece, ast.Constant):
                self._texts[-1].append(str(piece.value))
            elif isinstance(piece, ast.FormattedValue):
                self._texts.append([])
                self.visit(piece.value)
                self._texts.pop()
                if isinstance(piece.format_spec, ast.JoinedStr):
                    self._pieces(piece.format_spec)

    def binary(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.Add | ast.Mod):
            self.built(node)
            return
        self.visit(node.left)
        self.visit(node.right)
        if self._names and isinstance(node.op, ast.Mult):
            self.folded(node)

    # --- containers, operators, functions ---

    def dictionary(self, node: ast.Dict) -> None:
        labelled: dict[str, ast.expr] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            text = text_of(key) if key is not None else None
            if text is not None:
                labelled[text.lower()] = value
                self.mention(text)
                self.note([text], self.under([text], value))
            else:
                names = self.expression(key)
                self.under(names[-1:], value)
        for label in ("key", "name"):
            name = text_of(labelled[label]) if label in labelled and "value" in labelled else None
            if name is not None:
                self.under([name], labelled["value"])

    def sequence(self, node: ast.List | ast.Tuple | ast.Set) -> None:
        before = ""
        for element in node.elts:
            self.under([before], element)
            name, _, value = (text_of(element) or "").lstrip("-").partition("=")
            before = name if len(name) < _LONGEST_NAME and self.vocabulary.promises(name) else ""
            if before and value:
                self.facts.offers.add((name, value, False))

    def comprehended(self, node: Any) -> None:
        for clause in node.generators:
            words = self.expression(clause.iter)
            self.note(self.targets(clause.target, is_local=True), words)
            for test in clause.ifs:
                self.aside(test)
        for part in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.visit(part)
        if self._names:
            self.folded(node)

    def compare(self, node: ast.Compare) -> None:
        begin = len(self.words)
        sides = [node.left, *node.comparators]
        names = [name for side in sides for name in named(side)]
        for side in sides:
            self.under(names, side)
        if isinstance(node.ops[0], ast.Eq | ast.NotEq):
            self._compared(sides[:2], self.words[begin:])
        del self.words[begin:]

    def _compared(self, sides: Sequence[ast.AST], words: list[str]) -> None:
        pairs = compared_in(*sides) if len(sides) == 2 and words else []
        for left, right in pairs:
            names = (named(left) or [""])[0], (named(right) or [""])[0]
            self.facts.comparisons.append(Comparison(names, (dotted(left), dotted(right)), words))
        if pairs:
            self.exit(COMPARED, words)

    def unary(self, node: ast.UnaryOp) -> None:
        self.aside(node.operand)

    def conditional(self, node: ast.IfExp) -> None:
        self.aside(node.test)
        self.visit(node.body)
        self.visit(node.orelse)

    def lambda_(self, node: ast.Lambda) -> None:
        arguments = node.args
        named = [*arguments.posonlyargs, *arguments.args]
        self.lambdas += [one.arg for one in (*named, *arguments.kwonlyargs)]
        for one, default in zip(reversed(named), reversed(arguments.defaults), strict=False):
            self.under([one.arg], default)
        self.visit(node.body)

    def yielded(self, node: ast.Yield | ast.YieldFrom) -> None:
        self.facts.returned += self.expression(node.value)

    def walrus(self, node: ast.NamedExpr) -> None:
        words = self.under([node.target.id], node.value)
        self.note(self.targets(node.target, is_local=False), words)
        for text in literals(node.value):
            self.facts.value(node.target.id, text)
        self.mention(node.target.id)


_VISITORS: dict[type, Callable[[Words, Any], None]] = {
    ast.Name: Words.name, ast.Attribute: Words.attribute, ast.Subscript: Words.subscript, ast.Constant: Words.constant,
    ast.Call: Words.call, ast.Compare: Words.compare, ast.UnaryOp: Words.unary, ast.Dict: Words.dictionary,
    ast.List: Words.sequence, ast.Tuple: Words.sequence, ast.Set: Words.sequence, ast.ListComp: Words.comprehended,
    ast.SetComp: Words.comprehended, ast.DictComp: Words.comprehended, ast.GeneratorExp: Words.comprehended,
    ast.Lambda: Words.lambda_, ast.JoinedStr: Words.built, ast.BinOp: Words.binary, ast.Yield: Words.yielded,
    ast.YieldFrom: Words.yielded, ast.NamedExpr: Words.walrus, ast.IfExp: Words.conditional,
}  # fmt: skip
