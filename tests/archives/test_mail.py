"""Archives attached to a mail are opened; its text is scanned as it is."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from pathlib import Path

import pytest

import keytrace
from keytrace.archives import mail
from keytrace.model import Reason
from tests.archives.making import tarred, zipped
from tests.samples import marked

KEY = marked(1)
INNER = {"conf/app.env": f"T={KEY}\n".encode()}


def message(*attached: tuple[str, bytes]) -> bytes:
    made = EmailMessage()
    made["Subject"] = "the release"
    made.set_content(f"see {marked(2)}\n")
    for name, data in attached:
        made.add_attachment(data, "application", "octet-stream", filename=name)
    return made.as_bytes()


def placed(folder: Path) -> list[str]:
    report = keytrace.scan(str(folder))
    assert report.errors == ()
    return sorted(f"{one.location.provenance.path}:{one.location.region.start_line}" for one in report.active)


def test_it_is_opened(tmp_path: Path) -> None:
    whole = message(("a.zip", zipped(INNER)), ("notes.bin", b"\0\1\2" * 40), ("b.tar", tarred(INNER)))
    (tmp_path / "m.eml").write_bytes(whole)
    (tmp_path / "crlf.eml").write_bytes(whole.replace(b"\n", b"\r\n"))
    line = whole[: whole.index(b"see ")].count(b"\n") + 1
    for name in ("crlf.eml", "m.eml"):
        found = [one for one in placed(tmp_path) if one.startswith(name)]
        assert found == [f"{name}!a.zip!conf/app.env:1", f"{name}!b.tar!conf/app.env:1", f"{name}:{line}"]
    assert keytrace.scan(str(tmp_path)).statistics.files == 2


def test_a_second_scan_finds_it_again(tmp_path: Path) -> None:
    """What is known of a text that had nothing to tell says nothing of what is attached to it."""
    quiet = message(("a.zip", zipped(INNER))).replace(marked(2).encode(), b"it")
    for number in range(40):  # so many that results are kept
        (tmp_path / f"{number}.eml").write_bytes(quiet)
    assert len(placed(tmp_path)) == len(placed(tmp_path)) == 40


def test_in_an_archive(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(zipped({"m.eml": message(("a.zip", zipped(INNER)))}))
    assert [one.rpartition(":")[0] for one in placed(tmp_path)] == ["x.zip!m.eml!a.zip!conf/app.env", "x.zip!m.eml"]
    report = keytrace.scan(str(tmp_path), max_archive_depth=3)
    assert [error.path for error in report.errors] == []
    for depth, path in ((2, "x.zip!m.eml!a.zip"), (1, "x.zip!m.eml")):
        report = keytrace.scan(str(tmp_path), max_archive_depth=depth)
        assert [(error.path, error.file) for error in report.errors] == [(path, "x.zip")]


def test_what_cannot_be_opened_is_counted(tmp_path: Path) -> None:
    (tmp_path / "m.eml").write_bytes(message(("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(400))))
    report = keytrace.scan(str(tmp_path))
    assert [(one.path, one.reason) for one in report.skipped] == [("m.eml!a.7z", Reason.COMPRESSED)]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"Content-Transfer-Encoding: base64",
        b"Content-Transfer-Encoding: base64\n\n",
        b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(b"plain text that is long enough" * 9),
        b"Content-Transfer-Encoding: base64\n" * 20_000,
        b"Content-Transfer-Encoding: base64\n\nA\n--" * 20_000,
        b"say Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(zipped(INNER)),
    ],
)
def test_what_is_none(raw: bytes) -> None:
    assert not mail.holds_archive(raw)


def test_names() -> None:
    data = base64.encodebytes(zipped(INNER))
    head = b"Content-Transfer-Encoding: BASE64\n"
    raw = head + b"\n" + data + b"--x\nContent-Type: a/b; name=c d.zip\n" + head + b"\n" + data + b"--x--"
    names = [name for name, _ in mail._attached(raw)]
    assert names == ["attachment 1", "c d.zip"]


def test_damage_is_said(tmp_path: Path) -> None:
    whole = message(("a.zip", zipped(INNER)))
    (tmp_path / "m.eml").write_bytes(whole[: whole.index(b"UEsDB") + 60])
    report = keytrace.scan(str(tmp_path))
    assert "m.eml!a.zip" in [error.path for error in report.errors]
