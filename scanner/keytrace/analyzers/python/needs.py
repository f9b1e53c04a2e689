"""What of a program is read: the blocks that are wanted, and all on which what may be found in them depends."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator

from keytrace.analyzers.python.around import around, checking, setters
from keytrace.analyzers.python.demand import given
from keytrace.analyzers.python.outline.blocks import Block
from keytrace.analyzers.python.outline.facts import (
    BUILT,
    GIVES,
    OF_SIGNATURES,
    SENDS,
    SHOWS,
    UNREADABLE,
    URL,
    WEBHOOK,
    Flow,
    attribute,
    plain,
)
from keytrace.analyzers.python.program import Program
from keytrace.analyzers.python.select import Selection

_TEXTS = frozenset(("__init__", "__str__"))


def needed(selection: Selection) -> set[Block]:
    """Return the wanted blocks and all that they depend on, seen from what is asked of each."""
    program, facts = selection.program, selection.program.facts
    wanted = [*selection.wanted, *checking(selection)]
    goals: list[tuple[Block, frozenset[str]]] = []
    for block in selection.wanted:
        if not facts(block).reasons.isdisjoint((SENDS, GIVES)):
            wanted += setters(program, block)
        goals += ((one, frozenset(facts(one).words)) for one in around(program, block))
        goals += ((one, frozenset()) for one in _saying(selection, block))
        goals += ((one, frozenset()) for one in _fields(program, given(program, facts(block))))
    found = _closure(selection, (*((block, _goals(selection, block)) for block in wanted), *goals))
    return {*found, *(one for block in found for one in _beside(block))}


def touched(selection: Selection, blocks: Iterable[Block]) -> set[str]:
    """Return the names in some blocks of which it matters what another module means by them: what holds a secret or a
    signature, what is handed one, the bases of classes, constants that may be addresses.
    """
    found: set[str] = set()
    for block in blocks:
        facts, tainted = selection.program.facts(block), selection.tainted.get(block, set())
        words = tainted | selection.signed.get(block, set())
        found.update(plain(word.removesuffix("()")) for word in words)
        for call in facts.calls:
            if not tainted.isdisjoint(call.words):
                found.update((call.name, *call.named))
        found |= facts.words & selection.program.imports.constants
        if block.word == b"class":
            found |= facts.words
    return found


def _fields(program: Program, names: Iterable[str]) -> Iterator[Block]:
    """Yield what stands in classes of these names, without their methods."""
    for name in names:
        for block in program.defined[name]:
            yield from (one for one in block.members if not one.is_function)


def _saying(selection: Selection, block: Block) -> Iterator[Block]:
    """Yield what makes the text of objects that a block makes with secrets: an exception may say something else."""
    tainted = selection.tainted.get(block, set())
    for call in selection.program.facts(block).calls:
        if call.name[:1].isupper() and not tainted.isdisjoint(call.words):
            for owner in selection.program.defined.get(call.name, ()):
                yield from (one for one in owner.members if one.name in _TEXTS)


def _beside(field: Block) -> Iterator[Block]:
    """Yield the fields of the class of a field: each is known by its place among them."""
    if field.owner is not None and not field.is_function:
        yield from (one for one in field.owner.members if not one.is_function)


def exporting(selection: Selection, names: Iterable[str], most: int) -> tuple[set[Block], set[str]]:
    """Return the blocks on which depends what names of the top level are, and the names in them of which it matters
    what other modules mean by them; not all of them when they are more than `most` bytes.
    """
    names = frozenset(names)
    found = {block: None for name in names for block in selection.program.binders(name)}
    members = [one for block in found for one in block.members if _matters(selection, one, names)]
    members += _handed_by(selection, (*found, *members))
    facts = selection.program.facts
    asked = _closure(
        selection,
        ((one, _goals(selection, one) | {one.called} | facts(one).stays) for one in (*found, *members)),
        most,
    )
    relevant = (plain(word) for block, goals in asked.items() for word in _backward(selection, block, goals))
    return set(asked), touched(selection, asked).union(relevant)


def _handed_by(selection: Selection, functions: Iterable[Block]) -> Iterator[Block]:
    """Yield the functions that some functions hand what they are handed to, from one to the next."""
    handed: dict[Block, list[Block]] = {}
    for function, callers in selection.handed.items():
        for caller in callers:
            handed.setdefault(caller, []).append(function)
    seen, waiting = set[Block](), list(functions)
    while waiting:
        for function in handed.get(waiting.pop(), ()):
            if function not in seen:
                seen.add(function)
                waiting.append(function)
                yield function


def _matters(selection: Selection, member: Block, asked: Collection[str]) -> bool:
    """Tell whether others may get a secret from a member of a class, or hand it one."""
    holds = selection.tainted.get(member) or selection.signed.get(member)
    return bool(holds) or not member.is_function or member.name in asked or member.name.startswith("__")


def _closure(
    selection: Selection, waiting_: Iterable[tuple[Block, frozenset[str]]], most: int = sys.maxsize
) -> dict[Block, set[str]]:
    """Return blocks and all that they depend on, with the words that are asked of each, until they are more than `most`
    bytes.
    """
    waiting = list(waiting_)
    asked: dict[Block, set[str]] = {}
    made_of: dict[Block, frozenset[str]] = {}  # the words that what is asked of a block is made of
    carried, bound = set[str](), set[str]()  # words whose carriers and binders are waiting already, whoever asked
    while waiting and most >= 0:
        block, goals = waiting.pop()
        known = asked.get(block)
        if known is not None and goals <= known:
            continue
        if known is None:
            most -= block.end - block.start
            known = asked[block] = set()
        known |= goals
        before = made_of.get(block, frozenset())
        relevant = made_of[block] = _backward(selection, block, known)
        words = relevant - before - selection.program.facts(block).own
        waiting += _handing(selection, block, relevant)
        waiting += _carrying(selection, words - carried)
        carried |= words
        words -= _own(selection, block)
        waiting += ((one, frozenset((word,))) for word in words - bound for one in selection.program.binders(word))
        bound |= words
    return asked


def _own(selection: Selection, block: Block) -> set[str]:
    """Return the words that a block binds itself."""
    facts = selection.program.facts(block)
    return set(facts.parameters).union(*(targets for targets, _ in facts.flows)) - facts.stays


def _carrying(selection: Selection, words: Iterable[str]) -> Iterator[tuple[Block, frozenset[str]]]:
    """Yield the blocks in which words get what they hold, with what that depends on there."""
    for word in words:
        goal = frozenset((word,))
        yield from ((one, goal | _makers(selection, one, word)) for one in selection.carriers.get(word, ()))


def _handing(selection: Selection, block: Block, relevant: frozenset[str]) -> Iterator[tuple[Block, frozenset[str]]]:
    """Yield the callers of a function that hand it what is asked for, or its name, with what they hand."""
    for caller, parameters in selection.handed.get(block, {}).items():
        if not relevant.isdisjoint(parameters):
            tainted = selection.tainted.get(caller, set())
            calls = selection.calls[caller, block]
            words = {word for call in calls for word in call.words if word in tainted}
            yield caller, frozenset(words.union(*(_called(call.name) for call in calls)))
    for asker in selection.askers.get(block, ()) if relevant else ():
        yield asker, frozenset(_called(block.name))


def _called(name: str) -> tuple[str, str]:
    """Return the words by which a function or a method of a name is called."""
    return name, attribute(name)


def _makers(selection: Selection, block: Block, word: str) -> frozenset[str]:
    """Return the words of what makes records in a block, where one may have the attribute that is asked for."""
    facts = selection.program.facts(block)
    if word == plain(word) or any(word in targets for targets, _ in facts.flows) or word in facts.stays:
        return frozenset()
    makers = (call for call in facts.calls if call.name[:1].isupper())
    return frozenset(name for call in makers for name in (call.name, *call.words))


def _goals(selection: Selection, block: Block) -> frozenset[str]:
    """Return the words on which depends what may be found in a wanted block."""
    facts, tainted = selection.program.facts(block), selection.tainted.get(block, set())
    goals: set[str] = set()
    for kind, words in facts.exits:
        if kind in OF_SIGNATURES and not selection.signed.get(block, set()).isdisjoint(words):
            goals.update(words)
        elif not tainted.isdisjoint(words):
            goals.update(words if kind in (URL, BUILT) else (word for word in words if word in tainted))
    if facts.offers:
        goals |= facts.receivers
    goals |= given(selection.program, facts)
    for call in facts.calls:
        if not tainted.isdisjoint(call.words) and selection.aliases.show(call.name, block):
            goals.update(_called(call.name), tainted.intersection(call.words))
    if SHOWS in facts.reasons:
        goals |= tainted
    for name, word, _ in facts.aliases:
        goals.update((name, attribute(name), word))
    if not facts.reasons.isdisjoint((UNREADABLE, SENDS, GIVES, WEBHOOK)):
        goals |= facts.words
    return frozenset(goals)


def _backward(selection: Selection, block: Block, goals: set[str]) -> frozenset[str]:
    """Return the words that what `goals` hold in a block is made of: of what may hold a secret, and of literals."""
    facts, tainted = selection.program.facts(block), selection.tainted.get(block, set())
    relevant = set(goals)
    if UNREADABLE in facts.reasons:
        relevant |= facts.words
    if block.called in goals or (block.shows_object and block.owner and block.owner.called in goals):
        relevant.update(facts.returned, facts.filled)
    pending = facts.flows
    while True:
        later: list[Flow] = []
        for flow in pending:
            targets, words = flow
            if relevant.isdisjoint(targets):
                later.append(flow)
            else:
                relevant.update(words if tainted.isdisjoint(targets) else tainted.intersection(words))
        if len(later) == len(pending):
            functions = {word[:-2] for word in relevant if word.endswith("()")}
            return frozenset((*relevant, *functions, *map(attribute, functions)))
        pending = later
