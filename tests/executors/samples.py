"""Artifacts of all kinds, and batches put together again."""

from __future__ import annotations

import os
import random
import string
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from keytrace.batch import BatchResult
from keytrace.engine import Setup
from keytrace.model import FileProvenance, Finding
from keytrace.rules.load import builtin_folder, read_rule_file

SAMPLES = [
    sample
    for file in sorted(builtin_folder().glob("*.toml"))
    for rule in read_rule_file(file).rules
    for sample in (*rule.examples, *rule.negative_examples)
]
SETUP = Setup()


@dataclass(frozen=True, slots=True)
class Memory:
    path: str
    content: bytes

    @property
    def provenance(self) -> FileProvenance:
        return FileProvenance(self.path)

    @property
    def lines(self) -> None:
        return None

    def read(self, limit: int) -> bytes:
        if self.content == b"locked":
            raise PermissionError(13, "Permission denied")
        if self.content == b"deadly":
            os._exit(1)
        return self.content


def artifacts(count: int) -> list[Memory]:
    """Files with samples of all rules, some binary, some that cannot be read."""
    choice = random.Random(9)
    made = []
    for number in range(count):
        text = "".join(choice.choices(string.ascii_letters + " \n", k=30)) + "\n".join(choice.choices(SAMPLES, k=4))
        content = choice.choice([text.encode()] * 8 + [b"\0\1\2\3" * 9, b"locked"])
        made.append(Memory(f"{number % 7}/file-{number}{choice.choice(['.py', '.txt', '.env'])}", content))
    return made


FILES = artifacts(300)


def total(results: Iterator[BatchResult]) -> BatchResult:
    parts = list(results)
    return BatchResult(
        findings=tuple(chain.from_iterable(part.findings for part in parts)),
        errors=tuple(chain.from_iterable(part.errors for part in parts)),
        notes=tuple(chain.from_iterable(part.notes for part in parts)),
        files=sum(part.files for part in parts),
        whole=tuple(chain.from_iterable(part.whole for part in parts)),
        size=sum(part.size for part in parts),
        binary_files=sum(part.binary_files for part in parts),
    )


def in_order_of_path(result: BatchResult) -> BatchResult:
    def key(finding: Finding) -> tuple[str, int]:
        return finding.location.provenance.path, finding.location.start

    return replace(
        result,
        findings=tuple(sorted(result.findings, key=key)),
        errors=tuple(sorted(result.errors, key=lambda error: error.path)),
        notes=tuple(sorted(result.notes)),
        whole=tuple(sorted(result.whole)),
    )
