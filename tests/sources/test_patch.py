"""A patch on a stream: its files, what is left out of it, and the text around."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from keytrace.errors import ScannerError
from keytrace.model import Reason, Skipped, StreamProvenance
from keytrace.sources.patch import PatchSource
from keytrace.sources.stream import StreamArtifact
from keytrace.sources.texts import TextArtifact

LIMIT = 10_000


def patch(*names: str) -> bytes:
    return b"".join(f"--- a/{name}\n+++ b/{name}\n@@ -1,2 +3,2 @@\n context\n-old\n+new\n".encode() for name in names)


def artifacts(data: bytes, root: Path, *exclude: str) -> list[StreamArtifact | TextArtifact | Skipped]:
    return list(PatchSource(StreamArtifact(io.BytesIO(data), "stdin"), str(root), LIMIT, exclude).artifacts())


def test_files_and_the_text_around(tmp_path: Path) -> None:
    mail = b"From: Ada\nSubject: x\n\n" + patch("a.py", "b/c.py")
    first, second, around = artifacts(mail, tmp_path)
    assert isinstance(first, TextArtifact)
    assert (first.provenance, first.lines) == (StreamProvenance("a.py"), frozenset({4}))
    assert first.read(LIMIT) == b"\n\ncontext\nnew"
    assert isinstance(second, TextArtifact)
    assert second.path == "b/c.py"
    assert isinstance(around, TextArtifact)
    assert (around.path, around.lines, around.read(LIMIT).strip()) == ("stdin", None, b"From: Ada\nSubject: x")
    with pytest.raises(ScannerError, match="larger than 5 bytes"):
        first.read(5)


def test_ignore_files_and_binary_files(tmp_path: Path) -> None:
    (tmp_path / ".keytraceignore").write_text("fixtures/\n")
    binary = b"diff --git a/d.png b/d.png\nindex 1..2\nBinary files a/d.png and b/d.png differ\n"
    data = patch("fixtures/a.py", "b.lock", "../c.py", "/e.py") + binary
    found = artifacts(data, tmp_path, "*.lock")
    assert [item for item in found if isinstance(item, Skipped)] == [
        Skipped("fixtures/a.py", Reason.KEYTRACEIGNORE),
        Skipped("b.lock", Reason.EXCLUDE),
        Skipped("d.png", Reason.BINARY_PATCH),
    ]
    assert [item.path for item in found if isinstance(item, TextArtifact)] == ["../c.py", "/e.py"]


def test_what_is_no_patch_is_the_stream(tmp_path: Path) -> None:
    for data in (b"hello\n", patch("x") * 1000):
        (item,) = artifacts(data, tmp_path)
        assert isinstance(item, StreamArtifact)


def test_a_patch_in_utf_16(tmp_path: Path) -> None:
    (item,) = artifacts(b"\xff\xfe" + patch("a.py").decode().encode("utf-16-le"), tmp_path)
    assert isinstance(item, TextArtifact)
    assert item.read(LIMIT) == b"\n\ncontext\nnew"
