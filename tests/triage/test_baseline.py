"""The baseline: which findings it covers, what it keeps over time, and its file."""

from __future__ import annotations

import errno
import json
import os
import random
import stat
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrace.errors import ScannerError
from keytrace.model import (
    Confidence,
    Excerpt,
    FileProvenance,
    Finding,
    Location,
    Region,
    Secret,
    Severity,
    Suppression,
    SuppressionKind,
)
from keytrace.triage.baseline import Baseline, Entry
from keytrace.triage.digests import Digests

RULES = frozenset(("acme-key", "other-key"))
A = "".join(random.Random(1).choices("abcdefghijkmnpqrstuvwxyz23456789", k=32))
B = "".join(random.Random(2).choices("abcdefghijkmnpqrstuvwxyz23456789", k=32))


def finding(secret: str = A, path: str = "a.py", line: int = 1, rule: str = "acme-key") -> Finding:
    location = Location(FileProvenance(path), line * 100, line * 100 + 32, Region(line, 1, line, 33), Excerpt("", 0, 0))
    return Finding(rule, "", Severity.HIGH, Confidence.HIGH, location, Secret(secret.encode()), f"{path}:{line}:{rule}")


def cheap(*entries: Entry) -> Baseline:
    """A baseline whose digests cost nothing."""
    return Baseline(Digests(b"0123456789abcdef", n=2, r=1, p=1, cached=False), entries)


def accept(*findings: Finding) -> Baseline:
    return cheap().update(findings, (), lambda _: True, RULES)


def remaining(
    baseline: Baseline,
    findings: Sequence[Finding],
    files: Sequence[str] = ("a.py", "b.py"),
    rules: frozenset[str] = RULES,
) -> tuple[list[Finding], list[Entry]]:
    """Return the active findings of a scan of all `files`, and the unused entries."""
    applied, unused = baseline.apply(findings, files, lambda path: path in files, rules)
    assert [replace(item, suppression=None) for item in applied] == [
        replace(item, suppression=None) for item in findings
    ]
    return [item for item in applied if item.suppression is None], unused


# --- which findings are covered ---------------------------------------------------------------------------------------


def test_accepted_finding_is_suppressed_with_the_reason() -> None:
    baseline = cheap().update([finding()], (), lambda _: True, RULES, reason="test key")
    applied, unused = baseline.apply([finding(), finding(B)], ["a.py"], lambda _: True, RULES)
    assert [item.suppression for item in applied] == [Suppression(SuppressionKind.BASELINE, "test key"), None]
    assert unused == []
    applied, _ = accept(finding()).apply([finding()], ["a.py"], lambda _: True, RULES)
    assert applied[0].suppression == Suppression(SuppressionKind.BASELINE, "accepted in the baseline")


def test_survives_a_moved_line() -> None:
    assert remaining(accept(finding(line=1)), [finding(line=7)]) == ([], [])


def test_new_secret_on_the_same_line_is_reported() -> None:
    baseline = accept(finding())
    assert remaining(baseline, [finding(B)]) == ([finding(B)], list(baseline.entries))


def test_second_copy_is_reported() -> None:
    baseline = accept(finding(line=3))
    assert remaining(baseline, [finding(line=5), finding(line=3)]) == ([finding(line=5)], [])
    assert remaining(baseline, [finding(path="b.py"), finding()]) == ([finding(path="b.py")], [])
    assert remaining(accept(finding(line=3), finding(line=5)), [finding(line=1), finding(line=2)]) == ([], [])


def test_other_rule_is_reported() -> None:
    assert remaining(accept(finding()), [finding(rule="other-key")])[0] == [finding(rule="other-key")]


def test_a_finding_that_is_told_whose_it_is() -> None:
    named = replace(finding(rule="redis-credential"), found_by="acme-key")
    assert remaining(accept(finding()), [named]) == ([], [])
    assert remaining(accept(named), [finding()]) == ([], [])
    assert remaining(accept(named), [replace(named, rule_id="database-credential")]) == ([], [])
    assert [entry.rule for entry in accept(named).entries] == ["acme-key"]


def test_renamed_file() -> None:
    baseline = accept(finding(path="old.py"))
    assert remaining(baseline, [finding()]) == ([], [])
    assert remaining(baseline, [finding(), finding(path="b.py")]) == ([finding(path="b.py")], [])
    assert remaining(baseline, [finding(B)]) == ([finding(B)], list(baseline.entries))
    assert remaining(baseline, [finding(rule="other-key")])[0] == [finding(rule="other-key")]


