"""The words of rules/names.toml: small letters, no word twice, and none that could never be met."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest

from keytrace.cache import shipped
from keytrace.names.tables import split

TABLE = tomllib.loads((shipped.folder() / "names.toml").read_text("utf-8"))["names"]


def lists(table: object, path: str = "") -> Iterator[tuple[str, list[str]]]:
    if isinstance(table, dict):
        for key, value in table.items():
            yield from lists(value, f"{path}.{key}".strip("."))
    elif isinstance(table, list):
        yield path, table


@pytest.mark.parametrize(
    ("path", "words"), list(lists(TABLE)), ids=lambda value: value if isinstance(value, str) else ""
)
def test_no_word_stands_twice_in_a_list(path: str, words: list[str]) -> None:
    assert words
    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize("path", ["words", "about", "variable", "setting", "header", "function"])
def test_words_are_such_as_names_are_split_into(path: str) -> None:
    whole = {"secret", "secret_endings", "never", "unsure", "value", "shipped"}  # names
    digits = {"2", "b64", "base64", "s3"}  # looked for in the text of a name
    for key, words in lists(TABLE[path]):
        assert key in whole or [word for word in words if split(word) != (word,) and word not in digits] == []
