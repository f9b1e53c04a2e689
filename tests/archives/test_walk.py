"""From archives to members: every kind, nested, hostile, within limits."""

from __future__ import annotations

import gzip
import lzma
import pickle
import struct
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrace.archives import content, format_of
from keytrace.archives.content import Content
from keytrace.archives.walk import Found, MemberArtifact, Walk, label, member_ignores
from keytrace.model import FileProvenance, MemberProvenance, Reason, ScanError, Skipped, outermost
from keytrace.sources.content import TooLargeError
from tests.archives.making import KINDS, deb, found, read, rpm, tarred, wrong, zipped

LIMIT = 2**24  # bytes of a member of a bomb
TEXT = {"conf/app.env": b"one\ntwo\n"}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind(name: str) -> None:
    assert read(KINDS[name](TEXT), name) == {f"{name}!conf/app.env": TEXT["conf/app.env"]}


@pytest.mark.parametrize("inner", KINDS)
@pytest.mark.parametrize("outer", KINDS)
def test_every_kind_in_every_other(inner: str, outer: str) -> None:
    data = KINDS[outer]({"x": KINDS[inner](TEXT), "last": b"1"})
    assert read(data) == {"a!x!conf/app.env": TEXT["conf/app.env"], "a!last": b"1"}


def test_provenance_nests() -> None:
    (member,) = found(zipped({"b.zip": zipped({"c": b"x"})}), "dir/a.zip")
    assert isinstance(member, MemberArtifact)
    outer = MemberProvenance("dir/a.zip!b.zip", FileProvenance("dir/a.zip"))
    assert member.provenance == MemberProvenance("dir/a.zip!b.zip!c", outer)
    assert outermost(member.provenance) == FileProvenance("dir/a.zip")
    assert pickle.loads(pickle.dumps(member)) == member


def test_depth() -> None:
    data = zipped({"b.zip": zipped({"c.zip": zipped({"d": b"x"})})})
    assert read(data) == {"a!b.zip!c.zip!d": b"x"}
    error, member = found(data, depth=2)
    told = "an archive in 2 others is not opened; --max-archive-depth sets the limit"
    assert error == ScanError("a!b.zip!c.zip", told)
    assert isinstance(member, MemberArtifact)
    assert member.data.startswith(b"PK"), "it is looked at as it is"


def test_a_large_member() -> None:
    (member,) = found(zipped({"a": b"x" * 300}), limit=100)
    assert isinstance(member, MemberArtifact)
    with pytest.raises(TooLargeError, match="larger than 100 bytes"):
        member.read(100)
    inner = zipped({"a": bytes(range(256))})
    assert wrong(tarred({"b.zip": inner}), limit=100) == [
        ("a!b.zip", "cannot be read to its end: it is larger than 100 bytes, and in an archive itself")
    ]
    assert wrong(tarred({"b.tar": tarred({"a": b"x"})}), limit=100) == [], "what is read forwards may be large"


def test_what_the_user_excludes() -> None:
    data = tarred({"node_modules/a.js": b"1", "src/a.min.js": b"2", "../../b.min.js": b"3", "c": b"4"})
    assert found(data, exclude=("node_modules/", "*.min.js"))[:3] == [
        Skipped(f"a!{name}", Reason.EXCLUDE) for name in ("node_modules/a.js", "src/a.min.js", "../../b.min.js")
    ]
    assert found(zipped({"c": b"4"}), exclude=("/a/c",)) == [Skipped("a!c", Reason.EXCLUDE)]


def test_labels() -> None:
    assert label("/a//./b/") == "a/b"
    assert label("../x") == "../x"
    assert label("./") == "(no name)"
    assert len(label("x" * 10**6)) == 1000


# --- hostile ---


def quine(size: int, count: int) -> bytes:
    """A zip whose members overlap: `count` entries of one stream of `size` zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(size)) + packer.flush()
    fields = (20, 0, 8, 0, 0, zlib.crc32(bytes(size)), len(packed), size, 1, 0)
    out = struct.pack("<4s5H3L2H", b"PK\3\4", *fields) + b"a" + packed
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, *fields, 0, 0, 0, 0, 0) + b"a"
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(entry) * count, len(out), 0)
    return out + entry * count + end


def bombs() -> dict[str, bytes]:
    zeros = bytes(2**25)
    nested = zipped({str(number): zipped({"z": bytes(2**23)}) for number in range(16)})
    many = zipped(dict.fromkeys(map(str, range(64)), b""))
    layers = zeros[: 2**24]
    for _ in range(9):
        layers = gzip.compress(layers)
    return {
        "gzip": gzip.compress(zeros) * 4,
        "xz": lzma.compress(bytes(2**27)),
        "zip": zipped({str(number): zeros for number in range(4)}),
        "overlapping": quine(2**24, 50),
        "nested": nested,
        "nested twice": zipped({"a": nested, "b": nested}),
        "tar in gzip": gzip.compress(tarred({"a": zeros, "b": zeros, "c": zeros})),
        "layers": layers,
        "members": zipped({"a": many, "b": many, "c": b"x"}),
        "rpm": rpm({"a": zeros, "b": zeros, "c": zeros}),
    }


BOMBS = bombs()


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_and_is_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "MOST_MEMBERS", 100)
    tracemalloc.start()
    told = 0
    for one in _each(BOMBS[name]):
        told += isinstance(one, ScanError) or (isinstance(one, MemberArtifact) and len(one.data) > LIMIT)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert told
    assert peak < 80 * 2**20, "no more than a member of the limit at once"


def _each(data: bytes) -> Iterator[Found]:
    """Yield what a walk finds, one after the other, so that no more is in memory than it holds itself."""
    form = format_of(data)
    assert form
    walk = Walk(5, LIMIT, member_ignores("", (), False))
    return walk.members(FileProvenance("a"), Content.of(BytesIO(data), LIMIT), form)


SAMPLES = [make(TEXT | {"b": bytes(range(200))}) for make in KINDS.values()]
SAMPLES += [deb(TEXT), rpm(TEXT), zipped({"x.tgz": gzip.compress(tarred(TEXT))})]


@settings(max_examples=300)
@given(st.sampled_from(SAMPLES), st.data())
def test_what_is_damaged_never_raises(sample: bytes, data: st.DataObject) -> None:
    damaged = bytearray(sample)
    for _ in range(data.draw(st.integers(0, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(damaged[: data.draw(st.integers(1, len(damaged)))])
    if format_of(cut):
        for one in found(cut):
            assert one


@pytest.mark.parametrize("name", ["a.tgz", "a.tar.bz2", "a.tar.xz", "pax.tar", "a.cpio"])
def test_what_is_cut_off_is_told(name: str) -> None:
    """Wherever a stream is cut off, there is an error, but behind the last member."""
    whole = KINDS[name]({"a": bytes(range(256)) * 8, "b": b"2"})
    for size in range(560, min(len(whole) // 2, 3000), 131):
        assert wrong(whole[:size]), size


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zipped({"a": data, "b": b"2"})])
def test_a_bomb_that_is_binary_is_told_and_hides_nothing(pack: Callable[[bytes], bytes]) -> None:
    """As a file it would be left out as too large, without an error."""
    bomb = pack(bytes(2**26))
    assert wrong(bomb) == [("a!a", "unpacks to very much more than it takes; it was not scanned")]
    assert [one.data for one in found(bomb) if isinstance(one, MemberArtifact)][1:] in ([b"2"], [])
    assert wrong(pack(bytes(2**21))) == [], "large, but no bomb"
