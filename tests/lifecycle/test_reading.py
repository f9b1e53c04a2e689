"""The text of a file once more."""

from __future__ import annotations

from pathlib import Path

from keytrace.lifecycle.reading import text_of
from keytrace.sources.folder import FileArtifact


def test_what_has_no_text_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.env").write_bytes("A=é\n".encode("utf-16"))
    (tmp_path / "b.bin").write_bytes(b"\0\1\2\0\3" * 200)

    def read(name: str, limit: int = 10_000) -> bytes:
        return text_of(FileArtifact(str(tmp_path), name, explicit=True), limit)

    assert read("a.env") == "A=é\n".encode()
    assert read("b.bin") == read("none") == read("a.env", limit=3) == b""
