"""What became of secrets: which commit brought each, which took it out, where it still is."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache

from keytrace import git
from keytrace.errors import ScannerError
from keytrace.model import Commit, CommitProvenance, Finding, Life, MemberProvenance, Outermost, ScanError, outermost
from keytrace.sources.content import read_file
from keytrace.sources.damaged import listed
from keytrace.sources.history import MESSAGE, HistorySource, blobs, noted_by
from keytrace.text.encoding import decode

_SHORTEST = 4  # bytes of what is looked for
_SURE = 12  # bytes of a secret that stands nowhere by chance
_ENVIRONMENTS = (":(glob)**/.env", ":(glob)**/.env.*", ":(glob)**/*.env")
_LARGEST = 2**20  # bytes of a file for an environment
_MOST_PLACES = 50  # of a secret in HEAD
_AT = re.compile(rb"HEAD:(.*?)\0(\d+)\0([^\n]*)\n", re.DOTALL)


@dataclass(slots=True)
class _Story:
    """What is known of a secret. It is looked for by its longest line; by the whole line that it stands on, where it is
    short enough to stand anywhere by chance, or written in another way.
    """

    value: bytes
    needle: bytes
    above: int = 0  # lines of the secret before that one
    is_line: bool = False
    is_encoded: bool = False
    commits: list[Commit] = field(default_factory=list)  # that brought a version with it
    after: list[Commit] = field(default_factory=list)  # that changed the last version with it of a path
    present: list[tuple[str, int]] = field(default_factory=list)
    untracked: list[str] = field(default_factory=list)
    versions: set[str] = field(default_factory=set)

    def stands_in(self, content: bytes) -> bool:
        """Tell whether a file holds it, all of it."""
        if b"\n" in self.value:
            return self.value.replace(b"\r\n", b"\n") in content.replace(b"\r\n", b"\n")
        return self.stands_on(content)

    def stands_on(self, content: bytes) -> bool:
        """Tell whether its longest line, or the line that it stands on, is there."""
        if not self.needle or self.needle not in content:
            return False
        return not self.is_line or _line(self.needle).search(content) is not None

    def take(self, versions: Sequence[tuple[Commit, str]]) -> None:
        """Take in the commits that brought it to a file, and took it out of there."""
        numbers = [number for number, (_, blob) in enumerate(versions) if blob in self.versions]
        if numbers:
            self.commits.append(versions[numbers[0]][0])
            self.after += [after for after, _ in versions[numbers[-1] + 1 : numbers[-1] + 2]]


@lru_cache(maxsize=4096)
def _line(text: bytes) -> re.Pattern[bytes]:
    """Return what finds a line of this text, however it is indented."""
    return re.compile(rb"^[^\S\n]*" + re.escape(text) + rb"[^\S\n]*$", re.MULTILINE)


def lives(
    findings: Mapping[bytes, Sequence[Finding]], source: HistorySource, repo: str, limit: int, errors: list[ScanError]
) -> dict[bytes, Life]:
    """Return what became of each secret value, by the findings of it, the surest first; add what cannot be told."""
    stories = {value: _story(value) for value in findings}
    _by_lines(stories, findings, source, repo, limit)
    _follow(stories, findings, source, repo, limit)
    if git.head(repo):
        _look_in_head(stories.values(), repo, errors)
        _look_at_versions_in_head(stories.values(), repo, limit)
        _look_at_names_in_head(stories.values(), repo)
    _look_for_archives(stories, findings, repo)
    _look_beside(stories.values(), repo)
    return {value: _life(story, findings[value], source) for value, story in stories.items()}


def _story(value: bytes) -> _Story:
    lines = value.split(b"\n")
    above = max(range(len(lines)), key=lambda number: len(lines[number]))
    return _Story(value, lines[above].strip(), above)


def _by_lines(
    stories: Mapping[bytes, _Story], findings: Mapping[bytes, Sequence[Finding]], source: HistorySource, repo: str,
    limit: int,
) -> None:  # fmt: skip
    """Have secrets looked for by their lines, where they are short or not written there as they are."""
    lines: dict[str, list[tuple[bytes, int]]] = {}  # blob -> values and the lines on which they begin
    for value, group in findings.items():
        place = group[0].location
        outer = outermost(place.provenance)
        blob = source.blob(outer) if isinstance(outer, CommitProvenance) else ""
        if blob and place.provenance is outer:
            lines.setdefault(blob, []).append((value, place.region.start_line))
        elif blob:  # in an archive: it goes by that
            stories[value].is_encoded = True
            stories[value].versions.add(blob)
    for blob, answer in blobs(repo, lines, limit):
        content = _text(answer).splitlines()
        for value, number in lines[blob]:
            story = stories[value]
            line = content[number - 1].strip() if number <= len(content) else b""
            if story.above == 0 and line and (len(story.needle) < _SURE or story.needle not in line):
                story.is_encoded = story.needle not in line
                story.needle, story.is_line = line, True


def _life(story: _Story, findings: Iterable[Finding], source: HistorySource) -> Life:
    order = source.order
    told = [one for one in map(_outer, findings) if isinstance(one, CommitProvenance)]
    files = [one for one in told if source.is_file(one.path)]
    known = [one for one in (*story.commits, *(one.commit for one in files or told)) if one.id in order]
    is_there = any(path in {one.path for one in files} for path, _ in story.present)
    return Life(
        introduced=min(known, key=lambda one: order[one.id], default=Commit()),
        removed=None if is_there else max(story.after, key=lambda one: order[one.id], default=None),
        present=tuple(story.present),
        untracked=tuple(story.untracked),
        beside=tuple(dict.fromkeys(beside(one) for one in told if files and one not in files)),
        versions=max(1, len(story.versions)),
        is_encoded=story.is_encoded,
    )


def _outer(finding: Finding) -> Outermost:
    return outermost(finding.location.provenance)


def beside(place: CommitProvenance) -> str:
    """Return in words what a place is that is no file."""
    commit = place.commit
    if place.path == MESSAGE:
        return f"the {MESSAGE} {commit.id[:10]} ({commit.date}, {commit.author})"
    noted = noted_by(place.path)
    if noted:
        return f"a note on {noted[:10]}"
    return f"the name {place.path}" if commit.id else f"the {place.path}"


def _follow(
    stories: Mapping[bytes, _Story], findings: Mapping[bytes, Sequence[Finding]], source: HistorySource, repo: str,
    limit: int,
) -> None:  # fmt: skip
    """Look for secrets in all versions of the files in which they were found, and of those that had the same content
    under other names.
    """
    paths_of: dict[str, set[str]] = {}  # of blobs
    for path, versions in source.versions.items():
        for _, blob in versions:
            paths_of.setdefault(blob, set()).add(path)
    followed: dict[bytes, set[str]] = {value: set() for value in findings}
    waiting = {value: {outermost(one.location.provenance).path for one in group} for value, group in findings.items()}
    while any(waiting.values()):
        _hold(stories, _versions(waiting, source), repo, limit)
        for value, story in stories.items():
            followed[value] |= waiting[value]
            waiting[value] = set[str]().union(*(paths_of[blob] for blob in story.versions)) - followed[value]
    source.followed.update(*followed.values())
    for value, story in stories.items():
        for path in filter(source.is_file, sorted(followed[value])):
            story.take(source.versions.get(path, ()))


def _versions(paths: Mapping[bytes, set[str]], source: HistorySource) -> dict[str, set[bytes]]:
    """Return the blobs that ever were at the paths of values, with these."""
    found: dict[str, set[bytes]] = {}
    for value, own in paths.items():
        for path in filter(source.is_file, own):
            for _, blob in source.versions.get(path, ()):
                found.setdefault(blob, set()).add(value)
    found.pop("", None)
    return found


def _hold(stories: Mapping[bytes, _Story], sought: Mapping[str, set[bytes]], repo: str, limit: int) -> None:
    """Note which blobs hold the secrets that are looked for in them."""
    for blob, answer in blobs(repo, sought, limit):
        content = _text(answer)
        for value in sought[blob]:
            if stories[value].stands_in(content):
                stories[value].versions.add(blob)


def _text(answer: tuple[int, bytes] | None) -> bytes:
    """Return the text of a blob, also of one in UTF-16; what it is where it is no text."""
    return (decode(answer[1]) or answer[1]) if answer is not None else b""


def _look_in_head(stories: Iterable[_Story], repo: str, errors: list[ScanError]) -> None:
    """Look for secrets in the files of HEAD."""
    sought = [one for one in stories if len(one.needle) >= _SHORTEST and b"\0" not in one.needle]
    if not sought:
        return
    arguments = ["grep", "-z", "-n", "-F", "-I", "--no-color", "--no-ext-grep", "--full-name", "-f", "-", "HEAD", "--"]
    given = b"".join(one.needle + b"\n" for one in sought)
    try:
        told = git.run(arguments, repo, accept=(0, 1), given=given)
    except ScannerError as error:
        errors.append(ScanError(".git", f"what is still in HEAD could not be looked for: {error.message}"))
        return
    for found in _AT.finditer(told):
        for story in sought:
            if story.stands_on(found[3]) and len(story.present) < _MOST_PLACES:
                path = os.fsdecode(found[1])
                if b"\n" not in story.value or story.stands_in(git.run(["cat-file", "blob", f"HEAD:{path}"], repo)):
                    story.present.append((path, max(1, int(found[2]) - story.above)))


def _look_at_versions_in_head(stories: Iterable[_Story], repo: str, limit: int) -> None:
    """Look which versions with secrets are files of HEAD: git looks for nothing in UTF-16, or behind damage."""
    left = [one for one in stories if one.versions and not one.present]
    if not left:
        return
    paths = _files_of_head(repo)
    there = sorted({blob for story in left for blob in story.versions if blob in paths})
    for blob, answer in blobs(repo, there, limit):
        text = _text(answer)
        for story in left:
            if blob in story.versions and story.stands_in(text):
                at = 1 + text.count(b"\n", 0, text.find(story.needle))
                story.present += [(path, max(1, at - story.above)) for path in paths[blob]]


def _look_at_names_in_head(stories: Iterable[_Story], repo: str) -> None:
    """Look for secrets in the names of files of HEAD, and of their folders."""
    left = [one for one in stories if not one.present and len(one.value) >= _SURE]
    if not left:
        return
    names = sorted(name for paths in _files_of_head(repo).values() for name in paths)
    every = os.fsencode("\0".join(names))
    for story in left:
        if story.value in every:
            there = [name for name in names if story.value in os.fsencode(name)]
            story.present += [(name, 1) for name in there[:_MOST_PLACES]]


def _files_of_head(repo: str) -> dict[str, list[str]]:
    """Return the paths of each blob of HEAD."""
    paths: dict[str, list[str]] = {}
    try:
        for row in git.run(["ls-tree", "-r", "-z", "--full-tree", "HEAD"], repo).split(b"\0")[:-1]:
            head, _, path = row.partition(b"\t")
            paths.setdefault(head.split(b" ")[2].decode(), []).append(os.fsdecode(path))
    except ScannerError:  # a folder of it is missing, or all is
        with suppress(ScannerError):
            return {blob: [name] for name, blob in listed(repo, "HEAD")}
    return paths


def _look_for_archives(stories: Mapping[bytes, _Story], findings: Mapping[bytes, Sequence[Finding]], repo: str) -> None:
    """Look whether the archives in which secrets are stand in HEAD as they were."""
    for value, group in findings.items():
        for place, line in {(one.location.provenance, one.location.region.start_line) for one in group}:
            if not isinstance(place, MemberProvenance):
                continue
            outer = outermost(place)
            asked = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"HEAD:{outer.path}"]
            blob = git.run(asked, repo, accept=(0, 1, 128)).decode().strip()
            if blob in stories[value].versions and (place.path, line) not in stories[value].present:
                stories[value].present.append((place.path, line))


def _look_beside(stories: Iterable[_Story], repo: str) -> None:
    """Look for secrets that are gone in files for an environment that git does not track."""
    gone = [story for story in stories if not story.present and len(story.needle) >= _SHORTEST]
    if not gone or not git.is_top(repo):
        return
    for name in git.run(["ls-files", "--others", "-z", "--", *_ENVIRONMENTS], repo).split(b"\0")[:-1]:
        path = os.fsdecode(name)
        try:
            content = read_file(os.path.join(repo, path), _LARGEST)
        except (OSError, ScannerError):
            continue  # it is not a part of history; `scan` says what cannot be read
        for story in gone:
            if story.stands_in(content):
                story.untracked.append(path)
