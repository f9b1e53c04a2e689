"""What constant expressions come to: the few operations by which keys are split, encoded and put together."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import string
import textwrap
from collections.abc import Callable, Sequence

from keytrace.analyzers.python.interpret.values import LONGEST_CONST, UNKNOWN, Const

Constant = str | bytes | int | float | bool | None


def operation(operator: str, left: Const, right: Const) -> Const:
    """Return `left + right` or `left * right` of constants, UNKNOWN for anything else."""
    if operator == "+" and isinstance(left, str) and isinstance(right, str):
        return left + right if len(left) + len(right) <= LONGEST_CONST else UNKNOWN
    if operator == "+" and isinstance(left, bytes) and isinstance(right, bytes):
        return left + right if len(left) + len(right) <= LONGEST_CONST else UNKNOWN
    if operator == "*":
        if isinstance(left, int) and isinstance(right, str | bytes):
            left, right = right, left
        if isinstance(left, str | bytes) and type(right) is int and 0 <= right * len(left) <= LONGEST_CONST:
            return left * right
    return UNKNOWN


def percent(template: Const, arguments: Sequence[Const]) -> Const:
    """Return `template % arguments` of constants."""
    if isinstance(template, str) and all(argument is not UNKNOWN for argument in arguments):
        try:
            text = template % tuple(arguments) if template.count("%") < 64 and "*" not in template else None
        except (TypeError, ValueError, KeyError, OverflowError, MemoryError):
            return UNKNOWN
        if text is not None and len(text) <= LONGEST_CONST and not _is_wide(template):
            return text
    return UNKNOWN


def _is_wide(template: str) -> bool:
    """Tell whether a template may ask for more characters than it is worth to make."""
    return any(len(digits) > 4 for digits in "".join(char if char.isdigit() else " " for char in template).split())


def cut(value: Const, lower: Const, upper: Const, step: Const) -> Const:
    """Return `value[lower:upper:step]`."""
    if not isinstance(value, str | bytes):
        return UNKNOWN
    bounds = [bound for bound in (lower, upper, step) if bound is not None]
    if any(type(bound) is not int for bound in bounds) or step == 0:
        return UNKNOWN
    window = [bound if isinstance(bound, int) else None for bound in (lower, upper, step)]
    return value[slice(*window)]


def stands_for_secret(text: Const) -> bool:
    """Tell whether a constant is what is shown instead of a secret: stars, or a word that says so."""
    return isinstance(text, str) and _MASK.fullmatch(text) is not None


_MASK = re.compile(r"(?i)\W*(?:\*{2,}|•{2,}|x{3,}|#{3,}|redacted|masked|hidden|censored|filtered|removed)\W*")
_DIGITS = 4  # of a precision
_OF_NUMBERS = frozenset("diouxXeEfFgGc")  # conversions
_CODES = frozenset(("encode", "decode"))
_TRANSFORMS = ("rot13", "rot_13", "hex", "hex_codec", "base64", "base64_codec")


def method(name: str, value: Const, arguments: Sequence[Const]) -> Const:
    """Return what a method of a constant text or bytes returns, UNKNOWN if it is none of those that matter."""
    if not isinstance(value, str | bytes) or any(argument is UNKNOWN for argument in arguments):
        return UNKNOWN
    try:
        if name in _CODES:
            encoding = str(arguments[0]) if arguments else "utf-8"
            if isinstance(value, str):
                return value.encode(encoding) if name == "encode" else UNKNOWN
            return value.decode(encoding) if name == "decode" else UNKNOWN
        if name in _PLAIN_METHODS and len(arguments) <= _PLAIN_METHODS[name]:
            result: object = getattr(value, name)(*arguments)
            return result if isinstance(result, str | bytes) and len(result) <= LONGEST_CONST else UNKNOWN
    except (LookupError, ValueError, TypeError, AttributeError):
        pass
    return UNKNOWN


_PLAIN_METHODS = {
    "strip": 1, "lstrip": 1, "rstrip": 1, "upper": 0, "lower": 0, "replace": 2, "title": 0, "swapcase": 0, "hex": 0,
    "removeprefix": 1, "removesuffix": 1, "capitalize": 0, "casefold": 0,
}  # fmt: skip


def call(name: str, arguments: Sequence[Const]) -> Const:
    """Return what a function of constants returns, UNKNOWN if it is none of those that decode or convert."""
    function = _FUNCTIONS.get(name)
    if function is None or not arguments or any(argument is UNKNOWN for argument in arguments):
        return UNKNOWN
    try:
        result = function(*arguments)
    except (LookupError, ValueError, TypeError, AttributeError, binascii.Error, OverflowError):
        return UNKNOWN
    return result if isinstance(result, str | bytes) and len(result) <= LONGEST_CONST else UNKNOWN


def _codecs_decode(value: object, encoding: object = "utf-8") -> object:
    if encoding in _TRANSFORMS:
        decode: Callable[..., object] = codecs.decode
        return decode(value, str(encoding))
    if not isinstance(value, bytes):
        raise TypeError
    return value.decode(str(encoding))  # refuses codecs of compressed data


def _text(value: object, encoding: object = None) -> object:
    if isinstance(value, bytes):
        return value.decode(str(encoding)) if encoding else repr(value)
    return str(value)


def _bytes(value: object, encoding: object = "utf-8") -> object:
    if isinstance(value, str):
        return value.encode(str(encoding))
    if isinstance(value, bytes):
        return value
    raise TypeError


def _from_hex(value: object) -> object:
    return bytes.fromhex(value) if isinstance(value, str) else None


def _character(value: object) -> object:
    return chr(value) if type(value) is int and value < 0x110000 else None


_FUNCTIONS: dict[str, Callable[..., object]] = {
    "str": _text, "bytes": _bytes, "bytearray": _bytes, "bytes.fromhex": _from_hex, "bytearray.fromhex": _from_hex,
    "chr": _character, "reversed": lambda value: value[::-1],
    "base64.b64decode": base64.b64decode, "base64.urlsafe_b64decode": base64.urlsafe_b64decode,
    "base64.standard_b64decode": base64.standard_b64decode, "base64.b32decode": base64.b32decode,
    "base64.b16decode": base64.b16decode, "base64.b85decode": base64.b85decode, "base64.a85decode": base64.a85decode,
    "base64.decodebytes": lambda value: base64.decodebytes(_bytes(value)),  # type: ignore[arg-type]
    "binascii.unhexlify": binascii.unhexlify, "binascii.a2b_hex": binascii.unhexlify,
    "binascii.a2b_base64": binascii.a2b_base64, "codecs.decode": _codecs_decode, "codecs.encode": _codecs_decode,
    "textwrap.dedent": textwrap.dedent, "os.fsencode": _bytes,
}  # fmt: skip


def format_pieces(template: str) -> list[tuple[str, str | None, str]] | None:
    """Return the pieces of a format string as (text, field, specification), None when it is none."""
    try:
        return [(text, name, spec or "") for text, name, spec, _ in string.Formatter().parse(template)]
    except ValueError:
        return None


def percent_pieces(template: str) -> list[tuple[str, str | None, int | None]]:
    """Return the pieces of a %-template as (text, name, precision), and 0 for a precision where it is a number.

    The name is that of the argument: "" when it has none; None at the end.
    """
    pieces: list[tuple[str, str | None, int | None]] = []
    text = ""
    position = 0
    while position < len(template):
        at = template.find("%", position)
        if at < 0:
            break
        text += template[position:at]
        end = at + 1
        name = ""
        if template[end : end + 1] == "(":
            close = template.find(")", end)
            if close < 0:
                break
            name, end = template[end + 1 : close], close + 1
        first = end
        while end < len(template) and template[end] in "#0- +.*123456789hlL":
            end += 1
        digits = template[first:end].partition(".")[2]
        if template[end : end + 1] == "%":
            text += "%"
        elif end < len(template):
            precision = int(digits) if digits.isdecimal() and len(digits) < _DIGITS else None
            pieces.append((text, name, 0 if template[end] in _OF_NUMBERS else precision))
            text = ""
        position = end + 1
    pieces.append((text + template[position:], None, None))
    return pieces
