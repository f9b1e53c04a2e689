"""A name that promises a secret, bound to a literal, in any language or configuration format.

The trigger finds the names with something bound to them; here the line is read again, name and value are cut out,
and scanner/scoring.py weighs them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from scanner import scoring
from scanner.document import Document
from scanner.model import Match, Rule, Span
from scanner.multipattern import Hits, Trigger
from scanner.names import Strength, strength
from scanner.patterns import MATCH_TIMEOUT

if TYPE_CHECKING:
    import regex

_NEAR, _REACH = 48, 240  # bytes before a hit in which its name starts: mostly, and at most

_STRONG = (
    r"passw|pass_?phrase|passcode|pwd|secret|token|api[_ .\-]?key|access[_ .\-]?key|priv(?:ate)?[_ .\-]?key|"
    r"credential|creds|bearer|userpass|dsn"
)
_WEAK = r"auth|_pass\b|\bpass\b|[_\-]pw\b|\bpw\b|key\b|salt|psk|seed"
_WORDS = f"{_STRONG}|{_WEAK}"
_CLOSE = r"(?:\\?[\"'`]|[\])}]|\[\]){0,4}"
_TYPE = (
    r"(?:[ \t]?:[ \t]?[A-Za-z_&][\w.<>\[\]|?&]*(?:[ ]\|[ ]None)?|[ \t](?:string|String|str)"
    r"|[ ]\{[ ]get;[ ](?:set|init);[ ]\})"
)
_VALUE_KEY = r",?\s{0,20}(?:-\s)?[\"']?(?i:value|default)[\"']?[ \t]{0,4}[=:]"
_OPERATOR = rf"(?:{_VALUE_KEY}|=>|<-|:=|[|?:+]{{1,2}}=|={{1,3}}|!==?|[:,(>]|\|\||\?\?|\bor\b)"

# In Hyperscan: the same shape as below, up to the first characters of the value. Quoted and bare apart, because in code
# only a quoted value counts; strong and weak names apart, because a short plain word under a weak one is no secret, and
# of these code is full.
_BOUND = (
    rf"[\w$.\-]*{_CLOSE}(?:{_TYPE}\s{{0,20}}=\s{{0,20}}|\s{{0,20}}{_OPERATOR}\s{{0,20}}|[ \t]{{1,8}})"
    r"(?:(?:bearer|basic|token) )?"
)
_WRAP = r"(?:(?:\((?:\s{1,20})?|String::from\(|SecretStr\(|\[\]byte\(|Buffer\.from\(|new String\(|b64decode\())?"
_OPEN = _WRAP + r"[@$brufl]{0,2}\\?[\"'`]{1,3}"
_TRIGGERS = (
    rf"(?i)(?:{_STRONG}){_BOUND}{_OPEN}[^\s\"'`]{{4}}",
    rf"(?i)(?:{_WEAK}){_BOUND}{_OPEN}(?:[a-z]{{0,15}}[^a-z\s\"'`][^\s\"'`]{{2}}|[a-z]{{16}})",
    rf"(?i)[?&][\w.\-]*(?:{_WORDS})[\w.\-]*=[\w%.+/~\-]{{8}}",  # ?api_key=… in a URL
    rf"(?i)(?:{_STRONG}){_BOUND}[\w/+$!@#%^&*.\-]{{4}}",
    rf"(?i)(?:{_WEAK}){_BOUND}(?:[a-z]{{0,15}}[\d_/+$!@#%^&*.\-][\w/+$!@#%^&*.\-]{{2}}|[a-z]{{16}})",
)
_IN_CODE = 3  # of the triggers, the first ones
_WORD = re.compile(rf"(?i:{_WORDS})".encode())
_NAME_BYTES = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$.-"
# Matched where a word starts; what of the name stands before the word is read backwards.
_CANDIDATE = rf"""(?x)
    (?P<name>(?i:{_WORDS})[\w$.\-]*+)
    (?P<close>{_CLOSE})
    (?: {_TYPE}\s{{0,20}}(?P<op>=)\s{{0,20}} | \s{{0,20}}(?P<op>{_OPERATOR})\s{{0,20}} | (?P<space>[ \t]{{1,8}}) )
    (?: (?P<scheme>(?i:bearer|basic|token)[ ]) )?
    (?: {_WRAP}[@$bBrRuUfFL]{{0,2}}
        (?P<quote>\\?(?:\"{{3}}|'{{3}}|["'`]))
        (?P<quoted>(?:(?!(?P=quote))(?:\\.|[^\r\n])){{0,2100}}+)(?P=quote)
      | (?P<bare>[^\s"'`,;&<>(){{}}\[\]|\\]{{4,2100}})(?P<next>[(\[.]?)
    )
"""
# Languages in which a literal is quoted; elsewhere (configuration, shell, prose) a bare word is a value.
_CODE = frozenset(
    ".py .pyi .js .jsx .ts .tsx .mjs .cjs .java .kt .kts .scala .groovy .go .rs .c .h .cc .cpp .cxx .hpp .cs .vb .fs "
    ".swift .m .mm .php .rb .erb .pl .pm .lua .dart .ex .exs .erl .hs .ml .mli .clj .cljs .r .jl .sol .vue .svelte "
    ".gradle .ps1 .psm1 .tf .hcl .proto .graphql .sql .smali .tl .idl .pyx .coffee .haml .slim .nim .zig .v .cr "
    ".d".split()
)


class KeywordAnalyzer:
    """Weighs each literal that is bound to a secret-looking name; one rule says how to report it."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._rules = rules
        self._of_name = lru_cache(maxsize=8192)(self._rule_for)
        self.triggers = tuple(Trigger(shape, _TRIGGER_KEYWORDS) for shape in _TRIGGERS)

    def analyze(self, document: Document, hits: Hits) -> Iterator[Match]:
        data = document.data
        code = _is_code(document.path)
        done = 0  # text up to here was read: the next hit may lie in the same name or value
        numbers = [number for number in hits if number < _IN_CODE] if code else hits
        ends = sorted({end for number in numbers for end in hits[number]})
        for hit in ends:
            if hit <= done:
                continue
            found = _candidate_at(data, hit, done)
            if found:
                done = found.end()
                match = self._weigh(found, _start_of_name(data, found.start()), document.path, code)
                if match:
                    yield match

    def _weigh(self, found: regex.Match[bytes], start: int, path: str, code: bool) -> Match | None:
        name = found.string[start : found.end("name")].decode("utf-8", "replace").strip("-.$")
        strong, rule = self._of_name(name)
        if rule is None:
            return None
        group = "bare" if found["quoted"] is None else "quoted"
        if not _is_binding(found, start, name, group, code):
            return None
        evidence = scoring.weigh_named(found[group], name, strong is Strength.STRONG, path, group == "quoted")
        confidence = scoring.confidence_of(evidence)
        first, last = found.span(group)
        return Match(rule.id, first, last, confidence, Span(start, found.end(group)), tuple(evidence))

    def _rule_for(self, name: str) -> tuple[Strength, Rule | None]:
        """Return how strong a name is and the rule to report it by, None when it does not promise a secret."""
        strong = strength(name)
        if strong is Strength.NONE:
            return strong, None
        lower = name.lower()
        for rule in self._rules:
            if any(word in lower for word in rule.keywords):
                return strong, rule
        return strong, next((rule for rule in self._rules if rule.id == "generic-secret"), None)


def _is_binding(found: regex.Match[bytes], start: int, name: str, group: str, code: bool) -> bool:
    """Tell whether the value is really given to the name, not merely next to it."""
    data, operator, close = found.string, found["op"], found["close"]
    quoted = group == "quoted"
    if data[start - 2 : start] in (b"$(", b"${"):
        return False  # $(PWD):/mnt uses a variable
    if operator is None:  # `password "x"`, `ENV PASSWORD x`: only plain words
        return not close and (quoted or (not code and name.isupper()))
    gap = data[found.end("close") : found.start(group)]
    if operator == b",":  # getenv("PASSWORD", "x"), ("password", "x"): the name is a string, on the same line
        after = data[found.end() : found.end() + 8].lstrip()  # {"rule": "password", "path": …}: the next key
        constant = found[group].isupper() and len(found[group]) < 16  # ["KEYPASSWD", "KRB4LEVEL"]: a list
        return bool(close) and quoted and b"\n" not in gap and not after.startswith((b":", b"=")) and not constant
    if operator == b"(":  # set_password("x")
        return quoted and gap.startswith(b"(")
    if operator in (b"or", b"||", b"??"):
        return quoted
    if operator == b">":  # <password>x</password>, <string name="password">x</string>
        return close in (b"", b'"', b"'")
    if code and not quoted:
        return operator == b"=" and data[start - 1 : start] in (b"?", b"&") and not found["next"]
    return quoted or found["next"] in (b"", b".")


def _candidate_at(data: bytes, hit: int, done: int) -> regex.Match[bytes] | None:
    """Return the candidate whose value holds the offset `hit`; its name is mostly close by."""
    candidate = _candidate()
    for reach in (_NEAR, _REACH):
        for word in _WORD.finditer(data, max(done, hit - reach), hit):
            found = candidate.match(data, word.start(), timeout=MATCH_TIMEOUT)
            if found and found.end() >= hit:
                return found
        if hit - reach <= done:
            break
    return None


def _start_of_name(data: bytes, word: int) -> int:
    before = data[max(0, word - 60) : word]
    return word - len(before) + len(before.rstrip(_NAME_BYTES))


def _is_code(path: str) -> bool:
    dot = path.rfind(".")
    return dot > path.rfind("/") and path[dot:].lower() in _CODE


@cache
def _candidate() -> regex.Pattern[bytes]:
    import regex

    return regex.compile(_CANDIDATE.encode(), regex.VERSION1)


_TRIGGER_KEYWORDS = (
    "passw", "pass", "pwd", "pw", "secret", "token", "key", "auth", "credential", "creds", "bearer", "dsn", "salt",
    "psk", "seed",
)  # fmt: skip
