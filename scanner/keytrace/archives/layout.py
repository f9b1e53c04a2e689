"""Images of containers as folders: OCI layouts, and what `docker save` writes, unpacked. Each layer is an archive of
its own there; what images are made of is looked at once all files are scanned.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from keytrace.archives import IMAGES, image
from keytrace.errors import ScannerError
from keytrace.model import Artifact, Finding, ScanError
from keytrace.sources.folder import FileArtifact

_DEEPEST = 3  # indexes of indexes


def look(
    artifacts: Mapping[str, Artifact], findings: list[Finding], whole: Iterable[str]
) -> tuple[list[Finding], list[ScanError]]:
    """Return `findings`, those in layers with what later layers do to the file, and an error for each folder in which a
    layer of its images is not; `whole` are the paths that were scanned.
    """
    errors: dict[str, ScanError] = {}
    paths: set[str] = set()
    for artifact in list(artifacts.values()):
        folder, slash, name = artifact.provenance.path.rpartition("/")
        if name not in IMAGES or not isinstance(artifact, FileArtifact):
            continue
        start = folder + slash
        manifests = list(_manifests(artifact.root, start, IMAGES[name]))
        names = {one for one in image.layers(manifests) if os.path.exists(f"{artifact.root}/{start}{one}")}
        if said := image.missing(names, manifests):
            errors.setdefault(start, ScanError(start + IMAGES[name], said))
        if manifests:
            paths = paths or set(whole)
            findings = [image.told(one, paths, start, manifests) for one in findings]
    return findings, list(errors.values())


def _manifests(root: str, start: str, name: str, depth: int = 0) -> Iterator[bytes]:
    """Yield what tells of the layers of images: a file itself, or those that it names."""
    data = b""
    with suppress(OSError, ScannerError):
        data = FileArtifact(root, start + name).read(image.LARGEST)
    may_tell = depth or (name == "manifest.json" and b'"Config"' in data)
    if may_tell and image.is_manifest(name, data):
        yield data
    elif name != "manifest.json" and depth < _DEEPEST:
        for inner in _named(data):
            yield from _manifests(root, start, inner, depth + 1)


def _named(index: bytes) -> Iterator[str]:
    """Yield the names of the files that an index names."""
    told: Any = None
    with suppress(ValueError, RecursionError):
        told = json.loads(index)
    entries = told.get("manifests") if isinstance(told, dict) else None
    for one in entries if isinstance(entries, list) else ():
        if (name := image.name_of(one)).startswith("blobs/") and ".." not in name:
            yield name