def test_copy_of_a_file_that_was_not_scanned_is_reported() -> None:
    """A hook that scans only the new file must not take it for a renamed one."""
    applied, unused = accept(finding(path="old.py")).apply([finding()], ["a.py"], lambda _: True, RULES)
    assert (applied, unused) == ([finding()], [])


def test_renamed_rule() -> None:
    baseline = accept(finding(rule="old-key"))
    assert remaining(baseline, [finding()]) == ([], [])
    assert remaining(baseline, [finding(path="b.py")])[0] == [finding(path="b.py")]
    assert remaining(accept(finding(path="old.py", rule="old-key")), [finding()]) == ([], [])


def test_staged_file_that_is_not_in_the_work_tree() -> None:
    """Its entry is for itself before any other; what was scanned is not gone."""
    baseline, copy = accept(finding(path="b.py")), finding(path="a.py")
    applied, unused = baseline.apply([copy, finding(path="b.py")], (), lambda _: False, RULES)
    assert ([item.suppression is None for item in applied], unused) == ([True, False], [])
    assert baseline.apply([copy], ["a.py", "b.py"], lambda _: False, RULES) == ([copy], list(baseline.entries))


def test_suppressed_otherwise() -> None:
    inline = replace(finding(), suppression=Suppression(SuppressionKind.INLINE, "why"))
    baseline = accept(finding())
    assert Baseline.create([inline]).entries == ()
    assert baseline.apply([inline], ["a.py"], lambda _: True, RULES) == ([inline], list(baseline.entries))


def test_unused_entries_of_files_that_were_not_scanned_are_not_reported() -> None:
    baseline = accept(finding(path="a.py"), finding(path="b.py"), finding(path="gone.py"))
    _, unused = baseline.apply([], ["a.py"], lambda path: path != "gone.py", RULES)
    assert [entry.path for entry in unused] == ["a.py", "gone.py"]


def test_digests_are_made_only_where_they_can_match(monkeypatch: pytest.MonkeyPatch) -> None:
    baseline = cheap(*accept(finding(), finding(path="b.py")).entries)
    hashed: list[bytes] = []

    def scrypt(value: bytes, **_: object) -> bytes:
        hashed.append(value)
        return bytes(16)

    monkeypatch.setattr("keytrace.triage.digests.scrypt", scrypt)
    others = [finding(B, path="c.py"), finding(B, rule="other-key")]
    assert remaining(baseline, others, files=("a.py", "b.py", "c.py"))[0] == others
    assert hashed == []
    remaining(baseline, [finding(), finding(path="b.py"), finding(line=2)])
    assert hashed == [A.encode()]


# --- update -----------------------------------------------------------------------------------------------------------


def test_update_keeps_adds_and_drops() -> None:
    first = cheap().update([finding(), finding(B)], (), lambda _: True, RULES, reason="old")
    findings = [finding(line=9), finding(B, path="b.py", line=2)]
    second = first.update(findings, ["a.py", "b.py"], lambda _: True, RULES, reason="new")
    digest = {secret: accept(finding(secret)).entries[0].digest for secret in (A, B)}
    assert second.entries == (Entry("acme-key", "a.py", digest[A], "old"), Entry("acme-key", "b.py", digest[B], "new"))
    assert second.dump().splitlines()[0] == first.dump().splitlines()[0]


def test_update_after_a_scan_of_some_files_keeps_the_others() -> None:
    baseline = accept(finding(), finding(path="b.py"), finding(path="gone.py"))
    updated = baseline.update([], ["b.py"], lambda path: path != "gone.py", RULES)
    assert [entry.path for entry in updated.entries] == ["a.py"]


def test_update_follows_renames() -> None:
    baseline = cheap().update([finding(path="old.py", rule="old-key")], (), lambda _: True, RULES, reason="why")
    (entry,) = baseline.update([finding()], ["a.py"], lambda path: path == "a.py", RULES).entries
    assert (entry.rule, entry.path, entry.reason) == ("acme-key", "a.py", "why")


def test_update_of_an_applied_report() -> None:
    baseline = accept(finding())
    applied, _ = baseline.apply([finding()], ["a.py"], lambda _: True, RULES)
    assert baseline.update(applied, ["a.py"], lambda _: True, RULES).dump() == baseline.dump()


# --- properties -------------------------------------------------------------------------------------------------------

