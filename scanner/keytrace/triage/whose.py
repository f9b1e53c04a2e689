"""What a name and a value made a match: whose is the secret, or what is it for, by what stands around it?

A rule of the analyzer `named` lists words. They are looked for in the name, then in a setting beside it that says what
it belongs to (`url: jdbc:mysql://…`), in the keys above it, in what is called with it, in a host on its line, in the
name of a configuration file. A product found in any of these goes before what the name says the secret is for, unless
that is something of the program's own: DB_PASSWORD below `gitea` is not Gitea's, that of a setting DB_HOST is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from keytrace.model import Match, Rule
from keytrace.names import tables
from keytrace.text.document import Document
from keytrace.text.language import extension, is_code
from keytrace.triage.spoken import Spoken

_WORD = re.compile(r"[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*|\d+")  # of a name; a digit belongs to what it follows: auth0
_PIECES = 6  # words that a name of a product's has at most
_SHORTEST = 5  # letters of a word that others follow without a mark
_OF_PROVIDER = "of-provider"  # the tag of what is issued by somebody else: a client secret, a token
_OF_SERVER = "of-server"  # the tag of what settings beside it say the product of: a database's password
_SETTING_BESIDE = "a setting beside it"
_UP = 60  # lines above a value in which the keys above it may stand
_BESIDE = 12  # lines above and below it in which its neighbours stand
_LINE = 240  # bytes of a line that are read
_KEY = re.compile(
    rb"""[ \t]*(?:-[ \t]+)?(?:(?:export|const|let|var|static|public|private|final|readonly|val)[ \t]+)*
    (?: <(?P<tag>[\w.:-]{1,60})[^<>]{0,120}>[ \t]*$
      | ["'`:@$]{0,2}(?P<key>[A-Za-z_][\w./ @$-]{0,79}?)["'`]?[ \t]*(?:=>|:=|[:=({\[]) )""",
    re.VERBOSE,
)
_BEFORE = re.compile(
    rb"""(?:^|[\s{\[(,])["'`:@$]{0,2}([A-Za-z_][\w. @$-]{0,79}?)["'`]?[ \t]*(?:=>|:=|[:=])?[ \t]*(?:array)?\Z"""
)
_OPENS = re.compile(rb"[\[{(:,|>=][ \t]*(?:(?:#|//).*)?\r?$")
_HEADER = re.compile(  # where a function, a class or a test begins, its name is not that of what a value is for
    rb"\b(?:def|class|func|function|fn|sub|interface|struct|enum|describe|context|it|test|if|elif|else|for|foreach"
    rb"|while|switch|case|try|catch|except|with|return|namespace|module|impl|begin|do)\b|=>[ \t]*\{|\)[ \t]*(?:->.*)?\{"
)
_SECTION = re.compile(rb"[ \t]*\[+[ \t]*[\"']?([\w.:@/ -]{1,80})[\"']?[ \t]*\]+[ \t]*(?:[#;].*)?\r?$")
_SETTING = re.compile(
    rb"""(?<![\w.-])["']?([A-Za-z_](?:[\w.-]|->|::){0,60})["']?[ \t]*(?:=>|:=|[:=])[ \t]*([^\r\n]{2,120})"""
)
_TELLS = frozenset(
    "host hostname url uri driver dialect type engine adapter client provider connection server protocol image service "
    "jdbcurl backend endpoint address vendor kind database".split()
)  # what settings beside a secret are called that say what it belongs to
_AFTER = frozenset(["class", "name", "classname", "string"])  # driver-class-name
_CALLED = re.compile(rb"([A-Za-z_][\w.]{1,80})[ \t]*\(|^[ \t]*(?:\w+[ \t]+){0,3}([A-Za-z_][\w.]{0,80})[ \t]*:?=(?!=)")
_OF_COMMAND = re.compile(rb"(?<![\w-])[A-Za-z][\w.-]{1,40}(?![\w=])")  # its words, less its options
_NEW_COMMAND = re.compile(rb"[|;&]|\s--\s")
_HOST = re.compile(rb"://(?:[^\s/@\"']{0,80}@)?([\w.-]{4,80})(?!\S{0,120}\.git\b)")  # a repository's says where code is
_REPOSITORY = re.compile(rb"\.git\b[\"'/]*(?:[?#@]\S*)?\s*,?$|^[\"']?git::")
_OBJECT = re.compile(rb"\w{1,40}(?:->|::)\Z")
_OPENING, _BRACKET = b"[{(", re.compile(rb"[\[\]{}()]")
_NESTED = re.compile(rb"[\[{(][^\[\]{}()]*[\]})]")
_DEEP = 4  # mappings in a mapping on one line
_AROUND = 300  # bytes before and behind a value, on its line, in which a host may stand
_LONG = 2000  # bytes of a line, such as a bundle is, in which a host tells nothing of a value near it
_READ_BY = re.compile(r"(?i)docker|compose|kubernetes|k8s|helm|ansible")  # a file is called after what reads it, too
_SETTINGS = frozenset(
    ".yml .yaml .json .toml .ini .cfg .conf .cnf .env .properties .xml .config .tfvars .plist .service "
    ".example .dist".split()
)


class Told(NamedTuple):
    """Whose a secret is, and what says so, in words."""

    rule: Rule
    by: str


class Whose:
    """The rules that say whose a secret is, by their words."""

    def __init__(self, rules: Mapping[str, Rule], spoken: Spoken) -> None:
        self._rules = rules
        self._products, self._roles = spoken.products, spoken.roles
        self._in_name = lru_cache(maxsize=4096)(self._of_name)  # the same names stand all over a code base
        self._in_words = lru_cache(maxsize=4096)(self._of_words)

    def told(self, name: str, match: Match, document: Document) -> Told | None:
        """Return whose the secret of a match is that is bound to `name`, and what says so."""
        product, role = self._in_name(name)
        if product:
            return Told(product, "its name")
        own = role is not None and _OF_PROVIDER not in role.tags
        of_server = role is not None and _OF_SERVER in role.tags
        for by, texts in _around(name, match, document):
            for text in texts if not own or (of_server and by == _SETTING_BESIDE) else ():
                if found := self._in_words(text):
                    return Told(found, by)
        if role:
            return Told(role, "its name")
        above = next(_above(match, document), b"").decode("latin-1")
        found = self._last(above, self._roles) if above else None
        return Told(found, "the key above it") if found else None

    def _of_name(self, name: str) -> tuple[Rule | None, Rule | None]:
        return self._last(name, self._products), self._last(name, self._roles)

    def _of_words(self, text: bytes) -> Rule | None:
        return self._last(text.decode("latin-1"), self._products)

    def _last(self, name: str, ids: Mapping[str, str]) -> Rule | None:
        found = _last(name, ids)
        return self._rules[found] if found else None


def _last(name: str, rules: Mapping[str, str]) -> str | None:
    """Return the id of the rule whose word ends last in a name, of these the longest: the last says most."""
    words = [word.lower() for word in _WORD.findall(name)]
    for end in range(len(words), 0, -1):
        for first in range(max(0, end - _PIECES), end):
            piece = "".join(words[first:end])
            if rule := rules.get(piece) or rules.get(piece.rstrip("0123456789")):
                return rule
        if words[end - 1].endswith(tables.words().strong_endings):  # mysqlrootpassword
            for size in range(len(words[end - 1]) - 3, _SHORTEST - 1, -1):
                if rule := rules.get(words[end - 1][:size]):
                    return rule
    return None


def _around(name: str, match: Match, document: Document) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Yield the texts around a match that may speak of a product, with what they are, the surest first."""
    if match.hidden or document.is_binary:
        return
    first, last = document.line_span(document.line_at(match.start))
    before = document.data[max(first, match.start - _LINE) : match.start]
    if name.lstrip("\"' ").startswith("-"):
        yield "the command that takes it", reversed(_OF_COMMAND.findall(_NEW_COMMAND.split(before)[-1]))
    yield _SETTING_BESIDE, _neighbours(name, match, document)
    yield "a key above it", _above(match, document)
    yield "the call that takes it", (found for pair in reversed(_CALLED.findall(before)) for found in pair if found)
    low, high = _mapping(match, document) or (first, last)
    low, high = max(low, match.start - _AROUND), min(high, match.end + _AROUND)
    hosts = _HOST.findall(document.data, low, high) if last - first < _LONG else ()
    yield "a host on its line", (b" ".join(host.split(b".")[-3:-1]) for host in hosts)
    if extension(document.path) in _SETTINGS:
        yield "the name of the file", [_called(document.path)]


@lru_cache(maxsize=16)
def _called(path: str) -> bytes:
    """Return what a file is called after."""
    return _READ_BY.sub("", path.rpartition("/")[2].partition(".")[0]).encode("utf-8", "replace")


class _Line(NamedTuple):
    """What a line says to those below it."""

    depth: int  # of its indentation; a list's dash belongs to it
    is_blank: bool
    section: bytes  # that it opens, as in INI files
    key: bytes  # that it opens
    is_header: bool  # of a function, a class, a test
    is_item: bool  # it begins one of a list
    settings: tuple[tuple[tables.Words, bytes], ...]  # that may say what a secret beside them belongs to


@lru_cache(maxsize=1024)  # many secrets stand below the same lines
def _read(line: bytes) -> _Line:
    section = _SECTION.match(line)
    key = _KEY.match(line) if _OPENS.search(line) else None
    return _Line(
        depth=len(line) - len(line.lstrip(b" \t-")),
        is_blank=not line.strip(),
        section=section[1] if section else b"",
        key=(key["tag"] or key["key"]) if key else b"",
        is_header=_HEADER.search(line) is not None,
        is_item=line.lstrip().startswith(b"- "),
        settings=_settings(line),
    )


def _line(document: Document, number: int) -> bytes:
    """Return the beginning of a line."""
    starts = document.line_starts
    first, last = starts[number - 1], starts[number] if number < len(starts) else len(document.data)
    return document.data[first : min(last, first + _LINE)].rstrip(b"\r\n")


class _Lines:
    """The lines of a text that were read so far; many secrets of a document ask for the same."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._known: dict[int, _Line] = {}
        self._over: dict[int, int] = {}  # by number: the line above that the search for keys goes on with, 0: none
        self.code = is_code(document.path)
        self.last = len(document.line_starts)

    def at(self, number: int) -> _Line:
        line = self._known.get(number)
        if line is None:
            line = self._known[number] = _read(_line(self._document, number))
        return line

    def over(self, number: int) -> int:
        """Return the nearest line above one that is less indented or opens a section; 0: none is within reach."""
        known = self._over.get(number)
        if known is None:
            depth, above = self.at(number).depth, number - 1
            while above > max(0, number - 1 - _UP) and not self.leads_out(line := self.at(above), depth):
                # what is as deep as that line, or deeper, does not lead out of this one either
                above = above - 1 if line.is_blank else self._over.get(above, above - 1)
            known = self._over[number] = above if above > max(0, number - 1 - _UP) else 0
        return known

    def leads_out(self, line: _Line, depth: int) -> bool:
        """Tell whether a line is less indented than `depth`, or opens a section."""
        return (line.depth < depth and not line.is_blank) or (bool(line.section) and not self.code)


@lru_cache(maxsize=1)
def _lines_of(document: Document) -> _Lines:
    return _Lines(document)


def _above(match: Match, document: Document) -> Iterator[bytes]:
    """Yield the keys above a value by their indentation, the nearest first, and the section that it stands in."""
    for low, _ in _mappings(match, document):
        if key := _BEFORE.search(document.data, max(0, low - _LINE), low - 1):
            yield key[1]
    lines = _lines_of(document)
    first = number = document.line_at(match.start)
    while (number := lines.over(number)) > max(0, first - 1 - _UP):
        line = lines.at(number)
        if not lines.code and line.section:
            yield line.section
            return
        if lines.code and line.is_header:
            return
        if line.key:
            yield line.key


def _neighbours(name: str, match: Match, document: Document) -> Iterator[bytes]:
    """Yield what settings beside a value hold that say what it belongs to: db_host beside db_password."""
    whole = match.whole.start
    of = _OBJECT.search(document.data, max(0, whole - 48), whole)
    own = _prefix(tables.split((of[0].decode("latin-1") if of else "") + name))
    for settings in _beside(match, document):
        for words, value in settings:
            if words[:-1] in (own, own[:-1]) and not _REPOSITORY.search(value.strip()):
                yield value.rpartition(b"@")[2] if b"://" not in value else _scheme_and_host(value)


def _beside(match: Match, document: Document) -> Iterator[tuple[tuple[tables.Words, bytes], ...]]:
    """Yield what is set on each line of the mapping, the section or the item of a list that a value stands in, those
    above it first.
    """
    if mapping := _mapping(match, document):
        yield from map(_settings, _members(document.data[slice(*mapping)]))
        return
    lines = _lines_of(document)
    number = document.line_at(match.start)
    depth = lines.at(number).depth
    for step in (-1, 1):
        for beside in range(number if step < 0 else number + 1, number + step * _BESIDE, step):
            if not 1 <= beside <= lines.last:
                break
            line = lines.at(beside)
            begins = line.is_item and line.depth == depth
            if lines.leads_out(line, depth) or (begins and step > 0):
                break
            if line.settings and line.depth == depth:
                yield line.settings
            if begins:
                break


def _mapping(match: Match, document: Document) -> tuple[int, int] | None:
    """Return the mapping on one line that a value is a member of: what stands outside of it says nothing of it."""
    return next(iter(_mappings(match, document)), None)


def _mappings(match: Match, document: Document) -> tuple[tuple[int, int], ...]:
    """Return the brackets on its line that a value stands in, the innermost first, without those of a call."""
    return _brackets_around(document, match.start, match.end)


@lru_cache(maxsize=2)  # asked for several times in a row
def _brackets_around(document: Document, start: int, end: int) -> tuple[tuple[int, int], ...]:
    data, (first, last) = document.data, document.line_span(document.line_at(start))
    low, high = max(first, start - _LONG), min(last, end + _LONG)
    found: list[tuple[int, int]] = []
    for _ in range(_DEEP):
        start, end = _outward(data, low, start, -1), _outward(data, end, high, 1)
        if start < 0 or end < 0:
            break
        if data[start : start + 1] != b"(":
            found.append((start + 1, end))
        end += 1
    return tuple(found)


def _outward(data: bytes, low: int, high: int, step: int) -> int:
    """Return the first bracket that leads out of a stretch, up from its beginning or, where `step` is -1, down from its
    end; -1 if there is none.
    """
    depth = 0
    for at in [one.start() for one in _BRACKET.finditer(data, low, high)][::step]:
        depth += step if data[at] in _OPENING else -step
        if depth < 0:
            return at
    return -1


def _members(mapping: bytes) -> Iterator[bytes]:
    """Yield the members of a mapping that are no mappings themselves."""
    for _ in range(_DEEP):
        mapping = _NESTED.sub(b"", mapping)
    yield from re.split(rb"[,;]", mapping)


@lru_cache(maxsize=1024)
def _settings(line: bytes) -> tuple[tuple[tables.Words, bytes], ...]:
    """Return the settings of a line that say what a secret belongs to: the words of each name, and its value."""
    found = ((_telling(tables.split(one[1].decode("latin-1"))), one[2]) for one in _SETTING.finditer(line))
    return tuple((words, value) for words, value in found if words)


def _scheme_and_host(url: bytes) -> bytes:
    scheme, _, rest = url.partition(b"://")
    return scheme + b" " + rest.partition(b"/")[0].rpartition(b"@")[2]


def _prefix(words: tables.Words) -> tables.Words:
    """Return the words of a name before those that say that it is a secret: `spring`, `datasource`."""
    promising = tables.words().promising | {"key", "pass"}
    end = len(words)
    while end and words[end - 1] in promising:
        end -= 1
    return words[:end]


def _telling(words: tables.Words) -> tables.Words:
    """Return the words of a name that says what a secret belongs to, up to the one that says so; else none."""
    end = len(words)
    while end > 1 and words[end - 1] in _AFTER:
        end -= 1
    return words[:end] if end and words[end - 1] in _TELLS else ()
