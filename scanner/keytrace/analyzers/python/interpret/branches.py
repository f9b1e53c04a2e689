"""Branches, loops, exceptions, matches: each way through the program apart, and joined where they meet."""

from __future__ import annotations

import libcst as cst

from keytrace.analyzers.python.interpret.assigning import assign, each
from keytrace.analyzers.python.interpret.guards import Condition, assuming, behind, choose, unmask
from keytrace.analyzers.python.interpret.joins import bind, merge, merge_into
from keytrace.analyzers.python.interpret.lookups import entry, named, tell_defaults
from keytrace.analyzers.python.interpret.operators import compared
from keytrace.analyzers.python.interpret.state import State
from keytrace.analyzers.python.interpret.values import NOTHING, Scope, Value

_DEEP_LOOP = 3  # from here on one turn of a loop must do
_MOST_CONDITIONS = 8  # of one branch: its own, and those before it that do not hold


def if_(state: State, node: cst.If) -> bool:
    arms: list[tuple[cst.BaseSuite, list[Condition]]] = []
    current: cst.If | cst.Else | None = node
    tests: list[cst.BaseExpression] = []
    while isinstance(current, cst.If):
        state.evaluate(current.test)
        arms.append((current.body, [*((test, False) for test in tests), (current.test, True)]))
        tests.append(current.test)
        current = current.orelse
    if current is not None:
        arms.append((current.body, [(test, False) for test in tests]))
    before = state.scope
    after: list[Scope] = []
    for arm, conditions in arms:
        state.frame.scope = before.branch()
        with assuming(state, *conditions[-_MOST_CONDITIONS:]):
            if conditions[-1][1]:
                choose(state, conditions[-1][0])
            goes_on = state.block(arm.body)
        if goes_on:
            after.append(state.scope)
    if current is None:
        state.frame.scope = before.branch()
        for test in tests if not after else ():
            behind(state, test)
        after.append(state.scope)
    state.frame.scope = before
    if after:
        start = before.branch()
        _meet(state, node, before, after)
        if current is None and len(after) == 2:  # through the branch, or around it
            unmask(state, node.test, start, after[0], before)
    return bool(after)


def _meet(state: State, node: cst.CSTNode, scope: Scope, branches: list[Scope]) -> None:
    """Go on with what is known after any of the branches; tell of literals that stand in for settings."""
    state.spend(len(scope.names))
    known = scope.names
    merge_into(scope, *branches)
    for name, value in scope.names.items():
        if value.options and value is not known.get(name):
            tell_defaults(state, value, node)


def loop(state: State, node: cst.For | cst.While) -> bool:
    before = state.scope
    iterated = state.evaluate(node.iter if isinstance(node, cst.For) else node.test)
    state.frame.loops += 1
    for _ in range(2 if state.frame.loops < _DEEP_LOOP else 1):  # what one turn leaves, the next may use
        state.frame.scope = before.branch()
        if isinstance(node, cst.For):
            assign(state, node.target, each(state, node.target, node.iter, iterated, node.body))
        with assuming(state, *([(node.test, True)] if isinstance(node, cst.While) else [])):
            state.block(node.body.body)
        turned, state.frame.scope = state.scope, before
        state.spend(len(before.names))
        merge_into(before, before.branch(), turned)
    state.frame.loops -= 1
    if node.orelse is not None:
        state.block(node.orelse.body.body)
    return True


def try_(state: State, node: cst.Try | cst.TryStar) -> bool:
    before, outer = state.scope, state.raised
    state.raised = []
    state.frame.scope = before.branch()
    goes_on = state.block(node.body.body)
    body = state.scope
    if goes_on and node.orelse is not None:
        goes_on = state.block(node.orelse.body.body)
    ends = [state.scope] if goes_on else []
    raised, state.raised = state.raised, outer
    state.spend(len(before.names))
    start = before.branch()
    merge_into(start, before.branch(), body)
    for handler in node.handlers:
        state.frame.scope = start.branch()
        if handler.name is not None and isinstance(handler.name.name, cst.Name):
            taints = merge(taint.step(handler, "carried by an exception") for taint in raised)
            bind(state.scope, handler.name.name.value, Value(taints=taints, clean=not taints))
        if state.block(handler.body.body):
            ends.append(state.scope)
    state.frame.scope = before
    if ends or node.handlers:
        _meet(state, node, before, ends or [start])
    if node.finalbody is not None:
        goes_on = state.block(node.finalbody.body.body)
        return goes_on and bool(ends)
    return bool(ends)


def with_(state: State, node: cst.With) -> bool:
    for item in node.items:
        value = state.evaluate(item.item)
        if item.asname is not None:
            assign(state, item.asname.name, value)
    return state.block(node.body.body)


def match(state: State, node: cst.Match) -> bool:
    subject = state.evaluate(node.subject)
    before = state.scope
    after: list[Scope] = [before.branch()]
    for case in node.cases:
        state.frame.scope = before.branch()
        _pattern(state, case.pattern, node.subject, subject)
        if case.guard is not None:
            state.evaluate(case.guard)
        if state.block(case.body.body):
            after.append(state.scope)
    state.frame.scope = before
    state.spend(len(before.names) * (len(after) - 1))
    _meet(state, node, before, after)
    return True


def _pattern(state: State, pattern: cst.CSTNode, place: cst.CSTNode, subject: Value) -> None:
    """Bind the names of a pattern; a literal that a secret is matched with is one it is compared with."""
    if isinstance(pattern, cst.MatchValue):
        compared(state, pattern, "==", (place, subject), (pattern.value, state.evaluate(pattern.value)))
    elif isinstance(pattern, cst.MatchOr):
        for element in pattern.patterns:
            _pattern(state, element.pattern, place, subject)
    elif isinstance(pattern, cst.MatchAs):
        if pattern.pattern is not None:
            _pattern(state, pattern.pattern, place, subject)
        if pattern.name is not None:
            bind(state.scope, pattern.name.value, subject)
    elif isinstance(pattern, cst.MatchList | cst.MatchTuple):
        for number, part in enumerate(pattern.patterns):
            if isinstance(part, cst.MatchSequenceElement):
                _pattern(state, part.value, part.value, (subject.items or {}).get(number, NOTHING))
    else:
        _pattern_of_names(state, pattern, subject)


def _pattern_of_names(state: State, pattern: cst.CSTNode, subject: Value) -> None:
    """Bind the names of a mapping's or class's pattern."""
    parts: list[tuple[str, cst.MatchPattern, Value]] = []
    if isinstance(pattern, cst.MatchMapping):
        for item in pattern.elements:
            key = state.evaluate(item.key).const
            if isinstance(key, str):
                parts.append((key, item.pattern, entry(state, subject, key, "", item)))
    elif isinstance(pattern, cst.MatchClass):
        for keyword in pattern.kwds:
            name = keyword.key.value
            parts.append((name, keyword.pattern, named(state, NOTHING, name, keyword)))
    for name, inner, value in parts:
        if isinstance(inner, cst.MatchValue):
            state.bound(name, state.evaluate(inner.value), "compare", inner)
        _pattern(state, inner, inner, value)
