"""In which form a value is given to a name: assigned, in a list, in a call, as a default; or merely next to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from keytrace.names.lexicon import words
from keytrace.scoring.shapes import NAMED

if TYPE_CHECKING:
    import regex

_NAME_BYTES = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$.-"
_FORMS = {
    b"=>": "arrow", b"<-": "assign", b":=": "assign", b":-": "default", b":": "colon", b"=": "assign",
    b"===": "compare", b"==": "compare", b"!=": "compare", b"!==": "compare",
}  # fmt: skip
_VALUE_AFTER = (b"==", b"===", b"!=", b"!==", b"or", b"||", b"??", b":-")  # a literal behind these is no key
_TYPE_NAME = re.compile(rb"(?:[A-Z][a-z]+){2,}[0-9]*")
_MEMBER = re.compile(rb"[A-Za-z_$][\w$.]*[,;)}\]\s]")
_NAMED = re.compile(NAMED.encode())
# group:artifact:version, behind a group that ends like a name: io.jsonwebtoken:jjwt-api:0.11.2
_COORDINATE = re.compile(rb"[\w.\-]+:[\[(]?[v$]?[\d{][\w.+{}\-]*(?:[@:][\w-]+)?")
_IMAGE = re.compile(rb"[\w][\w.\-]{0,127}@sha256:|v?\d{1,4}\.\d{1,5}[\w.\-]{0,40}(?=[\s\"'@]|\Z)")
# What a function does to its argument: turn it into another form, or look something else up by it.
_DECODERS = frozenset(
    "decode decodestring b64decode unhexlify fromhex hex bytes byte base b64 base64 from str string buf buffer "
    "getbytes tobytes tobytearray encode b64encode encodestring secretstr secret securestring quote escape md5 sha1 "
    "sha256 password totp hotp parse unescape trim strip new uint8array fromcharcode tostring valueof just some ok "
    "arrayof listof asc to utf8 raw must ptr nkey key pack".split()
)
_LOOKUPS = frozenset(
    "get env getenv config input prompt ask find read load fetch lookup select query param params header headers "
    "cookie attr attribute prop property t gettext translate trans format print printf sprintf log error errorf info "
    "warn debug join split replace test match search require import include open resource resolve option options arg "
    "args argument session request req row record data has contains equals indexof startswith endswith assert expect "
    "describe label field column document element getelementbyid queryselector item items regex regexp compile "
    "getstring getproperty environ settings fromenv environment var vars file path exists isset unset delete remove "
    "define method const constant symbol type kind enum raise throw exception".split()
)


def form_of(found: regex.Match[bytes], start: int, name: str, group: str) -> str:
    """Return in which form the value is given to the name, or nothing when it is merely next to it."""
    data, operator, close = found.string, found["op"], found["close"]
    quoted = group != "bare"
    before = data[max(0, start - 2) : start]
    if _is_key(found) or (not quoted and found["next"] in (b"(", b"[")) or before == b"$(":
        return ""  # $(PWD):/mnt uses a variable
    if operator == b":" and before.endswith(b"!"):
        return ""  # ALL:!PSK:!RC4 is a list of ciphers
    if operator is None:
        return _without_operator(found, start, name, quoted=quoted)
    if before == b"${":
        return _in_braces(operator, close)
    if not quoted and data[start - 1 : start] in (b"?", b"&", b"#") and operator == b"=":
        return "url"
    if decide := _DECIDED_BY.get(operator):
        return decide(found, before, name, group)
    return _FORMS.get(operator) or _by_other(operator, before)


def _without_operator(found: regex.Match[bytes], start: int, name: str, *, quoted: bool) -> str:
    """`password "x"`, `ENV PASSWORD x`, `--password x`: only plain words."""
    option = found.string[start : start + 1] == b"-"
    if not quoted and found["bare"].startswith(b"--"):
        return ""  # the next option
    if found["close"] or not (option or quoted or name.isupper()):
        return ""
    if name == "pass" and found["quote"] in (b"`", b"``"):
        return ""  # to tune it, pass ``count=1``
    if name.lower() == "key" and _is_of_table(found, start):
        return ""  # KEY `FK41A0` (`office_id`)
    return "option" if option else "space"


def _is_of_table(found: regex.Match[bytes], start: int) -> bool:
    """Tell whether a name is that of an index in SQL: columns follow it, or the statement says what becomes of it."""
    return bool(_COLUMNS.match(found.string, found.end()) or _INDEX.search(found.string, max(0, start - 24), start))


_COLUMNS = re.compile(rb"[ \t]*(?:USING[ \t]+\w{1,9}[ \t]*)?\([ \t]*[`\"\[\w]", re.IGNORECASE)
_INDEX = re.compile(rb"(?i)\b(?:add|drop|rename|foreign|unique|primary|fulltext|spatial|force|use|ignore)[ \t]+\Z")


def _in_braces(operator: bytes, close: bytes) -> str:
    """${PASSWORD:-x}, ${db.password:x} have a default, ${PASSWORD} has none."""
    if close[:1] == b"}" and b"=" in operator and operator != b":=":
        return "compare"
    return "default" if operator in (b":-", b":", b":=", b"=") and not close else ""


def _by_other(operator: bytes, before: bytes) -> str:
    if operator.startswith((b"</", b":</", b">")):
        return "" if before == b"</" else "element"
    if b"val" in operator.lower() or b"default" in operator.lower():
        return "value"
    return "colon" if b":" in operator else "assign"


def _by_comma(found: regex.Match[bytes], before: bytes, _name: str, group: str) -> str:
    """getenv("PASSWORD", "x"), (:password, "x"): the name is a string or a symbol, on the same line."""
    data = found.string
    gap = data[found.end("close") : found.start(group)]
    if not (found["close"] or _is_symbol(before)) or group == "bare" or b"\n" in gap:
        return ""
    behind = data[found.end() : found.end() + 8].lstrip()
    start = start_of_name(data, found.start())
    if _SENTENCE.search(data, max(0, start - 60), start):
        return ""  # 'the length required of all passwords', 'x'
    if behind.startswith(b")") or (behind.startswith(b"}") and _ENTRY.search(data, max(0, start - 120), start)):
        return "pair"
    amid = data[max(0, start - 9) : start].rstrip(b"\"'`\\ \n").endswith(b",")
    if (found[group].isupper() and len(found[group]) < 16) or (amid and found[group].isalpha()):
        return ""  # ["KEYPASSWD", "KRB4LEVEL"], ["id", "password", "name"]: a list of words
    return "list"


_SENTENCE = re.compile(rb"(?:[A-Za-z]{1,16},? ){3}\Z")
_ENTRY = re.compile(rb"\{\s{0,8}@?[\"'](?:[\w.\-\[\]]{1,60}:{1,2}){0,6}\Z")  # { "Db:Password", "x" } in C# and C++


def _by_parenthesis(found: regex.Match[bytes], _before: bytes, _name: str, group: str) -> str:
    """set_password("x")."""
    gap = found.string[found.end("close") : found.start(group)]
    return "call" if group != "bare" and gap.startswith(b"(") else ""


def _by_or(found: regex.Match[bytes], _before: bytes, _name: str, group: str) -> str:
    """Tell a default, `secret or "x"`, from two words, `'PASSWORD' or 'HASH'`."""
    is_word = found["op"] == b"or" and found["close"] and not found["close"].strip(b"\"'`")
    return "" if group == "bare" or is_word else "default"


def _by_bracket(found: regex.Match[bytes], before: bytes, name: str, _group: str) -> str:
    """<password>x</password>, <string name="password">x</string>; not </password>, not the <key> of a property list."""
    plist = name == "key" and found.string[found.end() : found.end() + 2] == b"</"
    return "element" if found["close"] in (b"", b'"', b"'") and before != b"</" and not plist else ""


def _by_brace(found: regex.Match[bytes], before: bytes, _name: str, group: str) -> str:
    """let(:token) { "x" } gives a value; token { "x" } is a block."""
    if found["close"] == b")" and _is_symbol(before) and group != "bare":
        return "assign"
    return "" if found["close"] or group == "bare" else "space"


def _is_symbol(before: bytes) -> bool:
    """Tell whether a name is a symbol of Ruby, given the two bytes before it."""
    return before.endswith(b":") and before != b"::"


def _by_is(found: regex.Match[bytes], _before: bytes, name: str, group: str) -> str:
    """Tell a sentence, the password is x, from a condition, item.password is defined."""
    if group == "bare" and "." in name.strip("."):
        return ""
    return "prose" if group == "bare" or found["op"] == b"is:" or found["quote"] in (b"`", b'"') else ""


_DECIDED_BY = {
    b",": _by_comma, b"(": _by_parenthesis, b"or": _by_or, b"||": _by_or, b"??": _by_or, b">": _by_bracket,
    b"is": _by_is, b"is:": _by_is, b" {": _by_brace,
}  # fmt: skip


def _is_key(found: regex.Match[bytes]) -> bool:
    """Tell whether the literal is itself a name that something is bound to: {"rule": "password", "path": …}."""
    if found["name"].lower().endswith(b"key") and _NAMED.match(found.string, found.end()):
        return True  # {"key": "password", "value": …}
    if found["quoted"] is None or found["op"] in _VALUE_AFTER:
        return False
    after = found.string[found.end() : found.end() + 8].lstrip(b"] \t")
    return after.startswith((b":", b"=>", b"=")) and not after.startswith((b"==", b"::", b":-"))


def bare_in_code(found: regex.Match[bytes], form: str, *, in_string: bool, comment: bool) -> bool:
    """Tell whether a value without quotes can be a literal in code: a string or a comment holds other text."""
    if form == "url":
        return not found["next"]
    if _TYPE_NAME.fullmatch(found["bare"]) or (comment and found["bare"].isalpha()):
        return False  # a type, the next word of a sentence
    at = found.start("bare")
    if form == "colon" and found.string[at - 1 : at] == b":" and _MEMBER.match(found.string, at):
        return False  # {token:x, key:y.z}: the quote before it is part of something else
    return (in_string or comment) and form in ("assign", "colon", "option", "default", "element")


def is_expression(found: regex.Match[bytes]) -> bool:
    """Tell whether a value without quotes is a call of Perl, `= read ( $file );`, or a variable of a page's script."""
    if _VARIABLE.fullmatch(found["bare"]) is None:
        return False
    shape = _IN_OBJECT if found["op"] == b":" else _CALLED
    return shape.match(found.string, found.end("bare")) is not None


