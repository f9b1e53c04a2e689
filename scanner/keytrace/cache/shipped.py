"""The data that ships with keytrace: the folder of rule files, what was made of them when the package was built, and
their tables, in a checkout parsed once per change of a file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from keytrace.cache import store as disk
from keytrace.errors import ScannerError


@cache
def folder() -> Path:
    """Return the folder of the built-in rule files: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "rules" / "builtin"
    return inside if inside.is_dir() else package.parents[1] / "rules"


def made(kind: str) -> bytes | None:
    """Return what was made of the rule files when the package was built (hatch_build.py); None in a checkout."""
    try:
        return (Path(__file__).parents[1] / "rules" / "made" / kind).read_bytes()
    except OSError:
        return None


@cache
def stamp() -> str:
    """Return what is another whenever a rule file, or a module that makes something of it, has changed."""
    package = str(Path(__file__).parents[1])
    places = {package} if str(folder()).startswith(package + os.sep) else {package, str(folder())}
    stamps = sorted(stamp for place in places for stamp in _stamps(place))
    return sha256(json.dumps(stamps).encode()).hexdigest()


def _stamps(place: str) -> Iterator[tuple[str, int, int]]:
    """Yield path, time and size of each file below a folder that rules may come from."""
    with os.scandir(place) as entries:  # a thousand files: faster than to ask for each
        for entry in entries:
            if entry.is_dir():
                yield from _stamps(entry.path)
            elif entry.name.endswith((".toml", ".py", ".json")):
                stat = entry.stat()
                yield entry.path, stat.st_mtime_ns, stat.st_size


@cache
def table(name: str) -> dict[str, Any]:
    """Return the table `name` of the file of that name, from the user's cache unless the file has changed."""
    if content := made(name):
        shipped: dict[str, Any] = json.loads(content)
        return shipped
    file = folder() / f"{name}.toml"
    try:
        stat = file.stat()
        key = sha256(f"{file} {stat.st_mtime_ns} {stat.st_size}".encode()).hexdigest()
        cached = disk.load(name, key)
        if cached is not None:
            known: dict[str, Any] = json.loads(cached)
            return known
        text = file.read_text("utf-8")
    except OSError as error:
        raise ScannerError(f"the built-in {file.name} is missing", "reinstall keytrace") from error
    import tomllib  # 5 ms to import: most runs have everything in the cache

    parsed: dict[str, Any] = tomllib.loads(text)[name]
    disk.store(name, key, json.dumps(parsed).encode())
    return parsed
