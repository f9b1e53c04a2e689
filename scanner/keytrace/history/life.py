"""What became of secrets: which commit brought each, which took it out, where it still is."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from keytrace import git
from keytrace.errors import ScannerError
from keytrace.model import Commit, CommitProvenance, Finding, Life
from keytrace.sources.content import read_file
from keytrace.sources.history import HistorySource, blobs

_SHORTEST = 4  # bytes of what is looked for
_SURE = 12  # bytes of a secret that stands nowhere by chance
_ENVIRONMENTS = (":(glob)**/.env", ":(glob)**/.env.*", ":(glob)**/*.env")
_LARGEST = 2**20  # bytes of a file for an environment
_MOST_PLACES = 50  # of a secret in HEAD
_AT = re.compile(rb"HEAD:(.*?)\0(\d+)\0(.*)", re.DOTALL)


@dataclass(slots=True)
class _Story:
    """What is known of a secret. It is looked for by its longest line; by the whole line that it stands on, where it is
    short enough to stand anywhere by chance, or written in another way.
    """

    needle: bytes
    above: int = 0  # lines of the secret before that one
    is_line: bool = False
    commits: list[Commit] = field(default_factory=list)  # that brought a version with it
    removed: Commit | None = None
    present: list[tuple[str, int]] = field(default_factory=list)
    untracked: list[str] = field(default_factory=list)
    versions: set[str] = field(default_factory=set)

    def stands_in(self, content: bytes) -> bool:
        at = content.find(self.needle) if self.needle else -1
        while at >= 0 and self.is_line:
            begin, end = content.rfind(b"\n", 0, at) + 1, content.find(b"\n", at)
            if content[begin : end if end >= 0 else None].strip() == self.needle:
                return True
            at = content.find(self.needle, at + 1)
        return at >= 0

    def take(self, versions: Sequence[tuple[Commit, str, bool]]) -> None:
        """Take in the versions of a file: its commit, the blob, and whether it holds the secret."""
        numbers = [number for number, (_, _, is_held) in enumerate(versions) if is_held]
        if not numbers:
            return
        self.versions.update(versions[number][1] for number in numbers)
        self.commits.append(versions[numbers[0]][0])
        for after, _, _ in versions[numbers[-1] + 1 : numbers[-1] + 2]:
            if self.removed is None or self.removed.date < after.date:
                self.removed = after


def lives(
    findings: Mapping[bytes, Sequence[Finding]], source: HistorySource, repo: str, limit: int
) -> dict[bytes, Life]:
    """Return what became of each secret value, by the findings of it."""
    stories = {value: _story(value) for value in findings}
    _by_lines(stories, findings, source, repo, limit)
    _follow(stories, findings, source, repo, limit)
    _look_in_head(stories.values(), repo)
    _look_beside(stories.values(), repo)
    return {value: _life(story, findings[value]) for value, story in stories.items()}


def _story(value: bytes) -> _Story:
    lines = value.split(b"\n")
    above = max(range(len(lines)), key=lambda number: len(lines[number]))
    return _Story(lines[above].strip(), above)


def _by_lines(
    stories: Mapping[bytes, _Story], findings: Mapping[bytes, Sequence[Finding]], source: HistorySource, repo: str,
    limit: int,
) -> None:  # fmt: skip
    """Have secrets looked for by their lines, where they are short or not written there as they are."""
    lines: dict[str, list[tuple[bytes, int]]] = {}  # blob -> values and the lines on which they begin
    for value, group in findings.items():
        place = group[0].location
        if isinstance(place.provenance, CommitProvenance) and (blob := source.blob(place.provenance)):
            lines.setdefault(blob, []).append((value, place.region.start_line))
    for blob, answer in blobs(repo, lines, limit):
        content = answer[1].split(b"\n") if answer is not None else []
        for value, number in lines[blob]:
            story = stories[value]
            line = content[number - 1].strip() if number <= len(content) else b""
            if story.above == 0 and line and (len(story.needle) < _SURE or story.needle not in line):
                story.needle, story.is_line = line, True


def _life(story: _Story, findings: Iterable[Finding]) -> Life:
    told = [one.location.provenance for one in findings]
    begun = [*story.commits, *(one.commit for one in told if isinstance(one, CommitProvenance))]
    first = min((one for one in begun if one.id), key=lambda one: one.date, default=Commit())
    is_there = any(path in {one.path for one in told} for path, _ in story.present)
    return Life(
        introduced=first,
        removed=None if is_there else story.removed,
        present=tuple(story.present),
        untracked=tuple(story.untracked),
        versions=max(1, len(story.versions)),
    )


def _follow(
    stories: Mapping[bytes, _Story], findings: Mapping[bytes, Sequence[Finding]], source: HistorySource, repo: str,
    limit: int,
) -> None:  # fmt: skip
    """Look for secrets in all versions of the files in which they were found, and for the commit after the last."""
    wanted: dict[str, set[bytes]] = {}  # path -> values
    for value, group in findings.items():
        for finding in group:
            wanted.setdefault(finding.location.provenance.path, set()).add(value)
    sought: dict[str, set[bytes]] = {}  # blob -> values
    for path, values in wanted.items():
        for _, blob in source.versions.get(path, ()):
            sought.setdefault(blob, set()).update(values)
    sought.pop("", None)
    holds: dict[str, set[bytes]] = {}
    for blob, answer in blobs(repo, sought, limit):
        content = answer[1] if answer is not None else b""
        holds[blob] = {value for value in sought[blob] if stories[value].stands_in(content)}
    for path, values in wanted.items():
        versions = source.versions.get(path, ())
        for value in values:
            stories[value].take([(one, blob, value in holds.get(blob, ())) for one, blob in versions])


def _look_in_head(stories: Iterable[_Story], repo: str) -> None:
    """Look for secrets in the files of HEAD."""
    sought = [story for story in stories if len(story.needle) >= _SHORTEST]
    if not sought:
        return
    arguments = ["grep", "-z", "-n", "-F", "-I", "--no-color", "--no-ext-grep", "--full-name", "-f", "-", "HEAD", "--"]
    given = b"".join(one.needle + b"\n" for one in sought)
    try:
        lines = git.run(arguments, repo, accept=(0, 1), given=given).split(b"\n")
    except ScannerError:
        return  # no HEAD yet
    for line in lines:
        found = _AT.fullmatch(line)
        for story in sought if found is not None else ():
            if found is not None and story.stands_in(found[3]) and len(story.present) < _MOST_PLACES:
                story.present.append((os.fsdecode(found[1]), max(1, int(found[2]) - story.above)))


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
