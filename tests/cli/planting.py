"""A tree with secrets in every place that any output can show."""

from __future__ import annotations

from pathlib import Path

from tests.samples import marked, shown, spellings, unmarked

MARKED, OTHER, UNMARKED = marked(11), marked(12), unmarked(13)
SECRETS = (MARKED, OTHER, UNMARKED)


def leaks(output: bytes) -> set[tuple[int, str]]:
    text = output.decode("utf-8", "replace")
    return {(number, name) for number, secret in enumerate(SECRETS) for name in shown(secret, text)}


def plant(project: Path) -> None:
    """Fill a tree with three secrets: in lines of all kinds, names, comments, rules, allowlists."""
    lines = [f'password = "{UNMARKED}"; again("{form}");' for form in spellings(UNMARKED).values()]
    lines += [f'password = "{UNMARKED}"; again("{OTHER}");', f'x = "{MARKED}"; y = "{OTHER}"; password = "{UNMARKED}"']
    lines += [
        f'const api_token = "{MARKED[:20]}" + "{MARKED[20:]}";',
        f'other_token = "{OTHER[:20]}" +\n    "{OTHER[20:]}"',
    ]
    lines += [f'x = "{MARKED}" // half of it: {MARKED[:18]}, the rest: {MARKED[18:]}']
    lines += [f'password = "{UNMARKED}"  // keytrace:ignore -- rotate {OTHER} and {UNMARKED}']
    lines += [f'allowed_password = "{unmarked(17)}"; x = "{MARKED}"']
    (project / "app.js").write_text("\n".join(lines) + "\n")
    (project / "app.py").write_text(
        f'import logging\npassword = "{UNMARKED}"\nlogging.info(password)  # {UNMARKED} {OTHER}\n'
        f'token = ("{MARKED[:20]}"\n         "{MARKED[20:]}")\n'
    )
    (project / f"{MARKED}.txt").write_text(f"password: {UNMARKED}\n")
    (project / "CODEOWNERS").write_text(f"*.js @{OTHER}/team\n*.py {MARKED}@keys.example\n")
    folder = project / f"db_password={UNMARKED}"
    folder.mkdir()
    (folder / "settings.env").write_text(f"DB_PASSWORD={UNMARKED}\nGH_TOKEN={OTHER}\n")
    (folder / "large.txt").write_text("a line\n" * 200_000)
    (project / "keytrace.toml").write_text(
        f"""max-file-size = "1MB"
[[allowlists]]
description = "the key {OTHER} and {UNMARKED}"
regexes = ["{unmarked(17)}"]
"""
    )
