"""Where words stand in a program, and where its text may bind them."""

from __future__ import annotations

import keyword
import random
import re
import sysconfig
from pathlib import Path

import pytest

from keytrace.analyzers.python.outline.blocks import cut, multiline_strings
from keytrace.analyzers.python.outline.mentions import Mentions

TEXT = """import os
held = "x"
class A:
    field: str = "y"
    def give(self): return self.held
    def take(self, held): self.other["key"] = held
def show(a):
    a.
        held
def call(): f(held=1)
"""


def mentions(text: str) -> Mentions:
    data = text.encode()
    return Mentions(data, cut(data, multiline_strings(data)))


def names(text: str, word: str) -> list[str]:
    return [block.name or block.word.decode() for block in mentions(text).of(word)]


def test_names_and_attributes() -> None:
    assert names(TEXT, "held") == ["held", "take", "show", "call"]  # behind a dot on another line it may be both
    assert names(TEXT, ".held") == ["held", "give", "show", "call"]  # or a keyword, before `=`
    assert names(TEXT, ".key") == ["take"]
    assert names(TEXT, ".field") == ["field"]
    assert names(TEXT, ".give") == ["give"]
    assert names(TEXT, "give") == ["give"]
    assert names(TEXT, "el") == []


@pytest.mark.parametrize(
    ("text", "word", "may"),
    [
        ('it = "x"\n', "it", True),
        ('if x: it = "x"\n', "it", True),
        ("try: it = 'x'\nexcept E: pass\n", "it", True),
        ('name: str = "x"\n', "str", False),
        ('name: str = "x"\n', "name", True),
        ('a, it = "x", "y"\n', "it", True),
        ('for it in ("x", "y"): pass\n', "it", True),
        ("it = call()\n", "it", False),
        ('def f():\n    it = "x"\n', "it", False),
        ('def f():\n    global it\n    it = "x"\n', "it", True),
        ('def f(self):\n    self.it = "x"\n', ".it", True),
        ('def f(d):\n    d["it"] = "x"\n', ".it", True),
        ('it == "x"\n', "it", False),
    ],
)
def test_where_a_literal_may_be_bound(text: str, word: str, may: bool) -> None:
    assert mentions(text).holds_literal(word) == may


def test_what_may_be_an_alias() -> None:
    text = "say = log.info\nclass A:\n    def f(self):\n        self.tell = print\nf(say=1)\n"
    assert [block.start for block in mentions(text).aliases("say")] == [0]
    assert [block.name for block in mentions(text).aliases("tell")] == ["f"]
    assert mentions(text).aliases("log") == []


def test_a_word_is_found_alike_with_and_without_an_index() -> None:
    files = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
    picked = random.Random(5)
    for file in picked.sample(files, 20):
        data = file.read_bytes()
        blocks = cut(data, multiline_strings(data))
        words = sorted({word.decode() for word in re.findall(rb"[A-Za-z_]\w+", data)} - set(keyword.kwlist))
        many = Mentions(data, blocks)
        for word in words[:20]:
            many.of(word)  # now there is an index
        for word in picked.sample(words, min(10, len(words))):
            for one in (word, f".{word}"):
                alone = Mentions(data, blocks)
                assert set(alone.of(one)) == set(many.of(one)), (file.name, one)
        assert many.of("") == []
