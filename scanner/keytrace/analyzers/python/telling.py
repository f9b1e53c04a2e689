"""What a selection tells of a program to those that import it: what holds a secret, what functions do with one."""

from __future__ import annotations

from collections.abc import Iterable

from keytrace.analyzers.python.outline.blocks import Block
from keytrace.analyzers.python.outline.facts import Handed, plain
from keytrace.analyzers.python.outline.imports import Import
from keytrace.analyzers.python.project import Survey
from keytrace.analyzers.python.select import Selection

_MOST_PARENTS = 3  # of a class, one above the other
Members = dict[str, set[str]]  # of classes: attributes and methods


def told(selection: Selection, imports: tuple[Import, ...]) -> Survey:
    """Return what there is to a program by a selection of it: whether it is to be read, and what it hands on."""
    gives, members = _given_to_others(selection.given_away, imports), _members(selection)
    carries, holds = _exported(selection), frozenset(_holders(selection, members))
    is_wanted, is_cut = bool(selection.wanted), selection.is_cut
    if selection.dumps:
        records = {one.owner.name for one in selection.records if one.owner is not None}
        return Survey(is_wanted, dumps=carries | _holders(selection, records), holds=holds, gives=gives, is_cut=is_cut)
    return Survey(
        is_wanted, carries=carries, signs=frozenset(selection.signs - selection.signs_of_others), holds=holds,
        members=frozenset((owner, name) for owner, names in members.items() for name in names),
        says=frozenset(filter(selection.program.vocabulary.promises, carries)), gives=gives, is_cut=is_cut,
        addresses=frozenset(word for word in selection.addresses if word == plain(word)),
        sends_to=frozenset(selection.sends_to),
    )  # fmt: skip


def answered(selection: Selection, imports: tuple[Import, ...]) -> Survey:
    """Return what the functions do that were asked for, and to whom they give what they are handed."""
    gives = _given_to_others(selection.given_away, imports)
    return Survey(gives=gives, takes=_takes(selection), passes=_passes(selection))


# --- what holds a secret ---


def _exported(selection: Selection) -> frozenset[str]:
    """Return the names of the top level that hold or return a secret."""
    return frozenset(
        word for word, blocks in selection.carriers.items()
        if word not in selection.of_others and word == plain(word)
        and any(block.owner is None and (block.name == word or not block.is_function) for block in blocks)
    )  # fmt: skip


def _holders(selection: Selection, names: Iterable[str]) -> set[str]:
    """Return the classes of these names that are defined here, and the names of their objects at the top level."""
    program = selection.program
    classes = program.defined.keys() & names
    found = set(classes)
    for block in {block for name in classes for block in program.mentions(name)}:
        if block.owner is None and not block.is_function:
            found.update(plain(word) for word, of in program.facts(block).made.items() if not classes.isdisjoint(of))
    return found


def _members(selection: Selection) -> Members:
    """Return the attributes and methods of classes that hold or return a secret, and do not say so."""
    found: Members = {}
    for word, blocks in selection.carriers.items():
        name = plain(word)
        if name == word or word in selection.of_others or selection.program.promises(word) or name.startswith("__"):
            continue
        for block in blocks:
            if block.owner is not None and _is_of_object(selection, block, word):
                found.setdefault(block.owner.name, set()).add(name)
    for _ in range(_MOST_PARENTS if found else 0):
        _inherit(selection, found)
    return found


def _is_of_object(selection: Selection, member: Block, word: str) -> bool:
    """Tell whether a word is that of a field or method, or of what a method gives its object."""
    return not member.is_function or member.called == word or word in selection.program.facts(member).of_self


def _inherit(selection: Selection, members: Members) -> None:
    """Add to the attributes of classes those of their bases in the program."""
    for block in selection.program.blocks:
        if block.word == b"class":
            bases = selection.program.facts(block).words & members.keys() - {block.name}
            if bases:
                members.setdefault(block.name, set()).update(*(members[base] for base in bases))


# --- what functions do with one ---


def _given_to_others(given: set[Handed], imports: tuple[Import, ...]) -> frozenset[Handed]:
    if any(not one.name or one.name == "*" or one.name.islower() for one in imports):
        return frozenset(given)  # of a module, maybe
    names = frozenset(one.here for one in imports)
    return frozenset(one for one in given if one[0] in names)


def _passes(selection: Selection) -> frozenset[str]:
    """Return the functions, of those asked for, that return what they are handed."""
    found = [block for block in selection.asked if block in selection.tainted]
    return _names(
        selection,
        (
            block for block in found
            if block.owner is not None
            or not selection.tainted[block].isdisjoint(selection.program.facts(block).returned)
        ),
    )  # fmt: skip


def _takes(selection: Selection) -> frozenset[str]:
    """Return the functions, of those asked for, that take what they are handed to an exit, by others too."""
    by_whom: dict[Block, set[Block]] = {}
    for function, callers in selection.handed.items():
        for caller in callers:
            by_whom.setdefault(function, set()).add(caller)
    waiting, reached = list(selection.wanted), set(selection.wanted)
    while waiting:
        for caller in by_whom.get(waiting.pop(), ()):
            if caller not in reached:
                reached.add(caller)
                waiting.append(caller)
    return _names(selection, reached)


def _names(selection: Selection, functions: Iterable[Block]) -> frozenset[str]:
    """Return what functions are called by those who ask."""
    return frozenset(name for one in functions for name, _ in selection.asked.get(one, ()))
