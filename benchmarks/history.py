"""Time a scan of git history beside other scanners, or compare it with a scan of every version of every file.

    python benchmarks/history.py REPOSITORY ... [--rounds 3]
    python benchmarks/history.py REPOSITORY ... --whole

`keytrace history` looks at new lines with some around. `--whole` looks at each blob as it is, which takes many times
as long, and lists what only one of the two finds: rule and path.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median

from peers import call

from keytrace import executors
from keytrace.config import Config
from keytrace.history import scan_history
from keytrace.model import Artifact, CommitProvenance, Confidence, Severity
from keytrace.sources.commits import Span
from keytrace.sources.history import HistorySource, blobs
from keytrace.sources.version import HistoryArtifact

# {path} is the repository, {report} a file for the report. All stay offline.
COMMANDS = {
    "keytrace": "keytrace history -q --exit-zero -f json -o {report}",
    "kingfisher": "kingfisher scan {path} --git-history full --no-validate --no-update-check -f json -o {report}",
    "betterleaks": "betterleaks git {path}",
    "gitleaks": "gitleaks git {path} --no-banner --exit-code 0 --report-format json --report-path {report}",
}

Found = dict[tuple[str, bytes], str]  # (rule, value) -> path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", type=Path, metavar="REPOSITORY")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--whole", action="store_true", help="compare with a scan of every version of every file")
    arguments = parser.parse_args()
    for repository in map(Path.resolve, arguments.repositories):
        if arguments.whole:
            compare(repository)
        else:
            measure(repository, arguments.rounds)


def measure(repository: Path, rounds: int) -> None:
    print(f"\n{repository}\n\n| | median wall s | peak MB | exit code |\n|---|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as temporary:
        for name, text in COMMANDS.items():
            if shutil.which(name) is None:
                continue
            words = text.format(path=repository, report=Path(temporary, name)).split()
            words = ["env", "-C", str(repository), *words]
            memory = call(words, sample_memory=True)
            costs = [call(words) for _ in range(rounds)]
            seconds = median(cost.seconds for cost in costs)
            print(f"| {name} | {seconds:.2f} | {memory.peak_bytes / 1e6:.0f} | {costs[0].exit_code} |")


def compare(repository: Path) -> None:
    config = Config(use_baseline=False, follow_uses=False, min_severity=Severity.INFO, min_confidence=Confidence.LOW)
    report = scan_history(str(repository), config)
    values = {finding.secret.value for finding in report.findings if finding.confidence > Confidence.LOW}
    whole = {value: place for (_, value), place in by_blobs(repository, config).items()}
    print(f"\n{repository}: {len(values)} values in new lines, {len(whole)} in whole versions")
    for value, place in whole.items():
        if value not in values:
            print(f"  only in whole versions: {place}")
    for finding in report.findings:
        if finding.secret.value in values - whole.keys():
            print(f"  only in new lines: {finding.rule_id} {finding.location.provenance.path}")


def by_blobs(repository: Path, config: Config) -> Found:
    """Return what is found in the versions of all files as they are, at each path, sure enough to be reported."""
    source = HistorySource(str(repository), Span(), config.max_file_size)
    for _ in source.artifacts():
        pass
    places: dict[str, dict[str, CommitProvenance]] = {}
    for path, versions in source.versions.items():
        for commit, blob in versions:
            if blob:
                places.setdefault(blob, {}).setdefault(path, CommitProvenance(path, commit))
    artifacts: list[Artifact] = []
    found: Found = {}

    def take() -> None:
        for result in executors.run(replace(config, jobs=0).setup(), artifacts):
            for finding in result.findings:
                if finding.confidence > Confidence.LOW:
                    path = f"{finding.rule_id} {finding.location.provenance.path}"
                    found.setdefault((finding.rule_id, finding.secret.value), path)
        artifacts.clear()

    for blob, answer in blobs(str(repository), places, config.max_file_size):
        if answer is not None:
            artifacts += (HistoryArtifact(place, answer[1], answer[0], None) for place in places[blob].values())
        if len(artifacts) >= 4096:
            take()
    take()
    return found


if __name__ == "__main__":
    sys.exit(main())
