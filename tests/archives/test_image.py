"""What a later layer of an image hides is still there, and it is said where."""

from __future__ import annotations

import gzip
import json

import pytest

from keytrace.archives.image import hidden, is_manifest, missing
from tests.archives.making import tarred, wrong, zipped

LAYERS = ["aa", "bb", "cc"]
DOCKER = json.dumps([{"Config": "c", "Layers": [f"blobs/sha256/{one}" for one in LAYERS]}]).encode()
OCI = json.dumps({"layers": [{"digest": f"sha256:{one}"} for one in LAYERS]}).encode()
FILE = "i.tar!blobs/sha256/aa!app/conf/.env"


@pytest.mark.parametrize("manifest", [DOCKER, OCI])
@pytest.mark.parametrize(
    ("other", "what"),
    [
        ("bb!app/conf/.wh..env", "deleted in layer 2"),
        ("cc!app/.wh.conf", "deleted in layer 3"),
        ("cc!.wh.app", "deleted in layer 3"),
        ("bb!app/.wh..wh..opq", "deleted in layer 2"),
        ("bb!app/conf/.env", "replaced in layer 2"),
        ("bb!app/conf/.wh.env", ""),
        ("bb!conf/.wh..env", ""),
        ("aa!app/conf/.wh..env", ""),
    ],
)
def test_what_hides_a_file(manifest: bytes, other: str, what: str) -> None:
    paths = {FILE, f"i.tar!blobs/sha256/{other}"}
    said = f"still in layer 1 of 3 of the image, {what}" if what else ""
    assert hidden(FILE, paths, "i.tar!", [manifest]) == said
    assert hidden(f"{FILE}!inner", paths, "i.tar!", [manifest]) == said


def test_it_is_there_if_it_is_in_one_image() -> None:
    other = json.dumps([{"Layers": ["blobs/sha256/aa"]}]).encode()
    paths = {FILE, "i.tar!blobs/sha256/bb!.wh.app"}
    assert hidden(FILE, paths, "i.tar!", [DOCKER]) != ""
    assert hidden(FILE, paths, "i.tar!", [DOCKER, other]) == ""
    assert hidden("i.tar!other", paths, "i.tar!", [DOCKER]) == ""


@pytest.mark.parametrize(
    "wrong",
    [
        b"[",
        b"[" * 100_000,
        b'{"layers": 1}',
        b'[1, {"Layers": null}]',
        b'{"layers": [1, null, {}, {"digest": 2}]}',
        b"[]",
    ],
)
def test_a_manifest_that_is_none(wrong: bytes) -> None:
    assert hidden(FILE, {FILE}, "i.tar!", [wrong]) == ""


def test_which_members_are_manifests() -> None:
    assert is_manifest("manifest.json", DOCKER)
    assert is_manifest("blobs/sha256/dd", OCI)
    assert not is_manifest("blobs/sha256/aa!manifest.json", OCI)
    assert not is_manifest("index.json", b"{}")
    assert not is_manifest("manifest.json", b"x" + OCI)
    assert not is_manifest("model.json", b'{"layers": [{"digest": "x"}]}')


def test_a_layer_that_is_not_there_is_told() -> None:
    said = "1 of 3 layers of the image not scanned, not there: blobs/sha256/bb"
    names = {"blobs/sha256/aa", "blobs/sha256/cc"}
    assert missing(names, [DOCKER, OCI]) == said
    assert missing(set(), [DOCKER]).endswith("blobs/sha256/aa and 2 more")
    assert missing({*names, "blobs/sha256/bb"}, [DOCKER, OCI]) == ""
    assert missing(set(), [b'{"layers": [{"data": 1}]}', b"["]) == ""
    layers = {f"blobs/sha256/{one}": tarred({"a": b"x"}) for one in ("aa", "cc")}
    image = {**layers, "blobs/sha256/dd": OCI}
    assert wrong(tarred(image)) == [("a", said)]
    assert wrong(gzip.compress(tarred(image))) == [("a", said)]
    assert wrong(zipped({"x/i.tar": tarred(image)})) == [("a!x/i.tar", said)]
    assert wrong(tarred({**image, "blobs/sha256/bb": tarred({})})) == [], "a layer may be empty"
