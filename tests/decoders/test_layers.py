"""Secrets in encoded text: found, placed, masked and reported once; limits are kept and told."""

from __future__ import annotations

import base64
import json
import random
import re
import string
import textwrap
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrace.decoders import layers as decoded
from keytrace.engine import Engine, Setup, load_engine
from keytrace.findings import find
from keytrace.model import Allowlist, Confidence, FileProvenance, Finding, Region
from keytrace.text.document import Document
from keytrace.triage.baseline import Baseline

CHOICE = random.Random(11)
VALUE = "".join(CHOICE.choices(string.ascii_letters + string.digits, k=32))
DOCKER = "dckr_pat_" + "".join(CHOICE.choices(string.ascii_letters + string.digits, k=27))
ASSIGNED = f"api_key = '{VALUE}'"


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def percent(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


def unicode(text: str) -> str:
    return "".join(f"\\u{ord(char):04x}" for char in text)


def entities(text: str) -> str:
    return "".join(f"&#{ord(char)};" for char in text)


def printable(text: str) -> str:
    return "".join(f"={byte:02X}" for byte in text.encode())


def as_hex(text: str) -> str:
    return text.encode().hex()


ENCODERS: dict[str, Callable[[str], str]] = {
    "base64": b64,
    "hex": as_hex,
    "percent-encoding": percent,
    "escapes": unicode,
    "HTML entities": entities,
    "quoted-printable": printable,
}
EXACT = ("percent-encoding", "escapes", "HTML entities", "quoted-printable", "hex")


def scan(engine: Engine, text: str, path: str = "notes.txt", notes: list[str] | None = None) -> list[Finding]:
    return find(engine, Document(FileProvenance(path), text.encode()), [] if notes is None else notes)


def marked(text: str, region: Region) -> str:
    """Return the part of `text` that a region of one document names."""
    lines = re.split("(?<=\n)|(?<=\r)(?!\n)", text)

    def offset(line: int, column: int) -> int:
        before = lines[line - 1].encode("utf-16-le")[: 2 * (column - 1)].decode("utf-16-le")
        return sum(map(len, lines[: line - 1])) + len(before)

    return text[offset(region.start_line, region.start_column) : offset(region.end_line, region.end_column)]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", ENCODERS)
def test_a_key_in_each_encoding(engine: Engine, fallback: Engine, name: str, end: str) -> None:
    text = end.join(("first", f"\U0001f511 é: {ENCODERS[name]('key ' + DOCKER + ' end')} behind", "last", ""))
    (finding,) = found = scan(engine, text)
    assert found == scan(fallback, text)
    assert finding.rule_id == "docker-personal-access-token"
    assert finding.message == f"Docker personal access token, decoded from {name}"
    assert finding.secret.value == DOCKER.encode()
    assert finding.evidence[-1].text == f"decoded from {name}"
    assert finding.confidence is Confidence.HIGH
    place = marked(text, finding.location.region)
    if name in EXACT:
        assert place == ENCODERS[name](DOCKER)
    else:
        assert DOCKER.encode() in base64.b64decode(place)
        assert len(place) <= len(DOCKER) * 4 / 3 + 8
    excerpt = finding.location.excerpt
    assert excerpt.text[excerpt.start : excerpt.end] == "********"
    assert place not in excerpt.text
    assert finding.location.region.start_line == 2


@pytest.mark.parametrize("name", ENCODERS)
def test_an_assignment_in_each_encoding(engine: Engine, name: str) -> None:
    (plain,) = scan(engine, ASSIGNED)
    (finding,) = scan(engine, f"x {ENCODERS[name](ASSIGNED)} y")
    assert (finding.rule_id, finding.confidence, finding.secret) == (plain.rule_id, plain.confidence, plain.secret)


def test_wrapped_base64_in_a_block_scalar(engine: Engine) -> None:
    content = "# settings\n" * 12 + ASSIGNED + "\nmore: text\n" * 3
    text = (
        "data:\n  config: |\n"
        + textwrap.indent("\n".join(textwrap.wrap(b64(content), 64)), "    ")
        + "\nkind: Secret\n"
    )
    (finding,) = scan(engine, text, "secret.yaml")
    assert finding.secret.value == VALUE.encode()
    region = finding.location.region
    assert VALUE.encode() in base64.b64decode(re.sub(r"\s", "", marked(text, region)))
    assert text.splitlines()[region.start_line - 1].startswith("    ")


def test_powershell(engine: Engine) -> None:
    code = base64.b64encode(f"$x = '{DOCKER}'; Invoke-Command".encode("utf-16-le")).decode()
    text = f"powershell -EncodedCommand {code}\n"
    (finding,) = scan(engine, text)
    assert finding.secret.value == DOCKER.encode()
    assert DOCKER.encode() in base64.b64decode(marked(text, finding.location.region)).replace(b"\0", b"")
    place = marked(text, finding.location.region)
    assert len(place) <= len(DOCKER) * 8 / 3 + 8
    assert DOCKER.encode() in base64.b64decode(place).replace(b"\0", b"")


def test_settings_encoded_in_a_program(engine: Engine) -> None:
    """In a program, only a quoted value counts; not so in settings that the program holds."""
    settings = f"DB_HOST=db.local\nDB_PASSWORD={VALUE}\n"
    (finding,) = scan(engine, f'run(b64decode("{b64(settings)}"))\n', "deploy.py")
    assert finding.secret.value == VALUE.encode()
    assert finding.location.provenance.path == "deploy.py"
    program = f"def run(self):\n    password = self.settings{VALUE}\n    f(password);\n"
    assert scan(engine, f'run(b64decode("{b64(program)}"))\n', "deploy.py") == []


def test_a_key_with_escapes_far_apart(engine: Engine) -> None:
    key = VALUE + "/" + VALUE[::-1] + "+" + VALUE.swapcase() + "=="
    quoted = key.replace("/", "%2F").replace("+", "%2B").replace("=", "%3D")
    (finding,) = scan(engine, f"hook = https://host.io/?to=%3A%2F%2F&api_key={quoted}&b=1 there", "app.conf")
    assert finding.secret.value == key.encode()


def test_soft_line_ends(engine: Engine) -> None:
    text = f"Content-Transfer-Encoding: quoted-printable\r\n\r\nThe key {DOCKER[:15]}=\r\n{DOCKER[15:]} is new.\r\n"
    (finding,) = scan(engine, text, "mail.eml")
    assert finding.secret.value == DOCKER.encode()
    assert marked(text, finding.location.region) == f"{DOCKER[:15]}=\r\n{DOCKER[15:]}"


def test_escaped_slashes_of_json(engine: Engine) -> None:
    path = "T024BE7LD/B4Q7WQ9ZK/" + VALUE[:24]
    text = json.dumps({"hook": "https://hooks.slack.com/services/" + path}).replace("/", "\\/")
    (finding,) = scan(engine, text, "hook.json")
    assert finding.secret.value == path.encode()
    assert marked(text, finding.location.region) == path.replace("/", "\\/")


CHAINS = [
    ("base64", "base64"),
    ("percent-encoding", "base64"),
    ("base64", "escapes"),
    ("escapes", "HTML entities"),
    ("hex", "base64", "percent-encoding"),
    ("base64",) * 5,
]


@pytest.mark.parametrize("chain", CHAINS, ids=", ".join)
def test_chains(engine: Engine, fallback: Engine, chain: tuple[str, ...]) -> None:
    text = f"the {ASSIGNED} of old"
    for name in reversed(chain):
        text = f"in it: {ENCODERS[name](text)} and so on"
    (finding,) = found = scan(engine, text)
    assert found == scan(fallback, text)
    assert finding.secret.value == VALUE.encode()
    assert finding.message.endswith("decoded from " + ", then from ".join(chain))


def test_encoded_too_often(engine: Engine) -> None:
    text = ASSIGNED
    for _ in range(decoded.MAX_DEPTH + 1):
        text = b64(text)
    notes: list[str] = []
    assert scan(engine, text, "deep.txt", notes) == []
    assert notes == ["deep.txt: some encoded text was not decoded: it is encoded more than 5 times over"]


def test_too_much(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoded, "_MAX_BYTES", 10_000)
    content = f"{ASSIGNED}\n" + "nothing to see here\n" * 1000 + f"password = '{VALUE[::-1]}'\n"
    notes: list[str] = []
    (finding,) = scan(engine, b64(content), "much.txt", notes)
    assert finding.secret.value == VALUE.encode()
    assert notes == ["much.txt: some encoded text was not decoded: there is too much of it"]


def test_too_many(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoded, "_MAX_DOCUMENTS", 1)
    notes: list[str] = []
    (finding,) = scan(engine, f"{b64(ASSIGNED)} {percent(ASSIGNED[::-1])}", "many.txt", notes)
    assert finding.secret.value == VALUE.encode()
    assert notes == ["many.txt: some encoded text was not decoded: there is too much of it"]


@pytest.mark.parametrize(
    "piece", ["%41", "&amp;", "\\u0041", "\\/", "=3D", "QUJD", b64("some text, twice ") + " ", "4142"]
)
def test_much_of_the_same(engine: Engine, piece: str) -> None:
    assert scan(engine, piece * (300_000 // len(piece)) + "\n") == []


# --- reported once ----------------------------------------------------------------------------------------------------


def jwt() -> str:
    parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": "deploy", "password": VALUE, "api_key": DOCKER})
    head = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return head + "." + base64.urlsafe_b64encode(random.Random(2).randbytes(32)).decode().rstrip("=")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("token: " + jwt(), "json-web-token"),
        ("Authorization: Basic " + b64("deploy:" + VALUE), "basic-authorization-header"),
        (json.dumps({"auths": {"r.io": {"auth": b64("deploy:" + VALUE)}}}), "docker-config-auth"),
        (
            ".dockerconfigjson: "
            + b64(json.dumps({"auths": {"r.io": {"auth": b64("d:" + VALUE)}}}, separators=(",", ":"))),
            "docker-config-base64",
        ),
    ],
    ids=["jwt", "basic", "docker", "dockerconfigjson"],
)
def test_rules_that_know_base64_win(engine: Engine, text: str, rule: str) -> None:
    (finding,) = scan(engine, text, "config.yaml")
    assert finding.rule_id == rule
    assert "decoded from" not in finding.message


def test_the_rule_for_a_format_wins_over_a_name(engine: Engine) -> None:
    (finding,) = scan(engine, f"data:\n  password: {b64(DOCKER)}\n", "secret.yaml")
    assert (finding.rule_id, finding.secret.value) == ("docker-personal-access-token", DOCKER.encode())


def test_a_name_with_an_encoded_value(engine: Engine) -> None:
    text = f"data:\n  password: {b64(VALUE)}\n"
    (finding,) = scan(engine, text, "secret.yaml")
    assert (finding.rule_id, finding.secret.value) == ("generic-password", VALUE.encode())
    assert marked(text, finding.location.region) == b64(VALUE)


def test_what_stands_beside_escapes_is_reported_as_it_stands(engine: Engine) -> None:
    text = f'{{"a": "\\u003cb\\u003e\\u0026", "password": "{VALUE}"}}'
    (finding,) = scan(engine, text, "a.json")
    assert finding.message == "Hardcoded password"


def test_the_same_key_in_clear_and_encoded(engine: Engine) -> None:
    found = scan(engine, f"{DOCKER} is {b64(DOCKER)}")
    assert [finding.secret.value for finding in found] == [DOCKER.encode()] * 2
    assert all(DOCKER not in finding.location.excerpt.text for finding in found)


# --- what goes on with a finding --------------------------------------------------------------------------------------


def test_baseline_covers_a_key_that_gets_encoded(engine: Engine) -> None:
    baseline = Baseline.create(scan(engine, DOCKER))
    applied, unused = baseline.apply(scan(engine, b64(DOCKER)), ("notes.txt",), lambda _: True, ())
    assert [finding.suppression is not None for finding in applied] == [True]
    assert unused == []


def test_fingerprints_hold_no_value_and_do_not_move(engine: Engine) -> None:
    (one,) = scan(engine, f"a: {b64(DOCKER)}\n")
    (two,) = scan(engine, f"\n\na: {b64(DOCKER)}\n")
    (other,) = scan(engine, f"b: {b64(DOCKER)}\n")
    assert one.fingerprint == two.fingerprint != other.fingerprint


def test_inline_comments_and_allowlists() -> None:
    setup = Setup(hyperscan=False, only=("generic-api-key",), today=date(2026, 11, 24))
    (finding,) = scan(load_engine(setup), f"x: {b64(ASSIGNED)} # keytrace:ignore -- of the tests")
    assert finding.suppression is not None
    for target, regex in (("secret", f"^{VALUE}$"), ("match", f"^api_key = '{VALUE}"), ("line", "^x: ")):
        lists = (Allowlist(regexes=(regex,), regex_target=target),)
        allowing = load_engine(Setup(allowlists=lists, hyperscan=False, only=setup.only))
        (finding,) = scan(allowing, f"x: {b64(ASSIGNED)}")
        assert finding.suppression is not None, target


def test_only_the_lines_asked_for(engine: Engine) -> None:
    text = f"x: {b64(DOCKER)}\ny: {b64(DOCKER[::-1] + ' ' + DOCKER)}\n"
    document = Document(FileProvenance("a.txt"), text.encode(), frozenset({2}))
    (finding,) = find(engine, document, [])
    assert finding.location.region.start_line == 2


# --- any text ---------------------------------------------------------------------------------------------------------

PIECES = st.one_of(
    st.sampled_from([ASSIGNED, DOCKER, f"password: {VALUE}", "\n", "\r\n", '"', " ", "=", "é", "\U0001f511", "text "]),
    st.text(max_size=10),
)


@settings(max_examples=100)
@given(
    st.recursive(
        st.lists(PIECES, max_size=5).map("".join),
        lambda inner: st.tuples(st.sampled_from(sorted(ENCODERS)), inner, PIECES, PIECES).map(
            lambda made: made[2] + ENCODERS[made[0]](made[1].encode("utf-8", "replace").decode()) + made[3]
        ),
        max_leaves=4,
    )
)
def test_any_text(engine: Engine, fallback: Engine, text: str) -> None:
    document = Document(FileProvenance("a.yaml"), text.encode("utf-8", "replace"))
    found = find(engine, document, [])
    assert found == find(fallback, document, [])
    for finding in found:
        location = finding.location
        assert 0 <= location.start < location.end <= len(document.data)
        if finding.message.rpartition("decoded from ")[2] in ENCODERS and len(finding.secret.value) > 8:
            assert finding.secret.value not in location.excerpt.text.encode()
