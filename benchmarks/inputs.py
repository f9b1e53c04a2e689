# ruff: noqa: E501, ARG001  # one form, one line; all mutations are called alike
"""Inputs for fuzz.py, each made from its number alone: mutants of real files, programs, configurations, command lines."""

from __future__ import annotations

import base64
import random
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from urllib.parse import quote_from_bytes

MOST = 100_000  # bytes of an input
_PER_ENDING = 100  # files
_MUCH = 3000  # bytes; of two in three mutants no more is taken, so that there are many
_CHARACTERS = (string.ascii_letters + string.digits).encode()
_WORD = b"pass" + b"word"
_PIECES = [
    _WORD, b"token", b"secret", b"api_key", b"=", b": ", b" => ", b'"', b"'", b"`", b"'''", b'"""', b"\\", b"\\u0041",
    b"\\x41", b"%41", b"%2541", b"&#65;", b"&quot;", b"=3D", b"=\n", b"{", b"}", b"[", b"]", b"(", b")", b"<", b">", b"</a>",
    b"-----BEGIN " + b"RSA PRIVATE KEY-----", b"-----END " + b"RSA PRIVATE KEY-----", b"https://", b"://a:b@", b"?key=", b"&",
    b"#", b"# keytrace:ignore", b"# nosec", b"\n", b"\r\n", b"\r", b"\t", b" ", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe",
    b"\xe2\x80\xae", b"\xed\xa0\x80", b"\xf0\x9f\x94\x91", b"\x0c", b"\x1b[31m", b"AKIA", b"ghp_", b"eyJ", b"Bearer ",
    b"import os\n", b"print(", b"def f(x):\n", b"    ", b"lambda: ", b"f'{", b":=", b"async ", b"match x:\n case ", b"@",
    b"*", b"**", b"if ", b"else:", b"return ", b"os.environ['API_KEY']", b"${", b"}}", b"{{", b"<%=", b"\xc2\x85", b"\xe2\x80\xa8",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Input:
    """What is tried: a kind, a path, and the content of the file or, for a command line, its words a line."""

    kind: str
    path: str
    content: bytes


def corpus(folders: Sequence[Path], seed: int) -> list[Path]:
    """Return some small files of each ending below the folders, chosen by the seed."""
    by_ending: dict[str, list[Path]] = {}
    for path in sorted(path for folder in folders for path in folder.rglob("*")):
        by_ending.setdefault(path.suffix.lower(), []).append(path)
    chosen: list[Path] = []
    for ending, paths in sorted(by_ending.items()):
        random.Random(f"{seed} {ending}").shuffle(paths)
        small = (path for path in paths if path.is_file() and 0 < path.stat().st_size <= MOST)
        chosen += islice(small, _PER_ENDING)
    return chosen


def make(seed: int, number: int, files: Sequence[Path]) -> Input:
    """Return the input of a number: the same for the same seed and files."""
    rng = random.Random(f"{seed} {number}")
    kind = rng.choices(("mutant", "program", "configuration", "noise"), (78, 12, 5, 5))[0]
    if kind == "mutant" and files:
        return mutant(rng, files)
    if kind == "configuration":
        return configuration(rng)
    if kind == "noise":
        pieces = [rng.choice(_PIECES) if rng.random() < 0.7 else _value(rng) for _ in range(rng.randint(1, 400))]
        return Input(kind, f"noise{rng.choice(_ENDINGS)}", b"".join(pieces))
    return Input("program", "program.py", program(rng))


_ENDINGS = (".py", ".txt", ".json", ".yaml", ".env", ".js", ".ipynb", ".xml", ".eml", ".sql", ".sh", ".toml", ".md", "")


def _value(rng: random.Random) -> bytes:
    size = rng.choice((4, 8, 20, 32, 40, 64))
    text = bytes(rng.choices(_CHARACTERS, k=size))
    return rng.choice(
        (text, text, base64.b64encode(text), text.hex().encode(), quote_from_bytes(text, safe="").encode())
    )


# --- mutants ----------------------------------------------------------------------------------------------------------


def mutant(rng: random.Random, files: Sequence[Path]) -> Input:
    path = rng.choice(files)
    data = _contents(path)
    if rng.random() < 2 / 3:
        start = rng.randint(0, max(0, len(data) - _MUCH))
        start = data.rfind(b"\n", 0, start) + 1
        data = data[start : start + _MUCH]
    for _ in range(rng.choice((1, 1, 2, 3, 6, 20))):
        data = rng.choice(_MUTATIONS)(rng, data, files)[:MOST]
    return Input("mutant", path.name, data)


Mutation = Callable[[random.Random, bytes, Sequence[Path]], bytes]


@cache
def _contents(path: Path) -> bytes:
    return path.read_bytes()


def _span(rng: random.Random, data: bytes, most: int = 4000) -> tuple[int, int]:
    start = rng.randint(0, len(data))
    return start, min(len(data), start + rng.randint(0, most))


def _flipped(rng: random.Random, data: bytes, files: Sequence[Path]) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 3, 30)) if data else 0):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _inserted(rng: random.Random, data: bytes, files: Sequence[Path]) -> bytes:
    at = rng.randint(0, len(data))
    return data[:at] + b"".join(rng.choices(_PIECES, k=rng.choice((1, 2, 5)))) + data[at:]


