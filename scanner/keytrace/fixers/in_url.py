"""A credential in the URL of a request goes where no log of a server has it: into `auth=`, or into a header."""

from __future__ import annotations

import re

import libcst as cst

from keytrace.fixers import default
from keytrace.fixers.edits import Edit, Fix, Refused, Target
from keytrace.fixers.naming import Names
from keytrace.fixers.program import Program, dotted, parsed

_METHODS = frozenset("get post put patch delete head options request stream".split())
_CLIENTS = re.compile(r"(?:^|\.)(?:requests|httpx|\w*session|\w*client|http)$", re.IGNORECASE)
_HEADERS = {  # by host: what takes the key instead, and before it; as the provider's documentation says
    "api.github.com": ("Authorization", "Bearer "),
    "slack.com": ("Authorization", "Bearer "),
    "gitlab.com": ("PRIVATE-TOKEN", ""),
    "generativelanguage.googleapis.com": ("x-goog-api-key", ""),
    "newsapi.org": ("X-Api-Key", ""),
    "api.nasa.gov": ("X-Api-Key", ""),
    "finnhub.io": ("X-Finnhub-Token", ""),
    "pro-api.coinmarketcap.com": ("X-CMC_PRO_API_KEY", ""),
    "api.spoonacular.com": ("x-api-key", ""),
}
_USER = re.compile(rb"(?P<scheme>https?://)(?P<user>[^/?#@:{}\\]+|\{[^{}!:]+\}):(?P<password>\{[^{}!:]+\})@")
_QUERY = re.compile(rb"(?P<mark>[?&])[\w.-]+=(?P<key>\{[^{}!:]+\})(?P<after>&|(?=[\"']))")
_HOST = re.compile(rb"https?://(?P<host>[\w.-]+)[/?]")
_LAST = re.compile(rb"[?&][\w.-]+=(?P<quote>[\"'])\Z")
_Url = cst.FormattedString | cst.BinaryOperation
_UNSAFE = "the request is another one then, if the server takes it only as it was"


def fix(target: Target, names: Names, reader: str) -> Fix:
    """Return the fix of the URL of a call; of a secret that is a literal, that of a literal."""
    program = parsed(target.data)
    inner = next(program.around(target.start, target.end))
    if isinstance(inner, cst.SimpleString | cst.ConcatenatedString):
        return default.fix(target, names, reader)
    arg, call = _call(program, target)
    if isinstance(arg.value, cst.BinaryOperation):
        return _joined(program, call, arg.value)
    source = program.text(arg.value)
    start, _ = program.span(arg.value)
    if found := _USER.search(source):
        user = found["user"]
        name = user[1:-1] if user.startswith(b"{") else b'"' + user + b'"'
        cut = Edit(start + found.start("user"), start + found.end(), b"")
        return _with(program, call, cut, b"auth", b"(" + name + b", " + found["password"][1:-1] + b")")
    found = _QUERY.search(source)
    header, before = _header(source)
    if found is None:
        raise Refused("which header takes it instead is not known")
    key = found["key"][1:-1]
    if found["mark"] == b"&":
        cut = Edit(start + found.start(), start + found.end("key"), b"")
    else:
        cut = Edit(start + found.start() + bool(found["after"]), start + found.end(), b"")
    return _with(program, call, cut, b"headers", _headers(header, before, key))


def _joined(program: Program, call: cst.Call, url: cst.BinaryOperation) -> Fix:
    """Return the fix of a URL to the end of which the key is added: `"https://…?key=" + key`."""
    source, (start, _) = program.text(url.left), program.span(url.left)
    found = _LAST.search(source) if isinstance(url.left, cst.SimpleString) else None
    if found is None or not isinstance(url.operator, cst.Add) or isinstance(url.right, cst.BinaryOperation):
        raise Refused("it is no f-string that is handed to a client as its URL")
    header, before = _header(source)
    cut = Edit(start + found.start(), program.span(url.right)[1], found["quote"])
    return _with(program, call, cut, b"headers", _headers(header, before, program.text(url.right)))


def _header(source: bytes) -> tuple[str, str]:
    """Return the header in which the host of a URL takes a key, and what stands before that; raise Refused if none."""
    host = _HOST.search(source)
    known = _HEADERS.get(host["host"].decode() if host else "")
    if known is None:
        raise Refused("which header takes it instead is not known")
    return known


def _headers(header: str, before: str, key: bytes) -> bytes:
    """Return the headers with a key."""
    value = f'"{before}" + '.encode() + key if before and b'"' in key else f'f"{before}{{'.encode() + key + b'}"'
    return f'{{"{header}": '.encode() + (value if before else key) + b"}"


def _call(program: Program, target: Target) -> tuple[cst.Arg, cst.Call]:
    """Return the argument that is the URL, an f-string, and the call of a client that it is handed to."""
    for node in program.around(target.start, target.end):
        parent = program.parents.get(node)
        if isinstance(node, cst.Arg) and isinstance(node.value, _Url) and isinstance(parent, cst.Call):
            owner, _, method = dotted(parent.func).rpartition(".")
            is_url = node.keyword is None or node.keyword.value == "url"
            if method in _METHODS and _CLIENTS.search(owner) and is_url:
                return node, parent
    raise Refused("it is no f-string that is handed to a client as its URL")


def _with(program: Program, call: cst.Call, cut: Edit, keyword: bytes, value: bytes) -> Fix:
    """Return the fix that takes something out of a URL and hands it to the call by keyword."""
    if any(one.star or (one.keyword and one.keyword.value.encode() == keyword) for one in call.args):
        raise Refused(f"the call has its own {keyword.decode()}")
    at = program.span(call.args[-1].value)[1]
    edits = (cut, Edit(at, at, b", " + keyword + b"=" + value))
    return Fix(f"hand it over as {keyword.decode()}", edits, unsafe=_UNSAFE)
