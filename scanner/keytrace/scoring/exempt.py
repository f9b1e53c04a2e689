"""What stands around a value and says that it is no secret, whatever its name: an encrypted one, one of a table.

A table of many like entries tells what its members are: texts in a language, checksums, short keys of a list.
"""

from __future__ import annotations

import base64
import re
from collections import Counter
from functools import cache, lru_cache
from typing import NamedTuple

from keytrace.names.lexicon import Strength, judge, strength
from keytrace.names.tables import placeholders
from keytrace.scoring import locale, place
from keytrace.scoring import value as values
from keytrace.scoring.alphabet import alphabet
from keytrace.scoring.binding import Binding
from keytrace.scoring.hashed import hashed
from keytrace.scoring.links import in_a_link
from keytrace.scoring.rarity import is_random

_NEAR = 2000  # bytes before and after a value in which its neighbours are looked for
_FAR = 65_536  # bytes before a value in which the key over it is looked for
_LIKE = 5  # so many like neighbours make a table
_KEYS = 4

_CIPHERTEXT = re.compile(
    rb"AQ[EI][CD]AH[\w+/=-]{60,}|(?:CiQA|CiUA)[\w+/=-]{80,}|U2FsdGVkX1[\w+/=-]{20,}|-----BEGIN PGP MESSAGE"
)  # of AWS KMS, Google's KMS, OpenSSL
# http://, https://, <?xml, <svg, PNG, JPEG, GIF, PDF
_ADDRESS = re.compile(rb"aHR0c(?:DovL|HM6Ly)|PD94bWw|PHN2Zy|iVBORw0KGgo|/9j/4|R0lGOD[lh]|JVBERi0")
_FERNET = re.compile(rb"gAAAAA[\w-]{60,}={0,2}")
_SEALED = re.compile(rb"(?m)^(?P<depth>[ \t]*)(?:- )?[\"']?(?:encrypted|sealed)\w*[\"']?[ \t]*:[ \t]*(?:#.*)?\r?$")
_SEALED_OBJECT = re.compile(rb"[\"'](?:encrypted|sealed)\w*[\"']\s{0,8}:\s{0,8}\{")
_LOCK = re.compile(
    r"(?i)(?:^|/)(?:[^/]*\.lock|[^/]*[-.]lock\.(?:json|ya?ml)|go\.sum|npm-shrinkwrap\.json|package\.resolved|"
    r"gradle\.lockfile|\.?pnp\.c?js|manifest\.toml)$"
)
_CHECKSUM = re.compile(rb"(?:[\w]{1,10}[-:])?(?:[0-9a-fA-F]{16,128}|[\w+/-]{20,90}={0,2})")
_GLUED = frozenset(("colon", "assign", "arrow", "element", "value", "pair", "list"))

