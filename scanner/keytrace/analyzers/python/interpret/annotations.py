"""What an annotation says of a value: that it masks itself when shown, or that its text tells nothing."""

from __future__ import annotations

import re

import libcst as cst

from keytrace.analyzers.python.interpret.values import Step, Taint, Value

_PLAIN_TYPES = frozenset(
    "str bytes Optional Union None Any Dict dict List list Tuple tuple Annotated Final ClassVar Literal Sequence "
    "Mapping Text AnyStr bytearray Iterable Set set InitVar typing t object Required NotRequired Header Query "
    "Form Body Cookie Mapped Column StrictStr constr Type type".split()
)
_MASKED_TYPES = frozenset("SecretStr SecretBytes Secret".split())
_NUMBERS = frozenset(("bool", "int", "float"))
_TEXTS = frozenset(("str", "bytes"))
_MOST_NAMES = 32


def annotation_kind(annotation: cst.Annotation | None) -> str:
    """Return `masked` for a type that masks itself when shown, `object` for one of which the text tells nothing."""
    if annotation is None:
        return ""
    names = _names_in(annotation.annotation)
    if not _MASKED_TYPES.isdisjoint(names):
        return "masked"
    others = any(name not in _PLAIN_TYPES and name[:1].isupper() for name in names)
    return "object" if (others or not _NUMBERS.isdisjoint(names)) and _TEXTS.isdisjoint(names) else ""


def _names_in(annotation: cst.CSTNode) -> list[str]:
    names: list[str] = []
    waiting: list[cst.CSTNode] = [annotation]
    while waiting and len(names) < _MOST_NAMES:
        node = waiting.pop()
        if isinstance(node, cst.Name):
            names.append(node.value)
        elif isinstance(node, cst.Attribute):
            names.append(node.attr.value)
        elif isinstance(node, cst.Subscript):
            waiting.append(node.value)
            waiting += [element.slice.value for element in node.slice[:1] if isinstance(element.slice, cst.Index)]
        elif isinstance(node, cst.BinaryOperation):
            waiting += [node.left, node.right]
        elif isinstance(node, cst.SimpleString):
            names += re.findall(r"[A-Za-z_]\w*", node.value)
    return names


def masked(name: str, place: cst.CSTNode, what: str = "masked") -> Value:
    """Return a value that masks itself when shown, and holds a secret, whatever it is called."""
    taint = Taint("name", name, (Step(place, f"the {what} '{name}'"),))
    return Value(clean=True, masked=Value(taints=(taint,)))
