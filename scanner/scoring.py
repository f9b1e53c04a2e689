"""How sure are we that this value is a secret? Evidence from the value, its name and its surroundings."""

from __future__ import annotations

import binascii
import math
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from scanner.model import Confidence, Evidence
from scanner.names import words
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


def _share_of_runs(value: bytes) -> float:
    """Return how much of `value` is ascending, descending or keyboard runs of at least five characters."""
    lower = value.lower()
    covered = 0
    position = 0
    while position < len(lower) - 4:
        longest = 0
        for sequence in _SEQUENCES:
            at = sequence.find(lower[position : position + 5])
            if at >= 0:
                length = 5
                while sequence[at : at + length + 1] == lower[position : position + length + 1] and length < len(
                    sequence
                ):
                    length += 1
                longest = max(longest, min(length, len(lower) - position))
        covered += longest
        position += longest or 1
    return covered / max(1, len(lower))


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
_SPACE = re.compile(rb"\s")
_MASKED = re.compile(rb"\*{3}|\.{3}|\xe2\x80\xa6|(?i:x{6})|\[cut\]")  # [cut] splits the samples of rule files
_TWO_ALNUM = re.compile(rb"[A-Za-z0-9]{2}")
_NOT_LETTERS = re.compile(rb"[^a-z]+")
_LETTER = re.compile(rb"[A-Za-z\x80-\xff]")
_DIGIT = re.compile(rb"[0-9]")
_CAMEL = re.compile(rb"[a-z]+(?:[A-Z][a-z]+)+[0-9]?|(?:[A-Z][a-z]+){2,}[0-9]?")
_CODE = re.compile(rb"[;{}<>]|\[-?[0-9]*\]|\(\)|=>|\\\\[dwsbD]|\[\^|\(\?|[)\]][*+?]|^[.#][\w-]+ ?[\[{>.]|\|\|?\w+\|")
_TEST_PATH = re.compile(r"(?i)(?:^|[/_.\-])(?:tests?|specs?|testdata|fixtures?|mocks?|e2e|__tests__)(?:[/_.\-]|$)")
_SAMPLE_PATH = re.compile(r"(?i)(?:^|[/_.\-])(?:examples?|samples?|demos?|docs?|tutorials?|template|dist)(?:[/_.\-]|$)")

_MADE_UP = frozenset("fake dummy mock sample example wrong invalid bad masked".split())
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)")
_ABSOLUTE = re.compile(rb"(?:~|\.{1,2})?/[a-z]+/|[A-Z]:\\")

# Words and identifiers lie near 3 bits a letter, random letters near 6.5 (scanner/rarity.py).
_RANDOM_BITS, _WORDLIKE_BITS = 5.2, 4.2


def weigh_named(value: bytes, name: str, strong: bool, path: str, quoted: bool) -> list[Evidence]:
    """Return the evidence for and against `value`, bound to `name` in the file `path`, being a secret.

    A value that cannot be one has evidence of weight REJECT.
    """
    evidence = [*_of_value(value, quoted)]
    if evidence and evidence[0].weight <= REJECT:
        return evidence
    if _repeats_name(value, name):
        return [Evidence("the value repeats its own name", REJECT)]
    kind = f"the name '{name[-40:]}' promises a secret" if strong else f"the name '{name[-40:]}' may mean a secret"
    evidence.insert(0, Evidence(kind, 2.5 if strong else 0.0))
    if not _MADE_UP.isdisjoint(words(name.rpartition(".")[2])):
        evidence.append(Evidence("the name says that the value is made up", -2))
    if _TEST_PATH.search(path):
        evidence.append(Evidence("the file is a test", -0.5))
    elif _SAMPLE_PATH.search(path):
        evidence.append(Evidence("the file is an example or documentation", -0.5))
    return evidence


def confidence_of(evidence: Iterable[Evidence]) -> Confidence | None:
    """Return the confidence that the sum of the weights stands for, None for a rejected candidate."""
    score = sum(item.weight for item in evidence)
    if score >= 5:
        return Confidence.HIGH
    if score >= 3:
        return Confidence.MEDIUM
    return Confidence.LOW if score >= 1 else None


