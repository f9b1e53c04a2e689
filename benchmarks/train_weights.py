"""Train scoring/weights.json: how much each piece of evidence about a named value counts.

    pip install scikit-learn
    python benchmarks/train_weights.py LABELLED.jsonl.gz [--clean FOLDER ...] [--folds 10] [--write]

A logistic model over the features of scoring/weigh.py, with little freedom (L2), trained on the candidates that the
keyword analyzer finds: in the labelled set (its format is in benchmarks/README.md), and in folders of published source
in which nearly no candidate is a secret. The figures printed come from models that never saw the repository they
judge. Deterministic: the same files give the same weights.
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
from pathlib import Path
from statistics import mean, stdev
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from accuracy import Score, Truth, judge, read_labels, write_files
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
from keytrace.text.document import Document
from keytrace.text.encoding import decode

STRENGTH = 1.0  # of the data against the wish for small weights
THOUGHT_OF_WEIGHT = 0.5  # of a password as people make them, in the place of a real one: the labelled set has none, its
# authors put random letters in their place
OWN_WEIGHT, SAMPLE_WEIGHT = 0.5, 0.1  # of a sample of a rule for named values, of another rule
CLEAN_WEIGHT = 0.5  # of a candidate in a clean folder: a few of them are secrets after all
# Least share of real secrets among the labelled candidates that score at least so much, by level.
LEVELS = {"low": 0.40, "medium": 0.80, "high": 0.95}


@dataclass
class Candidates:
    """Features, truth, weight and repository of each candidate."""

    features: list[tuple[str, ...]]
    real: list[bool]
    weight: list[float]
    group: list[str]

    def add(self, features: tuple[str, ...], *, real: bool, weight: float, group: str) -> None:
        self.features.append(features)
        self.real.append(real)
        self.weight.append(weight)
        self.group.append(group)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labelled", type=Path)
    parser.add_argument(
        "--clean", type=Path, action="append", default=[], help="a folder of published source; repeatable"
    )
    parser.add_argument("--folds", type=int, default=10)
    parser.add_argument("--write", action="store_true", help=f"write {scoring.WEIGHTS.name}")
    arguments = parser.parse_args()
    candidates = Candidates([], [], [], [])
    with gzip.open(arguments.labelled, "rt", encoding="utf-8") as stream:
        records = [json.loads(line) for line in stream]
    truth = read_labels(records)
    for record in records:
        lines = {int(number): text for number, text in record["lines"].items()}
        text = "".join(f"{lines.get(number, '')}\n" for number in range(1, max(lines) + 1))
        add_labelled(candidates, record["file"], text.encode("utf-8", "surrogatepass"), truth)
    add_samples(candidates)
    for folder in arguments.clean:
        add_clean(candidates, folder)
    labelled = np.array(candidates.weight) == 1.0
    print(f"{labelled.sum():,} labelled candidates, {(labelled & np.array(candidates.real)).sum():,} of them real")
    scores = cross_validate(candidates, records, arguments.folds)
    levels = choose_levels(scores[labelled], np.array(candidates.real)[labelled])
    print("scores of the levels:", levels)
    if arguments.write:
        vectorizer, model = fit(candidates, np.arange(len(candidates.real)))
        kept = as_weights(vectorizer, model)
        text = json.dumps({"levels": levels, "weights": kept}, indent=0, ensure_ascii=True)
        scoring.WEIGHTS.write_text(text + "\n", "ascii")
        print(f"{scoring.WEIGHTS.name}: {len(kept)} weights")


class Reader:
    """Finds the candidates of a document as a scan does."""

    def __init__(self) -> None:
        self._analyzer = KeywordAnalyzer(tuple(rule for rule in load_builtin().rules if rule.analyzer == "keyword"))
        self._index = build_index(self._analyzer.triggers)

    def candidates(self, path: str, data: bytes) -> Iterator[tuple[Document, scoring.Binding]]:
        document = Document(FileProvenance(path), data)
        for _, binding in self._analyzer.bindings(document, self._index.scan(data)):
            if not scoring.impossible(binding):
                yield document, binding


READER = Reader()


def features(binding: scoring.Binding, path: str) -> tuple[str, ...]:
    return tuple(feature for aspect in scoring.aspects(binding, path) for feature in aspect.features)


def add_labelled(candidates: Candidates, path: str, data: bytes, truth: Truth) -> None:
    chance = random.Random(path)
    for document, binding in READER.candidates(path, data):
        region = document.region(binding.first, binding.last)
        places = [(path, number) for number in range(region.start_line, region.end_line + 1)]
        real = any(place in truth.lines for place in places)
        if real or truth.identifiers.isdisjoint(places):
            candidates.add(features(binding, path), real=real, weight=1.0, group=path.partition("/")[0])
        if real and judge_name(binding.name).kind == "password" and len(binding.value) < 16:
            for thought_of, where in thought_of_passwords(binding, path, chance):
                if not scoring.impossible(thought_of):
                    group = path.partition("/")[0]
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
                candidates.add(
                    features(binding, "file"), real=real, weight=OWN_WEIGHT if own else SAMPLE_WEIGHT, group="samples"
                )


def add_clean(candidates: Candidates, folder: Path) -> None:
    seen: set[tuple[str, bytes]] = set()
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for path in (Path(parent, name) for name in sorted(names)):
            data = decode(path.read_bytes()) if path.is_file() and path.stat().st_size < 5_000_000 else None
            name = path.relative_to(folder).as_posix()
            for _, binding in READER.candidates(name, data) if data else ():
                if (binding.name, binding.value) not in seen:
                    seen.add((binding.name, binding.value))
                    candidates.add(
                        features(binding, name),
                        real=False,
                        weight=CLEAN_WEIGHT,
                        group="clean " + name.partition("/")[0],
                    )


def fit(candidates: Candidates, rows: np.ndarray) -> tuple[DictVectorizer, LogisticRegression]:
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([dict.fromkeys(candidates.features[row], 1.0) for row in rows])
    model = LogisticRegression(C=STRENGTH, max_iter=2000)
    model.fit(matrix, np.array(candidates.real)[rows], sample_weight=np.array(candidates.weight)[rows])
    return vectorizer, model


def cross_validate(candidates: Candidates, records: list[dict[str, Any]], folds: int) -> np.ndarray:
    """Return the score of each candidate by a model that saw nothing of its repository; print what such models find."""
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
    real, weight = np.array(candidates.real), np.array(candidates.weight)
    labelled = weight == 1.0
    print("| score at least | real found | others, labelled | others, clean |\n|--:|--:|--:|--:|")
    for limit in (-3, -2, -1, 0, 1, 2, 3, 4):
        over = scores >= limit
        print(
            f"| {limit} | {(over & real & labelled).sum()} | {(over & ~real & labelled).sum()} "
            f"| {(over & ~real & ~labelled).sum()} |"
        )
    levels = choose_levels(scores[labelled], real[labelled])
    print_unseen(records, models, levels, lambda repository: fold_of.get(repository, 0))
    return scores


def print_unseen(
    records: list[dict[str, Any]],
    models: list[dict[str, float]],
    levels: dict[str, float],
    fold_of: Callable[[str], int],
) -> None:
    """Print what each model finds in the repositories that it never saw, as a whole scan."""
    parts: list[dict[Confidence, Score]] = []
    total: Counter[str] = Counter()
    found_at: dict[Confidence, Counter[str]] = {level: Counter() for level in Confidence}
    for number, weights in enumerate(models):
        unseen = [record for record in records if fold_of(record["file"].partition("/")[0]) == number]
        with TemporaryDirectory() as folder:
            scoring.use_model({"levels": levels, "weights": weights})
            write_files(unseen, Path(folder))
            findings = scan([folder], config=Config(min_confidence=Confidence.LOW, jobs=1)).active
        truth = read_labels(unseen)
        total.update(category for categories in truth.credentials.values() for category in categories)
        part = {
            level: judge(truth, [finding for finding in findings if finding.confidence >= level])
            for level in Confidence
        }
        for level, score in part.items():
            found_at[level].update(category for place in score.found for category in truth.credentials[place])
        parts.append(part)
    print("| level, repositories never seen | found | of | false alarms | precision | recall | F1 | F1 by fold |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for level in Confidence:
        found, of, wrong = (
            sum(len(getattr(part[level], name)) for part in parts) for name in ("found", "credentials", "false_alarms")
        )
        values = [part[level].f1 for part in parts if part[level].credentials]
        print(f"| {level.label} | {found} | {of} | {wrong} | {found / (found + wrong):.3f} | {found / of:.3f} "
              f"| {2 * found / (found + wrong + of):.3f} | {mean(values):.3f} ± {stdev(values):.3f} |")  # fmt: skip
    print(
        "\n| category, repositories never seen | of | found, low | found, medium | found, high |\n|---|--:|--:|--:|--:|"
    )
    for category, count in total.most_common():
        print(f"| {category} | {count} | " + " | ".join(str(found_at[level][category]) for level in Confidence) + " |")


def as_weights(vectorizer: DictVectorizer, model: LogisticRegression) -> dict[str, float]:
    """Return the weight of each feature that has one worth keeping."""
    weights = dict(zip(vectorizer.get_feature_names_out(), map(float, model.coef_[0]), strict=True))
    weights["base"] = weights.get("base", 0.0) + float(model.intercept_[0])
    return {name: round(weight, 2) for name, weight in sorted(weights.items()) if abs(weight) >= 0.02}


def choose_levels(scores: np.ndarray, real: np.ndarray) -> dict[str, float]:
    """Return the least score of each level: from there on upwards, a candidate is real at least so often (LEVELS)."""
    levels = {}
    for name, share in LEVELS.items():
        for limit in np.arange(-3.0, 6.0, 0.1):
            near = (scores >= limit - 0.5) & (scores < limit + 0.5)
            if near.any() and real[near].mean() >= share:
                levels[name] = round(float(limit), 1)
                break
    return levels


if __name__ == "__main__":
    main()
