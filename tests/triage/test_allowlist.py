"""Allowlists: criteria, their combination, and what the reason tells."""

from __future__ import annotations

import pytest

from keytrace.model import Allowlist, Suppression, SuppressionKind
from keytrace.triage.allowlist import allowed

SECRET, MATCH, LINE = b"Example-Value-1", b"key = Example-Value-1", b"  key = Example-Value-1  # sample"


def check(
    *allowlists: Allowlist, rule_id: str = "api-key", path: str = "src/app.py", commit: str = "0123abcd" * 5
) -> str | None:
    found = allowed(rule_id, path, SECRET, MATCH, LINE, allowlists, commit)
    if found is None:
        return None
    assert found.kind is SuppressionKind.ALLOWLIST
    return found.reason


@pytest.mark.parametrize(
    ("allowlist", "reason"),
    [
        (Allowlist(), None),
        (Allowlist(condition="AND"), None),
        (Allowlist(paths=(r"^src/",)), "an allowed path"),
        (Allowlist(paths=(r"^tests/", r"\.py$")), "an allowed path"),
        (Allowlist(paths=(r"^app",)), None),
        (Allowlist(regexes=(r"^Example-",)), "an allowed secret"),
        (Allowlist(regexes=(r"^key",)), None),
        (Allowlist(regexes=(r"^key",), regex_target="match"), "an allowed match"),
        (Allowlist(regexes=(r"sample",), regex_target="match"), None),
        (Allowlist(regexes=(r"sample\z",), regex_target="line"), "an allowed line"),
        (Allowlist(stopwords=("example",)), "a stopword"),
        (Allowlist(commits=("0123abcd" * 5,)), "an allowed commit"),
        (Allowlist(commits=("0123abc",)), "an allowed commit"),
        (Allowlist(commits=("0123",)), None),
        (Allowlist(commits=("0123abce",)), None),
        (Allowlist(commits=("0123abcd",), paths=("^docs/",), condition="AND"), None),
        (Allowlist(stopwords=("EXAMPLE-v",)), "a stopword"),
        (Allowlist(stopwords=("sample",)), None),
        (Allowlist(paths=(r"^docs/",), stopwords=("example",)), "a stopword"),
        (Allowlist(paths=(r"^docs/",), stopwords=("example",), condition="AND"), None),
        (
            Allowlist(paths=(r"^src/",), regexes=("Value",), stopwords=("example",), condition="AND"),
            "an allowed path and an allowed secret and a stopword",
        ),
        (Allowlist(paths=("",), regexes=("",), stopwords=("",)), None),
        (Allowlist(paths=(r"^src/",), stopwords=("",), condition="AND"), None),
    ],
)
def test_criteria(allowlist: Allowlist, reason: str | None) -> None:
    assert check(allowlist) == reason


def test_list_for_some_rules() -> None:
    allowlist = Allowlist(stopwords=("example",), rules=("other", "third"))
    assert check(allowlist) is None
    assert check(allowlist, rule_id="third") == "a stopword"


def test_first_list_that_applies_gives_the_reason() -> None:
    lists = (
        Allowlist("elsewhere", paths=("^docs/",)),
        Allowlist("samples", stopwords=("example",)),
        Allowlist("all", paths=("",)),
    )
    assert allowed("api-key", "a.py", SECRET, MATCH, LINE, lists) == Suppression(SuppressionKind.ALLOWLIST, "samples")


def test_no_reason_repeats_the_secret() -> None:
    for allowlist in (Allowlist(regexes=(SECRET.decode(),)), Allowlist(stopwords=(SECRET.decode(),))):
        reason = check(allowlist)
        assert reason
        assert "Value" not in reason


def test_non_ascii_stopword_and_secret() -> None:
    word = Allowlist(stopwords=("ÜBUNG",))
    assert allowed("r", "p", "übung-1".encode(), b"", b"", [word])
    assert allowed("r", "p", b"\xff\xfe", b"", b"", [word]) is None


def test_odd_path() -> None:
    assert check(Allowlist(paths=("^src/",)), path="src/\udc80.py") == "an allowed path"
