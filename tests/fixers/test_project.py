from __future__ import annotations

from pathlib import Path

from keytrace.fixers.project import handed_of, pages_of, reader_of, workers_of
from tests.fixers.fixing import SAMPLES, outcome

KEY = SAMPLES["{KEY}"]


def test_the_name_that_the_file_for_variables_has(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"SHOP_KEY={KEY}\n")
    (tmp_path / "app.py").write_text(f'API_KEY = "{KEY}"\n')
    assert outcome(tmp_path).variables()[""] == {"SHOP_KEY": KEY}


def test_the_name_that_an_example_or_another_program_has(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(f'def connect(it):\n    it.token = "{KEY}"\n')
    assert outcome(tmp_path).variables()[""] == {"SHOP_TOKEN": KEY}
    (tmp_path / ".env.example").write_text("TOKEN=\n")
    assert outcome(tmp_path).variables()[""] == {"TOKEN": KEY}
    (tmp_path / ".env.example").unlink()
    (tmp_path / "other.js").write_text("connect(process.env.TOKEN)\n")
    assert outcome(tmp_path).variables()[""] == {"TOKEN": KEY}


def test_what_cannot_be_read_is_none(tmp_path: Path) -> None:
    read = reader_of(str(tmp_path), 10)
    (tmp_path / "a").write_bytes(b"123")
    (tmp_path / "b").write_bytes(b"12345678901")
    assert (read("a"), read("b"), read("c")) == (b"123", None, None)


def test_what_a_page_is_made_of() -> None:
    paths = ["web/vite.config.ts", "web/src/a.ts", "api/app.js", "angular.json", "docs/vite.config.ts.md"]
    assert pages_of(paths) == ("web/", "")


def test_a_worker_has_no_environment(tmp_path: Path) -> None:
    texts = {"edge/wrangler.toml": b'name = "a"', "node/wrangler.jsonc": b'{"compatibility_flags": ["nodejs_compat"]}'}
    assert workers_of(texts, texts.get) == ("edge/",)
    for folder in ("edge", "api"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "index.js").write_text(f'const apiKey = "{KEY}";\n')
    done = outcome(tmp_path, unsafe=True, workers=("edge/",))
    assert [change.path for change in done.changes] == ["api/index.js"]
    assert [item.why.partition(":")[0] for item in done.left] == ["a Worker has no process.env"]


def test_a_file_that_a_container_is_handed_keeps_its_values(tmp_path: Path) -> None:
    text = b"services:\n  a:\n    env_file: .env.dev\n    image: b\n  c:\n    env_file:\n"
    text += b"      - path: ../web.env\n        required: false\n      - './other.env'\n    labels:\n      - d.env\n"
    texts = {"deploy/compose.yml": text, "config.yml": b"env_file: no.env"}
    found = handed_of(texts, texts.get)
    assert {"deploy/.env.dev", "web.env", "deploy/other.env"} <= found
    assert found.isdisjoint({"no.env", "deploy/b", "deploy/d.env"})
    (tmp_path / "web.env").write_text(f"API_KEY={KEY}\n")
    assert len(outcome(tmp_path, unsafe=True).changes) == 1
    done = outcome(tmp_path, unsafe=True, handed=found)
    assert done.changes == []
    assert [item.why.partition(" by ")[0] for item in done.left] == ["a compose file hands it to a container"]
