"""A bare token of a program that reads texts is none that opens something."""

from __future__ import annotations

import programs

SHOWN = "def show(token):\n    print(token)\n"


def rules(text: str) -> set[str]:
    return {rule for found in programs.reported({"program.py": text}).values() for rule in found}


def test_a_token_of_a_text() -> None:
    assert rules(f"from tokenize import generate_tokens\n\n\n{SHOWN}") == set()
    assert rules(SHOWN) == {"logged-credential"}
    assert rules(f"from tokenize import x\nimport auth, login, session, jwt\n\n\n{SHOWN}") == {"logged-credential"}


def test_a_sure_name_is_never_doubted() -> None:
    text = "from tokenize import x\n\n\ndef show(access_token):\n    print(access_token)\n"
    assert rules(text) == {"logged-credential"}


def test_a_folder() -> None:
    assert rules("import os\n\n\ndef show(pwd):\n    os.chdir(pwd)\n    print(pwd)\n") == set()
    assert rules("def show(pwd):\n    print(pwd)\n") == {"logged-credential"}
