"""Texts that grow without an end in one way each, as people and programs write them: `SHAPES`, for growth.py.

Each takes a number of bytes and returns a text of about that size. Values are made from a fixed seed.
"""

# ruff: noqa: E501  # one shape, one line

from __future__ import annotations

import base64
import binascii
import json
import quopri
import random
import string
from collections.abc import Callable
from functools import cache

Shape = Callable[[int], bytes]

_CHARACTERS = string.ascii_letters + string.digits
_PROSE = "The quick brown fox jumps over the lazy dog and then it runs all the way home again. "
_MARK = "-----"  # of PEM; in one piece with what follows, it would be a finding of this repository
_WORD = "pass" + "word"


@cache
def _random(size: int, seed: int = 7) -> bytes:
    return random.Random(seed).randbytes(size)


def value(number: int, length: int = 20) -> str:
    """Return what looks like a secret; the same for the same number."""
    return "".join(random.Random(number).choices(_CHARACTERS, k=length))


def _lines(line: Callable[[int], str], before: str = "", after: str = "", joint: str = "\n") -> Shape:
    """Return a shape of many lines (or of one, with another joint), made by number."""

    def make(size: int) -> bytes:
        pieces: list[str] = [before]
        length = number = 0
        while length < size:
            pieces.append(line(number))
            length += len(pieces[-1]) + len(joint)
            number += 1
        return (before + joint.join(pieces[1:]) + after).encode()

    return make


