"""What a block of a program does, word by word: the facts by which it is selected. A word is a name, `.name` for what
something has by that name (an attribute, an entry, a method), or `name()` for what a call returns; an expression holds
whatever any word in it may hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

SETTING = "<a setting>"  # the word for what is read from the environment under the name of a secret
LOOKED_UP = "<looked up>"  # for what is read from the environment under a name that is not written there
NAMED = "<the name of a setting>"  # and for the name of a secret of the environment
DUMP = "<everything>"  # for a whole environment, settings object or set of headers
LOCALS = "<all variables>"  # for all variables of a function
FIELDS = "<all of an object>"  # for all attributes of an object, which may be secrets where a program speaks of some
DUMPS = frozenset((DUMP, LOCALS, FIELDS))
MAC = "<a signature>"  # for what is a signature whatever it is made of
HASHED = "<a hash>"  # for a hash, which is a signature where WHAT_IS_HASHED holds a secret
WHAT_IS_HASHED = "<what is hashed>"

# Where a policy may find something: exits, by kind.
SHOWN = "shown"  # logged, printed, raised
OTHER = "other"  # handed to another sink
URL = "url"  # put into a URL, or sent as its parameters
BUILT = "built"  # put into a text, which may be a URL
COMPARED = "compared"
SIGNED = "compared as a signature"
CHECKED = "compared as a signature, in constant time"
OF_SIGNATURES = frozenset((SIGNED, CHECKED))
ANSWERED = "answered"  # returned by a view, or handed to what makes a response

# Why a block may be worth reading whatever its words hold.
WEBHOOK = "a webhook"
SENDS = "sends a credential"  # a request, where it may be given a secret
GIVES = "gives a user and a password"  # or cookies, to a request or to what makes requests
SHOWS = "what shows things is handed on"
FOLDS = "a literal is put together"
TEXT = "a literal is a credential by itself"
UNREADABLE = "not parsed"


def plain(word: str) -> str:
    """Return the name alone of a word."""
    return word.removeprefix(".")


def attribute(name: str) -> str:
    """Return the word for what something has by a name."""
    return f".{name}"


Flow = tuple[list[str], frozenset[str]]  # targets, and the words that they are bound to
Handed = tuple[str, int | str]  # a function by its last word, and the argument that it is handed; -1 is any, "" none


@dataclass(frozen=True, slots=True)
class Call:
    """A call: the last word of what is called, and the words of each argument by position or keyword; -1 is any."""

    name: str
    arguments: tuple[tuple[int | str, list[str]], ...]
    words: list[str]  # of all of them
    named: tuple[str, ...]  # the names among them that are not called: maybe functions that are handed on
    of: str | None = None  # the path of the object whose method is called, empty if it has none; None of a function

    @property
    def of_object(self) -> bool:
        """Tell whether a method is called, or an attribute."""
        return self.of is not None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides that are compared with ==: the name and the path that each goes by, and the words in both."""

    names: tuple[str, str]
    paths: tuple[str, str]
    words: list[str]


@dataclass(slots=True)
class Facts:
    """What a block does."""

    words: set[str] = field(default_factory=set)  # all that it mentions
    own: set[str] = field(default_factory=set)  # names among them that only this function knows
    flows: list[Flow] = field(default_factory=list)
    stays: set[str] = field(default_factory=set)  # targets that others see: attributes, entries, globals
    of_self: set[str] = field(default_factory=set)  # attributes among them that the object of a method has
    exits: list[tuple[str, list[str]]] = field(default_factory=list)  # (kind, words)
    comparisons: list[Comparison] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    receivers: set[str] = field(default_factory=set)  # what is called, or whose methods, with literals or for secrets
    parameters: list[str] = field(default_factory=list)
    positional: int = 0  # so many of them have a position
    offers: set[tuple[str, str, bool]] = field(default_factory=set)  # (name, literal, to a parameter for secrets)
    given: set[tuple[str, int, str]] = field(default_factory=set)  # (what is called, position, literal)
    aliases: set[tuple[str, str, bool]] = field(default_factory=set)  # (name, word whose literal it may take, likewise)
    values: dict[str, set[str]] = field(default_factory=dict)  # word -> literals that it is bound to
    reasons: set[str] = field(default_factory=set)
    made: dict[str, set[str]] = field(default_factory=dict)  # word -> what it may be another name for: functions
    shows: set[str] = field(default_factory=set)  # names of what takes what it is handed to an exit
    filled: set[str] = field(default_factory=set)  # parameters into which something is put
    inner: list[str] = field(default_factory=list)  # parameters of the functions inside of it
    clients: set[str] = field(default_factory=set)  # words of what is given credentials, to make requests with them
    decorators: list[str] = field(default_factory=list)
    is_view: bool = False  # a web framework may call it

    def parameters_at(self, place: int | str) -> Iterable[str]:
        """Return the parameters that may take an argument at a position or under a keyword; all of them for -1."""
        if place == "":
            return ()
        if isinstance(place, str) and place in self.parameters:
            return (place,)
        if isinstance(place, int) and 0 <= place < self.positional:
            return (self.parameters[place],)
        return self.parameters

    def others_of(self, words: AbstractSet[str]) -> set[str]:
        """Return the words among some that are mentioned, and may be those that others bind."""
        return (self.words & words) - self.own

    def value(self, name: str, literal: str) -> None:
        self.values.setdefault(name, set()).add(literal)
