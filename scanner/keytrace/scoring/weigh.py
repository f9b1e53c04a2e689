"""How sure are we that this value is a secret? Evidence from the value, its name and its surroundings."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from keytrace.model import Confidence, Evidence
from keytrace.names.lexicon import Name, Strength, judge
from keytrace.scoring import place
from keytrace.scoring import value as values
from keytrace.scoring.alphabet import ALPHABETS, alphabet
from keytrace.scoring.binding import Binding
from keytrace.scoring.impossible import PROMISES_LITTLE, impossible
from keytrace.scoring.public import proves_public
from keytrace.scoring.rarity import bits_per_letter, is_random
from keytrace.text.language import extension, is_code

REJECT = -9.0  # evidence this strong overrules a format that carries no checksum
WEIGHTS = Path(__file__).with_name("weights.json")


def placeholder(value: bytes) -> Evidence | None:
    """Return evidence when a value of a known format looks made up for documentation, else None."""
    says, certain = values.placeholder(value)
    return Evidence(says, REJECT if certain else -4) if says else None


def not_random(value: bytes) -> Evidence | None:
    """Return evidence when a value that only its surroundings tell reads like words, else None."""
    return Evidence("the value reads like words, as a name does", REJECT) if values.reads_as_words(value) else None


def public(value: bytes) -> Evidence | None:
    """Return evidence when a value that only its surroundings tell proves to be public, else None."""
    return (
        Evidence("the value is a public key or an address: its checksum says so", REJECT)
        if proves_public(value)
        else None
    )


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing to say of a candidate, and the features it stands for; their weights add up to its weight."""

    text: str
    features: tuple[str, ...]


def weigh(binding: Binding, path: str, data: bytes = b"") -> list[Evidence]:
    """Return the evidence for and against the value of `binding` being a secret: weights are log-odds.

    `data` is the text around it, if that is known. A value that cannot be one has a single piece of evidence of weight
    REJECT.
    """
    if (reason := impossible(binding)) and not (reason is PROMISES_LITTLE and place.logs_in(data, binding)):
        return [Evidence(reason, REJECT)]
    if data and place.in_a_sentence(data, binding):
        return [Evidence("the value is the next word of a sentence", REJECT)]
    if data and place.in_a_list_of_words(data, binding):
        return [Evidence("the value is one of a list of words", REJECT)]
    found = [_evidence(aspect.text, aspect.features) for aspect in aspects(binding, path, data)]
    return [item for number, item in enumerate(found) if item.weight or number < 4]


@lru_cache(maxsize=4096)  # the same is said of many, and kept once
def _evidence(text: str, features: tuple[str, ...]) -> Evidence:
    weights = _models()[0]["weights"]
    return Evidence(text, round(sum(weights.get(feature, 0.0) for feature in features), 2))


def most(binding: Binding) -> Confidence:
    """Return the confidence that no value can exceed under this name: one that tells about a secret promises none.

    What stands before its last words tells about them only, and is no objection to a random value: VALIDATE_API_KEY.
    """
    name = judge(binding.name)
    tells = name.strength is Strength.ABOUT and not (name.place == "first" and _is_random(binding.value))
    return Confidence.LOW if tells else Confidence.HIGH


def confidence_of(evidence: Iterable[Evidence], at_most: Confidence = Confidence.HIGH) -> Confidence | None:
    """Return the confidence that the sum of the weights stands for, None for a rejected candidate."""
    score = round(sum(item.weight for item in evidence), 6)  # 0.1 + 0.2 is not 0.3
    levels = _models()[0]["levels"]
    reached = [confidence for confidence, label in _CONFIDENCES if score >= levels[label]]
    return min(reached[-1], at_most) if reached else None


_CONFIDENCES = tuple((confidence, confidence.label) for confidence in Confidence)


def short_of(evidence: Iterable[Evidence], confidence: Confidence) -> float:
    """Return how much weight is missing for `confidence`; negative when there is more than enough."""
    return _models()[0]["levels"][confidence.label] - sum(item.weight for item in evidence)


Model = dict[str, dict[str, float]]  # {"weights": {feature: log-odds}, "levels": {confidence: least score}}


@cache
def _models() -> list[Model]:
    return [json.loads(WEIGHTS.read_text("ascii"))]


def use_model(model: Model) -> None:
    """Weigh by `model` from now on, in this process: for training and for tests."""
    _models()[0] = model
    _evidence.cache_clear()


def aspects(binding: Binding, path: str, data: bytes = b"") -> list[Aspect]:
    """Return what there is to say of a candidate that is not impossible."""
    if binding.form == "setting":  # known programs' settings are bound like others
        binding = replace(binding, form="colon")
    name = judge(binding.name)
    random = _is_random(binding.value)
    found = [_of_name(name, binding.name, random=random), _of_form(binding, name.kind), _of_place(path, binding)]
    found += _of_value(binding.value, name.kind)
    found += [] if random else _of_place_of_words(binding, path, data, name)
    found += (Aspect(says, (f"mark {mark}", f"mark {mark} {binding.form}")) for mark, says in of_user_and_host(binding))
    return found