def _planted(rng: random.Random, data: bytes, files: Sequence[Path]) -> bytes:
    at = rng.randint(0, len(data))
    quote = rng.choice((b'"', b"'", b"", b"`"))
    return data[:at] + _WORD + rng.choice((b"=", b" = ", b": ", b" ")) + quote + _value(rng) + quote + data[at:]


def _removed(rng: random.Random, data: bytes, files: Sequence[Path]) -> bytes:
    start, end = _span(rng, data)
    return data[:start] + data[end:]


def _repeated(rng: random.Random, data: bytes, files: Sequence[Path]) -> bytes:
    start, end = _span(rng, data, rng.choice((3, 80, 2000)))
    return data[:start] + data[start:end] * rng.choice((2, 50, 3000)) + data[end:]


def _spliced(rng: random.Random, data: bytes, files: Sequence[Path]) -> bytes:
    other = _contents(rng.choice(files))
    start, end = _span(rng, other)
    at = rng.randint(0, len(data))
    return data[:at] + other[start:end] + data[at:]


def _shuffled(rng: random.Random, data: bytes, files: Sequence[Path]) -> bytes:
    lines = data.splitlines(keepends=True)
    rng.shuffle(lines)
    return b"".join(lines)


def _joined(rng: random.Random, data: bytes, files: Sequence[Path]) -> bytes:
    return data.replace(b"\n", rng.choice((b"", b" ", b";", b"\\n", b"\r", b"\r\n")))


def _encoded(rng: random.Random, data: bytes, files: Sequence[Path]) -> bytes:
    start, end = _span(rng, data)
    text = data[start:end]
    ways = (base64.b64encode, base64.encodebytes, bytes.hex, lambda part: quote_from_bytes(part, safe=""),
            lambda part: "".join(f"\\u{byte:04x}" for byte in part), lambda part: "".join(f"&#{byte};" for byte in part))  # fmt: skip
    code = rng.choice(ways)(text)  # type: ignore[operator]
    return data[:start] + (code.encode() if isinstance(code, str) else code) + data[end:]


def _as_utf_16(rng: random.Random, data: bytes, files: Sequence[Path]) -> bytes:
    return data.decode("utf-8", "replace").encode(
        rng.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7")), "replace"
    )


_MUTATIONS: tuple[Mutation, ...] = (
    _flipped, _inserted, _inserted, _planted, _planted, _removed, _repeated, _spliced, _shuffled, _joined, _encoded,
    _encoded, _as_utf_16,
)  # fmt: skip


# --- programs ---------------------------------------------------------------------------------------------------------

_NAMES = (
    "password",
    "token",
    "x",
    "self",
    "config",
    "API_KEY",
    "os",
    "args",
    "data",
    "secret_1",
    "print",
    "log",
    "\u00e9",
    "_",
)
_SOURCES = (
    "os.environ['API_KEY']",
    "os.getenv('TOKEN')",
    "getpass.getpass()",
    "request.args['key']",
    "os.environ",
    "vault.read()",
)


