"""What a name that is called may be another name for, and which functions a call may run."""

from __future__ import annotations

from keytrace.analyzers.python.aliases import Aliases
from keytrace.analyzers.python.outline.blocks import Block
from keytrace.analyzers.python.program import Program
from keytrace.analyzers.python.seeds import load_seeds
from keytrace.model import Additions

TEXT = """import logging
from threading import Thread
say = logging.info
class Shop:
    tell = print
    def open(self, secret):
        self.request = self.made(secret)
    def made(self, secret):
        return secret
def show(what):
    print(what)
def local(secret):
    request = show
    request(secret)
    say(secret)
def run(secret, shop):
    Thread(target=show, args=(secret,))
    isinstance(secret, show)
    shop.request(show, secret)
    shop.close(show, secret)
    apply(show, secret)
def apply(function, what):
    function(what)
"""


def program() -> Program:
    return Program(TEXT.encode(), load_seeds(Additions())[1])


def block(held: Program, name: str) -> Block:
    return held.defined[name][0]


def test_names_and_attributes_are_apart() -> None:
    held = program()
    aliases, here = Aliases(held), block(held, "run")
    assert "made" in aliases.of(".request", here)
    assert aliases.of("request", here) == frozenset()  # what another function calls so
    assert aliases.of("request", block(held, "local")) == {"show"}
    assert "print" in aliases.of(".tell", here) & aliases.of("tell", here)
    assert aliases.of("show", here) == frozenset()  # a function itself


def test_only_what_calls_what_it_is_handed_runs_it() -> None:
    held = program()
    here = block(held, "run")
    runs = {call.name: "show" in Aliases(held).run_by(call, here) for call in held.facts(here).calls}
    assert runs == {"Thread": True, "isinstance": False, "request": True, "close": False, "apply": True}


def test_other_names_of_what_logs() -> None:
    held = program()
    aliases, here = Aliases(held), block(held, "local")
    assert aliases.show("say", here)
    assert not aliases.show("request", here)
