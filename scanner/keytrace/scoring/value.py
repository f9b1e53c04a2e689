"""What a value looks like by itself: its alphabet, marks for or against a secret, and what rules one out."""

from __future__ import annotations

import binascii
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from keytrace.names.tables import placeholders
from keytrace.scoring.alphabet import alphabet
from keytrace.scoring.public import proves_public
from keytrace.scoring.rarity import bits_per_letter
from keytrace.scoring.sequence import share_foretold, share_of_runs

LONGEST = 2000  # bytes of a value that is weighed
WORDLIKE_BITS = 4.2  # bits a letter: words and identifiers lie near 3, random letters near 6.5 (rarity.py)

_FORETOLD = 0.55  # of a value: of 20,000 random ones at most 0.53 was, and of those of letters at most 0.38
_SHORTEST_KEY = 16  # characters; what is shorter may be a password, however bad

_SEESAW = re.compile(rb"(?s)(.)(?!\1)(.)(?:\1\2){4,}")  # 1A1A1A1A1A: chance writes it once in 10^9 keys
_LONG_RUN = re.compile(rb"(?s)([^=])\1{9,}")


# The words of rules/names.toml, read when first asked for.
@cache
def _sample_words() -> re.Pattern[bytes]:
    return re.compile(f"(?i){'|'.join(placeholders()['sample'])}".encode())


@cache
def _empty_words() -> frozenset[bytes]:
    return frozenset(word.encode() for word in placeholders()["empty"])


@cache
def _common_passwords() -> frozenset[bytes]:
    return frozenset(word.encode() for word in placeholders()["common"])


@cache
def _telling_words() -> re.Pattern[bytes]:
    return re.compile("|".join(placeholders()["telling"]).encode())


@cache
def _words_amid() -> re.Pattern[bytes]:
    """Words of the two kinds between other letters and digits."""
    words = "|".join((*placeholders()["sample"], *placeholders()["telling"]))
    return re.compile(f"(?i)(?<=[a-z0-9])(?:{words})++(?=[a-z0-9])".encode())


@cache
def _stand_ins() -> re.Pattern[bytes]:
    """Longest word first and never taken back: a value made to be ambiguous cannot make it slow."""
    word = "|".join(sorted(placeholders()["stand_in"], key=len, reverse=True))
    return re.compile(rf"(?i)(?:(?:{word})[\s_.\-:/]*+[0-9]{{0,2}}+[\s_.\-:/]*+)++".encode())


@cache
def _published() -> frozenset[bytes]:
    return frozenset(value.encode() for value in placeholders()["published"])


@cache
def example_passwords() -> frozenset[str]:
    """Return the passwords of examples: 'password', that of RFC 7617, …"""
    return frozenset(placeholders()["example_passwords"])


def shannon(value: bytes) -> float:
    """Return the Shannon entropy of `value` in bits a character."""
    if not value:
        return 0.0
    size = len(value)
    return -sum(count / size * math.log2(count / size) for count in Counter(value).values())


