"""Where in a program something may begin that a policy wants: names of secrets, sources, dumps, URLs, webhooks.

One pass over the bytes of a Python file finds words; what they mean is asked of the lexicon and of the model, by the
name that they are a part of. A file without seeds that imports nothing of interest is never looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from keytrace.analyzers.python.knowledge import Knowledge, load_knowledge
from keytrace.analyzers.python.names import Names
from keytrace.analyzers.python.outline.blocks import Block
from keytrace.analyzers.python.outline.dumps import last, package_of
from keytrace.analyzers.python.outline.facts import Handed
from keytrace.analyzers.python.outline.vocabulary import Vocabulary
from keytrace.analyzers.python.paths import is_test
from keytrace.analyzers.python.program import IMPORTS, Program
from keytrace.analyzers.python.project import Question
from keytrace.analyzers.python.select import Selection
from keytrace.match.multipattern import Hits, Index, Trigger, build_index
from keytrace.model import Additions
from keytrace.names.lexicon import trigger_words
from keytrace.names.tables import literals, programs
from keytrace.names.triggers import shortest
from keytrace.text.document import Document

_NAME, _SOURCE, _DUMP, _TEXT, _SDK, _WEB, _PIECES, _SENT, _COMMAND, _PREFIX, _PAIR = range(11)
_DUMPS = (
    r"(?:\benvironb?\b|\.headers\b|\bvars\(|\blocals\(|\bglobals\(|__dict__|\basdict\(|dotenv_values|printenv|\.config\b|f_locals"
    r"|\.META\b|\.cookies\b"
    r"|(?:settings|config|cfg|conf|configuration|env|args|options|opts|Settings\(\)|Config\(\))\.(?:%s)\()"
)
_PART_OF_DUMP = re.compile(rb"\s*(?:\[|=[^=]|:|\.(?!items|values|copy|dict|model_dump|to_wsgi_list|get_all)\w)")
_ATTRIBUTE = re.compile(rb"(\w*)\.(headers|config|META|cookies)$")
_WEBHOOKS = (
    r"(?i)(?:webhook|hub-signature|-signature|csrf_exempt|-hmac-|\bipn\b|_hook\b|/hooks?\b"
    r"|\bhmac\b|hexdigest|\.digest\()"
)
_PIECED = r"[\"'][ \t]*\\?\n?[ \t]*\+[ \t]*\\?\n?[ \t]*[rbfuRBFU]{0,2}[\"']"
_SENDS = r"\b(?:http|ws)://[\w{%]|HTTPConnection(?:Pool)?\("
_IDENTIFIER = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
_REST = re.compile(rb"[\w\-]*")
_LONGEST_NAME = 80
_MOST_KEPT = 8_000_000  # bytes of programs of which it is kept what their blocks do, and so many of those to be read
_BESIDE = 300  # bytes that a program takes beside its text, at least
_ROUTE = re.compile(rb"\.(?:route|post|put|api_route)\(")
_SENDER = re.compile(rb"auth\b|\bcookies\b")


class Seeds:
    """Finds the blocks of programs in which something may begin."""

    def __init__(
        self, knowledge: Knowledge, vocabulary: Vocabulary, own: frozenset[tuple[str, ...]] = frozenset()
    ) -> None:
        """`own` are names of secrets that a project adds."""
        self._vocabulary = vocabulary
        self._sources: dict[bytes, list[str]] = {}
        for name, source in knowledge.sources.named():
            if source.kind != "environment":
                self._sources.setdefault(last(name).encode(), []).append(name)
        commands = (r"[\"' ,]+".join(map(re.escape, command.split())) for command in knowledge.secret_commands)
        self._sdk: dict[bytes, list[str]] = {}
        for name, parameters in knowledge.sdk.named():
            if not parameters.pair:
                self._sdk.setdefault(last(name).encode(), []).append(name)
        providers = "|".join(sorted(knowledge.webhooks["providers"]))
        self._index: Index = build_index(
            (
                Trigger(rf"(?i)(?:{'|'.join(map(re.escape, trigger_words(own=own)))})", overlapping=True),
                Trigger(rf"\b(?:{_any(self._sources)})\("),
                Trigger(_DUMPS % "|".join(map(re.escape, sorted(knowledge.dump_methods)))),
                Trigger(_texts()),
                Trigger(rf"\b(?:{_any(self._sdk)})\("),
                Trigger(rf"{_WEBHOOKS}|[.@](?:route|post|put|api_route|view)\([\"'][^\"'\n]*(?:{providers})"),
                Trigger(_PIECED),
                Trigger(_SENDS),
                Trigger("|".join(commands)),
                Trigger(rf"prefix\s*=\s*[\"']/[^\"'\n]*(?:{providers})"),
                Trigger(rf"\b(?:{'|'.join(sorted(vocabulary.pairs))})[ \t]*=[ \t]*[\w(\[]"),
            )
        )
        self._judged: dict[bytes, tuple[bool, bool]] = {}  # (a name of a secret, of a setting with one)

    def scan(self, data: bytes) -> Hits:
        """Return what stands in a file, by the numbers of the triggers."""
        return self._index.scan(data)

    def may_begin(self, hits: Hits) -> bool:
        """Tell whether something may begin without a name that promises a secret."""
        wanted = (_SOURCE, _DUMP, _TEXT, _SDK, _WEB, _PIECES, _SENT, _COMMAND, _PREFIX, _PAIR)
        return not hits.keys().isdisjoint(wanted)

    def names(self, data: bytes, hits: Hits) -> list[int]:
        """Return where names stand that promise a secret."""
        found: list[int] = []
        seen = -1
        for end in hits.get(_NAME, ()):
            if end > seen:
                first, seen = _identifier(data, end)
                if self._promises(data[first:seen], in_quotes=data[first - 1 : first] in (b'"', b"'")):
                    found.append(first)
        return found

    def _promises(self, name: bytes, *, in_quotes: bool) -> bool:
        """Tell whether a name promises a secret; some do only as those of settings, which stand in quotes."""
        known = self._judged.get(name)
        if known is None:
            if len(self._judged) > 200_000:
                self._judged.clear()
            text = name.decode("latin-1")
            known = self._judged[name] = self._vocabulary.promises(text), self._vocabulary.names.is_setting(text)
        return known[0] or (in_quotes and known[1])

    def blocks(self, program: Program, names: Iterable[int], hits: Hits) -> set[Block]:
        """Return the blocks in which something may begin."""
        data = program.data
        offsets = [*names]
        for number in (_TEXT, _WEB, _COMMAND, _PAIR):
            offsets += (end - 1 for end in hits.get(number, ()))
        offsets += (end - 1 for end in hits.get(_PIECES, ()) if _is_of_url(program, end))
        offsets += (end - 1 for end in hits.get(_SENT, ()) if _is_constant(program, end))
        for number, model in ((_SOURCE, self._sources), (_SDK, self._sdk)):
            offsets += (end - 1 for end in hits.get(number, ()) if _is_meant(model, program, end))
        for number, elsewhere in ((_PREFIX, _ROUTE), (_SENT, _SENDER)):
            if number in hits:
                offsets += (found.start() for found in elsewhere.finditer(data))
        return _at(program, offsets).union(*_members(program, hits.get(_WEB, ())))

    def dumps(self, program: Program, hits: Hits) -> set[Block]:
        """Return the blocks in which everything may be shown: an environment, headers, all variables."""
        return _at(program, (end - 1 for end in hits.get(_DUMP, ()) if self._is_dump(program, end)))

    def _is_dump(self, program: Program, end: int) -> bool:
        """Tell whether what ends there may be everything, and not a part of it or an attribute of something else."""
        if _PART_OF_DUMP.match(program.data, end):
            return False
        path = _ATTRIBUTE.search(program.data, max(0, end - _LONGEST_NAME), end)
        return path is None or self._vocabulary.dumps.may_be(
            path[2].decode(), path[1].decode(), program.imports.modules
        )


def _at(program: Program, offsets: Iterable[int]) -> set[Block]:
    found = (program.at(offset) for offset in offsets if not program.is_prose(offset))
    return {block for block in found if block is not None and block.word not in IMPORTS}


def _members(program: Program, ends: Iterable[int]) -> Iterator[list[Block]]:
    """Yield the members of classes of which the head says what they do."""
    for block in {program.at(end - 1) for end in ends}:
        if block is not None:
            yield block.members


def _is_of_url(program: Program, end: int) -> bool:
    """Tell whether pieces of a text before `end` may be put together to a URL."""
    block = program.at(end - 1)
    return block is not None and program.data.find(b"://", block.start, block.end) >= 0


def _is_constant(program: Program, end: int) -> bool:
    """Tell whether an address before `end` may be one that others send something to; who sends to it is found so."""
    block = program.at(end - 1)
    return block is not None and not block.is_function


def _texts() -> str:
    """Return what finds texts that may be credentials by themselves: URLs, connection strings."""
    queries = "|".join(shortest((*programs().queries, "secret")))
    pairs = "|".join(sorted({name.removeprefix("shared") for name in literals().connection}))
    return (
        rf"(?i)(?:://[^\s\"'/]*(?:@|:[\"'])|[?&;#][\w.\-]*(?:{queries})[\w.\-]*="
        r"|api\.telegram\.org|hooks\.slack\.com|/webhooks/|webhook\.office\.com"
        rf"|(?:{pairs})\s?=\s?[^\s=])"
    )


def _any(words: Mapping[bytes, object]) -> str:
    return "|".join(sorted(re.escape(word.decode()) for word in words))


def _is_meant(model: Mapping[bytes, list[str]], program: Program, end: int) -> bool:
    """Tell whether what is called before `end` may be one of the functions of a model, by its path or its module."""
    before = program.data[max(0, end - _LONGEST_NAME) : end - 1]
    word = before[len(before.rstrip(_IDENTIFIER)) :]
    for name in model.get(word, ()):
        if name.startswith("*"):
            if name.startswith("*.") or before.lower().endswith(name[1:].lower().encode()):
                return True
        elif not (package := package_of(name)) or program.imports.bring(package):
            return True
    return False


def _identifier(data: bytes, end: int) -> tuple[int, int]:
    """Return where the identifier begins and ends that a hit ends in."""
    before = data[max(0, end - _LONGEST_NAME) : end]
    first = end - len(before) + len(before.rstrip(_IDENTIFIER))
    rest = _REST.match(data, end)
    return first, rest.end() if rest is not None else end


@lru_cache(maxsize=2)
def load_seeds(additions: Additions) -> tuple[Seeds, Vocabulary]:
    """Return what finds seeds, and the words that matter; built once in each process."""
    knowledge = load_knowledge(additions)
    vocabulary = Vocabulary(knowledge, Names(knowledge))
    return Seeds(knowledge, vocabulary, knowledge.own_names), vocabulary


def select(document: Document, additions: Additions, known: Question = Question()) -> list[Selection]:  # noqa: B008
    """Follow secrets, and then all that holds everything, through the outline of a program; nothing when there is
    nothing to begin with. `known` is what other modules hand on.
    """
    seeds, _ = load_seeds(additions)
    data = document.data
    hits = seeds.scan(data)
    names = seeds.names(data, hits)
    foreign, whole, signs = (_standing(words, data) for words in (known.foreign, known.dumps, known.signs))
    if not any((names, foreign, whole, signs, seeds.may_begin(hits))):
        return []
    program, in_test = program_of(data, additions), is_test(document.path)
    found: list[Selection] = []
    if (blocks := seeds.blocks(program, names, hits)) or foreign or signs or program.registered:
        found.append(Selection(program, blocks, known, foreign, in_test=in_test))
    records = found[0].records if found else ()
    if (dumps := seeds.dumps(program, hits)) or whole or records:
        speaks = bool(foreign) or any(map(program.is_of_object, names))
        found.append(
            Selection(program, dumps, known, whole, dumps=True, speaks=speaks, in_test=in_test, records=records)
        )
    return found


def _standing(words: Iterable[str], data: bytes) -> list[str]:
    """Return the words of other modules that stand in a program."""
    return [word for word in words if word.encode() in data]


def program_of(data: bytes, additions: Additions) -> Program:
    """Return a program in blocks, the same one when it was looked at before: to survey, to answer, to read it.

    Where there is no room for all, the first ones stay: each stage begins with them again.
    """
    program = _WANTED.get((data, additions)) or _PROGRAMS.get((data, additions))
    if program is None:
        program = Program(data, load_seeds(additions)[1])
        _PROGRAMS.keep(data, additions, program)
    return program


def keep(data: bytes, additions: Additions) -> None:
    """Keep a program that is to be read, also where there is no room for all."""
    if (data, additions) not in _WANTED:
        _WANTED.keep(data, additions, program_of(data, additions))


class _Programs(dict[tuple[bytes, Additions], Program]):
    """Programs that were looked at, and how much they are."""

    size = 0  # bytes

    def keep(self, data: bytes, additions: Additions, program: Program) -> None:
        if self.size > _MOST_KEPT:
            (text, _), _ = self.popitem()
            self.size -= len(text) + _BESIDE
        self[data, additions] = program
        self.size += len(data) + _BESIDE


_PROGRAMS, _WANTED = _Programs(), _Programs()


def select_foreign(program: Program, question: Question, *, in_test: bool) -> list[Selection]:
    """Follow through a program what words of other modules hold."""
    told = question.foreign, question.dumps, question.signs
    foreign, dumps, signs = (_standing(words, program.data) for words in told)
    known = Question(signs=frozenset(signs))
    found = [Selection(program, (), known, foreign, in_test=in_test)] if foreign or signs else []
    if dumps:
        found.append(Selection(program, (), Question(), dumps, dumps=True, in_test=in_test))
    return found


@lru_cache(maxsize=32)
def select_exports(data: bytes, additions: Additions, asked: frozenset[Handed]) -> list[Selection]:
    """Follow secrets, and all that holds everything, through a module of which names are imported; that is kept for the
    next of its names.
    """
    seeds, _ = load_seeds(additions)
    program = program_of(data, additions)
    hits = seeds.scan(data)
    blocks, known = seeds.blocks(program, seeds.names(data, hits), hits), Question(asked=asked)
    secrets = Selection(program, blocks, known, in_test=True)
    dumps, records = seeds.dumps(program, hits), secrets.records
    return [secrets, Selection(program, dumps, known, dumps=True, in_test=True, records=records)]