_ENTRY = re.compile(
    rb"(?<![\w.\-])(?P<key>[A-Za-z_][\w.:\-/]{0,80})[\"']?[ \t]{0,20}(?:=>|[:=]|\">)[ \t]{0,20}\\?[\"']?"
    rb"(?P<value>[^\s\"'<>{}\[\](),;=:][^\"'<>\r\n{}]{2,200})"
)
_LABEL = re.compile(
    rb"[A-Z\x80-\xff][a-z\x80-\xff]+[.:!?]?|[^\d_/\\=@#$]*[A-Za-z\x80-\xff,.:!?] [A-Za-z\x80-\xff(][^_/\\=@#$]*"
)
_SHORT_KEY = re.compile(rb"\bkey[\"']?[ \t]?:[ \t]?[\"'][a-z0-9]{3,12}[\"']")
_NOT_ASCII = re.compile(rb"[\x80-\xff]|\\u(?!00[0-7])[0-9a-fA-F]{4}")  # also as files of texts write it
_ESCAPED_LETTER = re.compile(rb"\\{1,2}(?:x[89A-Fa-f][0-9A-Fa-f]|u(?!00[0-7])[0-9A-Fa-f]{4})")
_PACKAGE = re.compile(  # what a lock file or a manifest requires: npm:^7.1.2, 5.0.0-167.dfb
    rb"(?:npm|workspace|jsr|catalog|portal|patch):(?=[~^<>=*@\w])\S{1,120}|(?:[~^v]|[<>]=?)?[0-9]+(?:\.[0-9]+){2,3}[-+][\w.+-]{1,60}"
)
_INDEX = re.compile(rb"(?i)(?:idx|fk|uniq|uk|pk|ix)_[0-9a-f]{8,64}")  # as tools for databases name them
_TRIED = re.compile(r"(?i)(?:common|weak|banned|forbidden|worst|popular|breached)[_-]?(?:passwords|pins)$")
_ACCOUNT = re.compile(rb"getpwnam(?:_r)?[ \t]*\([ \t]*[\"']\Z")
_GROUP = re.compile(rb"[^\r\n]{0,80}\r?\n[ \t]*(?:group|shadow)[ \t]*:[ \t]*([^\s#]+)")  # of nsswitch.conf
_VALIDATED = re.compile(
    rb"""["'](?:required|nullable|confirmed|sometimes|string|(?:required_if|min|max|size|between|same|regex):[^"']{1,80})["']"""
)  # what validators of forms call their checks
_JOINED = re.compile(
    rb"(?:(?:required|nullable|confirmed|sometimes|string|bail|(?:required_if|min|max|size|between|same|regex):[^|]{1,80})(?:\||\Z)){2,20}"
)
_FINGERPRINT = re.compile(rb"(?i)(?:0x)?(?:[0-9a-f]{40}|[0-9a-f]{16}|[0-9a-f]{8})")
_OF_PUBLIC_KEY = re.compile(
    r"(?i)(?:apt|yum|rpm|gpg|pgp|recv|keyserver|keyring|release|repo(?:sitory)?)[_.-]?keys?(?:[_.-]?ids?)?$"
)
_DIGIT = re.compile(rb"[0-9]")
_KIND_OF_KEY = re.compile(rb"(?:sk-)?(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d{3})(?:@openssh\.com)?")
_CLASS = re.compile(rb"\\{0,2}[A-Z]\w*(?:\\{1,2}[A-Z]\w*){1,8}")  # of PHP
_SHORTCUT = re.compile(rb"(?i)(?:(?:ctrl|control|alt|option|shift|cmd|command|meta|super|win)[+-]){1,3}\w{1,10}")
_HOLDER = re.compile(rb"[a-z][a-z0-9]*(?:-[a-z0-9]+){1,6}-(?:certs?|tls|credentials|creds)")  # as Kubernetes has them

_SHAPES = (
    (_PACKAGE, "the value is the version of a package"),
    (_INDEX, "the value is the name of an index of a database"),
    (_JOINED, "the value is a check of a form"),
    (_CLASS, "the value is the name of a class"),
    (_KIND_OF_KEY, "the value is the kind of a public key"),
    (_SHORTCUT, "the value is a shortcut of the keyboard"),
    (_HOLDER, "the value is the name of what holds credentials"),
)


def reason(data: bytes, binding: Binding, path: str) -> str:
    """Return why the value is no secret where it stands, or an empty string."""
    if says := _in_any_form(data, binding) or _by_what_is_before(data, binding) or in_a_link(data, binding):
        return says
    if says := _by_what_is_behind(data, binding):
        return says
    if binding.form not in _GLUED:
        return ""
    if locale.of_one_language(path) and not is_random(binding.value.decode("latin-1")):
        return "the file holds the texts of a language"
    if _LOCK.search(path) and _CHECKSUM.fullmatch(binding.value):
        return "the file is a lock file: what it holds are checksums"
    if _is_text(binding.value) and _among_texts(data, binding, path):
        return "the value is one of a table of texts in a language"
    if _is_short_key(data, binding):
        return "the value is one of many short keys, which tell the members of a list apart"
    if len(binding.value) >= 16 and _like_its_neighbours(data, binding):
        return "its neighbours, whose names promise nothing, hold values of the same shape"
    return ""


