"""Train scoring/weights.json: how much each piece of evidence about a named value counts.

    pip install scikit-learn
    python benchmarks/train_weights.py LABELLED.jsonl.gz ... [--clean FOLDER ...] [--folds 10] [--write]

A logistic model over the features of scoring/weigh.py, with little freedom (L2), trained on the candidates that the
keyword analyzer finds: in the labelled sets (their format is in benchmarks/README.md; a set that comes first counts
most, of another only what differs counts, and less), in folders of published source in which nearly no candidate that
is no random value is a secret, and in made lines with random values and with numbers. The figures printed come from
models that never saw the repository they judge. Deterministic: the same files give the same weights.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import re
import string
import sysconfig
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path
from statistics import mean, stdev
from tempfile import TemporaryDirectory
from typing import Any

import chance as chances
import numpy as np
from accuracy import Place, Score, Truth, judge, read_labels, write_files
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from keytrace import Confidence, scan
from keytrace.analyzers.keyword import KeywordAnalyzer
from keytrace.config import Config
from keytrace.match.multipattern import build_index
from keytrace.model import FileProvenance, Severity
from keytrace.names.lexicon import judge as judge_name
from keytrace.rules.load import load_builtin
from keytrace.scoring import weigh as scoring
from keytrace.scoring.impossible import impossible
from keytrace.scoring.rarity import is_random
from keytrace.text.document import Document
from keytrace.text.encoding import decode

STRENGTH = 1.0  # of the data against the wish for small weights
FURTHER_WEIGHT = 0.5  # of what another labelled set has on the same lines
THOUGHT_OF_WEIGHT = 0.05  # of a password as people make them, in the place of a real one
OWN_WEIGHT, SAMPLE_WEIGHT = 0.5, 0.1  # of a sample of a rule for named values, of another rule
CLEAN_WEIGHT = 0.05  # of a candidate in a clean folder: many, and a few of them are secrets after all
CHANCE_WEIGHT = 0.5  # of a made line
PRIORS = {"name shipped": 0.5}  # what no labelled line tells: a value that every browser loads is worth a look
# What stands around a value speaks for a secret or against one, never the other way round by the chance of the sets.
# A folder of tests never speaks for one, though the sets' labels hold there, too.
SIGNS = {
    "test": -1, "user": 1, "host": 1, "login": 1, "labels": -1, "schema": -1, "checked": -1, "locale": -1, "same": -1
}  # fmt: skip
# Least share of real secrets among the labelled candidates that score at least so much, in the third of the
# repositories where it is smallest.
LEVELS = {"low": 0.70, "medium": 0.81, "high": 0.88}


@dataclass
class Candidates:
    """Features, truth, weight and repository of each candidate, and whether a label of the first set says the truth."""

    features: list[tuple[str, ...]]
    real: list[bool]
    weight: list[float]
    group: list[str]
    labelled: list[bool]

    def add(self, features: tuple[str, ...], *, real: bool, weight: float, group: str, labelled: bool = False) -> None:
        self.features.append(features)
        self.real.append(real)
        self.weight.append(weight)
        self.group.append(group)
        self.labelled.append(labelled)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labelled", type=Path, nargs="+")
    parser.add_argument(
        "--clean", type=Path, action="append", default=[], help="a folder of published source; repeatable"
    )
    parser.add_argument("--folds", type=int, default=10)
    parser.add_argument("--write", action="store_true", help=f"write {scoring.WEIGHTS.name}")
    arguments = parser.parse_args()
    candidates = Candidates([], [], [], [], [])
    sets: dict[str, list[dict[str, Any]]] = {}
    for file in arguments.labelled:
        with gzip.open(file, "rt", encoding="utf-8") as stream:
            sets[file.name] = [json.loads(line) for line in stream]
    seen: set[tuple[str, int, bytes]] = set()
    for number, records in enumerate(sets.values()):
        truth = read_labels(records)
        for record in records:
            text = text_of(record).encode("utf-8", "surrogatepass")
            add_labelled(candidates, record["file"], text, truth, FURTHER_WEIGHT if number else 1.0, seen)
    add_samples(candidates)
    add_chance(candidates)
    for folder in arguments.clean:
        add_clean(candidates, folder)
    labelled, real = np.array(candidates.labelled), np.array(candidates.real)
    print(f"{labelled.sum():,} labelled candidates, {(labelled & real).sum():,} of them real")
    levels = cross_validate(candidates, sets, arguments.folds)
    print("scores of the levels:", levels)
    if arguments.write:
        vectorizer, model = fit(candidates, np.arange(len(candidates.real)))
        kept = as_weights(vectorizer, model)
        text = json.dumps({"levels": levels, "weights": kept}, indent=0, ensure_ascii=True)
        scoring.WEIGHTS.write_text(text + "\n", "ascii")
        print(f"{scoring.WEIGHTS.name}: {len(kept)} weights")


def text_of(record: dict[str, Any]) -> str:
    """Return a file at its length, lines that are not given left blank."""
    lines = {int(number): text for number, text in record["lines"].items()}
    return "".join(f"{lines.get(number, '')}\n" for number in range(1, max(lines) + 1))


class Reader:
    """Finds the candidates of a document as a scan does."""

    def __init__(self) -> None:
        self._analyzer = KeywordAnalyzer(tuple(rule for rule in load_builtin().rules if rule.analyzer == "keyword"))
        self._index = build_index(self._analyzer.triggers)

    def candidates(self, path: str, data: bytes) -> Iterator[tuple[Document, scoring.Binding]]:
        document = Document(FileProvenance(path), data)
        for _, binding in self._analyzer.bindings(document, self._index.scan(data)):
            if not impossible(binding):
                yield document, binding


READER = Reader()


def features(binding: scoring.Binding, path: str, data: bytes = b"") -> tuple[str, ...]:
    return tuple(feature for aspect in scoring.aspects(binding, path, data) for feature in aspect.features)


def add_labelled(
    candidates: Candidates, path: str, data: bytes, truth: Truth, weight: float, seen: set[tuple[str, int, bytes]]
) -> None:
    chance = random.Random(path)
    group = path.partition("/")[0]
    for document, binding in READER.candidates(path, data):
        region = document.region(binding.first, binding.last)
        if (path, region.start_line, binding.value) in seen:
            continue
        seen.add((path, region.start_line, binding.value))
        places = [(path, number) for number in range(region.start_line, region.end_line + 1)]
        real = any(place in truth.lines for place in places)
        if real or truth.identifiers.isdisjoint(places):
            candidates.add(features(binding, path, data), real=real, weight=weight, group=group, labelled=weight == 1.0)
        if real and judge_name(binding.name).kind == "password" and len(binding.value) < 16:
            for thought_of, where in thought_of_passwords(binding, path, chance):
                if not impossible(thought_of):
                    candidates.add(features(thought_of, where), real=True, weight=THOUGHT_OF_WEIGHT, group=group)


def thought_of_passwords(
    binding: scoring.Binding, path: str, chance: random.Random
) -> Iterator[tuple[scoring.Binding, str]]:
    """Yield the binding with a password as people make them, there and in another form and kind of file, and with one
    as a password manager makes them.
    """
    yield replace(binding, value=password(chance)), path
    yield replace(binding, value="".join(chance.choices(BASE62, k=chance.randint(14, 40))).encode()), path
    form, quoted, where = chance.choice(FORMS)
    in_string = form in ("pair", "list", "colon", "arrow") and quoted
    yield (
        replace(binding, value=password(chance), form=form, quoted=quoted, wrap="", in_string=in_string, comment=False),
        where,
    )


FORMS = (
    ("pair", True, "App.java"), ("pair", True, "app.php"), ("space", True, "build.gradle"), ("space", True, "main.c"),
    ("element", False, "settings.xml"), ("value", True, "web.config"), ("space", False, "Dockerfile"),
    ("arrow", True, "app.rb"), ("call", True, "App.kt"), ("colon", True, "app.json"), ("default", True, "app.js"),
    ("default", False, "docker-compose.yml"), ("option", False, "run.sh"), ("compare", True, "app.py"),
    ("assign", False, ".env"), ("colon", False, "values.yaml"), ("assign", True, "main.tf"),
    ("assign", False, "my.cnf"),
)  # fmt: skip


BASE62 = string.digits + string.ascii_letters


@cache
def words() -> list[str]:
    """Return the words of five to eight letters in the source of the standard library."""
    found: set[str] = set()
    for file in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")):
        found.update(re.findall(r"(?<![A-Za-z])[a-z]{5,8}(?![A-Za-z])", file.read_text("utf-8", "replace")))
    return sorted(found)


def password(chance: random.Random) -> bytes:
    """Return a password as people make them: words, digits and a sign, one of them where rules ask for it."""
    word, other = chance.choice(words()), chance.choice(words())
    digits = chance.choice(
        [str(chance.randint(2, 9)), str(chance.randint(10, 99)), str(chance.randint(1970, 2026)), "123"]
    )
    sign = chance.choice("!@#$%.&*?")
    makes = (
        word + digits, word.title() + digits, word.title() + digits + sign, word.title() + sign + digits,
        word + sign + other + digits, word.replace("e", "3").replace("o", "0").title() + digits + sign,
    )  # fmt: skip
    return chance.choice(makes).encode()


def add_samples(candidates: Candidates) -> None:
    """Add the samples of our own rules: formats and names of which the labelled set has few or none."""
    for rule in load_builtin().rules:
        own = rule.analyzer == "keyword"
        samples = [(text, True) for text in rule.examples if rule.severity > Severity.INFO]
        samples += [(text, False) for text in rule.negative_examples if own]
        for text, real in samples:
            for _, binding in READER.candidates("file", text.encode()):
                weight = OWN_WEIGHT if own else SAMPLE_WEIGHT
                candidates.add(features(binding, "file", text.encode()), real=real, weight=weight, group="samples")


def add_chance(candidates: Candidates) -> None:
    """Add lines with random values, and with numbers, under usual names in many syntaxes."""
    chance = random.Random(0)
    named = list(product(chances.SYNTAXES.values(), chances.NAMES * 2))
    decoded = list(product(chances.DECODED.values(), chances.NAMES_OF_DECODED * 2))
    for makers, real, places in (
        (chances.SECRETS, True, named), (chances.OTHERS, False, named), (chances.HASHES, True, decoded),
    ):  # fmt: skip
        for make, ((path, text), name) in product(makers.values(), places):
            value = make(chance)
            data = text.format(name=name, value=value).encode()
            for _, binding in READER.candidates(path, data):
                if binding.value == value.encode():
                    found = features(binding, path, data)
                    candidates.add(found, real=real, weight=CHANCE_WEIGHT, group="chance")


def add_clean(candidates: Candidates, folder: Path) -> None:
    """Add what is no secret in published source: all but random values, which may well be one, and tests."""
    seen: set[tuple[str, bytes]] = set()
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for path in (Path(parent, name) for name in sorted(names)):
            name = path.relative_to(folder).as_posix()
            if IN_TEST.search(name) or not path.is_file() or path.stat().st_size > 3_000_000:
                continue
            data = decode(path.read_bytes())
            for _, binding in READER.candidates(name, data) if data else ():
                promised = judge_name(binding.name).is_secret and is_random(binding.value.decode("latin-1"))
                if not promised and (binding.name, binding.value) not in seen:
                    seen.add((binding.name, binding.value))
                    found = features(binding, name, data or b"")
                    candidates.add(found, real=False, weight=CLEAN_WEIGHT, group="clean " + name.partition("/")[0])


IN_TEST = re.compile(
    r"(?i)(?:^|[/_.\-])(?:tests?|t|specs?|testing|fixtures?|mocks?|examples?|samples?|demos?|docs?)(?:[/_.\-]|$)"
)


def fit(candidates: Candidates, rows: np.ndarray) -> tuple[DictVectorizer, LogisticRegression]:
    """Fit a model, and again without what it got the wrong way round."""
    wrong: set[str] = set()
    while True:
        vectorizer = DictVectorizer()
        matrix = vectorizer.fit_transform([dict.fromkeys(set(candidates.features[row]) - wrong, 1.0) for row in rows])
        model = LogisticRegression(C=STRENGTH, max_iter=2000)
        model.fit(matrix, np.array(candidates.real)[rows], sample_weight=np.array(candidates.weight)[rows])
        weights = zip(vectorizer.get_feature_names_out(), model.coef_[0], strict=True)
        more = {name for name, weight in weights if weight * SIGNS.get(beside(name), 0) < 0}
        if not more:
            return vectorizer, model
        wrong |= more


def beside(feature: str) -> str:
    """Return what stands around a value, of a feature that says so."""
    first, *rest = feature.split()
    return first if first == "test" else rest[0] if first == "beside" else ""


def cross_validate(candidates: Candidates, sets: dict[str, list[dict[str, Any]]], folds: int) -> dict[str, float]:
    """Print what models find in repositories that they never saw; return the levels that their scores ask for."""
    groups = sorted(set(candidates.group))
    order = np.random.RandomState(0).permutation(len(groups))
    fold_of = {groups[place]: number % folds for number, place in enumerate(order)}
    fold = np.array([fold_of[group] for group in candidates.group])
    scores = np.zeros(len(fold))
    models = []
    for number in range(folds):
        vectorizer, model = fit(candidates, np.flatnonzero(fold != number))
        rows = np.flatnonzero(fold == number)
        scores[rows] = model.decision_function(
            vectorizer.transform([dict.fromkeys(candidates.features[row], 1.0) for row in rows])
        )
        models.append(as_weights(vectorizer, model))
    real, labelled = np.array(candidates.real), np.array(candidates.labelled)
    print("| score at least | real found | others, labelled | others, not labelled |\n|--:|--:|--:|--:|")
    for limit in (-3, -2, -1, 0, 1, 2, 3, 4):
        over = scores >= limit
        print(
            f"| {limit} | {(over & real & labelled).sum()} | {(over & ~real & labelled).sum()} "
            f"| {(over & ~real & ~labelled).sum()} |"
        )
    levels = choose_levels(scores[labelled], real[labelled], np.array(candidates.group)[labelled])
    for name, records in sets.items():
        print(f"\n{name}, by models that never saw the repository:\n")
        print_unseen(records, models, levels, lambda repository: fold_of.get(repository, 0))
    return levels


def print_unseen(
    records: list[dict[str, Any]],
    models: list[dict[str, float]],
    levels: dict[str, float],
    fold_of: Callable[[str], int],
) -> None:
    """Print what each model finds in the repositories that it never saw, as a whole scan."""
    parts: list[dict[Confidence, Score]] = []
    for number, weights in enumerate(models):
        unseen = [record for record in records if fold_of(record["file"].partition("/")[0]) == number]
        with TemporaryDirectory() as folder:
            scoring.use_model({"levels": levels, "weights": weights})
            write_files(unseen, Path(folder))
            findings = scan([folder], config=Config(min_confidence=Confidence.LOW, jobs=1, cached=False)).active
        truth = read_labels(unseen)
        parts.append(
            {level: judge(truth, [found for found in findings if found.confidence >= level]) for level in Confidence}
        )
    print("| level | found | of | false alarms | precision | recall | F1 | F1 by fold |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for level in Confidence:
        found, of, wrong = (
            sum(len(getattr(part[level], name)) for part in parts) for name in ("found", "credentials", "false_alarms")
        )
        values = [part[level].f1 for part in parts if part[level].credentials]
        print(f"| {level.label} | {found} | {of} | {wrong} | {found / (found + wrong):.3f} | {found / of:.3f} "
              f"| {2 * found / (found + wrong + of):.3f} | {mean(values):.3f} ± {stdev(values):.3f} |")  # fmt: skip
    truth = read_labels(records)
    for title, kinds_of in (("category", truth.credentials), ("kind", truth.kinds)):
        print_by_kind(title, {place: set_of(kinds) for place, kinds in kinds_of.items()}, parts)


def set_of(kinds: str | set[str]) -> set[str]:
    return {kinds} if isinstance(kinds, str) else kinds


def print_by_kind(title: str, kinds: dict[Place, set[str]], parts: list[dict[Confidence, Score]]) -> None:
    found = {
        level: Counter(kind for part in parts for place in part[level].found for kind in kinds.get(place, ()))
        for level in Confidence
    }
    print(f"\n| {title} | of | found, low | found, medium | found, high |\n|---|--:|--:|--:|--:|")
    for kind, count in Counter(kind for of in kinds.values() for kind in of).most_common(20):
        print(f"| {kind} | {count} | " + " | ".join(str(found[level][kind]) for level in Confidence) + " |")


def as_weights(vectorizer: DictVectorizer, model: LogisticRegression) -> dict[str, float]:
    """Return the weight of each feature that has one worth keeping."""
    weights = dict(zip(vectorizer.get_feature_names_out(), map(float, model.coef_[0]), strict=True))
    weights["base"] = weights.get("base", 0.0) + float(model.intercept_[0])
    weights.update(PRIORS)
    return {name: round(weight, 2) for name, weight in sorted(weights.items()) if abs(weight) >= 0.02}


def choose_levels(scores: np.ndarray, real: np.ndarray, groups: np.ndarray) -> dict[str, float]:
    """Return the least score of each level, by the share that is real in the worst third of the repositories."""
    limits = [round(float(limit), 1) for limit in np.arange(-3.0, 6.0, 0.1)]
    shares = {limit: worst_third(real[scores >= limit], groups[scores >= limit]) for limit in limits}
    return {name: next(limit for limit in limits if shares[limit] >= share) for name, share in LEVELS.items()}


def worst_third(real: np.ndarray, groups: np.ndarray) -> float:
    counts = [(real[groups == group].sum(), (groups == group).sum()) for group in sorted(set(groups))]
    worst = sorted(counts, key=lambda count: (count[0] / count[1], -count[1]))[: max(1, len(counts) // 3)]
    return float(sum(count[0] for count in worst) / max(1, sum(count[1] for count in worst)))


if __name__ == "__main__":
    main()
