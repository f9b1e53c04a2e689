"""Hashes of passwords: told by how frameworks write them, by the salt beside them, by the column that they stand in."""

from __future__ import annotations

import re

from keytrace.names.lexicon import judge
from keytrace.scoring.binding import Binding

_NEAR = 400  # bytes before and after a value in which its salt is looked for

# ASP.NET Core Identity (PasswordHasher): a zero, 16 bytes of salt and 32 of key; or a one, three numbers, 16 and 32.
_ASP_NET = re.compile(rb"A[A-P][A-Za-z0-9+/]{64}==|AQAAAA[A-P]AA[A-Za-z0-9+/]{73}==")
_HEX = re.compile(rb"[0-9a-f]{32,128}|[0-9A-F]{32,128}")  # also of odd length: some write a hash as a number
_DIGEST = re.compile(rb"[A-Za-z0-9+/]{27}=|[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{85,86}={1,2}")
_CODED = re.compile(r"(?i)encoded|crypted|hashed")
_COLUMN = re.compile(rb"<column\s{1,20}name\s?=\s?[\"']\Z")  # of Liquibase
_SALT = re.compile(rb"(?i)\bsalt\\{0,3}[\"']?\s{0,4}[=:]\s{0,4}\\{0,3}[\"'][\w+/=.-]{6}")
_RECORD = re.compile(rb"[<>{}]|\n\s*\n")


def hashed(data: bytes, binding: Binding) -> str:
    """Return why a value under the name of a password is a hash of one, or an empty string."""
    if len(binding.value) < 28 or judge(binding.name).kind != "password":
        return ""
    if _ASP_NET.fullmatch(binding.value):
        return "the value is a hash, as ASP.NET writes them"
    is_hex = _HEX.fullmatch(binding.value) is not None
    if not is_hex and _DIGEST.fullmatch(binding.value) is None:
        return ""
    if _has_salt(data, binding):
        return "the value is a hash: its salt stands beside it"
    is_kept = binding.form == "column" or _CODED.search(binding.name) or _is_in_column(data, binding)
    return "the value is a hash, as tables of users hold them" if is_hex and is_kept else ""


def _is_in_column(data: bytes, binding: Binding) -> bool:
    return _COLUMN.search(data, max(0, binding.start - 40), binding.start) is not None


def _has_salt(data: bytes, binding: Binding) -> bool:
    """Tell whether the record that a value belongs to, an element or an object, has a salt, too."""
    before = _RECORD.split(data[max(0, binding.start - _NEAR) : binding.start])[-1]
    after = _RECORD.split(data[binding.last : binding.last + _NEAR], maxsplit=1)[0]
    return bool(_SALT.search(before) or _SALT.search(after))
