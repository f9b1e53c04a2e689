"""Archives made for tests, and what is found in them."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import sys
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from importlib import import_module

from keytrace.archives import format_of
from keytrace.archives.content import Content
from keytrace.archives.walk import MemberArtifact, Walk, member_ignores
from keytrace.model import FileProvenance, ScanError, Skipped

zstd_compress: Callable[[bytes], bytes] = import_module(
    "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
).compress
FILES = {"conf/app.env": b"one\ntwo\n", "empty": b"", "b.bin": bytes(range(256)) * 300}


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(files: Mapping[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def ar(files: Mapping[str, bytes]) -> bytes:
    out = b"!<arch>\n"
    for name, data in files.items():
        out += (
            f"{name + '/':<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(data):<10}`\n".encode()
            + data
            + b"\n" * (len(data) % 2)
        )
    return out


def deb(files: Mapping[str, bytes]) -> bytes:
    control = gzip.compress(tarred({"control": b"Package: a\n"}))
    return ar({"debian-binary": b"2.0\n", "control.tar.gz": control, "data.tar.xz": lzma.compress(tarred(files))})


def cpio(files: Mapping[str, bytes]) -> bytes:
    out = b""
    for name, data in (*files.items(), ("TRAILER!!!", b"")):
        fields = [0, 0o100644, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0]
        head = b"070701" + b"".join(b"%08x" % field for field in fields) + name.encode() + b"\0"
        out += head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)
    return out + bytes(-len(out) % 512)


def rpm(
    files: Mapping[str, bytes], scripts: bytes = b"echo\0", pack: Callable[[bytes], bytes] = lzma.compress
) -> bytes:
    def header(data: bytes) -> bytes:
        return b"\x8e\xad\xe8\x01" + bytes(4) + struct.pack(">LL", 1, len(data)) + bytes(16) + data

    lead = b"\xed\xab\xee\xdb" + bytes(92)
    return lead + header(b"abc") + bytes(5) + header(scripts) + pack(cpio(files))


# Each kind of archive, and a function that makes one of files.
KINDS: dict[str, Callable[[Mapping[str, bytes]], bytes]] = {
    "a.zip": zipped,
    "stored.jar": lambda files: zipped(files, zipfile.ZIP_STORED),
    "a.whl": lambda files: zipped(files, zipfile.ZIP_BZIP2),
    "a.apk": lambda files: zipped(files, zipfile.ZIP_LZMA),
    "pax.tar": tarred,
    "gnu.tar": lambda files: tarred(files, tarfile.GNU_FORMAT),
    "ustar.tar": lambda files: tarred(files, tarfile.USTAR_FORMAT),
    "a.tgz": lambda files: gzip.compress(tarred(files)),
    "a.tar.bz2": lambda files: bz2.compress(tarred(files)),
    "a.tar.xz": lambda files: lzma.compress(tarred(files)),
    "a.tar.zst": lambda files: zstd_compress(tarred(files)),
    "a.a": ar,
    "a.cpio": cpio,
    "a.cpio.gz": lambda files: gzip.compress(cpio(files)),
}


def found(
    data: bytes, name: str = "a", *, depth: int = 5, limit: int = 2**20, exclude: tuple[str, ...] = ()
) -> list[MemberArtifact | ScanError | Skipped]:
    """Return all that is found in an archive."""
    form = format_of(data)
    assert form is not None
    walk = Walk(depth, limit, member_ignores("", exclude, False))
    return list(walk.members(FileProvenance(name), Content.of(io.BytesIO(data), limit), form))


def read(data: bytes, name: str = "a") -> dict[str, bytes]:
    """Return the members of an archive, in which there must be nothing wrong."""
    members = [one for one in found(data, name) if isinstance(one, MemberArtifact)]
    assert len(members) == len(found(data, name))
    return {one.provenance.path: one.data for one in members}


def wrong(data: bytes, limit: int = 2**20) -> list[tuple[str, str]]:
    """Return what could not be read of an archive."""
    return [(one.path, one.message) for one in found(data, limit=limit) if isinstance(one, ScanError)]
