"""What `keytrace rules test` says of rules and their samples."""

from __future__ import annotations

import pytest

from keytrace.model import Confidence, Evidence, Match, Span
from keytrace.rules.check import failures
from keytrace.rules.validate import parse_rules
from keytrace.text.document import Document


def find(document: Document) -> list[Match]:
    """Find `acme1` surely, `acme2` without confidence, nothing else."""
    at = document.data.find(b"acme")
    if document.data[at:] not in (b"acme1", b"acme2"):
        return []
    sure, evidence = (Confidence.HIGH, ()) if document.data.endswith(b"1") else (None, (Evidence("it is a 2", -3),))
    return [Match("acme-key", at, at + 5, sure, Span(at, at + 5), evidence)]


@pytest.mark.parametrize(
    ("samples", "messages"),
    [
        ('examples = ["x acme1"]\nnegativeExamples = ["x acme2"]', []),
        ('examples = ["acme1", "acme3"]', ["example 2 is not found"]),
        ('examples = ["acme2"]', ["example 1 is found, but without confidence: it is a 2"]),
        ('examples = ["acme1"]\nkeywords = ["ACME_"]', ["example 1 holds none of the rule's keywords"]),
        ('negativeExamples = ["acme3", "acme1"]', ["negative example 2 is found by acme-key"]),
    ],
)
def test_failures(samples: str, messages: list[str]) -> None:
    rules = parse_rules(f'[[rules]]\nid = "acme-key"\nregex = "acme[0-9]"\n{samples}\n', "acme.toml").rules
    assert [failure.message for failure in failures(rules, find)] == messages