def _in_any_form(data: bytes, binding: Binding) -> str:
    """Return why a value is no secret whatever binds it: encrypted, a document in base64, of an example."""
    if _CIPHERTEXT.match(binding.value) or (_FERNET.match(binding.value) and judge(binding.name).kind == "password"):
        return "the value is encrypted"
    if says := next((says for shape, says in _SHAPES if shape.fullmatch(binding.value)), "") or _by_name(binding):
        return says
    if _is_stand_in(binding.value):
        return "the value is the base64 of what stands in for a secret"
    if _ADDRESS.match(binding.value):
        return "the value is the base64 of an address, a document or an image"
    if len(binding.value) >= 40 and _under_sealed(data, binding):
        return "the value stands under a key that says it is encrypted"
    accounts, password = _example_accounts(), b":" + binding.value.lower()
    if any(one.endswith(password) for one in accounts) and place.pair(data, binding) in accounts:
        return "the name and the password of an example"
    return ""


def _by_name(binding: Binding) -> str:
    """Return why a value under such a name is no secret: of lists of passwords, of keys of packages."""
    if _TRIED.search(binding.name):
        return "the name says that these are passwords that everybody tries"
    if judge(binding.name).strength is Strength.WEAK:
        if _is_global_id(binding.value):
            return "the value is the base64 of a kind and a number, as the ids of GraphQL are"
        if _FILE.fullmatch(binding.value):
            return "the value is the name of a file, as the keys of a store are"
        if binding.value.islower() and _PATH.fullmatch(binding.value):
            return "the value is a path, as the keys of a store are"
        if binding.name.lower().endswith("seed") and (values.UUID.fullmatch(binding.value) or binding.value.isdigit()):
            return "the value is an id or a number, from which others are made"
    return ""


def _by_what_is_before(data: bytes, binding: Binding) -> str:
    """Return why a value is no secret by the text before it: of something public, of a path, a check, an expression."""
    before, line = data[max(0, binding.start - 8) : binding.start], data[max(0, binding.first - _LINE) : binding.first]
    if _is_fingerprint(data, binding):
        return "the value is the fingerprint of a public key, as package managers ask for it"
    if says := _in_words(data, binding, before) or _of_program(data, binding, line):
        return says
    if _ACCOUNT.search(line):
        return "the value is the name of a user"
    if (beside := _GROUP.match(data, binding.last)) and beside[1] == binding.value and binding.name == "passwd":
        return "the value says where users are looked up, and the next line where groups are"
    if before.endswith(b":<") and binding.value.startswith(b"@"):
        return "the name stands for the password of an address"
    if not binding.quoted and line.rfind(b"{{") > max(line.rfind(b"}}"), line.rfind(b"\n")):
        return "the value is an expression of a template"
    return "the value is a check of a form" if _is_check(data, binding, line) else ""


def _in_words(data: bytes, binding: Binding, before: bytes) -> str:
    """Return why a value that a text for people tells is no secret, or an empty string."""
    if binding.form not in ("colon", "prose"):
        return ""
    if binding.name.lower() == "key":
        if _PUBLIC.search(before):
            return "it is a public key"
        if _OF_PGP.search(before) and _FINGERPRINT.fullmatch(binding.value):
            return "the value is the fingerprint of a public key"
    if binding.form == "prose" and before.endswith(b"/"):
        return "the name is that of a file"
    if binding.form == "prose" and _IS_DONE.match(data, binding.first):
        return "the sentence says what becomes of it, not what it is"
    return ""


