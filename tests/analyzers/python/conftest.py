"""Small programs, read; and what the interpreter tells of them."""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst
import pytest

from keytrace.analyzers.python.events import Event
from keytrace.analyzers.python.exports import Modules
from keytrace.analyzers.python.interpret.module import interpret
from keytrace.analyzers.python.interpret.state import State, World
from keytrace.analyzers.python.knowledge import load_knowledge
from keytrace.analyzers.python.literals import Literals
from keytrace.analyzers.python.names import Names
from keytrace.model import Additions


@pytest.fixture(scope="session")
def make_world() -> Callable[[str], World]:
    """What is known before a module of this path is read."""

    def make(path: str) -> World:
        knowledge = load_knowledge(Additions())
        names = Names(knowledge)
        return World(names, knowledge, Literals(path, names), Modules({}, lambda _path, _name: None, lambda _path: ()))

    return make


@pytest.fixture(scope="session")
def read(make_world: Callable[[str], World]) -> Callable[[str], tuple[State, list[Event]]]:
    """How the reading of a program ended, and all that was told on the way."""

    def read(text: str) -> tuple[State, list[Event]]:
        events: list[Event] = []
        return interpret(cst.parse_module(text), make_world("app/x.py"), {}, events.append), events

    return read