FINDINGS = st.lists(
    st.builds(
        finding,
        st.sampled_from([A, B, "hunter2"]),
        st.sampled_from(["a.py", "b.py", "new.py", "old.py"]),
        st.integers(1, 4),
        st.sampled_from(["acme-key", "other-key", "old-key"]),
    ),
    max_size=12,
)
NOW = ["a.py", "b.py", "new.py"]  # old.py is gone, and so is old-key


def here(path: str) -> bool:
    return path in NOW


def current(findings: Sequence[Finding]) -> list[Finding]:
    return [item for item in findings if here(item.location.provenance.path) and item.rule_id in RULES]


@given(FINDINGS, FINDINGS, st.randoms(use_true_random=False))
def test_the_order_of_findings_does_not_matter(before: list[Finding], after: list[Finding], rng: random.Random) -> None:
    def count(findings: list[Finding]) -> tuple[Counter[tuple[str, str, bytes]], list[Entry]]:
        applied, unused = accept(*before).apply(findings, NOW, here, RULES)
        active = (item for item in applied if item.suppression is None)
        return Counter((item.rule_id, item.location.provenance.path, item.secret.value) for item in active), unused

    after = current(after)
    assert count(after) == count(rng.sample(after, len(after)))


@given(FINDINGS, FINDINGS)
def test_update_covers_all_and_holds_nothing_else(before: list[Finding], after: list[Finding]) -> None:
    after = current(after)
    updated = accept(*before).update(after, NOW, here, RULES)
    applied, unused = updated.apply(after, NOW, here, RULES)
    assert all(item.suppression for item in applied)
    assert unused == []
    assert len(updated.entries) == len(after)


@given(FINDINGS, FINDINGS, FINDINGS)
def test_a_merge_by_lines_covers_both_branches(base: list[Finding], ours: list[Finding], theirs: list[Finding]) -> None:
    """What both branches added stands once after a merge, what either dropped is dropped."""

    def lines(baseline: Baseline) -> list[str]:
        return baseline.dump().splitlines()

    base, ours, theirs = (
        list({item.fingerprint: item for item in current(side)}.values()) for side in (base, ours, theirs)
    )
    common = accept(*base)
    left, right = (common.update(side, NOW, here, RULES) for side in (ours, theirs))
    assert lines(left)[1:] == sorted(lines(left)[1:])
    counts = [Counter(lines(baseline)[1:]) for baseline in (common, left, right)]
    merged = {
        line: max(mine, yours) if min(mine, yours) >= old else min(mine, yours)
        for line in set().union(*counts)
        for old, mine, yours in [[count[line] for count in counts]]
    }
    entries = [Entry(**json.loads(line)) for line in Counter(merged).elements()]
    both = [item for item in ours if item in theirs]
    applied, _ = cheap(*entries).apply(both, NOW, here, RULES)
    assert all(item.suppression for item in applied)


# --- the file ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".keytrace-baseline.jsonl"


def test_round_trip_holds_no_secret(path: Path) -> None:
    findings = [finding(A, "b.py"), finding(B, "naïve/ü\udc80.py"), finding("hunter2", rule="other-key")]
    baseline = Baseline.create(findings, reason="grüße")
    baseline.save(path)
    content = path.read_bytes()
    assert content.isascii()
    assert content.endswith(b"}\n")
    assert json.loads(content.splitlines()[0]).items() >= {"keytrace-baseline": 1, "kdf": "scrypt", "n": 4096}.items()
    assert not any(secret.encode() in content for secret in (A, B, "hunter2"))
    loaded = Baseline.load(path)
    assert (loaded.entries, loaded.dump()) == (baseline.entries, baseline.dump())
    assert remaining(loaded, findings, files=["a.py", "b.py"]) == ([], [])


def test_each_baseline_has_a_key_of_its_own() -> None:
    first, second = Baseline.create([finding()]), Baseline.create([finding()])
    assert first.entries[0].digest != second.entries[0].digest


@settings(max_examples=50)
@given(st.binary(min_size=1, max_size=30).filter(lambda name: b"\0" not in name), st.text(max_size=20))
def test_odd_paths_and_reasons_round_trip(name: bytes, reason: str) -> None:
    entry = Entry("acme-key", name.decode("utf-8", "surrogateescape"), "0" * 32, reason)
    assert Entry(**json.loads(entry.dump())) == entry
    assert entry.dump().isascii()
    assert "\n" not in entry.dump()


