"""What reading a program tells to whoever listens: values get names, calls are made, texts are built …"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from keytrace.analyzers.python.interpret.site import Site
from keytrace.analyzers.python.interpret.values import Function, Node, Taint, Value

if TYPE_CHECKING:
    import libcst as cst


@dataclass(frozen=True, slots=True)
class Started:
    """A reading of the module begins; whatever an earlier one told is obsolete."""

    module: cst.Module


@dataclass(frozen=True, slots=True)
class Bound:
    """A value is given to a name, in whatever way.

    `form`: assign, colon, pair, option, call, compare, default; or fallback, of a look-up in the environment. `sdk`:
    the parameter is known to take a secret; `site` is the call that it belongs to.
    """

    name: str
    value: Value
    form: str
    place: Node
    function: Function | None
    sdk: bool = False
    site: Site | None = None


@dataclass(frozen=True, slots=True)
class Called:
    """A call with its arguments."""

    site: Site
    function: Function | None


@dataclass(frozen=True, slots=True)
class Operand:
    """One side of a comparison, and the name that it goes by."""

    node: Node
    value: Value
    name: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Two values are compared: by == (also != and `case`) or in. `asserted`: in the condition of an assertion."""

    node: Node
    operator: str
    left: Operand
    right: Operand
    function: Function | None
    asserted: bool


@dataclass(frozen=True, slots=True)
class Built:
    """A text is built of pieces, or stands in the program as it is."""

    value: Value
    node: Node
    pieces: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Returned:
    """A function returns a value."""

    function: Function
    node: Node
    value: Value


@dataclass(frozen=True, slots=True)
class Raised:
    """A value is shown by an exception, or by an assertion that fails."""

    kind: str
    node: Node
    value: Value


@dataclass(frozen=True, slots=True)
class Reached:
    """A secret is handed to a function of which an effect with this id is known."""

    rule: str
    place: Node
    taint: Taint
    says: str


@dataclass(frozen=True, slots=True)
class Finished:
    """A function has been read to its end."""

    function: Function


Event = Started | Bound | Called | Compared | Built | Returned | Raised | Reached | Finished
