"""What reading a program brings to light: literals under names, flows from sources to sinks, facts about a place."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from keytrace.analyzers.python import is_test
from keytrace.analyzers.python.lattice import Taint, Value
from keytrace.analyzers.python.names import Names
from keytrace.model import Confidence, Evidence, Severity
from keytrace.names.lexicon import Strength, judge, words
from keytrace.scoring import value as values
from keytrace.scoring import weigh as scoring
from keytrace.scoring.binding import Binding

if TYPE_CHECKING:
    import libcst as cst

_COOKIE = re.compile(r"(?:^|[;\s])[\w.-]*(?:sess|sid|auth|token|jwt)[\w.-]*=(?P<value>[^;\s]{12,})")
_SCHEME = re.compile(r"(?i)^(bearer|token|basic|apikey|api-key|key|bot|ssws|digest|jwt)\s+(?=\S)")
_PLURAL = frozenset("passwords keys tokens secrets credentials creds passphrases apikeys pwds".split())
_PLACEHOLDERS = frozenset(
    "password passwd pwd pass passphrase passcode token string str text value none null nil true false required "
    "optional hidden field plain basic bearer oauth oauth2 jwt api key apikey default example sample dummy fake mock "
    "foo bar baz qux changeme change_me changeit todo tbd xxx masked redacted encrypted hash hashed env environ file "
    "vault prompt unset empty missing invalid unknown wrong unused disabled enabled public private auto local remote "
    "username user name email id label input test testing tests secret_key access_token api_key client_secret "
    "authorization auth credentials credential notset undefined insecure placeholder replaceme fixme blank manual "
    "session cookie header query body form json xml html utf-8 ascii raw base64 hex pem der opaque generic kubernetes "
    "environment config settings keyring interactive anonymous guest nobody any all off on yes no x ok data bytes "
    "password1".split()
)
_NOT_SECRET = re.compile(
    r"(?i)(?:\b|_)(?:your|change|replace|insert|enter|example|sample|dummy|placeholder|todo|fixme|redacted|fake|mock|"
    r"please|not[-_ ]?(?:needed|used|set|a|real)|none|here|xxx+|put|fill|must|missing|invalid|wrong|lorem|"
    r"my[-_])(?:\b|_|[-a-z]*$)|[\[\]]|^anonymous|^<|>$|^\$|^\{|^\[|^%|\*{3}|\.{3}|://|/.*/|^/|^\.{0,2}/"
)
_WEAK = re.compile(r"[A-Za-z][a-z]{2,15}|[A-Z]{3,12}|[A-Za-z0-9!@#$%^&*_.+\-=?~]{3,40}|[^\s]{4,40}")
_WORDS_OF_CODE = re.compile(r"[a-z_]+(?:\.[a-z_]+)+|[a-z]+(?:[_-][a-z]+)+|[A-Z]+(?:_[A-Z]+)+")
_CONNECTION = re.compile(
    r"(?i)(?:^|[;\s])(?P<name>password|pwd|accountkey|sharedaccesskey|passwd|secret)\s?=\s?(?P<value>[^\s;'\"]{4,200})"
)
_PAIRS = re.compile(r"(?:^|[;\s])[A-Za-z][\w ]{0,30}\s?=")
_URLISH = re.compile(r"^[a-z][a-z0-9+.-]*://")
_PHRASE = re.compile(r"[a-z]+(?: [a-z]+){3,24}")
_SHORT_RANDOM = re.compile(
    r"(?=[A-Za-z0-9]*[0-9][A-Za-z]+[0-9])[A-Za-z0-9]{10,64}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
)
_PASSPHRASE = re.compile(r"[\w'!-]{1,12}(?: [\w'!-]{1,12}){2,8}")
_PROSE = frozenset(
    "the a an is are your enter please must for of to in with and or not password this that key be".split()
)
_LETTERS = re.compile(r"[^\W\d_]+[ :]*(?:[^\W\d_]+[ :]*){0,3}")
_QUESTIONS = frozenset(
    "update change ask require requires show no use auto allow need needs has is store remember save".split()
)
_PROMPTS = frozenset(
    "enter your please must passphrase password key cannot invalid wrong error for used use should".split()
)
_SIGNING = ("jwt", "secret", "signing", "secret_key")


@dataclass(frozen=True, slots=True)
class Weighed:
    """How sure a literal is a credential, how bad that is (None: as its rule says), and why."""

    confidence: Confidence | None
    severity: Severity | None
    evidence: tuple[Evidence, ...]
    value: str = ""  # without an authentication scheme

    @property
    def counts(self) -> bool:
        return self.confidence is not None and self.confidence >= Confidence.MEDIUM


@dataclass(frozen=True, slots=True)
class Offer:
    """A literal and what it was bound to."""

    leaf: Value
    name: str
    form: str
    rule: str
    weighed: Weighed


@dataclass(frozen=True, slots=True)
class Flow:
    """A secret that reached a sink."""

    rule: str
    place: cst.CSTNode
    taint: Taint
    says: str


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is so at a place."""

    rule: str
    place: cst.CSTNode
    message: str
    confidence: Confidence
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class UrlLiteral:
    """A credential at [start, end) of a constant text that is a URL."""

    leaf: Value
    node: cst.CSTNode
    start: int
    end: int
    weak: bool


