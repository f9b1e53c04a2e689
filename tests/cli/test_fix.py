"""`keytrace fix`, end to end."""

from __future__ import annotations

import json
import resource
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

from tests.cli.conftest import Keytrace
from tests.samples import marked, unmarked

KEY = unmarked(11, 40)


def prepare(project: Path, keytrace: Keytrace) -> Path:
    keytrace.git("init", "-q")
    (project / ".gitignore").write_text(".env\n")
    (project / "app.py").write_text(f'API_KEY = "{KEY}"\n')
    return project / "app.py"


def test_by_default_it_shows_what_would_change(keytrace: Keytrace, project: Path) -> None:
    file = prepare(project, keytrace)
    run = keytrace("fix")
    assert run.code == 1
    assert '-API_KEY = "********"\n' in run.out
    assert '+API_KEY = os.environ["API_KEY"]\n' in run.out
    assert "+API_KEY=\n" in run.out
    assert KEY not in run.out + run.err
    assert KEY in file.read_text()
    assert sorted(path.name for path in project.iterdir()) == [".git", ".gitignore", "app.py"]


def test_a_patch_is_whole_private_and_applies(keytrace: Keytrace, project: Path) -> None:
    file = prepare(project, keytrace)
    run = keytrace("fix", "-o", "fix.patch")
    assert (run.code, run.out) == (1, "")
    assert KEY in (project / "fix.patch").read_text()
    assert (project / "fix.patch").stat().st_mode & 0o7777 == 0o600
    keytrace.git("apply", "--check", "fix.patch")
    keytrace.git("apply", "fix.patch")
    assert file.read_text() == 'import os\n\nAPI_KEY = os.environ["API_KEY"]\n'


def test_apply_writes_and_a_second_run_changes_nothing(keytrace: Keytrace, project: Path) -> None:
    file = prepare(project, keytrace)
    run = keytrace("fix", "--apply")
    assert (run.code, run.out) == (0, "")
    assert "1 finding fixed in .env.example, app.py; 0 left" in run.err
    assert KEY not in run.err
    assert file.read_text() == 'import os\n\nAPI_KEY = os.environ["API_KEY"]\n'
    assert (project / ".env").read_text() == f"API_KEY={KEY}\n"
    again = keytrace("fix", "--apply")
    assert (again.code, again.out) == (0, "")
    assert (project / ".env").read_text() == f"API_KEY={KEY}\n"
    assert keytrace("scan").code == 0


def test_what_is_left_has_a_reason(keytrace: Keytrace, project: Path) -> None:
    prepare(project, keytrace).write_text(f"# {marked(1)}\n")
    run = keytrace("fix", "--apply")
    assert run.code == 1
    assert "left: app.py:1: github-personal-access-token: it stands in no literal" in run.err


def test_a_read_only_file_is_said_and_left(keytrace: Keytrace, project: Path) -> None:
    file = prepare(project, keytrace)
    file.chmod(0o444)
    run = keytrace("fix", "--apply")
    assert run.code == 3
    assert "app.py is read-only" in run.err
    assert "0 findings fixed; 1 left" in run.err
    assert KEY in file.read_text()


def test_an_unknown_rule_is_a_mistake(keytrace: Keytrace, project: Path) -> None:
    prepare(project, keytrace)
    run = keytrace("fix", "--rule", "generic-api-kex")
    assert run.code == 2
    assert "unknown rule" in run.err


def test_another_file_for_values(keytrace: Keytrace, project: Path) -> None:
    prepare(project, keytrace)
    (project / ".gitignore").write_text("local.env\n")
    run = keytrace("fix", "--apply", "--env-file", "local.env", "--reader", "getenv")
    assert run.code == 0
    assert (project / "local.env").read_text() == f"API_KEY={KEY}\n"
    assert (project / "local.env.example").read_text() == "API_KEY=\n"
    assert 'os.getenv("API_KEY")' in (project / "app.py").read_text()


