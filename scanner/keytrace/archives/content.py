"""What the formats share: bytes that are read once, forwards, within a budget, and the members that they yield."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from keytrace.model import Reason

MOST_MEMBERS = 100_000  # in a file, those of archives in it included
_MOST_BYTES = 2**32  # unpacked
_MOST_TIMES = 200  # as much as the file has bytes, beyond what anything may unpack to:
_FREE = 2**25
_PROBED = 2**28  # bytes that are unpacked only to see whether there is an end
_CHUNK = 2**18


class DamagedError(Exception):
    """An archive, or a member of it, cannot be read, or not to its end; the message says why."""


class LimitError(Exception):
    """Nothing more of a file is to be unpacked."""


@dataclass(slots=True)
class Budget:
    """What a file of `size` bytes may unpack to, and how much of it may be in memory at once, `limit`.

    What is really unpacked is charged: what headers say may be a lie.
    """

    size: int
    limit: int
    members: int = 0
    bytes: int = 0
    probed: int = 0

    def count(self) -> None:
        self.members += 1
        if self.members > MOST_MEMBERS:
            raise LimitError(f"holds more than {MOST_MEMBERS:,} members; the others were not scanned")

    def charge(self, size: int) -> None:
        self.bytes += size
        if self.bytes > _MOST_BYTES:
            raise LimitError(f"unpacks to more than {_MOST_BYTES >> 30} GiB; the rest was not scanned")
        if self.bytes > max(_FREE, _MOST_TIMES * self.size):
            raise LimitError(f"unpacks to more than {_MOST_TIMES} times its size; the rest was not scanned")


class Content:
    """Bytes that are read forwards; `budget` is charged where they are unpacked. `file` is where they can be read in
    any order, if they can. Where they are damaged, what comes before is handed out; who asks for more is told.
    """

    def __init__(self, read: Callable[[int], bytes], budget: Budget, *, charged: bool = False) -> None:
        self.budget = budget
        self.file: BinaryIO | None = None
        self._read = read
        self._charged = charged
        self._ahead = b""
        self._damage: DamagedError | None = None  # behind what was read

    @classmethod
    def of(cls, file: BinaryIO, limit: int) -> Content:
        """Return the content of a file, or of a stream, the size of which is what has come so far."""
        if file.seekable():
            content = cls(file.read, Budget(file.seek(0, 2), limit))
            content.file = file
            file.seek(0)
            return content
        budget = Budget(0, limit)

        def read(size: int) -> bytes:
            data = file.read(size)
            budget.size += len(data)
            return data

        return cls(read, budget)

    def peek(self, size: int) -> bytes:
        """Return what the next bytes are, and leave them."""
        if len(self._ahead) < size:
            self._ahead += self._more(size - len(self._ahead))
        if self._damage and not self._ahead:
            raise self._damage
        return self._ahead[:size]

    def read(self, size: int) -> bytes:
        """Return the next `size` bytes, fewer only at the end and before damage."""
        data, self._ahead = self._ahead[:size], self._ahead[size:]
        if len(data) < size:
            data += self._more(size - len(data))
        if self._damage and not data and size:
            raise self._damage
        return data

    def exactly(self, size: int) -> bytes:
        """Return the next `size` bytes; raise DamagedError where there are fewer."""
        data = self.read(size)
        if len(data) < size:
            raise self._damage or DamagedError("it ends too early")
        return data

    def check(self) -> None:
        """Raise DamagedError where what was read is followed by damage."""
        if self._damage:
            raise self._damage

    def is_endless(self) -> bool:
        """Tell whether the rest unpacks to more than the file may, as far as that is soon seen; it is not charged."""
        before = self.budget.bytes
        try:
            while self.budget.probed < _PROBED and (piece := self.read(_CHUNK)):
                self.budget.probed += len(piece)
        except LimitError:
            return True
        finally:
            self.budget.bytes = before
        return False

    def skip(self, size: int) -> None:
        while size > 0:
            size -= len(self.exactly(min(size, _CHUNK)))

    def part(self, size: int) -> Part:
        """Return the next `size` bytes as a content of its own; it must be finished before more is read of this one."""
        return Part(self, size)

    def whole(self) -> bytes:
        """Return all that is left; raise DamagedError where that is too much for memory."""
        data = self.read(self.budget.limit + 1)
        if len(data) > self.budget.limit:
            raise DamagedError(f"it is larger than {self.budget.limit} bytes, and in an archive itself")
        return data

    def unpacked(self, read: Callable[[int], bytes]) -> Content:
        """Return a content that `read` unpacks from this one."""
        return Content(read, self.budget, charged=True)

    def _more(self, size: int) -> bytes:
        """Return what there is of the next bytes; damage behind them is remembered."""
        pieces = []
        try:
            while size > 0 and not self._damage and (piece := self._piece(size)):
                size -= len(piece)
                pieces.append(piece)
        except DamagedError as error:
            self._damage = error
        return b"".join(pieces)

    def _piece(self, size: int) -> bytes:
        try:
            piece = self._read(min(size, _CHUNK))
        except (DamagedError, LimitError, MemoryError):
            raise
        except EOFError as error:
            raise DamagedError("it ends too early") from error
        except Exception as error:  # each library that unpacks has errors of its own
            raise DamagedError("its data is damaged") from error
        if self._charged:
            self.budget.charge(len(piece))
        return piece


class Part(Content):
    """A stretch of another content."""

    def __init__(self, whole: Content, size: int) -> None:
        super().__init__(self._next, whole.budget)
        self._whole = whole
        self._left = size

    def _next(self, size: int) -> bytes:
        data = self._whole.read(min(size, self._left))
        if not data and self._left:
            raise DamagedError("it ends too early")
        self._left -= len(data)
        return data

    def finish(self) -> None:
        """Pass over what was not read."""
        left, self._left = self._left, 0
        self._whole.skip(left)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an archive. `is_all`: there is no other, so that an archive in it needs no name of its own."""

    name: str
    content: Content
    is_all: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """A member that cannot be read."""

    name: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of archive: a function from content and name of one to its members.

    That raises DamagedError where the archive is damaged, after the members that can be read. `holds` are the kinds
    that are usual as its only member: `.tar.gz` is one archive, not two. `is_like` looks closer at how it begins.
    """

    name: str
    members: Callable[[Content, str], Iterator[Member | Left]]
    holds: frozenset[str] = frozenset()
    is_like: Callable[[bytes], bool] = lambda _head: True