def program(rng: random.Random) -> bytes:
    body = "".join(_statement(rng, 0, rng.randint(1, 5)) for _ in range(rng.randint(1, 12)))
    return f"import os, logging, requests\nfrom flask import request\nlog = logging.getLogger()\n{body}".encode()[:MOST]


def _expression(rng: random.Random, depth: int) -> str:
    if depth <= 0:
        return rng.choice(
            (*_NAMES, *_SOURCES, f"'{_value(rng).decode()}'", "b'x'", "1", "None", "...", "1_0e5", "''", "f''")
        )
    a, b = (_expression(rng, depth - rng.randint(1, 3)) for _ in range(2))
    name = rng.choice(_NAMES)
    return rng.choice(
        (
            f"{a} + {b}", f"({a})", f"[{a}, {b}]", f"{{{a}: {b}}}", f"{{'{name}': {a}, **{name}}}", f"{name}({a}, {name}={b})",
            f"{name}.{name}", f"{name}[{a}]", f"f'{{{name}!r:>{{x}}}} {name}={{{name}=}}'", f"(lambda {name}, *a, **k: {a})",
            f"[{a} for {name} in {b} if {a}]", f"{{**{name}}}", f"({name} := {a})", f"{a} if {b} else {a}", f"not {a}",
            f"({a} == {b} != {a})", f"'{{}} {{{name}}}'.format({a}, {name}={b})", f"'%s %({name})s' % ({a},)", f"(*{name}, {a})",
            f"log.info('%s', {a})", f"print({a}, file=open({b}, 'w'))", f"requests.get('http://x/?t=' + {a}, headers={{'a': {b}}})",
            f"os.system(f'curl {{{name}}}')", f"{name}[{a}:{b}, ...]", f"(yield {a})", f"(await {a})", f"base64.b64encode({a}.encode())",
            f"''.join([{a}, {b}])", f"hashlib.sha256({a}).hexdigest()", f"{a} or {b}", f"getattr({a}, '{name}')",
        )
    )  # fmt: skip


def _statement(rng: random.Random, indent: int, depth: int) -> str:
    pad = rng.choice(("    ", "    ", "\t")) * indent if rng.random() < 0.02 else "    " * indent
    value = _expression(rng, depth)
    name = rng.choice(_NAMES)
    if depth <= 0 or rng.random() < 0.4:
        return pad + rng.choice(
            (
                f"{name} = {value}\n", f"{name}: str = {value}\n", f"{name}.{name} = {value}\n", f"{name}[{value}] = {name}\n",
                f"{name}, *{name} = {value}\n", f"{name} += {value}\n", f"return {value}\n", f"{value}\n", f"raise E({value}) from {name}\n",
                f"assert {value}, {name}\n", f"del {name}\n", f"global {name}; {name} = {value}\n", f"type {name} = {value}\n",
                f"{name} = {name} = {value}; print({name})\n", f"from .{name} import {name} as {name}\n", "pass;pass\n", "\\\n",
            )
        )  # fmt: skip
    inside = "".join(_statement(rng, indent + 1, depth - rng.randint(1, 2)) for _ in range(rng.randint(1, 4)))
    head = rng.choice(
        (
            f"def {name}({name}, /, a={value}, *, {name}_2: str = {value}, **k) -> str:\n", f"async def {name}(*{name}):\n",
            f"class {name}({name}, metaclass={name}):\n", f"if {value}:\n", f"for {name} in {value}:\n", f"while {value}:\n",
            f"with {value} as {name}, {name}:\n", f"try:\n{pad}    pass\n{pad}except* E as {name}:\n", f"@{name}({value})\n{pad}def {name}(self):\n",
            f"match {value}:\n{pad}  case {{'{name}': {name}, **rest}} if {value}:\n{pad}    pass\n{pad}if 1:\n", f"def {name}[T: str](a: T):\n",
        )
    )  # fmt: skip
    return pad + head + inside


# --- configurations ---------------------------------------------------------------------------------------------------

