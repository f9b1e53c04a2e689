"""The programs of a scan together: what surveys of each tell, which must be looked at again, and which are to be read.

A survey is made of a program's outline alone. Whatever one program hands on becomes a reason to look at those that
import it; that ends when nothing new is handed on. Then each program in which a policy may find something is read,
once, with the modules at hand that it imports.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from keytrace.analyzers.python.order import ranks
from keytrace.analyzers.python.outline.facts import Handed, attribute, plain
from keytrace.analyzers.python.outline.imports import Import
from keytrace.model import Artifact

_HANDED_ON = ("carries", "dumps", "signs", "holds", "addresses")
_MOST_ROUNDS = 12
_QUESTIONS, _MOST_QUESTIONS = 2, 3_000  # for each program of a scan, and in all
_MOST_MODULES = 64  # that are at hand when a program is read


@dataclass(frozen=True, slots=True)
class Survey:
    """What an outline tells of a program."""

    wanted: bool = False
    imports: tuple[Import, ...] = ()
    members: frozenset[tuple[str, str]] = frozenset()  # (class or any, attribute) that hold a secret and do not say so
    carries: frozenset[str] = frozenset()  # functions and globals that others may get a secret from
    dumps: frozenset[str] = frozenset()  # likewise, everything: an environment, settings
    signs: frozenset[str] = frozenset()  # likewise, a signature; `.name` for attributes and methods of whatever
    holds: frozenset[str] = frozenset()  # classes and their objects with such members
    addresses: frozenset[str] = frozenset()  # constants that are addresses over http
    sends_to: frozenset[str] = frozenset()  # constants of other modules to which a credential is sent if they are such
    says: frozenset[str] = frozenset()  # those that carry a secret and whose names say so
    gives: frozenset[Handed] = frozenset()  # functions that it hands a secret to
    takes: frozenset[str] = frozenset()  # functions that take what they are handed to an exit, of those asked for
    passes: frozenset[str] = frozenset()  # likewise, that return what they are handed
    defines: frozenset[str] = frozenset()  # functions and classes of its top level
    is_cut: bool = False  # more words of it carry secrets than were followed

    def with_(self, more: Survey) -> Survey:
        """Return what both tell; of the imports and definitions, what this one does."""
        return replace(
            self, wanted=self.wanted or more.wanted, carries=self.carries | more.carries, dumps=self.dumps | more.dumps,
            signs=self.signs | more.signs, holds=self.holds | more.holds, members=self.members | more.members,
            says=self.says | more.says, gives=self.gives | more.gives, takes=self.takes | more.takes,
            passes=self.passes | more.passes, is_cut=self.is_cut or more.is_cut,
            addresses=self.addresses | more.addresses, sends_to=self.sends_to | more.sends_to,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """What to find out about a program: with words of other modules that carry a secret, or everything, or a signature,
    or functions that return what they are handed or take it to an exit; and about functions of its own.
    """

    foreign: frozenset[str] = frozenset()  # names, `.attribute`, `module.name` as it is written
    dumps: frozenset[str] = frozenset()
    signs: frozenset[str] = frozenset()
    passing: frozenset[str] = frozenset()
    takers: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    asked: frozenset[Handed] = frozenset()

    def with_(self, other: Question) -> Question:
        return Question(
            self.foreign | other.foreign, self.dumps | other.dumps, self.signs | other.signs,
            self.passing | other.passing, self.takers | other.takers, self.addresses | other.addresses,
            self.asked | other.asked,
        )  # fmt: skip

    def after(self, before: Question) -> Question | None:
        """Return what is to be asked when `before` is answered: new words alone, but all where functions are new."""
        foreign, dumps, signs = self.foreign - before.foreign, self.dumps - before.dumps, self.signs - before.signs
        if not (self.passing <= before.passing and self.takers <= before.takers and self.asked <= before.asked):
            return replace(self.with_(before), foreign=foreign, dumps=dumps, signs=signs)
        return Question(foreign, dumps, signs) if foreign or dumps or signs else None


@dataclass(frozen=True, slots=True)
class Reading:
    """A program is to be read, with modules at hand that it imports.

    `table`: name of a module in the program -> its path. `imports`: path of a module -> the same for those that it may
    look into, none of which looks into it. `exports`: path -> what is asked of it by anyone.
    """

    table: Mapping[str, str]
    imports: Mapping[str, Mapping[str, str]]
    exports: Mapping[str, frozenset[Handed]]
    artifacts: Mapping[str, Artifact]
    known: Question  # of other modules: the words by which they hand on secrets, functions that pass or take them
    scan: bytes = b""  # by which it is known from others


@dataclass(frozen=True, slots=True)
class Edge:
    """An import by one program of the scan of another, or of names of it."""

    what: Import
    target: str
    is_module: bool  # the module itself

    @property
    def brings_all(self) -> bool:
        return self.is_module or self.what.name == "*"

    def handed_on(self, names: frozenset[str]) -> frozenset[str]:
        """Return how some names of the module are written where it is imported, of those that the import brings."""
        if not self.brings_all:
            return frozenset((self.what.here,)) if self.what.name in names else frozenset()
        head = f"{self.what.written}." if self.is_module else ""
        return frozenset(f"{head}{name}" for name in names if name == plain(name))

    def meant(self, handed: frozenset[Handed], defines: frozenset[str]) -> frozenset[Handed]:
        """Return what functions that are handed something are called in the module, which defines these."""
        if self.brings_all:
            return frozenset(one for one in handed if one[0] in defines)
        return frozenset((self.what.name, place) for name, place in handed if name == self.what.here)


class Project:
    """All programs of a scan."""

    def __init__(self, surveys: Mapping[str, Survey], artifacts: Mapping[str, Artifact]) -> None:
        """`artifacts` are those that may be imported."""
        self._surveys = dict(surveys)
        self._artifacts = artifacts
        self._scan = os.urandom(8)
        self._resolved: dict[tuple[str, str], str | None] = {}
        self._questions: dict[str, Question] = {}
        self._rounds = 0
        self._left = min(_QUESTIONS * len(surveys), _MOST_QUESTIONS)
        self._edges = {path: list(self._imported(path, one)) for path, one in self._surveys.items() if one.imports}
        self._handed: dict[str, dict[str, frozenset[str]]] = {}  # what surveys tell -> path -> names there
        self._uses: dict[str, list[tuple[Edge, frozenset[Handed]]]] = {}
        self._tables: dict[str, Mapping[str, str]] = {}
        self._ranks: dict[str, int] = {}  # of programs that are read, and of what these import
        self.notes: list[str] = []

    def _imported(self, path: str, survey: Survey) -> Iterator[Edge]:
        """Yield what a program imports from programs of the scan."""
        for one in survey.imports:
            inner = self._resolve(path, one.path) if one.name and one.name != "*" else None
            if inner is not None and inner != path:
                yield Edge(one, inner, is_module=True)
            elif (found := self._resolve(path, one.module)) is not None and found != path:
                yield Edge(one, found, is_module=not one.name)

    def _resolve(self, path: str, module: str) -> str | None:
        key = path.rpartition("/")[0], module
        if key not in self._resolved:
            self._resolved[key] = resolve(path, module, self._artifacts)
        return self._resolved[key]

    # --- surveys ---

    def questions(self) -> dict[str, Question]:
        """Return what is to be found out next; nothing when all is known that the outlines tell."""
        if self._rounds >= _MOST_ROUNDS:
            self._cut_short()
            return {}
        self._rounds += 1
        for what in _HANDED_ON:
            told: dict[str, frozenset[str]] = {path: getattr(one, what) for path, one in self._surveys.items()}
            self._handed[what] = self._spread({path: names for path, names in told.items() if names})
        asked: dict[str, set[Handed]] = {}
        found: dict[str, Question] = {}
        for path, edges in self._edges.items():
            for edge in edges:
                if given := self._given(edge, self._surveys[path].gives):
                    asked.setdefault(edge.target, set()).update(given)
            found[path] = Question(
                frozenset().union(*map(self._foreign, edges)),
                frozenset().union(*(edge.handed_on(self._of("dumps", edge.target)) for edge in edges)),
                frozenset().union(*map(self._signs, edges)),
                self._said(path, "passes"), self._said(path, "takes"),
            )  # fmt: skip
        for path, names in asked.items():
            found[path] = replace(found.get(path, Question()), asked=frozenset(names))
        return self._affordable(found)

    def _affordable(self, found: Mapping[str, Question]) -> dict[str, Question]:
        """Return the news among some questions, as many as the programs of a scan may be asked, the narrowest first."""
        news = {path: new for path, one in found.items() if (new := one.after(self._asked_of(path))) is not None}
        ordered = sorted(news, key=lambda path: (len(news[path].foreign), path))
        if len(ordered) > self._left:
            self._cut_short()
        chosen = ordered[: self._left]
        self._left -= len(chosen)
        for path in chosen:
            self._questions[path] = self._asked_of(path).with_(found[path])
        return {path: news[path] for path in chosen}

    def _asked_of(self, path: str) -> Question:
        return self._questions.get(path, Question())

    def _cut_short(self) -> None:
        self.notes.append("programs import each other so widely that not all that they hand on was followed")

    def _given(self, edge: Edge, gives: frozenset[Handed]) -> frozenset[Handed]:
        """Return what the functions are called in their own module that are handed a secret by an import's names."""
        survey = self._surveys.get(edge.target) if gives else None
        return edge.meant(gives, survey.defines) if survey is not None else frozenset()

    def _foreign(self, edge: Edge) -> frozenset[str]:
        """Return the words by which an import hands on secrets."""
        one, carried = edge.what, self._of("carries", edge.target)
        survey = self._surveys.get(edge.target, Survey())
        is_class = one.name[:1].isupper() and one.name not in carried
        members = frozenset(
            attribute(name) for owner, name in survey.members if not is_class or owner in ("", one.name)
        )
        if edge.brings_all:
            # a name that says so is known without asking
            return members | edge.handed_on(carried - survey.says)
        if not one.name[:1].isupper() and one.name not in carried | self._of("holds", edge.target):
            members = frozenset()
        if one.name not in carried or (one.here == one.name and one.name in survey.says):
            return members
        return members | {one.here}

    def _of(self, what: str, path: str) -> frozenset[str]:
        """Return the names by which a program hands on something."""
        return self._handed[what].get(path, frozenset())

    def _signs(self, edge: Edge) -> frozenset[str]:
        """Return the words by which an import hands on signatures."""
        signs = self._of("signs", edge.target)
        found = edge.handed_on(signs)
        if not found and not edge.brings_all and not edge.what.name[:1].isupper():
            return found
        return found.union(word for word in signs if word != plain(word))

    def _spread(self, carried: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        """Return what each program carries, with what it only hands on from others by importing it."""
        importers: dict[str, list[tuple[str, Edge]]] = {}
        for path, edges in self._edges.items():
            for edge in edges:
                if not edge.is_module:
                    importers.setdefault(edge.target, []).append((path, edge))
        waiting = list(carried)
        while waiting:
            target = waiting.pop()
            for path, edge in importers.get(target, ()):
                more = edge.handed_on(carried[target])
                known = carried.get(path, frozenset())
                if not more <= known:
                    carried[path] = known | more
                    waiting.append(path)
        return carried

    def learn(self, path: str, survey: Survey) -> None:
        """Take in what another look at a program told."""
        self._surveys[path] = self._surveys.get(path, Survey()).with_(survey)

    # --- readings ---

    def readings(self) -> dict[str, Reading]:
        """Return the programs that are to be read."""
        wanted = sorted(path for path in self._surveys if self._is_wanted(path))
        self._ranks = ranks(wanted, lambda path: self._table(path).values())
        cut = sorted(path for path, survey in self._surveys.items() if survey.is_cut)
        self.notes += (f"{path}: more names carry a secret through it than were followed" for path in cut)
        exports: dict[str, set[Handed]] = {}
        for path in self._with_modules(wanted):
            for edge, names in self._useful(path):
                exports.setdefault(edge.target, set()).update(names)
        frozen = {path: frozenset(names) for path, names in exports.items()}
        return {path: self._reading(path, frozen) for path in wanted}

    def _with_modules(self, paths: Iterable[str]) -> list[str]:
        """Return programs with all that they import, from one to the next, what may matter from."""
        found = dict.fromkeys(paths)
        waiting = list(found)
        while waiting:
            for edge, _ in self._useful(waiting.pop()):
                if edge.target not in found:
                    found[edge.target] = None
                    waiting.append(edge.target)
        return list(found)

    def _useful(self, path: str) -> list[tuple[Edge, frozenset[Handed]]]:
        """Return what a program imports that may matter, with the names in the module that is imported."""
        if path not in self._uses:
            found: list[tuple[Edge, frozenset[Handed]]] = []
            survey = self._surveys.get(path, Survey())
            methods = _methods(survey)
            for edge in self._edges.get(path, ()):
                carried = frozenset[str]().union(*(self._of(what, edge.target) for what in _HANDED_ON))
                told = self._surveys.get(edge.target, Survey())
                given = self._given(edge, survey.gives)
                names = frozenset(handed for handed in given if handed[0] in told.takes | told.passes)
                if edge.brings_all:
                    names |= {(name, "") for name in carried if name == plain(name)}
                elif edge.what.name in carried:
                    names |= {(edge.what.name, "")}
                if names and edge.what.name[:1].isupper():
                    names |= methods
                if names:
                    found.append((edge, names))
            self._uses[path] = found
        return self._uses[path]

    def _is_wanted(self, path: str) -> bool:
        return self._surveys[path].wanted or bool(self._said(path, "takes")) or bool(self._addresses(path))

    def _addresses(self, path: str) -> frozenset[str]:
        """Return the constants of other modules that are addresses to which a program sends a credential."""
        sends_to = self._surveys[path].sends_to
        return frozenset(
            edge.what.here for edge in self._edges.get(path, ()) if edge.what.here in sends_to
            if not edge.is_module and edge.what.name in self._of("addresses", edge.target)
        )  # fmt: skip

    def _said(self, path: str, what: str) -> frozenset[str]:
        """Return the functions of other modules to which a program hands a secret, and that take or pass it."""
        gives = frozenset(name for name, _ in self._surveys[path].gives)
        found: set[str] = set()
        for edge in self._edges.get(path, ()) if gives else ():
            said: frozenset[str] = getattr(self._surveys.get(edge.target, Survey()), what)
            found |= said & gives if edge.brings_all else edge.handed_on(said) & gives
        return frozenset(found)

    def _table(self, path: str) -> Mapping[str, str]:
        """Return the modules that a program imports and that may matter, by their names there; one for all readings."""
        if path not in self._tables:
            self._tables[path] = {
                edge.what.path if edge.is_module else edge.what.module: edge.target for edge, _ in self._useful(path)
            }
        return self._tables[path]

    def _seen_by(self, path: str) -> Mapping[str, str]:
        """Return the modules that one looks into for those that import it: not those that look into it."""
        own = self._ranks[path]
        return {name: target for name, target in self._table(path).items() if self._ranks[target] < own}

    def _reading(self, path: str, exports: Mapping[str, frozenset[Handed]]) -> Reading:
        table = self._table(path)
        tables: dict[str, Mapping[str, str]] = {}
        artifacts: dict[str, Artifact] = {}
        waiting = [*table.values()]
        while waiting and len(artifacts) < _MOST_MODULES:
            here = waiting.pop(0)
            if here not in artifacts and here in self._artifacts:
                artifacts[here] = self._artifacts[here]
                tables[here] = self._seen_by(here)
                waiting += tables[here].values()
        asked = {target: exports[target] for target in artifacts if target in exports}
        known = replace(
            self._asked_of(path), takers=self._said(path, "takes"), addresses=self._addresses(path), asked=frozenset()
        )
        return Reading(table, tables, asked, artifacts, known, self._scan)


def _methods(survey: Survey) -> frozenset[Handed]:
    """Return what a program hands a secret to that may be methods, of objects of a class that it imports."""
    bound = {one.here for one in survey.imports}
    return frozenset(one for one in survey.gives if one[0][:1].islower() and one[0] not in bound)


def resolve(path: str, module: str, programs: Mapping[str, object]) -> str | None:
    """Return the path of the module that the program `path` imports as `module`, None when it is not in the scan.

    An absolute import is looked for from the folder of the program upwards: the nearest module of that name is meant.
    """
    folders = path.split("/")[:-1]
    name = module.lstrip(".")
    dots = len(module) - len(name)
    parts = name.split(".") if name else []
    if dots:
        if dots - 1 > len(folders):
            return None
        return _file([*folders[: len(folders) - dots + 1], *parts], programs)
    if parts and parts[0] in sys.stdlib_module_names and _file([*folders, parts[0]], programs) is None:
        return None
    for depth in range(len(folders), -1, -1):
        found = _file([*folders[:depth], *parts], programs)
        if found is not None:
            return found
    return None


def _file(parts: list[str], programs: Mapping[str, object]) -> str | None:
    base = "/".join(parts)
    names = (f"{base}.py", f"{base}/__init__.py", f"{base}.pyw") if base else ("__init__.py",)
    return next((name for name in names if name in programs), None)
