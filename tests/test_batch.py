"""From artifacts to findings: what becomes of any bytes, of limits and of errors."""

from __future__ import annotations

import codecs
import random
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from keytrace.analyzers import pattern
from keytrace.batch import BatchResult, scan_batch
from keytrace.engine import Setup
from keytrace.errors import ScannerError
from keytrace.match import patterns
from keytrace.model import (
    FileProvenance,
    Reason,
    ScanError,
    Skipped,
)
from keytrace.rules.load import builtin_folder, read_rule_file
from keytrace.sources.content import TooLargeError
from keytrace.sources.folder import FileArtifact
from keytrace.text.encoding import decode, readable
from tests.archives.making import tarred, zipped
from tests.samples import marked

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from keytrace.match.multipattern import Hits
    from keytrace.model import Match, Remarks
    from keytrace.text.document import Document

VALUE = "".join(random.Random(8).choices(string.ascii_letters + string.digits, k=32))


SMALL = Setup(only=("generic-api-key", "generic-password"), hyperscan=False, today=date(2026, 11, 23))


@dataclass(frozen=True, slots=True)
class Memory:
    """An artifact whose content is at hand, or an exception that reading it raises."""

    content: bytes | Exception
    path: str = "app.py"
    lines: frozenset[int] | None = None

    @property
    def provenance(self) -> FileProvenance:
        return FileProvenance(self.path)

    def read(self, limit: int) -> bytes:
        if isinstance(self.content, Exception):
            raise self.content
        if len(self.content) > limit:
            raise ScannerError("too large", "raise the limit")
        return self.content


SAMPLES = [
    sample.encode()
    for file in sorted(builtin_folder().glob("*.toml"))
    for rule in read_rule_file(file).rules
    for sample in rule.examples
]


BYTES = st.one_of(
    st.binary(max_size=200),
    st.lists(st.one_of(st.sampled_from(SAMPLES), st.binary(max_size=8)), max_size=6).map(b"".join),
    st.lists(st.one_of(st.sampled_from(SAMPLES), st.text(max_size=8).map(lambda text: text.encode("utf-8", "ignore"))))
    .map(b"\n".join)
    .flatmap(lambda text: st.sampled_from([text, codecs.BOM_UTF8 + text, *_as_utf_16(text.decode())])),
)


