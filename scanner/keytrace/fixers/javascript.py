"""A secret in JavaScript or TypeScript becomes a look-up in `process.env`."""

from __future__ import annotations

import re

from keytrace.fixers.edits import Edit, Fix, Refused, Target, Variable
from keytrace.fixers.naming import Names
from keytrace.fixers.textual import STARTED, Literal, behind, bound, line_of, literal, plain, refuse_within_others

_UNSAFE = "whether there is a process.env where it runs cannot be told"
_UNSET = "it is undefined where the variable is not set"
_LOOKED_UP = re.compile(
    rb"((?:\bprocess\.env|\b__ENV)(?:\.([A-Za-z_]\w*)|\[\s*['\"]([A-Za-z_]\w*)['\"]\s*\]))\s*(?:\|\||\?\?)\s*\Z"
)
_NO_VALUE = re.compile(rb"(?:\bfrom|\bimport|\brequire\s*\(|\bcase|\btype\s+\w+\s*=)\s*$")
_ENUM = re.compile(rb"\benum\s+[\w$]+\s*\{[^{}]*\Z")
_TYPE = (
    re.compile(  # in TypeScript: after the colon of a variable or parameter, an operator of types, or in a declaration
        rb"\b(?:const|let|var|readonly|declare)\s+[\w$]+\s*[?!]?:\s*$|\([\w$]+\??:\s*$|\b(?:as|satisfies|keyof)\s+$"
        rb"|(?<!\|)\|\s*$|[\w$]<\s*$|\b(?:interface\s+[^{}=;]+|type\s+[\w$]+\s*=\s*)\{[^{}]*\Z"
    )
)
_OF_PAGE = re.compile(
    rb"\bimport\.meta\.env\b|\b(?:document|window|localStorage|sessionStorage)\.\w"
    rb"|\bfrom\s+['\"](?:react|react-dom|preact|vue|svelte|solid-js|@angular/core)['\"/]|^['\"]use client['\"]",
    re.MULTILINE,
)
_K6 = re.compile(rb"\bfrom\s+['\"]k6(?:/[\w./-]+)?['\"]|\b__ENV\b")  # which knows no process
_AS_CONST = re.compile(rb"\)*\s*as\s+const\b")
_EQUAL = re.compile(rb"\bprocess\.env(?:\.\w+|\[[^\]\n]*\])\s*[!=]==?\s*\Z")
_SET = re.compile(rb"\bprocess\.env(?:\.([A-Za-z_]\w*)|\[\s*['\"]([A-Za-z_]\w*)['\"]\s*\])\s*(?:\|\||\?\?)?=\s*\Z")
_ATTRIBUTE = re.compile(rb"[\w-]=$")


def fix(target: Target, names: Names, reader: str) -> Fix:  # noqa: ARG001 - as all fixers
    """Return the fix of a string; raise Refused where no expression may stand."""
    data, value, inside = target.data, plain(target), literal(target)
    before = data[: inside.start][-200:]
    after = data[inside.end : inside.end + 20].lstrip()
    sure = "!" if target.path.endswith((".ts", ".tsx", ".mts", ".cts")) else ""
    _refuse_of_page(target)
    if why := _impossible(data, inside.start, after, value):
        raise Refused(why)
    refuse_within_others(target)
    if own := _SET.search(data, max(0, inside.start - 200), inside.start):
        return _dropped(target, names, own, inside)
    if (looked_up := _LOOKED_UP.search(data, max(0, inside.start - 200), inside.start)) and not after.startswith(b"+"):
        return _without(target, names, looked_up, inside, sure)
    name = names.choose(value, target.path, target.rule, bound(data, inside.start))
    read, unsafe = _look_up(data, name, sure)
    variables = (Variable(name, value),)
    start, end = inside.start, inside.end
    title = f"read {name} from the environment"
    if inside.quote == "`" and (target.start, target.end) != inside.inside:
        edit = Edit(target.start, target.end, b"${" + read.removesuffix(b"!") + b"}")
        return Fix(title, (edit,), variables, unsafe=unsafe)
    quote = inside.quote.encode()
    pieces = [data[start : target.start] + quote, read, quote + data[target.end : end]]
    code = b" + ".join(piece for piece in pieces if piece != quote * 2)
    if _ATTRIBUTE.search(before) and target.path.endswith(("x", ".vue", ".svelte")):
        code = b"{" + code + b"}"
    elif code != read and after[:1] in (b".", b"["):
        code = b"(" + code + b")"
    return Fix(title, (Edit(start, end, code),), variables, unsafe=unsafe)


def _look_up(data: bytes, name: str, sure: str) -> tuple[bytes, str]:
    """Return the expression that reads a variable, and why that is not safe."""
    if _K6.search(data):
        return f"__ENV.{name}".encode(), f"k6 has to be told: k6 run -e {name}=…"
    return f"process.env.{name}{sure}".encode(), _UNSAFE


def _refuse_of_page(target: Target) -> None:
    """Raise Refused where what the program reads is everybody's."""
    if target.is_page or _OF_PAGE.search(target.data):
        raise Refused(
            "it is a page's or an app's: who opens that has all that it reads; have a server of yours make the call"
        )


def _dropped(target: Target, names: Names, own: re.Match[bytes], inside: Literal) -> Fix:
    """Return the fix that takes out a statement which sets a variable: who starts the program sets it."""
    data, (line, end) = target.data, line_of(target.data, own.start())
    above = data[:line].rstrip()
    is_alone = not data[line : own.start()].strip() and not data[inside.end : end].strip().strip(b";")
    if (target.start, target.end) != inside.inside or not is_alone or above.endswith((b")", b"else", b"=>")):
        raise Refused("it is not a statement of its own")
    value = plain(target)
    name = names.keep(value, (own[1] or own[2]).decode())
    edit = Edit(line, behind(data, line), b"")
    return Fix(f"leave {name} to who starts the program", (edit,), (Variable(name, value),), unsafe=STARTED)


def _without(target: Target, names: Names, looked_up: re.Match[bytes], inside: Literal, sure: str) -> Fix:
    """Return the fix that takes the default from a look-up."""
    if (target.start, target.end) != inside.inside:
        raise Refused("the default is not the secret as it stands there")
    value = plain(target)
    name = names.keep(value, (looked_up[2] or looked_up[3]).decode())
    edit = Edit(looked_up.end(1), inside.end, sure.encode())
    return Fix(f"take {name} from the environment alone", (edit,), (Variable(name, value),), unsafe=_UNSET)


def _impossible(data: bytes, start: int, after: bytes, value: str) -> str:
    """Return why no expression may stand in the place of a string, or not of that value alone."""
    before = data[:start][-200:]
    if _NO_VALUE.search(before) or (after.startswith(b":") and re.search(rb"[{,]\s*$", before)):
        return "no expression may stand there"
    if _TYPE.search(data, 0, start) or (after.startswith(b"|") and not after.startswith(b"||")):
        return "it is a type"
    if _EQUAL.search(before):
        return "a variable is compared with it: have the program do without the comparison"
    if _AS_CONST.match(after) or before.rstrip().endswith(b"<const>"):
        return "it is said to be a literal, by const"
    if _ATTRIBUTE.search(before) and "&" in value:
        return "it has a &, which is an entity in an attribute"
    return "it is the member of an enum" if _ENUM.search(data, 0, start) else ""
