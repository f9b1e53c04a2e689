"""How a Python program reads a variable of the environment: with the names that it has for that already."""

from __future__ import annotations

from dataclasses import dataclass

from keytrace.fixers.edits import Refused
from keytrace.fixers.imports import reference
from keytrace.fixers.program import Program

READERS = {  # how a program reads a variable: what it imports, and what it writes
    "environ": ("os.environ", '{}["NAME"]'),
    "getenv": ("os.getenv", '{}("NAME")'),
    "decouple": ("decouple.config", '{}("NAME")'),
}


@dataclass(frozen=True, slots=True)
class Lookup:
    """The expression that reads a variable, and what has to be imported for it."""

    code: bytes
    imports: tuple[str, ...]


def lookup(program: Program, name: str, reader: str, at: int, quote: str = '"') -> Lookup:
    """Return how a program reads a variable of the environment, with the names it has for that."""
    wanted, form = READERS[reader]
    module, _, member = wanted.rpartition(".")
    form = form.replace('"', quote).replace("NAME", name)
    if module == "os":
        direct = next((one for one in _from_os(program, wanted, at)), "")
        called, lacking = (direct, "") if direct else reference(program, "os", at)
        return Lookup(form.format(direct or f"{called}.{member}").encode(), (lacking,) if lacking else ())
    called, lacking = reference(program, wanted, at)
    return Lookup(form.format(called).encode(), (lacking,) if lacking else ())


def _from_os(program: Program, wanted: str, at: int) -> list[str]:
    """Return how a program calls what it imports from os, where it imports that and not os itself."""
    try:
        called, lacking = reference(program, wanted, at)
    except Refused:
        return []
    return [called] if not lacking and "." not in called else []