_VARIABLE = re.compile(rb"[A-Za-z_$][\w$.]*")
_CALLED = re.compile(rb"[ \t]+\([^\n]{0,200}\)[ \t]*;")
_IN_OBJECT = re.compile(rb"[ \t]*(?:,[^{}\n]{0,200})?\}[) \t]*;")


def on_next_line(found: regex.Match[bytes], start: int) -> bool:
    """Tell whether a value without quotes, on another line than its name, is bound to it.

    One behind a colon is alone on its line, deeper than the name; behind an equals sign the line goes on.
    """
    data, operator = found.string, found["op"]
    first, last = found.span("bare")
    if b"\n" not in data[found.end("close") : first] or (operator is not None and len(operator.strip()) > 2):
        return True
    value = found["bare"]
    if value.startswith(b"-") or value.endswith(b":") or found["next"] or _GIVEN.match(value):
        return False
    if operator is None or operator == b"=":
        return _goes_on(data, found.end("close"), first)
    below = data[data.rfind(b"\n", 0, first) + 1 : first]
    line = data[data.rfind(b"\n", 0, start) + 1 : start]
    depth = len(line) - len(line.lstrip(b" \t"))
    return not below.strip() and len(below) > depth and _ENDS.match(data, last) is not None


_GIVEN = re.compile(rb"[A-Za-z_]\w*[=:][^=]")
_ENDS = re.compile(rb"[ \t]*(?:#[^\r\n]*)?(?:\r?\n|\Z)")
_CONTINUED = re.compile(rb"=?[ \t]*[\\^`][ \t]*\r?\n[ \t]*")


