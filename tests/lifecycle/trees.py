"""Small trees of files, and what an inventory says of them."""

from __future__ import annotations

from pathlib import Path

from keytrace.api import folder_source
from keytrace.config import Config
from keytrace.inventory import Taken, check, take_inventory
from keytrace.lifecycle.key import Key

CONFIG = Config(jobs=1)


def taken(folder: Path, **files: str) -> Taken:
    """Return the inventory of a tree; in the names of its files, `__` is a slash."""
    write(folder, {name.replace("__", "/"): text for name, text in files.items()})
    source = folder_source([str(folder)], str(folder), CONFIG)
    return take_inventory(source, str(folder), CONFIG, b"k" * 32)


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(folder, name).parent.mkdir(parents=True, exist_ok=True)
        Path(folder, name).write_text(text)


def places(folder: Path, files: dict[str, str]) -> list[str]:
    """Return each place of a tree in one line: key, role, path:line, environment, service."""
    write(folder, files)
    return [_said(key, at) for key in taken(folder).inventory.keys for at in range(len(key.places))]


def _said(key: Key, at: int) -> str:
    one = key.places[at]
    return f"{key.id} {one.role} {one.path}:{one.line} {one.environment or '-'} {one.service or '-'} {one.holds}"


def wrong(folder: Path, files: dict[str, str]) -> list[str]:
    """Return the rules that a tree breaks, each with its place."""
    write(folder, files)
    found = check(taken(folder), str(folder), CONFIG).findings
    return [f"{one.rule_id} {one.location.provenance.path}:{one.location.region.start_line}" for one in found]
