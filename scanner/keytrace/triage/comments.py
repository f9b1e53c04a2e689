"""Where in a text comments are: a light reading of many languages that tells them from strings and quoted text.

It is asked only where a comment would suppress something; what it takes for a string by mistake is reported, and said.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from enum import Enum
from functools import cache, lru_cache

from keytrace.model import StreamProvenance
from keytrace.text.document import Document


class Standing(Enum):
    """What a place in a text is, and why a comment there does not hold, or not for more than its line."""

    COMMENT = ""
    QUOTED = "in text that is quoted or not of the file's language, a comment holds for its own line only"
    STRING = "it stands in a string, not in a comment"


_COMMENT, _QUOTED, _STRING = Standing.COMMENT, Standing.QUOTED, Standing.STRING
Token = tuple[Standing, str]

# What begins first counts, and what has no end where it must have one goes on to the end of the text: no place is read
# twice. Repeats that may fail have a limit for the same reason.
_SLASHES: Token = (_COMMENT, r"//[^\n]*")
_BLOCK: Token = (_COMMENT, r"/\*(?:.*?\*/|.*)")
_HASH: Token = (_COMMENT, r"\#[^\n]*")
_LONE_HASH: Token = (_COMMENT, r"(?:^|(?<=[\s;({]))\#[^\n]*")  # elsewhere it is a part of a word
_MARKUP: Token = (_COMMENT, r"<!--(?:.*?-->|.*)|\{\#.{0,500}?\#\}|\{\{!.{0,500}?\}\}|<%(?:--|\#).{0,500}?%>")
_DASHES: Token = (_COMMENT, r"--[^\n]*")
_THREE: Token = (_STRING, r'"""(?:(?:[^"\\]|\\.|"(?!""))*+"""|.*)' + r"|'''(?:(?:[^'\\]|\\.|'(?!''))*+'''|.*)")
_DOUBLE: Token = (_STRING, r'"(?:[^"\\\n]|\\.)*+"?')
_SINGLE: Token = (_STRING, r"'(?:[^'\\\n]|\\.)*+'?")
_CLOSED: Token = (_STRING, r"(?<![\w\\])'(?:[^'\\\n]|\\.){0,4000}+'(?!\w)")  # else it is an apostrophe
_CHARACTER: Token = (_STRING, r"'(?:\\[^\n]{1,10}?|[^\\'\n])'")  # a lone one is a lifetime, or part of a number
_TICKS: Token = (_STRING, r"`(?:[^`\\]|\\.)*+`?")
_REGEX: Token = (
    _STRING,
    (
        r"(?:(?<=[(,=:\[!&|?{};])|(?<=[(,=:\[!&|?{};][ ]))/(?![*/])"
        r"(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.){0,500}+\]){1,500}+/"
    ),
)
_LINES: Token = (_STRING, r"""(?:^|(?<=[\s=:(\[{,]))(?:"(?:[^"\\]|\\.){0,16000}+"|'[^']{0,16000}+')""")
_SQL: Token = (_STRING, r"'[^']*'?|\"[^\"\n]*\"?")
_ATTRIBUTE: Token = (_STRING, r"""=[ \t]*(?:"[^"<]{0,4000}+"|'[^'<]{0,4000}+')""")
_HERE: Token = (_QUOTED, r"""<<[<~-]?[ \t]*["']?(?P<word>[A-Za-z_]\w*)[^\n]*\n(?:.*?^[ \t]*(?P=word)\b|.*)""")
_SCALAR: Token = (  # a block of YAML: all that is indented more than the line that ends with | or >
    _QUOTED,
    (
        r"^(?P<pad>[ ]*)[^\n\#]*[:-][ \t]+(?:[!&][^\s]+[ \t]+)*[|>][-+0-9]{0,2}[ \t\r]*(?:[ \t]\#[^\n]*)?\n"
        r"(?:(?P=pad)[ ]+[^\s][^\n]*(?:\n|\Z)|[ \t\r]*\n)+"
    ),
)
_FENCE: Token = (_QUOTED, r"^[ \t>]*(?P<fence>`{3,}+|~{3,}+)[^\n]*\n(?:.*?^[ \t>]*(?P=fence)|.*)")
_SPAN: Token = (_QUOTED, r"(?P<ticks>`++)[^`\n]{1,1000}+(?P=ticks)")
_INDENTED: Token = (_QUOTED, r"^(?:[ ]{4}|\t)[^\n]*")
_ASIDE: Token = (_COMMENT, r"^\.\.[ ](?![\w-]+::|_|\[)[^\n]*|^//[^\n]*")  # of reStructuredText, of AsciiDoc

# The tokens of each language, and what is between them: in a program a marker is no code, so it is in a comment.
_LANGUAGES: Mapping[str, tuple[Standing, tuple[Token, ...]]] = {
    "python": (_COMMENT, (_HASH, _THREE, _DOUBLE, _SINGLE)),
    "c": (_COMMENT, (_SLASHES, _BLOCK, _THREE, _DOUBLE, _CHARACTER, _TICKS)),
    "javascript": (_COMMENT, (_SLASHES, _BLOCK, _REGEX, _DOUBLE, _CLOSED, _TICKS)),
    "json": (_COMMENT, (_SLASHES, _BLOCK, _DOUBLE, _CLOSED)),
    "terraform": (_COMMENT, (_SLASHES, _BLOCK, _LONE_HASH, _HERE, _DOUBLE)),
    "shell": (_COMMENT, (_LONE_HASH, _HERE, _THREE, _LINES)),
    "yaml": (_COMMENT, (_SCALAR, _LONE_HASH, _LINES)),
    "sql": (_COMMENT, (_DASHES, _BLOCK, _LONE_HASH, _SQL)),
    "php": (_QUOTED, (_MARKUP, _SLASHES, _BLOCK, _LONE_HASH, _HERE, _DOUBLE, _CLOSED)),
    "markup": (_QUOTED, (_MARKUP, _BLOCK, (_COMMENT, r"^[ \t]*//[^\n]*"), _ATTRIBUTE)),
    "markdown": (_QUOTED, (_FENCE, _INDENTED, _MARKUP, _SPAN)),
    "prose": (_QUOTED, (_INDENTED, _ASIDE)),
    "notebook": (_QUOTED, ()),
}
_ENDINGS = {
    ending: language
    for language, endings in {
        "python": "py pyi pyw pyx bzl star",
        "c": "c h cc cpp cxx hh hpp cs java go rs swift kt kts scala zig proto sol",
        "javascript": "js jsx ts tsx mjs cjs mts cts dart groovy gradle css scss less",
        "json": "json jsonc json5 jsonl ndjson geojson har tfstate webmanifest map",
        "terraform": "tf tfvars hcl",
        "shell": "sh bash zsh fish ksh rb toml",
        "yaml": "yaml yml",
        "sql": "sql psql ddl",
        "php": "php phtml",
        "markup": "html htm xhtml xml svg vue svelte astro jsp jspx aspx cshtml csproj config plist xaml resx xsd"
        " erb ejs hbs mustache twig",
        "markdown": "md mdx markdown",
        "prose": "rst adoc asciidoc",
        "notebook": "ipynb",
    }.items()
    for ending in endings.split()
}
_INTERPRETER = re.compile(rb"#![^\n]*\b(?:(python)|(?:ba|z|k|da|fi)?sh\b|ruby|(node|deno|bun))")
_ON_A_LINE = re.compile(rb"""(?<![\w\\])(?P<quote>["'])(?:(?!(?P=quote)(?!\w))[^\\\n]|\\.){0,2000}+(?P=quote)(?!\w)""")
_IN_CELL = re.compile(rb'[ \t]*"')  # how a line of a program begins in a notebook
_REACH = 1024  # bytes of a line on either side of a place that are looked at for quotes


def standing(document: Document, at: int) -> Standing:
    """Return what the place at an offset is; where the language is not known, what is not in quotes is a comment."""
    language = _language(document)
    if not language:
        return _STRING if _is_quoted(document, at) else _COMMENT
    starts, tokens = _tokens(document, language)
    number = bisect_right(starts, at) - 1
    kind = tokens[number][1] if number >= 0 and at < tokens[number][0] else _LANGUAGES[language][0]
    return _STRING if kind is _QUOTED and _is_quoted(document, at, language) else kind


def _language(document: Document) -> str:
    """Return the language of a document; of parts of a file, as in a patch, none: they may begin within a string."""
    if document.lines is not None and isinstance(document.provenance, StreamProvenance):
        return ""
    name = document.path.rpartition("/")[2].lower()
    stem, _, ending = name.rpartition(".")
    if stem and ending in _ENDINGS:
        return _ENDINGS[ending]
    if found := _INTERPRETER.match(document.data):
        return "python" if found[1] else "javascript" if found[2] else "shell"
    return ""


@lru_cache(maxsize=1)  # asked for by each finding of a document
def _tokens(document: Document, language: str) -> tuple[list[int], list[tuple[int, Standing]]]:
    """Return where the tokens of a text begin, and for each where it ends and what it is."""
    starts: list[int] = []
    tokens: list[tuple[int, Standing]] = []
    kinds = _LANGUAGES[language][1]
    for found in _pattern(language).finditer(document.data) if kinds else ():
        if found.lastgroup:
            starts.append(found.start())
            tokens.append((found.end(), kinds[int(found.lastgroup[1:])][0]))
    return starts, tokens


@cache
def _pattern(language: str) -> re.Pattern[bytes]:
    kinds = _LANGUAGES[language][1]
    tokens = [f"(?P<t{number}>{pattern})" for number, (_, pattern) in enumerate(kinds)]
    words = r"[\w \t.]+"  # most of a text: gone through in one step
    return re.compile("|".join([*tokens, words]).encode(), re.DOTALL | re.MULTILINE)


def _is_quoted(document: Document, at: int, language: str = "") -> bool:
    """Tell whether a place stands between quotes on its line."""
    start, end = document.line_span(document.line_at(at))
    if language == "notebook" and (opening := _IN_CELL.match(document.data, start, end)):
        start = opening.end()
    quotes = _ON_A_LINE.finditer(document.data, max(start, at - _REACH), min(end, at + _REACH))
    return any(found.start() < at < found.end() for found in quotes)
