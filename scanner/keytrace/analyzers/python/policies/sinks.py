"""Calls to which no secret should be handed, and with which of their arguments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from keytrace.analyzers.python.events import Called
from keytrace.analyzers.python.interpret import folding
from keytrace.analyzers.python.interpret.joins import container
from keytrace.analyzers.python.interpret.lookups import labelled
from keytrace.analyzers.python.interpret.site import Argument, Site
from keytrace.analyzers.python.interpret.texts import cut
from keytrace.analyzers.python.interpret.values import CLEAN, Node, Value
from keytrace.analyzers.python.knowledge import OBJECT, Sink
from keytrace.analyzers.python.policies.context import Context

_FIRST = 2  # arguments, of which one may be a text for the others
_DUMPS = frozenset(("safe_dump", "dump"))  # to a text, unless a file is given
_FILES = frozenset(("stream", "fp", "file", "f"))  # keywords for it
_PRINTS = frozenset(("print", "pprint.pprint"))
_TERMINALS = frozenset(("sys.stderr", "sys.stdout", "sys.__stderr__", "sys.__stdout__", ""))


def sunk(event: Called, rule: str, context: Context) -> Iterator[tuple[Sink, Argument]]:
    """Yield what a call hands to the sinks of a rule."""
    site = event.site
    for sink in context.sinks_of(site.ref, site.written):
        if sink.rule != rule or _makes_text(site) or printed_to(site) is not None:
            continue
        if not sink.first or any(one.value.ref.endswith(sink.first) for one in site.positional[:1]):
            yield from ((sink, _shown(site, argument, context)) for argument in _taken(site, sink, context))


def _makes_text(site: Site) -> bool:
    """Tell whether a call only makes a text of something: yaml.dump(x, indent=2)."""
    has_file = len(site.positional) > 1 or any(one.stars or one.keyword in _FILES for one in site.arguments)
    return site.method in _DUMPS and not has_file


def printed_to(site: Site) -> Argument | None:
    """Return to what something is printed, if that is not the terminal."""
    if site.written not in _PRINTS and site.ref != "print":
        return None
    file = site.keyword("file") or site.keyword("stream")
    return file if file is not None and file.value.ref not in _TERMINALS else None


def _taken(site: Site, sink: Sink, context: Context) -> Iterator[Argument]:
    """Yield the arguments that a sink takes."""
    if sink.only is OBJECT:
        if site.receiver is not None and site.function.owner is not None:
            yield Argument("", 0, site.function.owner, site.receiver)
        return
    position = -1
    places = _places(site)
    for argument in site.arguments:
        before, _, precision = places.get(argument.node, ("", None, None))
        if precision == 0:
            continue  # a number: log.debug("%d", x)
        if not argument.keyword:
            position += 1
            if position == sink.without_position:
                continue
        if argument.keyword in sink.without:
            continue
        if sink.only is not None:
            by_name = argument.keyword and argument.keyword == sink.only.name
            if not by_name and (argument.keyword or position != sink.only.position):
                continue
        yield _without(argument, sink, cut(labelled(context.names, before, argument.value), precision))


def _without(argument: Argument, sink: Sink, value: Value) -> Argument:
    """Return an argument with a value; of **kwargs, without the keywords that a sink does not take."""
    items = value.items
    if argument.stars < len("**") or items is None or sink.without.isdisjoint(map(str, items)):
        return argument if value is argument.value else replace(argument, value=value)
    return replace(argument, value=container({name: one for name, one in items.items() if name not in sink.without}))


def _shown(site: Site, argument: Argument, context: Context) -> Argument:
    """Return an argument with what a text before it takes of a record: log.debug("%(user)s", account)."""
    template = site.positional[0].value.text or "" if len(site.positional) == _FIRST else ""
    if "%(" not in template or argument is not site.positional[1]:
        return argument
    names = [name for _, name, _ in folding.percent_pieces(template) if name]
    items = argument.value.items
    if items is not None:
        return replace(argument, value=container({name: items[name] for name in names if name in items}))
    return argument if any(map(context.names.is_secret, names)) else replace(argument, value=CLEAN)


def _places(site: Site) -> dict[Node, tuple[str, str | None, int | None]]:
    """Return the arguments of a call that are put into a text of it, with what stands before them there, and how much
    of them is shown: log.debug("page %d of %s", x, y).
    """
    positional = [one for one in site.arguments if not one.keyword and not one.stars]
    for number, one in enumerate(positional[:_FIRST]):
        if one.value.text is not None and "%" in one.value.text:
            pieces = folding.percent_pieces(one.value.text)
            placed = zip(positional[number + 1 :], pieces, strict=False)
            return {argument.node: piece for argument, piece in placed if piece[1] == ""}
    return {}