def _of_place_of_words(binding: Binding, path: str, data: bytes, name: Name) -> Iterator[Aspect]:
    """Yield what stands around a value that somebody may have thought of: it tells more than the value does."""
    written_in = alphabet(binding.value)
    strength = name.strength.name.lower()
    path_features = _of_path(path)[1]
    yield Aspect(
        "a value of this kind, in such a place",
        (
            f"shape {written_in} {path_features[0]}",
            f"shape {written_in} {binding.form}",
            f"shape {written_in} {strength}",
        ),
    )
    for mark, says in place.around(data, binding, path) if data else ():
        yield Aspect(says, (f"beside {mark}", f"beside {mark} {'words' if written_in in _OF_LETTERS else 'mixed'}"))


_OF_LETTERS = frozenset("lower upper letters dashed dotted spaces letters+punctuation".split())


def of_user_and_host(binding: Binding) -> Iterator[tuple[str, str]]:
    """Yield what the user and the host beside a value say against it: names of marks, and what to say of them."""
    if binding.user and values.is_template(binding.user):
        yield "user template", "the user name is a template"
    elif values.stand_in(binding.user):
        yield "user stand-in", "the user name is a stand-in, such as 'user'"
    host = binding.host.lower()
    if not host:
        return
    if _EXAMPLE_HOST.search(host):
        yield "host example", "the host is one of the names kept for examples"
    elif b"." not in host or host.startswith(b"127."):
        yield "host local", "the host is this machine or one of its network"
    elif values.is_template(host):
        yield "host template", "the host is a template"


_EXAMPLE_HOST = re.compile(
    rb"(?:^|[.@-])(?:example|test|invalid|localhost|local)(?:\.(?:com|org|net|edu))?(?::\d+)?$|^(?:my|some|your)"
)


def _of_name(name: Name, text: str, *, random: bool) -> Aspect:
    shown = text[-40:]
    if name.place == "first" and random:
        strength = name.rest.name.lower()
        features = [f"name {strength}", f"name {strength} {name.kind}"]
        features += [] if text.isupper() else ["name about first"]
        says = f"the name '{shown}' promises a secret: '{name.about}' is no objection to a random value"
    elif name.strength is Strength.ABOUT:
        features = ["name about", f"name about {name.place}", f"name about {name.kind}"]
        says = f"the name '{shown}' rather tells about a secret ('{name.about}'): low confidence at most"
    else:
        strength = name.strength.name.lower()
        features = [f"name {strength}", f"name {strength} {name.kind}"]
        says = f"the name '{shown}' " + ("promises" if name.strength is Strength.STRONG else "may mean") + " a secret"
    if name.alone:
        features += ["name alone", f"name alone {name.kind}"]
    if name.shipped:
        features.append("name shipped")
        says += ", and its prefix that it is built into what every browser loads"
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
        features += [f"wrap {binding.wrap}", f"wrap {binding.wrap} {kind}"]
        says += f", through a {binding.wrap}"
    if binding.in_string:
        features.append("in string")
        says += ", inside a string"
    return Aspect(says, tuple(features))


_FORM_TEXTS = {
    "assign": "assigned", "colon": "the value of a key", "arrow": "the value of a key", "default": "a default value",
    "pair": "the second of a pair", "list": "the next in a list", "call": "handed to a function",
    "compare": "compared with it", "element": "the text of an element", "value": "in a value attribute",
    "space": "the next word", "option": "an option of a command", "url": "a parameter of a URL",
    "prose": "in a sentence", "column": "in the column of that name",
    "table": "in the column of that name", "manifest": "an entry of a Kubernetes Secret",
    "connection-string": "in a connection string", "command-line": "on a command line", "sql": "in an SQL statement",
    "credential-file": "in a file of credentials", "login-argument": "handed to a function that logs in",
}  # fmt: skip


@lru_cache(maxsize=1024)
def _of_path(path: str) -> tuple[str, tuple[str, ...]]:
    ending = extension(path)
    kind = next((kind for kind, endings in _FILE_KINDS.items() if ending in endings), "other")
    if kind == "other" and is_code(path):
        kind = "code"
    elif not ending and path.rpartition("/")[2].upper() in _DOCUMENTS:
        kind = "prose"
    features = [f"file {kind}"]
    says = f"the file is {_FILE_TEXTS[kind]}"
    if _TEST_PATH.search(path):
        features += ["test", f"test {kind}"]
        says += " of a test"
    elif _SAMPLE_PATH.search(path):
        features.append("sample")
        says += " of an example or documentation"
    return says, tuple(features)


