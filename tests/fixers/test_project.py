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
    texts = {
        "wrangler.toml": b'name = "a"\nmain = "src/index.ts"\n',
        "src/index.ts": b"export default {}",
        "src/lib.js": b"module.exports = 1",  # what stands where the Worker begins is of it, whatever it says
        "shared/keys.js": b"export const apiKey = 1",
        "scripts/seed.mjs": b'import "dotenv/config";',
        "api/package.json": b"{}",
        "api/index.js": b"export const apiKey = 1",
        "node/wrangler.jsonc": b'{"compatibility_flags": ["nodejs_compat"]}',
        "node/package.json": b"{}",
        "node/index.js": b"",
    }
    workers = workers_of(texts, texts.get)
    assert workers == {"src/index.ts", "src/lib.js", "shared/keys.js"}
    assert workers_of({"edge/wrangler.toml": b"", "edge/a.js": b"", "b.js": b""}, lambda _path: b"") == {"edge/a.js"}
    for folder in ("src", "api"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "index.ts").write_text(f'const apiKey = "{KEY}";\n')
    done = outcome(tmp_path, unsafe=True, workers=workers)
    assert [change.path for change in done.changes] == ["api/index.ts"]
    assert [item.why.partition(":")[0] for item in done.left] == ["a Worker has no process.env"]


def test_a_file_that_a_container_is_handed_keeps_its_values(tmp_path: Path) -> None:
    text = b"services:\n  a:\n    env_file: .env.dev\n    image: b\n  c:\n    env_file:\n"
    text += b"      - path: ../web.env\n        required: false\n      - './other.env'\n    labels:\n      - d.env\n"
    text += b"  e: {image: b, env_file: one.env}\n  f: { image: b, env_file: [two.env, three.env] }\n"
    texts = {"deploy/compose.yml": text, "config.yml": b"env_file: no.env"}
    found = handed_of(texts, texts.get)
    assert {"deploy/.env.dev", "web.env", "deploy/other.env"} <= found.keys()
    assert {f"deploy/{name}.env" for name in ("one", "two", "three")} <= found.keys()
    assert found.keys().isdisjoint({"no.env", "deploy/b", "deploy/d.env"})
    (tmp_path / "web.env").write_text(f"API_KEY={KEY}\n")
    assert len(outcome(tmp_path, unsafe=True).changes) == 1
    done = outcome(tmp_path, unsafe=True, handed=found)
    assert done.changes == []
    assert [item.why.partition(" by ")[0] for item in done.left] == ["a compose file hands it to a container"]


def test_a_module_of_terraform_has_no_variable_twice(tmp_path: Path) -> None:
    (tmp_path / "variables.tf").write_text('variable "db_password" {\n  type = string\n}\n')
    (tmp_path / "main.tf").write_text(f'locals {{\n  db_password = "{KEY}"\n}}\n')
    (change,) = outcome(tmp_path, unsafe=True).changes
    assert b"= var.db_password_2" in change.after


def test_a_file_that_a_script_or_kustomize_reads_keeps_its_values() -> None:
    texts = {
        "bin/backup.sh": b'. ./backup.env\nif true; then source "$(dirname "$0")/more.env"; fi\necho a. no.env\n',
        "web/package.json": b'{"scripts": {"start": "node --env-file=.env.dev a.js"}}',
        "k8s/kustomization.yaml": b"secretGenerator:\n  - name: a\n    envs:\n      - a.env\n  - env: b.env\n",
        "app.service": b"[Service]\nEnvironmentFile=-/etc/app.env\n",
    }
    found = handed_of(texts, texts.get)
    assert {"bin/backup.env", "backup.env", "bin/more.env", "web/.env.dev", "app.env"} <= found.keys()
    assert {"k8s/a.env", "k8s/b.env"} <= found.keys()
    assert (found["bin/backup.env"], "no.env" in found) == ("bin/backup.sh reads it", False)
