"""From artifacts to findings: what becomes of any bytes, of errors, of selections and of suppressions."""

from __future__ import annotations

import codecs
import random
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrace.analyzers import pattern
from keytrace.batch import BatchResult, scan_batch
from keytrace.engine import Engine, Setup, load_engine, load_ruleset
from keytrace.errors import ScannerError
from keytrace.model import (
    Allowlist,
    Confidence,
    Excerpt,
    FileProvenance,
    Finding,
    Location,
    Region,
    ScanError,
    Secret,
    Severity,
    Suppression,
    SuppressionKind,
)
from keytrace.rules.load import builtin_folder, read_rule_file
from keytrace.text.encoding import decode

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


def scan(text: str | bytes, setup: Setup = SMALL, path: str = "app.py") -> tuple[Finding, ...]:
    return scan_batch(setup, [Memory(text.encode() if isinstance(text, str) else text, path)]).findings


def test_a_finding_whole() -> None:
    finding, *more = scan(f'# é\napi_key = "{VALUE}"  # of the shop\n')
    assert not more
    assert [item.text.partition(" (")[0] for item in finding.evidence] == [
        "the name 'api_key' promises a secret",
        "assigned, in quotes",
        "the file is code",
        "32 characters: letters and digits",
        "the letters look random",
    ]
    assert finding == Finding(
        rule_id="generic-api-key",
        message="Hardcoded API key",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        location=Location(
            provenance=FileProvenance("app.py"),
            start=16,
            end=48,
            region=Region(2, 12, 2, 44),
            excerpt=Excerpt('api_key = "********"  # of the shop', 11, 19),
        ),
        secret=Secret(VALUE.encode()),
        fingerprint=finding.fingerprint,
        evidence=finding.evidence,
    )


# --- any bytes --------------------------------------------------------------------------------------------------------

SAMPLES = [
    sample.encode()
    for file in sorted(builtin_folder().glob("*.toml"))
    for rule in read_rule_file(file).rules
    for sample in rule.examples
]
USES = {  # whose findings are places in a program, not secrets
    rule.id
    for rule in read_rule_file(builtin_folder() / "python.toml").rules
    if rule.id not in ("hardcoded-credential", "default-credential")
}
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


@settings(max_examples=150, deadline=None)
@given(BYTES, st.sampled_from(["a.txt", "app.py", ".env", "x.json", "odd\udcff\n"]))
def test_any_bytes(raw: bytes, path: str) -> None:
    result = scan_batch(Setup(), [Memory(raw, path)])
    text = decode(raw)
    assert (result.files, result.bytes, result.binary_files) == (1, len(raw), int(text is None))
    assert (result.errors, result.whole) == ((), (path,))
    before = 0
    for finding in result.findings:
        location, region, excerpt = finding.location, finding.location.region, finding.location.excerpt
        if text is None:  # its name is all that there is to it
            assert location.start == location.end == 0
            continue
        assert before <= location.start <= location.end <= len(text), "sorted, apart, inside"
        before = location.end
        assert finding.secret.value == text[location.start : location.end]
        assert (1, 1) <= (region.start_line, region.start_column) <= (region.end_line, region.end_column)
        assert 0 <= excerpt.start <= excerpt.end <= len(excerpt.text)
        assert excerpt.text[excerpt.start : excerpt.end] in ("********", "")
        assert finding.secret.value.startswith(finding.secret.marker.encode())
        assert len(finding.secret.marker) * 4 <= len(finding.secret.value)
        assert re.fullmatch("[0-9a-f]{32}", finding.fingerprint)
    prints = [finding.fingerprint for finding in result.findings]
    assert len(set(prints)) == len(prints)


def test_nothing_that_is_printed_holds_a_secret(engine: Engine) -> None:
    for sample in SAMPLES:
        for finding in scan(b"x\n" + sample + b"\ny", Setup()):
            value = finding.secret.value.decode()
            if finding.rule_id in USES:
                continue
            assert value not in repr(finding)
            assert value not in finding.location.excerpt.text
            assert value not in finding.message
            assert not any(value in item.text for item in finding.evidence)


