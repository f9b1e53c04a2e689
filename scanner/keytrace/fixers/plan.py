"""From findings to the edits of files: which fixes there are, and why others are not."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from keytrace.fixers import fixer_of
from keytrace.fixers.edits import Edit, Fix, Refused, Target, appendix, applied, join, overlap
from keytrace.fixers.environment import is_kept
from keytrace.fixers.imports import edits as import_edits
from keytrace.fixers.naming import Names
from keytrace.fixers.program import parsed
from keytrace.model import FileProvenance, Finding, Location
from keytrace.text.encoding import decode

_BOUND = re.compile(rb"([A-Za-z_][\w-]*)[\"']?\s*(?:=>|[:=])\s*[\"'`]?\Z")
_QUOTED = re.compile(r"'([^'\n]+)'")  # how messages and steps give names


@dataclass(frozen=True, slots=True)
class Planned:
    """A finding with its fix, or with the reason why it has none."""

    finding: Finding
    fix: Fix | None = None
    why: str = ""

    def without(self, why: str) -> Planned:
        """Return this finding left alone."""
        return replace(self, fix=None, why=why)


@dataclass(slots=True)
class FilePlan:
    """A file as it was read, and what is to become of it. Edits count from behind a byte order mark."""

    path: str
    raw: bytes = field(repr=False)
    items: list[Planned]

    @property
    def mark(self) -> bytes:
        return codecs.BOM_UTF8 if self.raw.startswith(codecs.BOM_UTF8) else b""

    @property
    def data(self) -> bytes:
        return self.raw[len(self.mark) :]

    def edits(self) -> list[Edit]:
        """Return all edits of the file: those of its fixes, and the imports that they need."""
        fixes = [item.fix for item in self.items if item.fix is not None and not item.fix.shown_only]
        return edits_of(self.data, fixes)

    def result(self) -> bytes:
        """Return the file as it is to be."""
        return self.mark + applied(self.data, self.edits())

    def sketched(self, fix: Fix) -> bytes:
        """Return the file with a skeleton and the imports that it needs."""
        return self.mark + applied(self.data, edits_of(self.data, [fix]))


def edits_of(data: bytes, fixes: Sequence[Fix]) -> list[Edit]:
    """Return all that fixes change in a text: with the imports that they need, and what they append."""
    wanted = {name for fix in fixes for name in fix.imports}
    imports = import_edits(parsed(data), wanted) if wanted else ()
    return sorted({*(edit for fix in fixes for edit in fix.edits), *imports, *appendix(data, fixes)})


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user wants of fixes."""

    unsafe: bool = False
    reader: str = "environ"
    pages: tuple[str, ...] = ()  # the folders, each with a slash, of which programs are made that browsers run
    workers: frozenset[str] = frozenset()  # the programs of Workers of Cloudflare
    handed: Mapping[str, str] = field(default_factory=dict)  # files of variables that others name, and how


def plan(findings: Iterable[Finding], contents: Mapping[str, bytes], names: Names, wishes: Wishes) -> list[FilePlan]:
    """Return what is to become of each file; `contents` are those of the files that could be read."""
    files: dict[str, FilePlan] = {}
    for finding in findings:
        path = finding.location.provenance.path
        file = files.setdefault(path, FilePlan(path, contents.get(path, b""), []))
        try:
            fix = _fix(finding, file, names, wishes, is_known=path in contents)
            _check(file, fix)
        except Refused as refused:
            file.items.append(Planned(finding, why=str(refused)))
        else:
            file.items.append(Planned(finding, fix))
    return list(files.values())


def _fix(finding: Finding, file: FilePlan, names: Names, wishes: Wishes, *, is_known: bool) -> Fix:
    if not isinstance(finding.location.provenance, FileProvenance):
        raise Refused("it is in an archive")
    if why := _impossible(file.path, names, wishes):
        raise Refused(why)
    if not is_known:
        raise Refused("the file cannot be read")
    if finding.location.end == 0:
        raise Refused("it is in the name of the file")
    text = decode(file.raw)
    if text is None:
        raise Refused("the file is binary")
    if text != file.data:
        raise Refused("the file is not in UTF-8")
    is_page = file.path.startswith(wishes.pages)
    targets = [_target(finding, place, text, is_page=is_page) for place in (finding.location, *_parts(finding))]
    fix = join(fixer_of(target)(target, names.of(file.path), wishes.reader) for target in targets)
    if fix.unsafe and not fix.shown_only and not wishes.unsafe:
        raise Refused(f"{fix.unsafe}; --unsafe changes it")
    if not all(is_kept(one.name, one.value) for one in fix.variables):
        raise Refused("not every reader of a .env would read its value alike")
    if fix.imports:
        list(import_edits(parsed(text), fix.imports))  # which says where there is no place for them
    return fix


def _impossible(path: str, names: Names, wishes: Wishes) -> str:
    """Return why what reads a file would not have the value any more, by what else the project has."""
    if path == names.file_of(path):
        return "it is in the file that values go to"
    if how := wishes.handed.get(path):
        return f"{how}, which would get nothing: have git ignore the file"
    if path in wishes.workers:
        return "a Worker has no process.env: wrangler secret put NAME, and env.NAME where a request is handled"
    return ""


def _parts(finding: Finding) -> Sequence[Location]:
    """Return the other parts of a credential in the same file: alone, they would be findings of their own."""
    path = finding.location.provenance.path
    if finding.flow:
        return []  # other ways that lead to the same place
    return [place for place in finding.related if place.provenance.path == path]


def _target(finding: Finding, place: Location, text: bytes, *, is_page: bool) -> Target:
    own = place is finding.location
    value = finding.secret.value if own else text[place.start : place.end]
    names = tuple(_QUOTED.findall("\n".join([finding.message, *(step.note for step in finding.flow)])))
    return Target(
        place.provenance.path,
        text,
        finding.known_as if own else _of_part(finding, text[max(0, place.start - 100) : place.start]),
        place.start,
        place.end,
        value,
        finding.message,
        place.is_secret,
        names,
        is_page,
    )


def _of_part(finding: Finding, before: bytes) -> str:
    """Return what another part of a credential is called by: whose it is, and what it is bound to."""
    bound = _BOUND.search(before)
    return f"{finding.known_as.partition('-')[0]}-{bound[1].decode() if bound else 'id'}"


def _check(file: FilePlan, fix: Fix) -> None:
    """Raise Refused where a fix does not go together with those before it."""
    others = [edit for item in file.items if item.fix and not item.fix.shown_only for edit in item.fix.edits]
    if overlap([*others, *fix.edits]):
        raise Refused("another fix changes the same place")
