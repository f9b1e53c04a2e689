"""Hostile input takes time in proportion to its size, for every rule and for whole documents.

The attacks on a pattern are derived from its parse tree: what leads to a repeat, then what it repeats, for ever. One
size is tried of each; only what is slow there is compared with smaller and larger ones, several times before it fails.
"""

from __future__ import annotations

import base64
import gzip
import random
import re
import string
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from keytrace.batch import scan_batch
from keytrace.engine import Engine, Setup
from keytrace.findings import find
from keytrace.match.context import AtHost, Near, host_trigger, near_triggers
from keytrace.match.patterns import compile_pattern
from keytrace.match.trigger import Trigger, bounded
from keytrace.model import FileProvenance, Rule
from keytrace.rules.load import builtin_folder, read_rule_file
from keytrace.scoring import alphabet, columns, manifest, shapes
from keytrace.scoring import value as values
from keytrace.text.document import Document
from tests.growing import SLACK, grows_linearly, seconds

if TYPE_CHECKING:
    codes: Any = None
    parser: Any = None
else:
    from re import _constants as codes
    from re import _parser as parser

RULES = [rule for file in sorted(builtin_folder().glob("*.toml")) for rule in read_rule_file(file).rules]
SIZE = 16_384
SLOW, VERY_SLOW = 0.004, 0.06  # seconds of CPU for SIZE: a reason to measure how it grows, to larger or from smaller


# --- attacks from patterns --------------------------------------------------------------------------------------------

_EVERY = frozenset(range(128))
_CATEGORIES = {
    codes.CATEGORY_WORD: frozenset(map(ord, string.ascii_letters + string.digits + "_")),
    codes.CATEGORY_DIGIT: frozenset(map(ord, string.digits)),
    codes.CATEGORY_SPACE: frozenset(b" \t\n\r\f\v"),
}
_CATEGORIES |= {
    codes.CATEGORY_NOT_WORD: _EVERY - _CATEGORIES[codes.CATEGORY_WORD],
    codes.CATEGORY_NOT_DIGIT: _EVERY - _CATEGORIES[codes.CATEGORY_DIGIT],
    codes.CATEGORY_NOT_SPACE: _EVERY - _CATEGORIES[codes.CATEGORY_SPACE],
}
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
_PREFERRED = b"a1A0-_./+= \n\"':;,<>\\!@z#%~Z(){}[]&?*|^$`\t\r"

Attack = tuple[bytes, bytes, bytes]  # a beginning, what is repeated after it, and an end


