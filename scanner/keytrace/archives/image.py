"""Images of containers, as `docker save` and OCI layouts have them: what a later layer hides is still in the image, and
a layer that is not in it was not scanned.

A layer deletes a file by an empty one beside it called `.wh.` and its name, or all of a folder by `.wh..wh..opq`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any

from keytrace.model import Finding

LARGEST = 2**20  # bytes of a manifest
_SHOWN = 200  # characters of a name
_MANIFEST = re.compile(r"manifest\.json|blobs/[^/!]+/[^/!]+")
_DELETED, _ALL_DELETED = ".wh.", ".wh..wh..opq"


def is_manifest(name: str, data: bytes) -> bool:
    """Tell whether a member of an archive may name the layers of an image."""
    if len(data) > LARGEST or not data.startswith((b"[", b"{")) or not _MANIFEST.fullmatch(name):
        return False
    return b'"Layers"' in data or b'"layers"' in data


def layers(manifests: Iterable[bytes]) -> list[str]:
    """Return the names of all layers that manifests name."""
    return list(dict.fromkeys(layer for data in manifests for image in _images(data) for layer in image))


def missing(names: Collection[str], manifests: Iterable[bytes]) -> str:
    """Say which layers are not among the names of an archive's members; nothing where all are."""
    every = layers(manifests)
    gone = [layer for layer in every if layer not in names]
    if not gone:
        return ""
    which = gone[0][:_SHOWN] + (f" and {len(gone) - 1} more" if gone[1:] else "")
    return f"{len(gone)} of {len(every)} layers of the image not scanned, not there: {which}"


def told(finding: Finding, paths: Collection[str], start: str, manifests: Iterable[bytes]) -> Finding:
    """Return a finding with what hides its file in its image, as `hidden` says it."""
    said = hidden(finding.location.provenance.path, paths, start, manifests)
    is_known = not said or finding.message.endswith(said)
    return finding if is_known else replace(finding, message=f"{finding.message}, {said}")


def hidden(path: str, paths: Collection[str], start: str, manifests: Iterable[bytes]) -> str:
    """Return in words what hides a file of an image, by its path and those of all members, of which `start` is what
    stands before the names of layers; nothing where it is there, in one of its images at least.
    """
    if not path.startswith(start):
        return ""
    images = (one for data in manifests for one in _images(data))
    fates = [fate for one in images if (fate := _fate(path, paths, start, one)) is not None]
    return fates[0] if fates and all(fates) else ""


def _fate(path: str, paths: Collection[str], start: str, layers: list[str]) -> str | None:
    """Return what hides a file in one image, nothing where it is there; None where it is in none of its layers."""
    number = next((at for at, layer in enumerate(layers) if path.startswith(f"{start}{layer}!")), None)
    if number is None:
        return None
    file = path.removeprefix(f"{start}{layers[number]}!").partition("!")[0]
    for at in range(number + 1, len(layers)):
        layer = f"{start}{layers[at]}!"
        gone = any(f"{layer}{mark}" in paths for mark in _marks(file))
        if gone or layer + file in paths:
            what = "deleted" if gone else "replaced"
            return f"still in layer {number + 1} of {len(layers)} of the image, {what} in layer {at + 1}"
    return ""


def _marks(file: str) -> Iterator[str]:
    """Yield what would delete a file, or a folder around it."""
    parts = file.split("/")
    for depth, name in enumerate(parts):
        folder = "".join(f"{part}/" for part in parts[:depth])
        yield f"{folder}{_DELETED}{name}"
        yield f"{folder}{_ALL_DELETED}"


def _images(data: bytes) -> Iterator[list[str]]:
    """Yield the layers of each image that a manifest tells of, by their names in the archive, lowest first."""
    try:
        told: Any = json.loads(data)
    except (ValueError, RecursionError):
        return
    for image in told if isinstance(told, list) else [told]:
        layers = (image.get("Layers") or image.get("layers")) if isinstance(image, dict) else None
        names = [name_of(one) for one in layers] if isinstance(layers, list) else [""]
        if all(names):
            yield names


def name_of(layer: object) -> str:
    """Return what a layer is called in the archive; nothing where it is none."""
    if isinstance(layer, dict):
        digest = layer.get("digest")
        return "blobs/" + digest.replace(":", "/") if isinstance(digest, str) else ""
    return layer if isinstance(layer, str) else ""