@pytest.mark.skipif(os.name == "nt", reason="files have no mode there")
def test_save_keeps_the_mode_and_leaves_nothing_behind(path: Path) -> None:
    baseline = Baseline.create([])
    baseline.save(path)
    path.chmod(0o640)
    baseline.update([finding()], (), lambda _: True, RULES).save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(path.parent) == [path.name]


def test_hand_edited_file(path: Path) -> None:
    """Any order of lines, blank lines, Windows line ends and a byte order mark."""
    baseline = accept(finding(), finding(B))
    header, first, second = baseline.dump().splitlines()
    path.write_bytes(("\ufeff" + "\r\n".join([header, second, "", first, ""])).encode())
    assert Baseline.load(path).dump() == baseline.dump()


HEADER = {"keytrace-baseline": 1, "kdf": "scrypt", "n": 4096, "r": 8, "p": 1, "random": "MDEyMzQ1Njc4OWFiY2RlZg=="}
ENTRY = {"rule": "acme-key", "path": "a.py", "digest": "0" * 32}


def dumped(*records: object) -> str:
    return "\n".join(map(json.dumps, records))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "1: the baseline is empty"),
        ("\n\n", "1: the baseline is empty"),
        ("# comment", "1: not a JSON object"),
        ("[" * 100_000, "1: not a JSON object"),
        ("[]", "1: not a JSON object"),
        (dumped(ENTRY), "1: not the header of a baseline"),
        (dumped(HEADER | {"keytrace-baseline": 2}), "1: a baseline of a version that is not known"),
        (dumped(HEADER | {"more": 1}), "1: the header does not have the fields it should"),
        (dumped(HEADER | {"kdf": "md5"}), "1: the header does not have the fields it should"),
        (dumped({"keytrace-baseline": 1}), "1: the header does not have the fields it should"),
        (dumped(HEADER | {"n": 2**20}), "1: bad parameters of scrypt"),
        (dumped(HEADER | {"n": 4095}), "1: bad parameters of scrypt"),
        (dumped(HEADER | {"n": 1}), "1: bad parameters of scrypt"),
        (dumped(HEADER | {"p": True}), "1: bad parameters of scrypt"),
        (dumped(HEADER | {"r": "8"}), "1: bad parameters of scrypt"),
        (dumped(HEADER | {"random": "MDEy"}), "1: a damaged salt"),
        (dumped(HEADER | {"random": "?"}), "1: a damaged salt"),
        (dumped(HEADER | {"random": None}), "1: a damaged salt"),
        (dumped(HEADER, HEADER), "2: a second header"),
        (dumped(HEADER, ENTRY) + "\n<<<<<<< HEAD\n" + dumped(ENTRY), "3: a merge conflict"),
        (dumped(HEADER, ENTRY) + "\n{", "3: not a JSON object"),
        (dumped(HEADER, ENTRY | {"reasn": "x"}), "2: 'reasn' is unknown or not a string"),
        (dumped(HEADER, ENTRY | {"reason": 1}), "2: 'reason' is unknown or not a string"),
        (dumped(HEADER, ENTRY | {"path": ""}), "2: an entry needs rule, path and a digest of 32 hexadecimal digits"),
        (dumped(HEADER, {"rule": "r"}), "2: an entry needs rule, path and a digest of 32 hexadecimal digits"),
        (dumped(HEADER, ENTRY | {"digest": A}), "2: an entry needs rule, path and a digest of 32 hexadecimal digits"),
    ],
)
def test_broken_files(path: Path, content: str, message: str) -> None:
    path.write_text(content)
    with pytest.raises(ScannerError) as caught:
        Baseline.load(path)
    assert caught.value.message == f"{path}:{message}"
    assert caught.value.hint


def test_missing_file(path: Path) -> None:
    with pytest.raises(ScannerError) as caught:
        Baseline.load(path)
    assert caught.value.message == f"{path}: {os.strerror(errno.ENOENT)}"


def test_file_in_utf_16(path: Path) -> None:
    path.write_bytes("{}".encode("utf-16"))
    with pytest.raises(ScannerError) as caught:
        Baseline.load(path)
    assert caught.value.message == f"{path}: not UTF-8"


def test_real_header_loads(path: Path) -> None:
    path.write_text(dumped(HEADER, ENTRY))
    assert Baseline.load(path).entries == (Entry("acme-key", "a.py", "0" * 32),)
