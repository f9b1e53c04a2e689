"""What a word means in a program, where it has two meanings: a token opens something, or is one of a text or a number;
a key is one, or the path of a file with one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import cache, cached_property
from itertools import islice

from keytrace.analyzers.python.names import Names

_OF_TEXTS = re.compile(
    rb"(?i)tokeni[sz]e|lexer|next_token|token_?type|\btok\.|\.lineno|\bply\.|token\.type|token_list"
    rb"|sub_?tokens|stop_?words|\bre\.\w+\([^()\n]{0,80}, *token\)"
    rb"|\bSyntaxError\(|unexpected token|\bshlex\.|on_llm_new_token|new_tokens\b"
)
_OPENS = re.compile(rb"(?i)auth|login|bearer|passw|api_?key|secret|jwt|credential|session|slack|discord|telegram")
_FOLDERS = re.compile(rb"\bimport pwd\b|getcwd|\bchdir\b|\bcwd\b|[\"']PWD[\"']|\$PWD|\bpwd\.getpw")
_WALLETS = re.compile(rb"(?i)wallet|seed|bip_?39|bip_?32|hdkey|key_?pair|private_?key|derive|ethereum|bitcoin|account")
_SETTING = re.compile(rb"[A-Z]_TOKEN\b")
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
_BESIDE_ID = re.compile(rb"/\{(?:\w{1,80}\.)*(\w{1,80})_id\}/\{(?:\w{1,80}\.)*\1_token\}")
_KEY_IN_PATH = re.compile(rb"/\{(?:\w{1,80}\.)*(\w{1,80}_key)\}")
_PUBLIC = re.compile(
    rb"(?m)\b(?!\w*(?:private|secret))(\w{1,80}key) *= *[^\n=#]{0,200}\.(?:ed25519|curve25519|public_?key|pub_?key"
    rb"|verify_?key|verifying_?key|get_signing_key_from_jwt)(?:\([^()\n]{0,80}\))?\s*$"
)
_MANY_KEYS = 2  # kinds of things whose ids are keys
_RECORDS = re.compile(rb"\bTXT\b")
_SEVERAL = 2  # times that a program speaks of these
_WORDS = re.compile(rb"[^\W\d]\w*")
_ORDER = re.compile(rb" [<>]=? |\+= ?\d| [+-] \d")
_BEFORE, _AFTER = re.compile(rb"(\w+)(?:\(\))?\s*\Z"), re.compile(rb"(?:\w+\.)*(\w+)")
_LONGEST = 80  # characters of a name


def doubts(names: Names, data: bytes) -> Callable[[str], bool]:
    """Return what tells whether a name of two meanings means something else than a secret in this program."""
    about: dict[str, bool] = {}
    has_pairs = cache(lambda: _SECRET_OF_PAIR.search(data) is not None)

    def is_doubtful(name: str) -> bool:
        if _ID.search(name) is not None:
            return has_pairs()
        if names.is_sure(name):
            return False
        last = next((word for word in _OTHERWISE if name.lower().endswith(word)), "")
        if last not in about:
            about[last] = _OTHERWISE[last](data) if last else _reads_texts(data)
        return about[last]

    return is_doubtful


class Uses:
    """What a program does with what it calls by a name: as with a file, a number, a key, the id of a thing."""

    def __init__(self, names: Names, data: bytes) -> None:
        self._names, self._data = names, data
        self._is_doubtful = doubts(names, data)
        self._known: dict[Hashable, frozenset[str]] = {}

    @cached_property
    def _writes_records(self) -> bool:
        return sum(1 for _ in islice(_RECORDS.finditer(self._data), _SEVERAL)) == _SEVERAL

    def _of(self, look: Callable[[bytes], Iterable[str]]) -> frozenset[str]:
        """Return the names that are used so, looked for once."""
        known = self._known.get(look)
        if known is None:
            known = self._known[look] = frozenset(look(self._data))
        return known

    def _matched(self, pattern: re.Pattern[bytes]) -> frozenset[str]:
        """Return the names that a pattern finds, likewise."""
        known = self._known.get(pattern)
        if known is None:
            known = self._known[pattern] = frozenset(one.decode("latin-1") for one in pattern.findall(self._data))
        return known

    def is_path(self, name: str) -> bool:
        """Tell whether it is the path of a file."""
        return name in self._matched(_TAKES_PATH)

    def is_something_else(self, name: str) -> bool:
        """Tell whether it is a file, a key of things, a token of a text, a number: no secret, whatever it is called."""
        if self.is_path(name) or self._is_doubtful(name):
            return True
        if name.isupper() and name in self._matched(_KEYS):
            return True
        if self._names.is_sure(name):
            return False
        return any(one == name or one.endswith(f"_{name}") for one in self._of(_ordered))

    def as_id(self, name: str, *, in_message: bool = False) -> str:
        """Say why it may be the id of a thing, which nothing uses as a credential: in a header, for a client, to log
        in or sign with, compared; empty where nothing says so.
        """
        last, why = name.rpartition(".")[2], ""
        if not self._names.is_sure(name) and self._writes_records:
            return "the program writes TXT records of DNS, which everybody may read, and this may be one"
        if last in self._matched(_PUBLIC):
            return "it is given a public key here"
        if self._names.may_be_an_id(name):
            if in_message:
                why = "a message names things by their ids"
            elif last in self._of(_addressed):
                why = "it stands beside the id of the same thing in an address"
        elif self._names.may_be_key_of_thing(name) and len(self._matched(_KEY_IN_PATH) - {last}) >= _MANY_KEYS:
            why = "the ids of other things are called keys here, too, and stand in addresses"
        if not why or last in self._of(_used):
            return ""
        return f"{why}, and nothing uses it as a credential"


def _addressed(data: bytes) -> Iterator[str]:
    """Yield the tokens of things that stand in paths beside the ids of these: `/{gallery_id}/{gallery_token}`."""
    return (f"{thing.decode('latin-1')}_token" for thing in _BESIDE_ID.findall(data))


def _used(data: bytes) -> Iterator[str]:
    texts = (*_SENT.findall(data), *_TAKES_CREDENTIAL.findall(data), *(b" ".join(two) for two in _EQUAL.findall(data)))
    return (word.decode("utf-8", "replace") for text in texts for word in _WORDS.findall(text))


def _reads_texts(data: bytes) -> bool:
    of_texts = len(_OF_TEXTS.findall(data))
    return of_texts > 0 and len(_OPENS.findall(data)) <= _MOST_OF_TEXTS * of_texts


_OTHERWISE: Mapping[str, Callable[[bytes], bool]] = {
    "pwd": lambda data: _FOLDERS.search(data) is not None,
    "mnemonic": lambda data: _WALLETS.search(data) is None,  # of an instruction, a series, a field
    "tok": lambda data: _reads_texts(data) or not (_OPENS.search(data) or _SETTING.search(data)),
}


def _ordered(data: bytes) -> set[str]:
    """Return the names that are compared by size, or counted up or down."""
    found: set[str] = set()
    for operator in _ORDER.finditer(data):
        start, end = operator.span()
        sides = (_BEFORE.search(data, max(0, start - _LONGEST), start), _AFTER.match(data, end, end + _LONGEST))
        found.update(side[1].decode("latin-1") for side in sides if side is not None)
    return found