def _is_fingerprint(data: bytes, binding: Binding) -> bool:
    """Tell by its name, or by gpg near it, whether a value is the fingerprint of a public key."""
    if not _FINGERPRINT.fullmatch(binding.value):
        return False
    if _OF_PUBLIC_KEY.search(binding.name):
        return True
    is_key = len(binding.value) >= 40 and judge(binding.name).strength is Strength.WEAK
    return is_key and _GPG.search(data, max(0, binding.start - _BESIDE), binding.last + _BESIDE) is not None


def _of_program(data: bytes, binding: Binding, line: bytes) -> str:
    """Return why a value that a program compares, or that it keeps in a browser, is no secret, or an empty string."""
    if binding.form == "compare" and _TYPE_OF.search(data, max(0, binding.start - 50), binding.start):
        return "the value is the name of a type"
    if binding.form == "cookie" and _OF_A_FORM.search(line):
        return "the cookie protects a form, it logs nobody in"
    if binding.name == "PW" and line.endswith((b",PW=`", b',PW="', b",PW='")):
        return "the name is one that a minifier gave"
    return ""


def _by_what_is_behind(data: bytes, binding: Binding) -> str:
    """Return why a value is no secret by its option and the text after it: an account, a hash."""
    if binding.form == "option" and _ACCOUNT_OPTION.match(data, binding.start, binding.first - 1):
        return "the option takes the name of an account"
    if judge(binding.name).kind == "token" and (says := _of_grammar(data, binding)):
        return says
    if binding.quoted and binding.value.endswith(_JOINTS) and _GOES_ON.match(data, binding.last):
        return "the value is the beginning of one that is put together"
    if _REPEATED.match(data, binding.last):
        return "the value is repeated many times, as no secret is"
    if not binding.quoted and _CONSTANT.fullmatch(binding.value) and data[binding.last : binding.last + 1] == b";":
        return "the value is the name of a constant"
    return hashed(data, binding)


def _of_grammar(data: bytes, binding: Binding) -> str:
    """Return why a token is one of a language or a library: what an expression finds, the table of a parser, the end of
    a public key; or an empty string.
    """
    first = max(0, binding.start - _LINE)
    if _END_OF_KEY.fullmatch(binding.value) and _OF_ASSEMBLY.search(data, first, binding.start):
        return "the value is the token of the public key of a library for .NET"
    if _BEFORE_REGEX.match(data, binding.last):
        return "the value is the kind of a token, and an expression that finds it stands beside it"
    strange = len(_SIGN.findall(binding.value)) * 8
    return "the value is the table of a parser" if len(binding.value) >= 80 and strange > len(binding.value) else ""


def _is_check(data: bytes, binding: Binding, line: bytes) -> bool:
    """Tell whether a value is in a list of what validators of forms check: ['required', 'confirmed']."""
    opened = line.rpartition(b"[")[2]
    if b"[" not in line or b"]" in opened or b"\n" in opened:
        return False
    behind = data[binding.first - 1 : binding.last + _LINE].split(b"]")[0]
    return bool(_VALIDATED.search(opened) or _VALIDATED.search(behind))


