"""Which blocks of a program are worth reading: those where a policy may find something, and all that they depend on.

Words carry secrets from block to block: out of functions that return them, through attributes and globals, into
parameters. What is selected may be too much and must not be too little.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from keytrace.analyzers.python.around import around, checking, setters
from keytrace.analyzers.python.outline.blocks import Block
from keytrace.analyzers.python.outline.facts import (
    ANSWERED,
    BUILT,
    CHECKED,
    COMPARED,
    DUMP,
    HASHED,
    LOCALS,
    LOOKED_UP,
    MAC,
    NAMED,
    OTHER,
    SENDS,
    SETTING,
    SHOWN,
    SHOWS,
    SIGNED,
    UNREADABLE,
    URL,
    WEBHOOK,
    WHAT_IS_HASHED,
    Call,
    Facts,
    Handed,
)
from keytrace.analyzers.python.outline.spread import functions, spread
from keytrace.analyzers.python.outline.words import URLISH
from keytrace.analyzers.python.program import Program
from keytrace.names.lexicon import words as split

_PUBLIC_HTTP = re.compile(
    rb"(?i)(?:\b(?:http|ws)://|HTTPConnection(?:Pool)?\(\s*[\"'])(?!localhost|127\.|0\.0\.0\.0|www\.w3\.org|schemas?\.|ns\.|purl\.|www\.apache\.org)[\w{%][^\s\"'/]*\."
)
_MOST_WORDS = 400  # that carry a secret through a program
_EVERYTHING = frozenset((DUMP, LOCALS))
_MOST_ALIASES = 3  # of an alias
_LITERAL = "a literal"
_OF_SIGNATURES = frozenset((SIGNED, CHECKED))
_SPECIAL = frozenset((DUMP, LOCALS, SETTING))


class Selection:
    """Follows secrets from block to block, word by word, until nothing new is reached.

    `foreign` are words by which other modules hand on secrets, `takers` functions of other modules that take what they
    are handed to an exit, `asked` names of functions of which somebody wants to know whether they do.
    """

    def __init__(
        self, program: Program, seeds: Iterable[Block], *, in_test: bool = False,
        foreign: Iterable[str] = (), passing: Iterable[str] = (), takers: Iterable[str] = (),
        asked: Iterable[Handed] = (),
    ) -> None:  # fmt: skip
        self.program, self.in_test = program, in_test
        self.foreign, self.takers = frozenset(foreign), frozenset(takers)
        self._passing = frozenset(passing)
        self.wanted: dict[Block, str] = {}  # with why
        self.carriers: dict[str, set[Block]] = {word: set() for word in self.foreign}  # -> the blocks it is bound in
        self.handed: dict[Block, dict[Block, set[str]]] = {}  # functions -> by whom they are handed one -> as what
        self._calls: dict[tuple[Block, Block], list[Call]] = {}  # (caller, function) -> by which it is handed one
        self.given_away: set[Handed] = set()  # functions, maybe of other modules, that are handed a secret
        self.signs: set[str] = set()  # words by which signatures are handed on
        self._tainted: dict[Block, set[str]] = {}
        self._told: set[Block] = set()  # whose callers may hand them a literal for a secret
        self.signed: dict[Block, set[str]] = {}
        self._clients: set[str] = set()
        self._pending: dict[Block, list[tuple[list[str], frozenset[str]]]] = {}  # flows that nothing has reached
        self._returning = {one.name for one in program.blocks if one.word == b"class"}  # hand on what they are handed
        self._others: dict[str, frozenset[str]] = {}  # other names of what is called
        self._asked: dict[Block, set[Handed]] = {}
        for handed in asked:
            for one in functions(program.defined.get(handed[0], ())):
                self._asked.setdefault(one, set()).add(handed)
        self._waiting = [*dict.fromkeys(seeds), *self._asked]
        for name, text in program.registered.items():
            if program.vocabulary.tells_webhook(split(text)):
                self._waiting += functions(program.defined.get(name, ()))
        for word in self.foreign:
            self._waiting += program.mentions(word)
        while self._waiting and len(self.carriers) < _MOST_WORDS:
            self._follow(self._waiting.pop())

    def _follow(self, block: Block) -> None:
        """Follow what may hold a secret in a block; note what is reached, and whom that concerns."""
        facts = self.program.facts(block)
        tainted = self._reach(block, facts)
        signed = self._signatures(facts, tainted)
        if self._tainted.get(block) == tainted and self.signed.get(block) == signed:
            return
        self._tainted[block], self.signed[block] = tainted, signed
        if block not in self._told and any(map(self.program.vocabulary.promises, facts.parameters)):
            self._told.add(block)
            self._waiting += self._callers(block)
        if block not in self.wanted and (why := self._demanded(block, tainted, signed)):
            self.wanted[block] = why
        self._hand_on_signatures(block, facts, signed)
        if SENDS in facts.reasons and not (block.is_function and block.owner is None):
            for word in facts.stays - self._clients:  # of clients, with which others make requests
                self._clients.add(word)
                self._waiting += self.program.mentions(word)
        if not tainted:
            return
        if block in self.handed and block.name not in self._returning and not tainted.isdisjoint(facts.returned):
            self._returning.add(block.name)
            self._waiting += self.handed[block]
        if block.name and not self._own(block, facts, tainted).isdisjoint(facts.returned):
            self._carry(block.name, block)
        for word in facts.stays & tainted:
            self._carry(word, block)
        if block.name and facts.filled and not self._own(block, facts, tainted).isdisjoint(facts.filled):
            self._carry(block.name, block)
        if (
            block.owner is not None
            and not block.is_function
            and any(map(self.program.vocabulary.promises, facts.stays))
        ):
            self._carry(block.owner.name, block)  # its objects show what they hold
        for call in facts.calls:
            if not tainted.isdisjoint(call.words):
                self._called(block, call, tainted)

    def _callers(self, block: Block) -> list[Block]:
        """Return who may call a function, or make an object of its class."""
        name = block.owner.name if block.owner is not None and block.name == "__init__" else block.name
        return self.program.mentions(name) if name else []

    def _signatures(self, facts: Facts, tainted: set[str]) -> set[str]:
        """Return the words of a block that may hold a signature."""
        begin = {MAC, HASHED} if WHAT_IS_HASHED in tainted else {MAC}
        signed = facts.words & (self.signs | self.foreign | begin)
        return spread(signed, facts.flows) if signed else signed

    def _hand_on_signatures(self, block: Block, facts: Facts, signed: set[str]) -> None:
        words = facts.stays & signed
        if not block.is_function and _PUBLIC_HTTP.search(self.program.data, block.start, block.end):
            words |= facts.stays  # an address that others may send something to
        if block.name and any(kind == CHECKED for kind, _ in facts.exits):
            words.add(block.name)
        if block.name and not signed.isdisjoint(facts.returned):
            words.add(block.name)
        for word in words - self.signs:
            self.signs.add(word)
            self._waiting += self.program.mentions(word)

    def _called(self, block: Block, call: Call, tainted: set[str]) -> None:
        """Note who is handed a secret by a call: what is called, or functions among the arguments."""
        defined = self.program.defined
        for place, words in call.arguments:  # it may be another module's, whatever is defined here
            if not tainted.isdisjoint(words):
                self.given_away.add((call.name, place))
        names = {call.name, *call.named, *self._also(call.name, block)} & defined.keys()
        for name in names:
            for function in functions(defined[name]):
                if function is not block:
                    self._hand(block, function, call, tainted, directly=name == call.name)
                for decorator in self.program.facts(function).decorators:
                    for one in functions(defined.get(decorator, ())):
                        self._hand(block, one, call, tainted, directly=False)

    def _also(self, name: str, block: Block) -> frozenset[str]:
        """Return what a name that is called in a block, and is no function, may be another name for or made of."""
        if not name or name in self.program.defined:
            return frozenset()
        known = self._others.get(name)
        if known is None:
            made = (self.program.facts(one).made.get(name, ()) for one in self.program.binders(name))
            known = self._others[name] = frozenset[str]().union(*made)
        own = self.program.facts(block).made.get(name)
        return known.union(own) if own else known

    def _shows(self, name: str, block: Block, depth: int = 0) -> bool:
        """Tell whether a name that is called in a block is another one for an exit: say = log.info."""
        if not name or name in self.program.defined:
            return False
        blocks = (block, *self.program.binders(name))
        return any(name in self.program.facts(one).shows for one in blocks) or (
            depth < _MOST_ALIASES and any(self._shows(one, block, depth + 1) for one in self._also(name, block))
        )

    def _hand(self, block: Block, function: Block, call: Call, tainted: set[str], *, directly: bool) -> None:
        facts = self.program.facts(function)
        parameters = self.handed.setdefault(function, {}).setdefault(block, set())
        before = len(parameters)
        calls = self._calls.setdefault((block, function), [])
        if call not in calls:
            calls.append(call)
        if not directly:
            parameters.update(facts.parameters, facts.inner)
        for place, words in call.arguments if directly else ():
            if tainted.isdisjoint(words):
                continue
            parameters.update(facts.parameters_at(place))
        if len(parameters) > before:
            self._waiting.append(function)

    def _carry(self, word: str, block: Block) -> None:
        known = self.carriers.get(word)
        if known is None:
            self.carriers[word] = {block}
            self._waiting += self.program.mentions(word)
        else:
            known.add(block)

    def _reach(self, block: Block, facts: Facts) -> set[str]:
        """Return the words of a block that may hold a secret: what was reached before, and what that leads to now."""
        reached = self._tainted.get(block)
        if reached is None:
            reached = self._begin(facts)
        reached = {*reached, *(facts.words & self.carriers.keys())}
        for parameters in self.handed.get(block, {}).values():
            reached |= parameters
        for _, place in self._asked.get(block, ()):
            reached.update(facts.parameters_at(place))
        self._pending[block] = self._spread(block, reached, self._pending.get(block, facts.flows))
        return reached

    def _own(self, block: Block, facts: Facts, tainted: set[str]) -> set[str]:
        """Return the words of a block that hold a secret whatever it is handed: only these can make it return one."""
        if block not in self.handed and block not in self._asked and tainted.isdisjoint(facts.parameters):
            return tainted
        own = (self._begin(facts) | (facts.words & self.carriers.keys())).difference(facts.parameters)
        self._spread(block, own, facts.flows)
        return own

    def _spread(
        self, block: Block, reached: set[str], pending: list[tuple[list[str], frozenset[str]]]
    ) -> list[tuple[list[str], frozenset[str]]]:
        """Add to `reached` what flows lead to from it; return the flows that may lead further yet."""
        while reached:
            later: list[tuple[list[str], frozenset[str]]] = []
            size = len(reached)
            for flow in pending:
                targets, words = flow
                if reached.isdisjoint(words):
                    later.append(flow)
                    continue
                open_targets = [one for one in targets if not one.endswith("()") or self._hands_on(one[:-2], block)]
                reached.update(open_targets)
                if len(open_targets) < len(targets):
                    later.append(flow)  # it may turn out that the function does
            pending = later
            if len(reached) == size:
                break
        return pending

    def _hands_on(self, function: str, block: Block) -> bool:
        """Tell whether a function may return what it is handed: as far as is known of this program and of others."""
        return (
            function in self._returning
            or function in self._passing
            or function in self.foreign
            or bool(self._also(function, block))
        )

    def _begin(self, facts: Facts) -> set[str]:
        """Return the words of a block that hold a secret by themselves."""
        vocabulary = self.program.vocabulary
        reached = {word for word in facts.words if vocabulary.promises(word)}
        if LOOKED_UP in facts.words and (reached or NAMED in facts.words):
            reached.add(LOOKED_UP)
        special = _SPECIAL if reached else _SPECIAL - {LOCALS}  # variables are all harmless where none is a secret
        return reached | (facts.words & special) | (facts.words & vocabulary.sources)

    # --- what is wanted ---

    def _demanded(self, block: Block, tainted: set[str], signed: set[str]) -> str:
        """Say why a policy may find something in a block, empty if none can."""
        facts = self.program.facts(block)
        reasons = facts.reasons - {SHOWS, SENDS}
        if reasons:
            return min(reasons)
        if SENDS in facts.reasons and self._may_be_public(facts, tainted):
            return SENDS
        if tainted and (SHOWS in facts.reasons):
            return SHOWS
        for kind, words in facts.exits if tainted or signed else ():
            if kind in _OF_SIGNATURES:
                if kind == SIGNED and not (self.in_test or signed.isdisjoint(words)):
                    return kind
            elif self._reaches(kind, words, facts, tainted):
                return kind
        if any(call.name in self.takers and not tainted.isdisjoint(call.words) for call in facts.calls):
            return OTHER
        if any(not tainted.isdisjoint(call.words) and self._shows(call.name, block) for call in facts.calls):
            return SHOWN
        return self._offered(facts)

    @property
    def exported(self) -> frozenset[str]:
        """The names of the top level that hold or return a secret."""
        names = {
            word for word, blocks in self.carriers.items()
            if word not in self.foreign
            and any(block.owner is None and (block.name == word or not block.is_function) for block in blocks)
        }  # fmt: skip
        return frozenset(names | self._holders())

    def _holders(self) -> set[str]:
        """Return the classes of the top level of which an attribute holds a secret, and the names of their objects."""
        classes = {
            block.owner.name for word in self.members for block in self.carriers[word]
            if block.owner is not None and block.owner.owner is None
        }  # fmt: skip
        found = set(classes)
        for block in {block for name in classes for block in self.program.mentions(name)}:
            if block.owner is None and not block.is_function:
                found.update(name for name, of in self.program.facts(block).made.items() if not classes.isdisjoint(of))
        return found

    @property
    def members(self) -> frozenset[str]:
        """The attributes and methods of classes that hold or return a secret, and do not say so themselves."""
        promises = self.program.vocabulary.promises
        return frozenset(
            word for word, blocks in self.carriers.items()
            if word not in self.foreign and not promises(word) and any(block.owner is not None for block in blocks)
        )  # fmt: skip

    @property
    def passes(self) -> frozenset[str]:
        """The functions, of those asked for, that return what they are handed."""
        found = [block for block in self._asked if block in self._tainted]
        return self._names(
            block for block in found
            if block.owner is not None or not self._tainted[block].isdisjoint(self.program.facts(block).returned)
        )  # fmt: skip

    def _names(self, functions: Iterable[Block]) -> frozenset[str]:
        """Return what functions are called by those who ask."""
        return frozenset(name for one in functions for name, _ in self._asked.get(one, ()))

    @property
    def takes(self) -> frozenset[str]:
        """The functions, of those asked for, that take what they are handed to an exit, by themselves or by others."""
        by_whom: dict[Block, set[Block]] = {}
        for function, callers in self.handed.items():
            for caller in callers:
                by_whom.setdefault(function, set()).add(caller)
        waiting, reached = list(self.wanted), set(self.wanted)
        while waiting:
            for caller in by_whom.get(waiting.pop(), ()):
                if caller not in reached:
                    reached.add(caller)
                    waiting.append(caller)
        return self._names(reached)

    def _reaches(self, kind: str, words: list[str], facts: Facts, tainted: set[str]) -> bool:
        """Tell whether a secret may reach an exit."""
        if tainted.isdisjoint(words):
            return False
        if kind == SHOWN:
            return True
        if kind == ANSWERED:
            return facts.is_view
        if (tainted - _EVERYTHING).isdisjoint(words):
            return False
        if kind == COMPARED:
            return not self.in_test and self._is_guess(facts, words, tainted)
        return kind != BUILT or self._is_url(facts, words)

    def _is_guess(self, facts: Facts, words: list[str], tainted: set[str]) -> bool:
        vocabulary = self.program.vocabulary
        for one in facts.comparisons:
            if one.words is words:
                held = tainted.intersection(words)
                is_sure = (
                    SETTING in held
                    or not held.isdisjoint(vocabulary.sources)
                    or any(not vocabulary.promises(word) for word in held)
                )
                if vocabulary.is_guess(one, is_sure=is_sure):
                    return True
        return False

    def _is_url(self, facts: Facts, words: list[str]) -> bool:
        """Tell whether a text is built of a literal elsewhere that is the beginning of a URL."""
        return any(
            URLISH.search(text) for word in words if not word.endswith("()") for text in self._values(word, facts)
        )

    @cached_property
    def _names_public_host(self) -> bool:
        return _PUBLIC_HTTP.search(self.program.data) is not None

    def _may_be_public(self, facts: Facts, tainted: set[str]) -> bool:
        """Tell whether the program may name a host on the internet over http, or takes it from another module."""
        if self._names_public_host:
            return True
        return bool(tainted) and not facts.words.isdisjoint(self.program.imports.constants)

    def _offered(self, facts: Facts) -> str:
        """Say whether a literal may be a credential under one of the names that it stands under."""
        might_be = self.program.vocabulary.literals.might_be
        if any(might_be(name, text, sdk=sdk) for name, text, sdk in facts.offers):
            return _LITERAL
        for name, word, sdk in facts.aliases:
            if any(might_be(name, text, sdk=sdk) for text in self._values(word, facts)):
                return f"{_LITERAL} behind a name"
        return f"{_LITERAL} for a parameter" if self._given(facts) else ""

    def _given(self, facts: Facts) -> set[str]:
        """Return the functions that are handed a literal which may be a credential under the name of the parameter."""
        might_be, parameters = self.program.vocabulary.literals.might_be, self.program.parameters
        return {
            function for function, place, text in facts.given
            if function in self.program.defined and any(might_be(name, text) for name in parameters(function, place))
        }  # fmt: skip

    def _values(self, word: str, facts: Facts) -> Iterator[str]:
        """Yield the literals that a word may be bound to, here or for the whole program."""
        yield from facts.values.get(word, ())
        for block in self.program.binders(word) if self.program.may_hold_literal(word) else ():
            known = self.program.facts(block)
            yield from known.values.get(word, ())
            if block.name == word:
                yield from (text for _, text, _ in known.offers)

    # --- what is read ---

    def needed(self) -> set[Block]:
        """Return the wanted blocks and all that they depend on, seen from what is asked of each."""
        program = self.program
        wanted = [*self.wanted, *checking(self)]
        senders = (block for block in self.wanted if SENDS in program.facts(block).reasons)
        wanted += [one for block in senders for one in setters(program, block)]
        besides = [one for block in self.wanted for one in around(program, block)]
        goals = [(block, frozenset(program.facts(block).words)) for block in besides]
        called = (name for block in self.wanted for name in self._given(program.facts(block)))
        makers = (one for name in called for one in program.defined[name])
        goals += [(one, frozenset()) for block in makers for one in block.members if not one.is_function]
        return self._closure((*((block, self._goals(block)) for block in wanted), *goals))

    def exporting(self, names: Iterable[str]) -> set[Block]:
        """Return the blocks on which depends what names of the top level are."""
        found = {block: None for name in names for block in self.program.binders(name)}
        members = [member for block in found for member in block.members]
        return self._closure(
            (block, self._goals(block) | {block.name} | self.program.facts(block).stays) for block in (*found, *members)
        )

    def _closure(self, waiting_: Iterable[tuple[Block, frozenset[str]]]) -> set[Block]:
        waiting = list(waiting_)
        asked: dict[Block, set[str]] = {}
        while waiting:
            block, goals = waiting.pop()
            known = asked.get(block)
            if known is not None and goals <= known:
                continue
            before = self._backward(block, known) if known else frozenset()
            known = asked.setdefault(block, set())
            known |= goals
            relevant = self._backward(block, known)
            waiting += self._dependencies(block, relevant, before)
        return set(asked)

    def _dependencies(
        self, block: Block, relevant: frozenset[str], before: frozenset[str]
    ) -> Iterator[tuple[Block, frozenset[str]]]:
        """Yield (block, words) on which the words of a block depend: where they are bound, and by whom handed over."""
        facts = self.program.facts(block)
        own = set(facts.parameters).union(*(targets for targets, _ in facts.flows)) - facts.stays
        for word in relevant - before:
            goal = frozenset((word,))
            yield from ((one, goal) for one in self.carriers.get(word, ()))
            if word not in own:
                yield from ((one, goal) for one in self.program.binders(word))
        for caller, parameters in self.handed.get(block, {}).items():
            if not relevant.isdisjoint(parameters):
                tainted = self._tainted.get(caller, set())
                calls = self._calls[caller, block]
                words = {word for call in calls for word in call.words if word in tainted}
                yield caller, frozenset(words.union(call.name for call in calls))

    def _goals(self, block: Block) -> frozenset[str]:
        """Return the words on which depends what may be found in a wanted block."""
        facts, tainted = self.program.facts(block), self._tainted.get(block, set())
        goals: set[str] = set()
        for kind, words in facts.exits:
            if kind in _OF_SIGNATURES and not self.signed.get(block, set()).isdisjoint(words):
                goals.update(words)
            elif not tainted.isdisjoint(words):
                goals.update(words if kind in (URL, BUILT) else (word for word in words if word in tainted))
        if facts.offers:
            goals |= facts.receivers
        goals |= self._given(facts)
        for call in facts.calls:
            if not tainted.isdisjoint(call.words) and self._shows(call.name, block):
                goals |= {call.name, *tainted.intersection(call.words)}
        if SHOWS in facts.reasons:
            goals |= tainted
        for name, word, _ in facts.aliases:
            goals.update((name, word))
        if not facts.reasons.isdisjoint((UNREADABLE, SENDS, WEBHOOK)):
            goals |= facts.words
        return frozenset(goals)

    def _backward(self, block: Block, goals: set[str]) -> frozenset[str]:
        """Return the words that what `goals` hold in a block is made of: of what may hold a secret, and of literals."""
        facts, tainted = self.program.facts(block), self._tainted.get(block, set())
        relevant = set(goals)
        if UNREADABLE in facts.reasons:
            relevant |= facts.words
        if block.name in goals:
            relevant.update(facts.returned, facts.filled)
        pending = facts.flows
        while True:
            later: list[tuple[list[str], frozenset[str]]] = []
            for flow in pending:
                targets, words = flow
                if relevant.isdisjoint(targets):
                    later.append(flow)
                else:
                    relevant.update(words if tainted.isdisjoint(targets) else tainted.intersection(words))
            if len(later) == len(pending):
                return frozenset(word.removesuffix("()") for word in relevant)
            pending = later
