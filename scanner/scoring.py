"""How sure are we that this value is a secret? Evidence from the value, its name and its surroundings."""

from __future__ import annotations

import binascii
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from scanner.bindings import Binding, is_code
from scanner.model import Confidence, Evidence
from scanner.names import Name, Strength, judge
from scanner.rarity import bits_per_letter

REJECT = -9.0  # evidence this strong overrules a format that carries no checksum

_SAMPLE_WORDS = re.compile(
    rb"(?i)example|placeholder|dummy|sample|changeme|change[_-]me|your[_-]|[_-]here\b|redacted|replace[_-]?me|todo|"
    rb"insert[_-]|fixme|\bfake|not[_-]?a[_-]?real"
)
_SEQUENCES = (b"0123456789", b"abcdefghijklmnopqrstuvwxyz", b"qwertyuiop", b"asdfghjkl", b"zxcvbnm", b"9876543210")


def shannon(value: bytes) -> float:
    """Return the Shannon entropy of `value` in bits a character."""
    if not value:
        return 0.0
    size = len(value)
    return -sum(count / size * math.log2(count / size) for count in Counter(value).values())


def placeholder(value: bytes) -> Evidence | None:
    """Return evidence when a value of a known format looks made up for documentation, else None."""
    body = value[-max(8, len(value) * 2 // 3) :]  # past a marker such as `ghp_`
    distinct = len(set(body.lower()))
    if distinct <= 2:
        return Evidence("the value repeats one or two characters", REJECT)
    if distinct <= 4 and len(body) >= 16:
        return Evidence("the value is made of very few characters", -4)
    if word := _SAMPLE_WORDS.search(value):
        return Evidence(f"the value says it is not real: '{word[0].decode()}'", -4)
    if _share_of_runs(body) > 0.6:
        return Evidence("the value is a run such as 12345 or abcdef", -4)
    return None


def _share_of_runs(value: bytes, least: int = 5) -> float:
    """Return how much of `value` is ascending, descending or keyboard runs of at least `least` characters."""
    lower = value.lower()
    covered = position = 0
    while position <= len(lower) - least:
        length = max(_run(lower[position : position + 26], sequence, least) for sequence in _SEQUENCES)
        covered += length
        position += length or 1
    return covered / max(1, len(lower))


def _run(text: bytes, sequence: bytes, least: int) -> int:
    """Return how many characters `text` begins with that stand in `sequence` in this order; 0 below `least`."""
    at = sequence.find(text[:least])
    if at < 0:
        return 0
    return next(
        (n for n, (a, b) in enumerate(zip(text, sequence[at:], strict=False)) if a != b),
        min(len(text), len(sequence) - at),
    )


# --- a value bound to a name ------------------------------------------------------------------------------------------

_NOT_LITERAL = re.compile(
    rb"""
    \$\{|\$\(|\$\[\[|\{\{|\{%|<%|%\(\w+\)|\#\{|@\{|\$\$\{     # templates: shell, Jinja, ERB, Ruby, Actions, Maven
    |^\$[A-Za-z_{(]|^%\w+%$|^[{<\[(].*[}>\])]$|^@[\w.]+@$|^__\w+__$
    |%[sdvq]|\{\w*\}                                     # printf and format strings
    |process\.env|os\.environ|\bgetenv\b|\bENV\[|System\.get|secrets\.[A-Za-z_]+$
    |^(?:vault|op|ssm|arn|secretsmanager|sm|gcp-sm|awssm|azkv|keyring|file|env|kms|ref\+\w+)[:/]{1,3}
    |^ENC\[|^ENC\(|^\{cipher\}|^\!vault|^\$ANSIBLE_VAULT
    """,
    re.VERBOSE,
)
_EMPTY_WORDS = frozenset(
    b"none null nil undefined true false yes no on off empty string str int bool bytes any object optional required "
    b"void default n/a na tbd unset disabled enabled text varchar integer number char".split()
)
_STAND_IN_WORDS = (
    "my your the some any user new old a test fake dummy mock foo example sample demo invalid wrong bad good correct "
    "super top very db admin root default temp this is not access refresh auth api app client bearer login secure pass "
    "password passwd passphrase pwd secret token apikey key credential credentials value here me it bar baz qux string "
    "change insert replace enter placeholder redacted hidden masked removed private public encrypted hash hashed "
    "username name id text data host localhost"
).split()
_STAND_IN_WORD = "|".join(sorted(_STAND_IN_WORDS, key=len, reverse=True))
# Longest word first and never taken back: a value made to be ambiguous cannot make it slow.
_STAND_INS = re.compile(rf"(?i)(?:(?:{_STAND_IN_WORD})[\s_.\-:/]*+[0-9]{{0,2}}+[\s_.\-:/]*+)++".encode())
_COMMON_PASSWORDS = frozenset(
    b"admin root guest user postgres mysql oracle letmein welcome qwerty monkey dragon iloveyou abc123 123456 "
    b"12345678 1234 12345 123456789 1234567890 test1234 password1 password123 pass123 passw0rd p@ssw0rd p@ssword "
    b"secret123".split()
)
_IDENTIFIER = re.compile(rb"[A-Za-z_$][\w$]*(?:(?:\.|::|->|-|/)[A-Za-z_$][\w$]*)*")
_PATH = re.compile(rb"(?:[A-Za-z]:)?[./~\\]?[\w.\-@+]*(?:[/\\][\w.\-@+]+)+/?|[\w\-]+\.[a-z]{1,4}")
_COLOUR = re.compile(rb"#(?:[0-9a-fA-F]{3}){1,2}")
_URL = re.compile(rb"[a-z][a-z0-9+.\-]*://|^mailto:|^www\.")
_UUID = re.compile(rb"\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?", re.IGNORECASE)
_HASH = re.compile(
    rb"\$(?:2[aby]|argon2\w*|5|6|pbkdf2[\w-]*|scrypt)\$|^(?:pbkdf2|sha1|sha256|md5|bcrypt|argon2)[_$:]|^\{SSHA\}"
)
_DATE_OR_NUMBER = re.compile(rb"[\d.,:/TZ+\- ]+")
_ENCODING = re.compile(
    rb"(?i)utf-?(?:8|16|32)(?:[-_]?[bl]e)?|latin-?1|iso-?8859-?1|base-?(?:16|32|58|64)(?:url)?|nfk?[cd]|"
    rb"(?:hmac|rsa|aes|sha|md|hs|rs|es|ps|ed|x|p|des|rc|blake2?[bs]?|bcrypt|scrypt|argon2?|pbkdf2)[-_]?[0-9]{1,5}"
    rb"(?:[-_/](?:[a-z]{2,7}|[0-9]{1,4})){0,3}|scram-[\w-]+|oauth-?[12](?:\.0)?"
)
_PUBLIC_KEY = re.compile(
    rb"MI[GI][A-Za-z0-9+/]{1,6}(?:ANBgkqhkiG9w0BAQEFAAOB|MA0GCSqGSIb3DQEBAQUAA)|MFwwDQYJKoZI|MI[GI]fMA0GCSq|MI[IG][B-E]IjANB|"
    rb"MFkwEwYHKoZI|ssh-(?:rsa|ed25519|dss) |MII[C-J][A-Za-z0-9+/]{2}CC|-----BEGIN (?:CERT|PUB|RSA PUB|EC PUB)"
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
    rb"</?[a-z]+[ >/]|\[-?[0-9]*\]|\(\)|=>|[{;]\s|\\\\[dwsbD]|\[\^|\(\?|[)\]][*+?]|^[.#][\w-]+ ?[\[{>.]|\|\|?\w+\|"
)
_TEST_PATH = re.compile(r"(?i)(?:^|[/_.\-])(?:tests?|specs?|testdata|fixtures?|mocks?|e2e|__tests__)(?:[/_.\-]|$)")
_SAMPLE_PATH = re.compile(r"(?i)(?:^|[/_.\-])(?:examples?|samples?|demos?|docs?|tutorials?|template|dist)(?:[/_.\-]|$)")

_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)")
_ABSOLUTE = re.compile(rb"(?:~|\.{1,2})?/[a-z]+/|[A-Z]:\\")

# Words and identifiers lie near 3 bits a letter, random letters near 6.5 (scanner/rarity.py).
_WORDLIKE_BITS = 4.2
WEIGHTS = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing to say of a candidate, and the features it stands for; their weights add up to its weight."""

    text: str
    features: tuple[str, ...]


def weigh(binding: Binding, path: str) -> list[Evidence]:
    """Return the evidence for and against the value of `binding` being a secret: weights are log-odds.

    A value that cannot be one has a single piece of evidence of weight REJECT.
    """
    if reason := impossible(binding):
        return [Evidence(reason, REJECT)]
    weights = _weights()
    return [
        Evidence(aspect.text, round(sum(weights.get(feature, 0.0) for feature in aspect.features), 2))
        for aspect in aspects(binding, path)
    ]


def confidence_of(evidence: Iterable[Evidence]) -> Confidence | None:
    """Return the confidence that the sum of the weights stands for, None for a rejected candidate."""
    score = sum(item.weight for item in evidence)
    return next((level for level in sorted(Confidence, reverse=True) if score >= _level(level)), None)


Model = dict[str, dict[str, float]]  # {"weights": {feature: log-odds}, "levels": {confidence: least score}}


@cache
def _models() -> list[Model]:
    return [json.loads(WEIGHTS.read_text("ascii"))]


def use_model(model: Model) -> None:
    """Weigh by `model` from now on, in this process: for training and for tests."""
    _models()[0] = model


def _weights() -> dict[str, float]:
    return _models()[0]["weights"]


def _level(confidence: Confidence) -> float:
    return _models()[0]["levels"][confidence.label]


def impossible(binding: Binding) -> str:
    """Return why the value cannot be a secret, or an empty string."""
    name = judge(binding.name)
    if name.strength is Strength.ABOUT and not _may_be_random(binding.value):
        return f"the name '{binding.name[-40:]}' tells about a secret ('{name.about}'), it does not hold one"
    if reason := _impossible(binding.value, binding.quoted):
        return reason
    if binding.user and binding.user.lower() == binding.value.lower():
        return "the value repeats the user name"
    return "the value repeats its own name" if _repeats_name(binding.value, binding.name) else ""


def aspects(binding: Binding, path: str) -> list[Aspect]:
    """Return what there is to say of a candidate that is not impossible."""
    name = judge(binding.name)
    found = [_of_name(name, binding.name), _of_form(binding, name.kind), _of_place(path, binding)]
    found += _of_value(binding.value, name.kind)
    found += (
        Aspect(says, (f"mark {mark}", f"mark {mark} {binding.form}")) for mark, says in _of_user_and_host(binding)
    )
    return found


def _of_user_and_host(binding: Binding) -> Iterator[tuple[str, str]]:
    if binding.user and _NOT_LITERAL.search(binding.user):
        yield "user template", "the user name is a template"
    elif stand_in(binding.user):
        yield "user stand-in", "the user name is a stand-in, such as 'user'"
    host = binding.host.lower()
    if not host:
        return
    if _EXAMPLE_HOST.search(host):
        yield "host example", "the host is one of the names kept for examples"
    elif b"." not in host or host.startswith(b"127."):
        yield "host local", "the host is this machine or one of its network"
    elif _NOT_LITERAL.search(host):
        yield "host template", "the host is a template"


_EXAMPLE_HOST = re.compile(
    rb"(?:^|[.@-])(?:example|test|invalid|localhost|local)(?:\.(?:com|org|net|edu))?(?::\d+)?$|^(?:my|some|your)"
)


def _of_name(name: Name, text: str) -> Aspect:
    shown = text[-40:]
    if name.strength is Strength.ABOUT:
        features = ["name about", f"name about {name.place}", f"name about {name.kind}"]
        says = f"the name '{shown}' rather tells about a secret ('{name.about}')"
    else:
        strength = name.strength.name.lower()
        features = [f"name {strength}", f"name {strength} {name.kind}"]
        says = f"the name '{shown}' " + ("promises" if name.strength is Strength.STRONG else "may mean") + " a secret"
    if name.alone:
        features += ["name alone", f"name alone {name.kind}"]
    if name.made_up:
        features.append("name made up")
        says += ", and that it is made up"
    if name.words >= 4:
        features.append("name long")
    if text.isupper():
        features.append("name upper")
    if "." in text.strip("."):
        features.append("name dotted")
    return Aspect(says, ("base", *features))


def _of_form(binding: Binding, kind: str) -> Aspect:
    quoted = "quoted" if binding.quoted else "bare"
    features = [f"form {binding.form}", f"form {binding.form} {quoted}", quoted, f"{quoted} {kind}"]
    says = f"{_FORM_TEXTS.get(binding.form, 'given to it')}, {'in quotes' if binding.quoted else 'without quotes'}"
    if binding.wrap:
        features.append(f"wrap {binding.wrap}")
        says += f", through a {binding.wrap}"
    if binding.in_string:
        features.append("in string")
        says += ", inside a string"
    return Aspect(says, tuple(features))


_FORM_TEXTS = {
    "assign": "assigned", "colon": "the value of a key", "arrow": "the value of a key", "default": "a default value",
    "pair": "the second of a pair", "list": "the next in a list", "call": "handed to a function",
    "compare": "compared with it", "element": "the text of an element", "value": "in a value attribute",
    "space": "the next word", "option": "an option of a command", "url": "a parameter of a URL", "prose": "in a sentence",
    "connection-string": "in a connection string", "command-line": "on a command line", "sql": "in an SQL statement",
    "credential-file": "in a file of credentials",
}  # fmt: skip


@lru_cache(maxsize=1024)
def _of_path(path: str) -> tuple[str, tuple[str, ...]]:
    extension = path[path.rfind(".") :].lower() if path.rfind(".") > path.rfind("/") else ""
    kind = next((kind for kind, endings in _FILE_KINDS.items() if extension in endings), "other")
    if kind == "other" and is_code(path):
        kind = "code"
    features = [f"file {kind}"]
    says = f"the file is {_FILE_TEXTS[kind]}"
    if _TEST_PATH.search(path):
        features += ["test", f"test {kind}"]
        says += " of a test"
    elif _SAMPLE_PATH.search(path):
        features.append("sample")
        says += " of an example or documentation"
    return says, tuple(features)


def _of_place(path: str, binding: Binding) -> Aspect:
    says, features = _of_path(path)
    if binding.comment:
        return Aspect(says + ", the line a comment", (*features, "comment"))
    return Aspect(says, features)


_FILE_KINDS = {
    "prose": frozenset(".md .rst .txt .adoc .html .htm .tex .org .ipynb .po .markdown".split()),
    "data": frozenset(".json .xml .csv .ndjson .har .jsonl .lock .snap .svg .map .sum .tsv .log".split()),
    "settings": frozenset(
        ".yml .yaml .toml .ini .cfg .conf .config .properties .env .plist .cnf .tfvars .tf .hcl .j2 .example .sample "
        ".template .tpl .dist .local .production .development .service .desktop".split()
    ),
    "shell": frozenset(".sh .bash .zsh .fish .bat .cmd .ps1 .psm1 .mk .dockerfile".split()),
}
_FILE_TEXTS = {
    "prose": "prose",
    "data": "data",
    "settings": "settings",
    "shell": "a script",
    "code": "code",
    "other": "text",
}


@lru_cache(maxsize=16384)  # the same words stand beside the same names all over a code base
def _of_value(value: bytes, kind: str) -> tuple[Aspect, ...]:
    """Weigh a value by its length and alphabet, its letters, and what else it looks like."""
    text = value.decode("utf-8", "replace")
    size = len(text)
    length = next(label for limit, label in _LENGTHS if size <= limit)
    alphabet = _alphabet(value)
    rarity = bits_per_letter(text)
    letters = sum(map(len, _LETTERS.findall(value)))
    rare = _rarity_class(rarity, letters)
    entropy = shannon(value)
    fullness = entropy / math.log2(max(2, min(size, 64)))
    full = "full" if fullness > 0.93 else "even" if fullness > 0.84 else "uneven" if fullness > 0.7 else "poor"
    group = "long" if size >= 16 else "short"
    found = [
        Aspect(
            f"{size} characters: {_ALPHABETS[alphabet]}",
            (f"length {length}", f"length {length} {kind}", f"alphabet {alphabet}", f"alphabet {alphabet} {kind}",
             f"alphabet {alphabet} {length}"),
        ),
        Aspect(
            f"{_RARITIES[rare]} ({rarity:.1f} bits a letter, entropy {entropy:.1f} bits a character)",
            (f"letters {rare}", f"letters {rare} {group}", f"letters {rare} {kind}", f"letters {rare} {alphabet}",
             f"letters {rare} {group} {kind}", f"entropy {full}", f"entropy {full} {group}"),
        ),
    ]  # fmt: skip
    found += (
        Aspect(says, (f"mark {mark}", f"mark {mark} {kind}")) for mark, says in _marks(value, text, rarity, entropy)
    )
    return tuple(found)


_LENGTHS = ((5, "4-5"), (7, "6-7"), (9, "8-9"), (11, "10-11"), (15, "12-15"), (19, "16-19"), (23, "20-23"), (31, "24-31"),
            (39, "32-39"), (47, "40-47"), (71, "48-71"), (127, "72-127"), (9999, "128-"))  # fmt: skip
_ALPHABETS = {
    "digits": "digits only", "lower": "lower-case letters", "upper": "upper-case letters", "letters": "letters",
    "hex": "hexadecimal digits", "HEX": "upper-case hexadecimal digits", "lower+digits": "lower-case letters and digits",
    "upper+digits": "upper-case letters and digits", "letters+digits": "letters and digits",
    "capital+digits": "a capitalised word and digits", "word+digits": "lower-case letters, then digits",
    "base64": "base64", "url": "letters, digits, '-' and '_'", "dotted": "words and dots", "dashed": "words and dashes",
    "punctuation": "letters, digits and punctuation", "letters+punctuation": "letters and punctuation",
    "strange": "mostly punctuation", "spaces": "several words",
}  # fmt: skip
_RARITIES = {
    "none": "no letters to judge by", "word": "reads like words", "near": "reads nearly like words",
    "odd": "reads oddly", "rare": "reads unlike words", "random": "the letters look random",
}  # fmt: skip


def _alphabet(value: bytes) -> str:
    """Return the class of the characters of `value`, a key of _ALPHABETS."""
    return next(label for label, shape in _ALPHABET_SHAPES if shape.fullmatch(value))


_ALPHABET_SHAPES = tuple(
    (label, re.compile(shape))
    for label, shape in (
        ("digits", rb"[0-9]+"),
        ("lower", rb"[a-z]+"),
        ("upper", rb"[A-Z]+"),
        ("letters", rb"[A-Za-z]+"),
        ("hex", rb"(?:0x)?[0-9a-f]{8,}"),
        ("HEX", rb"[0-9A-F]{8,}"),
        ("word+digits", rb"[a-z]+[0-9]{1,6}"),
        ("capital+digits", rb"[A-Z][a-z]+[0-9]{1,6}"),
        ("lower+digits", rb"[a-z0-9]+"),
        ("upper+digits", rb"[A-Z0-9]+"),
        ("letters+digits", rb"[A-Za-z0-9]+"),
        ("base64", rb"(?=.{12})[A-Za-z0-9+/]+={0,2}"),
        ("dashed", rb"[A-Za-z]+(?:[_-][A-Za-z]+)+"),
        ("dotted", rb"[A-Za-z]+(?:[._/:\\-][A-Za-z]+)+"),
        ("url", rb"[A-Za-z0-9_-]+"),
        ("spaces", rb"(?s).*\s.*"),
        ("strange", rb"(?s)[^A-Za-z]{0,200}[A-Za-z]?[^A-Za-z]*"),
        ("letters+punctuation", rb"(?s)[^0-9]*"),
        ("punctuation", rb"(?s).*"),
    )
)


def _rarity_class(rarity: float, letters: int) -> str:
    if letters < 3:
        return "none"
    return next(label for limit, label in _RARITY_LIMITS if rarity <= limit)


_RARITY_LIMITS = ((3.7, "word"), (4.4, "near"), (5.1, "odd"), (5.8, "rare"), (99.0, "random"))


def _marks(value: bytes, text: str, rarity: float, entropy: float) -> Iterator[tuple[str, str]]:
    """Yield what a value looks like besides: names of features, and what to say of them."""
    lower = value.lower()
    if made_up := placeholder(value):
        yield "made up", made_up.text
    if stand_in(value):
        yield "stand-in", "the value is a stand-in, such as 'your-secret-here'"
    elif _SECRET_WORDS.search(lower):
        yield "secret word", "the value itself holds a word such as 'password', 'token' or 'test'"
    if _share_of_runs(value, 4) >= 0.45:
        yield "runs", "the value holds runs such as 1234 or asdf"
    if _SIGNS.search(value):
        yield "signs", "the value holds signs of code: brackets, braces or semicolons"
    if lower in _COMMON_PASSWORDS:
        yield "common", "the value is one of the most common passwords"
    if _HASH.search(value):
        yield "hash", "the value is a password hash, not a password"
    if _UUID.fullmatch(value):
        yield "uuid", "the value is a UUID"
    if len(value) <= 16 and value.endswith((b"-", b"_", b":", b".")):
        yield "prefix", "the value ends like a prefix: the rest is missing"
    if _reads_like_words(value):
        yield "base64 words", "the value is base64 of plain words"
    if _CAMEL.fullmatch(value) and rarity < 5:
        yield "camel", "the value is an identifier in camel case"
    elif rarity < 4.8 and _IDENTIFIER.fullmatch(value) and not value.isalnum():
        yield "identifier", "the value is an identifier"
    if rarity < 4.8 and not value.isalnum():
        if (entropy < 4.2 and _PATH.fullmatch(value)) or _ABSOLUTE.match(value):
            yield "path", "the value is a path or a file name"
        elif b"/" in value and b"=" not in value:
            yield "slash", "the value holds a slash"
    if value[:1].isupper() and _POLICY.fullmatch(value):
        yield "policy", "it mixes cases, digits and punctuation, as password rules ask for"
    if value.endswith(b"=") and _BASE64.fullmatch(value):
        yield "padded", "the value is padded base64"
    if b"://" in value or b"@" in value.strip(b"@") and b"." in value:
        yield "address", "the value looks like an address"
    if value.endswith((b".", b"!", b"?", b":")) and _SPACE.search(value):
        yield "sentence", "the value ends like a sentence"
    if _VERSION.match(value):
        yield "version", "the value looks like a version or a measure"
    if b"," in value or b"|" in value:
        yield "list", "the value holds commas or bars"
    if value.startswith((b"/", b".", b"#", b"-", b"~", b"^", b":", b"*", b"!", b"+")):
        yield "sign first", "the value starts with punctuation"
    if not text.isascii():
        yield "not ascii", "the value holds letters beyond ASCII"


_SECRET_WORDS = re.compile(
    rb"pass(?:w|phr|$)|secret|token|key|test|user|demo|foo|bar|abc|123|admin|client|auth|cred|hello|value|login|default"
)
_SIGNS = re.compile(rb"[;{}<>\[\]()]")
_POLICY = re.compile(rb"(?=.*[0-9])(?=.*[a-z])(?=.*[^A-Za-z0-9]).{8,40}")
_VERSION = re.compile(rb"[v^~<>=]{0,2}[0-9]+\.[0-9x]+|[0-9]+(?:px|em|ms|s|%|rem|pt|kb|mb|gb)$", re.IGNORECASE)
_LETTERS = re.compile(rb"[A-Za-z]+")


def _may_be_random(value: bytes) -> bool:
    """Tell cheaply whether a value under a name that tells about a secret is worth a look."""
    if _LETTER.search(value) is None or len(value) < 8:
        return False
    if _DIGIT.search(value) is None:
        return len(value) >= 20 and bits_per_letter(value.decode("latin-1")) > 5.2
    return len(value) >= 12 or not value.isalnum()


def _impossible(value: bytes, quoted: bool) -> str:
    """Return why `value` cannot be a secret, or an empty string."""
    if len(value) < 4:
        return "the value is shorter than four characters"
    if len(value) > 2000:
        return "the value is longer than 2000 characters"
    if value.isalpha():  # the usual case, and none of the checks below can hold
        lower = value.lower()
        if lower in _EMPTY_WORDS:
            return "the value is a word of the language, such as null or string"
        return "the value is a mask or repeats one or two characters" if len(set(lower)) <= 2 else ""
    lower = value.lower()
    if lower.strip(b"<>[](){}'\"") in _EMPTY_WORDS:
        return "the value is a word of the language, such as null or string"
    if _NOT_LITERAL.search(value):
        return "the value is a template, a reference or a look-up, not a literal"
    if len(set(lower)) <= 2 or _MASKED.search(value):
        return "the value is masked or cut short"
    if not _TWO_ALNUM.search(value):
        return "the value is punctuation"
    if _URL.search(value):
        return "the value is a URL"
    if b"\\" in value and len(_ESCAPE.sub(b".", value)) < 4:
        return "the value is shorter than four characters"
    if value.startswith(b"eyJ") and b"." not in value:
        return "the value is JSON in base64: what it holds is looked at instead"
    if _COLOUR.fullmatch(value):
        return "the value is a colour"
    if _ENCODING.fullmatch(value):
        return "the value is the name of an encoding or an algorithm"
    if _PUBLIC_KEY.match(value):
        return "the value is a public key or a certificate"
    if _DATE_OR_NUMBER.fullmatch(value) and (len(value) < 6 or not value.isdigit()):
        return "the value is a number or a date"
    if value.count(b" ") >= 2 or (len(value) > 40 and _SPACE.search(value.strip())):
        return "the value is prose"
    if _CODE.search(value):
        return "the value is code"
    if not quoted and value.endswith((b"(", b")", b"[", b"]", b",", b";")):
        return "the value is an expression"
    return ""


def stand_in(value: bytes) -> bool:
    """Tell whether `value` is made of words that stand for a secret, such as `your-secret-here` or `test_pass_12`."""
    return _STAND_INS.fullmatch(value) is not None


def _reads_like_words(value: bytes) -> bool:
    """Tell whether `value` is base64 of words. Random bytes do not decode to printable text."""
    if len(value) < 8 or not _BASE64.fullmatch(value):
        return False
    text = binascii.a2b_base64(value)
    return text.isascii() and text.decode().isprintable() and bits_per_letter(text.decode()) <= _WORDLIKE_BITS


def _repeats_name(value: bytes, name: str) -> bool:
    letters = _NOT_LETTERS.sub(b"", value.lower())
    return len(letters) * 2 > len(value) and letters in _NOT_LETTERS.sub(b"", name.lower().encode())
