"""Classes and functions of another module: a program changes its own."""

from __future__ import annotations

import libcst as cst

from keytrace.analyzers.python.copies import Copies
from keytrace.analyzers.python.interpret.values import NOTHING, Class, Function, Scope, Summary, Taint, Value

FUNCTION = cst.ensure_type(cst.parse_statement("def f(self, x): pass"), cst.FunctionDef)
CLASS = cst.ensure_type(cst.parse_statement("class A: pass"), cst.ClassDef)


def test_classes_and_functions_are_copied_once() -> None:
    owner = Class("A", CLASS, ())
    method = Function("f", FUNCTION, Scope(), ("self", "x"), owner)
    taint = Taint("parameter", "x", (), owner=method, index=1)
    method.summary = Summary(returns=Value(taints=(taint,)), stored={(1, ()): {"kept"}})
    owner.attributes = {"f": Value(function=method), "plain": NOTHING}
    copies = Copies()
    one, other = copies.of(Value(instance=owner)), copies.of(Value(options=(Value(instance=owner), NOTHING)))
    made = one.instance
    assert made is not None
    assert made is not owner
    assert other.options[0].instance is made
    copied = made.attributes["f"].function
    assert copied is not None
    assert (copied.owner, copied.node) == (made, FUNCTION)
    assert copied.summary.returns is not None
    assert copied.summary.returns.taints[0].owner is copied
    made.attributes["new"] = NOTHING
    copied.summary.stored[1, ()].add("more")
    assert set(owner.attributes) == {"f", "plain"}
    assert method.summary.stored == {(1, ()): {"kept"}}


def test_what_holds_none_is_the_same() -> None:
    plain = Value(const="a", taints=(Taint("name", "token", ()),))
    assert Copies().of(plain) is plain
