from __future__ import annotations

from pathlib import Path

from keytrace.fixers.project import pages_of, reader_of
from tests.fixers.fixing import SAMPLES, outcome

KEY = SAMPLES["{KEY}"]


def test_the_name_that_the_file_for_variables_has(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"SHOP_KEY={KEY}\n")
    (tmp_path / "app.py").write_text(f'API_KEY = "{KEY}"\n')
    assert outcome(tmp_path).variables() == {"SHOP_KEY": KEY}


def test_the_name_that_an_example_or_another_program_has(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(f'def connect(it):\n    it.token = "{KEY}"\n')
    assert outcome(tmp_path).variables() == {"SHOP_TOKEN": KEY}
    (tmp_path / ".env.example").write_text("TOKEN=\n")
    assert outcome(tmp_path).variables() == {"TOKEN": KEY}
    (tmp_path / ".env.example").unlink()
    (tmp_path / "other.js").write_text("connect(process.env.TOKEN)\n")
    assert outcome(tmp_path).variables() == {"TOKEN": KEY}


def test_what_cannot_be_read_is_none(tmp_path: Path) -> None:
    read = reader_of(str(tmp_path), 10)
    (tmp_path / "a").write_bytes(b"123")
    (tmp_path / "b").write_bytes(b"12345678901")
    assert (read("a"), read("b"), read("c")) == (b"123", None, None)


def test_what_a_page_is_made_of() -> None:
    paths = ["web/vite.config.ts", "web/src/a.ts", "api/app.js", "angular.json", "docs/vite.config.ts.md"]
    assert pages_of(paths) == ("web/", "")
