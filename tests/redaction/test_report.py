"""The texts of a report: paths stay usable, words stay readable, secrets go."""

from __future__ import annotations

from dataclasses import replace

from keytrace.engine import Setup, load_engine
from keytrace.findings import find, find_alone
from keytrace.model import Confidence, FileProvenance, Rule, ScanError, Severity, Suppression, SuppressionKind
from keytrace.redaction.report import cover, is_masked
from keytrace.text.document import Document
from tests.samples import marked, unmarked

MARKED, UNMARKED = marked(1), unmarked(3)


def test_all_texts_of_a_report() -> None:
    path = f"src/{MARKED}/a.js"
    (finding,) = find(load_engine(Setup()), Document(FileProvenance(path), f'password = "{UNMARKED}"'.encode()), [])
    rule = Rule(
        "own", f"Own {MARKED}", Severity.HIGH, Confidence.HIGH, "pattern",
        description=f"as {MARKED}", origin="own.toml",
        references=("https://example.org",),
    )  # fmt: skip
    reasons = (f"rotate {UNMARKED}", "is made up")
    setup = Setup(rule_files=(("own.toml", ""),))
    covered = cover(setup, [finding], [ScanError(path, f"bad {UNMARKED}")], [f"{path}: of {MARKED}"], [rule], reasons)
    assert covered.path(path) == "src/********/a.js"
    assert is_masked(covered.path(path))
    assert covered.error(ScanError(path, f"bad {UNMARKED}")) == ScanError("src/********/a.js", "bad ********")
    assert covered.text(f"{path}: of {MARKED}") == "src/********/a.js: of ********"
    assert [covered.text(reason) for reason in reasons] == ["rotate ********", "is made up"]
    assert covered.finding(finding).location.provenance == FileProvenance("src/********/a.js")
    assert covered.finding(finding).secret == finding.secret
    own = covered.rule(rule)
    assert (own.name, own.description, own.references) == ("Own ********", "as ********", ("https://example.org",))


def test_reasons_of_suppressions() -> None:
    reason = Suppression(SuppressionKind.INLINE, f"keytrace:ignore on line 1: rotate {MARKED}")
    (finding,) = find(load_engine(Setup()), Document(FileProvenance("a.js"), f'password = "{UNMARKED}"'.encode()), [])
    finding = replace(finding, suppression=reason)
    shown = cover(Setup(only=("generic-password",)), [finding]).finding(finding).suppression
    assert shown is not None
    assert shown.reason == "keytrace:ignore on line 1: rotate ********"


def test_an_expression_is_no_secret() -> None:
    program = b"import logging, os\npassword = os.environ['DB_PASSWORD']\nlogging.info(password)\n"
    (finding,) = find_alone(load_engine(Setup()), Document(FileProvenance("a.py"), program), [])
    assert cover(Setup(), [finding]).finding(finding) == finding


def test_nothing_to_hide() -> None:
    assert cover(Setup()).path("src/a.py") == "src/a.py"
    assert not is_masked("src/a.py")


def test_a_password_that_is_a_word_is_left_in_names_of_files() -> None:
    program = b'db = {"host": "db1", "user": "app", "password": "Wintergarden"}\nconnect(password="tr8-condor-41")\n'
    found = find_alone(load_engine(Setup()), Document(FileProvenance("a.py"), program), [])
    assert {one.secret.value for one in found} == {b"Wintergarden", b"tr8-condor-41"}
    paths = ["Wintergarden/a.py", "tr8-condor-41/a.py"]
    assert not is_masked(cover(Setup(), found, names=["shop46_api.pem"]).path("shop46_api.pem"))
    covered = cover(
        Setup(), found, notes=["of Wintergarden"], names=[name for path in paths for name in path.split("/")]
    )
    assert list(map(covered.path, paths)) == [paths[0], "********/a.py"]
    assert covered.text("of Wintergarden") == "of ********"


def test_some_letters_of_a_secret_are_left_in_names_of_files() -> None:
    token = "BW" + "Organization" + "7Xq" + UNMARKED
    document = Document(FileProvenance("a.js"), f'token = "{token}"'.encode())
    (finding,) = find(load_engine(Setup()), document, [])
    names = ["OrganizationTests.cs", f"{token}.txt", f"{token[:16]}.txt"]
    shown = cover(Setup(), [finding], names=names)
    assert [shown.text(name) for name in names] == ["OrganizationTests.cs", "********.txt", "********.txt"]
