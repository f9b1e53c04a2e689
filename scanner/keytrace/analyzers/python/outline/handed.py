"""Where a call takes what it is handed: to an exit, into a request, into a signature, into what it is added to."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Protocol

from keytrace.analyzers.python.outline.facts import (
    ANSWERED,
    CHECKED,
    GIVES,
    HASHED,
    SENDS,
    URL,
    WHAT_IS_HASHED,
    Facts,
    attribute,
    plain,
)
from keytrace.analyzers.python.outline.imports import Imports
from keytrace.analyzers.python.outline.shapes import holders_of, secret_of, text_of
from keytrace.analyzers.python.outline.vocabulary import Vocabulary


class Words(Protocol):
    """What visits the expressions of a block and notes what it does."""

    vocabulary: Vocabulary
    imports: Imports
    facts: Facts
    words: list[str]
    depth: int
    changed: set[str]
    in_return: bool

    def under(self, names: Iterable[str], node: ast.AST | None, *, sdk: bool = False) -> list[str]: ...
    def note(self, targets: list[str], words: list[str]) -> None: ...
    def exit(self, kind: str, words: list[str]) -> None: ...
    def special(self, word: str) -> None: ...


def added(reader: Words, holders: list[str], words: list[str]) -> None:
    """Note what is added to what holders hold."""
    reader.note(holders, words)
    gives(reader, holders)
    reader.changed.update(holders)
    if not reader.depth:
        reader.facts.stays.update(holders[-1:])
    if not reader.vocabulary.queries.isdisjoint(map(plain, holders[:1])):
        reader.exit(URL, words)


def gives(reader: Words, bound: list[str]) -> None:
    """Note what is given credentials by binding these words, from the last one inwards: session.headers["key"]."""
    for number, word in enumerate(bound):
        if (name := plain(word)) in reader.vocabulary.credentials:
            reader.facts.reasons.add(GIVES if name in reader.vocabulary.given else SENDS)
            reader.facts.clients.update(bound[number + 1 :])


def pair(reader: Words, names: Iterable[str], node: ast.AST | None) -> None:
    """Offer the secret of a pair that is given to a name for one: auth=("alice", "…")."""
    secret = secret_of(node) if not reader.vocabulary.pairs.isdisjoint(map(plain, names)) else None
    if secret is not None:
        begin = len(reader.words)
        reader.under(["password"], secret, sdk=True)
        del reader.words[begin:]


def handed_over(reader: Words, node: ast.Call, last: str, words: list[str]) -> None:
    """Note where a call of this name takes what it is handed: to an exit, into a request, into a signature."""
    vocabulary, modules = reader.vocabulary, reader.imports.modules
    if last in vocabulary.compares:
        reader.exit(CHECKED, words)
    if last in vocabulary.url_calls:
        reader.exit(URL, words)
    for kind in vocabulary.exits_of(last, modules):
        reader.exit(kind, words)
    if last == "add_argument":
        _option(reader, node)
    if last == "get" and len(texts := [one for one in map(text_of, node.args) if one]) > 1:
        reader.note(holders_of(node.func), texts[1:])  # of a file of settings: get(section, option)
        reader.changed.update(holders_of(node.func))
    if reader.in_return and last[:1].isupper():
        reader.exit(ANSWERED, words)  # an object that a view may return
    if vocabulary.is_request(node, last, modules) or vocabulary.opens_service(node):
        reader.facts.reasons.add(SENDS)
    _signed(reader, last, words)


def _signed(reader: Words, last: str, words: list[str]) -> None:
    """Note what a call makes a signature of."""
    signed = reader.vocabulary.signature_of(last, reader.imports.modules)
    if signed == HASHED or last == "update":
        reader.note([WHAT_IS_HASHED], words)
    if signed:
        reader.special(signed)


def _option(reader: Words, node: ast.Call) -> None:
    """Note that what a parser parses holds a secret, by the options that it is given."""
    options = [text.lstrip("-") for one in node.args if (text := text_of(one)) is not None]
    secrets, holders = [one for one in options if reader.vocabulary.promises(one)], holders_of(node.func)
    named = [*map(attribute, secrets)]
    reader.note(holders, named)
    reader.facts.words.update(named)
    reader.changed.update(holders)
