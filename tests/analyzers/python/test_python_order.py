"""The order in which modules are read that import each other."""

from __future__ import annotations

import itertools

from programs import reported

from keytrace.analyzers.python.order import ranks

IMPORTS = {"a": ["b", "c"], "b": ["d"], "c": ["a", "d"], "d": [], "e": ["a"]}


def test_what_is_imported_comes_first() -> None:
    found = ranks(["a", "e"], IMPORTS.__getitem__)
    assert sorted(found, key=found.__getitem__) == ["d", "b", "c", "a", "e"]
    assert ranks([], IMPORTS.__getitem__) == {}


def test_a_circle_of_many() -> None:
    assert len(ranks(["0"], lambda path: [str((int(path) + 1) % 20_000)])) == 20_000


def test_whoever_is_read_first_the_same_is_found() -> None:
    """Two modules that import each other, and two programs that begin with one or the other."""
    files = {
        "one.py": "import os\nimport two\ndef first():\n    return two.held()\n"
        'def key():\n    return os.environ["API_KEY"]\n',
        "two.py": "import one\ndef held():\n    return one.key()\ndef second():\n    return one.first()\n",
        "use_a.py": "from one import first\nprint(first())\n",
        "use_b.py": "from two import second\nprint(second())\n",
    }
    alone = {path for path in files if path.startswith("use") and set(reported({**_modules(files), path: files[path]}))}
    for order in itertools.permutations(files):
        assert {path for path, _ in reported({path: files[path] for path in order})} == alone


def _modules(files: dict[str, str]) -> dict[str, str]:
    return {path: text for path, text in files.items() if not path.startswith("use")}
