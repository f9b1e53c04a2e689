"""Who owns a file: the configuration, then CODEOWNERS of GitHub or GitLab, each by the last pattern that matches."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

PLACES = (
    ".github/CODEOWNERS",
    "CODEOWNERS",
    "docs/CODEOWNERS",
    ".gitlab/CODEOWNERS",
    ".gitea/CODEOWNERS",
    ".forgejo/CODEOWNERS",
)
_SECTION = re.compile(r"\^?\[(?P<name>[^\]]+)\](?:\[\d+\])?(?P<owners>(?:\s+.*)?)$")
_OWNER = re.compile(r"@@?[\w./-]+|[^\s@]+@[^\s@]+\.[^\s@]+")
_WORD = re.compile(r"(?:\\.|[^\s\\])+")


@dataclass(slots=True)
class _Section:
    """A part of CODEOWNERS in which the last match wins; GitHub's has one. An owner of `usual` has what names none."""

    usual: tuple[str, ...] = ()
    lines: list[tuple[re.Pattern[str], tuple[str, ...], bool]] = field(default_factory=list)  # and whether it excludes

    def of(self, path: str) -> tuple[str, ...]:
        found: tuple[str, ...] = ()
        for pattern, owners, excludes in self.lines:
            if pattern.match(path):
                found = () if excludes else owners
                if excludes:
                    return ()
        return found


class Owners:
    """The owners of files."""

    def __init__(self, configured: Mapping[str, Sequence[str]], codeowners: str = "", name: str = "CODEOWNERS") -> None:
        """Take owners by pattern, of which the last that matches wins, and the text of the file `name`."""
        self.notes: list[str] = []
        self._configured = _Section(lines=[(_pattern(glob), tuple(own), False) for glob, own in configured.items()])
        self._sections = list(self._read(codeowners, name))
        self.has_any = bool(configured) or any(section.lines for section in self._sections)

    def of(self, path: str) -> tuple[tuple[str, ...], str]:
        """Return the owners of a file, and where that is said; nobody where nothing says it."""
        if found := self._configured.of(path):
            return found, "configuration"
        owners = tuple(dict.fromkeys(owner for section in self._sections for owner in section.of(path)))
        return owners, "CODEOWNERS" if owners else ""

    def _read(self, text: str, name: str) -> Iterator[_Section]:
        sections: dict[str, _Section] = {"": _Section()}
        section = sections[""]
        for number, raw in enumerate(text.lstrip("\ufeff").splitlines(), 1):
            line = raw.strip()
            if not line or line.startswith("#"):
                continue
            if head := _SECTION.match(line):
                section = sections.setdefault(head["name"].strip().lower(), _Section())
                section.usual = _owners(head["owners"]) or section.usual
                continue
            words = _WORD.findall(re.sub(r"(?<=\s)#.*", "", line))
            excludes = words[0].startswith("!")
            glob = words[0].removeprefix("!")
            unknown = [word for word in words[1:] if not _OWNER.fullmatch(word)]
            try:
                pattern = _pattern(re.sub(r"\\([\s#])", r"\1", glob))
            except re.error:
                unknown = [glob]
            if unknown:
                self.notes.append(f"{name}:{number}: not understood, and passed over")
                continue
            section.lines.append((pattern, _owners(" ".join(words[1:])) or section.usual, excludes))
        yield from sections.values()


def read_owners(root: str, configured: Mapping[str, Sequence[str]], *, heeded: bool = True) -> Owners:
    """Return the owners of the files below `root`: those configured and, if the tree is heeded, those of CODEOWNERS."""
    return Owners(configured, *_codeowners(root) if heeded else ())


def _codeowners(root: str) -> tuple[str, str]:
    """Return the text and the name of CODEOWNERS: the first there is, as the hosts look for it."""
    for place in PLACES:
        try:
            with open(os.path.join(root, place), "rb") as file:
                return file.read(2**20).decode("utf-8", "replace"), place
        except OSError:
            continue
    return "", PLACES[0]


def _owners(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in text.split("#", maxsplit=1)[0].split() if _OWNER.fullmatch(word)))


def _pattern(glob: str) -> re.Pattern[str]:
    """Return a pattern of CODEOWNERS: as in .gitignore, but `folder/*` is about its files, not about what is below."""
    anchored = "/" in glob.rstrip("/")
    body = glob.strip("/") if anchored else glob.rstrip("/")
    deep = not (body.endswith("/*") or (anchored and body == "*"))
    found = "".join(_piece(piece) for piece in re.findall(r"\*\*/|/\*\*|\*+|\?|\[[^\]]*\]|[^*?\[]+|\[", body))
    tail = r"/.*" if glob.endswith("/") else r"(?:/.*)?" if deep else ""
    return re.compile(rf"{'' if anchored else '(?:.*/)?'}{found}{tail}\Z")


def _piece(piece: str) -> str:
    known = {"**/": r"(?:.*/)?", "/**": r"/.*", "**": ".*", "*": r"[^/]*", "?": r"[^/]"}
    if piece in known:
        return known[piece]
    return piece if piece.startswith("[") and piece.endswith("]") else re.escape(piece)
