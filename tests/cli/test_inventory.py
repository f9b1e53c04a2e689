"""`keytrace inventory`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import Repository
from tests.samples import unmarked

SECRET, OTHER = unmarked(1, 32), unmarked(2, 32)

if TYPE_CHECKING:
    from tests.cli.conftest import Keytrace


pytestmark = pytest.mark.usefixtures("own_inventory_key")


def test_the_table_and_the_json(keytrace: Keytrace, project: Path) -> None:
    Path(project, "prod.env").write_text(f"A_TOKEN={SECRET}\n")
    run = keytrace("inventory")
    assert run.code == 0
    assert run.out.splitlines()[1].split() == ["A_TOKEN", "production", "1", "defined"]
    first, second = keytrace("inventory", "-f", "json"), keytrace("inventory", "-f", "json")
    assert first.out == second.out
    assert SECRET not in run.out + first.out
    assert first.json["keys"][0]["places"][0]["line"] == 1
    assert keytrace("inventory", "-o", "out.txt").out == ""
    assert Path(project, "out.txt").read_text() == run.out


def test_what_cannot_be_read_is_told(keytrace: Keytrace, project: Path) -> None:
    Path(project, "compose.yaml").write_text("services: [\n")
    run = keytrace("inventory")
    assert run.code == 3
    assert "not read: compose.yaml: line 2" in run.out
    assert run.err == ""
    assert "not read: compose.yaml: line 2" in keytrace("inventory", "-f", "csv").err


def test_check_reports_as_a_scan_does(keytrace: Keytrace, project: Path) -> None:
    Path(project, "prod.env").write_text(f"A_TOKEN={SECRET}\n")
    assert keytrace("inventory", "--check").code == 0
    Path(project, "staging.env").write_text(f"A_TOKEN={SECRET}\n")
    run = keytrace("inventory", "--check", "-f", "json")
    assert run.code == 1
    (finding,) = run.json["findings"]
    assert (finding["rule"], finding["path"]) == ("same-key-in-two-environments", "staging.env")
    assert SECRET not in run.out
    assert keytrace("inventory", "--check", "--exclude-rule", "same-key-in-two-environments").code == 0
    assert keytrace("inventory", "--check", "--environment", "production=*.env").code == 0
    ignored = f"A_TOKEN={SECRET} # keytrace:ignore[same-key-in-two-environments] -- known\n"
    Path(project, "staging.env").write_text(ignored)
    assert keytrace("inventory", "--check").code == 0


def test_may_the_old_key_be_revoked(keytrace: Keytrace, project: Path) -> None:
    Path(project, "prod.env").write_text(f"A_TOKEN={SECRET}\n")
    digest = keytrace("inventory", "-f", "json").json["keys"][0]["places"][0]["digest"]
    assert keytrace("inventory", "--check", "--old", digest).code == 1
    Path(project, "prod.env").write_text(f"A_TOKEN={OTHER}\n")
    run = keytrace("inventory", "--check", "--old", digest)
    assert run.code == 0
    assert "what git history set were compared: " in run.out + run.err
    mistyped = ("0" if digest[0] != "0" else "1") + digest[1:]
    assert keytrace("inventory", "--check", "--old", mistyped).code == 2


@pytest.mark.parametrize("by_digest", [True, False])
def test_nothing_hides_the_old_key(keytrace: Keytrace, project: Path, by_digest: bool) -> None:
    Path(project, "prod.env").write_text(f"A_TOKEN={SECRET}\n")
    old = keytrace("inventory", "-f", "json").json["keys"][0]["places"][0]["digest"]
    if not by_digest:
        old = str(project.parent / "old.txt")
        Path(old).write_text(SECRET)
    for options in (("--min-severity", "critical"), ("--exclude-rule", "stale-value"), ("--rule", "private-key")):
        assert keytrace("inventory", "--check", "--old", old, *options).code == 1
    Path(project, ".git").mkdir()
    Path(project, ".gitignore").write_text("prod.env\n")
    assert keytrace("inventory", "--check", "--old", old).code == 1
    Path(project, "prod.env").unlink()
    Path(project, "app.py").write_text(f'API_TOKEN = "{SECRET}"  # keytrace:ignore -- known\n')
    run = keytrace("inventory", "--check", "--old", old)
    assert run.code == 1
    assert SECRET not in run.out


def test_a_digest_whose_value_only_history_tells(keytrace: Keytrace, project: Path) -> None:
    repo = Repository(project)
    Path(project, "prod.env").write_text(f"A_TOKEN={SECRET}\n")
    repo.git("add", "-f", ".")
    repo.git("-c", "user.name=Ada", "-c", "user.email=x@y.z", "commit", "-qm", "x")
    digest = keytrace("inventory", "-f", "json").json["keys"][0]["places"][0]["digest"]
    Path(project, "prod.env").write_text(f"A_TOKEN={OTHER}\n")
    assert keytrace("inventory", "--check", "--old", digest).code == 0
    Path(project, "notes.txt").write_text(f"we once had {SECRET} here\n")
    assert keytrace("inventory", "--check", "--old", digest).code == 1


def test_a_key_of_digests_that_is_none(keytrace: Keytrace, project: Path) -> None:
    Path(project, "short").write_text("abc")
    run = keytrace("inventory", "--key-file", "short")
    assert run.code == 2
    assert "a key has at least 16 bytes" in run.err


@pytest.mark.parametrize(
    "options",
    [("--truth", "x"), ("--old", "x"), ("-f", "sarif"), ("--check", "-f", "table"), ("--check", "--environment", "x"),
     ("diff", "one"), ("-f", "csv", "-f", "json")],
)  # fmt: skip
def test_what_does_not_go_together(keytrace: Keytrace, project: Path, options: tuple[str, ...]) -> None:
    run = keytrace("inventory", *options)
    assert run.code == 2
    assert "hint: " in run.err


def test_the_help_has_all_sections(keytrace: Keytrace) -> None:
    run = keytrace("inventory", "--help")
    assert run.code == 0
    assert run.out.index("What is asked:") < run.out.index("What is scanned:") < run.out.index("The report:")


SHARED = "same-key-in-two-environments"


def _shared(project: Path) -> None:
    for environment in ("production", "staging"):
        Path(project, f".env.{environment}").write_text(f"A_TOKEN={SECRET}\n")


def test_a_scan_of_the_whole_tree_checks_its_keys_when_asked(keytrace: Keytrace, project: Path) -> None:
    _shared(project)
    rules = [one["rule"] for one in keytrace("scan", "-f", "json").json["findings"]]
    assert len(rules) == 2
    assert SHARED not in rules
    asked = keytrace("scan", "--inventory", "-f", "json")
    assert sorted(one["rule"] for one in asked.json["findings"]) == sorted([*rules, SHARED])
    assert SECRET not in asked.out
    alone = keytrace("scan", "--inventory", "--rule", SHARED, "-f", "json")
    assert [one["rule"] for one in alone.json["findings"]] == [SHARED]
    Path(project, "keytrace.toml").write_text("[inventory]\nin-scan = true\n")
    assert keytrace("scan", "-f", "json").json["findings"] == asked.json["findings"]
    assert len(keytrace("scan", ".env.staging", "-f", "json").json["findings"]) == 1  # not the whole tree


def test_a_rule_for_whole_trees_is_refused_where_it_would_find_nothing(keytrace: Keytrace, project: Path) -> None:
    _shared(project)
    refused = {
        "keytrace inventory --check": ("scan", "--rule", SHARED),
        "--inventory is for a whole tree": ("scan", "--inventory", ".env.staging"),
        "name its root": ("baseline", "create", "--inventory", ".env.staging"),
    }
    for why, arguments in refused.items():
        run = keytrace(*arguments)
        assert run.code == 2
        assert why in run.err


def test_the_baseline_accepts_what_is_wrong_with_keys(keytrace: Keytrace, project: Path) -> None:
    _shared(project)
    assert "3 accepted" in keytrace("baseline", "create", "--inventory").out
    assert keytrace("scan", "--inventory").code == 0
    assert keytrace("inventory", "--check").code == 0
    assert "unused" not in keytrace("scan").out
    assert "3 accepted" in keytrace("baseline", "update").out  # it did not look for the third
    Path(project, ".env.staging").write_text(f"A_TOKEN={OTHER}\n")
    assert "2 unused entries" in keytrace("scan", "--inventory").out
    assert "2 accepted" in keytrace("baseline", "update", "--inventory").out


def test_explain_tells_of_the_keys_at_a_line(keytrace: Keytrace, project: Path) -> None:
    _shared(project)
    assert SHARED not in keytrace("explain", ".env.staging:1").out
    run = keytrace("explain", "--inventory", ".env.staging:1")
    assert SHARED in run.out
    assert "reported: high severity" in run.out
    assert SECRET not in run.out
    assert "hidden" in keytrace("explain", "--inventory", "--min-severity", "critical", ".env.staging:1").out
