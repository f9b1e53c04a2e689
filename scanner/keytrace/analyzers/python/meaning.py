"""What a word means in a program, where it has two meanings: a token opens something, or is one of a text or a number;
a key is one, or the path of a file with one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from keytrace.analyzers.python.names import Names

_OF_TEXTS = re.compile(
    rb"(?i)tokeni[sz]e|lexer|next_token|token_?type|\btok\.|\.lineno|\bply\.|token\.type|token_list"
    rb"|\bSyntaxError\(|unexpected token|\bshlex\.|on_llm_new_token|new_tokens\b"
)
_OPENS = re.compile(rb"(?i)auth|login|bearer|passw|api_?key|secret|jwt|credential|session|slack|discord|telegram")
_FOLDERS = re.compile(rb"\bimport pwd\b|getcwd|\bchdir\b|\bcwd\b|[\"']PWD[\"']|\$PWD|\bpwd\.getpw")
_MOST_OF_TEXTS = 2  # times as often a program speaks of what opens something where its tokens are keys
_ID = re.compile(r"(?i)(?<!secret)(?<!secret_)access_?key\Z")  # of a pair, where a program has the other one, too
_SECRET_OF_PAIR = re.compile(rb"(?i)secret_?(?:access_?)?key|(?:access_?key|access)_?secret")
_TAKES_PATH = re.compile(
    rb"\b(?:open|safe_open|isfile|isdir|exists|lexists|realpath|abspath|isabs|getmtime|getsize|Path|islink|readlink|lstat|unlink)"
    rb"\(\s*(?:\w+(?:\.|\[[\"']))*(\w+)(?:[\"']\])?\s*[,)]"
)
_KEYS = re.compile(
    rb"(?:[\w\])]\[|\b(?:get|pop|setdefault|Required|Optional)\()\s*(?:\w+\.)*([A-Z][A-Z0-9_]*)\s*[\],)]"
)
_SENT = re.compile(rb"(?i)(?:\bauthorization|\bbearer|\bheaders?\b|\bcookies?\b|\bauth\s*=|[\"']x-)[^\n]*")
_TAKES_CREDENTIAL = re.compile(
    rb"\b(?:\w{0,40}(?:Client|Session|A[Pp][Ii]|S[Dd][Kk]|Auth|Credentials?|Connection|Bot)|(?:log_?in|auth|sign)\w{0,40}"
    rb"|\w{0,40}(?:compare_digest|verify)\w{0,40}|connect|jwt\.\w{1,40}|hmac\.new)\(([^()]*)"
)
_EQUAL = re.compile(
    rb"\b(\w{1,80})\s*[!=]=\s*(?=[^\W\d])(?!None\b|True\b|False\b)|[\w\])]\s*[!=]=\s*(?:\w+\.)*(\w+)(?![\w.(\[])"
)
_WORDS = re.compile(rb"[^\W\d]\w*")
_ORDER = re.compile(rb" [<>]=? |\+= ?\d| [+-] \d")
_BEFORE, _AFTER = re.compile(rb"(\w+)(?:\(\))?\s*\Z"), re.compile(rb"(?:\w+\.)*(\w+)")
_LONGEST = 80  # characters of a name


def doubts(names: Names, data: bytes) -> Callable[[str], bool]:
    """Return what tells whether a name of two meanings means something else than a secret in this program."""
    about: dict[bool, bool] = {}
    has_pairs = cache(lambda: _SECRET_OF_PAIR.search(data) is not None)

    def is_doubtful(name: str) -> bool:
        if _ID.search(name) is not None:
            return has_pairs()
        if names.is_sure(name):
            return False
        is_folder = name.lower().endswith("pwd")
        if is_folder not in about:
            about[is_folder] = _FOLDERS.search(data) is not None if is_folder else _reads_texts(data)
        return about[is_folder]

    return is_doubtful


def doubts_by_use(names: Names, data: bytes) -> Callable[[str], bool]:
    """Return what tells, besides, whether a name is used in this program as that of a file, a number or a key is."""
    is_doubtful = doubts(names, data)
    known: dict[str, set[str]] = {}

    def is_doubtful_by_use(name: str) -> bool:
        if "path" not in known:
            known["path"] = {found.decode("latin-1") for found in _TAKES_PATH.findall(data)}
        if name in known["path"] or is_doubtful(name):
            return True
        if name.isupper():  # what things are looked up by
            if "key" not in known:
                known["key"] = {found.decode("latin-1") for found in _KEYS.findall(data)}
            if name in known["key"]:
                return True
        if names.is_sure(name):
            return False
        if "number" not in known:
            known["number"] = _ordered(data)
        return any(one == name or one.endswith(f"_{name}") for one in known["number"])

    return is_doubtful_by_use


def ids(names: Names, data: bytes) -> Callable[[str], bool]:
    """Return what tells whether a name alone may be that of an id, which this program uses nowhere as a credential:
    in a header, for a client, to log in or sign with, compared.
    """
    used = cache(lambda: frozenset(_used(data)))
    return lambda name: names.may_be_an_id(name) and name.rpartition(".")[2] not in used()


def _used(data: bytes) -> Iterator[str]:
    texts = (*_SENT.findall(data), *_TAKES_CREDENTIAL.findall(data), *(b" ".join(two) for two in _EQUAL.findall(data)))
    return (word.decode("utf-8", "replace") for text in texts for word in _WORDS.findall(text))


def _reads_texts(data: bytes) -> bool:
    of_texts = len(_OF_TEXTS.findall(data))
    return of_texts > 0 and len(_OPENS.findall(data)) <= _MOST_OF_TEXTS * of_texts


def _ordered(data: bytes) -> set[str]:
    """Return the names that are compared by size, or counted up or down."""
    found: set[str] = set()
    for operator in _ORDER.finditer(data):
        start, end = operator.span()
        sides = (_BEFORE.search(data, max(0, start - _LONGEST), start), _AFTER.match(data, end, end + _LONGEST))
        found.update(side[1].decode("latin-1") for side in sides if side is not None)
    return found
