"""What is known of a value while a program is read: its constant, its parts, and the secrets that flowed into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from libcst import CSTNode

    from keytrace.analyzers.python.program import Class, Function
    from keytrace.model import Location


class Unknown(Enum):
    """What stands for a constant that is not known."""

    UNKNOWN = 0


UNKNOWN: Final = Unknown.UNKNOWN
Const = str | bytes | int | float | bool | None | Unknown
MOST_TAINTS, MOST_STEPS, MOST_OPTIONS, MOST_PARTS = 8, 12, 6, 64
MOST_ITEMS = 256  # entries of a container that grows one by one, which are known by themselves
LONGEST_CONST = 65_536  # characters of a constant that is followed


@dataclass(frozen=True, slots=True)
class Step:
    """A place on the way of a secret: a node of this module, or a location in another."""

    place: CSTNode | Location
    says: str


@dataclass(frozen=True, slots=True)
class Taint:
    """A secret in a value: what it is called, where it came from and the steps it took.

    `kind`: environment, manager, prompt, generated, literal, name (its name alone tells), dump (a whole environment),
    or parameter: what stands for the argument of the function that is being summed up.
    """

    kind: str
    name: str
    steps: tuple[Step, ...]
    sure: bool = True  # False: the name alone says it, and the name may mean something else
    part: bool = False  # a few characters of it
    owner: Function | None = None  # of a parameter, and
    index: int = -1  # its number

    @property
    def key(self) -> tuple[object, ...]:
        return (self.kind, self.name, self.part, self.owner, self.index)

    def step(self, place: CSTNode | Location, says: str) -> Taint:
        """Return the taint one step further."""
        if len(self.steps) >= MOST_STEPS or (self.steps and self.steps[-1].place is place):
            return self
        return replace(self, steps=(*self.steps, Step(place, says)))


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """What an expression may evaluate to. `taints` are those of all its parts, entries and options.

    `ref` is the dotted name of what it is ("os.environ", "logging.getLogger()"); `node` where its constant stands.
    """

    ref: str = ""
    const: Const = UNKNOWN
    node: CSTNode | None = None
    folded: bool = False  # the constant is made of several pieces
    taints: tuple[Taint, ...] = ()
    parts: tuple[Value, ...] = ()  # of a text, in order
    items: Mapping[object, Value] | None = None  # of a container, by constant key
    options: tuple[Value, ...] = ()  # it is one of these
    function: Function | None = None
    owner: Value | None = None  # the object that a method is bound to
    instance: Class | None = None
    clean: bool = False  # says nothing of a secret, whatever it is called
    masked: Value | None = None  # what a wrapper holds that masks it when shown
    shown: str = ""  # the name it was last read by
    mac: bool = False  # it is a message authentication code
    is_parameter: bool = False  # it is the argument of a parameter, as it is

    @property
    def leaves(self) -> tuple[Value, ...]:
        """The options, or the value itself when there are none."""
        return self.options or (self,)

    @property
    def is_none(self) -> bool:
        return self.const is None

    @property
    def is_open(self) -> bool:
        """Tell whether it may be anything, so that its name decides what it is."""
        if self.options:
            return any(option.is_open for option in self.options)
        return (
            self.const is UNKNOWN
            and not self.clean
            and self.items is None
            and self.function is None
            and self.masked is None
            and not any(taint.kind != "parameter" for taint in self.taints)
        )

    @property
    def text(self) -> str | None:
        """The constant as text, if it is one."""
        if isinstance(self.const, str):
            return self.const
        return self.const.decode("latin-1") if isinstance(self.const, bytes) else None

    def with_taints(self, taints: Iterable[Taint]) -> Value:
        return replace(self, taints=merge(self.taints, taints))


NOTHING = Value()
CLEAN = Value(clean=True)


def merge(*groups: Iterable[Taint]) -> tuple[Taint, ...]:
    """Return the taints of all groups, each once, the first steps of each kept."""
    found: dict[tuple[object, ...], Taint] = {}
    for group in groups:
        for taint in group:
            found.setdefault(taint.key, taint)
    return tuple(found.values())[:MOST_TAINTS]


def taints_of(values: Iterable[Value]) -> tuple[Taint, ...]:
    return merge(*(value.taints for value in values))


def container(items: Mapping[object, Value], ref: str = "") -> Value:
    return Value(ref=ref, items=items, taints=taints_of(items.values()))


def text_of(parts: Sequence[Value]) -> Value:
    """Return the text that `parts` make, one after the other; a constant if all of them are."""
    flat: list[Value] = []
    for part in parts:
        flat += part.parts or (part,)
    if all(isinstance(part.const, str) for part in flat):
        joined = "".join(part.const for part in flat if isinstance(part.const, str))
        if len(joined) <= LONGEST_CONST:
            return Value(const=joined, folded=True, taints=taints_of(flat))
    return Value(parts=tuple(flat[:MOST_PARTS]), taints=taints_of(flat))


def join(one: Value, other: Value) -> Value:
    """Return what is known of a value that is one of two."""
    if one is other:
        return one
    if one.const is not UNKNOWN and one.const == other.const and type(one.const) is type(other.const):
        return one.with_taints(other.taints)
    leaves = tuple(dict.fromkeys((*one.leaves, *other.leaves)))
    items: Mapping[object, Value] | None = None
    if one.items is not None and other.items is not None:
        items = {
            key: join(one.items[key], other.items[key]) if key in one.items and key in other.items
            else one.items.get(key) or other.items[key]
            for key in {**one.items, **other.items}
        }  # fmt: skip
    return Value(
        ref=one.ref if one.ref == other.ref else one.ref or other.ref if one.is_none or other.is_none else "",
        taints=merge(one.taints, other.taints),
        items=items,
        options=leaves[:MOST_OPTIONS],
        instance=one.instance or other.instance,
        function=one.function or other.function,
        clean=one.clean and other.clean,
        masked=one.masked or other.masked,
    )


def constants(value: Value) -> Iterator[Value]:
    """Yield the options that are constant texts."""
    for leaf in value.leaves:
        if leaf.text is not None:
            yield leaf


def element_of(value: Value) -> Value:
    """Return what is known of any element of a container."""
    if value.clean:
        return CLEAN
    if value.ref.endswith("items()"):
        if value.items is not None:
            entry: Value | None = None
            for one in value.items.values():
                entry = one if entry is None else join(entry, one)
            return container({0: CLEAN, 1: entry or NOTHING})
        return Value(items={0: CLEAN, 1: Value(taints=value.taints)}, taints=value.taints)
    if value.ref == "{}" or is_dict(value):
        return CLEAN  # its keys
    if value.items is not None:
        found: Value | None = None
        for entry in value.items.values():
            found = entry if found is None else join(found, entry)
        return found or NOTHING
    if value.options:
        return value.options[0]
    if value.ref.endswith(("()", "[]")):
        return Value(taints=tuple(taint for taint in value.taints if taint.kind != "dump" or ".values" in value.ref))
    return Value(
        taints=tuple(
            taint
            if taint.kind in ("parameter", "manager") or taint.name.lower().endswith("s")
            else replace(taint, part=True)
            for taint in value.taints if taint.kind != "dump"
        )
    )  # fmt: skip


def is_dict(value: Value) -> bool:
    """Tell whether a container has names for its entries, so that to iterate over it yields these."""
    return bool(value.items and not any(isinstance(key, int) for key in value.items))
