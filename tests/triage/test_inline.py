"""Comments that suppress: each form holds where it should and nowhere else."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keytrace.model import Confidence, FileProvenance, Rule, Severity, SuppressionKind
from keytrace.text.document import Document
from keytrace.triage.inline import Verdict, own_comments, suppression
from tests.growing import stays_the_same

RULE = Rule(id="acme-api-key", name="Acme key", severity=Severity.HIGH, confidence=Confidence.HIGH, analyzer="pattern")
TODAY = date(2026, 11, 23)
NEITHER = Verdict()
IDS = frozenset({"acme-api-key", "acme-api-token", "other"})


def look(text: str, path: str = "a.py") -> Verdict:
    """Judge the finding of which « and » mark the secret."""
    data = text.encode()
    start = data.index("«".encode())
    data = data.replace("«".encode(), b"")
    end = data.index("»".encode())
    data = data.replace("»".encode(), b"")
    return suppression(Document(FileProvenance(path), data), start, end, RULE, TODAY, lambda: IDS)


def reason(text: str) -> str | None:
    verdict = look(text)
    assert not (verdict.suppression and verdict.note)
    if verdict.suppression is None:
        return None
    assert verdict.suppression.kind is SuppressionKind.INLINE
    return verdict.suppression.reason


@pytest.mark.parametrize(
    "marker",
    [
        "keytrace:ignore",
        "gitleaks:allow",
        "betterleaks:allow",
        "trufflehog:ignore",
        "kingfisher:ignore",
        "ggignore",
        "nosemgrep",
        "secretlint-disable-line",
        "pragma: allowlist secret",
        "pragma: whitelist secret",
        "nosec",
    ],
)
@pytest.mark.parametrize("comment", ["# {}", "#{}", "// {}", "/* {} */", "# type: ignore # {}", "# {} # noqa: S105"])
def test_every_marker_on_the_line(marker: str, comment: str) -> None:
    expected = f"{marker} on line 2"
    assert reason(f"a = 1\nkey = '«abc»'  {comment.format(marker)}\nb = 2\n") == expected
    assert reason(f"a = 1\r\nkey = '«abc»'  {comment.format(marker)}\r\nb = 2\r\n") == expected
    assert look(f"key = '«abc»'\na = 1  {comment.format(marker)}\n") == NEITHER, "it is about the line below"
    assert look(f"a = 1  {comment.format(marker)}\nkey = '«abc»'\n") == NEITHER, "it is about the code before it"
    assert look(f"{comment.format(marker)}\n\nkey = '«abc»'\n") == NEITHER, "there is a line between"


@pytest.mark.parametrize("marker", ["keytrace:ignore", "kingfisher:ignore", "nosemgrep"])
@pytest.mark.parametrize(
    "comment", ["# {}", "  // {}", "/* {} */", "<!-- {} -->", "{{/* {} */}}", "-- {}", "REM {}", "; {}"]
)
def test_comment_on_the_line_above(marker: str, comment: str) -> None:
    assert reason(f"{comment.format(marker)}\nkey = '«abc»'\n") == f"{marker} on line 1"
    assert look(f"{comment.format(marker)}\n\nkey = '«abc»'\n") == NEITHER


@pytest.mark.parametrize(
    "above",
    [
        "other = 'def'  # keytrace:ignore",
        "'def',  # keytrace:ignore",
        "/* keytrace:ignore */ other = 'def'",
        "<!-- keytrace:ignore --><key>def</key>",
        "# gitleaks:allow",
        "# pragma: allowlist secret",
        "# secretlint-disable-line",
        "# nosec",
    ],
)
def test_line_above_about_itself(above: str) -> None:
    assert look(f"{above}\n'«abc»'\n") == NEITHER


@pytest.mark.parametrize(
    "marker", ["pragma: allowlist nextline secret", "pragma: whitelist nextline secret", "secretlint-disable-next-line"]
)
def test_next_line_markers(marker: str) -> None:
    assert reason(f"# {marker}\nkey = '«abc»'") == f"{marker} on line 1"
    assert reason(f"a = 1  // {marker}\nkey = '«abc»'") == f"{marker} on line 1"
    assert look(f"key = '«abc»'  # {marker}") == NEITHER


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("keytrace:ignore -- a test key", "keytrace:ignore on line 1: a test key"),
        ("KEYTRACE:IGNORE --a  test key", "KEYTRACE:IGNORE on line 1: a test key"),
        ("keytrace:ignore -- see */", "keytrace:ignore on line 1: see"),
        ("keytrace:ignore-->", "keytrace:ignore on line 1"),
        ("keytrace:ignore[acme-api-key]", "keytrace:ignore on line 1"),
        ("keytrace:ignore[ other , acme-api-key ] -- why", "keytrace:ignore on line 1: why"),
        ("keytrace:ignore [acme-api-key]", "keytrace:ignore on line 1"),
        ("keytrace:ignore until=2026-11-23", "keytrace:ignore on line 1"),
        ("keytrace:ignore until=2026-11-23*/", "keytrace:ignore on line 1"),
        ("keytrace:ignore[acme-api-key] until=2027-01-01 -- why", "keytrace:ignore on line 1: why"),
        ("keytrace:ignore -- why, until=2027-01-01", "keytrace:ignore on line 1: why,"),
        ("keytrace:ignore[other], gitleaks:allow", "gitleaks:allow on line 1"),
        ("keytrace:ignore until=2020-01-01, gitleaks:allow", "gitleaks:allow on line 1"),
        ("nosec B105", "nosec on line 1"),
        ("nosec: B101, B106", "nosec on line 1"),
        ("nosec B107 # not a secret", "nosec on line 1"),
        ("nosec hardcoded_password_string", "nosec on line 1"),
        ("nosec G101 -- sample", "nosec on line 1"),
        ("nosec this is a sample", "nosec on line 1"),
        ("keytrace: ignore", "keytrace: ignore on line 1"),
        ("keytrace: ignore[acme-api-key] -- why", "keytrace: ignore on line 1: why"),
        ("noqa: S105", "noqa on line 1"),
        ("noqa:E501,S107 # long", "noqa on line 1"),
        ("NOQA: s106", "NOQA on line 1"),
        ("nosemgrep: acme-api-key", "nosemgrep on line 1"),
        ("nosemgrep: rules.other, generic.secrets.security.detected-key", "nosemgrep on line 1"),
        ("nosemgrep: rules.other , some.acme-api-key", "nosemgrep on line 1"),
        ("nosemgrep - a sample", "nosemgrep on line 1"),
        ("nosem", "nosem on line 1"),
        ("secretlint-disable-line @secretlint/secretlint-rule-aws", "secretlint-disable-line on line 1"),
    ],
)
def test_forms_that_hold(comment: str, expected: str) -> None:
    assert reason(f"key = '«abc»'  # {comment}") == expected


@pytest.mark.parametrize(
    "comment",
    [
        "noqa",
        "noqa: S106x, E501",
        "noqa: E501 # not S105",
        "nosec B101",
        "nosec: B101, B602",
        "nosec assert_used",
        "nosecurity",
        "nosemgrep: python.flask.debug-enabled",
        "nosemgrep: python.flask.debug-enabled because the key is no secret",
        "nosemgrep: generic.secrets.other",
        "nosemgrep:",
        "nosemgrepped",
        "gitleaks:allowlist",
        "mykeytrace:ignore",
        "pragma: no cover",
        "secretlint-disable",
    ],
)
def test_comments_about_something_else(comment: str) -> None:
    assert look(f"key = '«abc»'  # {comment}") == NEITHER


@pytest.mark.parametrize(
    ("comment", "why"),
    [
        ("[other]", "it names other; this is acme-api-key"),
        ("[other] until=2020-01-01", "it names other; this is acme-api-key"),
        ("[acme-api-kee]", "there is no rule 'acme-api-kee'; did you mean 'acme-api-key'?"),
        ("[other, zzz]", "there is no rule 'zzz'; this is acme-api-key"),
        (" until=2026-11-22", "it expired on 2026-11-22"),
        ("[acme-api-key] -- why until=2026-11-22", "it expired on 2026-11-22"),
        (" until=2027-01-01 until=2026-01-01", "it expired on 2026-01-01"),
        (" until=2026-02-30", "its date must have the form until=YYYY-MM-DD"),
        (" until=tomorrow", "its date must have the form until=YYYY-MM-DD"),
        (" until=20270101", "its date must have the form until=YYYY-MM-DD"),
        (" until=2027-01-011", "its date must have the form until=YYYY-MM-DD"),
        (" until=", "its date must have the form until=YYYY-MM-DD"),
        ("[]", "the brackets must list rule ids, separated by commas"),
        ("[acme-api-key other]", "the brackets must list rule ids, separated by commas"),
        ("[acme-api-key", "it may be followed by [rule-id], until=YYYY-MM-DD and '-- reason'"),
        (":acme-api-key", "it may be followed by [rule-id], until=YYYY-MM-DD and '-- reason'"),
        ("(acme-api-key)", "it may be followed by [rule-id], until=YYYY-MM-DD and '-- reason'"),
        (" acme-api-key", "it may be followed by [rule-id], until=YYYY-MM-DD and '-- reason'"),
        ("d", "it may be followed by [rule-id], until=YYYY-MM-DD and '-- reason'"),
        ("-next-line", "it may be followed by [rule-id], until=YYYY-MM-DD and '-- reason'"),
    ],
)
def test_forms_that_do_not_hold_are_noted(comment: str, why: str) -> None:
    verdict = look(f"\nkey = '«abc»'  # keytrace:ignore{comment}")
    assert verdict == Verdict(note=f"line 2: 'keytrace:ignore' does not hold: {why}")


def test_marker_within_the_secret_is_text() -> None:
    assert look("password = «hunter2#gitleaks:allow»\n") == NEITHER
    assert look("password = «hunter2 # keytrace:ignore»\n") == NEITHER


def test_nosec_is_code_outside_a_comment() -> None:
    assert look("nosec = '«abc»'") == NEITHER


def test_the_reason_never_shows_the_secret() -> None:
    assert reason("# keytrace:ignore -- before the rotation it was «abc»") == (
        "keytrace:ignore on line 1: before the rotation it was"
    )


def test_finding_of_several_lines() -> None:
    pem = "«-----BEGIN\nabc\n-----END»"
    assert reason(f"key = '''{pem}'''  # gitleaks:allow\n") == "gitleaks:allow on line 3"
    assert reason(f"key = '''{pem}\n'''  # keytrace:ignore\n") == "keytrace:ignore on line 4"
    assert reason(f"<key>\n{pem}\n</key>  <!-- kingfisher:ignore -->\n") == "kingfisher:ignore on line 5"
    assert reason(f"# keytrace:ignore\n{pem}\n") == "keytrace:ignore on line 1"
    assert look(f"{pem}\n# keytrace:ignore\nother = 1\n") == NEITHER
    assert look("key = '«abc»'\n''  # keytrace:ignore\n") == NEITHER


OPENED = [
    'k = """\n«{pem}»\n"""\n',
    "k = '''\n«{pem}»\n'''\n",
    'password = (\n    "«abc»"\n)\n',
    'password = (  # of the test server\n    # in use since May\n    b"«abc»"\n)\n',
    "key: |\n  «{pem}»\n",
    "key: !!binary |-2\n  «{pem}»\n",
    "key: >+\n  «abc»\nother: 1\n",
    "password:\n  «abc»\n",
    "PASSWORD=\\\n«abc»\n",
    "cat <<-'EOF' > key.pem\n«{pem}»\nEOF\n",
    "cat <<EOF\n«{pem}»\nEOF\n",
    "<key id='1'>\n  «{pem}»\n</key>\n",
    "const key = `\n«{pem}»\n`;\n",
    'KEY="\n«{pem}»\n"\n',
]


@pytest.mark.parametrize("text", OPENED)
def test_above_the_line_that_opens_the_value(text: str) -> None:
    text = text.replace("{pem}", "-----BEGIN\n  abc\n  -----END")
    assert reason(f"# keytrace:ignore -- why\n{text}") == "keytrace:ignore on line 1: why"
    assert reason(f"a = 1\n# kingfisher:ignore\n{text}") == "kingfisher:ignore on line 2"
    assert look(text) == NEITHER
    assert look(f"# keytrace:ignore\n\n{text}") == NEITHER
    assert look(f"# gitleaks:allow\n{text}") == NEITHER, "that one is for its own line"
    assert look(f"other = 1  # keytrace:ignore\n{text}") == NEITHER


def test_behind_what_opens_the_value() -> None:
    assert reason("key: |  # keytrace:ignore\n  «abc\n  def»\n") == "keytrace:ignore on line 1"
    assert reason("password = (  # gitleaks:allow\n    '«abc»'\n)\n") == "gitleaks:allow on line 1"
    assert reason("password = (\n    '«abc»'\n)  # keytrace:ignore\n") == "keytrace:ignore on line 3"


def test_a_comment_above_a_mapping_is_not_about_its_first_entry() -> None:
    for text in (
        "config = {\n  'a': '«abc»',\n}",
        "keys = [\n  '«abc»',\n]",
        "call(\n  a, '«abc»')",
        "if x {\n '«abc»'",
    ):
        assert look(f"# keytrace:ignore\n{text}\n") == NEITHER, text


def test_a_block() -> None:
    block = "# keytrace:ignore-start -- samples\na = '«abc»'\n# keytrace:ignore-end\n"
    assert reason(f"x = 1\n{block}") == "keytrace:ignore-start on line 2: samples"
    assert reason(block.replace("-start", "-start[acme-api-key]")) == "keytrace:ignore-start on line 1: samples"
    assert look("# keytrace:ignore-start\n# keytrace:ignore-end\na = '«abc»'\n") == NEITHER
    assert look("a = '«abc»'\n# keytrace:ignore-start\n# keytrace:ignore-end\n") == NEITHER
    assert look("x = 1 # keytrace:ignore-start\na = '«abc»'\n# keytrace:ignore-end\n") == NEITHER
    for text, why in (
        ("# keytrace:ignore-start\na = '«abc»'\n", "there is no keytrace:ignore-end below it"),
        (block.replace("-start", "-start until=2020-01-01"), "it expired on 2020-01-01"),
        (block.replace("-start", "-start[other]"), "it names other; this is acme-api-key"),
    ):
        assert look(text) == Verdict(note=f"line 1: 'keytrace:ignore-start' does not hold: {why}")


def test_a_whole_file() -> None:
    assert reason("#!/bin/sh\n# keytrace:ignore-file -- samples\n\na='«abc»'\n") == (
        "keytrace:ignore-file on line 2: samples"
    )
    assert reason("<!-- keytrace:ignore-file[acme-api-key] -->\n«abc»\n") == "keytrace:ignore-file on line 1"
    late = "x\n" * 20
    assert look(f"{late}# keytrace:ignore-file\n'«abc»'\n") == Verdict(
        note="line 21: 'keytrace:ignore-file' does not hold: it must stand in the first 20 lines"
    )
    assert look("x = 'keytrace:ignore-file'\n'«abc»'\n") == NEITHER


IN_A_STRING = "does not hold: it stands in a string, not in a comment"


@pytest.mark.parametrize("marker", ["keytrace:ignore", "gitleaks:allow", "# nosec", "# noqa: S105", "nosemgrep"])
def test_a_marker_in_a_string_is_none(marker: str) -> None:
    name = marker.split(":", maxsplit=1)[0].strip("# ") if marker.startswith("#") else marker
    for path, text in (
        ("a.py", f"f('«abc»', '{marker}')"),
        ("a.js", f"x = '«abc»' + `{marker}`"),
        ("a.json", f'{{"k": "«abc»", "comment": "{marker}"}}'),
        ("a.txt", f"k = '«abc»', '{marker}'"),
    ):
        assert look(text, path) == Verdict(note=f"line 1: '{name}' {IN_A_STRING}"), path
    assert look(f"'{marker}' if x else '«abc»'  # keytrace:ignore").suppression


def test_a_block_or_file_is_not_ignored_by_a_string_or_a_sample() -> None:
    text = "s = '''\n# keytrace:ignore-file\n'''\nk = '«abc»'\n"
    assert look(text) == Verdict(note=f"line 2: 'keytrace:ignore-file' {IN_A_STRING}")
    assert look(text.replace("'''", "`"), "a.go") == Verdict(note=f"line 2: 'keytrace:ignore-file' {IN_A_STRING}")
    assert look(text, "a.txt").suppression, "where the language is not known"
    sample = "```sh\n# keytrace:ignore-file -- why\nA=b\n```\nthe key is «abc»\n"
    assert look(sample, "README.md") == Verdict(
        note="line 2: 'keytrace:ignore-file' does not hold: in text that is quoted or not of the file's language, "
        "a comment holds for its own line only"
    )
    assert reason_in("README.md", "```sh\nA=«abc» # keytrace:ignore\n```\n") == "keytrace:ignore on line 2"
    assert reason_in("README.md", "<!-- keytrace:ignore-file -->\n" + sample) == "keytrace:ignore-file on line 1"
    block = "s = '''\n# keytrace:ignore-start\n'''\nk = '«abc»'\n# keytrace:ignore-end\n"
    assert look(block) == Verdict(note=f"line 2: 'keytrace:ignore-start' {IN_A_STRING}")
    ended = "# keytrace:ignore-start\ns = '''\n# keytrace:ignore-end\n'''\nk = '«abc»'\n# keytrace:ignore-end\n"
    assert reason(ended) == "keytrace:ignore-start on line 1", "the end in the string is none"


def reason_in(path: str, text: str) -> str:
    verdict = look(text, path)
    assert verdict.suppression
    return verdict.suppression.reason


def test_where_our_comments_are() -> None:
    text = "# keytrace:ignore\nx = 1  // keytrace: ignore[a] -- b\n'keytrace:ignore'\n"
    text += "# keytrace:ignore-end\n# keytrace:ignore-file"
    assert list(own_comments(Document(FileProvenance("a"), text.encode()))) == [1, 2, 5]


def test_a_comment_out_of_reach_costs_nothing() -> None:
    """A long line is not searched to its end for each of its findings."""
    documents = {}
    for size in (2**16, 2**20, 2**17, 2**21, 2**18, 2**22):
        documents[size] = Document(FileProvenance("a.js"), f"{'x' * size}abc{'x' * size} // gitleaks:allow".encode())
        assert documents[size].line_at(0) == 1

    def work(size: int) -> None:
        for _ in range(100):
            assert suppression(documents[size], size, size + 3, RULE, TODAY, lambda: IDS) == NEITHER

    assert stays_the_same(work, 2**16)


@given(st.binary(max_size=200), st.data())
def test_any_text_and_span(data: bytes, draw: st.DataObject) -> None:
    pieces = [b"keytrace:ignore", b"[", b"until=", b"# nosec", b"nosemgrep:", b"\n", data]
    text = b"".join(draw.draw(st.lists(st.sampled_from(pieces), max_size=8)))
    start = draw.draw(st.integers(0, len(text)))
    end = draw.draw(st.integers(start, len(text)))
    verdict = suppression(Document(FileProvenance("a"), text), start, end, RULE, TODAY, lambda: IDS)
    assert verdict.suppression is None or not verdict.note
