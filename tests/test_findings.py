"""A match made complete: place, mask, marker, and why it does not count."""

from __future__ import annotations

import codecs
import random
import string
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from keytrace.engine import Engine, Setup, load_engine
from keytrace.findings import LateError, find
from keytrace.model import (
    Allowlist,
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
from keytrace.rules.load import builtin_folder, read_rule_file
from keytrace.text.document import Document
from keytrace.text.encoding import decode
from keytrace.timelimit import OutOfTimeError

VALUE = "".join(random.Random(8).choices(string.ascii_letters + string.digits, k=32))


SMALL = Setup(only=("generic-api-key", "generic-password"), hyperscan=False, today=date(2026, 11, 23))


def scan(text: str | bytes, setup: Setup = SMALL, path: str = "app.py") -> tuple[Finding, ...]:
    data = decode(text.encode() if isinstance(text, str) else text)
    return tuple(find(load_engine(setup), Document(FileProvenance(path), data or b""), []))


def test_a_finding_whole() -> None:
    finding, *more = scan(f'# é\napi_key = "{VALUE}"  # of the shop\n')
    assert not more
    assert [item.text.partition(" (")[0] for item in finding.evidence] == [
        "the name 'api_key' promises a secret",
        "assigned, in quotes",
        "the file is code",
        "32 characters, letters and digits, that look random",
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


SAMPLES = [
    sample.encode()
    for file in sorted(builtin_folder().glob("*.toml"))
    for rule in read_rule_file(file).rules
    for sample in rule.examples
]


USES = {  # whose findings are places in a program, or names, not secrets
    rule.id
    for rule in read_rule_file(builtin_folder() / "python.toml").rules
    if rule.id not in ("hardcoded-credential", "default-credential")
} | {"client-exposed-key"}


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


def test_all_secrets_of_a_line_are_masked() -> None:
    other = VALUE[::-1]
    first, second = scan(f'Client(api_key="{VALUE}", password="{other}")')
    assert first.location.excerpt == Excerpt('Client(api_key="********", password="********")', 16, 24)
    assert second.location.excerpt == Excerpt('Client(api_key="********", password="********")', 37, 45)


@pytest.mark.parametrize("text", ['log("{0}"); api_key = "{0}"', 'api_key = "{0}"  # {0}'])
def test_a_secret_that_stands_twice_on_its_line_is_masked_twice(text: str) -> None:
    (finding,) = scan(text.format(VALUE))
    assert finding.location.excerpt.text == text.format("********")


ACME = '[[rules]]\nid = "acme-key"\nregex = "acme_[a-zA-Z0-9]{16}"\nkeywords = ["acme_"]\n'


KEY = "acme_" + VALUE[:16]


def test_inline_comments() -> None:
    text = f'api_key = "{VALUE}"  # keytrace:ignore -- a sample\n'
    (finding,) = scan(text)
    assert finding.suppression == Suppression(SuppressionKind.INLINE, "keytrace:ignore on line 1: a sample", 1)
    (finding,) = scan(text, replace(SMALL, inline_comments=False))
    assert finding.suppression is None


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


class Slow(Document):
    """A document at which the time is over when so many findings have been made, and once more."""

    made: tuple[int, ...] = (0,)

    def masked_line(self, start: int, end: int, secrets: Sequence[tuple[int, int]]) -> bytes:
        if self.made and not self.made[0]:
            self.made = self.made[1:]
            raise OutOfTimeError
        self.made = (self.made[0] - 1, *self.made[1:]) if self.made else ()
        return super().masked_line(start, end, secrets)


def test_what_was_found_when_the_time_is_over_counts(engine: Engine) -> None:
    document = Slow(FileProvenance("app.py"), f'api_key = "{VALUE}"\n'.encode())
    with pytest.raises(LateError) as caught:
        find(engine, document, [])
    assert ([one.rule_id for one in caught.value.findings], caught.value.whole) == (["generic-api-key"], True)


def test_when_the_time_is_over_twice_what_is_complete_counts(engine: Engine) -> None:
    values = [VALUE, VALUE[::-1], VALUE.swapcase(), VALUE[5:] + VALUE[:5]]
    document = Slow(FileProvenance("app.py"), "".join(f'api_key = "{value}"\n' for value in values).encode())
    document.made = (1, 3)
    with pytest.raises(LateError) as caught:
        find(engine, document, [])
    assert [one.location.region.start_line for one in caught.value.findings] == [1, 2, 3]