@lru_cache(maxsize=16384)  # the same words stand beside the same names all over a code base
def _of_value(value: bytes, quoted: bool) -> tuple[Evidence, ...]:
    """Weigh a value by itself."""
    if reason := _impossible(value, quoted):
        return (Evidence(reason, REJECT),)
    evidence = _shape(value)
    if made_up := placeholder(value):
        evidence.append(made_up)
    if stand_in(value):
        evidence.append(Evidence("the value is a stand-in, such as 'your-secret-here'", -4))
    elif value.lower() in _COMMON_PASSWORDS:
        evidence.append(Evidence("the value is one of the most common passwords", -0.5))
    if _HASH.search(value):
        evidence.append(Evidence("the value is a password hash, not a password", -4))
    if _UUID.fullmatch(value):
        evidence.append(Evidence("the value is a UUID", -2.5))
    if len(value) <= 16 and value.endswith((b"-", b"_", b":", b".")):
        evidence.append(Evidence("the value ends like a prefix: the rest is missing", -2))
    if _reads_like_words(value):
        evidence.append(Evidence("the value is base64 of plain words", -3))
    return tuple(evidence)


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
    if _COLOUR.fullmatch(value):
        return "the value is a colour"
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


def _shape(value: bytes) -> list[Evidence]:
    """Weigh length, character classes, entropy and resemblance to words."""
    text = value.decode("utf-8", "replace")
    size = len(value)
    rarity = bits_per_letter(text)
    letters_only = value.isalpha()
    if letters_only and rarity <= _WORDLIKE_BITS:
        evidence = [Evidence(f"the value reads like words ({rarity:.1f} bits a letter)", -1.0)]
        if _CAMEL.fullmatch(value):
            evidence.append(Evidence("the value is an identifier in camel case", -1.5))
        return evidence
    letters = len(_LETTER.findall(value))
    digits = len(_DIGIT.findall(value))
    special = size - digits - letters
    entropy = shannon(value)
    evidence = []
    if size >= 16 and digits and letters and entropy >= 3.0 and (rarity >= 4.6 or digits * 3 > size):
        evidence.append(Evidence(f"{size} characters that look random ({entropy:.1f} bits a character)", 3))
    elif size >= 16 and rarity >= _RANDOM_BITS and entropy >= 3.0:
        evidence.append(Evidence(f"{size} letters that look random ({rarity:.1f} bits a letter)", 2.5))
    elif letters >= 4 and rarity >= _RANDOM_BITS:
        evidence.append(Evidence(f"the letters look random ({rarity:.1f} bits a letter)", 1.5))
    elif digits and letters and size >= 6:
        evidence.append(Evidence("letters and digits are mixed, as in a password", 1.0 if size >= 7 else 0.5))
    elif letters and rarity <= _WORDLIKE_BITS:
        evidence.append(Evidence(f"the value reads like words ({rarity:.1f} bits a letter)", -1.0))
    if special and size >= 8 and letters and (digits or (value.upper() != value and value.lower() != value)):
        evidence.append(Evidence("it mixes letters, digits and punctuation", 1.0))
    if digits == size:
        evidence.append(Evidence("only digits", -1.0))
    if rarity < 4.6 and size > 4 and special and _IDENTIFIER.fullmatch(value):
        evidence.append(Evidence("the value is an identifier", -2.0))
    elif rarity < 4.2 and _CAMEL.fullmatch(value):
        evidence.append(Evidence("the value is an identifier in camel case", -1.5))
    if special and rarity < 4.8 and ((entropy < 4.2 and _PATH.fullmatch(value)) or _ABSOLUTE.match(value)):
        evidence.append(Evidence("the value is a path or a file name", -2.5))
    if _SPACE.search(value.strip()):
        evidence.append(Evidence("the value holds spaces", -1.5))
    return evidence
