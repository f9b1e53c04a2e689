"""What a program knows of the names of other modules."""

from __future__ import annotations

import pytest
from programs import reported, scan_files

from keytrace.analyzers.python.exports import Modules
from keytrace.analyzers.python.interpret.values import Value


def test_modules_are_found_by_their_dotted_names() -> None:
    known = {("a.py", "x"): Value(const="1"), ("p/__init__.py", "y"): Value(const="2")}
    table = {"a": "a.py", ".": "p/__init__.py"}
    modules = Modules(
        table, lambda path, name: known.get((path, name)), lambda path: [n for p, n in known if p == path]
    )
    assert modules.find("a.x") is known["a.py", "x"]
    assert modules.find(".y") is known["p/__init__.py", "y"]
    assert modules.find("a.none") is None
    assert modules.find("other.x") is None
    assert modules.find("") is None
    assert list(modules.star("a")) == [("x", known["a.py", "x"])]
    assert list(modules.star("other")) == []


@pytest.mark.parametrize(
    ("there", "use"),
    [
        ('def give():\n    return os.environ["API_KEY"]\n', "print(there.give())"),
        ('HELD = os.environ["API_KEY"]\n', "print(there.HELD)"),
        ('class A:\n    def show(self):\n        print(os.environ["API_KEY"])\n', "there.A().show()"),
        ("def tell(what):\n    print(what)\n", "there.tell(os.environ['API_KEY'])"),
    ],
)
def test_functions_classes_and_values(there: str, use: str) -> None:
    found = reported({"there.py": f"import os\n{there}", "use.py": f"import os\nimport there\n{use}\n"})
    assert {path for path, _ in found} & {"use.py", "there.py"}


def test_a_chain_of_modules() -> None:
    files = {
        "c.py": 'import os\ndef deep():\n    return os.environ["API_KEY"]\n',
        "b.py": "from c import deep\ndef middle():\n    return deep()\n",
        "a.py": "from b import middle\nprint(middle())\n",
    }
    assert set(reported(files)) == {("a.py", 2)}


def test_a_star_and_what_is_private() -> None:
    files = {
        "there.py": 'import os\nHELD = os.environ["API_KEY"]\n_own = os.environ["API_KEY"]\n',
        "use.py": "from there import *\nprint(HELD)\n",
    }
    assert set(reported(files)) == {("use.py", 2)}


def test_modules_that_import_a_name_from_each_other() -> None:
    files = {
        "c.py": 'import os\nheld = os.environ["API_KEY"]\n',
        "b.py": "try:\n    from a import held\nexcept ImportError:\n    from c import held\n",
        "a.py": "try:\n    from b import held\nexcept ImportError:\n    from c import held\n",
        "d.py": "from a import held\nprint(held)\n",
    }
    assert set(reported(files)) == {("d.py", 2)}


def test_more_names_than_are_followed_hide_nothing_of_a_program_s_own() -> None:
    names = [f"hold{number}" for number in range(450)]
    there = "".join(f'def {name}():\n    return os.environ["API_KEY"]\n' for name in names)
    use = "".join(f"x{number} = {name}()\n" for number, name in enumerate(names))
    show = 'def show():\n    print(os.environ["API_KEY"])\nprint(hold449())\n'
    files = {"there.py": f"import os\n{there}", "use.py": f"from there import *\nimport os\n{use}{show}"}
    assert set(reported(files)) == {("use.py", 454), ("use.py", 455)}
    assert "there.py: more names carry a secret through it than were followed" in scan_files(files).notes


def test_a_signature_of_another_module_is_compared() -> None:
    there = "import hmac\ndef made(body, key):\n    return hmac.new(key, body, 'sha256').hexdigest()\n"
    use = "from there import made\ndef check(body, signature, key):\n    return made(body, key) == signature\n"
    assert reported({"there.py": there, "use.py": use}) == {("use.py", 3): {"weak-signature-check"}}


def test_an_address_of_another_module_is_sent_to() -> None:
    there = 'BASE = "http://api.example.com"\nURL = BASE + "/v1"\n'
    use = "import requests\nfrom there import URL\ndef f(token):\n    requests.get(URL, headers={'X-Token': token})\n"
    assert reported({"there.py": there, "use.py": use}) == {("use.py", 4): {"credential-over-http"}}


def test_a_name_that_depends_on_too_much_is_cut_and_that_is_noted() -> None:
    large = "".join(f"def f{n}(x):\n    {'pass; ' * 200}\n    return f{n + 1}(x)\n" for n in range(60))
    there = f'import os\n{large}def f60(x):\n    return os.environ["API_KEY"]\ndef small():\n    return f60(1)\n'
    found = scan_files({"there.py": there, "use.py": "from there import f0, small\nprint(f0(1))\nprint(small())\n"})
    assert [(one.location.provenance.path, one.location.region.start_line) for one in found.findings] == [("use.py", 3)]
    assert "there.py: not all was followed that it hands on to others" in found.notes


def test_what_is_asked_for_says_what_it_is() -> None:
    there = (
        'import os\ndef get_secret(name):\n    if name == "A":\n        return os.environ["OTHER_TOKEN"]\n'
        "    return os.environ[name]\n"
    )
    use = 'from there import get_secret\nprint(get_secret("API_KEY"))\nprint(get_secret("AWS_REGION"))\n'
    found = scan_files({"there.py": there, "use.py": use}).findings
    assert [(one.location.region.start_line, one.message) for one in found] == [(2, "'API_KEY' is printed")]


def test_what_one_program_gives_a_class_of_another_module_is_told_to_no_other() -> None:
    files = {
        "there.py": "class Policy:\n    def __init__(self):\n        self.limit = 1\n",
        "a.py": "import os\nfrom there import Policy\n\n\ndef fill(policy: Policy):\n"
        '    made = Policy()\n    made.limit = os.environ["API_KEY"]\n    print(made.limit)\n',
        "b.py": "import os\nfrom there import Policy\nos.environ['API_KEY']\nmade = Policy()\nprint(made.limit)\n",
        "c.py": "import os\nfrom there import Policy\n\nmade = Policy()\nmade.password = None\n"
        "print(os.environ['API_KEY'])\n",
    }
    expected = {("a.py", 8), ("c.py", 6)}
    for order in (files, reversed(files)):
        assert set(reported({path: files[path] for path in order})) == expected
