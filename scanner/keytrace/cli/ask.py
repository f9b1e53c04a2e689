"""Asking for each fix, as `git add -p` does."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import click

from keytrace.engine import Setup
from keytrace.fixers.patch import Change, redacted
from keytrace.fixers.plan import FilePlan, Planned
from keytrace.reporters.layout import printable

_HELP = """y - fix this
n - leave this
a - fix this and all that come
q - leave this and all that come
e - choose another name for the variable
? - this help"""
_COLORS = {"+": "green", "-": "red", "@": "cyan"}

Replan = Callable[[FilePlan, Planned, str], Planned]  # with another name for the variable


def show(change: Change, setup: Setup, values: Sequence[str]) -> None:
    """Print a change without its secrets."""
    text = redacted(change, setup, values).decode("utf-8", "replace")
    for line in text.split("\n")[:-1]:
        shown = "\t".join(map(printable, line.removesuffix("\r").split("\t")))
        click.echo(click.style(shown, fg=_COLORS.get(line[:1])))


def alone(file: FilePlan, item: Planned) -> Change:
    """Return what a fix alone does to a file."""
    if item.fix and item.fix.shown_only:
        return Change(file.path, file.raw, file.sketched(item.fix))
    return Change(file.path, file.raw, FilePlan(file.path, file.raw, [item]).result())


@dataclass(slots=True)
class Asker:
    """Asks for each fix until the user says what to do with all the others."""

    setup: Setup
    replan: Replan
    rest: str = ""  # y or n, once the answer holds for all

    def __call__(self, file: FilePlan, item: Planned) -> Planned | None:
        """Return the fix that the user wants, maybe with another name, or None."""
        while not self.rest:
            assert item.fix is not None
            show(alone(file, item), self.setup, [one.value for one in item.fix.variables])
            answer = self._answer(f"{item.finding.rule_id}: {item.fix.title} [y,n,a,q,e,?]? ")
            if answer in ("a", "q"):
                self.rest = "y" if answer == "a" else "n"
            elif answer == "e":
                item = self._renamed(file, item)
            elif answer in ("y", "n"):
                return item if answer == "y" else None
            else:
                click.echo(_HELP)
        return item if self.rest == "y" else None

    def _renamed(self, file: FilePlan, item: Planned) -> Planned:
        """Return a fix with the name that the user gives the variable."""
        name = self._line("name of the variable: ")
        if not name.isascii() or not name.isidentifier():
            click.echo(f"'{printable(name)}' is no name of a variable")
            return item
        renamed = self.replan(file, item, name)
        if renamed.fix is None or renamed.fix == item.fix:
            click.echo(renamed.why or "the name is not ours to choose here")
            return item
        return renamed

    def _answer(self, question: str) -> str:
        return self._line(question).strip().lower()[:1] or "?"

    @staticmethod
    def _line(question: str) -> str:
        click.echo(question, nl=False)
        sys.stdout.flush()
        line = sys.stdin.readline() if sys.stdin else ""
        if not line:
            click.echo()
        return line.rstrip("\r\n") if line else "q"
