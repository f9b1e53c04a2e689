"""Credentials of several parts: which id goes to which secret, and that nothing is lost by it."""

from __future__ import annotations

import random
import string
from base64 import b32encode
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrace.batch import scan_batch
from keytrace.engine import Setup, load_engine, load_ruleset
from keytrace.errors import ScannerError
from keytrace.model import Confidence, FileProvenance, Finding, Match, Rule, Severity, Span
from keytrace.rules.validate import parse_rules
from keytrace.text.document import Document
from keytrace.triage.companions import REACH, join, settle

ROT = random.Random(17)
HEX = "0123456789abcdef"
ALNUM = string.ascii_letters + string.digits
ORIGIN = "IQoJb3JpZ2lu"  # how session tokens of AWS begin
TODAY = date(2026, 11, 23)


@dataclass(frozen=True, slots=True)
class Memory:
    """An artifact whose content is at hand."""

    content: bytes
    path: str
    lines: frozenset[int] | None

    @property
    def provenance(self) -> FileProvenance:
        return FileProvenance(self.path)

    def read(self, limit: int) -> bytes:
        return self.content[:limit]


def key_id(prefix: str = "AKIA") -> str:
    head = 1 << 47 | ROT.randrange(10**11, 10**12) << 7
    return prefix + b32encode(head.to_bytes(6, "big") + ROT.randbytes(4)).decode()


def secret(size: int = 40) -> str:
    return "aB3" + "".join(ROT.choices(ALNUM, k=size - 3))


def hexadecimal(size: int) -> str:
    return "".join(ROT.choices(HEX, k=size))


def profile(name: str = "default", *, first: str = "id", token: str = "") -> str:
    lines = [f"aws_access_key_id = {key_id()}", f"aws_secret_access_key = {secret()}"]
    body = "\n".join(lines if first == "id" else lines[::-1])
    return f"[{name}]\n{body}\n" + (f"aws_session_token = {token}\n" if token else "")


def scan(text: str, path: str = "credentials", lines: frozenset[int] | None = None, **setup: object) -> list[Finding]:
    made = Setup(today=TODAY, **setup)  # type: ignore[arg-type]
    return list(scan_batch(made, [Memory(text.encode(), path, lines)]).findings)


def seen(findings: list[Finding]) -> list[tuple[str, int, tuple[int, ...]]]:
    """Return rule, line and the lines of what is related."""
    return [
        (one.rule_id, one.location.region.start_line, tuple(place.region.start_line for place in one.related))
        for one in findings
    ]


AWS = "aws-secret-access-key"


# --- who belongs to whom ----------------------------------------------------------------------------------------------


def test_one_finding_for_id_secret_and_token() -> None:
    text = profile(token=ORIGIN + secret(200))
    (finding,) = scan(text)
    assert seen([finding]) == [(AWS, 3, (2, 4))]
    assert [place.note.partition(":")[0] for place in finding.related] == ["AWS access key id", "AWS session token"]
    assert "belongs to AWS account" in finding.related[0].note
    assert finding.confidence is Confidence.HIGH
    assert all("********" in place.excerpt.text for place in finding.related), "both are masked"


@pytest.mark.parametrize("first", ["id", "secret"])
@pytest.mark.parametrize("between", ["", "\n", "# another\n"])
def test_several_profiles(first: str, between: str) -> None:
    text = between.join(profile(name, first=first) for name in ("default", "prod", "test"))
    step = 3 + bool(between)
    ids, secrets = (2, 3) if first == "id" else (3, 2)
    assert seen(scan(text)) == [(AWS, secrets + n * step, (ids + n * step,)) for n in range(3)]


def test_pairs_without_anything_between_them() -> None:
    """The second id is as near to the first secret as to its own."""
    text = "\n".join(profile().partition("\n")[2].strip() for _ in range(4))
    assert seen(scan(text)) == [(AWS, 2 * n, (2 * n - 1,)) for n in (1, 2, 3, 4)]


def test_two_ids_and_one_secret() -> None:
    lone = f"aws_access_key_id = {key_id()}\n"
    assert seen(scan(lone + "\n\n" + profile())) == [("aws-access-key-id", 1, ()), (AWS, 6, (5,))]


def test_an_id_alone_is_reported_as_before() -> None:
    (finding,) = scan(f"aws_access_key_id = {key_id()}\n")
    assert seen([finding]) == [("aws-access-key-id", 1, ())]


@pytest.mark.parametrize(
    ("gap", "joined"),
    [
        ("x\n" * (REACH - 1), True),
        ("x\n" * REACH, False),
        ("\n" * 6, False),
        ("[next]\n", False),
        ("x" * 5000, False),
    ],
)
def test_how_near(gap: str, joined: bool) -> None:
    text = f"aws_access_key_id = {key_id()}\n{gap}aws_secret_access_key = {secret()}\n"
    if gap.startswith("xx"):
        text = text.replace(gap, gap + "\n")
    findings = scan(text)
    assert [bool(finding.related) for finding in findings] == ([True] if joined else [False, False])


