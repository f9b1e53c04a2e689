"""Which parts of a Python file are worth reading: to parse a megabyte takes a second.

One pass over the bytes finds names of secrets, sinks, URLs and what else a finding needs. The file is cut where
functions begin; a piece is wanted when what it holds could make a finding: a secret that leads to a sink (see
wordflow.py), a literal that could be one behind its name, a comparison … Everything else is never parsed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from keytrace.analyzers.python import modules
from keytrace.analyzers.python.knowledge import load_knowledge
from keytrace.analyzers.python.literals import Literals
from keytrace.analyzers.python.names import Names
from keytrace.analyzers.python.wordflow import Flow
from keytrace.match.multipattern import Hits, Index, Trigger, build_index
from keytrace.model import Additions, Want

SECRET, SINK, OTHER_SINK, URL, DUMP, WEB, CALL, LEXER, OPENS, FOLDER, SOURCE = range(11)

_NAMES = (
    r"(?i)(?:passw|pwd|pass_?phrase|passcode|secret|api_?key|access_?key|priv(?:ate)?_?key"
    r"|(?:sign(?:ing)?|encrypt(?:ion)?|master|auth|account|storage|service|subscription|license|session|hmac|client)_?key"
    r"|token|credential|creds|bearer|jwt|authorization|dsn|mnemonic|conn(?:ection)?_?str|database_?url|[\"'_]pw[\"'_ ]|"
    r"_pass\b|sshpass|seed_?phrase|sas_|[a-z]_key[\"'])"
)
_URL = (
    r"(?i)(?:://[^\s\"'/]*(?:@|:?[\"'])|[?&;][\w.\-]*=[{%\"']|\bfields=|[?&;][\w.\-]*(?:token|key|secret|passw|pwd|sig|auth|pass|code)[\w.\-]*=|api\.telegram\.org"
    r"|hooks\.slack\.com|discord(?:app)?\.com/api|webhook\.office\.com|\bparams\b|urlencode|with_query|substitute|\.args\[|http://)"
)
_DUMP = (
    r"(?:os\.environ\b|\benviron\b|\.headers\b|event\[.headers|\bvars\(|\blocals\(|__dict__|model_dump|\.dict\(|dotenv_values|printenv|\.config\b"
    r"|f_locals|asdict|\bsettings\b|META\b)"
)
_WEB = r"(?i)(?:webhook|hub-signature|-signature|hmac|hexdigest|csrf_exempt|-hmac-|ipn\b|_hook|/hook)"
# In a parser a token is a piece of text; where these words outweigh those, it is one that opens something.
_LEXER = r"(?i)(?:tokeni[sz]e|lexer|next_token|token_type|\btok\.|\.lineno|\bply\.|token\.type|token_list)"
_OPENS = r"(?i)(?:auth|login|bearer|passw|api_?key|secret|jwt|credential|session|slack|discord|telegram|github|gitlab)"
_FOLDER = r"\bimport pwd\b|getcwd|\bchdir\b|\bcwd\b|[\"']PWD[\"']|\$PWD|\bpwd\.getpw"
_COMMON = frozenset(
    "get post put patch delete request run start login connect encode decode new App Client read open Connection "
    "encrypt "
    "seed update set_context Session init".split()
)  # words that tell too little to look closer for
_PIECE = re.compile(rb"\n(?=[ \t]{0,8}(?:def|class|async def|@)[ \t(\w]|[A-Za-z_]\w*[ \t]*(?:=|:[ \t]*[\w.\[\], |]+=))")
_IDENTIFIER = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
_REST = re.compile(rb"[\w\-]*")
_GIVEN = re.compile(
    rb"""["'\])]{0,4}[ \t]{0,40}+(?::[ \t]*+[A-Za-z_][\w.\[\], |]{0,40}(?=[ \t]*=)[ \t]*+)?
    (?P<op>:=|={1,2}|!=|[:,(|]|\bin\b|\bor\b|\bnot[ ]in\b)(?:\s{0,40}+(?:cast=\w+,\s?)?default=)?
    (?:[ \t]{0,9}lambda[^:\n]{0,40}:)?\\?\s{0,60}+(?:[\w.]{0,60}+[(\[{]\s{0,60}+){0,3}
    (?P<prefix>[rbfuRBFU]{0,2})(?P<quote>["'])(?P<literal>[^"'\n]{0,300})""",
    re.VERBOSE,
)
_HANDED = re.compile(rb"[^\"'()\n]{0,60}(?:\n\s{0,60})?[rbfuRBFU]{0,2}[\"'](?P<literal>[^\"'\n]{4,300})[\"']")
_BUILT = re.compile(rb"[\"']{1,3}(?:\s{0,60}[+%\"'\[]|\)?\.\w|,\s{0,60}[\"'][^\n]{0,200}\]\))")
_COMPARED = re.compile(rb"(?:==|!=)\s*(?![\s\"'#]|None|True|False|0|-?\d)")
_COMPARED_BEFORE = re.compile(rb"(?:==|!=)\s*[\w.\[(f\"'{ ]*$")


_DUMPED = re.compile(
    rb"""(?i)[^\n]*?(?P<name>\benviron\b(?!\s*(?:\[|\.(?:get|pop|setdefault|update|keys)\b|=[^=]))|\bheaders\b(?!\s*(?:\[|\.(?!items|copy|raw)|=[^=]|:))
    |\bvars\((?=(?:self|\w*(?:settings|config|cfg|args|options|opts))\))|\blocals\(|\b(?:self|settings|config|cfg|args|opts)\.__dict__|model_dump(?:_json)?|dotenv_values|printenv|\bconfig\b(?!\s*[\[.=:])|f_locals|asdict\(|META\b(?!\s*[\[.])
    |\bsettings\b(?=\s*[,)]))""",
    re.VERBOSE,
)
_WORD = re.compile(rb"[A-Za-z_][\w\-]*")
_FRAMEWORK = re.compile(
    rb"(?:^|\n)[ \t]*(?:from|import)[ \t]+(?:flask|django|fastapi|starlette|aiohttp|bottle|sanic|tornado|"
    rb"rest_framework|quart|pyramid|falcon|connexion|ninja|litestar)\b"
)
_DEFINED = re.compile(rb"(?:\s*@[^\n]*\n){0,6}[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)")
_USER = re.compile(rb"://[^\s\"'/]*(?::[^\s\"'/]{2,}|[{%][^\s/]*|\w{16,})@$")
_OF_SECRETS = frozenset((b"locals", b"f_locals", b"self.__dict__"))  # dumps of what has a secret, or not
_TARGET = re.compile(rb"[ \t]*([A-Za-z_]\w*)[ \t]*(?::[^=\n]+)?=")
_GOES_ON = re.compile(rb"\s*(?:\+\s*)?[\"'\w]")
_IN_QUERY = re.compile(rb"\{[\w.]*(?:key|token|secret|pass|auth)|(?=[^&\"'\s]*\d)[\w%+/.\-]{12,}")
_PUBLIC = re.compile(
    rb"(?!localhost|127\.|0\.0\.0\.0|www\.w3\.org|schemas?\.|ns\.|purl\.|www\.apache\.org)[\w{%][^\s\"'/]*\."
)
_SENDS = re.compile(rb"\b(?:headers|auth)[ \t]*=|\.(?:headers|auth)\b")
_ANSWERS = re.compile(rb"\b(?:return|case)\s+[rbfuRBFU]{0,2}[\"'][^\"'\n]{3}")
_ALIAS = re.compile(rb"[\"'\])]{0,3}[ \t]{0,40}[=:][ \t]{0,40}([A-Za-z_]\w*)[ \t]{0,40}(?=[,)}\n])")
_QUERY = re.compile(rb"\bparams=(\w+)")
_CALLED = re.compile(rb"\b([A-Za-z_]\w*)\(")
_VIEW = re.compile(
    rb"@[\w.]+\.(?:route|get|post|put|patch|delete|api_route|websocket|view|expose|errorhandler)\(|@api_view|"
    rb"def (?:get|post|put|patch|delete|list|retrieve|dispatch)\(self|def \w+\((?:self, *)?(?:_?request|req)\b"
)
_LINE_OF_WEB = re.compile(
    rb"(?i)[^\n]*?(?:\.(?:route|post|api_route)\(|webhook|signature|csrf_exempt|-hmac-|\bipn|/hook|_hook|(?:hmac|hexdigest)[^\n]*(?:==|!=)|(?:==|!=)[^\n]*(?:hmac|hexdigest))"
)


_NO_FLOW = Flow(b"", 0, 0, ())


@dataclass(slots=True)
class Piece:
    """A piece of a file, from one beginning of a function to the next, and what stands in it."""

    start: int
    end: int = 0
    names: set[bytes] = field(default_factory=set)  # of secrets
    dumps: set[bytes] = field(default_factory=set)  # names of what holds a whole environment
    sinks: list[int] = field(default_factory=list)  # their ends: first of those that log or show,
    logs: int = 0  # of which there are so many
    urls: list[int] = field(default_factory=list)
    web: bool = False
    wanted: bool = False
    flow: Flow = _NO_FLOW

    def is_view(self, data: bytes) -> bool:
        """Tell whether a web framework may call the function."""
        return _VIEW.search(data, self.start, min(self.end, self.start + 600)) is not None

    def shown(self, data: bytes) -> Flow:
        """Return its flow with the sinks that log or show alone: an exception that is raised may be caught."""
        return Flow(data, self.start, self.end, [end for end in self.sinks if data[end - 5 : end] != b"raise"])


@dataclass(slots=True)
class Interest:
    """The pieces of a file, some of them wanted.

    `carriers` are the names of functions, attributes and variables that hand a secret from one piece to another;
    `about_tokens`: what the file calls a token is one that opens something.
    """

    pieces: list[Piece]
    carriers: frozenset[bytes]
    about_tokens: bool
    about_folders: bool  # what it calls pwd is the working folder, or the module of that name
    wants: tuple[Want, ...]  # what should be known of other modules


class Gate:
    """Looks at the bytes of Python files."""

    def __init__(self, additions: Additions) -> None:
        knowledge = load_knowledge(additions)
        shown, other = (f"(?:{'|'.join(sorted(map(re.escape, words)))})" for words in knowledge.sink_words())
        calls = {name.rpartition(".")[2] for name in knowledge.sdk.names()} - _COMMON
        sources = {
            name.rpartition(".")[2] for name, source in knowledge.sources.entries() if source.kind != "environment"
        } - {"encode", "get", "prompt", "ask", "random", "decrypt", "load"}
        commands = "|".join(sorted(re.escape(command.replace(" ", "\0")) for command in knowledge.secret_commands))
        commands = commands.replace("\0", "[\"' ,]+").replace("\\[", "[")
        self._index: Index = build_index(
            (
                Trigger(_NAMES, overlapping=True),
                Trigger(rf"\b{shown}\(|\braise\b|\bassert\b[^\n]*,"),
                Trigger(rf"\b{other}\("),
                Trigger(_URL),
                Trigger(_DUMP),
                Trigger(
                    rf"{_WEB}|\.(?:route|post|api_route)\([\"'][^\"'\n]*(?:{'|'.join(sorted(knowledge.webhooks['providers']))})"
                ),
                Trigger(rf"\b(?:{'|'.join(sorted(map(re.escape, calls)))})\("),
                Trigger(_LEXER),
                Trigger(_OPENS),
                Trigger(_FOLDER),
                Trigger(rf"\b(?:{'|'.join(sorted(map(re.escape, sources)))})\(|{commands}"),
            )
        )
        self._judges = {
            (tokens, folders): Literals("", Names(knowledge, about_tokens=tokens, about_folders=folders))
            for tokens in (False, True) for folders in (False, True)
        }  # fmt: skip
        self._module = lru_cache(maxsize=64)(self._read_module)  # many programs import the same ones

    def look(self, data: bytes, *, in_test: bool = False, foreign: frozenset[bytes] = frozenset()) -> Interest | None:
        """Return what a file holds, None when there is nothing of interest. In a test, comparisons are expected;
        `foreign` are imported names that are known to have to do with secrets.
        """
        hits = self._index.scan(data)
        if not foreign and (hits.keys().isdisjoint((SECRET, SOURCE, DUMP, WEB, URL, CALL)) or not _may_be(data, hits)):
            return None
        pieces, about_tokens = self._read(data, hits, in_test=in_test)
        carriers = _follow(data, pieces, foreign)
        wanted = any(piece.wanted for piece in pieces)
        wants = modules.wants(data, pieces) if not foreign else ()
        return Interest(pieces, carriers, about_tokens, FOLDER in hits, wants) if wanted or wants else None

    def carries(self, data: bytes, name: bytes) -> bool:
        """Tell whether what is called `name` at the top level may hold a secret, return one or hand one to a sink."""
        interest = self.export(data, name)
        return name in interest.carriers and any(piece.wanted for piece in interest.pieces)

    def export(self, data: bytes, name: bytes) -> Interest:
        """Return what there is to read of a module for what it calls `name`."""
        module = self._module(data)
        pieces = [replace(piece, wanted=_binds(data, piece, name)) for piece in module.pieces]
        carriers = module.carriers
        if any(_carries(data, piece, name) for piece in pieces if piece.wanted):
            carriers |= {name}
        return replace(module, pieces=pieces, carriers=carriers)

    def _read_module(self, data: bytes) -> Interest:
        """Return what there is to a module that others import, whatever the name that they import."""
        hits = self._index.scan(data)
        pieces, about_tokens = self._read(data, hits, in_test=True)
        for piece in pieces:
            piece.wanted = False
        return Interest(pieces, _follow(data, pieces, frozenset()), about_tokens, FOLDER in hits, ())

    def _read(self, data: bytes, hits: Hits, *, in_test: bool) -> tuple[list[Piece], bool]:
        """Return the pieces of a file with what the hits tell of them, and whether its tokens open something."""
        about_tokens = len(hits.get(OPENS, ())) > 2 * len(hits.get(LEXER, ()))
        starts = list(_starts(data))
        pieces = [Piece(start, end) for start, end in zip(starts, [*starts[1:], len(data)], strict=True)]
        judge, literals = self._judges[about_tokens, FOLDER in hits], _Literals(data)

        def at(number: int) -> Iterator[tuple[int, Piece]]:
            return ((end, pieces[bisect_right(starts, end - 1) - 1]) for end in hits.get(number, ()))

        seen = -1
        for end in hits.get(SECRET, ()):
            if end > seen:
                first, seen = _identifier(data, end)
                piece = pieces[bisect_right(starts, first) - 1]
                self._named(data, first, seen, piece, judge, literals, in_test=in_test)
        for end, piece in at(SOURCE):
            piece.names.update(_WORD.findall(data, max(piece.start, end - 60), end)[-1:])
            if target := _TARGET.match(data, data.rfind(b"\n", 0, end) + 1, end):
                piece.names.add(target[1])
        for end, piece in at(DUMP):
            if found := _DUMPED.match(data, max(0, end - 40, data.rfind(b"\n", 0, end) + 1), end + 24):
                piece.dumps.add(found["name"].strip(b"(["))
        for end, piece in at(CALL):
            piece.wanted = piece.wanted or _handed_a_secret(data, end, judge)
        for number in (SINK, OTHER_SINK):
            for end, piece in at(number):
                piece.sinks.append(end)
                piece.logs += number == SINK
        for end, piece in at(URL):
            piece.urls.append(end)
        for end, piece in at(WEB):
            piece.web = piece.web or _is_web_hook(data, end, piece)
            piece.wanted = piece.wanted or piece.web
        for piece in pieces:
            if piece.names or piece.sinks or piece.dumps:
                piece.flow = Flow(data, piece.start, piece.end, piece.sinks)
        _want_senders(data, pieces, hits.get(URL, ()))
        return pieces, about_tokens

    def _named(
        self, data: bytes, first: int, last: int, piece: Piece, judge: Literals, literals: _Literals, *, in_test: bool
    ) -> None:
        """Note the name of a secret, and what stands behind it."""
        names, name = judge.names, data[first:last].decode("latin-1")
        is_secret = names.is_setting(name) if name.isupper() else names.is_secret(name) or names.returns_secret(name)
        if not is_secret:
            return
        piece.names.add(data[first:last])
        before = data[max(piece.start, first - 12) : first].rstrip()
        if before.endswith((b"def", b"match", b".")) and _ANSWERS.search(data, last, min(piece.end, last + 2000)):
            piece.wanted = True
        if (alias := _ALIAS.match(data, last)) and literals.gives(alias[1], name, judge):
            piece.wanted = True
        given = _GIVEN.match(data, last)
        if given is not None:
            text = given["literal"].decode("utf-8", "replace")
            if (_BUILT.match(data, given.end("literal")) and len(text) > 1) or judge.might_be(
                name, text, listed=given["op"] == b","
            ):
                piece.wanted = True
        elif (
            not in_test and _COMPARED_BEFORE.search(data, max(0, first - 60, data.rfind(b"\n", 0, first)), first)
        ) or (
            not in_test
            and _COMPARED.search(data, last, min(len(data), last + 40))
            and b"\n" not in data[last : last + 8]
        ):
            piece.wanted = True


_LITERAL = re.compile(rb"=\s*\(?\s*[rbuRBU]?[\"']([^\"'\n]{4,300})")
_BOUND = re.compile(rb"(\w+)[ \t]*(?::[^=:\n]*)?\Z")


class _Literals:
    """The literals that the names of a file are bound to; looked for when first asked, once for the file."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._known: dict[tuple[bytes, str], bool] = {}

    @cached_property
    def _values(self) -> dict[bytes, list[str]]:
        values: dict[bytes, list[str]] = {}
        for found in _LITERAL.finditer(self._data):
            before = self._data[max(self._data.rfind(b"\n", 0, found.start()) + 1, found.start() - 80) : found.start()]
            if bound := _BOUND.search(before):
                values.setdefault(bound[1], []).append(found[1].decode("utf-8", "replace"))
        return values

    def gives(self, alias: bytes, name: str, judge: Literals) -> bool:
        """Tell whether `alias`, whose value the secret `name` takes, is a literal somewhere."""
        key = alias, name
        if key not in self._known:
            self._known[key] = any(judge.might_be(name, text, sdk=True) for text in self._values.get(alias, ()))
        return self._known[key]


def _may_be(data: bytes, hits: Hits) -> bool:
    """Tell by the hits alone whether a closer look is worth it."""
    if SECRET in hits or SOURCE in hits or WEB in hits or (DUMP in hits and SINK in hits) or CALL in hits:
        return True
    return any(data[end - 1 : end] == b"@" for end in hits.get(URL, ()))


def _is_web_hook(data: bytes, end: int, piece: Piece) -> bool:
    """Tell whether a function that has to do with requests names a webhook or a signature on the line of a hit."""
    says = _LINE_OF_WEB.match(data, data.rfind(b"\n", 0, end) + 1) and _DEFINED.match(data, piece.start)
    return says is not None and b"request" in data[piece.start : piece.end]


def _handed_a_secret(data: bytes, end: int, judge: Literals) -> bool:
    """Tell whether a literal that may be a secret stands among the arguments that begin at `end`."""
    found = _HANDED.match(data, end)
    return found is not None and judge.might_be("secret_key", found["literal"].decode("utf-8", "replace"), sdk=True)


def _want_senders(data: bytes, pieces: list[Piece], urls: Sequence[int]) -> None:
    """Want what sends a secret in a header, where the file has the address of a public host over plain http."""
    if any(data[end - 7 : end].lower() == b"http://" and _PUBLIC.match(data, end) for end in urls):
        for piece in pieces:
            if piece.names and _SENDS.search(data, piece.start, piece.end):
                piece.wanted = True


def _binds(data: bytes, piece: Piece, name: bytes) -> bool:
    """Tell whether a piece defines a name at the top level."""
    return (
        re.match(
            rb"(?:@[^\n]*\n)*(?:(?:async )?def |class )?" + name + rb"\b\s*[(=:]",
            data[piece.start : piece.start + 2000],
        )
        is not None
    )


def _carries(data: bytes, piece: Piece, name: bytes) -> bool:
    """Tell whether what a piece defines takes a secret to a sink, holds one or returns one."""
    flow, shown = Flow(data, piece.start, piece.end, piece.sinks), piece.shown(data)
    takes = bool(flow.parameters) and not shown.reached_from(flow.parameters, 1).isdisjoint(shown.sunk)
    holds = not flow.parameters and bool(piece.names - {name})
    return takes or holds or not flow.reached_from(piece.names).isdisjoint(flow.returned)


def _follow(data: bytes, pieces: list[Piece], foreign: frozenset[bytes]) -> frozenset[bytes]:
    """Want the pieces in which a secret may reach a sink, also by way of another; return what carries it there."""
    for piece in pieces:
        if not piece.names:
            piece.dumps -= _OF_SECRETS
        if piece.dumps and piece.sinks and not piece.wanted:
            shown = Flow(data, piece.start, piece.end, piece.sinks[: piece.logs])
            reached = shown.reached_from(piece.dumps, 1)
            piece.wanted = not reached.isdisjoint(shown.sunk) or (
                piece.is_view(data) and not reached.isdisjoint(shown.returned) and _is_web(data)
            )
        if piece.urls and not piece.names and not piece.wanted:
            piece.wanted = _near_url(data, piece, set())
    named = [piece for piece in pieces if piece.names]
    sunk = any(piece.sinks or piece.urls for piece in pieces)
    sources: set[bytes] = set()  # functions that return a secret, attributes and globals that hold one
    for piece in named if sunk else ():
        flow = piece.flow
        if piece.sinks or piece.urls:
            piece.wanted = piece.wanted or _reaches(data, piece, piece.names)
        if not piece.wanted and piece.is_view(data) and _is_web(data):
            piece.wanted = not flow.reached_from(piece.names).isdisjoint(flow.returned)
        if not piece.names.isdisjoint(flow.returned) and flow.name and not flow.name.startswith(b"__"):
            sources.add(flow.name)
        if b"self." in data[piece.start : piece.end] or data[piece.start : piece.start + 1] not in b" \t":
            sources |= flow.kept(piece.names) - piece.names
    sinks = _takers(data, pieces, named) | foreign
    sources |= foreign
    if sources:
        mention = re.compile(
            rb"(?:\.|\b)(?:" + b"|".join(map(re.escape, sorted(sources))) + rb")\b(?=\(|[^\w=(]*[,)\]}\n])"
        )
        for piece in pieces:
            if not piece.wanted and piece.sinks and mention.search(data, piece.start, piece.end):
                piece.wanted = _reaches(data, piece, piece.names | sources)
    for piece in named if sinks else ():
        piece.wanted = piece.wanted or _handed_on(data, piece, sinks)
    return frozenset(sources | sinks)


def _reaches(data: bytes, piece: Piece, seeds: set[bytes]) -> bool:
    """Tell whether what `seeds` hold may reach a sink or a URL of a piece."""
    if not piece.flow.sunk.isdisjoint(seeds):
        return True
    reached = piece.flow.reached_from(seeds)
    return not reached.isdisjoint(piece.flow.sunk) or (bool(piece.names) and _near_url(data, piece, reached))


def _takers(data: bytes, pieces: list[Piece], named: list[Piece]) -> set[bytes]:
    """Return the functions that are mentioned beside a secret and hand a parameter to a log or a query."""
    waiting = [piece for piece in named if not piece.wanted]
    if not waiting:
        return set()
    words = frozenset[bytes]().union(*(piece.flow.words for piece in waiting))
    takers: set[bytes] = set()
    for piece in pieces:
        header = _DEFINED.match(data, piece.start) if piece.sinks or piece.urls else None
        if header is not None and header[1] in words:
            flow = piece.shown(data)
            asked = _QUERY.findall(data, piece.start, piece.end) if piece.urls else ()
            if flow.parameters and not flow.reached_from(flow.parameters, 1).isdisjoint({*flow.sunk, *asked}):
                takers.add(flow.name)
    return takers


def _near_url(data: bytes, piece: Piece, reached: set[bytes]) -> bool:
    """Tell whether what may hold a secret is put into a URL or the parameters of one."""
    for end in piece.urls:
        sign = data[end - 1 : end]
        if sign == b"@":
            if _USER.search(data, max(piece.start, end - 120), end):
                return True
            continue
        if sign in b"\"'" and data[end - 2 : end - 1] == b":" and _GOES_ON.match(data, end):
            return True
        if sign == b"=" and _IN_QUERY.match(data, end):
            return True
        start = max(piece.start, data.rfind(b"\n", 0, end) + 1)
        if not reached.isdisjoint(_WORD.findall(data, start, min(piece.end, end + 300))):
            return True
    return False


def _handed_on(data: bytes, piece: Piece, takers: set[bytes]) -> bool:
    """Tell whether a function that has a sink is handed what may hold a secret."""
    reached = piece.flow.reached_from(piece.names)
    for found in _CALLED.finditer(data, piece.start, piece.end):
        if found[1] in takers:
            arguments = data[found.end() : min(piece.end, found.end() + 200)]
            if not reached.isdisjoint(_WORD.findall(arguments.partition(b"\n")[0])):
                return True
    return False


@lru_cache(maxsize=1)
def _is_web(data: bytes) -> bool:
    """Tell whether a program imports a web framework."""
    return _FRAMEWORK.search(data) is not None


def _starts(data: bytes) -> Iterator[int]:
    """Yield where pieces begin: at functions with their decorators, at classes, at top-level assignments."""
    yield 0
    decorated = False
    for found in _PIECE.finditer(data):
        start = found.end()
        is_decorator = data[start : start + 9].lstrip()[:1] == b"@"
        if not decorated:
            yield start
        decorated = is_decorator


def _identifier(data: bytes, end: int) -> tuple[int, int]:
    """Return where the identifier begins and ends that a hit ends in."""
    before = data[max(0, end - 80) : end].rstrip(b"\"' ")
    stop = max(0, end - 80) + len(before)
    first = stop - len(before) + len(before.rstrip(_IDENTIFIER))
    rest = _REST.match(data, stop)
    return first, rest.end() if rest is not None else stop


@lru_cache(maxsize=2)
def load_gate(additions: Additions) -> Gate:
    """Return the gate, built once in each process."""
    return Gate(additions)
