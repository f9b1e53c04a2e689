"""From an archive to its members, those of archives in it, too: in order, one in memory at a time, none on disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO

from keytrace.archives import HEAD, format_of, image, mail
from keytrace.archives.content import Content, DamagedError, Format, Left, LimitError, Member
from keytrace.model import MemberProvenance, Provenance, Reason, ScanError, Skipped
from keytrace.sources.content import beyond
from keytrace.sources.ignore import Ignore, own_ignores

_LONGEST_NAME = 1000  # characters


@dataclass(frozen=True, slots=True)
class MemberArtifact:
    """A member of an archive, with its content: it is scanned where the archive was opened."""

    provenance: MemberProvenance
    data: bytes = field(repr=False)
    lines: None = None

    def read(self, limit: int) -> bytes:
        if len(self.data) > limit:
            raise beyond(self.data, limit)
        return self.data


Found = MemberArtifact | ScanError | Skipped


@lru_cache(maxsize=8)
def member_ignores(root: str, exclude: tuple[str, ...], trust_repo: bool) -> Ignore:
    """Return what the user's own patterns say of members, as if an archive were a folder below `root`."""
    top = os.path.realpath(root).replace(os.sep, "/").rstrip("/") if root else ""
    return own_ignores(top, exclude, trust_repo=trust_repo and bool(root))


@dataclass(frozen=True, slots=True)
class Walk:
    """How archives are opened: those in `depth` others are not, and of a member no more than `limit` bytes are read."""

    depth: int
    limit: int
    ignores: Ignore

    def members(self, provenance: Provenance, content: Content, form: Format) -> Iterator[Found]:
        """Yield what is in the archive of that provenance, and an error for whatever could not be read of it."""
        try:
            yield from self._archive(provenance, provenance.path, content, form, 1)
        except LimitError as error:
            yield ScanError(provenance.path, str(error))
        finally:
            if content.file:
                content.file.close()

    def _archive(self, place: Provenance, name: str, content: Content, form: Format, depth: int) -> Iterator[Found]:
        names: set[str] = set()
        manifests: list[bytes] = []
        encrypted = 0
        try:
            for member in form.members(content, name):
                content.budget.count()
                inner = label(member.name)
                names.add(inner)
                path = f"{place.path}!{inner}"
                if isinstance(member, Left):
                    encrypted += member.reason is Reason.ENCRYPTED
                    yield Skipped(path, member.reason)
                elif reason := self._ignored(path):
                    yield Skipped(path, reason)
                else:
                    for found in self._member(MemberProvenance(path, place), member, form, depth):
                        if isinstance(found, MemberArtifact) and image.is_manifest(inner, found.data):
                            manifests.append(found.data)
                        yield found
        except DamagedError as error:
            yield ScanError(place.path, f"cannot be read to its end: {error}")
        if encrypted:
            members = f"{encrypted} members are" if encrypted > 1 else "a member is"
            yield ScanError(place.path, f"{members} encrypted and could not be scanned")
        if said := image.missing(names, manifests):
            yield ScanError(place.path, said)

    def _member(self, place: MemberProvenance, member: Member, outer: Format, depth: int) -> Iterator[Found]:
        content = member.content
        try:
            form = format_of(content.peek(HEAD))
            if form and member.is_all and form.name in outer.holds:
                yield from self._archive(place.container, member.name, content, form, depth)
            elif form and depth < self.depth:
                yield from self._archive(place, member.name, content, form, depth + 1)
            else:
                data = content.read(self.limit + 1)
                is_mail = not form and mail.holds_archive(data)
                if form or (is_mail and depth == self.depth):
                    text = f"an archive in {depth} others is not opened; --max-archive-depth sets the limit"
                    yield ScanError(place.path, text if depth > 1 else text.replace("others", "other"))
                yield from self._whole(place, content, data)
                if is_mail and depth < self.depth:
                    held = Content(BytesIO(data).read, content.budget)
                    yield from self._archive(place, member.name, held, mail.FORMAT, depth + 1)
        except DamagedError as error:
            yield ScanError(place.path, f"cannot be read to its end: {error}")

    def _whole(self, place: MemberProvenance, content: Content, data: bytes) -> Iterator[Found]:
        """Yield a member of which `data` was read, and what is wrong behind that."""
        yield MemberArtifact(place, data)
        content.check()
        if len(data) > self.limit and content.is_endless():
            yield ScanError(place.path, "unpacks to very much more than it takes; it was not scanned")

    def _ignored(self, path: str) -> Reason | None:
        names = [name for name in path.replace("!", "/").split("/") if name not in ("", ".", "..")]
        return self.ignores.covers(self.ignores.top, "/".join(names), False)


def label(name: str) -> str:
    """Return the name of a member as it is shown; it names no file, so `..` in it leads nowhere."""
    parts = [part for part in name[:_LONGEST_NAME].split("/") if part not in ("", ".")]
    return "/".join(parts) or "(no name)"
