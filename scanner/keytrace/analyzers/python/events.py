"""What reading a program tells to whoever listens: values get names, calls are made, texts are built …"""

from __future__ import annotations

from typing import TYPE_CHECKING

from keytrace.analyzers.python.interpret.site import Site
from keytrace.analyzers.python.interpret.values import Function, Node, Taint, Value, record

if TYPE_CHECKING:
    import libcst as cst


@record
class Started:
    """A reading of the module begins; whatever an earlier one told is obsolete."""

    module: cst.Module


@record
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


@record
class Called:
    """A call with its arguments."""

    site: Site
    function: Function | None


@record
class Stored:
    """A value is stored as an entry of something."""

    container: Value
    value: Value
    node: Node


@record
class Operand:
    """One side of a comparison, and the name that it goes by."""

    node: Node
    value: Value
    name: str


@record
class Compared:
    """Two values are compared: by == (also != and `case`) or in. `asserted`: in the condition of an assertion."""

    node: Node
    operator: str
    left: Operand
    right: Operand
    function: Function | None
    asserted: bool


@record
class Built:
    """A text is built of pieces, or stands in the program as it is."""

    value: Value
    node: Node
    pieces: tuple[Node, ...] = ()


@record
class Returned:
    """A function returns a value."""

    function: Function
    node: Node
    value: Value


@record
class Raised:
    """A value is shown by an exception, or by an assertion that fails."""

    kind: str
    node: Node
    value: Value


@record
class Reached:
    """A secret is handed to a function of which an effect with this id is known."""

    rule: str
    place: Node
    taint: Taint
    says: str
    mild: bool = False  # few see it
    doubt: str = ""  # why it may be nothing


@record
class Finished:
    """A function has been read to its end."""

    function: Function


Event = Started | Bound | Called | Stored | Compared | Built | Returned | Raised | Reached | Finished
