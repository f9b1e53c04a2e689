"""What is found in a text of an editor, why, and what settles it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from keytrace.editor.looking import Buffer, actions, look, tell, warm_up
from keytrace.errors import ScannerError
from keytrace.model import Rule
from keytrace.rules.stored import StoredRules
from tests.samples import marked as github_token

KEY = github_token(1)


def buffer(folder: Path, path: str, text: str) -> Buffer:
    return Buffer(str(folder), path, text.encode())


def test_flow_steps(tmp_path: Path) -> None:
    text = "import os\nkey = os.environ['API_KEY']\nprint(key)\n"
    (mark,), errors = look(buffer(tmp_path, "a.py", text))
    assert (mark.rule, mark.region.start_line, errors) == ("logged-credential", 3, ())
    assert mark.steps[0][0].start_line == 2
    assert "print" not in tell(buffer(tmp_path, "a.py", text), 1)


def test_the_name_is_said_once(tmp_path: Path) -> None:
    (mark,), _ = look(buffer(tmp_path, "a.env", f"T={KEY}\n"))
    assert mark.message.count("GitHub personal access token (classic)") == 1


def test_rules_that_say_nothing_are_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There are many, and one types faster than they are made."""
    made: list[str] = []
    rule = StoredRules.rule

    def noted(rules: StoredRules, name: str) -> Rule:
        made.append(name)
        return rule(rules, name)

    monkeypatch.setattr(StoredRules, "rule", noted)
    look(buffer(tmp_path, "b.env", f"T={github_token(3)}\n"))
    assert "github-personal-access-token" in made
    assert len(set(made)) < 100


def test_what_git_ignores_is_left(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").write_text(".env\n")
    assert look(buffer(tmp_path, ".env", f"T={KEY}\n")) == ((), ())
    assert len(look(buffer(tmp_path, "env", f"T={KEY}\n"))[0]) == 1


def test_a_key_in_several_places_of_a_line(tmp_path: Path) -> None:
    text = f"a = '{KEY}'; b = '{github_token(2)}'\n"
    told = tell(buffer(tmp_path, "a.py", text), 1)
    assert told.count("**GitHub personal access token (classic)**") == 2
    assert KEY not in told
    titles = [one.title for one in actions(buffer(tmp_path, "a.py", text), 1, 1)]
    assert [title.partition(" ")[0] for title in titles] == ["Read", "Read", "Ignore", "Ignore"]
    assert not any(KEY in title for title in titles)


def test_where_nothing_settles_it(tmp_path: Path) -> None:
    assert actions(buffer(tmp_path, "a.json", f'{{"token": "{KEY}"}}'), 1, 1) == ()


def test_a_configuration_that_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "keytrace.toml").write_text("nonsense = 1\n")
    with pytest.raises(ScannerError):
        look(buffer(tmp_path, "a.txt", "x"))


@pytest.mark.parametrize("text", ["", "\x00\x01\x02", "PK\x03\x04xx", "x" * 500_000, "'" * 20_000, "(" * 20_000])
def test_any_text(tmp_path: Path, text: str) -> None:
    for path in ("a.py", "a.txt", "a.zip"):
        look(buffer(tmp_path, path, text))
        assert tell(buffer(tmp_path, path, text), 1) == ""


def test_warming_up_says_nothing_of_a_wrong_configuration(tmp_path: Path) -> None:
    (tmp_path / "keytrace.toml").write_text("no = [")
    warm_up(str(tmp_path))
    with pytest.raises(ScannerError):
        look(buffer(tmp_path, "a.py", "import os\n"))