def test_sarif_holds_the_fixes_and_no_secret(keytrace: Keytrace, project: Path) -> None:
    (prepare(project, keytrace)).write_text(f'API_KEY = "{KEY}"\n# {marked(1)}\n')
    assert keytrace("fix", "-o", "fixes.sarif", "-o", "fix.patch").code == 1
    assert KEY in (project / "fix.patch").read_text()
    text = (project / "fixes.sarif").read_text()
    assert KEY not in text
    results = json.loads(text)["runs"][0]["results"]
    schema = json.loads(Path(__file__).parents[1].joinpath("reporters", "sarif-2.1.0.json").read_text())
    jsonschema.validate(json.loads(text), schema)
    fixed, left = sorted(results, key=lambda one: "fixes" not in one)
    assert "fixes" not in left
    (change,) = fixed["fixes"][0]["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "app.py"
    texts = [one["insertedContent"]["text"] for one in change["replacements"]]
    assert texts == ["import os\n\n", 'os.environ["API_KEY"]']


@pytest.mark.parametrize("name", [".", "a.py", ".env.example", "../.env", "link.env"])
def test_what_is_no_file_for_values_is_a_mistake(keytrace: Keytrace, project: Path, name: str) -> None:
    prepare(project, keytrace)
    (project / "link.env").symlink_to("other")
    run = keytrace("fix", "--apply", "--env-file", name)
    assert (run.code, run.out) == (2, "")
    assert f"keytrace: --env-file {name}: " in run.err
    assert KEY in (project / "app.py").read_text()


def test_nothing_is_written_through_links(keytrace: Keytrace, project: Path) -> None:
    prepare(project, keytrace)
    outside = project.parent / "outside"
    outside.write_text("")
    (project / ".env").symlink_to(outside)
    (project / ".env.example").symlink_to(outside)
    run = keytrace("fix", "--apply", env={"XDG_STATE_HOME": str(project.parent / "state")})
    assert "1 finding fixed in app.py; 0 left" in run.err
    assert outside.read_text() == ""
    (kept,) = (project.parent / "state").rglob("*.env")
    assert kept.read_text() == f"API_KEY={KEY}\n"


def test_an_example_that_is_fixed_and_gets_names_is_changed_once(keytrace: Keytrace, project: Path) -> None:
    prepare(project, keytrace)
    (project / ".env.example").write_text(f"SHOP_TOKEN={marked(1)}\n")
    assert keytrace("fix", "-o", "fix.patch").code == 1
    assert (project / "fix.patch").read_text().count("diff --git") == 2
    keytrace.git("apply", "--check", "fix.patch")
    (project / "fix.patch").unlink()
    run = keytrace("fix", "--apply")
    assert "2 findings fixed in .env.example, app.py; 0 left" in run.err
    assert (project / ".env.example").read_text() == "SHOP_TOKEN=\nAPI_KEY=\n"


def test_the_file_that_values_go_to_keeps_its_own(keytrace: Keytrace, project: Path) -> None:
    prepare(project, keytrace)
    (project / ".env").write_text(f"SHOP_TOKEN={marked(1)}\n")
    keytrace("fix", "--apply", "--unsafe", ".env", "app.py")
    assert (project / ".env").read_text() == f"SHOP_TOKEN={marked(1)}\nAPI_KEY={KEY}\n"


def test_no_source_is_overwritten_by_a_patch(keytrace: Keytrace, project: Path) -> None:
    file = prepare(project, keytrace)
    run = keytrace("fix", "-o", "app.py")
    assert (run.code, "no format for app.py" in run.err, KEY in file.read_text()) == (2, True, True)


def test_what_else_the_project_has_keeps_values_where_they_are(keytrace: Keytrace, project: Path) -> None:
    prepare(project, keytrace).unlink()
    texts = {
        "compose.yml": "services:\n  web:\n    env_file: web.env\n",
        "web.env": f"API_KEY={KEY}\n",
        "edge/wrangler.toml": 'name = "edge"\n',
        "edge/index.js": f'const apiKey = "{KEY}";\n',
    }
    (project / "edge").mkdir()
    for path, text in texts.items():
        (project / path).write_text(text)
    run = keytrace("fix", "--apply", "--unsafe")
    assert (run.code, {path: (project / path).read_text() for path in texts}) == (1, texts)
    assert "a Worker has no process.env" in run.err
    assert "a compose file hands it to a container" in run.err


@pytest.mark.parametrize("ignored", [True, False], ids=["in .env", "out of the tree"])
def test_values_of_what_cannot_be_written_are_not_kept(
    keytrace: Keytrace, project: Path, tmp_path: Path, ignored: bool
) -> None:
    prepare(project, keytrace)
    (project / ".gitignore").write_text(".env\n" if ignored else "\n")
    (project / "large.py").write_text(f'OTHER_TOKEN = "{unmarked(12, 40)}"\n' + "# a line\n" * 20_000)
    state = {"XDG_STATE_HOME": str(tmp_path / "state")}
    run = keytrace("fix", "--apply", env=state, before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (90_000,) * 2))
    assert run.code == 3
    assert "cannot write" in run.err
    assert unmarked(12, 40) in (project / "large.py").read_text()
    kept = [file for folder in (tmp_path / "state", project) if folder.exists() for file in folder.rglob("*.env")]
    assert [file.read_text() for file in kept] == [f"API_KEY={KEY}\n"]
