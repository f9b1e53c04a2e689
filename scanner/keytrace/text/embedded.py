"""Programs in other texts: fenced code of Markdown, scripts of a web page, block scalars of YAML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from keytrace.text.language import extension, is_code

_FENCE = re.compile(rb"^[ \t>]*(?P<fence>`{3,}|~{3,})[ \t]*\{?\.?(?P<language>[\w+#-]+)[^\n]*\n", re.MULTILINE)
_SCRIPT = re.compile(rb"<script\b(?P<attributes>[^<>]{0,400})>", re.IGNORECASE)
_END_OF_SCRIPT = re.compile(rb"</script", re.IGNORECASE)
_NO_PROGRAM = re.compile(rb"(?i)\btype=[\"']?[\w/+.-]*(?:json|template|html)")
_BLOCK = re.compile(
    rb"^(?P<depth>[ \t]*)(?P<items>(?:-[ \t]+)*)(?:[\"']?(?P<key>[\w./-]{1,80})[\"']?[ \t]*:[ \t]+)?"
    rb"[|>][-+0-9]{0,2}[ \t]*\r?\n",
    re.MULTILINE,
)
_INDENT = re.compile(rb"[ \t]*(?=[^\s])")
_PROGRAM = re.compile(  # what a line of Python, JavaScript or Ruby begins with, and none of a shell's or of settings
    rb"^[ \t]*(?:from[ \t]+[\w.]+[ \t]+import\b|import[ \t]+[\w.{*]"
    rb"|(?:async[ \t]+)?def[ \t]+\w"
    rb"|(?:const|let|var)[ \t]+[\w{\[$][^=\n]{0,200}[ \t]=[ \t]|(?:async[ \t]+)?function[ \t]*\w*\(\w.{0,200}\{[ \t]*$"
    rb"|require[ \t(][\"'])",
    re.MULTILINE,
)
_OF_A_SHELL = re.compile(
    rb"<<-?[ \t]*[\"'\\]?[A-Za-z_]|\b(?:python[\d.]*|node|ruby)[ \t]+-|^[ \t]*#!.*sh\b", re.MULTILINE
)
_ENDINGS = {
    "python": ".py", "python3": ".py", "pycon": ".py", "javascript": ".js", "node": ".js", "typescript": ".ts",
    "ruby": ".rb", "rust": ".rs", "csharp": ".cs", "c#": ".cs", "c++": ".cpp", "kotlin": ".kt", "golang": ".go",
    "elixir": ".ex", "perl": ".pl", "powershell": ".ps1", "terraform": ".tf", "haskell": ".hs",
}  # fmt: skip
_MOST = 200_000  # bytes of a block of YAML that are looked at


def programs(data: bytes, path: str) -> list[tuple[int, int]]:
    """Return where programs begin and end in a text whose own literals need no quotes, in order."""
    find = _FINDERS.get(extension(path))
    return list(find(data)) if find else []


def _fenced(data: bytes) -> Iterator[tuple[int, int]]:
    end = 0
    while (found := _FENCE.search(data, end)) is not None:
        close = _closing(found["fence"]).search(data, found.end())
        end = close.start() if close else len(data)
        if _is_program(found["language"]):
            yield found.end(), end
        end = close.end() if close else len(data)


@lru_cache(maxsize=16)
def _closing(fence: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"^[ \t>]*" + fence + rb"[ \t]*\r?$", re.MULTILINE)


def _is_program(language: bytes) -> bool:
    name = language.decode("latin-1").lower()
    return is_code(f"a{_ENDINGS.get(name, f'.{name}')}")


def _scripts(data: bytes) -> Iterator[tuple[int, int]]:
    end = 0
    while (found := _SCRIPT.search(data, end)) is not None:
        close = _END_OF_SCRIPT.search(data, found.end())
        end = close.start() if close else len(data)
        if not _NO_PROGRAM.search(found["attributes"]):
            yield found.end(), end


def _blocks(data: bytes) -> Iterator[tuple[int, int]]:
    end = 0
    while (found := _BLOCK.search(data, end)) is not None:
        key = (found["key"] or b"").decode("latin-1")
        end = _end_of_block(data, found.end(), len(found["depth"]) + (len(found["items"]) if key else 0))
        last = min(end, found.end() + _MOST)
        if is_code(key) or (
            _PROGRAM.search(data, found.end(), last) and not _OF_A_SHELL.search(data, found.end(), last)
        ):
            yield found.end(), end


def _end_of_block(data: bytes, start: int, depth: int) -> int:
    """Return where the lines end that are indented further than `depth`."""
    while start < len(data):
        line = data.find(b"\n", start) + 1 or len(data)
        indent = _INDENT.match(data, start, line)
        if indent and indent.end() - start <= depth:
            break
        start = line
    return start


_FINDERS: dict[str, Callable[[bytes], Iterator[tuple[int, int]]]] = {
    **dict.fromkeys((".md", ".mdx", ".markdown"), _fenced),
    **dict.fromkeys((".html", ".htm", ".xhtml"), _scripts),
    **dict.fromkeys((".yml", ".yaml"), _blocks),
}