@pytest.mark.parametrize(
    ("raw", "region"),
    [
        (f'api_key = "{VALUE}"'.encode(), Region(1, 12, 1, 44)),
        (codecs.BOM_UTF8 + f'api_key = "{VALUE}"'.encode(), Region(1, 12, 1, 44)),
        (f'\r\n\rapi_key = "{VALUE}"\r\n'.encode(), Region(3, 12, 3, 44)),
        (f'/* 🔑é */ api_key = "{VALUE}"'.encode(), Region(1, 22, 1, 54)),
        (f'/* é */ api_key = "{VALUE}"'.encode("latin-1"), Region(1, 20, 1, 52)),
        (f'x = "é"\napi_key = "{VALUE}"\n'.encode("utf-16-le"), Region(2, 12, 2, 44)),
        (codecs.BOM_UTF16_BE + f'x = "é"\r\n🔑 api_key = "{VALUE}"\n'.encode("utf-16-be"), Region(2, 15, 2, 47)),
        (codecs.BOM_UTF32_LE + f'api_key = "{VALUE}"'.encode("utf-32-le"), Region(1, 12, 1, 44)),
    ],
)
def test_place_in_any_encoding(raw: bytes, region: Region) -> None:
    (finding,) = scan(raw)
    assert finding.location.region == region
    assert finding.secret.value == VALUE.encode()


# --- errors and numbers -----------------------------------------------------------------------------------------------


def test_batch() -> None:
    good = f'api_key = "{VALUE}"\n'.encode()
    result = scan_batch(
        SMALL,
        [
            Memory(PermissionError(13, "Permission denied"), "locked.py"),
            Memory(good, "a.py"),
            Memory(OSError(), "odd.py"),
            Memory(ScannerError("not a regular file"), "pipe"),
            Memory(ScannerError("larger than 50 MiB", "raise max-file-size to scan it"), "large.py"),
            Memory(bytes(100) + good, "b.bin"),
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
        bytes=100 + 3 * len(good),
        binary_files=1,
    )


def test_the_limit_is_handed_to_the_artifact() -> None:
    result = scan_batch(replace(SMALL, max_file_size=10), [Memory(b"x" * 10, "a"), Memory(b"x" * 11, "b")])
    assert result.errors == (ScanError("b", "too large; raise the limit"),)
    assert result.whole == ("a",)


def test_a_pattern_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pattern, "MATCH_TIMEOUT", 0.01)
    rule = "[[rules]]\nid = \"slow\"\nregex = 'k(?:x|xx)+y|k'\n"
    setup = Setup(rule_files=(("slow.toml", rule),), only=("slow",))
    result = scan_batch(setup, [Memory(b"k" + b"x" * 60, "slow.py"), Memory(b"none", "fast.py")])
    assert result.errors == (
        ScanError("slow.py", "a pattern took too long on this file; it was not scanned to its end"),
    )
    assert result.whole == ("fast.py",)


def test_what_was_found_before_a_timeout_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pattern, "MATCH_TIMEOUT", 0.01)
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


def test_all_secrets_of_a_line_are_masked() -> None:
    other = VALUE[::-1]
    first, second = scan(f'Client(api_key="{VALUE}", password="{other}")')
    assert first.location.excerpt == Excerpt('Client(api_key="********", password="********")', 16, 24)
    assert second.location.excerpt == Excerpt('Client(api_key="********", password="********")', 37, 45)


@pytest.mark.parametrize("text", ['log("{0}"); api_key = "{0}"', 'api_key = "{0}"  # {0}'])
def test_a_secret_that_stands_twice_on_its_line_is_masked_twice(text: str) -> None:
    (finding,) = scan(text.format(VALUE))
    assert finding.location.excerpt.text == text.format("********")


# --- rules and suppressions -------------------------------------------------------------------------------------------

ACME = '[[rules]]\nid = "acme-key"\nregex = "acme_[a-zA-Z0-9]{16}"\nkeywords = ["acme_"]\n'
KEY = "acme_" + VALUE[:16]