class Ledger:
    """Collects, once `recording` is on. Of several finds in one place the strongest stays."""

    def __init__(self, path: str, names: Names) -> None:
        self.path = path
        self.names = names
        self.in_test = is_test(path)
        self.recording = True
        self.offers: dict[int, list[Offer]] = {}
        self.flows: dict[tuple[str, int], Flow] = {}
        self.facts: dict[tuple[str, int], Fact] = {}
        self.urls: dict[int, UrlLiteral] = {}
        self.folds: dict[int, Value] = {}
        self._pieces: set[int] = set()  # of folded constants
        self._weigh = lru_cache(maxsize=4096)(self._weigh_one)

    def clear(self) -> None:
        """Forget everything: a better informed reading begins."""
        for found in (self.offers, self.flows, self.facts, self.urls, self.folds, self._pieces):
            found.clear()

    def is_empty(self) -> bool:
        """Tell whether nothing was found that anybody would want to hear of."""
        offers = (offer.weighed.confidence for some in self.offers.values() for offer in some)
        return not (self.flows or self.facts or self.urls or self.folds or any(offers))

    # --- literals -----------------------------------------------------------------------------------------------------

    def literal(self, name: str, leaf: Value, form: str, *, sdk: bool, rule: str) -> None:
        """Take note of a constant that is bound to a name or, with `sdk`, handed to a parameter that takes a secret."""
        if not self.recording or leaf.node is None or not leaf.text:
            return
        weighed = self._weigh(name, leaf.text, form, sdk)
        if weighed is not None:
            self.offers.setdefault(id(leaf.node), []).append(Offer(leaf, name, form, rule, weighed))

    def connection(self, leaf: Value) -> None:
        """Take note of the password in a connection string, whatever it is bound to."""
        text = leaf.text or ""
        if not self.recording or leaf.node is None or _URLISH.search(text) or not _CONNECTION.search(text):
            return
        weighed = self._weigh("connection_string", text, "assign", True) if len(_PAIRS.findall(text)) > 2 else None
        if weighed is not None:
            offer = Offer(leaf, "password", "assign", "hardcoded-credential", weighed)
            self.offers.setdefault(id(leaf.node), []).append(offer)

    def is_credential(self, name: str, text: str, *, strict: bool = False) -> bool:
        """Tell whether a constant under this name would be reported; `strict`: also if the name promised little."""
        weighed = self._weigh(name, text, "assign", False)
        return weighed is not None and weighed.counts and not (strict and weighed.severity is not None)

    def might_be(self, name: str, text: str, *, listed: bool = False, sdk: bool = False) -> bool:
        """Tell whether a literal behind a name is worth a look, in any position; of a list, only a random one is."""
        if len(text) < 4:
            return False
        weighed = self._weigh(name, text, "list" if listed else "assign", sdk)
        return weighed is not None and weighed.counts and not (listed and weighed.severity is Severity.LOW)

    def is_plural(self, name: str) -> bool:
        parts = words(name)
        return bool(parts) and parts[-1] in _PLURAL and judge(name).strength is Strength.STRONG

    def _weigh_one(self, name: str, text: str, form: str, sdk: bool) -> Weighed | None:
        judged = judge(name)
        lower = name.lower()
        if (
            (pair := _CONNECTION.search(text))
            and (judged.strength is Strength.NONE or sdk or not _URLISH.search(text))
            and len(_PAIRS.findall(text)) > 1
        ):
            weighed = self._weigh(pair["name"], pair["value"], form, True) if len(pair["value"]) < len(text) else None
            return replace(weighed, value=pair["value"]) if weighed is not None and weighed.counts else None
        header = lower in ("authorization", "proxy-authorization", "proxy_authorization", "x-authorization")
        own = words(name) in self.names.extra
        if judged.strength is Strength.NONE and not header and not sdk and not own:
            return None
        if lower == "cookie" and (cookie := _COOKIE.search(text)):
            weighed = self._weigh("session_token", cookie["value"], form, False)
            return replace(weighed, value=cookie["value"]) if weighed is not None and weighed.severity is None else None
        scheme = _SCHEME.match(text)
        if scheme:
            text = text[scheme.end() :]
            if scheme[1].lower() == "basic" and not (text := _password_of_basic(text)):
                return None
        elif header and not sdk and " " in text:
            return None
        if "PRIVATE KEY-----" in text and len(text) > 100 and "..." not in text:
            return Weighed(Confidence.HIGH, None, (Evidence("the value is a private key in PEM", 6.0),), text)
        if not text or len(text) > values.LONGEST:
            return None
        if judged.strength is Strength.WEAK and not sdk and not header and not _ends_weak(name):
            return None
        shown = "password" if header or (own and judged.strength is Strength.NONE) else name
        binding = Binding(shown, 0, 0, len(text), text.encode("utf-8", "replace"), form, quoted=True)
        evidence = scoring.weigh(binding, self.path)
        if sdk:
            evidence = [Evidence("handed to a parameter that takes a secret", 2.0), *evidence]
        confidence = scoring.confidence_of(evidence, Confidence.HIGH if sdk else scoring.most(binding))
        if confidence is not None and confidence >= Confidence.MEDIUM:
            return Weighed(confidence, None, tuple(evidence), text)
        strong = sdk or header or (judged.strength is Strength.STRONG)
        about = judged.strength is Strength.ABOUT and not sdk and not header
        if (
            strong
            and not about
            and _SHORT_RANDOM.fullmatch(text)
            and not scoring.impossible(binding)
            and (
                not values.placeholder(text.encode())[0]
                and values.shannon(text.encode()) >= 2.8
                and not values.stand_in(text.encode())
            )
        ):
            says = "letters and digits mixed, under a name for a secret"
            return Weighed(Confidence.MEDIUM, Severity.MEDIUM, (Evidence(says, 2.0), *evidence), text)
        if self.in_test:
            return Weighed(confidence, None, tuple(evidence), text)
        if strong and not about and (says := self._weak(name, judged.kind, text, sdk)):
            return Weighed(Confidence.MEDIUM, Severity.LOW, (Evidence(says, 2.0), *evidence), text)
        return Weighed(confidence, None, tuple(evidence), text)

    def _weak(self, name: str, kind: str, text: str, sdk: bool) -> str:
        """Say why a value that is no random text counts all the same, empty if it does not."""
        parts = words(name)
        repeats = values.repeats_name(text.encode(), name) and judge(text).strength is not Strength.NONE
        if repeats or (parts and parts[0] in _QUESTIONS and len(parts) > 1):
            return ""
        if _PHRASE.fullmatch(text) and (kind in ("password", "credential") or "seed" in parts):
            own = text.split()
            if _PROSE.isdisjoint(own) and len(set(own)) > 2 and (len(own) >= 6 or kind == "password"):
                return "a phrase of words under a name for one"
        if "passphrase" in parts and _PASSPHRASE.fullmatch(text) and _PROMPTS.isdisjoint(text.lower().split()):
            return "a phrase under a name for one"
        lower = text.lower()
        if lower in _PLACEHOLDERS or _NOT_SECRET.search(text) or lower == name.lower() or len(text) < 4:
            return ""
        if values.is_template(text.encode()) or values.placeholder(text.encode())[1] or not _WEAK.fullmatch(text):
            return ""
        if set(words(text)) & set(parts) and _WORDS_OF_CODE.fullmatch(text):
            return ""
        if kind == "password" or (sdk and "password" in parts):
            if _WORDS_OF_CODE.fullmatch(text) and {"password", "passwd", "pwd", "token", "key", "field"} & set(
                words(text)
            ):
                return ""
            if judge(text).kind == "password" and _LETTERS.fullmatch(text):
                return ""  # a label, also in another language
            if text.replace("-", "").isdigit() or not values.ruled_out(text.encode(), quoted=True):
                return "a weak password, but one that is in use where it stands"
            return ""
        if not values.ruled_out(text.encode(), quoted=True):
            if sdk and text.strip():
                return "a weak key, handed to a parameter that takes a secret"
            if (
                kind in ("secret", "key")
                and set(_SIGNING) & {*parts, "_".join(parts)}
                and not _WORDS_OF_CODE.fullmatch(text)
            ) and values.alphabet(text.encode()) not in ("lower", "upper", "letters", "digits"):
                return "a weak secret, but one that is in use where it stands"
        return ""

    # --- the rest -----------------------------------------------------------------------------------------------------

    def flow(self, rule: str, place: cst.CSTNode, taint: Taint, says: str) -> None:
        """Take note of a secret that reached a sink."""
        if not self.recording:
            return
        if rule == "logged-credential" and taint.kind == "dump":
            rule = "logged-environment"
        elif taint.part:
            if rule != "logged-credential":
                return
            rule = "partial-credential"
        elif taint.kind == "dump" and rule != "credential-in-response":
            return
        key = (rule, id(place))
        before = self.flows.get(key)
        if before is None or _certainty(taint) > _certainty(before.taint):
            self.flows[key] = Flow(rule, place, taint, says)

    def fact(
        self, rule: str, place: cst.CSTNode, message: str, confidence: Confidence, evidence: Iterable[Evidence] = ()
    ) -> None:
        if self.recording:
            self.facts.setdefault((rule, id(place)), Fact(rule, place, message, confidence, tuple(evidence)))

    def url_literal(self, value: Value, node: cst.CSTNode, span: tuple[int, int], *, weak: bool) -> None:
        if self.recording:
            self.urls.setdefault(id(value.node or node), UrlLiteral(value, value.node or node, *span, weak))

    def fold(self, value: Value, pieces: Iterable[cst.CSTNode]) -> None:
        """Take note of a constant that is made of pieces: the rules for formats look at what it is as a whole."""
        if self.recording and value.node is not None and value.text is not None and len(value.text) >= 8:
            self._pieces.update(id(piece) for piece in pieces)
            self.folds[id(value.node)] = value

    def folded(self) -> list[Value]:
        """Return the constants that are made of pieces and are not pieces themselves."""
        return [value for number, value in self.folds.items() if number not in self._pieces]


def _ends_weak(name: str) -> bool:
    """Tell whether the word of a name that may mean a secret is its last: `salt`, but not `salt_minion`."""
    parts = words(name)
    while len(parts) > 1 and parts[-1] in ("value", "val", "bytes", "str", "hex", "data", "b"):
        parts = parts[:-1]
    return judge(parts[-1]).strength is not Strength.NONE


def _certainty(taint: Taint) -> tuple[bool, int]:
    order = ("dump", "name", "literal", "generated", "prompt", "environment", "manager")
    return (not taint.part, order.index(taint.kind) if taint.kind in order else -1)


def _password_of_basic(text: str) -> str:
    """Return the password in the value of a Basic header, empty when it holds none."""
    try:
        user, colon, password = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return ""
    return password if colon and user else ""