_TEST_PATH = re.compile(r"(?i)(?:^|[/_.\-])(?:tests?|specs?|testdata|fixtures?|mocks?|e2e|__tests__)(?:[/_.\-]|$)")
_SAMPLE_PATH = re.compile(r"(?i)(?:^|[/_.\-])(?:examples?|samples?|demos?|docs?|tutorials?|template|dist)(?:[/_.\-]|$)")


def is_of_test_or_example(path: str) -> bool:
    """Tell by the path of a file whether it is a test, an example or documentation."""
    return not {"test", "sample", "file prose"}.isdisjoint(_of_path(path)[1])


def chosen_by_a_test(binding: Binding, path: str) -> bool:
    """Tell whether a test made up the password, as `s3cret99` in a folder of tests: a random one was copied there."""
    if "test" not in _of_path(path)[1] or judge(binding.name).kind != "password":
        return False
    return not _is_random(binding.value) and len(binding.value) < _LONG_PASSWORD


_LONG_PASSWORD = 24  # characters


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
_DOCUMENTS = frozenset(  # files without an ending that are prose
    "README CHANGES CHANGELOG NEWS HISTORY AUTHORS INSTALL TODO FAQ LICENSE COPYING NOTICE CONTRIBUTING".split()
)
_FILE_TEXTS = {
    "prose": "prose",
    "data": "data",
    "settings": "settings",
    "shell": "a script",
    "code": "code",
    "other": "text",
}


@lru_cache(maxsize=8192)
def _is_random(value: bytes) -> bool:
    return is_random(value.decode("latin-1"))


@lru_cache(maxsize=16384)  # the same words stand beside the same names all over a code base
def _of_value(value: bytes, kind: str) -> tuple[Aspect, ...]:
    """Weigh a value by its length and alphabet, its letters, and what else it looks like."""
    text = value.decode("utf-8", "replace")
    rarity = bits_per_letter(text)
    random = _is_random(value)
    found = [_of_chance(value, kind)] if random else _of_letters(value, text, kind, rarity)
    marks = values.marks(value, rarity, random=random)
    found += (Aspect(says, (f"mark {mark}", f"mark {mark} {kind}")) for mark, says in marks)
    return tuple(found)


def _of_chance(value: bytes, kind: str) -> Aspect:
    """Say that a value is random: how long it is and of which characters tells little more."""
    size = len(value)
    written_in = alphabet(value)
    length = next(label for limit, label in _RANDOM_LENGTHS if size <= limit)
    says = f"{size} characters, {ALPHABETS[written_in]}, that look random"
    return Aspect(says, ("random", f"random {kind}", f"random {length}", f"random {written_in}"))


_RANDOM_LENGTHS = ((19, "12-19"), (39, "20-39"), (71, "40-71"), (199, "72-199"), (9999, "200-"))


def _of_letters(value: bytes, text: str, kind: str, rarity: float) -> list[Aspect]:
    size = len(text)
    length = next(label for limit, label in _LENGTHS if size <= limit)
    written_in = alphabet(value)
    letters = sum(map(len, _LETTERS.findall(value)))
    rare = _rarity_class(rarity, letters)
    entropy = values.shannon(value)
    fullness = entropy / math.log2(max(2, min(size, 64)))
    full = "full" if fullness > 0.93 else "even" if fullness > 0.84 else "uneven" if fullness > 0.7 else "poor"
    group = "long" if size >= 16 else "short"
    return [
        Aspect(
            f"{size} characters: {ALPHABETS[written_in]}",
            (f"length {length}", f"length {length} {kind}", f"alphabet {written_in}", f"alphabet {written_in} {kind}",
             f"alphabet {written_in} {length}"),
        ),
        Aspect(
            f"{_RARITIES[rare]} ({rarity:.1f} bits a letter, entropy {entropy:.1f} bits a character)",
            (f"letters {rare}", f"letters {rare} {group}", f"letters {rare} {kind}", f"letters {rare} {written_in}",
             f"letters {rare} {group} {kind}", f"entropy {full}", f"entropy {full} {group}"),
        ),
    ]  # fmt: skip


_LENGTHS = (
    (5, "4-5"), (7, "6-7"), (9, "8-9"), (11, "10-11"), (15, "12-15"), (19, "16-19"), (23, "20-23"), (31, "24-31"),
    (39, "32-39"), (47, "40-47"), (71, "48-71"), (127, "72-127"), (9999, "128-"),
)  # fmt: skip
_RARITIES = {
    "none": "no letters to judge by", "word": "reads like words", "near": "reads nearly like words",
    "odd": "reads oddly", "rare": "reads unlike words", "random": "the letters look random",
}  # fmt: skip


def _rarity_class(rarity: float, letters: int) -> str:
    if letters < 3:
        return "none"
    return next(label for limit, label in _RARITY_LIMITS if rarity <= limit)


_RARITY_LIMITS = ((3.7, "word"), (4.4, "near"), (5.1, "odd"), (5.8, "rare"), (99.0, "random"))
_LETTERS = re.compile(rb"[A-Za-z]+")
