"""Where in a program something may begin that a policy wants: names of secrets, sources, dumps, URLs, webhooks.

One pass over the bytes of a Python file finds words; what they mean is asked of the lexicon and of the model, by the
name that they are a part of. A file without seeds that imports nothing of interest is never looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from keytrace.analyzers.python.knowledge import Knowledge, load_knowledge
from keytrace.analyzers.python.names import Names
from keytrace.analyzers.python.outline.blocks import Block
from keytrace.analyzers.python.outline.vocabulary import Vocabulary, last, module_of
from keytrace.analyzers.python.program import Program
from keytrace.match.multipattern import Hits, Index, Trigger, build_index
from keytrace.model import Additions

TRIGGERS = (
    "passw",
    "pwd",
    "pass_?phrase",
    "passcode",
    "secret",
    "key",
    "token",
    "credential",
    "creds",
    "bearer",
    "jwt",
    "authorization",
    "dsn",
    "mnemonic",
    "conn(?:ection)?_?str",
    "database_?url",
    "[a-z_]pass",
    "[_-]pw",
    "sas_",
    "ticket",
    "contrasena",
    "senha",
    "kennwort",
    "wachtwoord",
    "motdepasse",
    "[_-]auth",
    "[_-]pat",
    "[_-]psk",
)
_NAME, _SOURCE, _DUMP, _TEXT, _SDK, _WEB, _PIECES, _SENT, _PAIR = range(9)
_DUMPS = (
    r"(?:\benviron\b|\.headers\b|\bheaders\b|\bvars\(|\blocals\(|\bglobals\(|__dict__|model_dump|\.dict\(|\.json\(|as_?dict\("
    r"|dotenv_values|printenv|\.config\b|f_locals|to_dict\(|\bMETA\b|\.cookies\b|get_namespace)"
)
_TEXTS = (
    r"(?i)(?:://[^\s\"'/]*(?:@|:[\"'])|[?&;#][\w.\-]*(?:key|sig|auth|token|appid|sign|pwd|pass|secret|access)[\w.\-]*="
    r"|api\.telegram\.org|hooks\.slack\.com|/webhooks/|webhook\.office\.com|(?:password|pwd|accountkey|accesskey|passwd|secret)\s?=\s?[^\s=])"
)
_WEBHOOKS = r"(?i)(?:webhook|hub-signature|-signature|csrf_exempt|-hmac-|\bipn\b|_hook\b|/hooks?\b|hmac\.|hexdigest)"
_PIECED = r"[\"'][ \t]*\\?\n?[ \t]*\+[ \t]*\\?\n?[ \t]*[rbfuRBFU]{0,2}[\"']"
_SENDS = r"\bhttp://[\w{%]"
_IDENTIFIER = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
_REST = re.compile(rb"[\w\-]*")
_LONGEST_NAME = 80
_SENDER = re.compile(rb"\b(?:auth|headers|cookies)\b")


class Seeds:
    """Finds the blocks of programs in which something may begin."""

    def __init__(self, knowledge: Knowledge, vocabulary: Vocabulary, own: Iterable[str] = ()) -> None:
        """`own` are names of secrets that a project adds."""
        self._vocabulary = vocabulary
        sources = {last(name) for name, one in knowledge.sources.entries() if one.kind != "environment"}
        commands = (r"[\"' ,]+".join(map(re.escape, command.split())) for command in knowledge.secret_commands)
        self._sdk: dict[bytes, list[str]] = {}
        for name, parameters in knowledge.sdk.named():
            if not parameters.pair:
                self._sdk.setdefault(last(name).encode(), []).append(name)
        providers = "|".join(sorted(knowledge.webhooks["providers"]))
        self._index: Index = build_index(
            (
                Trigger(rf"(?i)(?:{'|'.join([*TRIGGERS, *map(re.escape, own)])})", overlapping=True),
                Trigger(rf"\b(?:{'|'.join(sorted(map(re.escape, sources)))})\(|{'|'.join(commands)}"),
                Trigger(_DUMPS),
                Trigger(_TEXTS),
                Trigger(rf"\b(?:{b'|'.join(sorted(map(re.escape, self._sdk))).decode()})\("),
                Trigger(rf"{_WEBHOOKS}|\.(?:route|post|put|api_route|view)\([\"'][^\"'\n]*(?:{providers})"),
                Trigger(_PIECED),
                Trigger(_SENDS),
                Trigger(rf"\b(?:{'|'.join(sorted(vocabulary.pairs))})[ \t]*=[ \t]*[\w(\[]"),
            )
        )
        self._judged: dict[bytes, bool] = {}

    def scan(self, data: bytes) -> Hits:
        """Return what stands in a file, by the numbers of the triggers."""
        return self._index.scan(data)

    def may_begin(self, hits: Hits) -> bool:
        """Tell whether something may begin without a name that promises a secret."""
        return not hits.keys().isdisjoint((_SOURCE, _DUMP, _TEXT, _SDK, _WEB, _PIECES, _SENT, _PAIR))

    def names(self, data: bytes, hits: Hits) -> list[int]:
        """Return where names stand that promise a secret."""
        found: list[int] = []
        seen = -1
        for end in hits.get(_NAME, ()):
            if end > seen:
                first, seen = _identifier(data, end)
                if self._promises(data[first:seen]):
                    found.append(first)
        return found

    def _promises(self, name: bytes) -> bool:
        known = self._judged.get(name)
        if known is None:
            if len(self._judged) > 200_000:
                self._judged.clear()
            text = name.decode("latin-1")
            known = self._judged[name] = self._vocabulary.promises(text) or self._vocabulary.names.is_setting(text)
        return known

    def blocks(self, program: Program, names: Iterable[int], hits: Hits) -> set[Block]:
        """Return the blocks in which something may begin."""
        data = program.data
        offsets = [*names]
        for number in (_SOURCE, _DUMP, _TEXT, _WEB, _PIECES, _PAIR):
            offsets += (end - 1 for end in hits.get(number, ()))
        offsets += (end - 1 for end in hits.get(_SDK, ()) if self._takes_secret(program, end))
        if _SENT in hits:
            offsets += (found.start() for found in _SENDER.finditer(data))
        return {block for offset in offsets if (block := program.at(offset)) is not None}

    def _takes_secret(self, program: Program, end: int) -> bool:
        """Tell whether what is called before `end` may be one of the functions of which a parameter takes a secret."""
        before = program.data[max(0, end - _LONGEST_NAME) : end - 1]
        word = before[len(before.rstrip(_IDENTIFIER)) :]
        for name in self._sdk.get(word, ()):
            if name.startswith("*"):
                if name.startswith("*.") or before.lower().endswith(name[1:].lower().encode()):
                    return True
            elif module_of(name) in program.imports.modules:
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
    vocabulary = Vocabulary(knowledge, Names(knowledge, about_tokens=True))
    return Seeds(knowledge, vocabulary, additions.names), vocabulary
