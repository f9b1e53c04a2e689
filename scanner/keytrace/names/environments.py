"""Which environment a name or a path speaks of: production, staging, development …"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from keytrace.names.tables import environments

PRODUCTION = "production"
OF_DEVELOPERS = frozenset(("", "development", "test"))  # whose values may be those of one's own machine
_IN_FILES_ONLY = frozenset("test tests testing ci e2e integration live local localhost review demo stage".split())
_FOLDERS_OF_TESTS = frozenset("test tests testing spec specs fixtures testdata __tests__ examples example docs".split())
_FORM = re.compile(r"(?i)\.gitlab-ci|docker-compose|compose|appsettings|application|values|\.env|terraform|\.local\b")
_WORD = re.compile(r"[A-Za-z0-9]+")
_SPLIT = re.compile(r"[/:\s_.@-]+")


def canonical(name: str) -> str:
    """Return the name of an environment in the one spelling: `prod`, `Production` and `prd-eu` are production."""
    if not name:
        return ""
    words = [word for word in _SPLIT.split(name.lower()) if word]
    known = environments()
    found = next((known[word] for word in words if word in known), "")
    if found == "production" and not {"pre", "non", "no", "not"}.isdisjoint(words):
        return "staging" if "pre" in words else ""
    return found or "-".join(words)


def in_names(names: Iterable[str]) -> str:
    """Return the environment that one of the names on the way to a setting is, empty where none is."""
    known = environments().keys() - _IN_FILES_ONLY
    return next((name for name in names if name.lower() in known), "")


@lru_cache(maxsize=4096)
def of_path(path: str) -> str:
    """Return the environment that a path speaks of: the name of the file first, then the nearest folder."""
    *folders, base = path.split("/")
    stem = _FORM.sub(" ", base)
    known = environments()
    for word in _WORD.findall(f"{stem} local" if re.search(r"\.local\b", base) and not _has_known(stem) else stem):
        if word.lower() in known:
            return known[word.lower()]
    if not _FOLDERS_OF_TESTS.isdisjoint(folder.lower() for folder in folders):
        return ""
    for folder in reversed(folders):
        for word in re.split(r"[_.-]", folder.lower()):
            if word in known and word not in _IN_FILES_ONLY:
                return known[word]
    return ""


def _has_known(text: str) -> bool:
    return any(word.lower() in environments() for word in _WORD.findall(text))
