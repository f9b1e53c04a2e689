"""How sure it is that a literal under a name is a credential: what scoring says, and what only programs have."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, replace
from functools import lru_cache

from keytrace.analyzers.python.names import Names
from keytrace.analyzers.python.paths import is_test
from keytrace.model import Confidence, Evidence, Severity
from keytrace.names.lexicon import Strength, judge, words
from keytrace.names.tables import literals, programs
from keytrace.scoring import value as values
from keytrace.scoring import weigh as scoring
from keytrace.scoring.alphabet import alphabet
from keytrace.scoring.binding import Binding
from keytrace.scoring.impossible import impossible

_KNOWN = literals()
_COOKIE = re.compile(rf"(?:^|[;\s])[\w.-]*{_KNOWN.cookie}[\w.-]*=(?P<value>[^;\s]{{12,}})")
_SCHEME = re.compile(rf"(?i)^({_KNOWN.scheme})\s+(?=\S)")
_WEAK = re.compile(r"[A-Za-z][a-z]{2,15}|[A-Z]{3,12}|[A-Za-z0-9!@#$%^&*_.+\-=?~]{3,40}|[^\s]{4,40}")
_WORDS_OF_CODE = re.compile(r"[a-z_]+(?:\.[a-z_]+)+|[a-z]+(?:[_-][a-z]+)+|[A-Z]+(?:_[A-Z]+)+")
_CONNECTION = re.compile(rf"(?i)(?:^|[;\s])(?P<name>{'|'.join(_KNOWN.connection)})\s?=\s?(?P<value>[^\s;'\"]{{4,200}})")
_PAIRS = re.compile(r"(?:^|[;\s])[A-Za-z][\w ]{0,30}\s?=")
_URLISH = re.compile(r"^[a-z][a-z0-9+.-]*://")
_PHRASE = re.compile(r"[a-z]+(?: [a-z]+){3,24}")
_SHORT_RANDOM = re.compile(
    r"(?=[A-Za-z0-9]*[0-9][A-Za-z]+[0-9])[A-Za-z0-9]{10,64}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
)
_PASSPHRASE = re.compile(r"[\w'!-]{1,12}(?: [\w'!-]{1,12}){2,8}")
_LETTERS = re.compile(r"[^\W\d_]+[ :]*(?:[^\W\d_]+[ :]*){0,3}")
_KINDS_OF_KEYS = frozenset(("secret", "key"))
_KINDS_OF_PHRASES = frozenset(("password", "credential"))
_PLAIN_ALPHABETS = frozenset("lower upper letters digits".split())
_ENTROPY = 2.8  # bits a character of a short value that counts
_LEAST = 4  # characters of a value that counts


@dataclass(frozen=True, slots=True)
class Weighed:
    """How sure a literal is a credential, how bad that is (None: as its rule says), and why."""

    confidence: Confidence | None
    severity: Severity | None
    evidence: tuple[Evidence, ...]
    value: str = ""  # without an authentication scheme
    made_up: bool = False  # a password that a test has chosen

    @property
    def counts(self) -> bool:
        return self.confidence is not None and self.confidence >= Confidence.MEDIUM


class Literals:
    """Weighs the literals of a program."""

    def __init__(self, path: str, names: Names) -> None:
        self._path = path
        self.names = names
        self._in_test = is_test(path)
        self.weigh = lru_cache(maxsize=4096)(self._weigh)
        self.is_plural = lru_cache(maxsize=1024)(_is_plural)

    def is_credential(self, name: str, text: str, *, strict: bool = False) -> bool:
        """Tell whether a constant under this name would be reported; `strict`: also if the name promised little."""
        weighed = self.weigh(name, text, "assign", False)
        return weighed is not None and weighed.counts and not (strict and weighed.severity is not None)

    def might_be(self, name: str, text: str, *, listed: bool = False, sdk: bool = False) -> bool:
        """Tell whether a literal behind a name is worth a look, in any position; of a list, only a random one is."""
        if len(text) < _LEAST:
            return False
        weighed = self.weigh(name, text, "list" if listed else "assign", sdk)
        return weighed is not None and weighed.counts and not (listed and weighed.severity is Severity.LOW)

    def connection(self, text: str) -> Weighed | None:
        """Weigh the password in a connection string, whatever it is bound to."""
        if _URLISH.search(text) or not _CONNECTION.search(text) or len(_PAIRS.findall(text)) < 3:
            return None
        return self.weigh("connection_string", text, "assign", True)

    def _weigh(self, name: str, text: str, form: str, sdk: bool) -> Weighed | None:
        """Return what a literal is under a name, None for a name that promises nothing."""
        promise = _Promise(
            name, judge(name).strength, sdk or name.lower() in _KNOWN.headers, words(name) in self.names.extra
        )
        if (inner := _inner(promise, text, sdk=sdk)) is not None:
            return self._weigh_inner(*inner, form) if inner[1] != text else None
        if _is_its_name(name, text) or (promise.is_none and not (promise.sure or promise.own)):
            return None
        text = _without_scheme(text, is_header=promise.sure and not sdk)
        if len(text) > 100 and "PRIVATE KEY-----" in text and "..." not in text:
            return Weighed(Confidence.HIGH, None, (Evidence("the value is a private key in PEM", 6.0),), text)
        return self._weigh_value(promise, text, form, sdk=sdk) if 0 < len(text) <= values.LONGEST else None

    def _weigh_inner(self, name: str, value: str, is_pair: bool, form: str) -> Weighed | None:
        inside = self.weigh(name, value, form, is_pair)
        counts = inside is not None and (inside.counts if is_pair else inside.severity is None)
        return replace(inside, value=value) if inside is not None and counts else None

    def _weigh_value(self, promise: _Promise, text: str, form: str, *, sdk: bool) -> Weighed | None:
        if promise.strength is Strength.WEAK and not (promise.sure or _ends_weak(promise.name)):
            return None
        binding = Binding(promise.shown, 0, 0, len(text), text.encode("utf-8", "replace"), form, quoted=True)
        text = binding.value.decode()
        evidence = scoring.weigh(binding, self._path)
        if sdk:
            evidence = [Evidence("handed to a parameter that takes a secret", 2.0), *evidence]
        confidence = scoring.confidence_of(evidence, Confidence.HIGH if sdk else scoring.most(binding))
        is_unsure = confidence is None or confidence < Confidence.MEDIUM
        if is_unsure and promise.is_strong:
            if _is_short_random(binding, text):
                says = "letters and digits mixed, under a name for a secret"
                return Weighed(Confidence.MEDIUM, Severity.MEDIUM, (Evidence(says, 2.0), *evidence), text)
            if not self._in_test and (says := _weak(promise.name, text, sdk=sdk)):
                return Weighed(Confidence.MEDIUM, Severity.LOW, (Evidence(says, 2.0), *evidence), text)
        return Weighed(confidence, None, tuple(evidence), text, scoring.chosen_by_a_test(binding, self._path))


def _is_its_name(name: str, text: str) -> bool:
    """Tell whether a text is its own name, of a header: authorization = "Authorization"; or the end of it, cut within a
    word: what a prompt ends with, "ssword"; or a word where an address should be: database_url = "configured".
    """
    if name.lower() in _KNOWN.headers and words(text) == words(name):
        return True
    if text.isalpha() and programs().is_connection(words(name)):
        return True
    is_cut = len(text) >= _LEAST and name.endswith(text) and name[: -len(text)][-1:].isalpha()
    return is_cut and judge(text).strength is Strength.NONE


@dataclass(frozen=True, slots=True)
class _Promise:
    """What a name promises; `sure`: as a header or a parameter that takes a secret; `own`: as a project says."""

    name: str
    strength: Strength
    sure: bool
    own: bool

    @property
    def is_none(self) -> bool:
        return self.strength is Strength.NONE

    @property
    def is_strong(self) -> bool:
        return self.sure or self.strength is Strength.STRONG

    @property
    def shown(self) -> str:
        """Return the name under which scoring weighs a value."""
        is_header = self.name.lower() in _KNOWN.headers
        return "password" if is_header or (self.own and self.is_none) else self.name


def _inner(promise: _Promise, text: str, *, sdk: bool) -> tuple[str, str, bool] | None:
    """Return name and value of what a connection string, or else a cookie, holds; and whether it is the former."""
    pair = _CONNECTION.search(text)
    if pair and len(_PAIRS.findall(text)) > 1 and (sdk or promise.is_none or not _URLISH.search(text)):
        return pair["name"], pair["value"], True
    cookie = _COOKIE.search(text) if promise.name.lower() == "cookie" and not promise.is_none else None
    return ("session_token", cookie["value"], False) if cookie else None


def _is_plural(name: str) -> bool:
    parts = words(name)
    return bool(parts) and parts[-1] in _KNOWN.plural and judge(name).strength is Strength.STRONG


def _without_scheme(text: str, *, is_header: bool) -> str:
    """Return the value of a header without its authentication scheme, empty when it holds no secret."""
    scheme = _SCHEME.match(text)
    if scheme is None:
        is_word = text.isalpha() and text[1:].islower()  # what something is called: {"authorization": "shield"}
        return "" if is_header and (is_word or " " in text) else text
    text = text[scheme.end() :]
    return _password_of_basic(text) if scheme[1].lower() == "basic" else text


def _password_of_basic(text: str) -> str:
    """Return the password in the value of a Basic header, empty when it holds none."""
    try:
        user, colon, password = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return ""
    return password if colon and user else ""


def _ends_weak(name: str) -> bool:
    """Tell whether the word of a name that may mean a secret is its last: `salt`, but not `salt_minion`."""
    parts = words(name)
    while len(parts) > 1 and parts[-1] in _KNOWN.ends:
        parts = parts[:-1]
    return judge(parts[-1]).strength is not Strength.NONE


def _is_short_random(binding: Binding, text: str) -> bool:
    """Tell whether a value is random that is too short for scoring to say so."""
    data = text.encode()
    return (
        _SHORT_RANDOM.fullmatch(text) is not None and not impossible(binding)
        and not values.placeholder(data)[0] and values.shannon(data) >= _ENTROPY and not values.stand_in(data)
    )  # fmt: skip


def _weak(name: str, text: str, *, sdk: bool) -> str:
    """Say why a value that is no random text counts all the same, empty if it does not."""
    parts, kind = words(name), judge(name).kind
    if (len(parts) > 1 and parts[0] in _KNOWN.questions) or (
        values.repeats_name(text.encode(), name) and judge(text).strength is not Strength.NONE
    ):
        return ""
    if says := _weak_phrase(parts, kind, text):
        return says
    is_code = _WORDS_OF_CODE.fullmatch(text) is not None
    if _is_placeholder(text) or text.lower() == name.lower() or (is_code and set(words(text)) & set(parts)):
        return ""
    if kind == "password" or (sdk and "password" in parts):
        return _weak_password(text, is_code=is_code)
    return "" if values.ruled_out(text.encode(), quoted=True) else _weak_key(parts, kind, text, sdk=sdk)


def _weak_key(parts: tuple[str, ...], kind: str, text: str, *, sdk: bool) -> str:
    if sdk and text.strip():
        return "a weak key, handed to a parameter that takes a secret"
    signs = kind in _KINDS_OF_KEYS and not _KNOWN.signing.isdisjoint((*parts, "_".join(parts)))
    if signs and not _WORDS_OF_CODE.fullmatch(text) and alphabet(text.encode()) not in _PLAIN_ALPHABETS:
        return "a weak secret, but one that is in use where it stands"
    return ""


def _weak_phrase(parts: tuple[str, ...], kind: str, text: str) -> str:
    if _PHRASE.fullmatch(text) and (kind in _KINDS_OF_PHRASES or "seed" in parts):
        own = text.split()
        if _KNOWN.prose.isdisjoint(own) and len(set(own)) > 2 and (len(own) >= 6 or kind == "password"):
            return "a phrase of words under a name for one"
    if "passphrase" in parts and _PASSPHRASE.fullmatch(text) and _KNOWN.prompts.isdisjoint(text.lower().split()):
        return "a phrase under a name for one"
    return ""


def _weak_password(text: str, *, is_code: bool) -> str:
    if is_code and not _KNOWN.about_passwords.isdisjoint(words(text)):
        return ""
    if judge(text).kind == "password" and _LETTERS.fullmatch(text):
        return ""  # a label, also in another language
    if text.replace("-", "").isdigit() or not values.ruled_out(text.encode(), quoted=True):
        return "a weak password, but one that is in use where it stands"
    return ""


def _is_placeholder(text: str) -> bool:
    """Tell whether a value stands for one that is to be filled in, or is none."""
    data = text.encode()
    if (
        len(text) < _LEAST
        or text.lower() in _KNOWN.placeholders
        or _KNOWN.sample.search(text)
        or not _WEAK.fullmatch(text)
    ):
        return True
    return values.is_template(data) or values.placeholder(data)[1]