class Attacks:
    """Samples of what a pattern matches, as short as can be, and the ways to make each of its repeats go on."""

    def __init__(self, source: str) -> None:
        plain = re.sub(r"\(\?[ims]+\)", "", source.replace(r"\z", r"\Z"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = parser.parse(plain.encode(), re.VERBOSE if "(?x)" in source else 0)
        self._groups: dict[int, bytes] = {}
        self._pumps: list[tuple[bytes, bytes, int]] = []
        self.whole = self._walk(tree, b"")

    def __iter__(self) -> Iterator[Attack]:
        """Yield the attacks. At their end stands what some engines look for first, where it is of no use to a match."""
        end = b"\n" + self.whole
        found: dict[Attack, None] = {(b"", self.whole[:-1], end): None, (b"", self.whole[:-1] + b" ", end): None}
        for before, body, most in self._pumps:
            found[before, body, end] = None
            found[b"", before + body * min(most, 20), end] = None
        return (attack for attack in found if attack[1])

    def _walk(self, tree: Iterable[tuple[Any, Any]], before: bytes) -> bytes:
        sample = b""
        for code, argument in tree:
            sample += self._node(code, argument, before + sample)
        return sample

    def _node(self, code: Any, argument: Any, before: bytes) -> bytes:
        if code is codes.LITERAL:
            return bytes((int(argument),))
        if code is codes.ANY:
            return b"a"
        if code in (codes.IN, codes.NOT_LITERAL):
            return self._members(code, argument)[:1]
        if code in _REPEATS:
            least, most, inner = argument
            body = self._walk(inner, before)
            if most > 3 and body:
                self._pumps.append((before, body, int(most)))
                if len(inner) == 1 and inner[0][0] is codes.IN:
                    others = self._members(*inner[0])[1:]
                    self._pumps += [(before, bytes((char,)), int(most)) for char in b" -1" if char in others]
            return body * int(least)
        if code is codes.SUBPATTERN:
            sample = self._walk(argument[3], before)
            self._groups[argument[0]] = sample
            return sample
        if code is codes.ATOMIC_GROUP:
            return self._walk(argument, before)
        if code is codes.BRANCH:
            ways = [self._walk(way, before) for way in argument[1]]  # each has repeats
            return ways[0]
        return self._groups.get(int(argument), b"") if code is codes.GROUPREF else b""

    @staticmethod
    def _members(code: Any, argument: Any) -> bytes:
        """Return the characters of a class, those first that other classes also hold."""
        members: set[int] = set()
        negated = code is codes.NOT_LITERAL
        for kind, item in [(codes.LITERAL, argument)] if negated else argument:
            negated |= kind is codes.NEGATE
            members |= (
                {item} if kind is codes.LITERAL
                else set(range(item[0], min(item[1], 127) + 1)) if kind is codes.RANGE
                else _CATEGORIES.get(item, frozenset())
            )  # fmt: skip
        members = set(_EVERY - members) if negated else members
        return bytes(char for char in _PREFERRED if char in members) or bytes(sorted(members - {None}))


def text_of(attack: Attack, size: int) -> bytes:
    before, body, after = attack
    return before + body * max(1, (size - len(before)) // len(body)) + after


def failures(search: Callable[[bytes], object], attacks: Iterable[Attack]) -> Iterator[str]:
    for attack in attacks:

        def work(size: int, attack: Attack = attack) -> None:
            search(text_of(attack, size))

        try:
            spent = seconds(work, SIZE)
            if spent < SLOW or spent <= 16 * seconds(work, SIZE // 8) + SLACK / 15:
                continue
            if grows_linearly(work, SIZE // 4 if spent > VERY_SLOW else SIZE):
                continue
        except TimeoutError:
            pass
        yield f"{attack[0][:60]!r} and then {attack[1][:80]!r}, repeated"
        return  # one is enough, and each takes long


def all_of(found: Iterable[object]) -> None:
    for _ in found:
        pass


def searcher(source: str, *, overlapped: bool = False) -> Callable[[bytes], object]:
    pattern = compile_pattern(source)
    return lambda data: all_of(pattern.finditer(data, overlapped=overlapped, timeout=60))


def beside(rule: Rule, seen: set[tuple[str, bytes]]) -> Iterator[tuple[Callable[[bytes], object], list[Attack]]]:
    """Yield the finders of a rule, and the attacks on its value, unless `seen`, behind its names and hosts."""
    forms = (Near, rule.near, b"="), (AtHost, rule.host, b"/?a=")
    for finder, words, joint in forms:
        if words:
            name = words[0].encode()
            found = finder(words, rule.regex)
            attacks = [(b"", name + joint, b"")]
            shape = re.sub(r"\{[\d,]+\}", "{}", rule.regex)
            if (shape, joint) not in seen:  # many rules share the shape of a value
                seen.add((shape, joint))
                attacks.append((b"", name + joint * 40, b""))
                for before, body, end in Attacks(rule.regex):
                    attacks.append((name + joint + before, body, end))
                    attacks.append((b"", name + joint + text_of((before, body, b""), 0), end))
            yield lambda data, found=found: all_of(found.find(data, 0, len(data))), attacks  # type: ignore[misc]


@pytest.mark.parametrize("part", range(8))
def test_patterns_of_rules(part: int) -> None:
    bad = []
    seen: set[tuple[str, bytes]] = set()
    for rule in sorted(RULES, key=lambda rule: (re.sub(r"\d+", "", rule.regex), -len(rule.regex)))[
        part * len(RULES) // 8 : (part + 1) * len(RULES) // 8
    ]:
        if rule.near or rule.host:
            jobs = list(beside(rule, seen))
        elif rule.regex:
            jobs = [(searcher(rule.regex), list(Attacks(rule.regex)))]
        else:
            jobs = []
        bad += [f"{rule.id}: {attack}" for search, attacks in jobs for attack in failures(search, attacks)]
    assert bad == []


def test_triggers() -> None:
    triggers = [Trigger(shape, overlapping=True) for shape in (*shapes.TRIGGERS, columns.TRIGGER, manifest.TRIGGER)]
    triggers.append(Trigger(next(near_triggers(["acme_key"]))[0], overlapping=True))
    triggers.append(Trigger(host_trigger("api.acme.example"), overlapping=True))
    bad = [
        f"{trigger.regex[:40]}: {attack}"
        for trigger in triggers
        for attack in failures(searcher(bounded(trigger), overlapped=True), Attacks(trigger.regex))
    ]
    assert bad == []


def test_patterns_of_values() -> None:
    shapes = [shape for shape in vars(values).values() if isinstance(shape, re.Pattern)]
    shapes += [shape for _, shape in alphabet._ALPHABET_SHAPES]
    bad = []
    for shape in shapes:
        source = shape.pattern.decode()

        def search(data: bytes, shape: re.Pattern[bytes] = shape) -> None:
            shape.fullmatch(data)
            all_of(shape.finditer(data[: values.LONGEST]))

        bad += [f"{source[:40]}: {attack}" for attack in failures(search, Attacks(source))]
    assert bad == []


def test_fields_in_a_row_are_read_in_one_way() -> None:
    """Where one may end anywhere, and the next begin there, the letters of four are shared out in every way."""
    fields = re.compile(shapes.NAMED.encode())

    def of(end: bytes) -> float:
        return seconds(lambda size: fields.match((b"a:" + b"b" * 25 + end) * size), 40)

    assert of(b"") < 1000 * of(b" ")


def test_a_pattern_that_is_not_linear_is_noticed() -> None:
    search = searcher(source := r"[\w.]*key=")
    attack = next(attack for attack in Attacks(source) if attack[1] == b"key")
    assert not grows_linearly(lambda size: search(text_of(attack, size)), 512, 8)


# --- all rules at once ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", range(4))
def test_examples_without_their_ends(engine: Engine, part: int) -> None:
    """Forty rules' examples at a time, whole and without their last characters, over and over."""
    bad = []
    for group in range(part * 40, len(RULES), 160):
        rules = RULES[group : group + 40]
        text = " ".join(rule.examples[0][:-4] for rule in rules if rule.examples).encode()
        if not text:
            continue
        prefix = b"".join(rule.examples[0][: len(rule.examples[0]) // 2].encode() for rule in rules if rule.examples)
        for body in (text, prefix):
            grown = grows_linearly(lambda size, body=body: scan(engine, text_of((b"", body, b""), size)), 4096)  # type: ignore[misc]
            bad += [] if grown else [f"{rules[0].id} to {rules[-1].id}"]
    assert bad == []


def scan(engine: Engine, data: bytes, path: str = "file.txt") -> list[str]:
    notes: list[str] = []
    find(engine, Document(FileProvenance(path), data), notes)
    return notes


# --- hostile documents ------------------------------------------------------------------------------------------------


def chars(size: int) -> bytes:
    return bytes(random.Random(4).choices(string.ascii_letters.encode() + string.digits.encode(), k=size))


def repeat(body: bytes) -> Callable[[int], bytes]:
    return lambda size: body * (size // len(body))


def nested(opening: bytes, inside: bytes, closing: bytes) -> Callable[[int], bytes]:
    return lambda size: opening * (size // 6) + inside + closing * (size // 6)


def each(line: Callable[[bytes], bytes]) -> Callable[[int], bytes]:
    """Many lines, each with a value of its own."""

    def make(size: int) -> bytes:
        letters = chars(size)
        return b"".join(line(letters[at : at + 24]) for at in range(0, size - 24, 40))

    return make


def base64_of_base64(size: int) -> bytes:
    text = b"password = '" + chars(24) + b"'\n"
    while len(text) < size:
        text = base64.b64encode(text)
    return text


SECRET = b'"password":"' + chars(24) + b'"'
DOCUMENTS: dict[str, Callable[[int], bytes]] = {
    "a long value in quotes": lambda size: b'password = "' + chars(size) + b'"\n',
    "a long value without quotes": lambda size: b"password = " + chars(size) + b"\n",
    "a long value without end": lambda size: b"password = '" + chars(size),
    "nested arrays": nested(b"[", b"{" + SECRET + b"}", b"]"),
    "nested objects": nested(b'{"a":', b"{" + SECRET + b"}", b"}"),
    "nested passwords": nested(b'{"password":', b'"' + chars(24) + b'"', b"}"),
    "open elements": nested(b"<a>", b"<password>" + chars(24) + b"</password>", b""),
    "open passwords": repeat(b"<password>"),
    "one password on one line": repeat(b"{" + SECRET + b"},"),
    "passwords on one line": each(lambda value: b'{"password":"' + value + b'"},'),
    "passwords on lines": each(lambda value: b"X_KEY=" + value + b"\n"),
    "pairs": each(
        lambda value: b"aws_access_key_id=AKIA" + value[:16].upper() + b" aws_secret_access_key=" + value * 2
    ),
    "base64 of base64": base64_of_base64,
    "base64 of gzip": lambda size: b"data: " + base64.b64encode(gzip.compress(bytes(size * 700), mtime=0)),
}
DOCUMENTS |= {
    repr(body)[2:-1]: repeat(body)
    for body in (
        b"a=", b"password=", b"passwd:", b"token:", b"token-", b"'\"", b'"', b"https://user:pass@", b"\0", b"AKIA",
        b"-----BEGIN " + b"PRIVATE KEY-----", b"%41", b"%25", b"\\u0041", b"\\\\", b"&#65;", b"&amp;", b"=3D", b"=\n",
        b"key=value&", b'password="', b'"key",', b"((((", b"curl -u a:", b"Authorization: " + b"Basic ", b"?key=",
        b"eyJhbGciOiJIUzI1NiJ9" + b".", b"password: |\n", b" ", b"\\/", b"70617373", b"key.decode", b"or ", b"eyJ",
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Memory:
    """An artifact whose content is at hand."""

    content: bytes
    path: str

    lines: frozenset[int] | None = None

    @property
    def provenance(self) -> FileProvenance:
        return FileProvenance(self.path)

    def read(self, limit: int) -> bytes:
        return self.content


@pytest.mark.parametrize(
    ("name", "path"),
    [(name, f"file{end}") for name in DOCUMENTS for end in (".env", ".py") if end == ".env" or "=" in name],
)
def test_a_document_takes_time_in_proportion_to_its_size(engine: Engine, name: str, path: str) -> None:
    results = []

    def work(size: int) -> None:
        results.append(scan_batch(Setup(), [Memory(DOCUMENTS[name](size), path)]))

    assert grows_linearly(work, 24_576)
    result = results[-1]
    assert result.errors == ()
    assert len(result.notes) <= 2


@pytest.mark.parametrize("name", ["a long value in quotes", "a long value without quotes", "a long value without end"])
def test_a_note_tells_of_a_value_that_is_too_long(engine: Engine, name: str) -> None:
    text = b"# Settings\n" + DOCUMENTS[name](4000)
    assert scan(engine, text, "file.env") == ["file.env: line 2: a value longer than 2000 bytes was not weighed"]
    assert scan(engine, text + b"\n" + text, "file.env")[1:] == [], "one note for a file"
    assert scan(engine, DOCUMENTS[name](1000), "file.env") == []


def test_a_note_tells_what_was_not_decoded(engine: Engine) -> None:
    (note,) = scan(engine, base64_of_base64(2000))
    assert note == "file.txt: some encoded text was not decoded: it is encoded more than 5 times over"


def test_a_secret_in_the_depth_is_found(engine: Engine) -> None:
    for name in ("nested arrays", "nested objects", "open elements"):
        document = Document(FileProvenance("file.json"), DOCUMENTS[name](600_000))
        assert len(find(engine, document, [])) == 1, name
