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


def test_a_number() -> None:
    assert rules("def show(token, last):\n    if token <= last:\n        print(token)\n") == set()
    assert (
        rules("def show(feed):\n    new_token = feed.new_token()\n    new_token += 1\n    print(new_token)\n") == set()
    )
    assert rules("def show(token):\n    print('%d' % token)\n    print(f'{token:x}')\n") == set()
    assert rules("import logging\n\n\ndef show(token):\n    logging.info('at %i', token)\n") == set()
    assert rules("import logging\n\n\ndef show(n, token):\n    logging.info('%d %s', n, token)\n") == {
        "logged-credential"
    }
    sure = "def show(access_token, last):\n    if access_token <= last:\n        print(access_token)\n"
    assert rules(sure) == {"logged-credential"}


def test_the_path_of_a_key() -> None:
    text = "import os\n\n\ndef show(private_key):\n    if not {}(private_key):\n        raise ValueError(private_key)\n"
    assert rules(text.format("os.path.isfile")) == set()
    assert rules(text.format("valid")) == {"logged-credential"}


def test_the_name_of_an_entry() -> None:
    text = "class Known:\n    def {}(self, password):\n        raise KeyError(password)\n"
    assert rules(text.format("__getitem__")) == set()
    assert rules(text.format("login")) == {"logged-credential"}


def test_a_file_that_a_setting_names() -> None:
    text = (
        "import os\n\n\nkey = os.environ['CERT_KEY']\nif not {}(key):\n    raise ValueError(f'no {{key}}')\n"
        "print(key)\n"
    )
    assert rules(text.format("os.path.isfile")) == set()
    assert rules(text.format("valid")) == {"logged-credential"}


def test_a_flag_that_asks_for_secrets() -> None:
    text = "def show(args, access_token):\n    if {}:\n        print(access_token)\n"
    for flag in ("args.show_tokens", "args.all and show_token", "print_access_token"):
        assert rules(text.format(flag)) == set()
    for flag in ("args.show_all", "not args.show_tokens", "args.show_tokens or args.all"):
        assert rules(text.format(flag)) == {"logged-credential"}


def test_a_function_that_is_there_to_show_a_secret() -> None:
    text = "class Tool:\n    def {}:\n        print(self.load().access_token)\n"
    assert rules(text.format("auth_print_access_token(self)")) == set()
    assert rules(text.format("auth_print_scopes(self)")) == {"logged-credential"}
    assert rules("def print_token(access_token):\n    print(access_token)\n") == {"logged-credential"}
