"""A secret in a container's environment in Kubernetes becomes a reference to an entry of a Secret."""

from __future__ import annotations

import re

from keytrace.fixers.edits import Edit, Fix, Refused, Target, Variable, newline_of
from keytrace.fixers.naming import Names
from keytrace.fixers.textual import line_of, plain, refuse_of_others

_VALUE = re.compile(rb"(?P<pad>[ ]*)value:[ \t]*(?P<quote>[\"']?)")
_FLOW = re.compile(  # an entry of one line
    rb"[ ]*-[ ]+\{[ ]*name:[ ]*[\"']?(?P<name>[A-Za-z_]\w*)[\"']?[ ]*,[ ]*(?P<value>value:[ ]*[\"']?)\Z"
)
_NAME = re.compile(rb"(?P<pad>[ ]*)-[ ]+name:[ \t]*[\"']?(?P<name>[A-Za-z_]\w*)[\"']?[ \t]*$")
_OWN = re.compile(rb"^metadata:[ \t]*\r?\n(?:[ ]+[^\n]*\n)*?[ ]+name:[ \t]*[\"']?(?P<name>[a-z0-9.-]+)", re.MULTILINE)
_KIND = re.compile(rb"^kind:[ \t]*[\"']?(\w+)", re.MULTILINE)


def fix(target: Target, names: Names, reader: str) -> Fix:  # noqa: ARG001 - as all fixers
    """Return the fix of an entry of `env`; raise Refused for any other place."""
    refuse_of_others(target.path)
    data, value = target.data, plain(target)
    begin = data.rfind(b"\n---", 0, target.start) + 1
    next_one = data.find(b"\n---", target.start)
    document = data[begin : next_one if next_one >= 0 else len(data)]
    kind = _KIND.search(document)
    if kind and kind[1] in (b"Secret", b"ConfigMap"):
        raise Refused(f"a {kind[1].decode()} holds it: take it out of the repository, into a store of secrets")
    start, end = line_of(data, target.start)
    own = _OWN.search(document)
    secret = f"{own['name'].decode() if own else 'app'}-secrets"
    if flow := _FLOW.match(data, start, target.start):
        after = re.compile(rb"[\"']?(?=[ ]*\})").match(data, target.end)
        if after is None:
            raise Refused("it is not the whole value of a variable of a container")
        reference = b"valueFrom: {secretKeyRef: {name: %s, key: %s}}" % (secret.encode(), flow["name"])
        edit = Edit(flow.start("value"), after.end(), reference)
        return _referred(names, secret, flow["name"].decode(), value, edit)
    if b"{" in data[start : target.start]:
        raise Refused("it is in an entry of one line, {…}")
    found = _VALUE.match(data, start)
    before, _ = line_of(data, max(0, start - 1))
    entry = _NAME.match(data[before:start].rstrip(b"\r\n"))
    rest = data[target.end : end].strip()
    if found is None or entry is None or found.end() != target.start or rest.strip(b"\"'"):
        raise Refused("it is not the whole value of a variable of a container")
    name = entry["name"].decode()
    pad, newline = found["pad"].decode(), newline_of(data).decode()
    lines = ["valueFrom:", "  secretKeyRef:", f"    name: {secret}", f"    key: {name}"]
    edit = Edit(start, end, newline.join(pad + line for line in lines).encode())
    return _referred(names, secret, name, value, edit)


def _referred(names: Names, secret: str, name: str, value: str, edit: Edit) -> Fix:
    unsafe = f"the Secret has to be there: kubectl create secret generic {secret} --from-literal={name}=…"
    return Fix(
        f"read {name} from the Secret {secret}", (edit,), (Variable(names.keep(value, name), value),), unsafe=unsafe
    )
