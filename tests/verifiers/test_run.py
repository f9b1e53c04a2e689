"""A report's keys asked about, and what that means for its findings."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from keytrace.cache import store
from keytrace.model import (
    Confidence,
    Finding,
    Liveness,
    Report,
    Rule,
    Secret,
    Severity,
    Suppression,
    SuppressionKind,
)
from keytrace.verifiers.exchange import Limits
from keytrace.verifiers.run import Asking, described, probe_for, verified
from tests.verifiers.samples import KEY, PROBE, REFUSED, RULE, finding
from tests.verifiers.server import Handler, Provider, hangs, says, serving

OTHER = Rule("other-key", "Other key", Severity.HIGH, Confidence.HIGH, "pattern", regex="o", origin="other.toml")
LIMITS = Limits(connect=5.0, read=30.0, total=30.0, pause=0.0)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYTRACE_CACHE_DIR", str(tmp_path / "cache"))
    store.folder.cache_clear()


def report(*findings: Finding, rules: tuple[Rule, ...] = (RULE, OTHER)) -> Report:
    return Report("/src", findings, rules=rules)


def asking(provider: Provider, **more: object) -> Asking:
    fields: dict[str, object] = {"endpoints": {"acme": provider.url}, "limits": LIMITS}
    return Asking({RULE.id: RULE, OTHER.id: OTHER}, **(fields | more))  # type: ignore[arg-type]


def by_key(answers: dict[str, int]) -> Callable[[Handler], None]:
    """Answer as the key wants: 200 with its name, or another status."""

    def reply(handler: Handler) -> None:
        key = handler.headers["Authorization"].removeprefix("Bearer ")
        status = answers[key]
        says(status, {"login": "ann"} if status == 200 else REFUSED)(handler)

    return reply


@pytest.fixture
def provider() -> Iterator[Provider]:
    with serving(says(200, {"login": "ann"})) as found:
        yield found


def test_live_dead_and_unknown() -> None:
    keys = {KEY + "live": 200, KEY + "dead": 401, KEY + "odd": 500}
    with serving(by_key(keys)) as provider:
        found = verified(report(*map(finding, keys)), asking(provider))
    live, dead, unknown = found.findings
    assert live.verification
    assert live.verification.said.startswith("live: 127.0.0.1")
    assert (live.severity, live.confidence) == (Severity.CRITICAL, Confidence.HIGH)
    assert dead.verification
    assert (dead.verification.status, dead.severity, dead.confidence) == (
        Liveness.DEAD,
        Severity.LOW,
        Confidence.MEDIUM,
    )
    assert unknown.verification
    assert (unknown.verification.status, unknown.severity) == (Liveness.UNKNOWN, Severity.HIGH)
    assert [note for note in found.notes if "1 live, 1 dead, 1 unknown" in note]
    assert found.exit_code == 1


def test_equal_keys_are_asked_about_once(provider: Provider) -> None:
    found = verified(report(*[finding() for _ in range(50)]), asking(provider))
    assert len(provider.seen) == 1
    assert {one.verification.status for one in found.findings if one.verification} == {Liveness.LIVE}


def test_what_is_suppressed_is_not_asked_unless_the_user_wants_to_know(provider: Provider) -> None:
    suppressed = [finding(suppression=Suppression(kind, "known")) for kind in SuppressionKind]
    found = verified(report(*suppressed), asking(provider))
    assert provider.seen == []
    assert all(one.verification is None for one in found.findings)
    found = verified(report(*suppressed), asking(provider, suppressed=True))
    assert len(provider.seen) == 1
    assert all(one.verification for one in found.findings)


def test_of_other_rules_nothing_is_sent(provider: Provider) -> None:
    found = verified(report(finding(rule=OTHER)), asking(provider))
    assert provider.seen == []
    (one,) = found.findings
    assert one.verification
    assert (one.verification.status, one.verification.host) == (Liveness.UNKNOWN, "")
    assert one.severity is OTHER.severity


def test_a_rule_that_a_tree_put_in_the_place_of_ours_is_not_asked_about(provider: Provider) -> None:
    theirs = replace(RULE, regex=".*")
    verified(report(finding(rule=theirs), rules=(theirs,)), asking(provider))
    sly = replace(OTHER, verify=replace(PROBE, url=f"{provider.url}/steal"))
    verified(report(finding(rule=sly), rules=(sly,)), asking(provider))
    assert provider.seen == []
    assert probe_for(RULE, {RULE.id: RULE}) is PROBE
    assert probe_for(theirs, {RULE.id: RULE}) is None


@pytest.mark.parametrize(
    ("severity", "then"),
    [(Severity.LOW, Severity.MEDIUM), (Severity.HIGH, Severity.CRITICAL), (Severity.CRITICAL, Severity.CRITICAL)],
)
def test_a_live_key_is_one_step_worse(severity: Severity, then: Severity, provider: Provider) -> None:
    (one,) = verified(report(finding(severity=severity)), asking(provider)).findings
    assert one.severity is then


@pytest.mark.parametrize("scope", ["publishable", "test"])
def test_a_live_key_that_is_little_worth_is_not_made_worse(scope: str, provider: Provider) -> None:
    rule = replace(RULE, scope=scope, severity=Severity.INFO)
    asked = replace(asking(provider, min_severity=Severity.INFO), rules={rule.id: rule})
    (one,) = verified(report(finding(rule=rule), rules=(rule,)), asked).findings
    assert one.severity is Severity.INFO


def test_only_live() -> None:
    keys = {KEY + "live": 200, KEY + "dead": 401, KEY + "odd": 500}
    with serving(by_key(keys)) as provider:
        everything = report(*map(finding, keys), finding(rule=OTHER))
        found = verified(everything, asking(provider, only_live=True))
        assert [one.secret.value.decode() for one in found.findings] == [KEY + "live"]
        assert "--only-live leaves out 3 findings not known to be live" in found.notes
        assert found.statistics.not_live == 3
        del keys[KEY + "live"]
        found = verified(report(*map(finding, keys)), asking(provider, only_live=True))
    assert found.findings == ()
    assert [one.message[:32] for one in found.errors] == ["line 1: not known to be live: 12"]
    assert found.exit_code == 3
    with serving(by_key({KEY + "dead": 401})) as provider:
        assert verified(report(finding(KEY + "dead")), asking(provider, only_live=True)).exit_code == 0


def test_what_falls_below_the_threshold_is_hidden_and_counted() -> None:
    with serving(says(401, REFUSED)) as provider:
        found = verified(report(finding()), asking(provider, min_severity=Severity.HIGH))
    assert found.findings == ()
    assert found.statistics.hidden_findings == 1


def test_a_refused_key_is_not_asked_about_again_but_a_live_one_is() -> None:
    keys = {KEY + "live": 200, KEY + "dead": 401}
    with serving(by_key(keys)) as provider:
        for _ in range(2):
            found = verified(report(*map(finding, keys)), asking(provider))
        assert len(provider.seen) == 3
        verified(report(*map(finding, keys)), asking(provider, cached=False))
        assert len(provider.seen) == 5
    _, dead = found.findings
    assert dead.verification
    assert dead.verification.status is Liveness.DEAD


def test_regions() -> None:
    with serving(says(401, REFUSED)) as first, serving(says(200, {"login": "ann"})) as second:
        rule = _with_regions(first, second)
        (one,) = verified(report(finding(rule=rule), rules=(rule,)), Asking({rule.id: rule}, limits=LIMITS)).findings
    assert one.verification
    assert one.verification.status is Liveness.LIVE
    assert one.verification.host in second.url
    with serving(says(401, REFUSED)) as first, serving(says(500)) as second:
        rule = _with_regions(first, second)
        (one,) = verified(report(finding(rule=rule), rules=(rule,)), Asking({rule.id: rule}, limits=LIMITS)).findings
    assert one.verification
    assert one.verification.status is Liveness.UNKNOWN


def _with_regions(first: Provider, second: Provider) -> Rule:
    return replace(RULE, verify=replace(PROBE, url=f"{first.url}/me", regions=(second.url,)))


def test_parts_of_a_credential_go_with_it(provider: Provider) -> None:
    rule = replace(RULE, verify=replace(PROBE, headers=(("X-Id", "{acme-id}"), ("Authorization", "Bearer {secret}"))))
    asked = replace(asking(provider), rules={rule.id: rule})
    whole = finding(rule=rule, parts=(("acme-id", Secret(b"id-1")),))
    one, other = verified(report(whole, finding(rule=rule), rules=(rule,)), asked).findings
    assert provider.seen[0].headers["X-Id"] == "id-1"
    assert len(provider.seen) == 1
    assert one.verification
    assert one.verification.status is Liveness.LIVE
    assert other.verification
    assert other.verification.reason == "acme-id would be needed, too"


def test_one_note_where_nobody_can_be_reached() -> None:
    with serving(says(200)) as provider:
        pass
    found = verified(report(*[finding(f"{KEY}{number}") for number in range(5)]), asking(provider))
    assert len([note for note in found.notes if "could not be reached" in note]) == 1
    assert found.errors == ()
    assert found.exit_code == 1
    assert {one.verification.status for one in found.findings if one.verification} == {Liveness.UNKNOWN}


def test_a_host_that_hangs_ends(provider: Provider) -> None:
    provider.reply = hangs
    quick = replace(LIMITS, read=0.1, total=0.2)
    found = verified(report(*[finding(f"{KEY}{number}") for number in range(9)]), asking(provider, limits=quick))
    assert len(provider.seen) <= 3  # a busy machine has not heard all of them yet
    assert all(one.verification and "in time" in one.verification.reason for one in found.findings)


def test_a_signal_ends_the_asking_and_what_was_answered_stays(provider: Provider) -> None:
    def interrupt(handler: Handler) -> None:
        if handler.headers["Authorization"].endswith("2"):
            os.kill(os.getpid(), signal.SIGINT)
            hangs(handler)
        says(200, {"login": "ann"})(handler)

    provider.reply = interrupt
    everything = report(*[finding(f"{KEY}{number}") for number in range(1, 5)])
    with pytest.raises(KeyboardInterrupt):
        verified(everything, asking(provider))
    found = verified(everything, asking(provider), keep=True)
    assert found.stopped_by == signal.SIGINT
    first, *others = (one.verification for one in found.findings)
    assert first
    assert first.status is Liveness.LIVE
    assert {one.reason for one in others if one} == {"the asking was stopped before"}


def test_described(provider: Provider) -> None:
    first, second = described(report(finding(), finding(rule=OTHER)), asking(provider))
    assert first.startswith(f"GET {provider.url}/v1/me\n")
    assert KEY not in first
    assert second == "no rule says how to ask"
    assert provider.seen == []
