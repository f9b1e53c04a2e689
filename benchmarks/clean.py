"""List what keytrace reports in published source, to be read: how many findings are there for each 5 MB of text?

    python benchmarks/clean.py FOLDER ... [--min-confidence medium] [--known]

Published packages hold few live credentials, but many keys of tests and of documentation. Whether a finding is a false
alarm takes a reader: each is printed with its line, masked. `--known` leaves out what is a private key or a token with
a checksum or structure that holds: these are what they say.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from keytrace import Confidence, Finding, scan
from keytrace.config import Config

EACH = 5_000_000  # bytes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("--min-confidence", choices=[level.label for level in Confidence], default="medium")
    parser.add_argument("--known", action="store_true", help="leave out what is certainly a key")
    arguments = parser.parse_args()
    config = Config(
        min_confidence=Confidence[arguments.min_confidence.upper()], use_baseline=False, trust_repo=False, cached=False
    )
    total: Counter[str] = Counter()
    size = 0
    for folder in arguments.folder:
        report = scan([folder], config=config)
        findings = [finding for finding in report.active if not (arguments.known and certain(finding))]
        print(f"## {folder}: {report.statistics.files:,} files, {report.statistics.bytes / 1e6:.0f} MB\n")
        print_findings(findings)
        total.update(finding.rule_id for finding in findings)
        size += report.statistics.bytes
    count = sum(total.values())
    print(f"\n{count} findings in {size / 1e6:.0f} MB: {count * EACH / max(1, size):.2f} for each 5 MB\n")
    print("| rule | findings |\n|---|--:|")
    for rule, number in total.most_common():
        print(f"| {rule} | {number} |")


def certain(finding: Finding) -> bool:
    """Tell whether a check proves what a finding says."""
    return any(item.weight >= 9 for item in finding.evidence)


def print_findings(findings: Iterable[Finding]) -> None:
    for finding in findings:
        place = f"{finding.location.provenance.path}:{finding.location.region.start_line}"
        print(
            f"{finding.confidence.label:6}  {finding.rule_id}  {place}\n        {finding.location.excerpt.text.strip()}"
        )


if __name__ == "__main__":
    main()
