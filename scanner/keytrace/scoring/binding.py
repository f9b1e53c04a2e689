"""What binds a value to a name that promises a secret, in any language or configuration format.

`TRIGGERS` are for the one multi-pattern pass: each matches up to the first characters of a value. `find` reads the
text at each hit again and cuts name and value out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from keytrace.match.patterns import MATCH_TIMEOUT
from keytrace.scoring.form import bare_in_code, form_of, start_of_name, wrapped
from keytrace.scoring.value import LONGEST

if TYPE_CHECKING:
    import regex

MAX_VALUE = 2100  # bytes of a value that are read
_LONG = LONGEST + 1  # bytes; a literal of so many that does not end within MAX_VALUE is cut there, to be told of
_NEAR, _REACH = 48, 240  # bytes before a hit in which its name starts: mostly, and at most


@dataclass(frozen=True, slots=True)
class Binding:
    """A literal bound to a name: `value` is `data[first:last]`, `start` is where the name starts.

    `form` says how it is bound: assign, colon, arrow, default, pair, list, call, compare, element, value, space,
    option, url, prose, or the tag of the rule whose regex found it. `wrap` names what the literal is handed through:
    decoder, constructor, function, or nothing.
    """

    name: str
    start: int
    first: int
    last: int
    value: bytes
    form: str
    quoted: bool
    wrap: str = ""
    in_string: bool = False  # of the code around it
    comment: bool = False
    user: bytes = b""  # whose password it is, and
    host: bytes = b""  # where, if the text says so


_STRONG = (
    r"passw|pass_?phrase|passcode|pwd|secret|token|api[_ .\-]?key|access[_ .\-]?key|priv(?:ate)?[_ .\-]?key|credential|"
    r"creds|bearer|(?:user|require|store|key)pass|dsn|contrase|senha|kennwort|wachtwoord|mot_?de_?passe|jsapi_ticket"
)
_WEAK = (
    r"auth|_pass\b|\bpass\b|pass(?=[\"'`]?\s?[:=])|[_\-]pw\b|\bpw\b|key\b|key_?(?:value|bytes)\b|salt|psk|"
    r"seed|\botp|totp|[_\-]pat\b"
)
_WEAK_TRIGGER = _WEAK.replace(r"|pass(?=[\"'`]?\s?[:=])", r"|pass[\"'`]?\s?[:=]")
_WORDS = f"{_STRONG}|{_WEAK}"
_CLOSE = r"(?:\\?[\"'`]|[\])}]|\[\d{0,4}\]){0,4}"
_TYPE = (
    r"(?:[ \t]?:[ \t]?[A-Za-z_&][\w.<>\[\]|?&]*(?:[ ]\|[ ]None)?|[ \t](?:string|String|str)"
    r"|[ ]\{[ ]get;[ ](?:set|init);[ ]\}|,[ ](?:_|err|ok)[ ]?:?)"
)
_VALUE_KEY = r",?\s{0,20}(?:-\s)?\\?[\"']?(?i:value|default)\\?[\"']?[ \t]{0,4}[=:]"
_ELEMENT = r"(?:</\w{1,16}>\s{0,20}<\w{1,16}>|>\s{1,20}<(?i:value|string)>)"  # <name>password</name> <value>…
_BLOCK = r":[ \t]{0,4}[|>][+\-]?[ \t]{0,4}\r?\n"  # a YAML block scalar
_ITEM = r":\s{0,20}\n[ \t]{0,20}-[ \t]"  # a YAML list: headers of recorded requests
_SERIALIZED = r";s:\d{1,4}:"  # PHP
_OPERATOR = (
    rf"(?:{_VALUE_KEY}|{_ELEMENT}|{_BLOCK}|{_ITEM}|{_SERIALIZED}|=>|<-|:=|:-|[|?:+]{{1,2}}=|={{1,3}}|!==?|[:,(>]"
    r"|\|\||\?\?|\bor\b|\bis\b:?)"
)

_SCHEMES = r"bearer|basic|token|digest|api-?key|key|ssws|[a-z]+-(?:auth-)?key"  # of an Authorization header

# In Hyperscan: the same shape as below, up to the first characters of the value. Quoted and bare apart, because in code
# only a quoted value counts; strong and weak names apart, because a short plain word under a weak one is no secret, and
# of these code is full.
_BOUND = (
    rf"[\w$.\-]*{_CLOSE}(?:{_TYPE}\s{{0,20}}=\s{{0,20}}|\s{{0,20}}{_OPERATOR}\s{{0,20}}|[ \t]{{1,8}})"
    rf"(?:(?:{_SCHEMES}) )?"
)
_WRAP = r"(?:(?:new[ ])?[\w.:$]*(?:\(\)[\w.:$]*)?(?:->\w{1,20})?(?:\[\][\w.]*)?[({\[]\s{0,20}){0,2}"
_WRAP_WEAK = (
    r"(?:(?:\((?:\s{1,20})?|String::from\(|\[\]byte\(|bytes?\(|new String\(|SecretStr\(|Buffer\.from\(|"
    r"[\w.]*(?:\(\)[\w.]*)?(?:decode|encode|unhexlify|fromhex|hex|base64)\w*\())?"
)
_OPEN = r"[@$brufl]{0,2}\\?[\"'`]{1,3}"
TRIGGERS = (
    rf"(?i)(?:{_STRONG}){_BOUND}{_WRAP}{_OPEN}[^\s\"'`]{{2}}\S{{2}}",
    rf"(?i)(?:{_WEAK_TRIGGER}){_BOUND}{_WRAP_WEAK}{_OPEN}(?:[a-z]{{0,15}}[^a-z\s\"'`][^\s\"'`]{{2}}|[a-z]{{16}})",
    rf"(?i)[?&#][\w.\-]*(?:{_STRONG}|auth|key|sig)[\w.\-]*=[\w%.+/~\-]{{8}}",  # ?api_key=… in a URL
    rf"(?i)(?:pass|pw)[\"'`]?\s?(?:=>|[:=,])\s?{_OPEN}[^\s\"'`]{{2}}\S{{2}}",  # a short plain word under `pass`
    rf"(?i)(?:{_STRONG}){_BOUND}[\w/+$!@#%^&*.\-]{{2}}[\w/+$!@#%^&*.'\-]{{2}}",
    rf"(?i)(?:{_WEAK_TRIGGER}){_BOUND}(?:[a-z]{{0,15}}[\d_/+$!@#%^&*.\-][\w/+$!@#%^&*.\-]{{2}}|[a-z]{{16}})",
    r"(?i)pass(?:=|:[ ])[\w/+$!@#%^&*.\-]{4}",
    r"_(?:KEY|AUTH|PW|PAT)=[\w/+$!@#%^&*.\-]{8}",
)
TRIGGER_KEYWORDS = (
    "passw", "pass", "pwd", "pw", "secret", "token", "key", "auth", "credential", "creds", "bearer", "dsn", "salt",
    "psk", "seed", "pat", "contrase", "senha", "kennwort", "wachtwoord", "motdepasse", "ticket", "otp", "sig",
)  # fmt: skip
_BARE = frozenset({4, 6})  # of the triggers: bare values of strong names, which count inside the strings of code
_CODE_TRIGGERS = frozenset({0, 1, 2, 3}) | _BARE

_WORD = re.compile(rf"(?i:{_WORDS}|sig\b)".encode())


def _bounded(shape: str) -> str:
    """Return a shape in which what `*` repeats, an identifier, has an end: else it is read anew for every name."""
    return shape.replace("]*", "]{0,100}+")


# Matched where a word starts; what of the name stands before the word is read backwards.
_CANDIDATE = rf"""(?x)
    (?P<name>(?i:{_WORDS}|sig\b)[\w$.\-]*+)
    (?P<close>{_CLOSE})
    (?: {_bounded(_TYPE)}\s{{0,20}}(?P<op>=)\s{{0,20}}
      | \s{{0,20}}(?P<op>{_OPERATOR})\s{{0,20}} | (?P<space>[ \t]{{1,8}}) )
    (?: (?P<scheme>(?i:{_SCHEMES})[ ]) )?
    (?: (?P<wrap>{_bounded(_WRAP)})[@$bBrRuUfFL]{{0,2}}
        (?P<quote>\\?(?:\"{{3}}|'{{3}}|["'`]))
        (?: (?P<quoted>(?:(?!(?P=quote))(?:\\.|[^\r\n])){{0,{MAX_VALUE}}}+)(?P=quote)
          | (?P<long>[^\s"'`\\]{{{_LONG},{MAX_VALUE}}}+) )
      | (?P<bare>(?:[^\s"'`,;&<>(){{}}\[\]|\\]|(?<=[A-Za-z0-9])'(?=[A-Za-z0-9])){{4,{MAX_VALUE}}})(?P<next>[(\[.]?)
    )
"""
# Languages in which a literal is quoted; elsewhere (configuration, shell, prose) a bare word is a value.
_CODE = frozenset(
    ".py .pyi .js .jsx .ts .tsx .mjs .cjs .java .kt .kts .scala .groovy .go .rs .c .h .cc .cpp .cxx .hpp .cs .vb .fs "
    ".swift .m .mm .php .rb .erb .pl .pm .lua .dart .ex .exs .erl .hs .ml .mli .clj .cljs .r .jl .sol .vue .svelte "
    ".gradle .ps1 .psm1 .tf .hcl .proto .graphql .sql .smali .tl .idl .pyx .coffee .haml .slim .nim .zig .v .cr "
    ".d .re .las .lasso .pp .pas".split()
)
_SCHEME = re.compile(rf"(?i)(?:{_SCHEMES})\s+(?=\S{{4}})".encode())
_GIVES = re.compile(rb"[=:>]|\s-|[\"']-")  # what a value without quotes follows in a string or comment of code
_COMMENT = re.compile(rb"\s*(?:#|//|\*|--|;|<!--|%|rem\b|/\*)", re.IGNORECASE)
_RAW_QUOTES = {
    **dict.fromkeys((".go", ".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".vue", ".svelte"), (b"`",)),
    **dict.fromkeys(
        (".py", ".pyi", ".kt", ".kts", ".scala", ".java", ".groovy", ".gradle", ".swift", ".ex", ".exs", ".jl", ".pyx"),
        (b'"""', b"'''"),
    ),
}


def is_code(path: str) -> bool:
    """Tell by the name of a file whether its literals are quoted."""
    return extension(path) in _CODE


def extension(path: str) -> str:
    """Return the last ending of `path`, in lower case and with its dot; empty if it has none."""
    dot = path.rfind(".")
    return path[dot:].lower() if dot > path.rfind("/") else ""


def find(data: bytes, path: str, hits: Mapping[int, Iterable[int]]) -> Iterator[Binding]:
    """Yield the bindings at `hits` (end offsets by the number of the trigger), in order, none inside another."""
    code = is_code(path)
    text = _Text(data, path)
    done = 0  # text up to here was read: the next hit may lie in the same name or value
    past: set[int] = set()  # words whose value ends before the last hit
    for hit, bare in _ends(hits, code=code):
        if hit <= done or (bare and not text.may_hold_bare(hit)):
            continue
        found = _candidate_at(data, hit, done, past)
        if found:
            binding = _binding(found, text, code)
            done = found.end() if binding and found["long"] is None else found.end("close")
            if binding:
                yield binding


def _ends(hits: Mapping[int, Iterable[int]], *, code: bool) -> list[tuple[int, bool]]:
    """Return the ends of the hits that count, in order; in code also whether only a trigger for bare values hit."""
    if not code:
        return [(end, False) for end in sorted({end for ends in hits.values() for end in ends})]
    quoted = {end for number in _CODE_TRIGGERS - _BARE for end in hits.get(number, ())}
    bare = {end for number in _BARE for end in hits.get(number, ())} - quoted
    return [(end, end in bare) for end in sorted(quoted | bare)]


class _Text:
    """What the text around a place is: a string of the code, a comment, or the code itself."""

    def __init__(self, data: bytes, path: str) -> None:
        self.data = data
        self._raw = _RAW_QUOTES.get(extension(path), ())
        self._counted = (0, False)  # up to where the quotes in `_raw` were counted, and whether they are odd

    def in_raw_string(self, offset: int) -> bool:
        """Tell whether an odd number of the quotes of many-line strings stand before `offset`."""
        if not self._raw:
            return False
        seen, odd = self._counted  # hits lie near each other: counted on from the last
        low, high = min(seen, offset), max(seen, offset)
        odd ^= sum(self.data.count(quote, low, high) for quote in self._raw) % 2 == 1
        self._counted = (offset, odd)
        return odd

    def before(self, offset: int) -> bytes:
        """Return the line up to `offset`; of a long line, the last 400 bytes."""
        start = self.data.rfind(b"\n", max(0, offset - 400), offset) + 1
        return self.data[start or max(0, offset - 400) : offset]

    def may_hold_bare(self, offset: int) -> bool:
        """Tell whether a value without quotes can end at `offset` of a source: in a string or a comment only."""
        if not _GIVES.search(self.data, max(0, offset - 28), offset):
            return False  # the usual case: only next to each other
        return self.in_string(offset) or self.in_comment(offset)

    def in_string(self, offset: int) -> bool:
        before = self.before(offset)
        for quote in (b'"', b"'", b"`"):
            if (before.count(quote) - before.count(b"\\" + quote)) % 2:
                return True
        return self.in_raw_string(offset)

    def in_comment(self, offset: int) -> bool:
        return _COMMENT.match(self.before(offset)) is not None


def _binding(found: regex.Match[bytes], text: _Text, code: bool) -> Binding | None:
    """Return the binding, or None where the value is only next to the name."""
    data = text.data
    start = start_of_name(data, found.start())
    name = data[start : found.end("name")].decode("utf-8", "replace").strip("-.$")
    group = next(group for group in ("quoted", "long", "bare") if found[group] is not None)
    quoted = group != "bare"
    form = form_of(found, start, name, group)
    if not form or (code and b"\n" in (found["op"] or b"")):  # lists and blocks of settings
        return None
    in_string = text.in_string(start) if code or not quoted else False
    comment = text.in_comment(start)
    wrap = wrapped(found["wrap"]) if quoted else ""
    if wrap == "lookup" or (not quoted and not _holds_bare(found, form, text.before(start), code, in_string, comment)):
        return None
    first, last = found.span(group)
    if scheme := _SCHEME.match(data, first, last):
        first = scheme.end()
    return Binding(name, start, first, last, data[first:last], form, quoted, wrap, in_string, comment)


def _holds_bare(
    found: regex.Match[bytes], form: str, before: bytes, code: bool, in_string: bool, comment: bool
) -> bool:
    """Tell whether a value without quotes can be one where it stands."""
    if form == "space" and (len(before.split()) > 1 or found["bare"].isupper()):
        return False  # `ENV PASSWORD x` begins a line; other words in a row are a list
    return not code or bare_in_code(found, form, in_string=in_string, comment=comment)


def _candidate_at(data: bytes, hit: int, done: int, past: set[int]) -> regex.Match[bytes] | None:
    """Return the candidate whose value holds the offset `hit`; its name is mostly close by."""
    candidate = _candidate()
    for reach in (_NEAR, _REACH):
        for word in _WORD.finditer(data, max(done, hit - reach), hit):
            if word.start() in past:
                continue
            found = candidate.match(data, word.start(), timeout=MATCH_TIMEOUT)
            if found and found.end() >= hit:
                return found
            past.add(word.start())
        if hit - reach <= done:
            break
    return None


@cache
def _candidate() -> regex.Pattern[bytes]:
    import regex

    return regex.compile(_CANDIDATE.encode(), regex.VERSION1)
