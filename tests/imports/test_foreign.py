"""Content of any size and kind, paths in it, and digests of secrets."""

from __future__ import annotations

import os
from hashlib import sha1, sha256
from pathlib import Path

import pytest

from keytrace.errors import ScannerError
from keytrace.imports.foreign import Content, digest_of, digests_of, number, regexes
from tests.samples import private_key

from .conftest import Read


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.json").open("wb") as stream:
        os.truncate(stream.fileno(), 100 * 2**20)
    with pytest.raises(ScannerError, match="larger than 64 MB"):
        Content(str(tmp_path / "huge.json"))
    (tmp_path / "huge.yaml").write_text("#" * (5 * 2**20))
    with pytest.raises(ScannerError, match="larger than 4 MB"):
        _ = Content(str(tmp_path / "huge.yaml")).yaml


def test_what_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xe4\xf6")
    with pytest.raises(ScannerError, match="not UTF-8"):
        Content(str(tmp_path / "a"))
    with pytest.raises(ScannerError, match=f"{tmp_path}: not a regular file"):
        Content(str(tmp_path))
    with pytest.raises(ScannerError, match="No such file"):
        Content(str(tmp_path / "b"))
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(ScannerError, match="cannot read"):
        Content(str(tmp_path / "b"), follow=False)


def test_paths(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    content = Content(str(tmp_path / "a"), root="/srv/app")
    names = ("/srv/app/x.py", "./x.py", "x.py", "src\\x.py", "/srv/application/x.py")
    assert [content.relative(name) for name in names] == ["x.py", "x.py", "x.py", "src/x.py", "/srv/application/x.py"]


def test_digests() -> None:
    digests = list(digests_of(b"abc"))
    assert digest_of("abc") in digests
    assert sha1(b"abc").hexdigest() in digests
    assert sha256(b"abc,apikey").hexdigest() in digests
    key = private_key(1).encode()
    assert sha1(key[5:].split(b"-----")[0]).hexdigest() in list(digests_of(key))


@pytest.mark.parametrize(
    ("value", "line"), [("12", 12), (12, 12), ("", 0), (None, 0), ("-1", 0), ("9" * 99, 0), ("²", 0)]
)
def test_number(value: object, line: int) -> None:
    assert number(value) == line


def test_a_regex_that_is_none_is_told() -> None:
    passes, notes = regexes(["(", "^a/", "["], ["^demo"])
    assert notes == ["2 of its regexes are not understood"]
    assert passes is not None
    assert [passes("a/x", b""), passes("b/x", b"demo1"), passes("b/x", b"x")] == [True, True, False]
    assert regexes()[0] is None


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("k.yaml", "ExactFindings:\n  matches: 5\n", "'matches' is no list of tables"),
        ("k.yaml", "repositories: [{findings: {a: 1}}]\n", "'findings' is no list of tables"),
        ("k.yaml", "repositories: [{findings: [{path: [a]}]}]\n", "a path is no text"),
        ("b.json", '{"metrics": {}, "results": [5]}', "'results' is no list of tables"),
        (
            "b.json",
            '{"metrics": {}, "results": [{"test_id": "B105", "filename": 7, "line_number": 1}]}',
            "a path is no text",
        ),
        (
            "b.json",
            '{"metrics": {}, "results": [{"test_id": "B105", "filename": "a", "line_number": "x"}]}',
            "a number of a line is no number",
        ),
        (".secrets.baseline", '{"version": "1.5.0", "results": {"a.py": 5}}', "'results' is no list of tables"),
    ],
)
def test_what_has_another_form_is_told(read: Read, name: str, text: str, why: str) -> None:
    with pytest.raises(ScannerError, match=why):
        read(name, text)