@lru_cache(maxsize=8192)
def placeholder(value: bytes) -> tuple[str, bool]:
    """Say why a value, even one of a known format, looks made up, and whether that is certain; else an empty string."""
    body = value[-max(8, len(value) * 2 // 3) :]  # past a marker such as `ghp_`
    distinct = len(set(body.lower()))
    if distinct <= 2 or len(_LONG_RUN.sub(b"", value)) * 2 < len(value):
        return "the value repeats one or two characters", True
    if distinct <= 4 and len(body) >= 16:
        return "the value is made of very few characters", False
    if word := _sample_words().search(value):
        # AWS's documentation writes so; among other letters, seven capitals are no chance
        is_aws = word[0] == b"EXAMPLE" and not value.isupper()
        return f"the value says it is not real: '{word[0].decode()}'", is_aws or len(word[0]) >= _SHORTEST_KEY
    if share_foretold(body) >= _FORETOLD:
        return "the value counts or repeats itself, as no key does", len(value) >= _SHORTEST_KEY
    if (found := _SEESAW.search(value.lower())) and len(found[0]) * 4 >= len(value):
        return "the value says one pair of characters again and again", len(value) >= _SHORTEST_KEY
    if value.lower() in _published():
        return "the value stands in the documentation of a standard", True
    if share_of_runs(body) > 0.6:
        return "the value is a run such as 12345 or abcdef", False
    return "", False


# --- what rules a secret out ------------------------------------------------------------------------------------------

_NOT_LITERAL = re.compile(
    rb"""
    \$\{|\$\(|\$\[\[|\{\{|\{%|<%|%\(\w+\)|\#\{|@\{|\$\$\{     # templates: shell, Jinja, ERB, Ruby, Actions, Maven
    |^\${1,2}[A-Za-z_{(]|^(?:%\w+%[^\w%]?)+$|^["'][ ]?[+.&][ ]?[\w$.(]  # ' + password + '
   |^[{<\[(].*[}>\])]$|^@[\w.]+@$|^__\w+__$
    |^(?i:%(?:5B|7B|3C)\w*%(?:5D|7D|3E))$                  # [Filtered], {key}, <key> in a URL
    |\{(?!noop\})\w*\}                                   # format strings; {noop} is Spring's for no hash
    |process\.env|os\.environ|\bgetenv\b|\bENV\[|System\.get|secrets\.[A-Za-z_]+$
    |^(?:vault|op|ssm|arn|secretsmanager|sm|gcp-sm|awssm|azkv|keyring|file|env|kms|ref\+\w+)[:/]{1,3}
    |^(?:ENC|NACL)\[|^ENC\(|^\{cipher\}|^\!vault|^\$ANSIBLE_VAULT
    """,
    re.VERBOSE,
)
_DIRECTIVE = re.compile(rb"%[sdvq]")  # of printf
_RUNS_ON = re.compile(rb"[!@#$^&*?]%[sdvq][A-Za-z0-9]{2}[^%]*$")
_SIGN_OF_PASSWORDS = re.compile(rb"[!@#$^&*?]{2}")
_MIXED = re.compile(rb"(?=.*[a-z])(?=.*[A-Z]).{8}")
_AMID = re.compile(rb"(?<=[A-Za-z0-9])%[sdvq](?=[A-Za-z0-9])")
_IDENTIFIER = re.compile(rb"[A-Za-z_$][\w$]*(?:(?:\.|::|->|-|/)[A-Za-z_$][\w$]*)*")
_PATH = re.compile(rb"(?:[A-Za-z]:)?[./~\\]?[\w.\-@+]*(?:[/\\][\w.\-@+]+)+/?|[\w\-]+\.[a-z]{1,4}")
_FILE = re.compile(rb"[./~]{0,3}[a-z][a-z_\-]{0,14}/(?:[\w.\-@+~%]+/)*[\w\-@+~%.]{1,200}\.[a-z][a-z0-9]{1,4}")
_FOLDERS = re.compile(rb"/[a-z][a-z_.-]{1,24}(?:/[a-z][a-z0-9_.-]{1,40}){1,8}/?")
_LABEL_KEY = re.compile(rb"(?:[a-z][a-z0-9-]{0,30}\.){1,5}[a-z]{2,10}/[a-z][a-z_.-]{1,60}")
_NAMES = re.compile(rb"[A-Z][A-Z0-9]*(?:[_-][A-Z0-9]+)+(?:,[ ]?[A-Z][A-Z0-9]*(?:[_-][A-Z0-9]+)+)+")
_HOST_AND_PORT = re.compile(rb"(?:localhost|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+):[0-9]{2,5}")
_COLOUR = re.compile(rb"#(?:[0-9a-fA-F]{3}){1,2}")
_URL = re.compile(rb"[a-z][a-z0-9+.\-]*://|^mailto:|^www\.")
UUID = re.compile(rb"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_IN_BRACES = re.compile(rb"\{?%s\}?" % UUID.pattern, re.IGNORECASE)
_HASH = re.compile(
    rb"^(?:[\w.@-]{1,60}:)?\\?\${1,2}(?:2[aby]|argon2\w*|[1569]|apr1|md5|y|pbkdf2[\w-]*|scrypt)\\?\$|^(?:pbkdf2|sha1|sha256|md5|bcrypt|argon2)[_$:]"
    rb"|^(?:JDJ[hi5]JD|JDYk|JGFyZ29uM)[A-Za-z0-9+/]{30,}={0,2}$"  # $2b$, $6$, $argon2 in base64
    rb"|^\{(?i:s?sha[\d-]{0,4}|s?md[245]|[bs]?crypt|argon2\w{0,3}|(?:x-)?pbkdf2[\w@.-]{0,20})\}"
)
_DATE_OR_NUMBER = re.compile(  # or a version
    rb"[\d.,:/TZ+\- ]+|(?i:v?\d+(?:\.\d+){1,3}(?:[-.+_]?(?:snapshot|release|final|alpha|beta|rc|ga|dev|slim)\d{0,4})+)"
)
_ENCODING = re.compile(
    rb"(?i)utf-?(?:8|16|32)(?:[-_]?[bl]e)?|latin-?1|iso-?8859-?\d{1,2}|(?:cp|windows)-?\d{3,5}|koi8-?[ru]|gbk|gb18030|"
    rb"gb2312|big5|shift[_-]?jis|euc[_-]?(?:jp|kr|cn)|base-?(?:16|32|58|64)(?:url)?|nfk?[cd]|ascii|"
    rb"(?:(?:hmac|rsa|aes|sha|md|hs|rs|es|ps|ed|x|p|des|rc|blake2?[bs]?|bcrypt|scrypt|argon2?|pbkdf2|oaep|ecdsa)[-_]?)+"
    rb"[0-9]{1,5}(?:[-_/](?:[a-z]{2,7}|[0-9]{1,4})){0,3}|scram-[\w-]+|[bsy]crypt|argon2(?:id?|d)?|pbkdf2|(?:oauth|oidc|openid)-?[12]?(?:\.0)?(?:[:_.-][a-z]{3,20}){0,3}"
)
_PUBLIC_KEY = re.compile(  # also the packet of a public key, version 4 (RFC 9580), and the first line of minisign's
    rb"MI[GI][A-Za-z0-9+/]{1,6}(?:ANBgkqhkiG9w0BAQEFAAOB|MA0GCSqGSIb3DQEBAQUAA)|MFwwDQYJKoZI|MI[GI]fMA0GCSq|"
    rb"MI[IG][B-E]IjANB|"
    rb"m(?:Q[A-Za-z0-9+/]{2}B[D-G]|[A-P][A-Za-z0-9+/]E[N-b])[A-Za-z0-9+/]{60}|dW50cnVzdGVkIGNvbW1lbnQ6IG1pbmlzaWduIHB1Ymxp|"
    rb"MFkwEwYHKoZI|AAAA[BCE][0-9A-Za-z]{2}zaC1|"
    rb"ssh-(?:rsa|ed25519|dss) |MII[C-J][A-Za-z0-9+/]{2}CC|-----BEGIN (?:CERT|PUB|RSA PUB|EC PUB)"
)
_ESCAPE = re.compile(rb"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[0-7]{1,3}|.)", re.DOTALL)
_SPACE = re.compile(rb"\s")
_MASKED = re.compile(rb"\*{3}|\.{3}|\xe2\x80\xa6|(?i:x{6})|\[cut\]")  # [cut] splits the samples of rule files
_TWO_ALNUM = re.compile(rb"[A-Za-z0-9]{2}")
_NOT_LETTERS = re.compile(rb"[^a-z]+")
_LETTER = re.compile(rb"[A-Za-z\x80-\xff]")
_DIGIT = re.compile(rb"[0-9]")
_CAMEL = re.compile(rb"[a-z]+(?:[A-Z][a-z]+)+[0-9]?|(?:[A-Z][a-z]+){2,}[0-9]?")
_CODE = re.compile(
    rb"^</?[a-z]+[ >/]|</[a-z]+>|<[a-z]+ [a-z-]+=|\[-?[0-9]*\]|\(\)|=>|[{;]\s|\\\\[dwsbD]|\[\^|\(\?|[)\]][*+?]|"
    rb"^[.#][\w-]+ ?[\[{>.]|\|\|?\w+\|"
)
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)")
_ABSOLUTE = re.compile(rb"(?:~|\.{1,2})?/[a-z]+/|[A-Z]:\\")
_MEMBER = re.compile(
    rb"(?:var|local|data|module|self|this|config|cfg|conf|settings|env|params|args|options|opts|props|state|context|"
    rb"ctx|request|req|secrets|credentials|input|inputs|vars|values|Values|global|each)(?:\.[A-Za-z_]\w*)+"
)
Test = Callable[[bytes], object]


def _is_as_long_as_a_pin(digits: bytes) -> bool:
    """Tell whether digits may be a password or a key: timestamps, ids and telephone numbers have 10 to 15."""
    return 6 <= len(digits) <= 9 or len(digits) >= 16


_TEMPLATE = "the value is a template, a reference or a look-up, not a literal"

# In the order in which they are told; the cheap ones and the usual ones first.
_RULED_OUT: tuple[tuple[Test, str], ...] = (
    (
        lambda value: value.lower().strip(b"<>[](){}'\"") in _empty_words(),
        "the value is a word of the language, such as null",
    ),
    (_NOT_LITERAL.search, _TEMPLATE),
    (lambda value: len(set(value.lower())) <= 2 or _MASKED.search(value), "the value is masked or cut short"),
    (lambda value: not _TWO_ALNUM.search(value), "the value is punctuation"),
    (_URL.search, "the value is a URL"),
    (lambda value: b"\\" in value and len(_ESCAPE.sub(b".", value)) < 4, "the value is shorter than four characters"),
    (
        lambda value: value.startswith(b"eyJ") and b"." not in value,
        "the value is JSON in base64: what it holds is looked at instead",
    ),
    (_COLOUR.fullmatch, "the value is a colour"),
    (_HOST_AND_PORT.fullmatch, "the value is a host and a port"),
    (lambda value: b"/" in value and _FILE.fullmatch(value), "the value is the path of a file"),
    (lambda value: value.startswith(b"/") and _FOLDERS.fullmatch(value), "the value is a path"),
    (
        lambda value: b"/" in value and _LABEL_KEY.fullmatch(value),
        "the value is a name under a domain, as labels and images have",
    ),
    (_HASH.search, "the value is a password hash, not a password"),
    (_ENCODING.fullmatch, "the value is the name of an encoding or an algorithm"),
    (_PUBLIC_KEY.match, "the value is a public key or a certificate"),
    (proves_public, "the value is a public key or an address: its checksum says so"),
    (
        lambda value: _DATE_OR_NUMBER.fullmatch(value) and not (value.isdigit() and _is_as_long_as_a_pin(value)),
        "the value is a number, a date or a version",
    ),
    (
        lambda value: value.count(b" ") >= 2 or (len(value) > 40 and _SPACE.search(value.strip())),
        "the value is prose",
    ),
    (_CODE.search, "the value is code"),
    (_NAMES.fullmatch, "the value is a list of names"),
)


@lru_cache(maxsize=8192)  # the same words stand in many files
def ruled_out(value: bytes, *, quoted: bool) -> str:
    """Return why `value` cannot be a secret, or an empty string."""
    if len(value) < 4:
        return "the value is shorter than four characters"
    if len(value) > LONGEST:
        return f"the value is longer than {LONGEST} bytes"
    if value.isalpha():  # the usual case, and few of the tests can hold
        if value.lower() in _empty_words():
            return "the value is a word of the language, such as null"
        if _ENCODING.fullmatch(value):
            return "the value is the name of an encoding or an algorithm"
        return "the value is masked or cut short" if len(set(value.lower())) <= 2 else ""
    for test, says in _RULED_OUT:
        if test(value):
            return says
    if _is_format(value, quoted=quoted):
        return _TEMPLATE
    if not quoted and _MEMBER.fullmatch(value):
        return "the value is a member of an object, not a literal"
    if not quoted and value.endswith((b"(", b")", b"[", b"]", b",", b";")):
        return "the value is an expression"
    return ""


def _is_format(value: bytes, *, quoted: bool) -> bool:
    """Tell whether a value is put together by printf: a password that somebody chose may hold %d by chance."""
    first = _DIRECTIVE.search(value)
    if first is None:
        return False
    runs_on = first.start() and _RUNS_ON.match(value, first.start() - 1)
    if runs_on and _DIGIT.search(value) and _SIGN_OF_PASSWORDS.search(value):
        return False  # uq48!@#$%dfd
    rest = _AMID.sub(b"", value)
    by_chance = not _DIRECTIVE.search(rest) and _DIGIT.search(rest) and _LETTER.search(rest)
    if quoted:  # as what printf is given is
        by_chance = by_chance and _MIXED.search(rest)
    return not (by_chance and not reads_as_words(rest))


def reads_as_words(value: bytes) -> bool:
    """Tell whether `value` is made of words, as identifiers are, and holds no more than two digits."""
    kind = alphabet(_DIGITS_AT_END.sub(b"", value))
    return kind in _WORD_ALPHABETS and bits_per_letter(value.decode("latin-1")) <= _WORD_ALPHABETS[kind]


_WORD_ALPHABETS = {"lower": 4.2, "upper": 4.2, "letters": 4.2, "dotted": 4.8, "dashed": 5.0}  # and their bits a letter
_DIGITS_AT_END = re.compile(rb"[0-9]{1,2}$")


def may_be_random(value: bytes) -> bool:
    """Tell cheaply whether a value under a name that tells about a secret is worth a look."""
    if _LETTER.search(value) is None or len(value) < 8:
        return False
    if _DIGIT.search(value) is None:
        return len(value) >= 20 and bits_per_letter(value.decode("latin-1")) > 5.2
    return len(value) >= 12 or not value.isalnum()


def is_template(value: bytes) -> bool:
    """Tell whether `value` stands for another: a template, a reference, a look-up."""
    return _NOT_LITERAL.search(value) is not None or _DIRECTIVE.search(value) is not None


def stand_in(value: bytes) -> bool:
    """Tell whether `value` is made of words that stand for a secret, such as `your-secret-here` or `test_pass_12`."""
    return _stand_ins().fullmatch(value) is not None


def is_common(value: bytes) -> bool:
    """Tell whether `value` is one of the most common passwords."""
    return value.lower() in _common_passwords()


def _reads_like_words(value: bytes) -> bool:
    """Tell whether `value` is base64 of words. Random bytes do not decode to printable text."""
    if len(value) < 8 or not _BASE64.fullmatch(value):
        return False
    text = binascii.a2b_base64(value)
    return text.isascii() and text.decode().isprintable() and bits_per_letter(text.decode()) <= WORDLIKE_BITS


def repeats_name(value: bytes, name: str) -> bool:
    """Tell whether a value is its own name, or an assignment to it."""
    if value.startswith((f"{name}=".encode(), f"{name}:".encode())) or value.endswith(f".{name}".encode()):
        return True
    letters = _NOT_LETTERS.sub(b"", value.lower())
    return len(letters) * 2 > len(value) and letters in _NOT_LETTERS.sub(b"", name.lower().encode())


# --- marks ------------------------------------------------------------------------------------------------------------

_REPEATS = re.compile(rb"(.{1,8}?)\1+")
_SIGNS = re.compile(rb"[;{}<>\[\]()]")
_POLICY = re.compile(rb"(?=.*[0-9])(?=.*[a-z])(?=.*[^A-Za-z0-9]).{8,40}")
_VERSION = re.compile(rb"[v^~<>=]{0,2}[0-9]+\.[0-9x]+|[0-9]+(?:px|em|ms|s|%|rem|pt|kb|mb|gb)$", re.IGNORECASE)
_SIGN_FIRST = (b"/", b".", b"#", b"-", b"~", b"^", b":", b"*", b"!", b"+")


def _identifier(value: bytes, bits: float) -> bool:
    return bits < 4.8 and not value.isalnum() and _IDENTIFIER.fullmatch(value) is not None


def _path(value: bytes, bits: float) -> bool:
    if bits >= 4.8 or value.isalnum():
        return False
    return (shannon(value) < 4.2 and _PATH.fullmatch(value) is not None) or _ABSOLUTE.match(value) is not None


# Names of features (of weights.json), what to say, and when: by the value and its bits a letter.
_MARKS: tuple[tuple[str, str, Callable[[bytes, float], object]], ...] = (
    (
        "secret word",
        "the value itself holds a word such as 'password', 'token' or 'test'",
        lambda value, _: _telling_words().search(value.lower()) and not stand_in(value),
    ),
    ("stand-in", "the value is a stand-in, such as 'your-secret-here'", lambda value, _: stand_in(value)),
    ("runs", "the value holds runs such as 1234 or asdf", lambda value, _: share_of_runs(value, 4) >= 0.45),
    ("repeats", "the value repeats a piece, such as abcabc", lambda value, _: _REPEATS.fullmatch(value)),
    ("signs", "the value holds signs of code: brackets, braces or semicolons", lambda value, _: _SIGNS.search(value)),
    ("common", "the value is one of the most common passwords", lambda value, _: value.lower() in _common_passwords()),
    ("uuid", "the value is a UUID", lambda value, _: _IN_BRACES.fullmatch(value)),
    (
        "prefix",
        "the value ends like a prefix: the rest is missing",
        lambda value, _: len(value) <= 16 and value.endswith((b"-", b"_", b":", b".")),
    ),
    ("base64 words", "the value is base64 of plain words", lambda value, _: _reads_like_words(value)),
    ("camel", "the value is an identifier in camel case", lambda value, bits: bits < 5 and _CAMEL.fullmatch(value)),
    ("identifier", "the value is an identifier", _identifier),
    ("path", "the value is a path or a file name", _path),
    (
        "slash",
        "the value holds a slash",
        lambda value, bits: bits < 4.8 and b"/" in value and b"=" not in value and not _path(value, bits),
    ),
    (
        "policy",
        "it mixes cases, digits and punctuation, as password rules ask for",
        lambda value, _: value[:1].isupper() and _POLICY.fullmatch(value),
    ),
    ("padded", "the value is padded base64", lambda value, _: value.endswith(b"=") and _BASE64.fullmatch(value)),
    (
        "address",
        "the value looks like an address",
        lambda value, _: b"://" in value or (b"@" in value.strip(b"@") and b"." in value),
    ),
    (
        "sentence",
        "the value ends like a sentence",
        lambda value, _: value.endswith((b".", b"!", b"?", b":")) and _SPACE.search(value),
    ),
    ("version", "the value looks like a version or a measure", lambda value, _: _VERSION.match(value)),
    ("list", "the value holds commas or bars", lambda value, _: b"," in value or b"|" in value),
    ("sign first", "the value starts with punctuation", lambda value, _: value.startswith(_SIGN_FIRST)),
    ("not ascii", "the value holds letters beyond ASCII", lambda value, _: not value.isascii()),
)


def marks(value: bytes, bits: float, *, random: bool = False) -> Iterator[tuple[str, str]]:
    """Yield what a value, of `bits` a letter, looks like: names of features, and what to say of them.

    In a random value chance writes words, too: only those at its ends count.
    """
    text = _words_amid().sub(b"", value) if random else value
    if says := placeholder(text)[0]:
        yield "made up", says
    for mark, says, test in _MARKS:
        if not (random and mark in _OF_WORDS) and test(text if mark == "secret word" else value, bits):
            yield mark, says


_OF_WORDS = frozenset({"policy", "runs", "camel", "identifier", "path", "slash", "version"})  # say nothing of chance
