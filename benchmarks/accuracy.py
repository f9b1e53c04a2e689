"""Measure how many labelled credentials keytrace finds, and how much else it reports.

    python benchmarks/accuracy.py LABELLED.jsonl.gz [--min-confidence medium] [--groups 5] [--list fp|fn]

One JSON record a line and file: {"file": path, "labels": [[label, first line, last line, value start, value end,
category, kind of value], ...], "lines": {"12": text, ...}}. Labels: T a credential, F none, X a placeholder or an
example; the kind may be left out. A credential with a value of the kind `stand-in` (password: test) counts neither way.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from keytrace import Confidence, Finding, scan
from keytrace.config import Config
from keytrace.model import Location

IDENTIFIERS = frozenset(
    {"UUID", "Nonce", "Salt", "AWS S3 Bucket", "Firebase Domain", "Tencent WeChat API App ID"}
)  # found or not, they count neither way
STAND_IN = "stand-in"  # nor does this kind of value
Place = tuple[str, int]  # file and first line


@dataclass
class Truth:
    """What the labels say. A credential is known by the place where it starts; `lines` leads there."""

    credentials: dict[Place, set[str]] = field(default_factory=dict)  # with their categories
    lines: dict[Place, Place] = field(default_factory=dict)
    identifiers: set[Place] = field(default_factory=set)
    kinds: dict[Place, str] = field(default_factory=dict)  # of the values, if the labels say so


@dataclass
class Score:
    """What a scan made of it: the rules that found each credential, and the rule of each false alarm."""

    credentials: set[Place]
    found: dict[Place, set[str]] = field(default_factory=lambda: defaultdict(set))
    false_alarms: dict[Place, str] = field(default_factory=dict)

    @property
    def precision(self) -> float:
        return len(self.found) / max(1, len(self.found) + len(self.false_alarms))

    @property
    def recall(self) -> float:
        return len(self.found) / max(1, len(self.credentials))

    @property
    def f1(self) -> float:
        return 2 * len(self.found) / max(1, len(self.found) + len(self.false_alarms) + len(self.credentials))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labelled", type=Path)
    parser.add_argument("--min-confidence", choices=[level.label for level in Confidence], default="medium",
                        help="of the tables by category and by rule, and of the list")  # fmt: skip
    parser.add_argument("--groups", type=int, default=5, help="of repositories, for the spread of F1")
    parser.add_argument("--list", choices=["fp", "fn"], dest="listed", help="only list false alarms or what is missed")
    arguments = parser.parse_args()
    with gzip.open(arguments.labelled, "rt", encoding="utf-8") as stream:
        records = [json.loads(line) for line in stream]
    truth = read_labels(records)
    with tempfile.TemporaryDirectory() as folder:
        write_files(records, Path(folder))
        findings = scan([folder], config=Config(min_confidence=Confidence.LOW, cached=False)).active
    scores = {
        level: judge(truth, [finding for finding in findings if finding.confidence >= level]) for level in Confidence
    }
    score = scores[Confidence[arguments.min_confidence.upper()]]
    if arguments.listed == "fp":
        for (file, line), rule in sorted(score.false_alarms.items()):
            print(f"{file}:{line}: {rule}")
    elif arguments.listed == "fn":
        for file, line in sorted(score.credentials - set(score.found)):
            print(f"{file}:{line}: {', '.join(sorted(truth.credentials[file, line]))}")
    else:
        print_overview(scores, arguments.groups)
        print_by_category(truth, score)
        print_by_rule(score)


def read_labels(records: Iterable[dict[str, Any]]) -> Truth:
    truth = Truth()
    for record in records:
        file = record["file"]
        for label, first, last, _, _, category, *kind in record["labels"]:
            if label != "T":
                continue
            categories = set(category.split(":"))
            lines = [(file, number) for number in range(first, last + 1)]
            if categories <= IDENTIFIERS or kind == [STAND_IN]:
                truth.identifiers.update(lines)
                continue
            truth.credentials.setdefault((file, first), set()).update(categories)
            truth.kinds.update({(file, first): kind[0]} if kind else {})
            for line in lines:
                truth.lines.setdefault(line, (file, first))
    return truth


def write_files(records: Iterable[dict[str, Any]], folder: Path) -> None:
    """Write the files at their length, lines that are not given left blank, so that line numbers hold."""
    for record in records:
        file = folder / record["file"]
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = {int(number): text for number, text in record["lines"].items()}
        content = "".join(f"{lines.get(number, '')}\n" for number in range(1, max(lines) + 1))
        file.write_bytes(content.encode("utf-8", "surrogatepass"))


def lines_of(location: Location) -> list[Place]:
    region = location.region
    return [(location.provenance.path, number) for number in range(region.start_line, region.end_line + 1)]


def judge(truth: Truth, findings: Iterable[Finding]) -> Score:
    score = Score(set(truth.credentials))
    for finding in findings:
        touched, parts = lines_of(finding.location), [line for part in finding.related for line in lines_of(part)]
        credentials = {truth.lines[line] for line in touched if line in truth.lines}
        for place in credentials | {truth.lines[line] for line in parts if line in truth.lines}:
            score.found[place].add(finding.rule_id)
        if not credentials and truth.identifiers.isdisjoint(touched):
            score.false_alarms.setdefault(touched[0], finding.rule_id)
    return score


def spread(score: Score, groups: int) -> tuple[float, float]:
    """Return mean and standard deviation of F1 over groups of repositories; the first folder is the repository."""
    repositories = sorted({file.partition("/")[0] for file, _ in [*score.credentials, *score.false_alarms]})
    group_of = {repository: number % groups for number, repository in enumerate(repositories)}
    parts = [Score(set()) for _ in range(groups)]
    for place in score.credentials:
        parts[group_of[place[0].partition("/")[0]]].credentials.add(place)
    for place, rules in score.found.items():
        parts[group_of[place[0].partition("/")[0]]].found[place] = rules
    for place, rule in score.false_alarms.items():
        parts[group_of[place[0].partition("/")[0]]].false_alarms[place] = rule
    values = [part.f1 for part in parts if part.credentials]
    return mean(values), stdev(values) if len(values) > 1 else 0.0


def print_overview(scores: dict[Confidence, Score], groups: int) -> None:
    print(f"| min. confidence | found | of | false alarms | precision | recall | F1 | F1 in {groups} groups |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for level, score in scores.items():
        middle, deviation = spread(score, groups)
        print(
            f"| {level.label} | {len(score.found)} | {len(score.credentials)} | {len(score.false_alarms)} "
            f"| {score.precision:.3f} | {score.recall:.3f} | {score.f1:.3f} | {middle:.3f} ± {deviation:.3f} |"
        )


def print_by_category(truth: Truth, score: Score) -> None:
    total = Counter(category for categories in truth.credentials.values() for category in categories)
    found = Counter(category for place in score.found for category in truth.credentials[place])
    print("\n| category | found | of |\n|---|--:|--:|")
    for category, count in total.most_common():
        print(f"| {category} | {found[category]} | {count} |")
    kinds = Counter(truth.kinds[place] for place in score.found if place in truth.kinds)
    print("\n| kind of value | found | of |\n|---|--:|--:|")
    for kind, count in Counter(truth.kinds.values()).most_common():
        print(f"| {kind} | {kinds[kind]} | {count} |")


def print_by_rule(score: Score) -> None:
    found = Counter(rule for rules in score.found.values() for rule in rules)
    false_alarms = Counter(score.false_alarms.values())
    print("\n| rule | credentials found | false alarms |\n|---|--:|--:|")
    for rule, _ in (found + false_alarms).most_common():
        print(f"| {rule} | {found[rule]} | {false_alarms[rule]} |")


if __name__ == "__main__":
    main()