def _as_utf_16(text: str) -> Iterator[bytes]:
    for encoding, bom in (("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE)):
        yield text.encode(encoding)
        yield bom + text.encode(encoding)


@settings(max_examples=150)
@given(BYTES, st.sampled_from(["a.txt", "app.py", ".env", "x.json", "odd\udcff\n"]))
def test_any_bytes(raw: bytes, path: str) -> None:
    result = scan_batch(Setup(), [Memory(raw, path)])
    text = decode(raw)
    assert (result.files, result.size, result.binary_files) == (1, len(raw), int(text is None))
    assert (result.errors, result.whole) == ((), (path,))
    before = 0
    for finding in result.findings:
        location, region, excerpt = finding.location, finding.location.region, finding.location.excerpt
        data = readable(raw) if text is None else text
        assert before <= location.start <= location.end <= len(data), "sorted, apart, inside"
        before = location.end
        shown = data[location.start : location.end]
        assert finding.secret.value == shown or (text is None and finding.secret.value == shown[::2])  # UTF-16
        assert (1, 1) <= (region.start_line, region.start_column) <= (region.end_line, region.end_column)
        assert 0 <= excerpt.start <= excerpt.end <= len(excerpt.text)
        is_name = finding.rule_id == "client-exposed-key"
        assert is_name or excerpt.text[excerpt.start : excerpt.end] in ("********", "")
        assert finding.secret.value.startswith(finding.secret.marker.encode())
        assert len(finding.secret.marker) * 4 <= len(finding.secret.value)
        assert re.fullmatch("[0-9a-f]{32}", finding.fingerprint)
    prints = [finding.fingerprint for finding in result.findings]
    assert len(set(prints)) == len(prints)


def test_batch() -> None:
    good = f'api_key = "{VALUE}"\n'.encode()
    result = scan_batch(
        SMALL,
        [
            Memory(PermissionError(13, "Permission denied"), "locked.py"),
            Memory(good, "a.py"),
            Memory(OSError(), "odd.py"),
            Memory(ScannerError("not a regular file"), "pipe"),
            Memory(TooLargeError("larger than 50 MiB", "raise max-file-size to scan it"), "large.py"),
            Memory(TooLargeError("larger than 50 MiB", is_binary=True), "large.bin"),
            Memory(bytes(range(32)) * 4 + good, "b.bin"),
            Memory(good, "staged.py", frozenset({1})),
            Memory(b"", "empty.py"),
        ],
    )
    assert [finding.location.provenance.path for finding in result.findings] == ["a.py", "staged.py"]
    assert replace(result, findings=()) == BatchResult(
        findings=(),
        errors=(
            ScanError("locked.py", "Permission denied"),
            ScanError("odd.py", "OSError"),
            ScanError("pipe", "not a regular file"),
            ScanError("large.py", "larger than 50 MiB; raise max-file-size to scan it"),
        ),
        notes=(),
        files=4,
        whole=("a.py", "b.bin", "empty.py"),
        size=128 + 3 * len(good),
        binary_files=1,
        skipped=(
            Skipped("locked.py", Reason.UNREADABLE),
            Skipped("odd.py", Reason.UNREADABLE),
            Skipped("pipe", Reason.SPECIAL),
            Skipped("large.py", Reason.TOO_LARGE),
            Skipped("large.bin", Reason.TOO_LARGE),
            Skipped("b.bin", Reason.BINARY),
        ),
    )


def test_the_members_of_an_archive() -> None:
    """Each is scanned as if it were a file; what is wrong with one does not hide the others."""
    good = f'api_key = "{VALUE}"\n'.encode()
    inner = zipped({"c.py": good, "d.bin": bytes(range(32)) * 4})
    large = b"#" * 2000
    data = tarred({"a.py": good, "b.zip": inner, "large.py": large, "large.bin": bytes(range(250)) * 8})
    result = scan_batch(replace(SMALL, max_file_size=1000), [Archive(data, "x.tar"), Memory(good, "last.py")])
    places = ["x.tar!a.py", "x.tar!b.zip!c.py", "last.py"]
    assert [finding.location.provenance.path for finding in result.findings] == places
    assert len({finding.fingerprint for finding in result.findings}) == 3
    assert result.errors == (ScanError("x.tar!large.py", f"larger than 1000 bytes; {RAISE}", "x.tar"),)
    assert result.skipped == (
        Skipped("x.tar!b.zip!d.bin", Reason.BINARY),
        Skipped("x.tar!large.py", Reason.TOO_LARGE),
        Skipped("x.tar!large.bin", Reason.TOO_LARGE),
    )
    assert (result.files, result.members) == (2, 3)
    assert result.size == 3 * len(good) + 128
    assert result.whole == ("x.tar!a.py", "x.tar!b.zip!c.py", "x.tar!b.zip!d.bin", "last.py"), "not x.tar"


RAISE = "raise max-file-size to scan it"


@dataclass(frozen=True, slots=True)
class Archive(Memory):
    """An archive that is larger than what may be read at once is still at hand."""

    def read(self, limit: int) -> bytes:
        assert isinstance(self.content, bytes)
        return self.content


def test_a_program_in_an_archive_is_read() -> None:
    program = b'import os\nimport logging\n\npassword = os.environ["PASSWORD"]\nlogging.info(password)\n'
    setup = Setup(only=("logged-credential",), hyperscan=False)
    (found,) = scan_batch(setup, [Memory(zipped({"app.py": program}), "a.whl")]).findings
    assert (found.location.provenance.path, len(found.flow) > 1) == ("a.whl!app.py", True)


def test_names_of_members_that_hold_a_key() -> None:
    setup = Setup(only=("github-personal-access-token",), hyperscan=False)
    (found,) = scan_batch(setup, [Memory(zipped({f"x/{marked(3)}/a": b"1"}), f"{marked(4)}.zip")]).findings
    assert found.message.endswith("it stands in the name of the folder"), "that of the archive is told elsewhere"


def test_empty_members_are_counted_and_named() -> None:
    setup = Setup(only=("github-personal-access-token",), hyperscan=False)
    result = scan_batch(setup, [Memory(zipped({"a": b"", f"x/{marked(3)}": b"", "b": b"1", "c": b""}), "a.zip")])
    (found,) = result.findings
    assert found.message.endswith("it stands in the name of the file")
    assert (result.members, result.whole) == (4, ("a.zip!a", f"a.zip!x/{marked(3)}", "a.zip!b", "a.zip!c", "a.zip"))
    rule = '[[rules]]\nid = "by-path"\ndescription = "By its path"\npath = "id_rsa"\n'
    by_path = Setup(only=("by-path",), rule_files=(("r.toml", rule),), hyperscan=False)
    assert len(scan_batch(by_path, [Memory(zipped({"id_rsa": b""}), "a.zip")]).findings) == 1


def test_archives_are_opened_unless_they_shall_not() -> None:
    data = zipped({"a.py": f'api_key = "{VALUE}"\n'.encode()})
    assert len(scan_batch(SMALL, [Memory(data, "a.zip")]).findings) == 1
    closed = scan_batch(replace(SMALL, max_archive_depth=0), [Memory(data, "a.zip")])
    assert (closed.findings, closed.skipped) == ((), (Skipped("a.zip", Reason.COMPRESSED),))
    assert scan_batch(replace(SMALL, exclude=("*.py",)), [Memory(data, "a.zip")]).skipped == (
        Skipped("a.zip!a.py", Reason.EXCLUDE),
    )


def test_a_file_larger_than_memory_is_opened_in_parts(tmp_path: Path) -> None:
    good = f'api_key = "{VALUE}"\n'.encode()
    random_bytes = random.Random(1).randbytes(3000)
    for name, data in (("a.zip", zipped({"r": random_bytes, "a.py": good})), ("b.bin", random_bytes)):
        (tmp_path / name).write_bytes(data)
    artifacts = [FileArtifact(str(tmp_path), name) for name in ("a.zip", "b.bin")]
    result = scan_batch(replace(SMALL, max_file_size=500), artifacts)
    assert [finding.location.provenance.path for finding in result.findings] == ["a.zip!a.py"]
    assert [(one.path, one.reason) for one in result.skipped] == [
        ("a.zip!r", Reason.TOO_LARGE),
        ("b.bin", Reason.TOO_LARGE),
    ]


def test_a_member_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only that member is given up."""
    monkeypatch.setattr(patterns, "MATCH_TIMEOUT", 0.2)
    rule = "[[rules]]\nid = \"slow\"\nregex = 'k(?:x|xx)+y|k'\n"
    setup = Setup(rule_files=(("slow.toml", rule),), only=("slow",))
    result = scan_batch(setup, [Memory(zipped({"slow.py": b"k" + b"x" * 60, "b.py": b"none"}), "a.zip")])
    assert [error.path for error in result.errors] == ["a.zip!slow.py"]
    assert result.whole == ("a.zip!b.py",)


def test_the_limit_is_handed_to_the_artifact() -> None:
    result = scan_batch(replace(SMALL, max_file_size=10), [Memory(b"x" * 10, "a"), Memory(b"x" * 11, "b")])
    assert result.errors == (ScanError("b", "too large; raise the limit"),)
    assert result.whole == ("a",)


def test_a_pattern_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "MATCH_TIMEOUT", 0.2)
    rule = "[[rules]]\nid = \"slow\"\nregex = 'k(?:x|xx)+y|k'\n"
    setup = Setup(rule_files=(("slow.toml", rule),), only=("slow",))
    result = scan_batch(setup, [Memory(b"k" + b"x" * 60, "slow.py"), Memory(b"none", "fast.py")])
    assert result.errors == (
        ScanError("slow.py", "a pattern took too long on this file; it was not scanned to its end"),
    )
    assert result.whole == ("fast.py",)


def test_what_was_found_before_a_timeout_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "MATCH_TIMEOUT", 0.2)
    rules = "[[rules]]\nid = \"a-quick\"\nregex = 'acme_[a-z]{8}'\n[[rules]]\nid = \"slow\"\nregex = 'k(?:x|xx)+y|k'\n"
    setup = Setup(rule_files=(("slow.toml", rules),), only=("a-quick", "slow"))
    result = scan_batch(setup, [Memory(b"acme_" + b"qwzxvbnp k" + b"x" * 60)])
    assert [finding.rule_id for finding in result.findings] == ["a-quick"]
    assert len(result.errors) == 1


def test_only_the_lines_that_are_asked_for() -> None:
    text = f'api_key = "{VALUE}"\n' * 4
    result = scan_batch(SMALL, [Memory(text.encode(), lines=frozenset({2, 4}))])
    assert [finding.location.region.start_line for finding in result.findings] == [2, 4]
    assert result.whole == ()
    assert scan_batch(SMALL, [Memory(text.encode(), lines=frozenset())]).findings == ()


def test_a_comment_that_does_not_hold_is_noted() -> None:
    text = f'api_key = "{VALUE}"  # keytrace:ignore until=2026-11-22\n'.encode()
    result = scan_batch(SMALL, [Memory(text)])
    assert result.findings[0].suppression is None
    assert result.notes == ("app.py: line 1: 'keytrace:ignore' does not hold: it expired on 2026-11-22",)
    assert scan_batch(replace(SMALL, today=date(2026, 11, 22)), [Memory(text)]).findings[0].suppression


def test_a_fault_of_ours_in_one_file_costs_that_file_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    before = pattern.PatternAnalyzer.analyze

    def analyze(self: pattern.PatternAnalyzer, document: Document, hits: Hits, remarks: Remarks) -> Iterator[Match]:
        if document.path == "broken.py":
            raise IndexError("a password")
        return before(self, document, hits, remarks)

    monkeypatch.setattr(pattern.PatternAnalyzer, "analyze", analyze)
    text = f'password = "{VALUE}"\n'.encode()
    found = scan_batch(replace(SMALL, only=()), [Memory(text, "broken.py"), Memory(text, "good.py")])
    assert [(error.path, error.message) for error in found.errors] == [
        ("broken.py", "could not be scanned to its end (IndexError)")
    ]
    assert {finding.location.provenance.path for finding in found.findings} == {"good.py"}