_KEYS = (
    "exclude", "gitignore", "max-file-size", "jobs", "min-severity", "min-confidence", "rules", "exclude-rules", "rule-files",
    "baseline", "allowlist", "allowlists", "python", "id", "regex", "regexes", "paths", "secretGroup", "entropy", "keywords",
    "path", "description", "extend", "useDefault", "stopwords", "commits", "condition", "regexTarget", "targetRules", "near",
    "host", "checksum", "severity", "confidence", "examples", "with", "needs", "sources", "sinks", "name", "tags", "title", "",
)  # fmt: skip
_TABLES = ("rules", "allowlist", "allowlists", "rules.allowlists", "rules.allowlist", "extend", "python", "python.sources",
           "python.sinks", "defaults", "lint", "tool", "tool.keytrace", "tool.keytrace.python")  # fmt: skip


def configuration(rng: random.Random) -> Input:
    name = rng.choice(("keytrace.toml", ".gitleaks.toml", "pyproject.toml"))
    before = "tool.keytrace." if name == "pyproject.toml" and rng.random() < 0.9 else ""
    lines = [f"[{before[:-1]}]"] if before else []
    for _ in range(rng.randint(1, 25)):
        if rng.random() < 0.3:
            table = before + rng.choice(_TABLES)
            lines.append(rng.choice((f"[{table}]", f"[[{table}]]", f"[[{table}]]")))
        else:
            lines.append(f"{rng.choice(_KEYS) or chr(34) * 2} = {_toml(rng, 2)}")
    text = "\n".join(lines).encode()
    if rng.random() < 0.2:
        text = rng.choice((_flipped, _removed, _inserted, _joined))(rng, text, ())
    return Input("configuration", name, text)


def _toml(rng: random.Random, depth: int) -> str:
    if depth and rng.random() < 0.4:
        inside = [_toml(rng, depth - 1) for _ in range(rng.randint(0, 3))]
        if rng.random() < 0.7:
            return f"[{', '.join(inside)}]"
        return "{" + ", ".join(f"{rng.choice(_KEYS) or 'k'} = {item}" for item in inside) + "}"
    return rng.choice(
        (
            "true", "false", "0", "-1", "3.5", "1e400", "nan", "99999999999999999999", '""', "'high'", "'critical'", "'50MB'", "'-1'", "'*'",
            "'['", "'(a+)+$'", "'(?P<n>x)\\1'", "'(?i)key[=:]([a-z0-9]{20})'", "'\\p{L}{3}'", "'a{1,99999}'", "'(?<!a)b'", "'/etc/passwd'",
            "'../..'", "'match'", "'AND'", "'generic-secret'", "'aws-access-key-id'", "1979-05-27", "'''\n'''", '"\\u0000"', "'a\u00e9'",
        )
    )  # fmt: skip


# --- command lines ----------------------------------------------------------------------------------------------------

_COMMANDS = ("scan", "explain", "rules list", "rules show", "rules test", "rules", "baseline create", "baseline update", "baseline",
             "completion", "config show", "", "nonsense", "scan --staged", "scan -")  # fmt: skip
_OPTIONS = (
    "-f", "-o", "-q", "-v", "-j", "--staged", "--stdin-filename", "--exclude", "--no-gitignore", "--max-file-size", "--no-baseline",
    "--min-severity", "--min-confidence", "--baseline", "--show-secrets", "--exit-zero", "--color", "--progress", "--rule",
    "--exclude-rule", "--rules-file", "--config", "--no-repo-config", "--help", "--version", "--strict", "--no-diff",
)  # fmt: skip
_VALUES = (
    "a.py", "b.env", ".", "..", "-", "", "nope", "json", "sarif", "text", "jsonl", "line", "0", "-1", "1", "99999999999", "high", "1KB",
    "-5MB", "generic-secret", "aws-*", "[", "a\nb", "\udcff", "\u00e9", "/dev/null", "/", "out/x.json", "a.py:1", "a.py:0", "a.py:99:1",
    "a.py:x", "broken.toml", "keytrace.toml", "--", "=", "sub", "x" * 5000,
)  # fmt: skip


def command_line(seed: int, number: int) -> list[str]:
    rng = random.Random(f"command {seed} {number}")
    words = rng.choice(_COMMANDS).split()
    for _ in range(rng.randint(0, 6)):
        words.append(rng.choice(_OPTIONS if rng.random() < 0.5 else _VALUES))
    return words