def test_on_one_line() -> None:
    pairs = ", ".join(f'{{"AccessKeyId": "{key_id()}", "SecretAccessKey": "{secret()}"}}' for _ in range(3))
    findings = scan(f"[{pairs}]", "keys.json")
    assert [finding.rule_id for finding in findings] == [AWS] * 3
    for finding in findings:
        (place,) = finding.related
        assert 0 < finding.location.start - place.end < 30


def test_a_companion_that_is_a_secret_itself_keeps_its_finding() -> None:
    text = f"DD_API_KEY={hexadecimal(32)}\nDD_APP_KEY={hexadecimal(40)}\n"
    assert seen(scan(text, ".env")) == [("datadog-api-key", 1, ()), ("datadog-application-key", 2, (1,))]


# --- needs ------------------------------------------------------------------------------------------------------------


def test_a_value_that_counts_because_its_id_is_near() -> None:
    sid, token = "AC" + hexadecimal(32), hexadecimal(32)
    assert seen(scan(f"sid = '{sid}'\ntoken = '{token}'\n")) == [("twilio-auth-token-beside-sid", 2, (1,))]
    assert seen(scan(f"Client('{sid}', '{token}')\n")) == [("twilio-account-pair", 1, (1,))]
    assert "twilio" not in " ".join(finding.rule_id for finding in scan(f"token = '{token}'\n"))


def test_what_is_too_far_is_explained() -> None:
    engine = load_engine(Setup())
    rule_id, token = "twilio-auth-token-beside-sid", f"token = '{hexadecimal(32)}'"
    document = Document(FileProvenance("a"), token.encode())
    assert rule_id not in {match.rule_id for match in engine.matches(document)}
    document = Document(FileProvenance("a"), f"AC{hexadecimal(32)}\n{'#' * 5000}\n{token}".encode())
    (match,) = (one for one in engine.matches(document) if one.rule_id == rule_id)
    assert match.confidence is None
    assert match.evidence[-1].text == "means something only with Twilio account SID near, and that is too far"


def test_a_rule_that_needs_nothing_comes_first() -> None:
    """So that the identity of a finding does not depend on what else stands in the file."""
    (finding,) = scan(profile())
    assert finding.rule_id == AWS


# --- nothing is lost --------------------------------------------------------------------------------------------------


def test_the_rule_of_the_secret_is_not_selected() -> None:
    secrets = ("aws-secret-access-key", "aws-secret-beside-key-id", "generic-secret", "generic-api-key")
    assert ("aws-access-key-id", 2, ()) in seen(scan(profile(), without=secrets))


def test_the_rule_of_the_id_is_not_selected() -> None:
    text = profile()
    (finding,) = scan(text, only=(AWS,))
    assert seen([finding]) == [(AWS, 3, (2,))]
    assert text.split()[3] not in finding.related[0].excerpt.text
    sid = f"sid = 'AC{hexadecimal(32)}'\ntoken = '{hexadecimal(32)}'\n"
    assert seen(scan(sid, only=("twilio-auth-token-beside-sid",))) == [("twilio-auth-token-beside-sid", 2, (1,))]


@pytest.mark.parametrize("mark", ["keytrace:ignore", "gitleaks:allow"])
def test_a_suppressed_secret_takes_nothing_with_it(mark: str) -> None:
    head, ident, key, *_ = profile().splitlines()
    findings = scan(f"{head}\n{ident}\n{key} # {mark}\n")
    assert seen(findings) == [("aws-access-key-id", 2, ()), (AWS, 3, (2,))]
    assert [finding.suppression is None for finding in findings] == [True, False]


def test_a_secret_outside_the_lines_to_be_reported() -> None:
    text = profile()
    assert seen(scan(text, lines=frozenset({2}))) == [("aws-access-key-id", 2, ())]
    assert seen(scan(text, lines=frozenset({3}))) == [(AWS, 3, (2,))]


def test_a_doubtful_secret_takes_nothing_with_it() -> None:
    text = f"aws_access_key_id = {key_id()}\naws_secret_access_key = {'0123456789' * 3}EXAMPLEKEY\n"
    assert ("aws-access-key-id", 1, ()) in seen(scan(text))


def test_fingerprints_are_those_of_single_findings() -> None:
    text = profile() + profile("b") + "[c]\n" + f"aws_access_key_id = {key_id()}\n"
    alone = {f.location.start: f.fingerprint for f in scan(text, only=("aws-access-key-id", AWS), hyperscan=False)}
    ids = {f.location.start: f.fingerprint for f in scan(text, only=("aws-access-key-id",))}
    assert {start: name for start, name in alone.items() if start in ids} == {
        start: name for start, name in ids.items() if start in alone
    }
    assert len(set(ids.values())) == 3


