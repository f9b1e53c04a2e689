"""The facts of a block: what is bound to what, handed on, shown, and which literals stand under which names."""

from __future__ import annotations

from keytrace.analyzers.python.outline.facts import DUMP, LOOKED_UP, SETTING, SHOWN, URL, Facts
from keytrace.analyzers.python.program import Program
from keytrace.analyzers.python.seeds import load_seeds
from keytrace.model import Additions


def facts(text: str, name: str = "f") -> Facts:
    program = Program(text.encode(), load_seeds(Additions())[1])
    return next(program.facts(block) for block in program.blocks if block.name == name)


def targets_of(known: Facts, word: str) -> set[str]:
    return {target for targets, words in known.flows if word in words for target in targets}


def exits(known: Facts, kind: str) -> set[str]:
    return {word for one, words in known.exits if one == kind for word in words}


def test_flows() -> None:
    known = facts("def f(a):\n    b = a\n    c, d = b, 1\n    self.e = c\n    for x in d: y = x\n")
    assert targets_of(known, "a") == {"b"}
    assert targets_of(known, "b") >= {"c"}
    assert targets_of(known, "c") >= {".e"}
    assert targets_of(known, "x") == {"y"}
    assert ".e" in known.stays
    assert "b" not in known.stays


def test_exits() -> None:
    assert "a" in exits(facts("def f(a):\n    print(a)\n"), SHOWN)
    assert "a" in exits(facts("def f(a):\n    raise ValueError(a)\n"), SHOWN)
    assert "a" in exits(facts('def f(a):\n    get(f"https://x.io/?key={a}")\n'), URL)
    assert "a" in exits(facts('def f(a, link):\n    link.args["key"] = a\n'), URL)


def test_calls() -> None:
    known = facts("def f(a, b):\n    g(1, a, x=b)\n    h(*a)\n    run(target=g)\n")
    by_name = {call.name: call for call in known.calls}
    assert dict(by_name["g"].arguments) == {1: ["a"], "x": ["b"]}
    assert dict(by_name["h"].arguments) == {-1: ["a"]}
    assert "g" in by_name["run"].named


def test_parameters_and_what_is_returned() -> None:
    known = facts("def f(a, b=1, *c, d, **e):\n    return a + d\n")
    assert known.positional == 2
    assert set("abcde") <= set(known.parameters)
    assert {"a", "d"} <= set(known.returned)


def test_literals_under_names() -> None:
    known = facts('def f():\n    password = "hello"\n    other = "there"\n    connect(api_key=other)\n')
    assert ("password", "hello", False) in known.offers
    assert ("api_key", "other") in {(name, word) for name, word, _ in known.aliases}
    assert known.values["other"] == {"there"}


def test_settings_asked_for_in_any_way() -> None:
    for look in (
        'os.getenv("API_KEY")',
        'os.environ["API_KEY"]',
        'os.environ.get("API_KEY")',
        'os.environb[b"API_KEY"]',
    ):
        assert SETTING in facts(f"import os\ndef f():\n    x = {look}\n").words, look
        assert "x" in targets_of(facts(f"import os\ndef f():\n    x = {look}\n"), SETTING), look
    assert LOOKED_UP in facts("import os\ndef f(name):\n    return os.getenv(name)\n").words
    assert SETTING not in facts('import os\ndef f():\n    return os.getenv("HOME")\n').words
    assert SETTING in facts('import click\ndef f():\n    return click.prompt("PIN", hide_input=True)\n').words
    assert SETTING in facts('def f():\n    return check_output(["op", "read", "op://a/b"])\n').words
    assert DUMP in facts('def f():\n    return check_output(["printenv"])\n').words


def test_a_block_that_cannot_be_parsed_mentions_all_its_words() -> None:
    assert {"a", "b"} <= facts("def f(a:\n    b = = 1\n").words


def test_a_request_does_not_return_what_it_is_sent_with() -> None:
    known = facts("def f(key):\n    answer = client.get(url, headers={'X': key})\n    kept = held.get('a', key)\n")
    assert "key" not in {word for targets, words in known.flows if "answer" in targets for word in words}
    assert targets_of(known, "key") >= {"kept"}


def test_names_that_only_a_function_knows() -> None:
    known = facts(
        "def f(x):\n    try:\n        g(x)\n    except E as e:\n        tell(e)\n    match x:\n        case [first]:\n"
        "            tell(first)\n    if (made := g(x)):\n        tell(made)\n    def inner(y):\n        tell(y)\n"
    )
    assert known.stays.isdisjoint(("e", "first", "made", "y", "x"))
    assert {"e", "first", "made"} <= known.own


def test_a_text_of_something_is_no_question_to_the_environment() -> None:
    known = facts("import logging\ndef f(error):\n    logging.error(str(error))\n")
    assert LOOKED_UP not in known.words
    known = facts("from environs import env\ndef f(name):\n    return env.str(name)\n")
    assert LOOKED_UP in known.words


def test_a_common_word_is_a_source_only_beside_its_own_package() -> None:
    def is_setting(imported: str) -> bool:
        return SETTING in facts(f"{imported}\ndef f():\n    return held.get('a')\n").words

    own = (
        "from google.colab import userdata",
        "from google import colab",
        "import google.colab.userdata as held",
        "from prefect.blocks.system import Secret as Held",
        "import prefect\nload = prefect.blocks.system.Secret.load",
    )
    of_others = (
        "from google.cloud import storage",
        "import google.auth",
        "from prefect.context import FlowRunContext",
        "import googleapi",
        "import prefect",
    )
    assert [one for one in own if not is_setting(one)] == []
    assert [one for one in of_others if is_setting(one)] == []
