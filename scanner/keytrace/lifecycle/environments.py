"""Which environment a file is for: production, staging, development …, by its name or its folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from keytrace.lifecycle.key import Mention, Role

PRODUCTION = "production"
_ALIASES = {
    "production": "production prod prd live",
    "staging": "staging stage stg preprod preproduction",
    "development": "development develop dev devel local localhost",
    "test": "test testing tests ci e2e integration",
    "preview": "preview review",
    "qa": "qa",
    "uat": "uat acceptance",
    "sandbox": "sandbox sbx",
    "demo": "demo",
    "canary": "canary",
}
_KNOWN = {alias: name for name, aliases in _ALIASES.items() for alias in aliases.split()}
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
    found = next((_KNOWN[word] for word in words if word in _KNOWN), "")
    if found == "production" and not {"pre", "non", "no", "not"}.isdisjoint(words):
        return "staging" if "pre" in words else ""
    return found or "-".join(words)


def in_names(names: Iterable[str]) -> str:
    """Return the environment that one of the names on the way to a setting is, empty where none is."""
    return next((name for name in names if name.lower() in _KNOWN and name.lower() not in _IN_FILES_ONLY), "")


@lru_cache(maxsize=4096)
def of_path(path: str) -> str:
    """Return the environment that a path speaks of: the name of the file first, then the nearest folder."""
    *folders, base = path.split("/")
    stem = _FORM.sub(" ", base)
    for word in _WORD.findall(f"{stem} local" if re.search(r"\.local\b", base) and not _has_known(stem) else stem):
        if word.lower() in _KNOWN:
            return _KNOWN[word.lower()]
    if not _FOLDERS_OF_TESTS.isdisjoint(folder.lower() for folder in folders):
        return ""
    for folder in reversed(folders):
        for word in re.split(r"[_.-]", folder.lower()):
            if word in _KNOWN and word not in _IN_FILES_ONLY:
                return _KNOWN[word]
    return ""


def _has_known(text: str) -> bool:
    return any(word.lower() in _KNOWN for word in _WORD.findall(text))


class Environments:
    """The environments of places, with what the user says of paths."""

    def __init__(self, told: Mapping[str, Sequence[str]]) -> None:
        """`told` are patterns of paths, as in .gitignore, by the environment they are for."""
        from pathspec import GitIgnoreSpec

        self._told = [(name, GitIgnoreSpec.from_lines(patterns)) for name, patterns in told.items()]

    def of(self, path: str, mention: Mention, by: str = "") -> str:
        """Return the environment of a mention, empty where it is of none or of all; `by` is what hands on its file."""
        for name, spec in self._told:
            if spec.match_file(path) or (by and spec.match_file(by)):
                return name
        if mention.environment:
            return canonical(mention.environment)
        if mention.role is not Role.DEFINED or mention.form == "code":
            return ""
        return of_path(by) or of_path(path)
