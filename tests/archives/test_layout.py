"""An image as a folder: what later layers do to a file is said, and so is a layer that is not there."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from keytrace.api import scan
from keytrace.model import Report
from tests.archives.making import tarred
from tests.samples import marked

LINE = f'TOKEN = "{marked(1)}"\n'.encode()
LAYERS = {"aa": tarred({"app/.env": LINE, "kept.env": LINE}), "bb": gzip.compress(tarred({"app/.wh..env": b""}))}
DIGESTS = [{"digest": f"sha256:{name}"} for name in LAYERS]
GONE = "1 of 2 layers of the image not scanned, not there: blobs/sha256/bb"
TOLD = [
    ("image/blobs/sha256/aa!app/.env", "still in layer 1 of 2 of the image, deleted in layer 2"),
    ("image/blobs/sha256/aa!kept.env", ""),
]


def write(folder: Path, files: dict[str, object]) -> Path:
    for name, content in files.items():
        path = folder / "image" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return folder


def oci(folder: Path) -> Path:
    layers: dict[str, object] = {f"blobs/sha256/{name}": data for name, data in LAYERS.items()}
    index = {"manifests": [{"digest": "sha256:ff"}]}
    inner = {"manifests": [{"digest": "sha256:dd"}, {"digest": "sha256:of-another-machine"}]}
    files = {"oci-layout": {}, "index.json": index, "blobs/sha256/ff": inner, "blobs/sha256/dd": {"layers": DIGESTS}}
    return write(folder, layers | files)


def saved(folder: Path) -> Path:
    layers = {f"blobs/sha256/{name}": data for name, data in LAYERS.items()}
    return write(folder, layers | {"manifest.json": [{"Config": "blobs/sha256/cc", "Layers": [*layers]}]})


def found(report: Report) -> list[tuple[str, str]]:
    """Return where it was found, and what is said of the layer."""
    said = ((one.location.provenance.path, one.message.rpartition(", still in ")) for one in report.findings)
    return sorted((path, f"still in {last}" if first else "") for path, (first, _, last) in said)


@pytest.mark.parametrize("make", [oci, saved])
def test_what_a_later_layer_deletes(make: object, tmp_path: Path) -> None:
    assert callable(make)
    report = scan(make(tmp_path), rules=("github-personal-access-token",))
    assert (found(report), report.errors) == (TOLD, ())
    closed = scan(tmp_path, rules=("github-personal-access-token",), max_archive_depth=0)
    assert found(closed) == [("image/blobs/sha256/aa", "")] * 2, "archives are not opened then"


@pytest.mark.parametrize(("make", "name"), [(oci, "index.json"), (saved, "manifest.json")])
def test_a_layer_that_is_not_there(make: object, name: str, tmp_path: Path) -> None:
    assert callable(make)
    (make(tmp_path) / "image/blobs/sha256/bb").unlink()
    report = scan(tmp_path, rules=("github-personal-access-token",))
    assert [(one.path, one.message) for one in report.errors] == [(f"image/{name}", GONE)]
    assert [path for path, _ in found(report)] == [path for path, _ in TOLD], "what is there is scanned"
    one = scan(tmp_path / "image" / name, rules=("github-personal-access-token",))
    assert len(one.errors) == (name == "manifest.json"), "of a file alone that names layers it is said, too"


@pytest.mark.parametrize(
    "index", [b"", b"[", b"[" * 100_000, {"manifests": [1, {}, {"digest": 2}, {"digest": "../../x"}]}, {"manifests": 1}]
)
def test_an_index_that_is_none(index: object, tmp_path: Path) -> None:
    write(tmp_path, {"oci-layout": {}, "index.json": index})
    assert scan(tmp_path, rules=("github-personal-access-token",)).errors == ()


def test_other_manifests_are_none(tmp_path: Path) -> None:
    write(tmp_path, {"manifest.json": {"layers": [{"digest": "sha256:aa"}]}, "index.json": {"manifests": DIGESTS}})
    assert scan(tmp_path, rules=("github-personal-access-token",)).errors == ()
