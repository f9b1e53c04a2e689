"""SARIF: valid by the official schema, and what code scanning services need is there."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator  # type: ignore[import-untyped]

from keytrace.model import Report
from keytrace.reporters.sarif import repository_uri

# SchemaStore's sarif-2.1.0-rtm.5.json; the text of OASIS also lets runs be null
SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0.json").read_bytes())


@pytest.fixture(scope="module")
def run(report: Report, rendered: Callable[..., str]) -> dict[str, Any]:
    runs: list[dict[str, Any]] = json.loads(rendered("sarif", report, exit_code=1))["runs"]
    return runs[0]


def violations(text: str) -> list[str]:
    return [error.message for error in Draft4Validator(SCHEMA).iter_errors(json.loads(text))]


def test_the_schema_refuses_what_is_not_sarif(report: Report, rendered: Callable[..., str]) -> None:
    assert violations(rendered("sarif", report).replace('"startColumn": 16', '"startColumn": 0'))
    assert violations(rendered("sarif", report).replace('"justification"', '"why"'))


def test_canonical_report_is_valid(report: Report, rendered: Callable[..., str]) -> None:
    assert violations(rendered("sarif", report, exit_code=1)) == []


def test_empty_report_is_valid_and_has_results(rendered: Callable[..., str]) -> None:
    text = rendered("sarif", Report("/", ()))
    assert violations(text) == []
    run = json.loads(text)["runs"][0]
    assert run["results"] == []
    assert run["originalUriBaseIds"] == {"%SRCROOT%": {"uri": "file:///"}}
    assert run["invocations"] == [{"executionSuccessful": True}]


def test_every_rule_has_what_github_requires(run: dict[str, Any]) -> None:
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [
        "demo-cloud-credentials", "demo-payment-key", "keystore-file", "secret-is-logged", "their-rule",
    ]  # fmt: skip
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
        assert rule["properties"]["tags"][0] == "security"
    assert [rule["properties"]["security-severity"] for rule in rules] == ["8.0", "9.5", "0.0", "5.5", "3.0"]
    assert [rule["properties"]["precision"] for rule in rules] == ["medium", "high", "high", "medium", "low"]
    assert rules[1]["name"] == "DemoPaymentKey"
    assert rules[1]["properties"]["tags"] == ["security", "external/cwe/cwe-798", "payments"]
    assert rules[1]["helpUri"] == "https://pay.example/docs/keys"


def test_only_rules_of_findings_are_described(report: Report, rendered: Callable[..., str]) -> None:
    few = replace(report, findings=tuple(one for one in report.findings if one.rule_id == "secret-is-logged"))
    text = rendered("sarif", few)
    assert violations(text) == []
    run = json.loads(text)["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["secret-is-logged"]
    assert {result["ruleIndex"] for result in run["results"]} == {0}
    assert [taxon["id"] for taxon in run["taxonomies"][0]["taxa"]] == ["CWE-532"]


def test_all_rules_are_described_on_request(report: Report, rendered: Callable[..., str]) -> None:
    text = rendered("sarif", replace(report, findings=()), all_rules=True)
    assert violations(text) == []
    assert len(json.loads(text)["runs"][0]["tool"]["driver"]["rules"]) == len(report.rules)


def test_more_results_than_a_run_may_have_are_several(report: Report, rendered: Callable[..., str]) -> None:
    many = replace(report, findings=report.active[-1:] * 50_001)
    runs = json.loads(rendered("sarif", many))["runs"]
    assert [len(run["results"]) for run in runs] == [25_000, 25_000, 1]
    assert [run["automationDetails"]["id"] for run in runs] == [f"keytrace-part-{part}/" for part in (1, 2, 3)]
    small = [run | {"results": run["results"][:1]} for run in runs]
    assert violations(json.dumps({"version": "2.1.0", "runs": small})) == []


def test_every_cwe_of_a_rule_is_in_the_taxonomy(run: dict[str, Any]) -> None:
    known = {taxon["id"] for taxonomy in run["taxonomies"] for taxon in taxonomy["taxa"]}
    used = {
        relation["target"]["id"]
        for rule in run["tool"]["driver"]["rules"]
        for relation in rule.get("relationships", ())
    }
    assert known == used == {"CWE-200", "CWE-532", "CWE-538", "CWE-798"}


def test_results_point_at_their_rules_and_say_their_level(run: dict[str, Any]) -> None:
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == 12
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["kind"] == "fail"
        assert result["level"] == rules[result["ruleIndex"]]["defaultConfiguration"]["level"]
        assert len(result["partialFingerprints"]["keytraceFingerprint/v1"]) == 32
        assert len(result["locations"]) == 1
        assert set(result["locations"][0]["physicalLocation"]["region"]) - {"snippet"} == {
            "startLine", "startColumn", "endLine", "endColumn",
        }  # fmt: skip


def test_uris_are_encoded_and_relative_to_the_root(run: dict[str, Any]) -> None:
    artifacts = [result["locations"][0]["physicalLocation"]["artifactLocation"] for result in run["results"]]
    assert artifacts[1]["uri"] == "odd/%1B%5B31m%E2%80%AE%5Bbold%5D100%25%FF%20name%23%3F.env"
    assert {artifact["uriBaseId"] for artifact in artifacts} == {"%SRCROOT%"}
    assert all(re.fullmatch(r"(?:[\w.~/-]|%[0-9A-F]{2})+", artifact["uri"]) for artifact in artifacts)
    assert run["originalUriBaseIds"] == {"%SRCROOT%": {"uri": "file:///home/dev/shop/"}}


def test_columns_count_utf16_code_units(run: dict[str, Any]) -> None:
    region = run["results"][3]["locations"][0]["physicalLocation"]["region"]
    assert run["columnKind"] == "utf16CodeUnits"
    assert region["startColumn"] == len('\t"🔑 漢字": "'.encode("utf-16-le")) // 2 + 1


def test_related_locations_are_linked_from_the_message(run: dict[str, Any]) -> None:
    result = run["results"][5]
    assert result["message"]["text"] == r"Demo cloud credentials. See [the key id \[public\]](1). See [related](2)."
    assert [place["id"] for place in result["relatedLocations"]] == [1, 2]


def test_a_flow_is_a_code_flow(run: dict[str, Any]) -> None:
    steps = run["results"][2]["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [step["location"]["message"]["text"] for step in steps] == [
        'read from os.environ["API_KEY"]', "put into headers", "printed",
    ]  # fmt: skip


def test_suppressions(run: dict[str, Any]) -> None:
    assert [result.get("suppressions") for result in run["results"]] == [None] * 8 + [
        [{"kind": "inSource", "status": "accepted", "justification": "keytrace:ignore on line 1: a sample"}],
        [{"kind": "external", "status": "accepted", "justification": "test data"}],
        [{"kind": "external", "status": "accepted", "justification": "accepted in the baseline"}],
        [{"kind": "external", "status": "accepted", "justification": "rotated in May"}],
    ]


def test_errors_and_notes_are_notifications(run: dict[str, Any]) -> None:
    invocation = run["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 1
    first, second, note = invocation["toolExecutionNotifications"]
    assert first["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": "caf%E9.txt", "uriBaseId": "%SRCROOT%",
    }  # fmt: skip
    assert second["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "file:///mnt/big.log"}
    assert (first["level"], second["level"], note["level"]) == ("error", "error", "note")


def git(folder: Path, *arguments: str) -> str:
    settings = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *settings, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_the_revision_is_named_without_credentials(
    tmp_path: Path, report: Report, rendered: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):  # as a hook that runs the tests would have them
        monkeypatch.delenv(name, raising=False)

    def provenance() -> Any:
        text = rendered("sarif", replace(report, root=str(tmp_path)))
        assert violations(text) == []
        return json.loads(text)["runs"][0].get("versionControlProvenance")

    assert provenance() is None
    git(tmp_path, "init", "-q", "-b", "trunk")
    assert provenance() is None  # without a remote there is nothing to name it by
    git(tmp_path, "remote", "add", "origin", "https://me:" + "token@git.example:8443/shop/web.git?key=1")
    expected = {
        "repositoryUri": "https://git.example:8443/shop/web.git",
        "branch": "trunk",
        "mappedTo": {"uriBaseId": "%SRCROOT%"},
    }
    assert provenance() == [expected]
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "first")
    commit = git(tmp_path, "rev-parse", "HEAD")
    assert provenance() == [{**expected, "revisionId": commit}]
    git(tmp_path, "checkout", "-q", "--detach")
    assert provenance() == [
        {key: value for key, value in (expected | {"revisionId": commit}).items() if key != "branch"}
    ]


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ("https://github.com/a/b.git", "https://github.com/a/b.git"),
        ("https://user:token@github.com/a/b", "https://github.com/a/b"),
        ("https://token@GitHub.com:443/a/b#x", "https://github.com:443/a/b"),
        ("ssh://git@host:2222/a b/~c.git", "ssh://host:2222/a%20b/~c.git"),
        ("git@github.com:a/b.git", "ssh://github.com/a/b.git"),
        ("github.com:/a/b.git", "ssh://github.com/a/b.git"),
        ("https://[::1]:8080/a", "https://[::1]:8080/a"),
        ("https:/user:token@host/a", None),
        ("https://user:to/ken@host/a", "https://host/a"),
        ("https://token/rest@host/a", "https://host/a"),
        ("ext::sh -c echo", None),
        ("C:\\code\\b", None),
        ("../b", None),
        ("/srv/b.git", None),
        ("", None),
    ],
)
def test_repository_uri(remote: str, expected: str | None) -> None:
    assert repository_uri(remote) == expected
