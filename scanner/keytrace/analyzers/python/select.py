"""Which blocks of a program are worth reading: those where a policy may find something, and all that they depend on.

Words carry secrets from block to block: out of functions that return them, through attributes and globals, into
parameters. What is selected may be too much and must not be too little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from keytrace.analyzers.python.around import around, checking, setters
from keytrace.analyzers.python.demand import PUBLIC_HTTP, is_guess, is_url, may_be_public, offered
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
)
from keytrace.analyzers.python.outline.spread import functions, spread
from keytrace.analyzers.python.program import Program
from keytrace.names.lexicon import words as split

_MOST_WORDS = 400  # that carry a secret through a program
_EVERYTHING = frozenset((DUMP, LOCALS))
_OF_SIGNATURES = frozenset((SIGNED, CHECKED))
_SPECIAL = frozenset((DUMP, LOCALS, SETTING))


class Selection:
    """Follows secrets from block to block, word by word, until nothing new is reached.

    `foreign` are words by which other modules hand on secrets, `takers` functions of other modules that take what they
    are handed to an exit, `asked` names of functions of which somebody wants to know whether they do.
    """

    def __init__(
        self, program: Program, seeds: Iterable[Block], *, in_test: bool = False,
        foreign: Iterable[str] = (), passing: Iterable[str] = (), takers: Iterable[str] = (), asked: Iterable[str] = (),
    ) -> None:  # fmt: skip
        self.program, self.in_test = program, in_test
        self.foreign, self.takers = frozenset(foreign), frozenset(takers)
        self._passing = frozenset(passing)
        self.wanted: dict[Block, str] = {}  # with why
        self.carriers: dict[str, set[Block]] = {word: set() for word in self.foreign}  # -> the blocks it is bound in
        self.handed: dict[Block, dict[Block, set[str]]] = {}  # functions -> by whom they are handed one -> as what
        self.given_away: set[str] = set()  # names of functions, maybe of other modules, that are handed a secret
        self.signs: set[str] = set()  # words by which signatures are handed on
        self._tainted: dict[Block, set[str]] = {}
        self.signed: dict[Block, set[str]] = {}
        self._clients: set[str] = set()
        self._pending: dict[Block, list[tuple[list[str], frozenset[str]]]] = {}  # flows that nothing has reached
        self._asked = {one: name for name in asked for one in functions(program.defined.get(name, ()))}
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
        if block not in self.wanted and (why := self._demanded(facts, tainted, signed)):
            self.wanted[block] = why
        self._hand_on_signatures(block, facts, signed)
        self._hand_on_clients(block, facts)
        if not tainted:
            return
        if block.name and not self._own(block, facts, tainted).isdisjoint(facts.returned):
            self._carry(block.name, block)
        for word in facts.stays & tainted:
            self._carry(word, block)
        if (
            block.owner is not None
            and not block.is_function
            and any(map(self.program.vocabulary.promises, facts.stays))
        ):
            self._carry(block.owner.name, block)  # its objects show what they hold
        for call in facts.calls:
            if not tainted.isdisjoint(call.words):
                self._called(block, call, tainted)

    def _hand_on_clients(self, block: Block, facts: Facts) -> None:
        """Note the names of clients, with which others make requests."""
        if SENDS in facts.reasons and not (block.is_function and block.owner is None):
            for word in facts.stays - self._clients:
                self._clients.add(word)
                self._waiting += self.program.mentions(word)

    def _signatures(self, facts: Facts, tainted: set[str]) -> set[str]:
        """Return the words of a block that may hold a signature."""
        begin = {MAC, HASHED} if WHAT_IS_HASHED in tainted else {MAC}
        signed = facts.words & (self.signs | self.foreign | begin)
        return spread(signed, facts.flows) if signed else signed

    def _hand_on_signatures(self, block: Block, facts: Facts, signed: set[str]) -> None:
        words = facts.stays & signed
        if not block.is_function and PUBLIC_HTTP.search(self.program.data, block.start, block.end):
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
        self.given_away.add(call.name)  # it may be another module's, whatever is defined here
        for name in {call.name, *call.named} & defined.keys():
            for function in functions(defined[name]):
                if function is not block:
                    self._hand(
                        block, function, call.arguments if name == call.name else ((-1, list(tainted)),), tainted
                    )

    def _hand(
        self, block: Block, function: Block, arguments: Iterable[tuple[int | str, list[str]]], tainted: set[str]
    ) -> None:
        facts = self.program.facts(function)
        parameters = self.handed.setdefault(function, {}).setdefault(block, set())
        before = len(parameters)
        for place, words in arguments:
            if tainted.isdisjoint(words):
                continue
            if isinstance(place, str) and place in facts.parameters:
                parameters.add(place)
            elif isinstance(place, int) and 0 <= place < facts.positional:
                parameters.add(facts.parameters[place])
            else:
                parameters.update(facts.parameters)
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
        if block in self._asked:
            reached.update(facts.parameters)
        self._pending[block] = self._spread(reached, self._pending.get(block, facts.flows))
        return reached

    def _own(self, block: Block, facts: Facts, tainted: set[str]) -> set[str]:
        """Return the words of a block that hold a secret whatever it is handed: only these can make it return one."""
        if block not in self.handed and block not in self._asked:
            return tainted
        own = self._begin(facts) | (facts.words & self.carriers.keys())
        self._spread(own, facts.flows)
        return own

    def _spread(
        self, reached: set[str], pending: list[tuple[list[str], frozenset[str]]]
    ) -> list[tuple[list[str], frozenset[str]]]:
        """Add to `reached` what flows lead to from it; return the flows that nothing has reached."""
        while reached:
            later: list[tuple[list[str], frozenset[str]]] = []
            for flow in pending:
                targets, words = flow
                if reached.isdisjoint(words):
                    later.append(flow)
                else:
                    reached.update(one for one in targets if not one.endswith("()") or self._hands_on(one[:-2]))
            if len(later) == len(pending):
                break
            pending = later
        return pending

    def _hands_on(self, function: str) -> bool:
        """Tell whether a function may return what it is handed: one of this program, or one of which others say so."""
        return function in self.program.defined or function in self._passing or function in self.foreign

    def _begin(self, facts: Facts) -> set[str]:
        """Return the words of a block that hold a secret by themselves."""
        vocabulary = self.program.vocabulary
        reached = {word for word in facts.words if vocabulary.promises(word)}
        if LOOKED_UP in facts.words and (reached or NAMED in facts.words):
            reached |= {LOOKED_UP}  # maybe by that name
        special = _SPECIAL if reached else _SPECIAL - {LOCALS}  # variables are all harmless where none is a secret
        return reached | (facts.words & special) | (facts.words & vocabulary.sources)

    # --- what is wanted ---

    def _demanded(self, facts: Facts, tainted: set[str], signed: set[str]) -> str:
        """Say why a policy may find something in a block, empty if none can."""
        reasons = facts.reasons - {SHOWS, SENDS}
        if reasons:
            return min(reasons)
        if SENDS in facts.reasons and may_be_public(self.program, facts, tainted):
            return SENDS
        if tainted and (SHOWS in facts.reasons):
            return SHOWS
        for kind, words in facts.exits if tainted or signed else ():
            if kind in _OF_SIGNATURES:
                if kind == SIGNED and not (self.in_test or signed.isdisjoint(words)):
                    return kind
            elif self._reaches(kind, words, facts, tainted):
                return kind
        if self._is_taken(facts, tainted):
            return OTHER
        return offered(self.program, facts)

    def _is_taken(self, facts: Facts, tainted: set[str]) -> bool:
        """Tell whether a function of another module takes a secret to an exit."""
        return any(call.name in self.takers and not tainted.isdisjoint(call.words) for call in facts.calls)

    @property
    def exported(self) -> frozenset[str]:
        """The names of the top level that hold or return a secret."""
        return frozenset(
            word for word, blocks in self.carriers.items()
            if word not in self.foreign
            and any(block.owner is None and (block.name == word or not block.is_function) for block in blocks)
        )  # fmt: skip

    @property
    def passes(self) -> frozenset[str]:
        """The functions, of those asked for, that return what they are handed."""
        found = ((block, name) for block, name in self._asked.items() if block in self._tainted)
        return frozenset(
            name for block, name in found
            if block.owner is not None or not self._tainted[block].isdisjoint(self.program.facts(block).returned)
        )  # fmt: skip

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
        return frozenset(name for block, name in self._asked.items() if block in reached)

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
            return not self.in_test and is_guess(self.program, facts, words, tainted)
        return kind != BUILT or is_url(self.program, facts, words)

    # --- what is read ---

    def needed(self) -> set[Block]:
        """Return the wanted blocks and all that they depend on, seen from what is asked of each."""
        program = self.program
        wanted = [*self.wanted, *checking(self)]
        senders = (block for block in self.wanted if SENDS in program.facts(block).reasons)
        wanted += [one for block in senders for one in setters(program, block)]
        besides = [one for block in self.wanted for one in around(program, block)]
        goals = ((block, frozenset(program.facts(block).words)) for block in besides)
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
        names = {block.name, block.owner.name if block.owner is not None else block.name}
        for caller, parameters in self.handed.get(block, {}).items():
            if not relevant.isdisjoint(parameters):
                tainted = self._tainted.get(caller, set())
                calls = (
                    one for one in self.program.facts(caller).calls if not names.isdisjoint((one.name, *one.named))
                )
                yield caller, frozenset(word for call in calls for word in call.words if word in tainted)

    def _goals(self, block: Block) -> frozenset[str]:
        """Return the words on which depends what may be found in a wanted block."""
        facts, tainted = self.program.facts(block), self._tainted.get(block, set())
        goals: set[str] = set()
        for kind, words in facts.exits:
            if kind in _OF_SIGNATURES and not self.signed.get(block, set()).isdisjoint(words):
                goals.update(words)
            elif not tainted.isdisjoint(words):
                goals.update(words if kind in (URL, BUILT) else (word for word in words if word in tainted))
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
            relevant.update(facts.returned)
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
