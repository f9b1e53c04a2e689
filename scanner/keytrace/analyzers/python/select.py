"""Which blocks of a program are worth reading: those where a policy may find something, and all that they depend on.

Words carry secrets from block to block: out of functions that return them, through attributes and globals, into
parameters. What is selected may be too much and must not be too little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from keytrace.analyzers.python import demand
from keytrace.analyzers.python.aliases import Aliases
from keytrace.analyzers.python.around import SENT, asked_by
from keytrace.analyzers.python.outline.blocks import Block
from keytrace.analyzers.python.outline.facts import (
    ANSWERED,
    BUILT,
    CHECKED,
    COMPARED,
    DUMP,
    DUMPS,
    GIVES,
    HASHED,
    LOCALS,
    LOOKED_UP,
    MAC,
    NAMED,
    OF_SIGNATURES,
    OTHER,
    SENDS,
    SETTING,
    SHOWN,
    SHOWS,
    SIGNED,
    WHAT_IS_HASHED,
    Call,
    Facts,
    Flow,
    Handed,
    attribute,
    plain,
)
from keytrace.analyzers.python.outline.shapes import EXCEPTIONS
from keytrace.analyzers.python.outline.spread import functions, spread
from keytrace.analyzers.python.program import PUBLIC_HTTP, Program
from keytrace.analyzers.python.project import Question
from keytrace.names.lexicon import words as split

_MOST_WORDS = 400  # of its own that carry a secret through a program


class Selection:
    """Follows secrets from block to block, word by word, until nothing new is reached.

    With `dumps` it follows what holds everything: an environment, settings, headers, all variables of a function; only
    where that is shown it matters. `speaks`: the program names secrets; `records` are fields of classes with one.
    `known` is what is known of other modules or asked for them, `foreign` are the words by which they hand on what is
    followed.
    """

    def __init__(
        self, program: Program, seeds: Iterable[Block], known: Question, foreign: Iterable[str] = (), *,
        in_test: bool = False, dumps: bool = False, speaks: bool = True, records: Iterable[Block] = (),
    ) -> None:  # fmt: skip
        self.program, self.in_test, self.dumps, self._speaks = program, in_test, dumps, speaks
        self.aliases = Aliases(program)
        self.takers, self.is_cut = known.takers, False  # whether more words carry something than are followed
        self.of_others = frozenset(map(_word_of, foreign))
        self._foreign = frozenset(map(plain, self.of_others))
        self._passing = known.passing
        self.wanted: dict[Block, str] = {}  # with why
        self.carriers: dict[str, set[Block]] = {word: set() for word in self.of_others}  # -> where it is bound
        self.handed: dict[Block, dict[Block, set[str]]] = {}  # functions -> by whom they are handed one -> as what
        self.calls: dict[tuple[Block, Block], list[Call]] = {}  # (caller, function) -> by which it is handed one
        self.records: set[Block] = set(records)  # fields with a secret: shown as a whole, the objects show it
        named = set(map(_class_of, self.records))
        self._shown_whole = named.union(name for name in map(plain, self.of_others) if name[:1].isupper())
        self.given_away: set[Handed] = set()  # functions, maybe of other modules, that are handed a secret
        self.signs_of_others = frozenset(() if dumps else map(_word_of, known.signs))
        self.signs = set(self.signs_of_others)  # words by which signatures are handed on
        self.addresses: set[str] = set()  # words for addresses that others may send something to
        self.tainted: dict[Block, set[str]] = {}
        self.askers: dict[Block, dict[Block, None]] = {}  # functions -> who may hand them the name of a setting
        self._depths: dict[Block, int] = {}  # of those who were asked for functions that look up settings
        self._sought: set[str] = set()  # functions of which those are found who may hand them a literal for a secret
        self.signed: dict[Block, set[str]] = {}
        self._clients: set[str] = set()
        self._public = known.addresses  # constants of other modules, that are addresses over http
        self.sends_to: set[str] = set()  # constants of other modules that it sends a credential to if they are such
        self._pending: dict[Block, list[Flow]] = {}  # flows that nothing has reached
        self._returning = {one.name for one in program.blocks if one.word == b"class"}  # hand on what they are handed
        self.asked: dict[Block, set[Handed]] = {}  # functions of which somebody wants to know what they do
        in_order = sorted(seeds, key=lambda block: block.start)  # a set's order is that of addresses
        self._waiting: dict[Block, None] = {}  # each once, the last one first
        self._wait((*in_order, *self._hooks()))
        self._take_in(known)
        while self._waiting:
            self._follow(self._waiting.popitem()[0])
        if not dumps:
            self._want_senders()

    def _take_in(self, known: Question) -> None:
        """Begin where others hand on something, or ask for it, and with what is known of the program's own classes."""
        for handed in known.asked:
            for one in functions(self.program.defined.get(handed[0], ())):
                self.asked.setdefault(one, set()).add(handed)
        self._wait(self.asked)
        for word in sorted(self.of_others | self.signs_of_others):
            self._wait(self.program.mentions(word))
        for field in self.records:
            self._carry(_class_of(field), field)

    def _wait(self, blocks: Iterable[Block]) -> None:
        self._waiting.update(dict.fromkeys(blocks))

    def _hooks(self) -> Iterator[Block]:
        """Yield the functions that are made views of webhooks elsewhere in the program."""
        for name, text in self.program.registered.items():
            if self.program.vocabulary.knowledge.tells_webhook(split(text)):
                yield from functions(self.program.defined.get(name, ()))

    def _follow(self, block: Block) -> None:
        """Follow what may hold a secret in a block; note what is reached, and whom that concerns."""
        facts = self.program.facts(block)
        tainted = self._reach(block, facts)
        if not self.dumps and not block.is_function:
            self._hand_on_addresses(block, facts)
        signed = set() if self.dumps else self._signatures(facts, tainted)
        if self.tainted.get(block) == tainted and self.signed.get(block) == signed:
            return
        self.tainted[block], self.signed[block] = tainted, signed
        self._find_callers(block, facts)
        if block not in self.wanted and (why := self._demanded(block, tainted, signed)):
            self.wanted[block] = why
        if not self.dumps:
            self._hand_on_signatures(block, facts, signed)
            self._hand_on_clients(block, facts, tainted)
        if tainted:
            self._hand_on(block, facts, tainted)

    def _ask(self, block: Block, facts: Facts) -> None:
        """Note which functions may look up a setting by the name that they are handed."""
        if NAMED not in facts.words or self.dumps:
            return
        for function, asker in asked_by(self.program, block, self._depths):
            if function not in self.askers and LOOKED_UP in self.program.facts(function).words:
                self._wait((function,))
            self.askers.setdefault(function, {})[asker] = None

    @staticmethod
    def _gives(facts: Facts, tainted: set[str]) -> bool:
        """Tell whether a block gives a request, or what makes requests, a credential."""
        return GIVES in facts.reasons or (SENDS in facts.reasons and bool(tainted))

    def _want_senders(self) -> None:
        """Want what sends a credential in the open, one of its own or one that what it sends it with was given."""
        for block, tainted in self.tainted.items():
            facts = self.program.facts(block)
            by = {*facts.words, block.owner.name} if block.owner is not None else facts.words
            sends = self._gives(facts, tainted) or (SENDS in facts.reasons and not self._clients.isdisjoint(by))
            if not sends or block in self.wanted:
                continue
            constants = facts.words & self.program.imports.constants if tainted else frozenset[str]()
            if self.program.names_public_host or not constants.isdisjoint(self._public):
                self.wanted[block] = SENDS
            else:
                self.sends_to |= constants

    def _hand_on_clients(self, block: Block, facts: Facts, tainted: set[str]) -> None:
        """Note by which words a block hands on what was given a credential, to make requests with it."""
        if not self._gives(facts, tainted):
            return
        clients = set(facts.clients)
        spread(clients, facts.flows)
        known = clients & facts.stays
        if not clients.isdisjoint(facts.returned):
            known.add(block.called)
        for word in known - self._clients:
            self._clients.add(word)
            self._wait(self.program.mentions(word))
        if block.owner is not None and not facts.stays.isdisjoint(SENT):
            self._clients.add(block.owner.name)
            self._wait(block.owner.members)

    def _hand_on(self, block: Block, facts: Facts, tainted: set[str]) -> None:
        """Note by which words a block hands on what holds a secret in it."""
        if block in self.handed and block.name not in self._returning and not tainted.isdisjoint(facts.returned):
            self._returning.add(block.name)
            self._wait(self.handed[block])
        for word in sorted(facts.stays & tainted):
            self._carry(word, block)
        if block.name and not self._own(block, facts, tainted).isdisjoint((*facts.returned, *facts.filled)):
            self._carry(block.called, block)
            if block.shows_object:
                self._carry(_class_of(block), block)
        if block.is_field and any(map(self.program.promises, facts.stays)):
            self.records.add(block)
        for call in facts.calls:
            if not tainted.isdisjoint(call.words):
                self._called(block, call, tainted)
        if not tainted.isdisjoint(facts.parameters):  # its decorators may log them, whoever calls
            self._decorate(block, block, Call(block.name, (), facts.parameters, ()), tainted)

    def _find_callers(self, block: Block, facts: Facts) -> None:
        """Look at who may call a function that takes a secret, or make an object of its class, once: they may hand it a
        literal.
        """
        name = block.owner.called if block.owner is not None and block.name == "__init__" else block.called
        if name and name not in self._sought and any(map(self.program.promises, facts.parameters)):
            self._sought.add(name)
            self._wait(one for one in self.program.mentions(name) if one not in self.tainted)

    def _signatures(self, facts: Facts, tainted: set[str]) -> set[str]:
        """Return the words of a block that may hold a signature."""
        begin = {MAC, HASHED} if WHAT_IS_HASHED in tainted else {MAC}
        signed = facts.others_of(self.signs | begin)
        spread(signed, facts.flows)
        return signed

    def _hand_on_signatures(self, block: Block, facts: Facts, signed: set[str]) -> None:
        words = facts.stays & signed
        if block.name and any(kind == CHECKED for kind, _ in facts.exits):
            words.add(block.called)
        if block.name and not signed.isdisjoint(facts.returned):
            words.add(block.called)
        for word in words - self.signs:
            self.signs.add(word)
            self._wait(self.program.mentions(word))

    def _called(self, block: Block, call: Call, tainted: set[str]) -> None:
        """Note who is handed a secret by a call: what is called, or functions among the arguments."""
        defined = self.program.defined
        for place, words in call.arguments:  # it may be another module's, whatever is defined here
            if not tainted.isdisjoint(words):
                self.given_away.add((call.name, place))
            for field in self._fields(call, place) if not tainted.isdisjoint(words) else ():
                self._carry(attribute(field), block)
        runs = self.aliases.run_by(call, block)
        imported = self.program.imports.paths.keys() - {call.name}
        self.given_away.update((name, -1) for name in call.named if name in imported & runs)  # as what is to be called
        for name in runs & defined.keys():
            ran = self.program.run_by(call, block) if name == call.name else functions(defined[name])
            for function in ran:
                self._hand(block, function, call, tainted, directly=name == call.name)
                self._decorate(block, function, call, tainted)

    def _decorate(self, block: Block, function: Block, call: Call, tainted: set[str]) -> None:
        for decorator in self.program.facts(function).decorators:
            for one in functions(self.program.defined.get(decorator, ())):
                self._hand(block, one, call, tainted, directly=False)

    def _fields(self, call: Call, place: int | str) -> Iterable[str]:
        """Return the fields of a record that an argument of the call which makes it is kept in."""
        if not call.name[:1].isupper() or call.name.endswith(EXCEPTIONS):
            return ()
        return (place,) if isinstance(place, str) else self.program.parameters(call.name, place)

    def _hand(self, block: Block, function: Block, call: Call, tainted: set[str], *, directly: bool) -> None:
        facts = self.program.facts(function)
        parameters = self.handed.setdefault(function, {}).setdefault(block, set())
        before = len(parameters)
        calls = self.calls.setdefault((block, function), [])
        if call not in calls:
            calls.append(call)
        if not directly:
            parameters.update(facts.parameters, facts.inner)
        for place, words in call.arguments if directly else ():
            if tainted.isdisjoint(words):
                continue
            parameters.update(facts.parameters_at(place))
        if len(parameters) > before:
            self._wait((function,))

    def _carry(self, word: str, block: Block) -> None:
        known = self.carriers.get(word)
        if known is None and len(self.carriers) < _MOST_WORDS + len(self.of_others):
            self.carriers[word] = {block}
            if not self._begins_by_itself(word):
                self._wait(self.program.mentions(word))
        elif known is not None:
            known.add(block)
        else:
            self.is_cut = True

    def _begins_by_itself(self, word: str) -> bool:
        """Tell whether blocks that mention a word are looked at anyway, since it promises a secret."""
        return not self.dumps and self.program.promises(word)

    def _reach(self, block: Block, facts: Facts) -> set[str]:
        """Return the words of a block that may hold a secret: what was reached before, and what that leads to now."""
        reached = self.tainted.get(block)
        if reached is None:
            self._ask(block, facts)
            reached = self._begin(block, facts)
        reached = {*reached, *facts.others_of(self.carriers.keys())}
        reached |= facts.words & {LOOKED_UP} if block in self.askers else set()
        for parameters in self.handed.get(block, {}).values():
            reached |= parameters
        for _, place in self.asked.get(block, ()):
            reached.update(facts.parameters_at(place))
        self._pending[block] = spread(reached, self._pending.get(block, facts.flows), partial(self._is_open, block))
        return reached

    def _own(self, block: Block, facts: Facts, tainted: set[str]) -> set[str]:
        """Return the words of a block that hold a secret whatever it is handed: only these can make it return one."""
        if block not in self.handed and block not in self.asked and tainted.isdisjoint(facts.parameters):
            return tainted
        own = (self._begin(block, facts) | facts.others_of(self.carriers.keys())).difference(facts.parameters)
        spread(own, facts.flows, partial(self._is_open, block))
        return own

    def _is_open(self, block: Block, target: str) -> bool:
        """Tell whether what flows to a target is there: of a call, whether the function may return what it is handed,
        as far as is known of this program and of others.
        """
        if not target.endswith("()"):
            return True
        function = target[:-2]
        return (
            function in self._returning
            or function in self._passing
            or function in self._foreign
            or bool(self.aliases.of_any(function, block))
        )

    def _begin(self, block: Block, facts: Facts) -> set[str]:
        """Return the words of a block that hold a secret by themselves."""
        if self.dumps:
            return {word for word in facts.words & DUMPS if self._is_dump(word, facts)}
        is_class = self.program.vocabulary.is_class
        reached = {word for word in facts.words if self.program.promises(word) and not is_class(word)}
        if LOOKED_UP in facts.words and (reached or NAMED in facts.words or block in self.askers):
            reached.add(LOOKED_UP)
        special = (SETTING, DUMP) if NAMED in facts.words else (SETTING,)  # by a name an entry may be taken out of it
        return reached.union(facts.words.intersection(special), facts.words & self.program.vocabulary.sources)

    def _is_dump(self, word: str, facts: Facts) -> bool:
        """Tell whether all variables, or all of an object, may be secrets among others."""
        if word == LOCALS:
            return any(map(self.program.promises, facts.words))
        return word == DUMP or self._speaks

    def _hand_on_addresses(self, block: Block, facts: Facts) -> None:
        """Note by which words a block hands on an address over http."""
        if not self.addresses.isdisjoint(facts.words) or PUBLIC_HTTP.search(self.program.data, block.start, block.end):
            for word in facts.stays - self.addresses:
                self.addresses.add(word)
                self._wait(self.program.mentions(word))

    # --- what is wanted ---

    def _demanded(self, block: Block, tainted: set[str], signed: set[str]) -> str:
        """Say why a policy may find something in a block, empty if none can."""
        facts = self.program.facts(block)
        reasons = facts.reasons - {SHOWS, SENDS, GIVES}
        if reasons and not self.dumps:
            return min(reasons)
        if tainted and SHOWS in facts.reasons:
            return SHOWS
        for kind, words in facts.exits if tainted or signed else ():
            if self._reaches(kind, words, facts, signed if kind in OF_SIGNATURES else tainted):
                return kind
        why = self._given_to(block, facts, tainted)
        return why if why or self.dumps else demand.offered(self.program, facts)

    def _given_to(self, block: Block, facts: Facts, tainted: set[str]) -> str:
        """Say where calls take a secret that are no exits by their name, empty if nowhere."""
        calls = [call for call in facts.calls if not tainted.isdisjoint(call.words)]
        if any(not self.takers.isdisjoint((call.name, *call.named)) for call in calls):
            return OTHER
        return SHOWN if any(self.aliases.show(call.name, block) for call in calls) else ""

    def _reaches(self, kind: str, words: list[str], facts: Facts, tainted: set[str]) -> bool:
        """Tell whether a secret, or a signature, may reach an exit where that matters."""
        if tainted.isdisjoint(words):
            return False
        if kind in OF_SIGNATURES:
            return kind == SIGNED and not self.in_test
        if kind == SHOWN:
            return True
        if kind == ANSWERED:
            return facts.is_view
        if self.dumps:
            return kind == OTHER and not self._shown_whole.isdisjoint(tainted)
        if kind == COMPARED:
            return not self.in_test and demand.is_guess(self.program, facts, words, tainted)
        return kind != BUILT or demand.is_url(self.program, facts, words)


def _word_of(foreign: str) -> str:
    """Return the word for what another module hands on as a name, `.attribute` or `module.name`."""
    _, dot, name = foreign.rpartition(".")
    return attribute(name) if dot else name


def _class_of(member: Block) -> str:
    """Return the word for the class of a member."""
    return member.owner.called if member.owner is not None else ""