def _again(body: str, before: str = "", after: str = "") -> Shape:
    return lambda size: (before + body * max(1, size // len(body)) + after).encode()


def _nest(opening: str, inside: str, closing: str) -> Shape:
    return lambda size: (opening * (size // len(opening + closing)) + inside
                         + closing * (size // len(opening + closing))).encode()  # fmt: skip


def _mail(size: int) -> bytes:
    """Wrapped base64 of text and of anything else, in turns."""
    data = b"".join(_PROSE[:57].encode() + _random(684, turn) for turn in range(1 + size // 1000))
    return b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(data)[:size]


def _base64_of_text(wrap: int = 0, url: bool = False) -> Shape:
    def make(size: int) -> bytes:
        text = _lines(lambda number: f"{_PROSE}{number} \u00fc {_WORD} = {value(number)}")(size * 3 // 4)
        code = base64.urlsafe_b64encode(text) if url else base64.b64encode(text)
        return b"\n".join(code[at : at + wrap] for at in range(0, len(code), wrap)) if wrap else code

    return make


def _login(scheme: str, number: int) -> str:
    place = f"db{number}.example.org/x"
    return "@".join((f"{scheme}://admin:{value(number)}", place))


def _nested_base64(size: int) -> bytes:
    text = _lines(lambda number: f"{_WORD}{number} = {value(number)}")(size * 27 // 64)
    for _ in range(3):
        text = base64.b64encode(text)
    return text


def _base64_lines(size: int) -> bytes:
    return _lines(lambda number: "data: " + base64.b64encode((_PROSE + value(number)).encode()).decode())(size)


def _hex_dump(size: int) -> bytes:
    data = _random(size // 4)
    rows = (data[at : at + 16] for at in range(0, len(data), 16))
    return b"\n".join(
        b"%08x  %s  |................|" % (16 * row, binascii.hexlify(text, " ")) for row, text in enumerate(rows)
    )


def _hex(size: int) -> bytes:
    return binascii.hexlify(_lines(lambda number: f"{_PROSE}{value(number)}")(size // 2))


def _quoted_printable(size: int) -> bytes:
    text = _lines(lambda number: f"Gr\u00fc\u00dfe, {_WORD}: {value(number)} = x")(size * 2 // 3)
    return b"Content-Transfer-Encoding: quoted-printable\n\n" + quopri.encodestring(text)


def _pem(number: int, *, end: bool = True) -> str:
    body = base64.encodebytes(_random(1190, number)).decode()
    last = f"{_MARK}END RSA PRIVATE KEY{_MARK}" if end else ""
    return f"{_MARK}BEGIN RSA PRIVATE KEY{_MARK}\n{body}{last}"


def _notebook(size: int) -> bytes:
    cell = {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": []}
    sources: list[dict[str, object]] = []
    length = 0
    while length < size:
        sources.append({**cell, "source": [f"{_WORD} = '{value(length)}'\n", f"print(len({_WORD}))\n"]})
        length += 190
    return json.dumps({"cells": sources, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1).encode()


def _output(size: int) -> bytes:
    text = _lines(lambda number: f"epoch {number} loss {number / 7} token {value(number, 12)}")(size).decode()
    output = {"name": "stdout", "output_type": "stream", "text": text.splitlines(keepends=True)}
    cell = {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [output], "source": ["run()\n"]}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1).encode()


def _minified(number: int) -> str:
    return f'function a{number}(b,c){{return b.token||c["{value(number, 8)}"]?"{value(number, 16)}":!0}}var p{number}={{key:"{number}"}};'


def _unicode(number: int) -> str:
    return f"\u5bc6\u7801{number} = \u201c{value(number)}\u201d; {_WORD}_\u00e9: \U0001f511{value(number, 12)} \u202e{_WORD}"


TEXTS: dict[str, Shape] = {
    # data
    "j-nested.json": _nest('{"a":', "1", "}"),
    "j-nested-secret.json": _nest('{"token":', '"x"', "}"),
    "j-arrays.json": _nest("[", "1", "]"),
    "j-numbers.json": _lines(str, "[", "]", ","),
    "j-strings-one-line.json": _lines(lambda number: f'"{value(number)}"', "[", "]", ","),
    "j-passwords-one-line.json": _lines(lambda number: f'{{"user":"u{number}","{_WORD}":"{value(number)}"}}', "[", "]", ","),
    "j-passwords-lines.json": _lines(lambda number: f'  "{_WORD}_{number}": "{value(number)}"', "{\n", "\n}", ",\n"),
    "j-escaped.json": _again('\\"' + _WORD + '\\":\\"', '{"a":"', '"}'),
    "j-tokens-array.json": _lines(lambda number: f'"{value(number)}"', '{"tokens": [', "]}", ", "),
    "xml.xml": _lines(lambda number: f"<user><name>u{number}</name><{_WORD}>{value(number)}</{_WORD}></user>", "<users>", "</users>"),
    "xml-one-line.xml": _lines(lambda number: f'<add key="{_WORD}{number}" value="{value(number)}"/>', "<a>", "</a>", ""),
    "xml-nested.xml": _nest(f"<{_WORD}>", "x", f"</{_WORD}>"),
    "sql.sql": _lines(lambda number: f"INSERT INTO users (id, name, {_WORD}) VALUES ({number}, 'u', '{value(number)}');"),
    "sql-one-line.sql": _lines(lambda number: f"({number},'u{number}','{value(number)}')", f"INSERT INTO users (id, name, {_WORD}) VALUES ", ";", ","),
    "sql-users.sql": _lines(lambda number: f"CREATE USER u{number} IDENTIFIED BY '{value(number)}';"),
    "csv.csv": _lines(lambda number: f"{number},u{number}@example.org,{value(number)}", f"id,mail,{_WORD}\n"),
    "table.md": _lines(lambda number: f"| u{number} | {_WORD} | `{value(number)}` |", "| a | b | c |\n|---|---|---|\n"),
    "dotenv.env": _lines(lambda number: f"SERVICE_{number}_{_WORD.upper()}={value(number)}"),
    "dotenv-one.env": _lines(lambda number: f"S{number}_TOKEN={value(number)}", joint=" "),
    "yaml.yaml": _lines(lambda number: f"- name: u{number}\n  {_WORD}: {value(number)}"),
    "toml.toml": _lines(lambda number: f"[s{number}]\n{_WORD} = \"{value(number)}\""),
    # encodings
    "mail.eml": _mail,
    "mail-crlf.eml": lambda size: _mail(size).replace(b"\n", b"\r\n"),
    "base64.txt": _base64_of_text(),
    "base64-wrapped.txt": _base64_of_text(76),
    "base64-url.txt": _base64_of_text(url=True),
    "base64-url-wrapped.txt": _base64_of_text(64, url=True),
    "base64-nested.txt": _nested_base64,
    "base64-lines.yaml": _base64_lines,
    "base64-random.txt": lambda size: base64.b64encode(_random(size * 3 // 4)),
    "hexdump.txt": _hex_dump,
    "hex.txt": _hex,
    "hex-spaced.txt": lambda size: binascii.hexlify(_PROSE.encode() * (size // 255), " "),
    "quoted-printable.eml": _quoted_printable,
    "entities.html": _again("&#65;"),
    "entities-named.html": _again("&quot;" + _WORD + "&quot;=&amp;x "),
    "escapes.txt": _again("\\u0041"),
    "escapes-x.txt": _again("\\x41"),
    "percent.txt": _again("%41"),
    "percent-twice.txt": _again("%2525"),
    "percent-far.txt": _lines(lambda number: f"q=%41%42%43{value(number, 300)}", joint="&"),
    # keys
    "pem-begin.txt": _again(f"{_MARK}BEGIN RSA PRIVATE KEY{_MARK}"),
    "pem-begin-lines.txt": _again(f"{_MARK}BEGIN RSA PRIVATE KEY{_MARK}\n"),
    "pem-many.pem": _lines(_pem),
    "pem-without-end.pem": _lines(lambda number: _pem(number, end=False)),
    "pem-one.pem": lambda size: f"{_MARK}BEGIN PRIVATE KEY{_MARK}\n".encode() + base64.encodebytes(_random(size * 3 // 4)),
    "pem-certificates.pem": _lines(lambda number: _pem(number).replace("RSA PRIVATE KEY", "CERTIFICATE")),
    # URLs, command lines, headers
    "urls-one-line.txt": _lines(lambda number: f"https://e{number}.example.org/a/{number}", joint=" "),
    "urls-userinfo.txt": _lines(lambda number: _login("postgres", number), joint=" "),
    "urls-userinfo-lines.txt": _lines(lambda number: _login("https", number)),
    "url-query.txt": _lines(lambda number: f"token{number}={value(number)}", "https://example.org/?", "", "&"),
    "url-long.txt": _again("a/", "https://example.org/"),
    "connection.txt": _lines(lambda number: f"Server=s{number};Database=d;User Id=sa;Password={value(number)};"),
    "connection-one-line.txt": _lines(lambda number: f"Server=s{number};User Id=sa;Password={value(number)}", joint=";"),
    "commands.sh": _lines(lambda number: f"curl -u user{number}:{value(number)} -H 'Authorization: Bearer {value(number, 40)}' https://e.org"),
    "commands-one-line.sh": _lines(lambda number: f"--{_WORD} {value(number)} -p{value(number, 9)}", "mysql ", "", " "),
    "headers.http": _lines(lambda number: f"Authorization: Bearer {value(number, 40)}\nX-Api-Key: {value(number, 32)}"),
    "cookies.http": _lines(lambda number: f"session{number}={value(number, 32)}", "Cookie: ", "", "; "),
    "set-cookie.http": _lines(lambda number: f"Set-Cookie: sid{number}=s%3A{value(number, 32)}.{value(number, 40)}; Path=/"),
    "jwt.txt": _lines(lambda number: f"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx{value(number, 12)}.{value(number, 43)}"),
    # names and values
    "colon-one-line.txt": _again(f"{_WORD}: "),
    "name-one-line.txt": _again(f"{_WORD}="),
    "names.txt": _lines(lambda number: f"{_WORD}{number}", joint=" "),
    "passwords-one-line.txt": _lines(lambda number: f"{_WORD}: {value(number)}", joint=" "),
    "same-line-twice.txt": _again(f"{_WORD} = {value(3)}\n"),
    "same-token.txt": _again(f"token: ghp_{value(5, 36)} "),
    "aws.txt": _lines(lambda number: f"AKIA{value(number, 16).upper()} {value(number, 40)}"),
    "ignored.py.txt": _lines(lambda number: f"{_WORD} = '{value(number)}'  # keytrace:ignore"),
    "ignored.js": _lines(lambda number: f"// keytrace:ignore\nvar {_WORD} = '{value(number)}';"),
    "ignore-one-line.txt": _again("# keytrace:ignore "),
    "nosec.py.txt": _again("x = 1  # nosec # noqa: S105\n"),
    "unicode.txt": _lines(_unicode),
    "unicode-one-line.txt": _lines(_unicode, joint=" "),
    "emoji.txt": _again("\U0001f511"),
    "minified.js": _lines(_minified, joint=""),
    "quotes.txt": _again("\"'"),
    "spaces.txt": _again(" ", f"{_WORD}=", "x"),
    "prose.md": _again(_PROSE),
    "prose-password.md": _again(f"Your {_WORD} is needed: type the {_WORD} and the token here. "),
    "log.log": _lines(lambda number: f"2024-01-01T00:00:{number % 60:02} INFO request id={value(number, 32)} user=u{number} token=***"),
    "diff.patch": _lines(lambda number: f"+{_WORD} = '{value(number)}'\n-{_WORD} = '{value(number + 1)}'", "--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n"),
    "lock.json": _lines(lambda number: f'  "p{number}": {{"version": "1.{number}", "integrity": "sha512-{base64.b64encode(_random(64, number)).decode()}"}}', "{\n", "\n}", ",\n"),
    "hashes.txt": _lines(lambda number: f"{_random(32, number).hex()}  file{number}.tar.gz"),
    "uuids.yaml": _lines(lambda number: f"key_id: {_random(4, number).hex()}-aaaa-4bbb-8ccc-{_random(6, number).hex()}"),
    "notebook.ipynb": _notebook,
    "notebook-output.ipynb": _output,
}  # fmt: skip

PROGRAMS: dict[str, Shape] = {
    "dict-one-line.py": _lines(lambda number: f'"{_WORD}_{number}": "{value(number)}"', "P = {", "}\n", ", "),
    "dict-lines.py": _lines(lambda number: f'    "{_WORD}_{number}": "{value(number)}"', "P = {\n", "\n}\n", ",\n"),
    "list-of-dicts.py": _lines(lambda number: f'    {{"user": "u{number}", "{_WORD}": "{value(number)}"}}', "P = [\n", "\n]\n", ",\n"),
    "print.py": _again(f"print({_WORD})\n", f"import os\n{_WORD} = os.environ['API_KEY']\n"),
    "print-semicolons.py": _again(f"print({_WORD});", f"import os\n{_WORD} = os.environ['API_KEY']\n"),
    "log.py": _lines(lambda number: f"log.info('{number} %s', {_WORD})", f"import logging, os\nlog = logging.getLogger()\n{_WORD} = os.environ['API_KEY']\n"),
    "functions.py": _lines(lambda number: f"def f{number}({_WORD}):\n    print({_WORD})\n    f{max(0, number - 1)}({_WORD})\n", "import os\n"),
    "writes.py": _lines(lambda number: f"    f.write({_WORD} + '{number}')\n    g(a, {number})", f"def save(f, {_WORD}):\n"),
    "methods.py": _lines(lambda number: f"    def m{number}(self, {_WORD}):\n        self.{_WORD} = {_WORD}\n        print(self.{_WORD})", "class A:\n"),
    "f-strings.py": _lines(lambda number: f'print(f"{number} {{{_WORD}}} {{{_WORD}!r}}")', f"import os\n{_WORD} = os.environ['API_KEY']\n"),
    "f-string-long.py": _again(f"{{{_WORD}}} ", f"import os\n{_WORD} = os.environ['API_KEY']\nprint(f'", "')\n"),
    "assignments.py": _lines(lambda number: f"a{number + 1} = a{number} + 'x'", "import os\na0 = os.environ['API_KEY']\n", "\nprint(a0)\n"),
    "concatenation.py": _again(f" + {_WORD}", f"import os\n{_WORD} = os.environ['API_KEY']\nx = ''", "\nprint(x)\n"),
    "calls-nested.py": lambda size: (f"import os\n{_WORD} = os.environ['API_KEY']\n" + (f"print({'str(' * 40}{_WORD}{')' * 40})\n" * (size // 210))).encode(),
    "ifs.py": _again(f"if x:\n    print({_WORD})\nelse:\n    {_WORD} = None\n", f"import os\n{_WORD} = os.environ['API_KEY']\n"),
    "strings.py": _lines(lambda number: f's{number} = "{value(number, 30)}"'),
    "attributes.py": _lines(lambda number: f"settings.{_WORD}{number} = '{value(number)}'", "import settings\n"),
    "imports.py": _lines(lambda number: f"from m{number} import {_WORD} as p{number}\nprint(p{number})"),
    "classes.py": _lines(lambda number: f"class C{number}:\n    {_WORD} = '{value(number)}'\n    def show(self):\n        print(self.{_WORD})\n"),
    "clients.py": _lines(lambda number: f"class C{number}:\n    def get(self, path, {_WORD}):\n        return requests.get(path, auth=('u', {_WORD}))\n", "import requests\n"),
    "compare.py": _again(f"if {_WORD} == request.args['{_WORD}']: pass\n", f"import os\nfrom flask import request\n{_WORD} = os.environ['API_KEY']\n"),
    "changes.py": _lines(lambda number: f"    if token != request.args['token_{number}']:\n        kept = token", "from flask import request\ndef f(token):\n"),
    "asked-for.py": _lines(lambda number: f"        print({number}, {_WORD})", f"def f({_WORD}, show_secrets):\n    if show_secrets:\n"),
    "ignored.py": _lines(lambda number: f"{_WORD} = '{value(number)}'  # keytrace:ignore"),
    "docstring.py": _again(f"{_WORD}: the {_WORD} of the user, a token.\n", '"""', '"""\n'),
    "bytes.py": _lines(lambda number: f"    b'{value(number, 60)}'", "data = (\n", "\n)\n"),
}  # fmt: skip
