"""Rules with a regex: which group is the secret, and what confidence its value earns."""

from __future__ import annotations

import random
import string
import zlib

import pytest

from keytrace.engine import Engine, Setup
from keytrace.match.patterns import MAX_MATCH
from keytrace.model import Confidence, FileProvenance, Match, Severity, Span
from keytrace.rules.select import Ruleset
from keytrace.rules.validate import parse_rules
from keytrace.text.document import Document

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
pytestmark = pytest.mark.usefixtures("own_cache")  # its many small databases would push that of all rules out
VALUE = "".join(random.Random(6).choices(BASE62, k=20))


def engine(rule: str, *, hyperscan: bool = False) -> Engine:
    file = parse_rules(f'[[rules]]\nid = "acme-key"\nname = "Acme key"\n{rule}', "acme.toml")
    return Engine(Ruleset(file.rules), Setup(hyperscan=hyperscan))


def matches(rule: str, text: str | bytes, path: str = "a.txt") -> list[Match]:
    data = text.encode() if isinstance(text, str) else text
    found = list(engine(rule).matches(Document(FileProvenance(path), data)))
    assert found == list(engine(rule, hyperscan=True).matches(Document(FileProvenance(path), data)))
    return found


def found(rule: str, text: str, path: str = "a.txt") -> list[str]:
    return [text[match.start : match.end] for match in matches(rule, text, path)]


@pytest.mark.parametrize(
    ("rule", "secret"),
    [
        ("regex = 'key=[a-z]+-[0-9]+'", "key=abc-123"),
        ("regex = 'key=([a-z]+)-([0-9]+)'", "abc"),
        ("regex = 'key=([a-z]+)-([0-9]+)'\nsecretGroup = 2", "123"),
        ("regex = 'key=(x)?(?:[a-z]+)-([0-9]+)'", "123"),  # the first group that took part
        ("regex = 'key=()([a-z]+)'", "abc"),
        ("regex = 'key=(?P<name>[a-z]+)-(?P<number>[0-9]+)'", "abc"),
    ],
)
def test_the_group_that_is_the_secret(rule: str, secret: str) -> None:
    text = "the key=abc-123 of"
    (match,) = matches(rule, text)
    assert text[match.start : match.end] == secret
    assert text[match.whole.start : match.whole.end].startswith("key=abc")


def test_an_empty_secret_is_none() -> None:
    assert matches("regex = 'key=([a-z]*)'\nsecretGroup = 1", "key=123") == []


def test_each_match_counts() -> None:
    assert found("regex = 'k[0-9]{2,4}'", "k12 k123k1234k12345 k1") == ["k12", "k123", "k1234", "k1234"]


def test_offsets_count_bytes() -> None:
    (match,) = matches("regex = 'k([0-9]+)'", "é🔑k12")
    assert (match.start, match.end, match.whole) == (7, 9, Span(6, 9))


def test_path() -> None:
    rule = "regex = 'k[0-9]+'\npath = '(?i)(^|/)settings\\.py$'"
    assert found(rule, "k12", "shop/Settings.py") == ["k12"]
    assert found(rule, "k12", "shop/settings.pyc") == []


def test_far_apart_and_long() -> None:
    rule = "regex = 'BEGIN[^#]*?END'"
    short, longest = "BEGIN" + "x" * 5000 + "END", "BEGIN" + "x" * (MAX_MATCH - 8) + "END"
    assert found(rule, "#" * 100_000 + short + "#" * 100_000 + short) == [short, short]
    assert found(rule, "#" * 50_000 + longest + "#") == [longest]
    assert found(rule, "BEGIN" + "x" * MAX_MATCH + "END") == []


@pytest.mark.parametrize("fill", ["", "#" * 300, "#" * 40_000])
def test_look_around_at_the_edges(fill: str) -> None:
    rule = r"regex = '(?<![a-z])k[0-9]{3}(?![0-9])'"
    assert found(rule, f"{fill}k123{fill}") == ["k123"]
    assert found(rule, f"{fill}xk123{fill}") == []
    assert found(rule, f"{fill}k1234{fill}") == []


def test_match_that_goes_on_after_the_first_end() -> None:
    text = "k" + "1" * 5000
    assert found("regex = 'k1+'", text) == [text]
    assert found("regex = 'k1{3,}'", text) == [text]


# --- confidence -------------------------------------------------------------------------------------------------------


def weigh(rule: str, text: str) -> tuple[Confidence | None, list[str]]:
    (match,) = matches(rule, text)
    return match.confidence, [item.text for item in match.evidence]


def test_confidence_is_the_rules() -> None:
    for name, confidence in (("low", Confidence.LOW), ("medium", Confidence.MEDIUM), ("high", Confidence.HIGH)):
        rule = f"regex = 'acme_[A-Za-z0-9]{{20}}'\nconfidence = '{name}'"
        assert weigh(rule, f"acme_{VALUE}") == (confidence, ["has the format of: Acme key"])