def _goes_on(data: bytes, first: int, last: int) -> bool:
    """Tell whether all that stands between a name and its value is the sign that a line goes on."""
    return _CONTINUED.fullmatch(data[first:last].lstrip()) is not None


def is_coordinate(found: regex.Match[bytes], name: str, group: str) -> bool:
    """Tell whether a value is the rest of an address, TOKEN://kafka:9092, of an image, valkey:9@sha256:…, of a package.

    The group of a package ends like a name of a secret.
    """
    at = found.start(group)
    if found["op"] != b":" or found.end("op") != at:
        return False
    if found.string.startswith(b"//", at) or _IMAGE.match(found.string, at):
        return True
    return "." in name and _COORDINATE.match(found.string, at) is not None


def handed_through(found: regex.Match[bytes]) -> str:
    """Return what the literal of a candidate is handed through, as `wrapped` does.

    A word among several arguments is no value, but says which to look up: password = read("details", id).
    """
    kind = wrapped(found["wrap"])
    is_word = found["quoted"] is not None and found["quoted"].isalpha()
    return "lookup" if kind == "function" and is_word and _NEXT_ARGUMENT.match(found.string, found.end()) else kind


_NEXT_ARGUMENT = re.compile(rb"\s{0,8},")


def wrapped(wrap: bytes) -> str:
    """Return what a literal is handed through, `lookup` where it is not the value but the name of one."""
    wrap = wrap.strip()
    if not wrap or wrap in (b"(", b"[", b"{", b"[(", b"[{", b"(["):
        return ""
    if wrap.endswith(b"["):
        return "lookup"  # config["password_key"]
    function = wrap.rstrip(b"({ \t\r\n").decode("utf-8", "replace")
    parts = words(re.split(r"[.:>]", function)[-1]) or words(function)
    if not parts:
        return ""
    if not _LOOKUPS.isdisjoint((parts[0], parts[-1])):
        return "lookup"
    if not _DECODERS.isdisjoint(parts) or wrap.startswith(b"[]"):
        return "decoder"
    return "constructor" if wrap.startswith(b"new ") or function.rpartition(".")[2][:1].isupper() else "function"


def start_of_name(data: bytes, word: int) -> int:
    before = data[max(0, word - 60) : word]
    start = word - len(before) + len(before.rstrip(_NAME_BYTES))
    if data[start - 1 : start] == b"\\" and data[start : start + 1] in b"nrt" and start < word:
        start += 1  # "\npassword=x": the letter of an escape
    return start
