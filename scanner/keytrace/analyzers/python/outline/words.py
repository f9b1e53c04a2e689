"""Expressions of a block: the words in them, what they hand on, and the literals under names for secrets."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from keytrace.analyzers.python.outline import lookups
from keytrace.analyzers.python.outline.dumps import ENVIRONMENTS
from keytrace.analyzers.python.outline.facts import (
    BUILT,
    COMPARED,
    DUMP,
    DUMPS,
    FOLDS,
    GIVES,
    NAMED,
    OTHER,
    SENDS,
    SETTING,
    SHOWS,
    TEXT,
    URL,
    Call,
    Comparison,
    Facts,
    attribute,
    plain,
)
from keytrace.analyzers.python.outline.handed import added, handed_over, pair
from keytrace.analyzers.python.outline.imports import Imports
from keytrace.analyzers.python.outline.shapes import (
    FOLDING,
    MOST_NAMES,
    OF_NUMBERS,
    SELF,
    called,
    called_on,
    compared_in,
    dotted,
    holders_of,
    literals,
    named,
    sides_of,
    text_of,
)
from keytrace.analyzers.python.outline.vocabulary import Vocabulary

URLISH = re.compile(  # where a secret may be put into a URL: before the host, in the query, or in a path that is a key
    r"://[^/?#\s]*@|[?&;#][\w.\-\[\]\x00%{}]*=(?:\x00|%|\{|\$|\Z)|(?i:api\.telegram\.org|hooks\.slack\.com|/webhooks/|webhook\.office\.com)"
    r"|\?(?:\x00|\Z)|://\Z|://[\w.\-]*\x00?:\Z|\b(?:http|ws)s?://[^\s?#]*/[^\s?#]*\x00|\b(?:http|ws)s?://[\w.\-/:]+\Z"
)
_NAME_BEFORE = re.compile(r"([A-Za-z][\w\-]+)=['\"]?$")
_HOLE = "\x00"
_BUILDERS = frozenset("format format_map substitute safe_substitute join".split())
LONGEST_NAME = 80
_LEAST = 4  # characters of a literal that counts

Visitor = Callable[[Any, Any], None]


class Words:
    """Visits expressions; `words` grows, so what an expression mentions is a stretch of it."""

    def __init__(self, vocabulary: Vocabulary, imports: Imports, visitors: Mapping[type, Visitor]) -> None:
        """`visitors` say what is special in kinds of expressions; of all others the parts are visited."""
        self._visitors = visitors
        self.vocabulary = vocabulary
        self.imports = imports
        self.facts = Facts()
        self.words: list[str] = []
        self.depth = 0  # functions one in another
        self.in_class = False  # names that are bound are attributes, too
        self.lambdas: list[str] = []  # the parameters of all of them: whoever calls one may be handed anything
        self.in_lambda = False
        self.in_return = False
        self.exits_handed_on = 0  # exits that are named and not called, or called by a lambda
        self.given = 0  # arguments that may be credentials for requests
        self.changed: set[str] = set()  # names of what something is put into
        self.local: set[str] = set()  # names that functions know for themselves
        self.headers = False  # of webhooks are looked at
        self.argument_words: list[str] = []  # of the last call
        self.named: list[str] = []  # names and attributes that are not called
        self.names: list[tuple[str, bool]] = []  # under which literals stand: (name, of a parameter for secrets)
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
        own = [(plain(name), sdk) for name in names if sdk or self.vocabulary.promises(name)][:MOST_NAMES]
        self.names += own
        words = self.expression(node)
        if own:
            del self.names[-len(own) :]
        return words

    def note(self, targets: list[str], words: list[str]) -> None:
        if targets and words:
            self.facts.flows.append((targets, frozenset(words)))
            if SETTING in words:  # a literal that stands in for it is bound to the same name
                settings = filter(self.vocabulary.names.is_setting, map(plain, words))
                self.facts.aliases.update((setting, name, False) for setting in settings for name in targets)

    def hold(self, names: list[str], node: ast.AST | None) -> None:
        """Note the literals that names may be bound to by what stands there."""
        for literal in literals(node) if node is not None else ():
            for name in names:
                self.facts.value(name, literal)

    def exit(self, kind: str, words: list[str]) -> None:
        if words:
            self.facts.exits.append((kind, words))
            self.exits_handed_on += self.in_lambda

    def _hands_on_exit(self) -> None:
        self.facts.reasons.add(SHOWS)
        self.exits_handed_on += 1

    def visit(self, node: ast.AST) -> None:
        visitor = self._visitors.get(node.__class__)
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

    # --- names and literals ---

    def mention(self, word: str) -> None:
        self.words.append(word)
        self.facts.words.add(word)
        for name, sdk in self.names:
            if name != plain(word):
                self.facts.aliases.add((name, word, sdk))

    def special(self, word: str) -> None:
        """Note what is no identifier, but holds secrets."""
        self.words.append(word)
        self.facts.words.add(word)

    def name(self, node: ast.Name) -> None:
        vocabulary = self.vocabulary
        if (node.id in vocabulary.shows or node.id in self.imports.paths) and vocabulary.is_sink(
            node, self.imports.paths
        ):
            self._hands_on_exit()
        self._of_name(node)

    def _of_name(self, node: ast.Name) -> None:
        if node.id in ENVIRONMENTS:
            self.special(DUMP)
        if node.id not in SELF:
            self.mention(node.id)
            self.named.append(node.id)

    def attribute(self, node: ast.Attribute) -> None:
        vocabulary = self.vocabulary
        begin = len(self.words)
        self.part_of(node.value)
        if node.attr not in vocabulary.keeps and not vocabulary.promises(node.attr):
            del self.words[begin:]  # another attribute of what holds a secret is none
        if found := vocabulary.dumps.of(node, self.imports.modules):
            self.special(found)
        if node.attr in vocabulary.shows and vocabulary.is_sink(node, self.imports.paths):
            self._hands_on_exit()
        self.mention(attribute(node.attr))
        self.named.append(node.attr)

    def part_of(self, node: ast.AST) -> None:
        """Visit what only a part is taken of: that is no dump."""
        begin = len(self.words)
        if isinstance(node, ast.Name):
            self._of_name(node)  # and no function that is handed on
        else:
            self.visit(node)
        if not DUMPS.isdisjoint(self.words[begin:]):
            self.words[begin:] = [word for word in self.words[begin:] if word not in DUMPS]

    def subscript(self, node: ast.Subscript) -> None:
        begin = len(self.words)
        self.part_of(node.value)
        key = text_of(node.slice)
        found = lookups.subscript(self.vocabulary, node)
        if key is None:
            if found:
                self.special(found)
            self.visit(node.slice)
            if isinstance(node.slice, ast.Slice) and self.names and isinstance(node.value, ast.Constant):
                self.folded(node)
            return
        self.headers = self.headers or self.vocabulary.is_webhook_header(key)
        of_parameter = isinstance(node.value, ast.Name) and node.value.id in self.facts.parameters
        if key.lower() not in self.vocabulary.keeps and not self.vocabulary.promises(key) and not of_parameter:
            del self.words[begin:]
        self.mention(attribute(key))
        if found:
            self.special(found)

    def constant(self, node: ast.Constant) -> None:
        value = node.value
        if isinstance(value, bytes):
            value = value.decode("latin-1")
        elif not isinstance(value, str):
            return
        if self._texts:
            self._texts[-1].append(value)
        for name, sdk in self.names:
            self.facts.offers.add((name, value, sdk))
        if self.vocabulary.names_setting(value):
            self.facts.words.add(NAMED)
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
        last = self._called(function, last)
        begin, first, arguments = len(self.words), len(self.named), self._arguments(node, last)
        words = self.argument_words = self.words[begin:]
        self.compared(sides_of(node), self.words[outset:])
        if is_text:
            self._text(self._texts.pop(), self.words[outset:])
        if isinstance(function, ast.Attribute) and last in vocabulary.adders:
            added(self, holders_of(function.value), words)
        handed_over(self, node, last, words)
        if vocabulary.takes_object(last, self.imports.modules):
            self.exit(OTHER, self.words[outset:begin])
        names = {called(node) or last, last}  # here, and where it comes from
        if words:
            here, of = tuple(self.named[first:]), called_on(function)
            self.facts.calls += (Call(name, arguments, words, here, of) for name in sorted(names))
        if last and not vocabulary.hands_on(node, last):  # only one of the program itself hands on what it is given
            self.note([f"{last}()"], self.words[outset:])
            del self.words[outset:]
            if vocabulary.asks_for_other(node, last):
                return
            self.words.append(f"{last}()")
        self._result(node, last, names)

    def _result(self, node: ast.Call, last: str, names: Iterable[str]) -> None:
        """Mention what a call returns, by these names of it."""
        for name in filter(None, names):
            self.mention(attribute(name) if isinstance(node.func, ast.Attribute) else name)
        if found := lookups.returned(self.vocabulary, node, last, self.imports, self.facts.values):
            self.special(found)
        if found := self.vocabulary.dumps.of_call(node, last):
            self.special(found)

    def _called(self, function: ast.expr, last: str) -> str:
        """Visit what is called, and return the last word of what it is."""
        if isinstance(function, ast.Name):
            return self.imports.aliases.get(last, last)
        if isinstance(function, ast.Attribute) and last not in self.vocabulary.dumps.keep:
            self.part_of(function.value)
        else:
            self.visit(function.value if isinstance(function, ast.Attribute) else function)
        is_level = isinstance(function, ast.Call) and called(function) == "getattr"  # getattr(logger, level)(…)
        return "log" if is_level else last

    def _arguments(self, node: ast.Call, last: str) -> tuple[tuple[int | str, list[str]], ...]:
        """Visit the arguments; texts that name a secret are names for the others, as in set("password", x)."""
        vocabulary = self.vocabulary
        texts = [text for text in map(text_of, node.args) if text is not None and len(text) < LONGEST_NAME]
        own = self._names_among(texts, last)
        takes = vocabulary.takes_secret(last)
        if takes or own:
            self.facts.receivers.update(holders_of(getattr(node.func, "value", node.func)))
        self.names += own
        found = list(self._positional(node, takes))
        found += [(keyword.arg or -1, self._keyword(keyword, takes)) for keyword in node.keywords]
        del self.names[len(self.names) - len(own) :]
        if last in vocabulary.lookups:
            for text in texts:
                self.mention(attribute(text))
        if self.names and last in FOLDING:
            self.folded(node)
        return tuple((place, words) for place, words in found if words)

    def _names_among(self, texts: list[str], last: str) -> list[tuple[str, bool]]:
        """Return the names under which a call sets something: of what it is called, and among its arguments."""
        names = (*(text.lstrip("-") for text in texts), self.vocabulary.setter_noun(last))
        return [(name, False) for name in names if self.vocabulary.promises(name)][:MOST_NAMES]

    def _positional(self, node: ast.Call, takes: dict[int | str, str]) -> Iterator[tuple[int | str, list[str]]]:
        """Visit the arguments without a keyword; yield their places, -1 behind a star, and the words of each."""
        starred = False
        for number, one in enumerate(node.args):
            starred = starred or isinstance(one, ast.Starred)
            words = self.under([takes[number]], one, sdk=True) if number in takes else self.expression(one)
            yield -1 if starred else number, words
            if (text := text_of(one)) is not None and not starred and len(text) >= _LEAST:
                self.facts.given.add((called(node), number, text))

    def _keyword(self, keyword: ast.keyword, takes: dict[int | str, str]) -> list[str]:
        name = keyword.arg
        if name is None:
            return self.expression(keyword.value)
        self.facts.words.add(attribute(name))
        if self.vocabulary.promises(name):
            self.mention(attribute(name))
        words = self.under([name], keyword.value, sdk=name in takes)
        pair(self, [name], keyword.value)
        if name in self.vocabulary.queries:
            self.exit(URL, words)
        elif name in self.vocabulary.credentials:
            self.facts.reasons.add(GIVES if name in self.vocabulary.given else SENDS)
            self.given += 1
        return words

    def compared(self, sides: Sequence[ast.AST], words: list[str]) -> None:
        """Note what is compared with what."""
        pairs = compared_in(*sides) if len(sides) == 2 and words else []
        for left, right in pairs:
            names = (named(left) or [""])[0], (named(right) or [""])[0]
            self.facts.comparisons.append(Comparison(names, (dotted(left), dotted(right)), words))
        if pairs:
            self.exit(COMPARED, words)

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
        if self.names and len(pieces) > 1 and not words:
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
                named = _NAME_BEFORE.search(self._texts[-1][-1]) if self._texts[-1] else None
                if named is not None and self.vocabulary.promises(named[1]):
                    self.mention(attribute(named[1]))  # -e API_KEY={key}
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
        if self.names and isinstance(node.op, ast.Mult):
            self.folded(node)