_LINE, _BESIDE = 160, 400
_GPG = re.compile(rb"--recv(?:-keys?)?\b|--keyserver\b|\bapt-key\b|\bGNUPGHOME\b")
_PUBLIC = re.compile(rb"(?i)\bpublic[ \t]+\Z")
_OF_PGP = re.compile(rb"(?i)\b(?:open)?(?:gpg|pgp)[ \t]+\Z")
_IS_DONE = re.compile(rb"[a-z]{2,20}ed[ \t]+[a-z]{2,}\b(?![=:])")  # the password is autogenerated and kept in …
_ACCOUNT_OPTION = re.compile(rb"-[A-Za-z]{0,20}[Cc]redential\Z")  # of PowerShell: an account's name, or an object
_GLOBAL_ID = re.compile(rb"[A-Za-z_]{3,40}:[0-9]{1,19}")
_FILE = re.compile(
    rb"[\w/.-]{1,200}\.(?i:png|jpe?g|gif|svg|webp|ico|bmp|pdf|zip|gz|mp[34]|mov|wav|csv|xlsx?|docx?|txt|html?|json|ya?ml|"
    rb"toml|ini|conf|cfg|log|xml|css|js|py|sh)"
)
_PATH = re.compile(rb"[\w.:-]{1,40}(?:/[\w.:-]{1,40}){1,8}")
_BEFORE_REGEX = re.compile(rb"[\"'](?:,[ ]?[\"'][^\"'\n]{0,60}[\"']){0,12}\]?,\s{0,20}[\"']?regex[\"']?[ ]?:")
_END_OF_KEY = re.compile(rb"[0-9a-f]{16}")
_OF_ASSEMBLY = re.compile(rb"(?i)\bversion=(?:[\"'][\d.]*[\"']|[\d.]+)[^<>\r\n]{0,80}\Z")
_SIGN = re.compile(rb"[^\w+/=.~-]")
_JOINTS = (b":", b"=", b"-", b"_", b"/", b".", b"|")
_GOES_ON = re.compile(rb"\\?[\"'`][ \t]{0,4}(?:\+|\.{1,2}|&|\|\|)[ \t]{0,4}[A-Za-z_$(]")
_REPEATED = re.compile(rb"[\"'](?:\.repeat\(|[ ]?\*[ ]?[0-9])")
_CONSTANT = re.compile(rb"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_TYPE_OF = re.compile(rb"\btypeof[ (]{1,2}[\w.]{0,40}\Z")
_OF_A_FORM = re.compile(rb"(?i)[cx]srf[\w.-]{0,20}=\Z")


@lru_cache(maxsize=256)
def _is_stand_in(value: bytes) -> bool:
    """Tell whether a value is the base64 of words that people write where a secret will be: test-secret."""
    told = _from_base64(value, 60)
    if not told or not told.isascii():
        return False
    text = told.decode().strip().lower()
    return text in placeholders()["empty_of_programs"] or values.stand_in(text.encode())


@lru_cache(maxsize=256)
def _is_global_id(value: bytes) -> bool:
    return _GLOBAL_ID.fullmatch(_from_base64(value, 80)) is not None


def _from_base64(value: bytes, longest: int) -> bytes:
    """Return what a value of no more than `longest` bytes encodes, nothing if it is no base64."""
    if len(value) % 4 or not 8 <= len(value) <= longest:
        return b""
    try:
        return base64.b64decode(value, validate=True)
    except ValueError:
        return b""


@cache
def _example_accounts() -> frozenset[bytes]:
    """Return the user names and passwords of examples, in lower case: those of Oracle's sample schema, …"""
    return frozenset(pair.encode() for pair in placeholders()["example_accounts"])


def _under_sealed(data: bytes, binding: Binding) -> bool:
    """Tell whether a key over the value says that what is under it is encrypted."""
    low = max(0, binding.start - _FAR)
    at = max(data.rfind(word, low, binding.start) for word in (b"ncrypted", b"ealed"))
    if at < 0:
        return False
    start = max(low, data.rfind(b"\n", low, at) + 1)
    above = data[start : binding.start]
    if found := _SEALED_OBJECT.search(above):
        inner = above[found.end() :]
        return inner.count(b"{") >= inner.count(b"}")
    if found := _SEALED.match(above):
        depth = len(found["depth"])
        lines = [line for line in (above[found.end() :] + b".").split(b"\n")[1:] if line.strip()]
        return all(len(line) - len(line.lstrip()) > depth for line in lines)
    return False


def _is_text(value: bytes) -> bool:
    """Tell whether a value may be a text for people: hardly a digit, letters that begin like a word or a sentence."""
    return len(_DIGIT.findall(_NOT_ASCII.sub(b"", value))) <= 2 and len(value) <= 200


def _among_texts(data: bytes, binding: Binding, path: str) -> bool:
    """Tell by the path, the first key of the file and its neighbours whether a value is a text in a language."""
    shown = _LABEL.fullmatch(binding.value) is not None or _NOT_ASCII.search(binding.value) is not None
    around = _entries_around(data, binding.first // _NEAR)
    own = around.entries.get(binding.first)
    count = len(around.entries) - (own is not None)
    share = (around.labels - (own is not None and own.is_label)) / max(1, count)
    if locale.by_path(path):
        return shown or share >= 0.4
    if locale.by_root(data):
        return (shown and share >= 0.2) or share >= 0.5
    return shown and count >= _LIKE and share >= 0.7


def _is_short_key(data: bytes, binding: Binding) -> bool:
    """Tell whether a value is the `key` of an element of a list, as icons and components have: many stand near."""
    if _is_of_records(data, binding):
        return True
    if binding.name.rpartition(".")[2] != "key" or len(binding.value) > 12:
        return False
    around = data[max(0, binding.start - _NEAR) : binding.last + _NEAR]
    return len(_SHORT_KEY.findall(around)) > _KEYS


def _is_of_records(data: bytes, binding: Binding) -> bool:
    """Tell whether a short value is that of one of many records, each with another under the same name: reblog_key."""
    if len(binding.value) > 12 or judge(binding.name).strength is not Strength.WEAK or binding.form != "colon":
        return False
    name = re.escape(binding.name.encode())
    shape = re.compile(rb"[\"']" + name + rb"[\"']\s?:\s?[\"']([\w-]{4,12})[\"']")
    return len(set(shape.findall(data, max(0, binding.start - _FAR), binding.last + _FAR))) > _KEYS


def _like_its_neighbours(data: bytes, binding: Binding) -> bool:
    """Tell whether most values near by of the same length and characters have names that promise nothing."""
    around = _entries_around(data, binding.first // _NEAR)
    shape = (len(binding.value), alphabet(binding.value))
    harmless, others = around.harmless[shape], around.promised[shape]
    if harmless < _LIKE:
        return False
    own = around.entries.get(binding.first)
    if own and own.shape == shape:
        harmless, others = harmless - (not own.is_promised), others - own.is_promised
    return harmless >= _LIKE and harmless > others


class _Entry(NamedTuple):
    """A name and what is told of its value: its length and alphabet; whether it is a text for people."""

    is_promised: bool
    shape: tuple[int, str]
    is_label: bool


class _Around(NamedTuple):
    """The entries in a stretch of text by where their values stand, and how many there are of a kind."""

    entries: dict[int, _Entry]
    promised: Counter[tuple[int, str]]
    harmless: Counter[tuple[int, str]]
    labels: int


@lru_cache(maxsize=1)  # many bindings stand near each other
def _entries_around(data: bytes, block: int) -> _Around:
    """Return the entries in and around a block of `_NEAR` bytes."""
    low, high = max(0, (block - 1) * _NEAR), (block + 2) * _NEAR
    entries = {found.start("value"): _entry(found["key"], found["value"]) for found in _ENTRY.finditer(data, low, high)}
    return _Around(
        entries,
        Counter(one.shape for one in entries.values() if one.is_promised),
        Counter(one.shape for one in entries.values() if not one.is_promised),
        sum(one.is_label for one in entries.values()),
    )


@lru_cache(maxsize=1024)  # three blocks hold it
def _entry(key: bytes, value: bytes) -> _Entry:
    value = _ESCAPED_LETTER.sub(b"\xc3\xa9", value.strip()).rstrip(b"\\")  # before the quote of a string in a string
    is_promised = strength(key.decode("latin-1")) in (Strength.STRONG, Strength.WEAK)
    return _Entry(is_promised, (len(value), alphabet(value)), _LABEL.fullmatch(value) is not None)
