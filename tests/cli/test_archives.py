"""Archives as users meet them: in a folder, staged, on standard input, in every report."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from tests.archives.making import tarred, zipped
from tests.samples import marked

from .conftest import GITHUB, Keytrace

LINE = f'one\nTOKEN = "{marked(1)}"\n'.encode()
ONE = ("--rule", GITHUB)
PLACE = "release.tgz!lib/app.jar!conf/app.env"


@pytest.fixture
def project(keytrace: Keytrace) -> Path:
    keytrace.git("init", "-q")
    write(keytrace.folder / "release.tgz")
    return keytrace.folder


def write(file: Path, line: bytes = LINE) -> None:
    file.write_bytes(gzip.compress(tarred({"lib/app.jar": zipped({"conf/app.env": line})})))


def test_every_report_says_where(keytrace: Keytrace, project: Path) -> None:
    report = keytrace.json(*ONE)
    assert (report.code, report.findings) == (1, [(GITHUB, PLACE, 2)])
    assert report.json["findings"][0]["provenance"] == "member"
    assert report.json["statistics"]["members"] == 1
    text = keytrace("scan", *ONE).out
    assert f"critical  {PLACE}:2:10" in text
    assert "scanned 1 file, 1 member of archives, " in text
    assert keytrace("scan", *ONE, "-f", "line").out.startswith(f"{PLACE}:2:10: critical ")
    assert json.loads(keytrace("scan", *ONE, "-f", "jsonl").out.splitlines()[0])["path"] == PLACE
    run = json.loads(keytrace("scan", *ONE, "-f", "sarif").out)["runs"][0]
    (place,) = run["results"][0]["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "release.tgz", "a file that is there"
    assert place["logicalLocations"] == [
        {"name": PLACE.removeprefix("release.tgz!"), "fullyQualifiedName": PLACE, "kind": "resource"}
    ]
    assert run["artifacts"][place["physicalLocation"]["artifactLocation"]["index"]]["location"]["uri"] == "release.tgz"
    assert [(one["location"]["uri"], one.get("parentIndex", -1)) for one in run["artifacts"]] == [
        ("release.tgz", -1),
        ("lib/app.jar", 0),
        ("conf/app.env", 1),
    ]
    for run_ in (report, keytrace("scan", *ONE), keytrace("scan", *ONE, "-f", "sarif")):
        assert marked(1) not in run_.out


def test_staged_and_on_standard_input(keytrace: Keytrace, project: Path) -> None:
    keytrace.git("add", "-A")
    assert keytrace.json("--staged", *ONE).findings == [(GITHUB, PLACE, 2)]
    data = (project / "release.tgz").read_bytes()
    piped = keytrace("scan", "-", *ONE, "-f", "json", stdin=data)
    assert piped.findings == [(GITHUB, PLACE.replace("release.tgz", "stdin"), 2)]
    named = keytrace("scan", "-", "--stdin-filename", "x.tgz", *ONE, "-f", "line", stdin=data)
    assert named.out.startswith("x.tgz!lib/app.jar!conf/app.env:2:10: ")


def test_an_image_is_read_as_it_comes(keytrace: Keytrace, project: Path) -> None:
    """As `docker save` writes it, and an OCI layout: every layer, also what a later one removes, and the settings."""
    base = tarred({"app/.env": LINE, "pad": bytes(range(256)) * 50})
    layers = {"blobs/sha256/aa": base, "blobs/sha256/bb": gzip.compress(tarred({"app/.wh..env": b""}))}
    settings = {"config": {"Env": [f"TOKEN={marked(2)}"]}, "history": [{"created_by": f"RUN login {marked(3)}"}]}
    manifest = json.dumps([{"Config": "blobs/sha256/cc", "Layers": [*layers]}]).encode()
    image = tarred({**layers, "blobs/sha256/cc": json.dumps(settings).encode(), "manifest.json": manifest})
    run = keytrace(
        "scan", "-", *ONE, "-f", "json", "--max-file-size", "10000", "--stdin-filename", "i.tar", stdin=image
    )
    config = (GITHUB, "i.tar!blobs/sha256/cc", 1)
    assert run.findings == [(GITHUB, "i.tar!blobs/sha256/aa!app/.env", 2), config, config]
    messages = [one["message"] for one in run.json["findings"]]
    assert [one.rpartition(", still in ")[2] for one in messages if "still in" in one] == [
        "layer 1 of 2 of the image, deleted in layer 2"
    ]
    assert {"path": "i.tar!blobs/sha256/aa!pad", "reason": "too large"} in run.json["skipped"]
    (project / "release.tgz").write_bytes(image)
    assert len(keytrace.json(*ONE).findings) == 3


def test_a_member_is_explained(keytrace: Keytrace, project: Path) -> None:
    run = keytrace("explain", f"{PLACE}:2", *ONE)
    assert (run.code, "reported: critical severity" in run.out) == (0, True)
    assert keytrace("explain", "release.tgz!gone:1").code == 2
    assert keytrace("explain", "gone.tgz!gone:1").code == 2


def test_options(keytrace: Keytrace, project: Path) -> None:
    assert keytrace("scan", "--no-archives", *ONE).code == 0
    assert keytrace("scan", "--no-archives", "--strict", *ONE).code == 3
    assert keytrace("scan", *ONE, env={"KEYTRACE_NO_ARCHIVES": "1"}).code == 0
    shallow = keytrace("scan", "--max-archive-depth", "1", *ONE)
    assert (shallow.code, "release.tgz!lib/app.jar: an archive in 1 other is not opened" in shallow.out) == (3, True)
    assert keytrace("scan", *ONE, env={"KEYTRACE_MAX_ARCHIVE_DEPTH": "0"}).code == 0
    assert "max-archive-depth = 0 " in keytrace("config", "show", "--no-archives").out
    (project / "keytrace.toml").write_text("max-archive-depth = 0\n")
    assert keytrace("scan", *ONE).code == 0
    assert keytrace("scan", "--max-archive-depth", "2", *ONE).code == 1


def test_what_ignores_files_ignores_members(keytrace: Keytrace, project: Path) -> None:
    assert keytrace("scan", "--exclude", "conf/", *ONE).code == 0
    assert keytrace("scan", "--exclude", "release.tgz/lib/**/app.env", *ONE).code == 0
    (project / ".keytraceignore").write_text("app.env\n")
    listed = keytrace("scan", "--list-skipped", *ONE)
    assert (listed.code, f"{PLACE}: .keytraceignore" in listed.out) == (0, True)
    assert keytrace("scan", "--no-repo-config", *ONE).code == 1
    (project / ".keytraceignore").unlink()
    write(project / "release.tgz", LINE.replace(b"one\n", b"# keytrace:ignore -- a sample\n"))
    assert keytrace.json(*ONE).suppressed == [("inline", 2)]


def test_the_baseline_holds_for_members(keytrace: Keytrace, project: Path) -> None:
    assert keytrace("baseline", "create", *ONE).code == 0
    write(project / "release.tgz", b"another\n" + LINE)
    assert keytrace("scan", *ONE).code == 0
    assert "unused" not in keytrace("scan").out
    assert "unused" not in keytrace("scan", "--no-archives").out
    closed = keytrace("baseline", "update", "--no-archives", *ONE)
    assert ": 1 accepted" in closed.out, "what was not opened may still hold it"
    write(project / "release.tgz", b"nothing\n")
    assert "1 unused entry" in keytrace("scan").out


def test_encrypted_and_damaged_archives_are_told(keytrace: Keytrace, project: Path) -> None:
    data = bytearray(zipped({"a.env": LINE}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (project / "release.tgz").write_bytes(data)
    run = keytrace("scan", *ONE)
    assert (run.code, "left out: 1 encrypted" in run.out) == (3, True)
    assert "release.tgz: a member is encrypted and could not be scanned" in run.out
    (project / "release.tgz").write_bytes(gzip.compress(tarred({"a": LINE, "b": bytes(3000)}))[:-20])
    run = keytrace("scan", *ONE)
    assert (run.code, "release.tgz: cannot be read to its end: it ends too early" in run.out) == (1, True)
    (project / "release.tgz").write_bytes(zipped({"a": b"1"})[:-20])
    assert keytrace("scan", *ONE).code == 3


def test_nothing_is_written(keytrace: Keytrace, project: Path) -> None:
    with zipfile.ZipFile(project / "slip.zip", "w") as archive:
        for name in ("../slipped", "/tmp/keytrace-slipped", "x/../../../slipped", "a\x1b[31mb"):
            archive.writestr(name, LINE)
    before = sorted(project.rglob("*"))
    run = keytrace("scan", *ONE, "-f", "line")
    assert run.out.count("slip.zip!") == 4
    assert "\x1b" not in run.out
    assert [path for path in project.parent.rglob("*") if "slipped" in path.name] == []
    assert before == sorted(project.rglob("*"))
    assert not Path("/tmp/keytrace-slipped").exists()