def test_entropy() -> None:
    rule = "regex = 'acme_([a-z0-9]{8})'\nentropy = 2.5"
    assert weigh(rule, "acme_" + "k3xq" + "9zvw") == (
        Confidence.MEDIUM,
        ["has the format of: Acme key", "entropy 3.0 bits a character, the rule asks for 2.5"],
    )
    assert weigh(rule, "acme_" + "k3k3" + "9z9z") == (
        None,
        ["has the format of: Acme key", "entropy 2.0 is below the rule's 2.5 bits a character"],
    )


def test_placeholders_cost_confidence() -> None:
    rule = "regex = 'acme_[A-Za-z0-9_]{20}'\nconfidence = 'high'"
    assert weigh(rule, "acme_" + "x" * 20)[0] is None
    assert weigh(rule, "acme_" + "example_" + VALUE[:12])[0] is Confidence.LOW
    assert weigh(rule, "acme_" + VALUE)[0] is Confidence.HIGH


def checksum(body: str) -> str:
    number, digits = zlib.crc32(body.encode()), ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = BASE62[digit] + digits
    return digits


def test_a_checksum_decides() -> None:
    rule = "regex = 'ghp_[A-Za-z0-9]{36}'\nkeywords = ['ghp_']\nchecksum = 'github-token'"
    body = VALUE + VALUE[:10]
    assert weigh(rule, f"ghp_{body}{checksum(body)}")[0] is Confidence.HIGH
    assert weigh(rule, f"ghp_{body}{checksum(body)[::-1]}")[0] is Confidence.LOW
    sample = "EXAMPLE" + body[7:]
    assert weigh(rule, f"ghp_{sample}{checksum(sample)}")[0] is Confidence.HIGH  # no stopword hides a certain value


def test_a_check_reads_the_group_named_for_it() -> None:
    rule = "regex = '(?P<checked>sv=[^ ]+sig=(\\w+)[^ ]*)'\nchecksum = 'azure-shared-access-signature'"
    confidence, says = weigh(rule, f"x sv=1&sig={VALUE}&se=2001-01-01 y")
    assert (confidence, says[-1]) == (Confidence.LOW, "a signature that expired on 2001-01-01")
    assert found(rule, f"x sv=1&sig={VALUE}&se=2001-01-01 y") == [VALUE]


def test_made_up_values_are_no_keys_of_any_provider() -> None:
    for shape, value in (
        ("[0-9a-f-]{36}", "11111111-2222-3333-4444-555555555555"),
        ("[0-9a-f-]{36}", "123e4567-e89b-12d3-a456-426614174000"),
        ("[0-9a-f]{32}", "0123456789abcdef" * 2),
        ("acme_[A-Za-z0-9]{24}", "acme_" + "abcd1234" * 3),
    ):
        assert weigh(f"regex = '{shape}'\nconfidence = 'high'", f"key={value}")[0] is None
    uuid = "f3b1c0de-52a7-4c1e-9d07-" + "6a2e8b4f9c13"
    assert weigh("regex = '[0-9a-f-]{36}'\nconfidence = 'high'", uuid)[0] is Confidence.HIGH


def test_an_address_beside_a_providers_name_is_no_key() -> None:
    rule = "regex = '[A-Za-z0-9]{34}'\nnear = ['acme_key']"
    assert weigh(rule, "acme_key = 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")[0] is None


# --- rules about paths ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "anything"])
def test_a_rule_about_a_path(text: str) -> None:
    rule = "path = '\\.p12$'\nconfidence = 'low'"
    (match,) = matches(rule, text, "conf/key.p12")
    assert (match.rule_id, match.start, match.end, match.confidence) == ("acme-key", 0, 0, Confidence.LOW)
    assert matches(rule, text, "conf/key.p12.txt") == []


def test_a_value_within_a_blob_of_base64_is_of_low_confidence() -> None:
    rule = "regex = 'EAA[A-Za-z0-9]{20}'"
    blob = "".join(random.Random(7).choices(BASE62 + "+/", k=80))
    alone, inside, behind = (
        matches(rule, text)[0] for text in (f"t=EAA{VALUE}", f"{blob}/EAA{VALUE}", f"EAA{VALUE}{blob}")
    )
    assert alone.confidence is Confidence.MEDIUM
    assert inside.confidence is behind.confidence is Confidence.LOW
    assert "a longer run of base64" in inside.evidence[-1].text


def test_what_has_expired_is_less_bad() -> None:
    rule = "severity = 'critical'\nregex = 'sv=[^ ]+sig=\\w+[^ ]*'\nchecksum = 'azure-shared-access-signature'"
    past, future = (matches(rule, f"x sv=1&sig={VALUE}&se={year}-01-01 y")[0] for year in (2001, 2999))
    assert (past.severity, future.severity) == (Severity.LOW, None)