RULES = {
    rule.id: rule
    for rule in (
        Rule("key", "key", Severity.HIGH, Confidence.MEDIUM, "pattern", companions=("id", "token")),
        Rule("id", "id", Severity.INFO, Confidence.HIGH, "pattern", part=True),
        Rule("token", "token", Severity.CRITICAL, Confidence.HIGH, "pattern", part=True, companions=("key",)),
        Rule("bare", "bare", Severity.LOW, Confidence.LOW, "pattern", needs=("id",), companions=("id",)),
    )
}


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(sorted(RULES)), st.sampled_from("\n \t"), st.integers(0, 9)), max_size=30))
def test_each_once_in_order_and_none_lost(pieces: list[tuple[str, str, int]]) -> None:
    text, matches = b"", []
    for rule_id, gap, count in pieces:
        text += gap.encode() * count + b"v"
        span = Span(len(text) - 1, len(text))
        matches.append(Match(rule_id, span.start, span.end, RULES[rule_id].confidence, span))
    document = Document(FileProvenance("a"), text)
    settled = [match for match in settle(matches, RULES, document) if match.confidence]
    joined = join(settled, RULES, document, lambda match: match.rule_id != "bare")
    for name in ("id", "token", "key"):
        pairs = [
            (owner.start, s.start) for owner, grown in joined.related.items() for s in grown.related if s.note == name
        ]
        assert len({start for _, start in pairs}) == len(pairs), "each belongs to one"
        assert all(a[1] < b[1] for a, b in pairwise(sorted(pairs))), "in the order of the text"
    for part, owner in joined.parts.items():
        assert owner in joined.related
        assert owner not in joined.parts
        assert owner.rule_id != "bare"
        assert RULES[owner.rule_id].severity >= RULES[part.rule_id].severity
        assert (joined.related[owner].confidence or 0) >= (part.confidence or 0)


def test_thousands_of_pairs_take_no_time() -> None:
    text = b"v\n" * 20_000
    matches = [
        Match("id" if n % 2 else "key", 2 * n, 2 * n + 1, Confidence.HIGH, Span(2 * n, 2 * n + 1))
        for n in range(20_000)
    ]  # fmt: skip
    joined = join(matches, RULES, Document(FileProvenance("a"), text), lambda _: True)
    assert len(joined.parts) == 10_000


# --- rule files -------------------------------------------------------------------------------------------------------

ACME = """
[[rules]]
id = "acme-client-secret"
regex = "acme_[a-z]{8}"
[[rules]]
id = "acme-client-id"
severity = "info"
regex = "acmeid_[a-z]{8}"
"""


def user(text: str) -> Setup:
    return Setup(rule_files=(("/x/acme.toml", text),))


def test_the_id_of_a_rule_tells_its_part() -> None:
    assert load_ruleset(user(ACME))["acme-client-secret"].companions == ("acme-client-id",)
    off = ACME.replace('"acme_', '"acme_', 1).replace("regex", "with = []\nregex", 1)
    assert load_ruleset(user(off))["acme-client-secret"].companions == ()
    no_part = ACME.replace('severity = "info"', 'severity = "low"')
    assert load_ruleset(user(no_part))["acme-client-secret"].companions is None


@pytest.mark.parametrize("key", ["with", "needs"])
def test_a_companion_that_is_not_there(key: str) -> None:
    with pytest.raises(ScannerError) as raised:
        load_ruleset(user(f'[[rules]]\nid = "a-key"\nregex = "a"\n{key} = ["aws-acess-key-id"]\n'))
    assert raised.value.message == "/x/acme.toml:4: rule 'a-key': there is no rule 'aws-acess-key-id'"
    assert raised.value.hint == "did you mean 'aws-access-key-id'?"


def test_companions_of_another_file_and_of_defaults() -> None:
    one = '[defaults]\nwith = ["b-id"]\n[[rules]]\nid = "a-key"\nregex = "a"\n'
    two = '[defaults]\nwith = ["b-id"]\n[[rules]]\nid = "b-id"\nregex = "b"\npart = true\n'
    ruleset = load_ruleset(Setup(rule_files=(("one.toml", one), ("two.toml", two))))
    assert (ruleset["a-key"].companions, ruleset["b-id"].companions) == (("b-id",), ())
    assert ruleset.select(only=("a-key",)).companions == (ruleset["b-id"],)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('with = "x"', "'with' must be a list of strings"),
        ("needs = [1]", "'needs' must be a list of strings"),
        ('part = "yes"', "'part' must be true or false"),
    ],
)
def test_bad_fields(line: str, message: str) -> None:
    with pytest.raises(ScannerError) as raised:
        parse_rules(f'[[rules]]\nid = "a-key"\nregex = "a"\n{line}\n', "acme.toml")
    assert raised.value.message == f"acme.toml:4: rule 'a-key': {message}"
