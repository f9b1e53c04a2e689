"""Which parts of a Python file are worth reading: the parser takes a second for a megabyte, a look at the text far less.

One pass over the bytes finds names of secrets, sinks, URLs and what else a finding needs. The file is cut where
functions begin; a piece is of interest when what it holds could make a finding: a secret and a sink, a name and a literal
that could be one, a comparison … Everything else is never parsed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from scanner.analyzers.python.knowledge import load_knowledge
from scanner.analyzers.python.ledger import Ledger
from scanner.analyzers.python.names import Names
from scanner.model import Additions
from scanner.multipattern import Index, Trigger, build_index

SECRET, SINK, URL, DUMP, WEB, CALL, LEXER, OPENS = range(8)

_SECRET = (
    r"(?i)(?:passw|pwd|pass_?phrase|passcode|secret|api_?key|access_?key|priv(?:ate)?_?key"
    r"|(?:sign(?:ing)?|encrypt(?:ion)?|master|auth|account|storage|service|subscription|license|session|hmac|client)_?key"
    r"|token|credential|creds|bearer|jwt|authorization|dsn|mnemonic|conn(?:ection)?_?str|database_?url|[\"'_]pw[\"'_ ]|"
    r"_pass\b|sshpass|seed_?phrase|sas_|[a-z]_key[\"'])"
)
_URL = (
    r"(?i)(?:://[^\s\"'/]*@|[?&;][\w.\-]*(?:token|key|secret|passw|pwd|sig|auth|pass|code)[\w.\-]*=|api\.telegram\.org"
    r"|hooks\.slack\.com|discord(?:app)?\.com/api|webhook\.office\.com|\bparams\b|urlencode|with_query|\.args\[|http://)"
)
_DUMP = (
    r"(?:os\.environ\b|\benviron\b|\.headers\b|event\[.headers|\bvars\(|\blocals\(|__dict__|model_dump|\.dict\(|dotenv_values|printenv|\.config\b"
    r"|f_locals|asdict|\bsettings\b|META\b|cookies\b)"
)
_WEB = r"(?i)(?:webhook|hub-signature|-signature|hmac|hexdigest|csrf_exempt|-hmac-|ipn\b|_hook|/hook)"
# In a parser a token is a piece of text; where these words outweigh those, it is one that opens something.
_LEXER = r"(?i)(?:tokeni[sz]e|lexer|next_token|token_type|\btok\.|\.lineno|\bply\.|token\.type|token_list)"
_OPENS = r"(?i)(?:auth|login|bearer|passw|api_?key|secret|jwt|credential|session|slack|discord|telegram|github|gitlab)"
_COMMON = frozenset(
    "get post put patch delete request run start login connect encode decode new App Client read open Connection encrypt "
    "seed update set_context Session init".split()
)  # words that tell too little to look closer for
_PIECE = re.compile(rb"^(?:[ \t]{1,8})?(?:async def|def|class|@)[ \t(\w]|^(?=[A-Za-z_]\w*[ \t]*(?:=|:[^:\n]*=))", re.MULTILINE)
_IDENTIFIER = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
_REST = re.compile(rb"[\w\-]*")
_GIVEN = re.compile(
    rb"""["'\])]{0,4}\s*(?::\s*[A-Za-z_][\w.\[\], |]{0,40}(?=\s*=))?\s*(?P<op>:=|={1,2}|!=|[:,(|]|\bin\b|\bor\b|\bnot in\b)
    (?:\s*(?:[\w.]{0,60}[(\[{]\s*){1,3}|\s*)(?P<prefix>[rbfuRBFU]{0,2})(?P<quote>["'])(?P<literal>[^"'\n]{0,300})""",
    re.VERBOSE,
)
_BUILT = re.compile(rb"[\"']{1,3}(?:\s*[+%\"'\[]|\)?\.\w|,\s*[\"'][^\n]*\]\))")
_COMPARED = re.compile(rb"(?:==|!=)\s*(?![\s\"'#]|None|True|False|0|-?\d)")
_CONFIG_CALL = re.compile(rb"(?:default|or)\s*=?\s*[\"']")


_LINE_OF_DUMP = re.compile(
    rb"""(?i)[^\n]*?(?:\benviron\b(?!\s*(?:\[|\.(?:get|pop|setdefault|update|keys)\b|=[^=]))|\.headers\b(?!\s*(?:\[|\.(?!items|copy|raw)|=[^=]))
    |event\[.headers|\bvars\(|\blocals\(|__dict__|settings\.(?:model_dump|dict|json)|config\.(?:dict|model_dump|items)|model_dump|dotenv_values|printenv
    |app\.config\b(?!\s*[\[.]|\s*=)|f_locals|asdict\(|META\b(?!\s*[\[.])|\bsettings\b\s*\)|\.cookies\b(?!\s*[\[.]))""",
    re.VERBOSE,
)
_LINE_OF_WEB = re.compile(rb"(?i)[^\n]*?(?:webhook|signature|csrf_exempt|-hmac-|\bipn|/hook|_hook|(?:hmac|hexdigest)[^\n]*(?:==|!=)|(?:==|!=)[^\n]*(?:hmac|hexdigest))")
_CERTAIN = {DUMP: _LINE_OF_DUMP, WEB: _LINE_OF_WEB}


@dataclass(slots=True)
class Piece:
    """What stands in a piece of a file, from one beginning of a function to the next."""

    start: int
    secrets: bool = False
    sinks: bool = False
    urls: bool = False
    dumps: bool = False
    web: bool = False
    wanted: bool = False  # for what it holds by itself

    @property
    def is_wanted(self) -> bool:
        return (
            self.wanted
            or (self.sinks and (self.secrets or self.dumps))
            or (self.urls and self.secrets)
            or self.web
        )  # fmt: skip


@dataclass(slots=True)
class Interest:
    """The pieces of a file; `about_tokens`: what it calls a token is one that opens something."""

    pieces: list[Piece]
    about_tokens: bool


class Gate:
    """Looks at the bytes of Python files."""

    def __init__(self, additions: Additions) -> None:
        knowledge = load_knowledge(additions)
        words, methods = knowledge.sink_words()
        sinks = "|".join(sorted(map(re.escape, words | methods)))
        calls = {name.rpartition(".")[2] for name in knowledge.sdk.names()} - _COMMON
        responses = {name.rpartition(".")[2] for name in knowledge.responses.names()}
        self._index: Index = build_index(
            (
                Trigger(_SECRET, overlapping=True),
                Trigger(rf"\b(?:{sinks}|{'|'.join(sorted(responses))})\(|\braise\b|\bassert\b|\breturn\b[^\n{{]*\{{"),
                Trigger(_URL),
                Trigger(_DUMP),
                Trigger(_WEB),
                Trigger(rf"\b(?:{'|'.join(sorted(map(re.escape, calls)))})\("),
                Trigger(_LEXER),
                Trigger(_OPENS),
            )
        )
        self._ledgers = {about: Ledger("", Names(knowledge, about_tokens=about)) for about in (False, True)}

    def look(self, data: bytes) -> Interest | None:
        """Return what a file holds, None when there is nothing of interest."""
        hits = self._index.scan(data)
        if SECRET not in hits and DUMP not in hits and WEB not in hits and URL not in hits and CALL not in hits:
            return None
        about_tokens = len(hits.get(OPENS, ())) > 2 * len(hits.get(LEXER, ()))
        starts = list(_starts(data))
        pieces = [Piece(start) for start in starts]
        ledger = self._ledgers[about_tokens]
        seen = -1
        for end in hits.get(SECRET, ()):
            if end <= seen:
                continue
            first, seen = _identifier(data, end)
            piece = pieces[bisect_right(starts, first) - 1]
            name = data[first:seen].decode("latin-1")
            self._named(data, name, first, seen, piece, ledger)
        for number, mark in ((SINK, "sinks"), (URL, "urls"), (DUMP, "dumps"), (WEB, "web")):
            certain = _CERTAIN.get(number)
            for end in hits.get(number, ()):
                if certain is None or _holds(certain, data, end, hits.get(SINK, ()) if number == DUMP else None):
                    setattr(pieces[bisect_right(starts, end - 1) - 1], mark, True)
        ends = [*starts[1:], len(data)]
        for piece, end in zip(pieces, ends, strict=True):
            piece.web = piece.web and piece.sinks and data.find(b"request", piece.start, end) >= 0
        return Interest(pieces, about_tokens) if any(piece.is_wanted for piece in pieces) else None

    def _named(self, data: bytes, name: str, first: int, last: int, piece: Piece, ledger: Ledger) -> None:
        """Note what stands behind the name of a secret."""
        names = ledger.names
        is_secret = names.is_setting(name) if name.isupper() else names.is_secret(name) or names.returns_secret(name)
        if not is_secret:
            return
        piece.secrets = True
        given = _GIVEN.match(data, last)
        if given is not None:
            text = given["literal"].decode("utf-8", "replace")
            if _BUILT.match(data, given.end("literal")) and len(text) > 1:
                piece.wanted = True
            elif ledger.might_be(name, text, listed=given["op"] == b","):
                piece.wanted = True
        elif _COMPARED.search(data, last, min(len(data), last + 40)) and b"\n" not in data[last : last + 8]:
            piece.wanted = True


def _holds(certain: re.Pattern[bytes], data: bytes, end: int, sinks: Sequence[int] | None) -> bool:
    """Tell whether the line of a hit says more; with `sinks`, whether one is on it or it gives its value a name."""
    start = data.rfind(b"\n", 0, end) + 1
    if not certain.match(data, start):
        return False
    if sinks is None:
        return True
    stop = data.find(b"\n", end)
    number = bisect_right(sinks, start)
    return (number < len(sinks) and sinks[number] <= (stop if stop >= 0 else len(data))) or (
        _KEPT.match(data, start) is not None
    )


_KEPT = re.compile(rb"[ \t]*(?:for [\w, ]+ in|\w+\s*=)\s*(?:\w+\()?(?:os\.environ|environ|vars\(|\w*settings|locals\(|dotenv_values|\w*request\.headers|subprocess)|\s*[\"'\w{*]+[^=\n]*(?:\w\.headers|os\.environ)")


def _starts(data: bytes) -> Iterator[int]:
    """Yield where pieces begin: at functions with their decorators, at classes, at top-level assignments."""
    yield 0
    decorated = False
    for found in _PIECE.finditer(data):
        is_decorator = found[0].lstrip().startswith(b"@")
        if not decorated:
            yield found.start()
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