def test_rules_of_the_user() -> None:
    setup = Setup(rule_files=(("a.toml", ACME),), only=("acme-key",))
    (finding,) = scan(f"x {KEY}", setup)
    assert (finding.rule_id, finding.secret) == ("acme-key", Secret(KEY.encode(), "acme_"))
    replaced = replace(setup, rule_files=(("a.toml", ACME), ("b.toml", ACME.replace("16", "17"))))
    assert scan(f"x {KEY}", replaced) == ()


def test_bad_rules_of_the_user() -> None:
    with pytest.raises(ScannerError, match=r"a\.toml:3: rule 'acme-key': bad regex"):
        scan_batch(Setup(rule_files=(("a.toml", ACME.replace("[a-z", "[[")),)), [])


def test_selection() -> None:
    text = f'api_key = "{VALUE}"\npassword = "{VALUE}"\n'
    assert [finding.rule_id for finding in scan(text)] == ["generic-api-key", "generic-password"]
    assert [finding.rule_id for finding in scan(text, replace(SMALL, without=("generic-api-key",)))] == [
        "generic-password"
    ]
    everything = load_ruleset(Setup()).rules
    assert load_ruleset(Setup(without=("generic-api-key",))).rules == tuple(
        rule for rule in everything if rule.id != "generic-api-key"
    )


def test_no_rules() -> None:
    setup = replace(SMALL, without=SMALL.only)
    assert load_engine(setup).ruleset.rules == ()
    assert scan(f'api_key = "{VALUE}"', setup) == ()


def test_inline_comments() -> None:
    text = f'api_key = "{VALUE}"  # keytrace:ignore -- a sample\n'
    (finding,) = scan(text)
    assert finding.suppression == Suppression(SuppressionKind.INLINE, "keytrace:ignore on line 1: a sample")
    (finding,) = scan(text, replace(SMALL, inline_comments=False))
    assert finding.suppression is None


def test_a_comment_that_does_not_hold_is_noted() -> None:
    text = f'api_key = "{VALUE}"  # keytrace:ignore until=2026-11-22\n'.encode()
    result = scan_batch(SMALL, [Memory(text)])
    assert result.findings[0].suppression is None
    assert result.notes == ("app.py: line 1: 'keytrace:ignore' does not hold: it expired on 2026-11-22",)
    assert scan_batch(replace(SMALL, today=date(2026, 11, 22)), [Memory(text)]).findings[0].suppression


@pytest.mark.parametrize(
    ("allowlist", "allows"),
    [
        (Allowlist(paths=("^app",)), True),
        (Allowlist(paths=("^lib",)), False),
        (Allowlist(regexes=(f"^{VALUE}$",)), True),
        (Allowlist(regexes=("^api_key",)), False),
        (Allowlist(regexes=("^client.api_key = [^ ]+$",), regex_target="match"), True),
        (Allowlist(regexes=("end$",), regex_target="match"), False),
        (Allowlist(regexes=("^client.api_key.*end$",), regex_target="line"), True),
        (Allowlist(stopwords=(VALUE[5:10].lower(),)), True),
        (Allowlist(paths=("^app",), rules=("generic-api-key",)), True),
        (Allowlist(paths=("^app",), rules=("generic-password",)), False),
    ],
)
def test_allowlist(allowlist: Allowlist, allows: bool) -> None:
    (finding,) = scan(f'x\nclient.api_key = "{VALUE}" # end\ny', replace(SMALL, allowlists=(allowlist,)))
    assert (finding.suppression is not None) == allows
    if finding.suppression:
        assert finding.suppression.kind is SuppressionKind.ALLOWLIST


def test_allowlist_of_a_rule() -> None:
    text = ACME + '[[rules.allowlists]]\ndescription = "samples"\npaths = ["^docs/"]\n'
    setup = Setup(rule_files=(("a.toml", text),), only=("acme-key",), hyperscan=False)
    assert scan(KEY, setup, "docs/a.md")[0].suppression == Suppression(SuppressionKind.ALLOWLIST, "samples")
    assert scan(KEY, setup, "src/a.md")[0].suppression is None
